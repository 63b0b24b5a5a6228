"""Table columns of the desk."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.tables import Column, TitleColumn


class DayColumn(Column):
    """A date as 2026-11-30. ("Ten months ago" cannot be compared with a file.)"""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return value.strftime("%Y-%m-%d") if value else ""


class TimeColumn(Column):
    """A moment as 2026-11-30 09:05, Shanghai time."""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


class TreeTitleColumn(TitleColumn):
    """Indents a name by its depth in the tree."""

    def get_value(self, instance: Any) -> str:
        return "　" * (instance.depth - 1) + str(super().get_value(instance))
