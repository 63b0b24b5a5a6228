"""Addresses of the text pages, all below one report, so that the scoped viewset's check stands before each."""

from __future__ import annotations

from typing import Any

from django.urls import path

from gongkai.reports.desk.narrative import pages, section


def patterns(viewset: Any) -> list[Any]:
    """To be added to the report viewset's own patterns."""
    conv, build = viewset.pk_path_converter, viewset.construct_view
    return [
        path(f"text/<{conv}:pk>/", build(section.SectionView), name="text"),
        path(f"text/<{conv}:pk>/problems/", build(pages.FollowUpView), name="text_problems"),
        path(f"text/<{conv}:pk>/likeness/", build(pages.LikenessView), name="text_likeness"),
        path(f"text/<{conv}:pk>/history/", build(pages.SectionHistoryView), name="text_history"),
    ]
