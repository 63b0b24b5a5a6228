"""The public counts: by finished month and column, where the office publishes them (``VISITS_PUBLIC``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.cache import cache

from gongkai.normative.files import csv_bytes
from gongkai.organs.models import Organ
from gongkai.portal.visits import selectors

ABOUT: Final = (
    "公开网页每打开一次计一次，是浏览量，不是人数；自称程序的（搜索引擎等）不计，文件下载另计。只统计已结束的月份。"
    "统计中没有来访者的地址、身份和具体时间。"
)
COLUMNS: Final = {
    "month": "月份", "organ": "机关代号", "organ_name": "机关", "column": "栏目", "views": "浏览次数", "downloads": "下载次数",
}  # fmt: skip
#: So many months are public: the month before this one and those before it.
MONTHS: Final = 36
KEPT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Month:
    """A finished month of the whole site."""

    label: str
    views: int
    files: int


def months(today: date) -> list[Month]:
    """The finished months, the newest first. Kept for an hour."""
    return _kept("months", today, lambda: _months(today))


def _spans(today: date) -> Iterator[selectors.Span]:
    """The months that are public, the newest first, none before the first visit."""
    began = selectors.first_day()
    last = today.year * 12 + today.month - 2
    for number in range(last, last - MONTHS, -1):
        span = selectors.Span(number // 12, number % 12 + 1)
        if began is None or span.after <= began:
            return
        yield span


def _label(span: selectors.Span) -> str:
    return f"{span.first:%Y-%m}"


def _months(today: date) -> list[Month]:
    found = []
    for span in _spans(today):
        sums = selectors.totals(selectors.EVERYTHING, span)
        found.append(Month(_label(span), sums["total"], sums["files"]))
    return found


def lines(today: date) -> list[list[Any]]:
    """A line for each month and column, in the order of ``COLUMNS``, the newest month first. Three queries a month."""
    organs = {pk: [slug, name] for pk, slug, name in Organ.objects.values_list("pk", "slug", "name")}
    found = []
    for span in _spans(today):
        rows = list(selectors.by_column(selectors.EVERYTHING, span))
        for row, line in zip(rows, selectors.column_lines(rows), strict=True):
            found.append([_label(span), *organs[row[0]], line.label, line.views, line.files])
    return found


def as_csv(today: date) -> bytes:
    """With the mark that spreadsheets recognise UTF-8 by."""
    return _kept("csv", today, lambda: csv_bytes(list(COLUMNS.values()), lines(today)))


def as_json(today: date) -> bytes:
    """An object with the meaning of the columns and the rows."""

    def made() -> bytes:
        rows = [dict(zip(COLUMNS, line, strict=True)) for line in lines(today)]
        data = {"title": "访问量", "about": ABOUT, "columns": COLUMNS, "rows": rows}
        return json.dumps(data, ensure_ascii=False, indent=1).encode()

    return _kept("json", today, made)


#: Extension → media type and maker.
FORMATS: Final[dict[str, tuple[str, Callable[[date], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv), "json": ("application/json", as_json),
}  # fmt: skip


def _kept(name: str, today: date, make: Callable[[], Any]) -> Any:
    return cache.get_or_set(f"visits:{name}:{today:%Y-%m-%d}", make, KEPT_SECONDS)
