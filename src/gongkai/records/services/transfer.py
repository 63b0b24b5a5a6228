"""移交清册: drawn up, printed, signed by both sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require
from gongkai.records.models import ArchiveFile, Fonds, Loan, TransferList
from gongkai.records.policies import MODULE
from gongkai.records.services.numbers import next_serial

register_acts({"records.transfer.make": "编制移交清册", "records.transfer.sign": "档案移交签收"})
MOST = 5000


def _out_or_gone(files: list[ArchiveFile], apart_from: TransferList | None = None) -> list[str]:
    """Why some of ``files`` cannot be handed over."""
    pks = [row.pk for row in files]
    problems = [
        f"{row.number} {row.get_state_display()}" for row in files if row.state != ArchiveFile.State.ARCHIVED
    ]
    lent = Loan.objects.filter(archive_file__in=pks, returned_on=None).values_list(
        "archive_file__number", flat=True
    )
    problems += [f"{number} 借出未还" for number in lent]
    listed = TransferList.objects.filter(files__in=pks, state=TransferList.State.DRAFT)
    if apart_from is not None:
        listed = listed.exclude(pk=apart_from.pk)
    problems += [f"{n} 已列入 {of}" for n, of in listed.values_list("files__number", "number") if n]
    return problems


def _refuse(problems: list[str]) -> None:
    if problems:
        more = f"等 {len(problems)} 件" if len(problems) > 5 else ""
        raise ValidationError(f"不能移交：{'；'.join(problems[:5])}{more}。")


@transaction.atomic
def make_transfer_list(
    actor: Any,
    fonds: Fonds,
    files: Iterable[ArchiveFile],
    *,
    recipient: str,
    basis: str = "",
    today: date | None = None,
) -> TransferList:
    """Draw up a list of files of one fonds. Needs ``change``. Raises PermissionDenied, ValidationError for none, too many, a file
    of another fonds, lent, listed elsewhere or no longer in custody."""
    require(actor, MODULE, "change", fonds.organ)
    day = today or timezone.localdate()
    if not recipient.strip():
        raise ValidationError({"recipient": "请填写接收单位。"})
    pks = [one.pk for one in files]
    if not pks or len(pks) > MOST:
        raise ValidationError(f"一份清册列 1 至 {MOST} 件档案，现在选了 {len(pks)} 件。")
    rows = list(ArchiveFile.objects.select_for_update().filter(pk__in=pks).order_by("number"))
    if any(row.fonds_id != fonds.pk for row in rows):
        raise ValidationError("一份清册只列一个全宗的档案。")
    _refuse(_out_or_gone(rows))
    serial = next_serial(fonds, "transfer", day.year)
    row = TransferList.objects.create(
        fonds=fonds,
        year=day.year,
        serial=serial,
        number=f"{fonds.code}-移交·{day.year}-{serial:03d}",
        recipient=recipient.strip()[:120],
        basis=basis.strip()[:200],
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    row.files.set(rows)
    after = {"number": row.number, "recipient": row.recipient, "files": len(rows)}
    audit(actor, "records.transfer.make", row, organ=fonds.organ, after=after, reason=row.basis)
    return row


@transaction.atomic
def sign_transfer_list(
    actor: Any,
    transfer: TransferList,
    *,
    handed_by: str,
    handed_on: date,
    taken_by: str,
    taken_on: date,
    today: date | None = None,
) -> TransferList:
    """Both sides have signed: the files are 已移交 from now on. Needs ``approve``.

    Raises PermissionDenied; ValidationError for a list signed already, dates out of order, or a file lent meanwhile.
    """
    row = (
        TransferList.objects.select_for_update(of=("self",))
        .select_related("fonds__organ")
        .get(pk=transfer.pk)
    )
    require(actor, MODULE, "approve", row.fonds.organ)
    if row.state == TransferList.State.SIGNED:
        raise ValidationError(f"{row.number} 已签收。")
    errors = {}
    if not handed_by.strip():
        errors["handed_by"] = "请填写移交人。"
    if not taken_by.strip():
        errors["taken_by"] = "请填写接收人。"
    if not handed_on <= taken_on <= (today or timezone.localdate()):
        errors["taken_on"] = "接收日期应在移交日期之后，且不晚于今天。"
    if errors:
        raise ValidationError(errors)
    files = list(ArchiveFile.objects.select_for_update().filter(transfer_lists=row))
    _refuse(_out_or_gone(files, apart_from=row))
    ArchiveFile.objects.filter(pk__in=[f.pk for f in files]).update(state=ArchiveFile.State.TRANSFERRED)
    row.state = TransferList.State.SIGNED
    row.handed_by, row.handed_on = handed_by.strip()[:60], handed_on
    row.taken_by, row.taken_on = taken_by.strip()[:60], taken_on
    row.save()
    after = {"handed_on": handed_on.isoformat(), "taken_on": taken_on.isoformat(), "files": len(files)}
    audit(actor, "records.transfer.sign", row, organ=row.fonds.organ, after=after, reason=row.recipient)
    return row
