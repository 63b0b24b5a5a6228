"""Appending an act and keeping the folded columns true: every other service goes through here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.law.calendar import WorkCalendar, default_calendar
from gongkai.law.publication import publication_due
from gongkai.normative.models import Document, DocumentEvent, NormativeSettings
from gongkai.normative.policies import MODULE
from gongkai.normative.rules.life import (
    LABELS,
    ONE_DAY,
    Act,
    Life,
    LifeError,
    LifeEvent,
    Validity,
    fold,
    validity,
)
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require

register_acts({f"document.{act.value}": f"文件{LABELS[act]}" for act in Act})
#: listener(actor, documents, earlier): something shown elsewhere follows the documents' columns, in the same transaction.
#: ``earlier``: the text that stood there before a slip of registration in it was mended, else "".
Listener = Callable[[Any, Sequence[Document], str], None]
_LISTENERS: list[Listener] = []
NEW_ID = 1 << 62  # stands for an entry that has no key yet


def register_listener(listener: Listener) -> Listener:
    """Calls ``listener`` after every registration, act, correction and change of validity by date. What it raises undoes it."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def tell(actor: Any, documents: Sequence[Document], earlier: str = "") -> None:
    """Tells the listeners that ``documents`` were written."""
    for listener in _LISTENERS:
        listener(actor, documents, earlier)


def calendar() -> WorkCalendar:
    """The working-day calendar of this installation."""
    return default_calendar()


def settings_for(organ: Organ) -> NormativeSettings:
    """The settings that hold for ``organ``: its own, else the nearest above (whose 机关代字 are not inherited), else defaults."""
    paths = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    rows = NormativeSettings.objects.filter(organ__path__in=paths).select_related("organ")
    nearest = max(rows, key=lambda row: len(row.organ.path), default=None)
    if nearest is None:
        return NormativeSettings(organ=organ)
    if nearest.organ_id != organ.pk:
        nearest.marks = ""
    return nearest


def life_of(document: Document) -> Life:
    """The fold over the recorded acts. Raises LifeError for a record that contradicts itself."""
    return fold(event.as_life() for event in document.events.order_by("pk"))


def next_change(life: Life, today: date) -> date | None:
    """The next day on which the validity may become another."""
    days = (life.effective_on, life.amended_on, life.partly_on, life.ended_on)
    return min((day for day in days if day and day > today), default=None)


def write_fold(document: Document, life: Life, today: date) -> None:
    """Puts what ``life`` amounts to into the document's columns (not saved)."""
    document.stage = life.stage.value
    document.issued_on = life.issued_on
    document.effective_on = life.effective_on
    document.published_on = life.published_on
    document.filed_on = life.filed_on
    document.valid_until = life.valid_until
    document.ended_on = life.ended_on
    document.end_act = life.end_act.value if life.end_act else ""
    document.status = validity(life, today).value
    document.changes_on = next_change(life, today)
    _write_dues(document)


def _write_dues(document: Document) -> None:
    """The dates that the law and the settings set; documents registered after the fact owe nothing any more."""
    document.publication_due = document.filing_due = document.interpretation_due = None
    if document.legacy or not document.issued_on:
        return
    if document.disclosure == "active" and document.formed_on:
        document.publication_due = publication_due("general", document.formed_on, calendar()).due
    if not document.is_binding or not document.published_on:
        return
    days = settings_for(document.organ).filing_days
    document.filing_due = document.published_on + days * ONE_DAY
    if document.interpretation_required:
        document.interpretation_due = publication_due("interpretation", document.published_on, calendar()).due


def plain(document: Document) -> dict[str, Any]:
    """The snapshot for the trail; the text stands in it as its digest."""
    values = snapshot(document)
    values["body"] = hashlib.sha256(document.body.encode()).hexdigest()[:16] if document.body else ""
    return values


def allow(actor: Any, action: str, document: Document) -> None:
    """Raises PermissionDenied unless ``actor`` may do ``action`` at the document's organ."""
    require(actor, MODULE, action, document.organ)


def locked(document: Document) -> Document:
    """The row as it is now, kept from others until the transaction ends."""
    return Document.objects.select_for_update(of=("self",)).select_related("organ").get(pk=document.pk)


@transaction.atomic
def append(
    actor: Any,
    document: Document,
    act: Act,
    on: date,
    *,
    effective: date | None = None,
    until: date | None = None,
    basis: Document | None = None,
    strikes: DocumentEvent | None = None,
    note: str = "",
    detail: dict[str, Any] | None = None,
    today: date | None = None,
) -> DocumentEvent:
    """Append one act to ``document``, fold, write the columns and the trail. Permission is the caller's.

    ``document`` carries fields changed by the act itself (number, formed_on, published_at) and is saved with them.
    Raises ValidationError for an act that contradicts what is recorded.
    """
    today = today or timezone.localdate()
    before = plain(Document.objects.select_for_update(of=("self",)).get(pk=document.pk))
    entry = LifeEvent(NEW_ID, act, on, effective, until, strikes.pk if strikes else None)
    try:
        life = fold([*(event.as_life() for event in document.events.order_by("pk")), entry])
    except LifeError as problem:
        raise ValidationError(str(problem)) from None
    event = DocumentEvent.objects.create(
        document=document,
        act=act.value,
        on=on,
        effective=effective,
        until=until,
        basis=basis,
        strikes=strikes,
        note=note,
        detail=detail or {},
        by=None if actor is SYSTEM else actor,
        by_name=str(actor)[:60],
    )
    write_fold(document, life, today)
    document.full_clean(exclude=["joint_organs"])
    document.save()
    reason = "；".join(filter(None, [str(basis) if basis else "", note]))
    audit(
        actor, f"document.{act.value}", document, organ=document.organ, before=before, after=plain(document),
        reason=reason,
    )  # fmt: skip
    tell(actor, [document])
    return event


def not_future(day: date, name: str, today: date | None = None) -> None:
    """Raises ValidationError for a day that has not come: a fact is registered once it is one."""
    if day > (today or timezone.localdate()):
        raise ValidationError(f"{name}（{day}）还没有到，请在当日或者以后登记。")


def refresh_statuses(today: date | None = None, chunk: int = 500) -> int:
    """What a new day changes: writes the validity of every document whose status changes by ``today`` and records expiries.

    Returns how many documents changed. May run again; each batch is its own transaction.
    """
    today = today or timezone.localdate()
    done = 0
    while True:
        due = list(
            Document.objects.filter(changes_on__lte=today).select_related("organ").order_by("pk")[:chunk]
        )
        if not due:
            return done
        with transaction.atomic():
            for document in due:
                _refresh(document, today)
        done += len(due)


def _refresh(document: Document, today: date) -> None:
    life = life_of(document)
    if (
        life.end_act is Act.EXPIRED
        and life.ended_on
        and life.ended_on <= today
        and Act.EXPIRED not in life.done
    ):
        append(SYSTEM, document, Act.EXPIRED, life.ended_on, note="有效期届满，自动失效", today=today)
        return
    write_fold(document, life, today)
    document.save()
    tell(SYSTEM, [document])


def status_on(document: Document, on: date, events: Iterable[DocumentEvent] | None = None) -> Validity:
    """效力 on any day, from the acts (pass prefetched ``events`` in lists)."""
    rows = document.events.all() if events is None else events
    return validity(fold(event.as_life() for event in sorted(rows, key=lambda e: e.pk)), on)
