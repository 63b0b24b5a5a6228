"""``python -m benchmarks [part …]``: run the measurements and print this project, its peer, and the ratio."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from numbers import Number
from typing import Any

from rich.console import Console
from rich.table import Table

import benchmarks


def _text(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, Number) and not isinstance(value, bool):
        number = float(value)  # type: ignore[arg-type]
        return f"{number:,.0f}" if abs(number) >= 100 else f"{number:,.3g}"
    return str(value)


def _times_faster(line: Mapping[str, Any]) -> float | None:
    """How many times faster ours is than its peer, one direction for every part: rates divide the other way than times."""
    ours, peer = line.get("ours"), line.get("peer")
    if not ours or not peer or line.get("unit") == "比例":  # how good is not how fast
        return None
    rate = str(line.get("unit", "")).endswith("/秒")
    return float(ours) / float(peer) if rate else float(peer) / float(ours)


def main(wanted: list[str]) -> int:
    """Print the table; 1 when a part could not run."""
    console = Console(width=None if sys.stdout.isatty() else 170)
    table = Table(
        "项目",
        "本项目",
        "对照",
        "单位",
        "快几倍",
        "对照对象",
        "目标",
        title="make bench（同一次运行内比较；“快几倍”小于 1 即本项目较慢）",
    )
    failed = False
    for module in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda m: m.name):
        name = module.name
        if not name.startswith("bench_") or (wanted and not any(w in name for w in wanted)):
            continue
        console.print(f"[dim]{name} …[/dim]")
        try:
            lines = importlib.import_module(f"benchmarks.{name}").run()
        except Exception as problem:  # a part that lacks its peer must not hide the others
            console.print(f"[red]{name} 没有跑成：{problem!r}[/red]")
            failed = True
            continue
        for line in lines:
            table.add_row(
                str(line["name"]), _text(line.get("ours")), _text(line.get("peer")), str(line.get("unit", "")),
                _text(_times_faster(line)), str(line.get("against", "")), str(line.get("target", "")),
            )  # fmt: skip
    console.print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
