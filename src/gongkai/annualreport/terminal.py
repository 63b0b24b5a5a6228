"""Reports, findings and comparisons in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from .compare import Comparison
from .findings import Finding, Severity
from .model import Report, format_number
from .output.results import Checked, summary_dict
from .schema import Block, Row, Table
from .values import ABSENT, Kind, Value

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def print_results(console: Console, results: Sequence[Checked], *, notes: bool = True) -> None:
    """Every file with its findings, consequences indented under their cause, and one line of totals."""
    for result in results:
        if result.report is None:
            console.print(f"[bold]{escape(result.source)}[/bold]")
            console.print(f"  [red]不能读取[/red]  {escape(result.error)}\n")
            continue
        console.print(f"[bold]{escape(result.report.name)}[/bold]  [dim]{escape(result.source)}[/dim]")
        shown = [f for f in result.findings if notes or f.severity is not Severity.NOTE]
        known = {f.identity for f in shown}
        for finding in shown:
            _print_finding(console, finding, indent=4 if finding.cause in known else 2)
        if not shown:
            console.print("  [green]没有发现问题[/green]")
        console.print()
    total = summary_dict(results)
    line = (
        f"{total['reports']} 份报告：错误 {total[Severity.ERROR]}，疑问 {total[Severity.WARNING]}，"
        f"提示 {total[Severity.NOTE]}"
    )
    if total["unreadable"]:
        line += f"；不能读取 {total['unreadable']} 个文件"
    console.print(f"[bold]{line}[/bold]", highlight=False)


def _print_finding(console: Console, finding: Finding, indent: int) -> None:
    """The sentence beside its severity, and below it what it rests on, wrapped within the same column."""
    words: list[Text] = [Text(finding.message) + Text(f"  {finding.rule}", style="dim")]
    words += [Text(f"原文：“{_clip(span.text)}”", style="dim") for span in finding.spans[:3]]
    places = [
        f"{cell.label}：{cell.raw or '空白'}（{cell.place}）"
        for cell in finding.cells[:4]
        if cell.place is not None
    ]
    if places:
        words.append(Text("出处：" + "；".join(places), style="dim"))
    for group in finding.mends[:3]:
        change = "，".join(
            f"{m.label}改为 {m.value}" + (f"（{m.pattern}）" if m.pattern else "") for m in group
        )
        words.append(Text(f"可改：{change}", style="green"))
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(width=indent - 1)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("", Text(finding.severity.label, style=_COLOUR[finding.severity]), Text("\n").join(words))
    console.print(grid)


def _clip(text: str, length: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[:length] + "……"


def _printed(value: Value) -> str:
    if value.kind is Kind.NUMBER and value.number is not None:
        return format_number(value.number)
    return {
        Kind.BLANK: "[dim]空白[/dim]",
        Kind.NOT_APPLICABLE: f"[dim]{escape(value.raw.strip() or '/')}[/dim]",
        Kind.ABSENT: "[red]缺[/red]",
        Kind.TEXT: f"[red]文字：{escape(_clip(value.raw, 10))}[/red]",
        Kind.UNREADABLE: f"[red]读不出：{escape(_clip(value.raw, 10))}[/red]",
    }[value.kind]


def print_report(console: Console, report: Report, *, provenance: bool = False) -> None:
    """What was read: heading data, the three tables, the narrative's length, remarks, cells that are missing."""
    console.print(f"[bold]{escape(report.title or report.name)}[/bold]")
    console.print(
        f"单位：{escape(report.organ or '未读出')}  年度：{report.year or '未读出'}  "
        f"格式：{report.edition.id} 年版  口径：{_SCOPE[report.scope.value]}",
        highlight=False,
    )
    for table in report.edition.tables:
        for block in table.blocks:
            console.print(_grid(report, table, block))
    for section in report.sections:
        console.print(
            f"[bold]{escape(section.heading or '前言')}[/bold]  [dim]{len(section.text)} 字[/dim]",
            highlight=False,
        )
    for remark in report.remarks:
        console.print(f"[yellow]读取说明[/yellow] {escape(remark.message)}", highlight=False)
    missing = report.absent()
    if missing:
        console.print(f"[red]没有找到的单元格 {len(missing)} 个[/red]", highlight=False)
    if provenance:
        for cell in report.edition.cells:
            value = report.values.get(cell.key, ABSENT)
            console.print(
                f"{cell.key:38} {_printed(value):>12}  原文 {escape(repr(value.raw))}  {value.place or ''}",
                highlight=False,
            )


_SCOPE = {"own": "本机关", "region": "本地区汇总", "unknown": "未说明"}


def _grid(report: Report, table: Table, block: Block) -> Grid:
    title = table.title if table.number != 2 else f"{table.title} {block.heading}"
    grid = Grid(title=title if block is table.blocks[0] or table.number != 3 else None, title_justify="left")
    grid.add_column("")
    for column in block.columns:
        grid.add_column(column.label, justify="right")
    outer: tuple[str, ...] = ()
    for row in block.rows:
        for depth, label in enumerate(row.path[:-1]):
            if row.path[: depth + 1] != outer[: depth + 1]:
                grid.add_row("  " * depth + escape(label))
        outer = row.path
        keys = [f"t{table.number}.{row.key}.{column.key}" for column in block.columns]
        grid.add_row(escape(_row_label(row)), *(_printed(report.values.get(key, ABSENT)) for key in keys))
    return grid


def _row_label(row: Row) -> str:
    indent = "  " * max(0, len(row.path) - 1)
    return indent + _clip(row.label, 28)


def print_comparison(console: Console, comparison: Comparison, *, all_cells: bool = False) -> None:
    """Aligned cells with their changes, rates with numerator and denominator, likeness and text differences."""
    names = [
        str(r.year) if comparison.mode == "years" else (r.organ or r.source_name) for r in comparison.reports
    ]
    grid = Grid(
        "单元格", *(escape(name or "") for name in names), "变化", title="单元格比较", title_justify="left"
    )
    for series in comparison.series:
        if not (all_cells or series.changed):
            continue
        amounts = ["—" if a is None else format_number(a) for a in series.amounts]
        steps = "；".join(str(s) for s in series.steps) if comparison.mode == "years" else ""
        grid.add_row(series.cell.label, *amounts, steps + (f"（{series.remark}）" if series.remark else ""))
    console.print(grid)
    ratios = Grid("指标", *(escape(name or "") for name in names), "算法", title="指标", title_justify="left")
    for line in comparison.rates:
        cells = [f"{rate}  {_fraction(rate.numerator)}/{_fraction(rate.denominator)}" for rate in line]
        ratios.add_row(line[0].rule.label, *cells, line[0].rule.explanation)
    console.print(ratios)
    for first in range(len(comparison.reports) - 1):
        console.print(
            f"{names[first]} 与 {names[first + 1]}：全文相似度 {comparison.likeness[first][first + 1]:.0%}"
        )
    for part in comparison.sections:
        console.print(
            f"\n[bold]第 {part.section} 部分[/bold] {names[part.first]} → {names[part.first + 1]}，相似度 {part.likeness:.0%}"
        )
        for change in part.changes:
            if change.kind == "removed":
                console.print(Text(f"  - {change.before}", style="red"))
            elif change.kind == "added":
                console.print(Text(f"  + {change.after}", style="green"))
            elif change.kind == "changed":
                console.print(Text("  ~ ") + _pieces(change.pieces))


def _pieces(pieces: Sequence[tuple[str, str]]) -> Text:
    style = {"same": "", "added": "green underline", "removed": "red strike"}
    text = Text()
    for kind, words in pieces:
        text.append(words, style=style[kind])
    return text


def _fraction(number: object) -> str:
    return "—" if number is None else str(number)


def print_rules(console: Console) -> None:
    """The rule catalogue: id, severity, title, source."""
    from . import checks as _checks  # noqa: F401 - importing registers the rules
    from .findings import all_rules

    grid = Grid("编号", "级别", "名称", "依据", show_lines=False)
    for rule in all_rules():
        grid.add_row(
            rule.id, Text(rule.severity.label, style=_COLOUR[rule.severity]), rule.title, rule.source
        )
    console.print(grid)
