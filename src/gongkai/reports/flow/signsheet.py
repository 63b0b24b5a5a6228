"""签发单: one sheet for the file — what was signed, its digest, who did what when, and what was said of the findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.reports import selectors
from gongkai.reports.flow.machine import ACTS
from gongkai.reports.flow.rollup import plain
from gongkai.reports.flow.standing import steps_of
from gongkai.reports.models import AnnualReport, RollupDifference

_SHEET = Path(__file__).with_name("signsheet.typ")
#: What a leader is told of a report: the year's applications.
KEY_CELLS = (
    ("t3.new.total", "本年新收申请"),
    ("t3.carried_in.total", "上年结转"),
    ("t3.total.total", "本年办结"),
    ("t3.carried_out.total", "结转下年度"),
)
_OTHER_ACTS = {"hand_in": "交来文件", "start": "编制"}


def act_label(name: str) -> str:
    """The act's name on screens and paper."""
    return ACTS[name].label if name in ACTS else _OTHER_ACTS.get(name, name)


def key_figures(row: AnnualReport) -> list[tuple[str, str]]:
    """(name, number) of the cells in ``KEY_CELLS``."""
    report = selectors.as_report(row)
    amounts = {key: report.amount(key) for key, _ in KEY_CELLS if key in report.edition.by_key}
    return [(name, plain(amounts.get(key))) for key, name in KEY_CELLS]  # type: ignore[arg-type]


def pdf(row: AnnualReport) -> bytes:
    """The sheet as PDF."""
    data: dict[str, Any] = {
        "fonts": families_by_face(),
        "organ": printable(row.organ.name),
        "title": printable(row.title),
        "facts": [
            ["报告", printable(row.title)],
            ["统计范围", row.get_scope_display()],
            ["版本", f"第 {row.version} 版"],
            ["状态", row.get_state_display()],
            ["全文摘要值", f"SHA-256 {row.digest}"],
            *([["更正说明", printable(row.correction)]] if row.correction else []),
        ],
        "figures": [list(pair) for pair in key_figures(row)],
        "steps": [
            [
                act_label(s.act), printable(s.by_name), f"{timezone.localtime(s.at):%Y-%m-%d %H:%M}",
                printable(s.note) or "—", s.digest[:16],
            ]
            for s in steps_of(row)
        ],
        "verdicts": [
            [printable(v.message), v.get_verdict_display(), printable(v.reason) or "—", printable(str(v.user or "系统"))]
            for v in selectors.verdicts_of(row).values()
        ],
        "differences": [
            [_label(row, d.key), plain(d.units), plain(d.value), printable(d.reason)]
            for d in RollupDifference.objects.filter(report=row)
        ],
    }  # fmt: skip
    return compile_pdf(_SHEET, data, name="sheet")


def _label(row: AnnualReport, key: str) -> str:
    cell = selectors.as_report(row).edition.by_key.get(key)
    return cell.label if cell else key


def filename(row: AnnualReport) -> str:
    """签发单 of the report."""
    clean = "".join(ch for ch in row.title if ch.isprintable() and ch not in '\\/:*?"<>|').strip()
    return f"{clean[:100] or row.organ.slug}签发单.pdf"
