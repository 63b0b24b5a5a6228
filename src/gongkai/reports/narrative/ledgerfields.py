"""Figures that no cell of the tables holds but a ledger does: documents, interpretations, themes, letters, fees.

Other apps add theirs with :func:`register_source`; a source is asked only where one of its fields stands in a text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongkai.applications import table3
from gongkai.applications.models import EventRecord
from gongkai.applications.themes import THEMES
from gongkai.law.case import Kind
from gongkai.normative.models import CatalogueIssue
from gongkai.normative.models.document import Category
from gongkai.normative.table2 import documents_of
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree as below
from gongkai.reports.narrative.fields import Field, ledger, register

#: (organ, year, with the organs below) → figures or words by field name; a constant number of queries.
Count_ = Callable[[Organ, int, bool], Mapping[str, Any]]


@dataclass(frozen=True)
class Source:
    """Where figures come from, and the desk address of the list behind them ("" where there is none)."""

    names: frozenset[str]
    count: Count_
    url_name: str = ""


_SOURCES: list[Source] = []


def register_source(
    group: str, items: Mapping[str, tuple[str, str]], count: Count_, url_name: str = ""
) -> None:
    """Add ledger figures. ``items``: name → (unit, what is counted). Raises ValueError for a name that is taken."""
    register(*(Field(name, group, what, ledger(name), unit) for name, (unit, what) in items.items()))
    _SOURCES.append(Source(frozenset(items), count, url_name))


def figures(organ: Organ, year: int, subtree: bool, names: Collection[str]) -> dict[str, Any]:
    """The ledger figures among ``names``; each source that is needed is asked once."""
    wanted = set(names)
    out: dict[str, Any] = {}
    for source in _SOURCES:
        if source.names & wanted:
            out.update(source.count(organ, year, subtree))
    return out


def source_url(name: str) -> str:
    """URL name of the desk list behind a ledger field, "" where none is known."""
    return next((source.url_name for source in _SOURCES if name in source.names), "")


# --- documents ----------------------------------------------------------------------------------------------------

DOCUMENTS = {
    "发文数": ("件", "本年印发并登记的文件（各类）。"),
    "公开文件数": ("件", "本年公布的文件（各类）。"),
    "政策解读数": ("件", "本年发布了解读的文件。"),
    "应解读文件数": ("件", "本年印发、需要解读的规章和规范性文件。"),
}


def _documents(organ: Organ, year: int, subtree: bool) -> Mapping[str, Any]:
    needed = Q(interpretation_required=True, category__in=(Category.RULES, Category.NORMATIVE))
    found = documents_of(organ, subtree).aggregate(
        issued=Count("pk", filter=Q(issued_on__year=year)),
        published=Count("pk", filter=Q(published_on__year=year)),
        interpreted=Count("pk", filter=Q(interpreted_on__year=year)),
        needed=Count("pk", filter=Q(issued_on__year=year) & needed),
    )
    return dict(
        zip(DOCUMENTS, (found[k] for k in ("issued", "published", "interpreted", "needed")), strict=True)
    )


register_source("文件与解读", DOCUMENTS, _documents)


def _organs(organ: Organ, subtree: bool) -> QuerySet[Organ]:
    if not subtree:
        return Organ.objects.filter(pk=organ.pk)
    return Organ.objects.filter(below(organ.path)).filter(Q(vertical=False) | Q(pk=organ.pk))


def _catalogues(organ: Organ, year: int, subtree: bool) -> Mapping[str, Any]:
    issues = CatalogueIssue.objects.filter(organ__in=_organs(organ, subtree).values("pk"), year=year)
    return {"文件目录期数": issues.filter(state=CatalogueIssue.State.PUBLISHED).count()}


register_source(
    "政府信息管理", {"文件目录期数": ("期", "本年公布的政府文件公开目录。")}, _catalogues
)  # fmt: skip

# --- applications by theme ----------------------------------------------------------------------------------------

THEME_FIELDS = {f"主题（{name}）": ("件", f"本年新收、主题为“{name}”的申请。") for name in THEMES}
LEADING = "申请主要主题"


def _themes(organ: Organ, year: int, subtree: bool) -> Mapping[str, Any]:
    rows = table3.cases_of(organ, subtree).filter(table3.new_in(year)).order_by().values_list("theme")
    counts = dict(rows.annotate(count=Count("pk")))
    out: dict[str, Any] = {f"主题（{name}）": counts.get(name, 0) for name in THEMES}
    ranked = sorted((n for n in THEMES if counts.get(n) and n != "其他"), key=lambda n: -counts[n])
    if ranked:
        out[LEADING] = "、".join(ranked[:3])
    return out


register_source(
    "申请主题", {**THEME_FIELDS, LEADING: ("", "本年新收申请中最多的三个主题，用顿号隔开。")}, _themes
)

# --- fees (R10) ---------------------------------------------------------------------------------------------------

FEES = {
    "收费通知件数": ("件", "本年发出收费通知的申请。"),
    "应收信息处理费": ("元", "本年收费通知的金额之和。"),
    "实收信息处理费": ("元", "本年实际缴纳的信息处理费。"),
    "信息处理费情况": ("", "按收费台账写成的一句话；没有收费的，写“本年度未收取信息处理费”。"),
}


def _fees(organ: Organ, year: int, subtree: bool) -> Mapping[str, Any]:
    """Notices and payments dated in the year; a case noticed twice counts once, with its last amount."""
    rows = EventRecord.objects.filter(
        application__in=table3.cases_of(organ, subtree),
        kind__in=(Kind.FEE_NOTICED.value, Kind.FEE_PAID.value),
        on__gte=date(year, 1, 1),
        on__lte=date(year, 12, 31),
    ).order_by("application_id", "position")
    noticed: dict[int, int] = {}
    paid: dict[int, int] = {}
    for record in rows.iterator(chunk_size=2000):
        target = noticed if record.kind == Kind.FEE_NOTICED.value else paid
        target[record.application_id] = record.event().amount_fen  # type: ignore[attr-defined]
    due, got = Decimal(sum(noticed.values())) / 100, Decimal(sum(paid.values())) / 100
    return {
        "收费通知件数": len(noticed), "应收信息处理费": due, "实收信息处理费": got,
        "信息处理费情况": fee_statement(len(noticed), due, got),
    }  # fmt: skip


def fee_statement(noticed: int, due: Decimal, paid: Decimal) -> str:
    """The statement of section six (02 §7; 国办函〔2020〕109号). Amounts in 元."""
    if not noticed and not paid:
        return "本年度未收取信息处理费"
    told = f"本年度发出收费通知{noticed}件，应收信息处理费{due.normalize():f}元"
    return f"{told}，实际收取信息处理费{paid.normalize():f}元" if paid else f"{told}，实际收取0元"


register_source("信息处理费", FEES, _fees)
