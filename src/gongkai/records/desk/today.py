"""What the archive puts on 今天: overdue loans, periods that end, opinions waiting for the second person. Three queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of
from gongkai.records.models import Appraisal, ArchiveFile, Loan
from gongkai.records.policies import MODULE
from gongkai.records.selectors import APPRAISE_AHEAD, due_for_appraisal

SHOWN: Final = 10
AHEAD: Final = 3  # calendar days before a loan is due


@register
def loans(user: Any, today: date) -> Iterable[Task]:
    """借阅逾期未还, and due within three days."""
    if not scope_of(user).allows(MODULE, ["change"]):
        return
    mine = scope_of(user).condition("archive_file__organ__", MODULE, ["change"])
    rows = (
        Loan.objects.filter(mine, returned_on=None, due_on__lte=today + timedelta(days=AHEAD))
        .select_related("archive_file__organ")
        .defer("archive_file__manifest", "archive_file__file_key")
        .order_by("due_on", "pk")
    )
    found = list(rows[: SHOWN + 1])
    for loan in found[:SHOWN]:
        late = loan.due_on < today
        file = loan.archive_file
        yield Task(
            Kind.OVERDUE if late else Kind.SOON,
            f"档案{'逾期未还' if late else '即将到期'}：{file.number}",
            reverse("records-loans:inspect", args=[loan.pk]),
            reason=f"{loan.borrower}借阅，应还 {loan.due_on}",
            organ=file.organ.label,
            due=loan.due_on,
        )
    if len(found) > SHOWN:
        yield Task(Kind.OVERDUE, "另有借出的档案到期未还", f"{reverse('records-loans:index')}?standing=late")


@register
def periods(user: Any, today: date) -> Iterable[Task]:
    """保管期满待鉴定, and ending within ninety days, as one line."""
    if not scope_of(user).allows(MODULE, ["change"]):
        return
    mine = scope_of(user).condition("organ__", MODULE, ["change"])
    files = due_for_appraisal(ArchiveFile.objects.filter(mine), today + timedelta(days=APPRAISE_AHEAD))
    ends = list(files.order_by("retention_until").values_list("retention_until", flat=True)[:1000])
    if not ends:
        return
    past = sum(end < today for end in ends)
    if past:
        yield Task(
            Kind.WORK, f"{past} 件档案保管期满，待鉴定", f"{reverse('records-files:index')}?custody=due",
            reason="提出续存或者销毁的意见，由另一人复核", due=ends[0], count=past,
        )  # fmt: skip
    if len(ends) > past:
        yield Task(
            Kind.WORK, f"{len(ends) - past} 件档案将在 90 天内保管期满", reverse("records-files:index"),
            reason="期满后提出鉴定意见", due=ends[past], count=len(ends) - past,
        )  # fmt: skip


@register
def opinions(user: Any, today: date) -> Iterable[Task]:
    """鉴定意见待复核, those of others."""
    if not scope_of(user).allows(MODULE, ["approve"]):
        return
    mine = scope_of(user).condition("archive_file__organ__", MODULE, ["approve"])
    rows = (
        Appraisal.objects.filter(mine, state=Appraisal.State.PROPOSED)
        .exclude(proposed_by=user.pk)
        .select_related("archive_file__organ", "proposed_by")
        .defer("archive_file__manifest", "archive_file__file_key")
        .order_by("pk")[:SHOWN]
    )
    for row in rows:
        yield Task(
            Kind.REVIEW,
            f"档案鉴定待复核：{row.archive_file.number}（{row.get_verdict_display()}）",
            reverse("records-appraisals:inspect", args=[row.pk]),
            reason=f"{row.proposed_by}提出：{row.reason[:60]}",
            organ=row.archive_file.organ.label,
        )
