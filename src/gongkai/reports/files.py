"""A published report in every format, made once per text and kept in the cache."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

import gongkai
from gongkai.annualreport.writers import FORMATS, write
from gongkai.reports.models import AnnualReport
from gongkai.reports.selectors import as_report

KEEP_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Download:
    format: str
    name: str
    about: str


DOWNLOADS: tuple[Download, ...] = (
    Download("pdf", "PDF", "打印"),
    Download("docx", "DOCX", "编辑"),
    Download("xlsx", "XLSX", "表格"),
    Download("csv", "CSV", "逐格长表"),
    Download("json", "JSON", "程序使用"),
    Download("html", "HTML", "单个网页"),
)


def etag(row: AnnualReport, format: str) -> str:
    return f'"{row.digest[:32]}-{format}-{gongkai.__version__}"'


def content(row: AnnualReport, format: str) -> bytes:
    """The report in ``format``. Raises ValueError for a format there is not."""
    key = f"report-file:{row.digest}:{format}:{gongkai.__version__}"
    kept = cache.get(key)
    if kept is None:
        kept = write(as_report(row), format)
        cache.set(key, kept, KEEP_SECONDS)
    return bytes(kept)


def filename(row: AnnualReport, format: str) -> str:
    """利通区人民政府2025年政府信息公开工作年度报告.pdf"""
    clean = "".join(ch for ch in row.title if ch.isprintable() and ch not in '\\/:*?"<>|').strip()
    version = f"（第{row.version}版）" if row.version > 1 else ""
    return (clean or f"{row.organ.slug}-{row.year}")[:120] + version + FORMATS[format][1]
