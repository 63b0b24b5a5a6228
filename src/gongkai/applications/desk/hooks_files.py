"""Addresses of the desk for files, redaction and reveal; imported by ``wagtail_hooks``."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from gongkai.applications.desk.files import redact, reveal, views


@hooks.register("register_admin_urls")
def register_file_urls() -> list[Any]:
    return [
        path("case-files/<int:pk>/", views.FileView.as_view(), name="applications_file"),
        path("case-files/<int:pk>/remove/", views.RemoveView.as_view(), name="applications_file_remove"),
        path("case-files/<int:pk>/redact/", redact.RedactView.as_view(), name="applications_redact"),
        path(
            "case-files/<int:pk>/redact/<int:number>.png",
            redact.RedactPageView.as_view(),
            name="applications_redact_page",
        ),
        path("case-files/<int:pk>/release/", redact.ReleaseView.as_view(), name="applications_file_release"),
        path("applications/<int:pk>/reveal/", reveal.RevealView.as_view(), name="applications_reveal"),
        path("applications/<int:pk>/files/add/", views.AddView.as_view(), name="applications_file_add"),
    ]
