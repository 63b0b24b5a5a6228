"""What was typed into a letter, how it was served, and the internet channel every online answer must name."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.applications.fields


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0004_extension_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="data",
            field=gongkai.applications.fields.SealedText(blank=True, default="", verbose_name="填写内容"),
        ),
        migrations.AddField(
            model_name="letter",
            name="void_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="作废原因"),
        ),
        migrations.AddField(
            model_name="organsettings",
            name="online_reconsideration",
            field=models.CharField(
                blank=True,
                help_text="通过互联网送达的答复必须一并告知（行政复议法第二十二条第二款）。",
                max_length=200,
                verbose_name="行政复议的互联网申请渠道",
            ),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(choices=[("direct", "直接送达"), ("other_organ", "委托其他行政机关代为送达"), ("post", "邮政企业邮寄"), ("electronic", "电子送达"), ("public_notice", "公告送达")], max_length=16, verbose_name="送达方式")),
                ("on", models.DateField(verbose_name="送达日期")),
                ("carrier", models.CharField(blank=True, choices=[("china_post", "中国邮政"), ("courier", "其他快递")], max_length=16, verbose_name="承运")),
                ("tracking", models.CharField(blank=True, max_length=40, verbose_name="邮件号")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="送达地点")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="确认日")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("letter", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="applications.letter", verbose_name="文书")),
                ("proof", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="applications.casefile", verbose_name="送达凭证")),
                ("recorded_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="登记人")),
            ],
            options={
                "verbose_name": "送达记录",
                "verbose_name_plural": "送达记录",
                "ordering": ["letter", "pk"],
            },
        ),
    ]
