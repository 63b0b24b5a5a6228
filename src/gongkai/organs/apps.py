"""Django app configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrgansConfig(AppConfig):
    name = "gongkai.organs"
    label = "organs"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from gongkai.organs import policies
        from gongkai.organs.audit import install_triggers

        policies.register()

        post_migrate.connect(install_triggers, sender=self, dispatch_uid="organs.audit_triggers")
        user_logged_in.connect(_sync_at_login, dispatch_uid="organs.sync_groups")


def _sync_at_login(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """A duty that began or ended since the last log-in takes effect now."""
    from gongkai.organs.services.sync import sync_user_groups

    sync_user_groups(user)
