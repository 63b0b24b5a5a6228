"""Addresses of the compiled report under 年度报告."""

from __future__ import annotations

from typing import Any

from django.urls import path

from gongkai.reports.desk.compiling.cell import CellView
from gongkai.reports.desk.compiling.start import StartView
from gongkai.reports.desk.compiling.worksheet import WorksheetView


def compiling_patterns(viewset: Any) -> list[Any]:
    """What the viewset of reports adds: beginning a draft, one number, the worksheet; all behind its scope check."""
    pk = f"<{viewset.pk_path_converter}:pk>"
    return [
        path("compile/", viewset.construct_view(StartView), name="compile"),
        path(f"cell/{pk}/<str:key>/", viewset.construct_view(CellView), name="cell"),
        path(f"worksheet/{pk}/", viewset.construct_view(WorksheetView), name="worksheet"),
    ]
