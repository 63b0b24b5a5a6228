"""What a child does: read and check files, or write a report in another format. Pure; called in the sandbox only."""

from __future__ import annotations

import json
from typing import Any

from gongkai.annualreport.checks import check as run_checks
from gongkai.annualreport.findings import Context
from gongkai.annualreport.model import Report, from_numbers
from gongkai.annualreport.organs import same_organ
from gongkai.annualreport.readers import Limits, Unreadable, read
from gongkai.annualreport.writers import write
from gongkai.reports.codec import finding_data, report_from_text, report_text

from .protocol import Job

#: Tighter than the engine's own limits: this is a stranger's file on a public page.
LIMITS = Limits(max_bytes=20 * 1024 * 1024, max_unpacked=128 * 1024 * 1024, max_pages=300, max_reports=20)


class Refused(Exception):
    """A file that is refused, with the reader's code and sentence."""

    def __init__(self, code: str, message: str = "") -> None:
        error = Unreadable(code, message)
        self.code, self.message = error.code, error.message
        super().__init__(error.message)

    def encode(self) -> bytes:
        return json.dumps({"code": self.code, "message": self.message}).encode("ascii")


def perform(job: Job) -> bytes:
    """Do a job. Raises Refused when the file cannot be read."""
    try:
        if job.task == "check":
            return json.dumps(check(job.options["names"], job.blobs)).encode("ascii")
        if job.task == "render":
            return write(report_from_text(job.blobs[0].decode("utf-8")), job.options["format"])
    except Unreadable as error:
        raise Refused(error.code, error.message) from error
    raise ValueError(job.task)


def check(names: list[str], blobs: tuple[bytes, ...]) -> dict[str, Any]:
    """``{"items": [{"report": canonical JSON, "findings": [...]}], "notes": [...], "previous": name or None}``.

    The newest report of the first file comes first. Reports of the second file serve as years before; where the two
    files were given in the wrong order they change places.
    """
    reports = read(blobs[0], names[0], limits=LIMITS)
    others = _read_second(names, blobs)
    notes: list[str] = []
    if others and _swapped(reports, others):
        reports, others = others, reports
        notes.append("两份文件的年度顺序相反，已按年度对调。")
    items, used = [], None
    for report in reports:
        before = _year_before(report, [*others, *reports])
        used = used or (before.name if before is not None else None)
        findings = run_checks(report, Context(previous=before) if before is not None else None)
        items.append({"report": report_text(report), "findings": [finding_data(f) for f in findings]})
    if others and used is None:
        notes.append(_why_not(reports[0], others[0]))
    return {"items": items, "notes": notes, "previous": used}


def _read_second(names: list[str], blobs: tuple[bytes, ...]) -> list[Report]:
    if len(blobs) < 2:
        return []
    try:
        return read(blobs[1], names[1], limits=LIMITS)
    except Unreadable as error:
        raise Refused(error.code, f"上一年度的文件：{error.message}") from error


def _swapped(reports: list[Report], others: list[Report]) -> bool:
    first, second = reports[0].year, others[0].year
    return (
        len(reports) == len(others) == 1 and first is not None and second is not None and first == second - 1
    )


def _year_before(report: Report, candidates: list[Report]) -> Report | None:
    """The same organ's report of the year before, where both say so."""
    for other in candidates:
        if other is report or report.year is None or other.year != report.year - 1:
            continue
        if not report.organ or not other.organ or same_organ(report.organ, other.organ):
            return other
    return None


def _why_not(report: Report, other: Report) -> str:
    if report.year is None or other.year is None:
        return "有一份报告没有写明年度，跨年衔接没有核验。"
    if other.year != report.year - 1:
        return f"第二份文件是 {other.year} 年的报告，不是 {report.year - 1} 年的，跨年衔接没有核验。"
    return f"两份报告的机关不同（{report.organ}、{other.organ}），跨年衔接没有核验。"


def rehearse() -> None:
    """Run every part once before the first fork, so that caches and lazy imports are shared by the children."""
    report = from_numbers({}, organ="演示机关", year=2025)
    check(["a.json"], (report_text(report).encode("utf-8"),))
    check(["a.html"], (write(report, "html"),))
