"""Where the paper lies and who has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.scope import require
from gongkai.records.models import ArchiveFile, Loan, PaperBox
from gongkai.records.policies import MODULE

register_acts(
    {
        "records.box": "设置档案盒",
        "records.shelve": "装盒上架",
        "records.lend": "借出档案",
        "records.return": "归还档案",
    }
)
State = ArchiveFile.State


def locked(archive_file: ArchiveFile) -> ArchiveFile:
    """The file's row as it is now, locked until the transaction ends."""
    return (
        ArchiveFile.objects.select_for_update(of=("self",))
        .select_related("organ", "fonds")
        .get(pk=archive_file.pk)
    )


def in_custody(row: ArchiveFile) -> None:
    """Raises ValidationError for a file that was handed over or destroyed."""
    if row.state != State.ARCHIVED:
        raise ValidationError(f"{row.number} {row.get_state_display()}，不能办理。")


@transaction.atomic
def save_box(actor: Any, box: PaperBox) -> PaperBox:
    """Set up a box or move it to another shelf. Needs ``change``. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "change", box.fonds.organ)
    before = None
    if box.pk:
        old = PaperBox.objects.select_for_update(of=("self",)).select_related("fonds__organ").get(pk=box.pk)
        require(actor, MODULE, "change", old.fonds.organ)
        before = snapshot(old)
        fixed = (old.fonds_id, old.year, old.retention) == (box.fonds_id, box.year, box.retention)
        if not fixed and old.files.exists():
            raise ValidationError("盒内已有档案，全宗、年度和保管期限不能再改。")
    box.full_clean()
    box.save()
    audit(actor, "records.box", box, organ=box.fonds.organ, before=before, after=snapshot(box))
    return box


@transaction.atomic
def put_in_box(actor: Any, files: Iterable[ArchiveFile], box: PaperBox) -> int:
    """Put files into a box; returns how many. One fonds, one year, one period to a box (DA/T 22—2015).

    Needs ``change`` at each file's organ. Raises PermissionDenied, ValidationError naming what does not fit; then none is put.
    """
    pks = [one.pk for one in files]
    rows = list(
        ArchiveFile.objects.select_for_update(of=("self",))
        .select_related("organ")
        .filter(pk__in=pks)
        .order_by("pk")
    )
    if not rows:
        raise ValidationError("请先勾选要装盒的档案。")
    wrong = []
    for row in rows:
        require(actor, MODULE, "change", row.organ)
        in_custody(row)
        if (row.fonds_id, row.year, row.retention) != (box.fonds_id, box.year, box.retention):
            wrong.append(row.number)
    if wrong:
        raise ValidationError(
            f"{box.number} 盒放 {box.year} 年度、{box.get_retention_display()}的档案，不能放入：{'、'.join(wrong[:5])}。"
        )
    for row in rows:
        before, row.box = row.box_id, box
        row.save(update_fields=["box"])
        audit(
            actor, "records.shelve", row, organ=row.organ, before={"box": before}, after={"box": box.pk},
            reason=str(box),
        )  # fmt: skip
    return len(rows)


@transaction.atomic
def lend(
    actor: Any,
    archive_file: ArchiveFile,
    *,
    borrower: str,
    purpose: str,
    due_on: date,
    unit: str = "",
    form: str = Loan.Form.PAPER,
    out_on: date | None = None,
    today: date | None = None,
) -> Loan:
    """Lend a file. Needs ``change``, and ``approve`` for one that is 封存. Raises PermissionDenied; ValidationError for a file that is out, not in a box (paper) or
    no longer in custody, and for impossible dates."""
    row = locked(archive_file)
    require(actor, MODULE, "change", row.organ)
    in_custody(row)
    if row.is_closed:
        require(actor, MODULE, "approve", row.organ)
    today = today or timezone.localdate()
    day = out_on or today
    errors: dict[str, str] = {}
    if not borrower.strip():
        errors["borrower"] = "请填写借阅人。"
    if not purpose.strip():
        errors["purpose"] = "请填写用途。"
    if day > today:
        errors["out_on"] = "借出日期不能晚于今天。"
    if due_on < day:
        errors["due_on"] = "应还日期不能早于借出日期。"
    if errors:
        raise ValidationError(errors)
    if form == Loan.Form.PAPER:
        if row.box_id is None:
            raise ValidationError("这份档案还没有装盒，没有可以借出的纸质档案；可以借阅电子档案。")
        out = row.loans.filter(returned_on=None, form=Loan.Form.PAPER).first()
        if out is not None:
            raise ValidationError(f"已由{out.borrower}借出，应还日期 {out.due_on}。归还后才能再借。")
    loan = Loan.objects.create(
        archive_file=row,
        form=form,
        borrower=borrower.strip()[:60],
        unit=unit.strip()[:120],
        purpose=purpose.strip()[:200],
        out_on=day,
        due_on=due_on,
        lent_by=actor if getattr(actor, "pk", None) else None,
    )
    audit(actor, "records.lend", row, organ=row.organ, after=snapshot(loan), reason=loan.purpose)
    return loan


@transaction.atomic
def return_loan(actor: Any, loan: Loan, *, on: date, condition: str = "", today: date | None = None) -> Loan:
    """Take a file back. Needs ``change``. Raises PermissionDenied; ValidationError when it is back already or for a date before
    it went out or after today."""
    row = Loan.objects.select_for_update(of=("self",)).select_related("archive_file__organ").get(pk=loan.pk)
    organ = row.archive_file.organ
    require(actor, MODULE, "change", organ)
    if row.returned_on is not None:
        raise ValidationError(f"已于 {row.returned_on} 归还。")
    if not row.out_on <= on <= (today or timezone.localdate()):
        raise ValidationError({"on": "归还日期应在借出日期和今天之间。"})
    row.returned_on, row.condition = on, condition.strip()[:200]
    row.save(update_fields=["returned_on", "condition"])
    audit(actor, "records.return", row.archive_file, organ=organ, after=snapshot(row), reason=row.condition)
    return row
