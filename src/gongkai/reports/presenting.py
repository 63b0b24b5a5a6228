"""A report as the screen shows it: sections with their tables, findings in place and numbered. No database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gongkai.annualreport.findings import Finding, Mend, Severity, Span
from gongkai.annualreport.model import Report, Section, format_number
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.annualreport.values import Kind
from gongkai.annualreport.writers import tables_html
from gongkai.annualreport.writers.html import cell_id
from gongkai.annualreport.writers.html_style import TABLE_CSS

#: The engine's style of the official tables, served as a file of its own under its digest.
TABLES_CSS = TABLE_CSS
TABLES_CSS_DIGEST = hashlib.sha256(TABLE_CSS.encode()).hexdigest()[:12]

_MARK = re.compile(
    r'(<a class="gk-mark" href="#[\w-]*?finding-(?P<id>[0-9a-f]{16})"><span aria-hidden="true">.)(?=</span>)'
)
#: A value cell of the engine up to its number, which is escaped text.
_VALUE = re.compile(r'(?P<start><td [^>]*data-cell="(?P<key>[^"]+)"[^>]*>)(?P<text>[^<]+)')
_NUMERALS = "一二三四五六"
_TABLE_SECTIONS = (2, 3, 4)


@dataclass(slots=True)
class ShownFinding:
    """A finding with its number on the page; ``below`` are those that follow from it."""

    number: int
    finding: Finding
    anchor: str
    cells: list[tuple[str, str, str]] = field(default_factory=list)  # (label, as printed, link)
    mends: list[str] = field(default_factory=list)
    below: list[ShownFinding] = field(default_factory=list)

    @property
    def severity(self) -> str:
        return self.finding.severity.value

    @property
    def label(self) -> str:
        return self.finding.severity.label


@dataclass(frozen=True, slots=True)
class ShownSection:
    heading: str
    anchor: str
    text: SafeString
    table: SafeString
    missing: bool = False


@dataclass(slots=True)
class ShownReport:
    title: str
    sections: list[ShownSection]
    findings: list[ShownFinding]  # root causes only, consequences below them
    counts: dict[str, int]
    prefix: str = ""

    @property
    def clean(self) -> bool:
        return not self.findings


def show(
    report: Report,
    findings: Sequence[Finding] = (),
    *,
    prefix: str = "",
    links: Mapping[str, str] | None = None,
    adjusted: Collection[str] = (),
) -> ShownReport:
    """Lay out ``report`` with ``findings`` in place. ``prefix`` keeps ids apart where several share a page.

    ``links``: cell key → address behind its number; ``adjusted``: cells marked as changed by a person.
    """
    numbers = {finding.identity: i for i, finding in reversed(list(enumerate(findings, 1)))}
    tables = _tables(report, findings, numbers, prefix, links or {}, adjusted)
    return ShownReport(
        title=report.title or report.name,
        sections=_sections(report, findings, numbers, tables, prefix),
        findings=_tree(report, findings, numbers, prefix),
        counts={severity.value: sum(f.severity is severity for f in findings) for severity in Severity},
        prefix=prefix,
    )


def _tables(
    report: Report,
    findings: Sequence[Finding],
    numbers: dict[str, int],
    prefix: str,
    links: Mapping[str, str],
    adjusted: Collection[str],
) -> dict[int, SafeString]:
    """Table number → its fragment, each mark carrying the finding's number.

    Only root causes get a mark; cells that merely stand in a relation broken by them are tinted, so that one wrong
    number does not paint its whole row and column red.
    """
    known = {finding.identity for finding in findings}
    roots = [finding for finding in findings if finding.cause not in known]
    fragment = tables_html(report, roots, prefix=prefix, finding_href=f"#{prefix}finding-")
    fragment = _MARK.sub(lambda m: f"{m[1]}{numbers.get(m['id'], '')}", fragment)
    for key in _cells_of(report, findings) - _cells_of(report, roots):
        start = f'id="{cell_id(key, prefix)}" class="gk-value'
        fragment = fragment.replace(start, f"{start} gk-follows", 1)
    if links:
        fragment = _VALUE.sub(lambda m: _linked(m, links, adjusted), fragment)
    pieces = [piece for piece in re.split(r'(?=<div class="gk-scroll")', fragment) if piece.strip()]
    # The engine escapes everything that comes from a report.
    return {n: mark_safe(piece) for n, piece in zip(_TABLE_SECTIONS, pieces, strict=True)}  # noqa: S308


def _linked(found: re.Match[str], links: Mapping[str, str], adjusted: Collection[str]) -> str:
    key = found["key"]
    mark = '<span class="wb-adjusted" title="人工调整">调</span>' if key in adjusted else ""
    if key not in links:
        return found[0]
    return f'{found["start"]}<a class="wb-cell" href="{escape(links[key])}">{found["text"]}</a>{mark}'


def _cells_of(report: Report, findings: Iterable[Finding]) -> set[str]:
    """Cells of this report that the findings name."""
    return {
        ref.key
        for finding in findings
        for ref in finding.cells
        if ref.year in (None, report.year) and ref.key in report.edition.by_key
    }


def _sections(
    report: Report,
    findings: Sequence[Finding],
    numbers: dict[str, int],
    tables: dict[int, SafeString],
    prefix: str,
) -> list[ShownSection]:
    """Printed order; a table whose section is missing still has its place, and says so."""
    sections = list(report.sections)
    for number in _TABLE_SECTIONS:
        if not any(s.number == number for s in sections):
            at = next((i for i, s in enumerate(sections) if s.number > number), len(sections))
            sections.insert(at, Section(number, ""))
    seen: set[int] = set()
    out = []
    for index, section in enumerate(sections):
        first = section.number not in seen
        seen.add(section.number)
        official = (
            f"{_NUMERALS[section.number - 1]}、{SECTION_TITLES[section.number - 1]}"
            if 1 <= section.number <= 6
            else ""
        )
        spans = [(f, s) for f in findings for s in f.spans if first and s.section == section.number]
        out.append(
            ShownSection(
                heading=section.heading or official,
                anchor=f"{prefix}section-{index}",
                text=narrative_html(section.text, spans, numbers, prefix),
                table=tables.get(section.number, SafeString("")) if first else SafeString(""),
                missing=not section.heading
                and section.number in _TABLE_SECTIONS
                and section not in report.sections,
            )
        )
    return out


def narrative_html(
    text: str, spans: Iterable[tuple[Finding, Span]], numbers: dict[str, int], prefix: str = ""
) -> SafeString:
    """The paragraphs of ``text``, the words of findings marked and linked. Overlapping words share their marks."""
    placed = [(f, s) for f, s in spans if 0 <= s.start < s.end <= len(text)]
    out, offset = [], 0
    for line in text.split("\n"):
        end = offset + len(line)
        if line.strip():
            out.append(f"<p>{_line(text, offset, end, placed, numbers, prefix)}</p>")
        offset = end + 1
    return mark_safe("\n".join(out))  # noqa: S308 - built of escaped pieces


def _line(
    text: str, start: int, end: int, placed: list[tuple[Finding, Span]], numbers: dict[str, int], prefix: str
) -> str:
    here = [(f, s) for f, s in placed if s.start < end and s.end > start]
    if not here:
        return escape(text[start:end])
    cuts = {start, end} | {max(start, s.start) for _, s in here} | {min(end, s.end) for _, s in here}
    out = []
    for a, b in pairwise(sorted(cuts)):
        over = sorted((f for f, s in here if s.start <= a and s.end >= b), key=lambda f: f.severity.rank)
        ends = [f for f, s in here if min(end, s.end) == b and f in over]
        piece = escape(text[a:b])
        if over:
            piece = format_html('<mark class="gk-{}">{}</mark>', over[0].severity.value, piece)
        out.append(piece + "".join(_mark(f, numbers, prefix) for f in _once(ends)))
    return "".join(out)


def _once(findings: list[Finding]) -> list[Finding]:
    return list({f.identity: f for f in findings}.values())


def _mark(finding: Finding, numbers: dict[str, int], prefix: str) -> str:
    word = {Severity.ERROR: "误", Severity.WARNING: "疑", Severity.NOTE: "注"}[finding.severity]
    return format_html(
        '<a class="gk-mark gk-mark-{}" href="#{}finding-{}"><span aria-hidden="true">{}{}</span>'
        '<span class="gk-hidden">{}：{}</span></a>',
        finding.severity.value,
        prefix,
        finding.identity,
        word,
        numbers.get(finding.identity, ""),
        finding.severity.label,
        finding.message,
    )


def _tree(
    report: Report, findings: Sequence[Finding], numbers: dict[str, int], prefix: str
) -> list[ShownFinding]:
    shown: dict[str, ShownFinding] = {}
    for finding in findings:
        shown.setdefault(finding.identity, _shown(report, finding, numbers[finding.identity], prefix))
    roots = []
    for item in shown.values():
        parent = shown.get(item.finding.cause) if item.finding.cause != item.finding.identity else None
        (parent.below if parent else roots).append(item)
    return roots


def _shown(report: Report, finding: Finding, number: int, prefix: str) -> ShownFinding:
    cells = []
    for ref in finding.cells:
        elsewhere = ref.year is not None and report.year is not None and ref.year != report.year
        label = f"{ref.year} 年 {ref.label}" if elsewhere else ref.label
        link = "" if elsewhere or ref.key not in report.edition.by_key else f"#{cell_id(ref.key, prefix)}"
        cells.append((label, ref.raw.strip(), link))
    return ShownFinding(
        number=number,
        finding=finding,
        anchor=f"{prefix}finding-{finding.identity}",
        cells=cells,
        mends=["，".join(_mend(m) for m in group) for group in finding.mends[:5]],
    )


def _mend(mend: Mend) -> str:
    before = "" if mend.current is None else f"由 {format_number(mend.current)} "
    return f"{mend.label}{before}改为 {format_number(mend.value)}" + (
        f"（{mend.pattern}）" if mend.pattern else ""
    )


@dataclass(frozen=True, slots=True)
class ReadCell:
    """How one cell was read, for the import screen."""

    label: str
    raw: str
    value: str
    kind: str
    place: str
    notes: str
    doubtful: bool


KIND_WORDS = {
    Kind.NUMBER: "数值", Kind.BLANK: "空白", Kind.NOT_APPLICABLE: "不适用", Kind.TEXT: "文字",
    Kind.UNREADABLE: "无法辨认", Kind.ABSENT: "没有找到",
}  # fmt: skip
NOTE_WORDS = {
    "fullwidth": "全角数字", "separator": "有千分位", "unit": "带单位", "annotation": "带说明", "joined": "数字被拆开",
    "letter": "字母当数字", "chosen": "两种读法取其一",
}  # fmt: skip


def read_cells(report: Report) -> list[ReadCell]:
    """Every cell in printed order with its raw text, place and what had to be done to read it."""
    out = []
    for cell in report.edition.cells:
        value = report.value(cell.key)
        number = format_number(value.number) if value.number is not None else ""
        out.append(
            ReadCell(
                label=cell.label,
                raw=value.raw.strip(),
                value=number,
                kind=KIND_WORDS[value.kind],
                place=str(value.place or ""),
                notes="、".join(NOTE_WORDS.get(note.value, note.value) for note in value.notes),
                doubtful=value.kind in (Kind.TEXT, Kind.UNREADABLE, Kind.ABSENT) or bool(value.notes),
            )
        )
    return out


def unreadable(report: Report) -> list[str]:
    """What could not be read, in sentences: the reader's remarks, then cells without a value by their labels."""
    said = [str(remark.message) for remark in report.remarks]
    for kind, words in ((Kind.ABSENT, "没有找到"), (Kind.UNREADABLE, "无法辨认")):
        labels = [c.label for c in report.edition.cells if report.value(c.key).kind is kind]
        if labels:
            more = f"等 {len(labels)} 格" if len(labels) > 6 else ""
            said.append(f"{'、'.join(labels[:6])}{more}：{words}。")
    return said
