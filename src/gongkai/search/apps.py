"""Django app configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "gongkai.search"
    label = "search"
    verbose_name = "搜索"

    def ready(self) -> None:
        from gongkai.search import organs, policies

        policies.register()
        organs.setup()
