"""Django app configuration."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "gongkai.applications"
    label = "applications"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from gongkai.applications import policies
        from gongkai.applications.public import codes
        from gongkai.applications.triggers import install_triggers

        policies.register()
        codes.setup()
        import gongkai.applications.archive.retention
        import gongkai.applications.notices.following  # noqa: F401  (follows the events of cases)

        post_migrate.connect(install_triggers, sender=self, dispatch_uid="applications.triggers")
