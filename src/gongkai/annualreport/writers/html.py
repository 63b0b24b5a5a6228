"""A report as HTML: a standalone page, and the official tables as a fragment with findings in place.

The page needs nothing from elsewhere (no script, no font, no image), prints on A4 and reads aloud cell by cell: every value
names its headings by ``headers``. Everything that comes from a report is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from gongkai.annualreport.findings import Finding, Severity
from gongkai.annualreport.model import Report
from gongkai.annualreport.values import Kind, Value

from .html_style import PAGE_CSS, TABLE_CSS
from .layout import PrintCell, PrintTable, layouts
from .plan import Part, parts, printable, title_of, value_of, value_text

_MARKS = {Severity.ERROR: "误", Severity.WARNING: "疑", Severity.NOTE: "注"}
_SPOKEN = {Kind.BLANK: "空白", Kind.ABSENT: "未找到"}


def write(report: Report) -> bytes:
    """The complete report as a standalone page, UTF-8."""
    return page(report).encode("utf-8")


def page(report: Report) -> str:
    """The complete report as the text of a standalone HTML page."""
    title = escape(title_of(report))
    meta = "".join(
        f'<meta name="{name}" content="{escape(content)}">\n'
        for name, content in (
            ("author", printable(report.organ or "")),
            ("gongkai:year", str(report.year or "")),
            ("gongkai:edition", report.edition.id),
        )
        if content
    )
    body = "\n".join(_part(part, report, i) for i, part in enumerate(parts(report)))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n{meta}<style>\n{PAGE_CSS}{TABLE_CSS}</style>\n</head>\n"
        f'<body>\n<main class="gk-report">\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n'
    )


def tables_html(
    report: Report,
    findings: Iterable[Finding] = (),
    *,
    prefix: str = "",
    finding_href: str = "#finding-",
) -> str:
    """The three official tables as a fragment, findings marked in their cells.

    Each value cell carries ``data-cell="<key>"``, the id ``<prefix>cell-<key with - for .>`` and, where findings concern it,
    the class of the gravest (``gk-error``, ``gk-warning``, ``gk-note``), a mark linking to ``<finding_href><identity>``
    and the findings' sentences as visually hidden text. Where a finding tells which cells to mend, only these are marked so;
    the other cells of the same sum get ``gk-related``. Values stand as printed in the source. ``prefix`` keeps ids apart
    where several reports share a page. The fragment is styled by :data:`TABLE_CSS`.
    """
    by_cell = _by_cell(report, findings)
    return "\n".join(
        _table(report, table, prefix, by_cell, finding_href, annotate=True)
        for table in layouts(report.edition)
    )


def cell_id(key: str, prefix: str = "") -> str:
    """The HTML id of a value cell."""
    return f"{prefix}cell-{key.replace('.', '-')}"


@dataclass(slots=True)
class _Marks:
    """What is to be shown in a cell: findings that suspect it, and whether it merely takes part in one."""

    findings: list[Finding] = field(default_factory=list)
    related: bool = False


def _by_cell(report: Report, findings: Iterable[Finding]) -> dict[str, _Marks]:
    """Marks by cell. Where a finding says which cells to mend, only these are marked; the rest of its sum is tinted."""
    items = list(findings)
    mended = {item.identity: {mend.key for group in item.mends for mend in group} for item in items}
    out: dict[str, _Marks] = {}
    for item in items:
        suspects = mended[item.identity] or mended.get(item.cause, set())
        for ref in item.cells:
            # A finding over several years names cells of other reports too; those are not on this page.
            if ref.year is not None and report.year is not None and ref.year != report.year:
                continue
            marks = out.setdefault(ref.key, _Marks())
            if suspects and ref.key not in suspects:
                marks.related = True
            elif item not in marks.findings:
                marks.findings.append(item)
    for marks in out.values():
        marks.findings.sort(key=lambda finding: finding.severity.rank)
    return out


_NO_MARKS = _Marks()


def _part(part: Part, report: Report, index: int) -> str:
    paragraphs = "".join(f"<p>{escape(text)}</p>\n" for text in part.paragraphs)
    table = (
        _table(report, part.table, "", {}, "", annotate=False, labelled=f"s{index}") + "\n"
        if part.table
        else ""
    )
    if not part.heading:
        return f"{paragraphs}{table}"
    return f'<section aria-labelledby="s{index}">\n<h2 id="s{index}">{escape(part.heading)}</h2>\n{paragraphs}{table}</section>'


def _table(
    report: Report,
    table: PrintTable,
    prefix: str,
    by_cell: dict[str, _Marks],
    href: str,
    *,
    annotate: bool,
    labelled: str = "",
) -> str:
    rows = [
        "<tr>"
        + "".join(
            _value_cell(report, table, cell, prefix, by_cell.get(cell.key, _NO_MARKS), href, annotate)
            if cell.role == "value"
            else _heading_cell(table, cell, prefix)
            for cell in row
        )
        + "</tr>"
        for row in table.rows
    ]
    head = table.header_rows
    inner = ""
    if head:
        inner += "<thead>\n" + "\n".join(rows[:head]) + "\n</thead>\n"
    inner += "<tbody>\n" + "\n".join(rows[head:]) + "\n</tbody>"
    columns = "".join(f'<col class="gk-c{i}">' for i in range(1, table.columns + 1))
    # On a complete page the section's heading names the table; a fragment stands alone and has a caption.
    name = f' aria-labelledby="{labelled}"' if labelled else f' aria-label="{escape(table.caption)}"'
    caption = "" if labelled else f"<caption><span>{escape(table.caption)}</span></caption>\n"
    return (
        f'<div class="gk-scroll" role="region" tabindex="0"{name}>\n'
        f'<table class="gk-table gk-t{table.number}"{name if labelled else ""}>\n{caption}'
        f"<colgroup>{columns}</colgroup>\n{inner}\n</table>\n</div>"
    )


def _span(cell: PrintCell) -> str:
    out = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return out + (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "")


def _head_id(table: PrintTable, cell: PrintCell, prefix: str) -> str:
    return f"{prefix}t{table.number}h{cell.row}-{cell.column}"


def _heading_cell(table: PrintTable, cell: PrintCell, prefix: str) -> str:
    if cell.role == "note":
        return f'<td class="gk-identity"{_span(cell)}>{escape(cell.text)}</td>'
    scope = {"title": "colgroup", "column": "colgroup" if cell.colspan > 1 else "col"}.get(
        cell.role, "rowgroup" if cell.rowspan > 1 else "row"
    )
    kind = f"gk-{cell.role}" + (f" gk-at{cell.column}" if cell.role == "row" and cell.column else "")
    id = _head_id(table, cell, prefix)
    return f'<th id="{id}" class="{kind}" scope="{scope}"{_span(cell)}>{escape(cell.text)}</th>'


def _headings_of(table: PrintTable, cell: PrintCell) -> list[PrintCell]:
    """The headings a value stands under (from its block's title down) and beside (from the outside in)."""
    block = max((c.row for c in table.cells() if c.role == "title" and c.row < cell.row), default=0)
    above = [
        c
        for c in table.cells()
        if c.role in ("title", "column")
        and block <= c.row < cell.row
        and c.column < cell.column + cell.colspan
        and cell.column < c.column + c.colspan
    ]
    beside = [c for c in table.cells() if c.role == "row" and c.row <= cell.row < c.row + c.rowspan]
    return above + beside


def _value_cell(
    report: Report,
    table: PrintTable,
    cell: PrintCell,
    prefix: str,
    marks: _Marks,
    href: str,
    annotate: bool,
) -> str:
    value = value_of(report, cell.key)
    classes = ["gk-value"]
    if annotate and value.kind is not Kind.NUMBER:
        classes.append(f"gk-is-{value.kind.value}")
    if marks.findings:
        classes.append(f"gk-{marks.findings[0].severity.value}")
    elif marks.related:
        classes.append("gk-related")
    headers = " ".join(_head_id(table, c, prefix) for c in _headings_of(table, cell))
    text = escape(_as_printed(value)) if annotate else escape(value_text(value))
    if annotate and not text:
        text = f'<span class="gk-hidden">{_SPOKEN.get(value.kind, "")}</span>'
    return (
        f'<td id="{cell_id(cell.key, prefix)}" class="{" ".join(classes)}" data-cell="{cell.key}"'
        f' headers="{headers}"{_span(cell)}>{text}{_mark(marks.findings, href)}</td>'
    )


def _as_printed(value: Value) -> str:
    """What stood in the source, where that is known; for a number made from a ledger its digits."""
    raw = printable(" ".join(value.raw.split()))
    return raw if raw or value.kind is not Kind.NUMBER else value_text(value)


def _mark(findings: Sequence[Finding], href: str) -> str:
    if not findings:
        return ""
    said = "；".join(f"{f.severity.label}：{printable(f.message)}" for f in findings)
    return (
        f'<a class="gk-mark" href="{escape(href)}{findings[0].identity}">'
        f'<span aria-hidden="true">{_MARKS[findings[0].severity]}</span>'
        f'<span class="gk-hidden">{escape(said)}</span></a>'
    )
