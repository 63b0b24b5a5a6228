"""应公开建议: what several applicants ask for may belong among what is published (条例第四十四条)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications.likeness import groups
from gongkai.applications.models import Application
from gongkai.applications.models.intake import DisclosureSuggestion
from gongkai.applications.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts({"suggestion.accept": "纳入主动公开", "suggestion.dismiss": "不纳入主动公开"})

#: Two requests are taken for the same information from this likeness on (of their two-character runs).
THRESHOLD = 0.55
#: Cases looked at: the newest so many of the last two years, per organ.
WINDOW_DAYS, MOST = 730, 2000
State = DisclosureSuggestion.State


def _person(case: Application) -> str:
    """Under what two cases count as one applicant: the identity number, else kind and masked name."""
    return case.applicant.identity or f"{case.applicant.kind} {case.applicant.masked_name}"


@transaction.atomic
def find_suggestions(organ: Organ, today: date | None = None) -> list[DisclosureSuggestion]:
    """Look through the organ's newest cases and keep what two or more applicants asked for.

    Idempotent: a group that shares a case with a known suggestion extends it; a decided one stays decided unless
    somebody new has asked since. Returns the open ones.
    """
    today = today or timezone.localdate()
    cases = {
        case.pk: case
        for case in Application.objects.filter(
            organ=organ, submitted_on__gte=today - timedelta(days=WINDOW_DAYS)
        )
        .select_related("applicant")
        .order_by("-pk")[:MOST]
    }
    known: dict[int, DisclosureSuggestion] = {}
    for row in DisclosureSuggestion.objects.filter(organ=organ).prefetch_related("applications"):
        known.update({case.pk: row for case in row.applications.all()})
    for keys in groups(((pk, case.description) for pk, case in cases.items()), THRESHOLD):
        members = [cases[pk] for pk in keys]
        people = len({_person(case) for case in members})
        if people >= 2:
            row = next((known[pk] for pk in keys if pk in known), None)
            _keep(organ, row, members, people, today)
    return list(DisclosureSuggestion.objects.filter(organ=organ, state=State.OPEN))


def _keep(
    organ: Organ, row: DisclosureSuggestion | None, members: list[Application], people: int, today: date
) -> None:
    granted = sum(case.row in ("granted", "partial") for case in members)
    if row is None:
        row = DisclosureSuggestion(organ=organ, title=members[-1].summary(100), found_on=today)
    elif row.state != State.OPEN and people > row.applicants:
        row.state, row.found_on = State.OPEN, today  # asked again by somebody new: worth another look
    row.applicants, row.count, row.granted = people, len(members), granted
    row.save()
    row.applications.set(members)


def accept(actor: Any, suggestion: DisclosureSuggestion, reason: str) -> DisclosureSuggestion:
    """Take the information into what is published of the organ's own accord. ``reason``: where or by when."""
    return _decide(actor, suggestion, State.ACCEPTED, reason)


def dismiss(actor: Any, suggestion: DisclosureSuggestion, reason: str) -> DisclosureSuggestion:
    """Leave it to applications. ``reason``: why it cannot or need not be published."""
    return _decide(actor, suggestion, State.DISMISSED, reason)


@transaction.atomic
def _decide(actor: Any, suggestion: DisclosureSuggestion, state: str, reason: str) -> DisclosureSuggestion:
    require(actor, MODULE, "change", suggestion.organ)
    if not reason.strip():
        raise ValidationError({"reason": "请写明理由。"})
    locked = DisclosureSuggestion.objects.select_for_update().select_related("organ").get(pk=suggestion.pk)
    if locked.state != State.OPEN:
        raise ValidationError(f"这条建议已由{locked.decided_by}处理：{locked.get_state_display()}。")
    locked.state, locked.reason = state, reason.strip()
    locked.decided_by = actor if getattr(actor, "pk", None) else None
    locked.decided_at = timezone.now()
    locked.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    code = "suggestion.accept" if state == State.ACCEPTED else "suggestion.dismiss"
    audit(actor, code, locked, organ=locked.organ, after={"state": state}, reason=reason.strip()[:200])
    return locked
