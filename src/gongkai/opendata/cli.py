"""``gongkai data``: all open data of a site into a folder, again and again with one command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gongkai.opendata.fetching import Failed, File, catalogue, fetch, files_of, site_of

app = typer.Typer(no_args_is_help=True, add_completion=False, help="开放数据：整包下载、续传、核对摘要。")

FORMATS = ("csv", "json", "parquet")


@app.callback()
def data() -> None:
    """Keeps ``fetch`` a command of its own."""


@app.command(
    "fetch", help="把一个公开平台的全部开放数据取到文件夹里。中断后重新运行接着取；已有的、没有变化的不再取。"
)
def fetch_all(
    site: Annotated[
        str, typer.Argument(metavar="网址", help="公开平台的网址，例如 https://www.example.gov.cn")
    ],
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="存放的文件夹，没有则新建")],
    form: Annotated[str, typer.Option("--format", help="csv、json 或 parquet")] = "csv",
    only: Annotated[str, typer.Option("--only", help="只取这些数据集，用逗号隔开，例如 policies,cells")] = "",
) -> None:
    """Exit status 0: everything is there and right; 1: something could not be had; 2: asked wrongly."""
    if form not in FORMATS:
        typer.echo(f"没有 {form} 这种格式，可用：{'、'.join(FORMATS)}。", err=True)
        raise typer.Exit(2)
    try:
        root = site_of(site)
        found = catalogue(root, typer.echo)
        files = [file for file in files_of(found) if file.format == form]
        wanted = {name.strip() for name in only.split(",") if name.strip()}
        if unknown := wanted - {file.name.rpartition(".")[0] for file in files}:
            raise Failed(f"没有这些数据集：{'、'.join(sorted(unknown))}。")
        if not files:
            raise Failed(f"网站还没有 {form} 格式的整包文件。请换一种格式，或稍后再来。")
        folder.mkdir(parents=True, exist_ok=True)
        failed = _take(root, [f for f in files if not wanted or f.name.rpartition(".")[0] in wanted], folder)
        (folder / "catalog.jsonld").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    except Failed as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    except OSError as problem:
        typer.echo(f"写不进文件夹 {folder}：{problem.strerror}。", err=True)
        raise typer.Exit(1) from None
    licence = found.get("dct:license")
    said = licence.get("rdfs:label") if isinstance(licence, dict) else licence
    typer.echo(f"使用许可：{said or '见网站'}")
    if failed:
        typer.echo(f"{failed} 个文件没有取完，重新运行接着取。", err=True)
        raise typer.Exit(1)


def _take(site: str, files: list[File], folder: Path) -> int:
    failed = 0
    for file in files:
        try:
            new = fetch(site, file, folder, typer.echo)
        except Failed as problem:
            typer.echo(f"✗ {problem}", err=True)
            failed += 1
            continue
        size = f"{file.size / 1_048_576:.1f} MB"
        typer.echo(f"✓ {file.name}　{file.title}　{size}　{'摘要相符' if new else '没有变化'}")
    return failed
