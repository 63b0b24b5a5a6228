"""A report written out: HTML, DOCX, PDF, XLSX, JSON, CSV.

All forms print the same official tables (:mod:`.layout`) and the same narrative (:mod:`.plan`), and each can be read back by
:mod:`gongkai.annualreport.readers` to the same report. The module of a format is imported when it is first used.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from gongkai.annualreport.findings import Finding
from gongkai.annualreport.model import Report

#: Format → media type and file extension.
FORMATS: dict[str, tuple[str, str]] = {
    "html": ("text/html; charset=utf-8", ".html"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "pdf": ("application/pdf", ".pdf"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "json": ("application/json", ".json"),
    "csv": ("text/csv; charset=utf-8", ".csv"),
}


def write(report: Report, format: str) -> bytes:
    """The complete report in ``format`` (a key of :data:`FORMATS`). Raises ValueError for another format."""
    if format not in FORMATS:
        raise ValueError(f"不支持的输出格式：{format}。可用格式：{'、'.join(FORMATS)}。")
    written = import_module(f".{format}", __name__).write(report)
    assert isinstance(written, bytes)
    return written


def tables_html(
    report: Report, findings: Iterable[Finding] = (), *, prefix: str = "", finding_href: str = "#finding-"
) -> str:
    """The official tables as an HTML fragment with findings in place; see :func:`.html.tables_html`."""
    from .html import tables_html as fragment

    return fragment(report, findings, prefix=prefix, finding_href=finding_href)


__all__ = ["FORMATS", "tables_html", "write"]
