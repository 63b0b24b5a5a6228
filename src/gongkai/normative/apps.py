"""Django app configuration."""

from django.apps import AppConfig


class NormativeConfig(AppConfig):
    name = "gongkai.normative"
    label = "normative"
    verbose_name = "政策文件"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from gongkai.normative import policies, search_documents
        from gongkai.normative.triggers import install_triggers

        policies.register()
        search_documents.setup()
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="normative.triggers")
