"""The ``gongkai`` command. Its parts are loaded only when they are called, so that each starts at once."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import __version__, cli_words

_PARTS = {
    "report": ("gongkai.annualreport.cli", "年度报告：读取、核验、比较、转换"),
    "data": ("gongkai.opendata.cli", "开放数据：整包下载、续传、核对摘要"),
    "law": ("gongkai.law.cli", "条例的规则：工作日、期限、费用、依据"),
}


def build(wanted: str | None = None) -> typer.Typer:
    """The command with its parts; only ``wanted`` is imported when it names one, the others stay one line of help."""
    app = typer.Typer(
        help="公开 Gongkai：政府信息公开的规则与工具。", no_args_is_help=True, add_completion=False
    )

    @app.callback(invoke_without_command=True)
    def top(version: bool = typer.Option(False, "--version", help="显示版本")) -> None:
        if version:
            typer.echo(f"gongkai {__version__}")
            raise typer.Exit

    @app.command("export-site", help="把公众网站导出为静态文件，供 nginx 直接提供。")
    def export_site(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="导出目录；DIR/current 是当前版本")],
        since: str = typer.Option("", help="此时间以后变化的内容也重做，例如 2026-01-01T00:00"),
        full: bool = typer.Option(False, "--full", help="全部重做，不沿用上次的文件"),
    ) -> None:
        _manage(
            "export_site", str(folder), *(["--since", since] if since else []), *(["--full"] if full else [])
        )

    @app.command("import-visits", help="从 nginx 的访问日志计入访问量；同一行只计一次。")
    def import_visits(
        files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="日志文件，可以是 .gz")],
        everything: bool = typer.Option(False, "--all", help="全部计入：后面没有应用，或者应用不计数"),
    ) -> None:
        _manage("import_visits", *map(str, files), *(["--all"] if everything else []))

    for name, (module, line) in _PARTS.items():
        if wanted in _PARTS and name != wanted:
            continue
        app.add_typer(importlib.import_module(module).app, name=name, help=line)
    return app


def _manage(*arguments: str) -> None:
    """Run a management command of the platform. Says what is missing where only the core is installed."""
    if importlib.util.find_spec("django") is None:
        typer.echo("这个命令需要平台部分，请先安装：pip install 'gongkai[platform]'", err=True)
        raise typer.Exit(2)
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.base")
    execute_from_command_line(["gongkai", *arguments])


#: Exit status when the program itself failed, apart from 0 clean, 1 findings, 2 unreadable.
INTERNAL = 70


def main() -> None:
    """Entry point of the console script. A fault of our own ends in one Chinese sentence, not in a traceback.

    ``GONGKAI_DEBUG=1`` lets the traceback through.
    """
    wanted = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    try:
        status = cli_words.run(build(wanted))
    except BrokenPipeError:  # the reader of our output went away: `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:
        if os.environ.get("GONGKAI_DEBUG"):
            raise
        typer.echo(
            f"程序内部出错（{type(problem).__name__}：{problem}）。文件没有被改动。"
            "请设置 GONGKAI_DEBUG=1 重新运行，把完整信息连同文件提交给维护者。",
            err=True,
        )
        sys.exit(INTERNAL)
    sys.exit(status)
