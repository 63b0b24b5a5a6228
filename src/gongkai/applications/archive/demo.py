"""A small archive for the demonstration: closed cases filed with full packages, boxed, one lent and late, one transfer list."""

from __future__ import annotations

from datetime import timedelta

from gongkai.applications.archive.services import archive_case
from gongkai.applications.letters.services import draft_letter, submit_letter
from gongkai.applications.models import Application, EventRecord
from gongkai.demo.context import DemoContext
from gongkai.law.case import Kind
from gongkai.organs.scope import SYSTEM
from gongkai.records import services as records
from gongkai.records.models import ArchiveFile, Fonds, PaperBox

FILED = 6


def load(context: DemoContext) -> None:
    """File the organ's newest closed cases; the register form and the receipt of service are printed for each."""
    organ = context.organ("ltq")
    if ArchiveFile.objects.exists():
        return
    records.save_fonds(SYSTEM, Fonds(organ=organ, code="LT001", name="利通区人民政府"))
    clerk = context.user("ltq-clerk")
    done = EventRecord.objects.filter(kind=Kind.ARCHIVED).values("application")
    cases = Application.objects.filter(organ=organ, status="archived", pk__in=done, closed_on__isnull=False)
    files = []
    for case in cases.select_related("organ", "applicant").order_by("-closed_on", "-pk")[:FILED]:
        day = max(case.records.filter(kind=Kind.ARCHIVED).values_list("on", flat=True))
        submit_letter(clerk, draft_letter(clerk, case, "register_form", today=day), today=day)
        files.append(archive_case(clerk, case, today=context.today))
    if not files:
        return
    year = files[0].year
    boxed = [row for row in files if row.year == year]
    box = PaperBox(
        fonds=files[0].fonds,
        number=f"{year}-30-01",
        year=year,
        retention=files[0].retention,
        shelf="机关档案室 2 架 3 层",
    )
    records.put_in_box(clerk, boxed, records.save_box(clerk, box))
    records.lend(
        clerk,
        boxed[0],
        borrower="区司法局 周明（演示）",
        unit="利通区司法局",
        purpose="行政复议答辩举证",
        out_on=context.today - timedelta(days=24),
        due_on=context.today - timedelta(days=9),
        today=context.today,
    )
    if len(boxed) > 2:
        records.make_transfer_list(
            clerk,
            files[0].fonds,
            boxed[1:3],
            recipient="利通区档案馆",
            basis="年度移交计划（演示）",
            today=context.today,
        )
    context.log(f"归档 {len(files)} 件")
