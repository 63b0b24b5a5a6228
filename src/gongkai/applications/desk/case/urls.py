"""Addresses of the case screen."""

from __future__ import annotations

from typing import Any

from django.urls import path

from gongkai.applications.desk.case import guided, hold, views


def patterns() -> list[Any]:
    """Under the desk's prefix, without a namespace."""
    return [
        path("applications/<int:pk>/", views.CaseView.as_view(), name="applications_case"),
        path("applications/<int:pk>/act/<slug:kind>/", views.ActView.as_view(), name="applications_act"),
        path(
            "applications/<int:pk>/questions/", guided.QuestionsView.as_view(), name="applications_questions"
        ),
        path("applications/<int:pk>/fee/", guided.FeeView.as_view(), name="applications_fee"),
        path(
            "applications/<int:pk>/extension/", guided.ExtensionView.as_view(), name="applications_extension"
        ),
        path("applications/<int:pk>/note/", views.NoteView.as_view(), name="applications_note"),
        path("applications/<int:pk>/hold/", hold.HoldView.as_view(), name="applications_hold"),
        path("applications/<int:pk>/correct/", views.PickView.as_view(), name="applications_correct"),
        path(
            "applications/<int:pk>/correct/<int:position>/",
            views.CorrectView.as_view(),
            name="applications_correct_record",
        ),
    ]
