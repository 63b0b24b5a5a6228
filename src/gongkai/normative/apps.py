"""Django app configuration."""

from django.apps import AppConfig


class NormativeConfig(AppConfig):
    name = "gongkai.normative"
    label = "normative"
    verbose_name = "政策文件"
