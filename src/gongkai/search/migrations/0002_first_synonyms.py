"""The synonym groups that come with the platform. An office changes them; they are not put back."""

from pathlib import Path

import yaml
from django.db import migrations

DATA = Path(__file__).parent.parent / "data" / "synonyms.yaml"


def load(apps, schema_editor):
    group = apps.get_model("search", "SynonymGroup")
    words = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    group.objects.bulk_create(group(words=one, seeded=one[0][:40]) for one in words)


def unload(apps, schema_editor):
    apps.get_model("search", "SynonymGroup").objects.exclude(seeded="").delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
