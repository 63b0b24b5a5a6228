from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.portal"
    label = "portal"
    verbose_name = "公众网站"

    def ready(self) -> None:
        from gongkai.applications.public.finder import register_source
        from gongkai.portal.selectors import public_hits

        register_source("portal", public_hits)
