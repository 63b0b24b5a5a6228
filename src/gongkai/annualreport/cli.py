"""``gongkai report check|show|compare|convert``: the report engine at the command line.

Exit status: 0 clean, 1 findings, 2 something could not be read (or the call was wrong).
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .findings import Severity
from .model import Report
from .output.results import Checked

app = typer.Typer(help="年度报告：读取、核验、比较、转换。", no_args_is_help=True, add_completion=False)
#: Wide enough for a table row where the output is a file or a pipe.
_out = Console(width=None if sys.stdout.isatty() else 120)
_err = Console(stderr=True)

CLEAN, FINDINGS, UNREADABLE = 0, 1, 2


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Target(StrEnum):
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    JSON = "json"
    CSV = "csv"


Paths = Annotated[
    list[Path], typer.Argument(help="报告文件或文件夹（HTML、DOCX、PDF、XLSX、OFD、TXT、MD、JSON、CSV）")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="写入文件，不写则输出到屏幕")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="同时使用的进程数，默认用全部处理器")]


def _write(data: bytes, output: Path | None, kind: str) -> None:
    """Write a result to the file asked for, or to standard output."""
    if output is None:
        if kind == "xlsx" and sys.stdout.isatty():
            _err.print("[red]XLSX 不能直接显示在屏幕上，请用 --output 指定文件名。[/red]")
            raise typer.Exit(UNREADABLE)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as problem:
        from .corpus import told

        _err.print(
            f"[red]不能写入 {output}：{told(problem)}。请换一个位置或检查权限。[/red]", highlight=False
        )
        raise typer.Exit(UNREADABLE) from None
    _err.print(f"已写入 {output}", highlight=False)


def _checked(paths: list[Path], jobs: int | None) -> list[Checked]:
    from .corpus import check_files, files_of

    files = files_of(paths)
    if not files:
        _err.print("[red]没有找到可以核验的文件。请检查路径，或文件夹里是否有报告文件。[/red]")
        raise typer.Exit(UNREADABLE)
    if len(files) < 4:
        return check_files(files, jobs=1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, transient=True) as bar:
        tasks: dict[str, object] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)  # type: ignore[arg-type]

        return check_files(files, jobs=jobs, progress=tell)


@app.command()
def check(
    paths: Paths,
    format: Annotated[Format, typer.Option("--format", "-f", help="结果的形式")] = Format.TEXT,
    output: Output = None,
    jobs: Jobs = None,
    fail_on: Annotated[Level, typer.Option("--fail-on", help="出现哪一级问题时退出状态为 1")] = Level.WARNING,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示错误和疑问，不显示提示")] = False,
) -> None:
    """核验报告：表内勾稽、文表一致、跨年衔接、文字质量。退出状态 0 无问题，1 有问题，2 有文件不能读取。"""
    results = _checked(paths, jobs)
    if format is Format.TEXT:
        from .terminal import print_results

        if output is None:
            print_results(_out, results, notes=not quiet)
        else:
            try:
                with output.open("w", encoding="utf-8") as stream:
                    print_results(Console(file=stream, width=110), results, notes=not quiet)
            except OSError as problem:
                from .corpus import told

                _err.print(
                    f"[red]不能写入 {output}：{told(problem)}。请换一个位置或检查权限。[/red]",
                    highlight=False,
                )
                raise typer.Exit(UNREADABLE) from None
    else:
        _write(_render(results, format), output, format.value)
    raise typer.Exit(_status(results, fail_on))


def _render(results: list[Checked], format: Format) -> bytes:
    from . import output as forms

    if format is Format.JSON:
        return forms.results_json(results)
    return forms.results_xlsx(results) if format is Format.XLSX else forms.results_html(results)


def _status(results: list[Checked], fail_on: Level) -> int:
    if any(result.report is None for result in results):
        return UNREADABLE
    limit = Severity(fail_on.value).rank
    return FINDINGS if any(f.severity.rank <= limit for r in results for f in r.findings) else CLEAN


def _read(path: Path) -> list[Report]:
    """The reports of one file; a file that cannot be read ends the command with its reason."""
    from .corpus import read_file

    results = read_file(path)
    for result in results:
        if result.report is None:
            _err.print(f"[red]{path}：{result.error}[/red]", highlight=False)
            raise typer.Exit(UNREADABLE)
    return [result.report for result in results if result.report is not None]


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="报告文件")],
    provenance: Annotated[bool, typer.Option("--provenance", help="逐格显示原文和出处")] = False,
) -> None:
    """显示读到的内容：单位、年度、三张表、各部分文字，以及没能读出的单元格。"""
    from .terminal import print_report

    for report in _read(path):
        print_report(_out, report, provenance=provenance)


@app.command()
def compare(
    paths: Annotated[list[Path], typer.Argument(help="两份以上的报告文件")],
    all_cells: Annotated[bool, typer.Option("--all", help="也显示没有变化的单元格")] = False,
    texts: Annotated[bool, typer.Option("--texts", help="显示各部分文字的变化")] = False,
) -> None:
    """并列比较：同一单位的几个年度，或同一年度的几个单位。"""
    from .compare import compare as run
    from .terminal import print_comparison

    reports = [report for path in paths for report in _read(path)]
    if len(reports) < 2:
        _err.print("[red]至少要有两份报告才能比较。[/red]")
        raise typer.Exit(UNREADABLE)
    print_comparison(_out, run(reports, texts=texts), all_cells=all_cells)


@app.command()
def convert(
    path: Annotated[Path, typer.Argument(help="报告文件")],
    to: Annotated[Target | None, typer.Option("--to", "-t", help="目标形式；不写则看输出文件的后缀")] = None,
    output: Output = None,
) -> None:
    """转换为官方格式的 HTML、DOCX、PDF、XLSX，或 JSON、CSV 数据。没能读出的单元格不会补成 0。"""
    from .writers import write

    suffix = output.suffix.lstrip(".").lower() if output else ""
    if to is None:
        if suffix not in set(Target):
            _err.print("[red]请用 --to 说明要转换成哪种形式：html docx pdf xlsx json csv。[/red]")
            raise typer.Exit(UNREADABLE)
        to = Target(suffix)
    reports = _read(path)
    if len(reports) > 1:
        _err.print(f"[yellow]文件里有 {len(reports)} 份报告，只转换第一份：{reports[0].name}。[/yellow]")
    _write(write(reports[0], to.value), output or path.with_suffix(f".{to.value}"), to.value)


@app.command()
def rules() -> None:
    """列出全部核验规则。"""
    from .terminal import print_rules

    print_rules(_out)
