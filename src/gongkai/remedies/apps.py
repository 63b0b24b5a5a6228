"""Django app configuration."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    name = "gongkai.remedies"
    label = "remedies"
    verbose_name = "复议诉讼"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from gongkai.remedies import policies
        from gongkai.remedies.triggers import install_triggers

        policies.register()
        import gongkai.remedies.retention
        import gongkai.remedies.services  # noqa: F401  (follows the cases that were opened again)

        post_migrate.connect(install_triggers, sender=self, dispatch_uid="remedies.triggers")
