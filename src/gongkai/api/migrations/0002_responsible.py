"""The person in whose name items go into review; the version that the system wrote."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0001_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='apikey',
            name='responsible',
            field=models.ForeignKey(blank=True, help_text='以谁的名义送审；扫描拦下、审核退回的稿件由他处理。不选的，报送的稿件存为草稿，由信息员送审。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送审人'),
        ),
        migrations.AddField(
            model_name='submission',
            name='version',
            field=models.CharField(default='', editable=False, max_length=64),
        ),
    ]
