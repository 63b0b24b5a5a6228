"""What the fee rules would yield for a case: both bases with their arithmetic. A person decides (条例第四十二条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.applications.models import Application, EventRecord, Note, OrganSettings
from gongkai.applications.policies import MODULE
from gongkai.applications.services.acts import act
from gongkai.law import fees
from gongkai.law.case import CaseState, FeeBasis, FeeNoticed, Kind
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts({"case.fee.waive": "决定不收费"})
BASES: dict[fees.Basis, FeeBasis] = {
    fees.Basis.COUNT: FeeBasis.PER_CASE,
    fees.Basis.PAGES: FeeBasis.PER_PAGE,
}
_FORMS: tuple[tuple[str, fees.ProvisionForm], ...] = (
    ("查阅", fees.ProvisionForm.ON_SITE),
    ("抄录", fees.ProvisionForm.ON_SITE),
    ("纸", fees.ProvisionForm.PAPER),
    ("邮件", fees.ProvisionForm.EMAIL),
    ("电子", fees.ProvisionForm.ELECTRONIC),
    ("光盘", fees.ProvisionForm.OTHER_COPY),
    ("磁盘", fees.ProvisionForm.OTHER_COPY),
)


@dataclass(frozen=True)
class Month:
    """The applicant's 件 counted together with this one: number, receipt date, position in the month."""

    application: Application
    position: fees.Position | None
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Tally:
    """This case's place in the month and all the cases it is counted with."""

    position: fees.Position | None
    months: list[Month]
    identified: bool


def wanted_form(application: Application) -> fees.ProvisionForm:
    """The form asked for on the application, in the fee rules' terms; paper where nothing definite is said."""
    for word, form in _FORMS:
        if word in application.form_wanted:
            return form
    return fees.ProvisionForm.PAPER


def tally(application: Application) -> Tally:
    """Counts the applicant's 件 in the month of receipt at this organ (or the organs whose counting is joined).

    The same applicant is known by the identity fingerprint; without an identity number only this case counts. Three
    queries.
    """
    received = application.received_on
    identity = application.applicant.identity
    rows = [application]
    if identity and received:
        rows = list(
            Application.objects.filter(
                organ__in=_counted_together(application.organ),
                applicant__identity=identity,
                received_on__year=received.year,
                received_on__month=received.month,
            ).select_related("organ")
        )
    withdrawn = dict(
        EventRecord.objects.filter(application__in=rows, kind=Kind.WITHDRAWN).values_list(
            "application_id", "on"
        )
    )
    counter = fees.FeeCounter(
        fees.CountedApplication(
            number=_number(one),
            organ="本机关",
            applicants=(identity or f"未留证件{one.pk}",),
            received_on=one.received_on,
            withdrawn_on=withdrawn.get(one.pk),
        )
        for one in rows
    )
    months = [Month(one, counter.position(_number(one)), withdrawn.get(one.pk)) for one in rows]
    months.sort(key=lambda m: (m.position is None, m.position.first if m.position else 0))
    return Tally(counter.position(_number(application)), months, bool(identity))


def _number(application: Application) -> str:
    # Two organs counted together may give the same number; the key makes it unique and keeps the order.
    return f"{application.number or application.receipt}#{application.pk}"


def _counted_together(organ: Organ) -> list[int]:
    """The organ itself and those whose own settings join them to one counter; different departments never by default."""
    joined = dict(OrganSettings.objects.exclude(fee_group=None).values_list("organ_id", "fee_group_id"))
    group = joined.get(organ.pk, organ.pk)
    return sorted({organ.pk, group, *(pk for pk, head in joined.items() if head == group)})


def proposal(
    application: Application,
    counted: Tally,
    *,
    form: fees.ProvisionForm,
    pages: int,
    provided: bool,
    already_public: bool,
) -> fees.FeeProposal:
    """Both bases. Raises ValidationError with the fee rules' own sentence."""
    try:
        return fees.propose(
            counted.position,
            number=str(application),
            form=form,
            pages=pages,
            provided=provided,
            already_public=already_public,
            received_on=application.received_on,
        )
    except fees.FeeError as problem:
        raise ValidationError(str(problem)) from None


@transaction.atomic
def decide_fee(
    actor: Any,
    application: Application,
    offered: fees.FeeProposal,
    basis: fees.Basis | None,
    *,
    reason: str,
    on: date,
    served_on: date | None = None,
    expected: int | None = None,
    today: date | None = None,
) -> CaseState | None:
    """Record a person's choice: a fee notice on one basis, or (``basis=None``) that nothing is charged.

    Not charging leaves a note and an audit entry and returns None. Raises PermissionDenied; ValidationError with the
    rule's sentence.
    """
    require(actor, MODULE, "change", application.organ)
    try:
        decision = fees.decide(offered, basis, reason=reason, by=str(actor))
    except fees.FeeError as problem:
        raise ValidationError(str(problem)) from None
    if decision.basis is None:
        Note.objects.create(application=application, text=f"不收取信息处理费：{reason}", author=actor)
        audit(
            actor,
            "case.fee.waive",
            application,
            organ=application.organ,
            after={"number": str(application)},
            reason=reason[:200],
        )
        return None
    event = FeeNoticed(
        on=on,
        amount_fen=decision.amount,
        basis=BASES[decision.basis],
        served_on=served_on,
        by=str(actor)[:60],
        evidence=f"{'；'.join(offered.option(decision.basis).lines)}。理由：{reason}",
    )
    return act(actor, application, event, expected=expected, today=today)
