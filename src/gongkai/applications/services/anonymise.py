"""去标识: what is left of a case when its retention period has run out — the figures, no person (个人信息保护法第十九条、第四十七条).

The period is a setting of the organ (``OrganSettings.personal_years``), counted like archives from the first of January
after the year in which the case last moved. A case is left alone while it is open, held (:mod:`.hold`), shares its
applicant with a younger case, or another part of the platform still needs it (:func:`keep_while`: remedies).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.models import (
    Application,
    CaseFile,
    Delivery,
    DisclosureSuggestion,
    EnvelopeSender,
    FileKind,
    Letter,
    Rating,
    Submission,
)
from gongkai.applications.policies import MODULE
from gongkai.applications.services.tombstones import GONE, bury
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts({"case.anonymise": "保存期满去标识"})

Keeper = Callable[[Iterable[int]], set[int]]
_KEEPERS: list[tuple[str, Keeper]] = []
_FOLLOWERS: list[Callable[[Application], None]] = []
BATCH = 200


def keep_while(reason: str) -> Callable[[Keeper], Keeper]:
    """Register ``function(keys) -> keys`` naming the cases still needed, with the sentence that says for what.

    Upper apps use it: a case under reconsideration or before a court is evidence.
    """

    def register(function: Keeper) -> Keeper:
        _KEEPERS.append((reason, function))
        return function

    return register


def after_anonymise(function: Callable[[Application], None]) -> Callable[[Application], None]:
    """Register ``function(application)`` to clear what another app keeps of the person, in the same transaction."""
    _FOLLOWERS.append(function)
    return function


@dataclass(frozen=True)
class Due:
    """A case whose period has run out, and why it is left alone, "" when it is not."""

    application: Application
    last_moved: date
    years: int
    kept: str = ""


def due(today: date, organ: Organ | None = None) -> Iterator[Due]:
    """Every case past the period of its organ, oldest first; ``organ`` limits to it and what lies below."""
    rows = Application.objects.filter(anonymised_at=None, closed_on__isnull=False)
    if organ is not None:
        rows = rows.filter(organ__path__startswith=organ.path)
    for one in Organ.objects.filter(pk__in=rows.order_by().values("organ").distinct()).order_by("path"):
        yield from _due_of(one, rows.filter(organ=one), today)


def _due_of(organ: Organ, rows: Any, today: date) -> Iterator[Due]:
    years = selectors.settings_for(organ).personal_years
    before = date(today.year - years, 1, 1)
    # The closing day is the first answer's; a case that was reopened has moved since.
    moved = rows.filter(closed_on__lt=before).annotate(moved=Max("records__on")).filter(moved__lt=before)
    keys = list(moved.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        needed = _needed(part)
        found = moved.filter(pk__in=part).select_related("applicant", "organ").order_by("pk")
        for case in found:
            yield Due(case, case.moved, years, _why_kept(case, before, needed))


def _needed(keys: list[int]) -> dict[int, str]:
    out: dict[int, str] = {}
    for reason, keeper in _KEEPERS:
        out |= dict.fromkeys(keeper(keys), reason)
    return out


def _why_kept(case: Application, before: date, needed: dict[int, str]) -> str:
    if case.is_open:
        return "正在办理"
    if case.hold_reason:
        return f"暂缓清除：{case.hold_reason}"
    if case.pk in needed:
        return needed[case.pk]
    others = case.applicant.applications.exclude(pk=case.pk).filter(anonymised_at=None)  # type: ignore[attr-defined]
    younger = others.annotate(moved=Max("records__on")).filter(moved__gte=before).first()
    return f"与未到期的 {younger} 为同一份申请" if younger else ""


@transaction.atomic
def anonymise(actor: Any, application: Application, *, today: date | None = None) -> bool:
    """Clear the person out of one case; False when that was done before.

    Needs ``assign``. Numbers, dates, the outcome, the applicant's kind, the theme and every folded column stay, so do the
    events with their digests (:mod:`.tombstones`). Raises PermissionDenied; ValidationError with the reason for a case
    whose period has not run out or that is still needed.
    """
    today = today or timezone.localdate()
    case = (
        Application.objects.select_for_update(of=("self",))
        .select_related("organ", "applicant")
        .get(pk=application.pk)
    )
    require(actor, MODULE, "assign", case.organ)
    if case.anonymised_at is not None:
        return False
    years = selectors.settings_for(case.organ).personal_years
    found = next(_due_of(case.organ, Application.objects.filter(pk=case.pk), today), None)
    if found is None:
        raise ValidationError(f"{case}的个人信息尚未满保留年限（办结次年起 {years} 年）。")
    if found.kept:
        raise ValidationError(f"{case}不能清除：{found.kept}。")
    now = timezone.now()
    # First, so that a chain is never seen with tombstones in a case that is not marked.
    _clear_case(case, now)
    buried = bury(case)
    _clear_applicant(case, now)
    _clear_beside(case)
    letters, files = _clear_letters(case, now), _clear_files(case, now)
    for follower in _FOLLOWERS:
        follower(case)
    after = {"number": str(case), "events": buried, "letters": letters, "files": files, "years": years}
    audit(actor, "case.anonymise", case, organ=case.organ, after=after, reason="保存期满")
    application.refresh_from_db()
    return True


def _clear_case(case: Application, now: datetime) -> None:
    case.description = GONE
    case.reference = case.purpose_note = case.assistance = ""
    case.envelope = {}
    case.account = None
    # No query code opens the case any more.
    case.code_digest = secrets.token_hex(32)
    case.anonymised_at = now
    case.save(
        update_fields=[
            "description", "reference", "purpose_note", "assistance", "envelope", "account", "code_digest", "anonymised_at",
        ]
    )  # fmt: skip


def _clear_applicant(case: Application, now: datetime) -> None:
    """The kind stays; the rest when the last of the cases that share the applicant goes."""
    person = case.applicant
    if person.applications.filter(anonymised_at=None).exists():  # type: ignore[attr-defined]
        return
    for field in person._meta.concrete_fields:
        if field.name not in ("id", "kind", "masked_name", "anonymised_at"):
            setattr(person, field.name, "")
    person.masked_name, person.anonymised_at = GONE, now
    person.save()


def _clear_beside(case: Application) -> None:
    case.statements.update(text="")  # type: ignore[attr-defined]
    case.notes.update(text=GONE)  # type: ignore[attr-defined]
    case.extension_requests.update(reason=GONE, opinion="")  # type: ignore[attr-defined]
    case.notices.update(to_masked="", error="")  # type: ignore[attr-defined]
    Rating.objects.filter(application=case).update(text="")
    EnvelopeSender.objects.filter(application=case).delete()
    Submission.objects.filter(application=case).delete()
    for row in DisclosureSuggestion.objects.filter(applications=case):
        if not row.applications.filter(anonymised_at=None).exists():
            DisclosureSuggestion.objects.filter(pk=row.pk).update(title=GONE)


def _clear_letters(case: Application, now: datetime) -> int:
    """Texts and addressees go; kind, number, date and digest stay. Past the guard that keeps a signed letter as it is."""
    rows = Letter.objects.filter(application=case)
    Delivery.objects.filter(letter__in=rows).update(tracking="", place="")
    return rows.update(
        body="", data="", title=GONE, addressee=GONE, review_opinion="", void_reason="", anonymised_at=now
    )


def _clear_files(case: Application, now: datetime) -> int:
    """The bytes go when the transaction holds; kind, size and digest stay."""
    count = 0
    for row in CaseFile.objects.filter(application=case):
        if row.removed_at is None:
            row.removed_at, row.removed_reason = now, "保存期满去标识"
            count += 1
        stored, storage = row.file.name, row.file.storage
        row.name, row.detail = FileKind(row.kind).label, {}
        row.save(update_fields=["name", "detail", "removed_at", "removed_reason"])
        transaction.on_commit(lambda stored=stored, storage=storage: storage.delete(stored))
    return count
