"""Intake, ledger, statistics, suggestions and settings in the desk."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from gongkai.applications.desk import today  # noqa: F401  (registers the providers of 今天)
from gongkai.applications.desk.intake.views import (
    ConfirmView,
    IntakeView,
    OralRecordView,
    PreviewView,
    TakenView,
)
from gongkai.applications.desk.statistics import StatisticsView
from gongkai.applications.desk.viewsets import LedgerViewSet, OrganSettingsViewSet, SuggestionViewSet
from gongkai.organs.desk.menu import Item, allowed, register_item


@hooks.register("register_admin_viewset")
def ledger_viewsets() -> list[Any]:
    return [LedgerViewSet(), SuggestionViewSet(), OrganSettingsViewSet()]


@hooks.register("register_admin_urls")
def ledger_urls() -> list[Any]:
    return [
        path("applications/intake/", IntakeView.as_view(), name="applications_intake"),
        path("applications/intake/preview/", PreviewView.as_view(), name="applications_intake_preview"),
        path("applications/intake/<int:pk>/", TakenView.as_view(), name="applications_taken"),
        path(
            "applications/intake/<int:pk>/record/", OralRecordView.as_view(), name="applications_oral_record"
        ),
        path("applications/confirm/", ConfirmView.as_view(), name="applications_confirm"),
        path("applications/statistics/", StatisticsView.as_view(), name="applications_statistics"),
    ]


for _item in (
    Item("applications", "收件登记", "applications_intake", "plus", 10, allowed("applications", "add")),
    Item("applications", "待确认", "applications_confirm", "check", 20, allowed("applications", "change")),
    Item("applications", "台账", "applications-ledger:index", "list-ul", 30, allowed("applications")),
    Item("applications", "统计", "applications_statistics", "table", 60, allowed("applications")),
    Item(
        "applications", "应公开建议", "disclosure-suggestions:index", "openquote", 70, allowed("applications")
    ),
    Item(
        "applications",
        "办理口径设置",
        "application-settings:index",
        "cogs",
        90,
        allowed("applications", "assign"),
    ),
):
    register_item(_item)
