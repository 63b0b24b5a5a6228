from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.portal"
    label = "portal"
    verbose_name = "公众网站"

    def ready(self) -> None:
        from gongkai.applications.public.finder import register_source
        from gongkai.portal.selectors import public_hits
        from gongkai.portal.visits import reporting

        register_source("portal", public_hits)
        reporting.register()
        _policies()


def _policies() -> None:
    from wagtail.permissions import register_permission_policy

    from gongkai.organs.scope import OrganScopedPermissionPolicy
    from gongkai.portal.models import PageFeedback

    # Answers come from readers only; nobody adds or removes one.
    register_permission_policy(
        PageFeedback,
        OrganScopedPermissionPolicy(PageFeedback, "channels", denied=("add", "delete")),
        exact_class=True,
    )
