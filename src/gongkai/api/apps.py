"""Django app configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "gongkai.api"
    label = "api"
    verbose_name = "开放数据接口"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from gongkai.api.models import ApiKey
        from gongkai.organs.scope import OrganScopedPermissionPolicy

        # A key lets a system in as an account lets a person in; it is ended, never deleted.
        register_permission_policy(
            ApiKey, OrganScopedPermissionPolicy(ApiKey, "people", denied=("delete",)), exact_class=True
        )
