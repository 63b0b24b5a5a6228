"""Django app configuration."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "gongkai.records"
    label = "records"
    verbose_name = "归档"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from gongkai.records import policies
        from gongkai.records.triggers import install_triggers

        policies.register()
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="records.triggers")
