"""The app in the desk: addresses, menu, 今天, and its place on the case screen."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

import gongkai.remedies.desk.case_panel
import gongkai.remedies.desk.today  # noqa: F401  (registers the providers of 今天)
from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.remedies.desk import importing, views
from gongkai.remedies.desk.statistics import StatisticsView
from gongkai.remedies.desk.viewsets import LedgerViewSet, RemedySettingsViewSet


@hooks.register("register_admin_viewset")
def remedy_viewsets() -> list[Any]:
    return [LedgerViewSet(), RemedySettingsViewSet()]


@hooks.register("register_admin_urls")
def remedy_urls() -> list[Any]:
    one = "remedies/<int:pk>/"
    return [
        path("remedies/register/", views.RegisterView.as_view(), name="remedies_register"),
        path("remedies/statistics/", StatisticsView.as_view(), name="remedies_statistics"),
        path("remedies/import/", importing.ImportView.as_view(), name="remedies_import"),
        path("remedies/import/template/", importing.TemplateView.as_view(), name="remedies_import_template"),
        path(one, views.DetailView.as_view(), name="remedies_detail"),
        path(f"{one}step/<slug:step>/", views.StepView.as_view(), name="remedies_step"),
        path(f"{one}result/", views.ResultView.as_view(), name="remedies_result"),
        path(f"{one}reopen/", views.ReopenView.as_view(), name="remedies_reopen"),
        path(f"{one}correct/<int:position>/", views.CorrectView.as_view(), name="remedies_correct"),
        path(f"{one}evidence/", views.EvidenceView.as_view(), name="remedies_evidence"),
        path(f"{one}draft/<slug:form>/", views.DraftView.as_view(), name="remedies_draft"),
    ]


register_item(Item("applications", "复议诉讼", "remedies-ledger:index", "list-ul", 40, allowed("remedies")))
register_item(
    Item("applications", "表四归类设置", "remedy-settings:index", "cogs", 95, allowed("remedies", "assign"))
)
