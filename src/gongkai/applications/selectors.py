"""What reads cases: the folded state, the timeline, the ledger, the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gongkai.applications.models import Application, OrganSettings
from gongkai.law.calendar import WorkCalendar, default_calendar
from gongkai.law.case import CasePolicy, CaseState, fold, policy_from_dict
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of


def calendar() -> WorkCalendar:
    """The working-day calendar of this installation."""
    return default_calendar()


def settings_for(organ: Organ) -> OrganSettings:
    """The settings that hold for ``organ``: its own, else the nearest one above, else the defaults (unsaved)."""
    steps = range(Organ.steplen, len(organ.path) + 1, Organ.steplen)
    paths = [organ.path[:end] for end in steps]
    rows = OrganSettings.objects.filter(organ__path__in=paths).select_related("organ")
    nearest = max(rows, key=lambda row: len(row.organ.path), default=None)
    if nearest is None:
        return OrganSettings(organ=organ)
    if nearest.organ_id != organ.pk:
        nearest.document_mark = ""  # an organ's mark is its own; the rest is inherited
    return nearest


def policy_for(organ: Organ) -> CasePolicy:
    """The law's policy as this organ applies it."""
    settings = settings_for(organ)
    return _policy(tuple(sorted((settings.policy or {}).items())))


@lru_cache(maxsize=256)
def _policy(items: tuple[tuple[str, Any], ...]) -> CasePolicy:
    return policy_from_dict(dict(items))


def state_of(application: Application, today: date | None = None) -> CaseState:
    """The case folded from its events, seen on ``today``. Two queries."""
    events = [record.event() for record in application.records.order_by("position")]
    return fold(events, calendar(), policy_for(application.organ), today=today or timezone.localdate())


def visible_to(user: Any, queryset: QuerySet[Application] | None = None) -> QuerySet[Application]:
    """The applications of the organs ``user`` may see."""
    base = Application.objects.all() if queryset is None else queryset
    return base.filter(scope_of(user).condition("organ__", "applications", ["view"]))


def same_applicant(application: Application) -> QuerySet[Application]:
    """Other applications by the same identity at the same organ, newest first."""
    identity = application.applicant.identity
    if not identity:
        return Application.objects.none()
    return (
        Application.objects.filter(organ=application.organ, applicant__identity=identity)
        .exclude(pk=application.pk)
        .order_by("-pk")
    )


def corrected_request(application: Application) -> str:
    """What the applicant's last correction said, "" where there was none on this platform. Personal: for who handles it."""
    last = application.statements.filter(kind="correction").order_by("pk").last()  # type: ignore[attr-defined]
    return str(last.text) if last else ""


def by_code(receipt: str, code: str) -> Application | None:
    """The application whose receipt number and query code these are; None for either being wrong."""
    from hmac import compare_digest

    from gongkai.applications.services.filing import code_digest

    found = (
        Application.objects.select_related("organ", "applicant")
        .filter(receipt="".join(receipt.split()).upper())
        .first()
    )
    expected = found.code_digest if found else "0" * 64
    # The same work is done for an unknown receipt number, so that the time does not tell which exist.
    return found if compare_digest(expected, code_digest(code)) and found else None


def stale(today: date) -> Iterable[Application]:
    """Open cases whose cached deadline was computed on an earlier day."""
    from gongkai.applications.models.application import OPEN_STATUSES

    return (
        Application.objects.filter(status__in=[s.value for s in OPEN_STATUSES], folded_on__lt=today)
        .select_related("organ")
        .iterator(chunk_size=500)
    )
