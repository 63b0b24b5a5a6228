"""What an applicant changes: filing once, and the acts of an opened case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.applications import selectors, vault
from gongkai.applications.models import Application, Rating, Statement, Submission
from gongkai.applications.services import act_as_applicant, file_application
from gongkai.applications.services.files import store_file
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import CaseState, Corrected, Status, Withdrawn
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require

register_acts({"case.statement": "申请人提交补充材料", "case.statement.handle": "处理申请人补充材料", "case.rate": "申请人评价"})  # fmt: skip

_PURPOSE = "submission.code"
KEEP_CODE = timedelta(minutes=30)
Upload = tuple[str, str, bytes]  # kind, name, content


def file_once(
    key: str,
    organ: Organ,
    applicant: ApplicantData,
    filing: Filing,
    uploads: Sequence[Upload],
    today: date | None = None,
) -> tuple[Application, str]:
    """File, or return what the same press of the button has already filed; with the query code.

    Everything or nothing: a file that is refused undoes the filing. Raises ValidationError. The code of an earlier press
    is "" once it was seen or half an hour old.
    """
    forget_codes()
    try:
        with transaction.atomic():
            entry = Submission.objects.create(key=key)
            application, code = file_application(None, organ, applicant, filing, today=today)
            for kind, name, content in uploads:
                store_file(None, application, kind, content, name=name)
            entry.application, entry.sealed_code = application, vault.seal(code, _PURPOSE)
            entry.save(update_fields=["application", "sealed_code"])
            return application, code
    except IntegrityError:
        found = already_filed(key)
        if found is None:
            raise
        return found


def already_filed(key: str) -> tuple[Application, str] | None:
    """What was filed with this ticket before, with its code while that is kept."""
    entry = (
        Submission.objects.select_related("application__organ", "application__applicant")
        .filter(key=key)
        .first()
    )
    if entry is None or entry.application is None:
        return None
    return entry.application, vault.unseal(entry.sealed_code, _PURPOSE)


def forget_codes() -> int:
    """Delete query codes kept for double presses once half an hour old; how many."""
    old = timezone.now() - KEEP_CODE
    return Submission.objects.filter(created_at__lt=old).exclude(sealed_code="").update(sealed_code="")


@transaction.atomic
def _state(application: Application, kind: Statement.Kind, text: str, uploads: Sequence[Upload]) -> Statement:
    row = Statement.objects.create(application=application, kind=kind, text=text)
    files = [
        store_file(None, application, file_kind, content, name=name) for file_kind, name, content in uploads
    ]
    row.files.set(files)
    audit(SYSTEM, "case.statement", application, organ=application.organ, after={"kind": str(kind), "files": len(files)})  # fmt: skip
    return row


@transaction.atomic
def correct(
    application: Application,
    text: str,
    uploads: Sequence[Upload],
    *,
    excuse: str = "",
    expected: int | None = None,
) -> CaseState:
    """The answer to a correction notice (条例第三十条). Raises ValidationError with the law's sentence."""
    state = act_as_applicant(
        application, Corrected(on=timezone.localdate(), excuse=excuse), expected=expected
    )
    _state(application, Statement.Kind.CORRECTION, text, uploads)
    return state


@transaction.atomic
def withdraw(application: Application, text: str, *, expected: int | None = None) -> CaseState:
    """Withdraw the application. Raises ValidationError where it is too late."""
    state = act_as_applicant(application, Withdrawn(on=timezone.localdate()), expected=expected)
    if text.strip():
        _state(application, Statement.Kind.WITHDRAWAL, text, ())
    return state


@transaction.atomic
def give_reasons(application: Application, text: str, uploads: Sequence[Upload]) -> Statement:
    """Reasons for the quantity or frequency (条例第三十五条). Whether they hold is the organ's judgement, so no event is
    recorded here; the officer records it. Raises ValidationError when none were asked for."""
    if selectors.state_of(application).status is not Status.REASONS:
        raise ValidationError("现在没有要求您说明理由，或者说明理由的期限已过。")
    return _state(application, Statement.Kind.REASONS, text, uploads)


@transaction.atomic
def note_payment(application: Application, text: str, uploads: Sequence[Upload]) -> Statement:
    """That the fee was paid, with the proof. The officer checks the account and records the payment."""
    if selectors.state_of(application).status is not Status.FEE:
        raise ValidationError("现在没有待缴的费用。")
    return _state(application, Statement.Kind.FEE, text, uploads)


@transaction.atomic
def change_contact(application: Application, text: str) -> Statement:
    """Ask for new contact details; the officer confirms them, because letters are served there."""
    if not application.is_open:
        raise ValidationError("这件申请已经办结，不再需要变更联系方式。")
    return _state(application, Statement.Kind.CONTACT, text, ())


def may_rate(application: Application) -> bool:
    """Once, when the case has ended."""
    return not application.is_open and not Rating.objects.filter(application=application).exists()


@transaction.atomic
def rate(application: Application, score: int, text: str) -> Rating:
    """Keep the rating. Raises ValidationError the second time."""
    Application.objects.select_for_update().get(pk=application.pk)
    if not may_rate(application):
        raise ValidationError("已经评价过了，或者申请还没有办结。")
    row = Rating.objects.create(application=application, score=score, text=text)
    audit(SYSTEM, "case.rate", application, organ=application.organ, after={"score": score})
    return row


@transaction.atomic
def handle_statement(actor: Any, statement: Statement) -> Statement:
    """The officer has dealt with what the applicant sent. Idempotent. Raises PermissionDenied."""
    application = statement.application
    require(actor, "applications", "change", application.organ)
    if statement.handled_at is None:
        statement.handled_at, statement.handled_by = (
            timezone.now(),
            (getattr(actor, "pk", None) and actor) or None,
        )
        statement.save(update_fields=["handled_at", "handled_by"])
        audit(
            actor,
            "case.statement.handle",
            application,
            organ=application.organ,
            after={"kind": statement.kind},
        )
    return statement
