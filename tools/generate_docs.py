"""Writes the pages of docs/ that are printed from the code; ``--check`` only tells whether they are current."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _rules() -> str:
    from gongkai.annualreport import ruledoc

    return ruledoc.render()


def _law() -> str:
    from gongkai.law import docs

    return docs.render(ROOT / "tests" / "law")


def _schema() -> str:
    from gongkai.annualreport.writers.json_schema import schema_text

    return schema_text()


PAGES: dict[str, Callable[[], str]] = {
    "docs/report-rules.md": _rules,
    "docs/law-articles.md": _law,
    "src/gongkai/annualreport/data/report.schema.json": _schema,
}


def main(arguments: list[str]) -> int:
    """0 when every page is current (or was written), 1 when ``--check`` found one that is not."""
    stale = []
    for name, render in PAGES.items():
        path = ROOT / name
        text = render()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}：{'不是最新，请运行 make docs' if '--check' in arguments else '已更新'}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
