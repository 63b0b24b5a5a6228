"""The document desk's lists, pages, menu items and tasks."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from gongkai.normative.desk import today  # noqa: F401  (registers the providers of 今天)
from gongkai.normative.desk.interpretation import InterpretationView
from gongkai.normative.desk.pages import ImportView, ReadView, RegisterView, attachment, import_template
from gongkai.normative.desk.register import DocumentViewSet
from gongkai.normative.desk.viewsets import CatalogueViewSet, CleanUpViewSet, SettingsViewSet
from gongkai.organs.desk.menu import Item, allowed, register_item


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [DocumentViewSet(), CleanUpViewSet(), CatalogueViewSet(), SettingsViewSet()]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("documents-read/", ReadView.as_view(), name="normative_read"),
        path("documents-existing/", RegisterView.as_view(), name="normative_register"),
        path("documents-interpretation/", InterpretationView.as_view(), name="normative_interpretation"),
        path("documents-import/", ImportView.as_view(), name="normative_import"),
        path("documents-import/template/", import_template, name="normative_import_template"),
        path("documents-files/<int:pk>/<int:file>/", attachment, name="normative_file"),
    ]


for _item in (
    Item("records", "文件登记簿", "documents:index", "doc-full", 10, allowed("normative")),
    Item(
        "records", "文件清理", "clean-ups:index", "clipboard-list", 20, allowed("normative", "add", "approve")
    ),
    Item(
        "records", "公开目录", "catalogue-issues:index", "list-ol", 30, allowed("normative", "add", "approve")
    ),
    Item("records", "政策文件设置", "normative-settings:index", "cogs", 90, allowed("normative", "assign")),
):
    register_item(_item)
