"""Documents issued before they came into the register: one by one, or in bulk from a spreadsheet or another system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.normative import prechecks, search_documents
from gongkai.normative.competence import check_category
from gongkai.normative.indexing import generator
from gongkai.normative.models import Category, Document, DocumentEvent, DocumentVersion, Term
from gongkai.normative.policies import MODULE
from gongkai.normative.rules.life import Act, LifeError, LifeEvent, fold
from gongkai.normative.rules.numbers import NumberError, parse_number
from gongkai.normative.services.core import tell, write_fold
from gongkai.normative.services.numbers import INDEX_SERIES, _locked, put
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require

register_acts({"document.register": "补登文件", "document.import": "批量补登文件"})
LEGACY_EXEMPTION = "登记前已经印发的文件"
_ACTS_OF_END = {"repealed": Act.REPEALED, "declared_void": Act.DECLARED_VOID}


@dataclass(slots=True)
class Existing:
    """A document that was issued already. ``ended_on`` is the first day on which it no longer held, with ``end_act``
    (``repealed`` or ``declared_void``); an expiry follows from ``until`` by itself. ``amended_on``: the day from which the
    amended text, which is the ``body``, applies."""

    title: str
    category: str
    issued_on: date
    number: str = ""
    formed_on: date | None = None
    effective_on: date | None = None
    published_on: date | None = None
    until: date | None = None
    ended_on: date | None = None
    end_act: str = ""
    end_note: str = ""
    amended_on: date | None = None
    amend_note: str = ""
    body: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    reviewed: bool = False  # its text is public already, after a review of its own
    source: str = ""  # where the line came from, for the report of what was skipped


def _events(row: Existing) -> list[LifeEvent]:
    effective = row.effective_on or row.issued_on
    events = [LifeEvent(1, Act.ISSUED, row.issued_on, effective, row.until)]
    if row.published_on:
        events.append(LifeEvent(2, Act.PUBLISHED, row.published_on))
    if row.amended_on:
        events.append(LifeEvent(4, Act.AMENDED, row.amended_on))
    if row.ended_on:
        if row.end_act not in _ACTS_OF_END:
            raise LifeError("写明是废止还是宣布失效。")
        events.append(LifeEvent(3, _ACTS_OF_END[row.end_act], row.ended_on))
    return events


def build(organ: Organ, row: Existing, today: date) -> tuple[Document, list[LifeEvent]]:
    """The document (not saved) and the acts that ``row`` amounts to. Raises ValidationError in words for the clerk."""
    check_category(organ, row.category)
    for day, name in (
        (row.issued_on, "印发日期"),
        (row.published_on, "公布日期"),
        (row.amended_on, "修改日期"),
    ):
        if day and day > today:
            raise ValidationError(f"{name}（{day}）还没有到。")
    formed = row.formed_on or row.issued_on
    if formed > row.issued_on:
        raise ValidationError(f"成文日期 {formed} 晚于印发日期 {row.issued_on}。")
    try:
        events = _events(row)
        life = fold(events)
        number = parse_number(row.number) if row.number.strip() else None
    except (LifeError, NumberError) as problem:
        raise ValidationError(str(problem)) from None
    document = Document(
        organ=organ, title=row.title.strip(), category=row.category, formed_on=formed, body=row.body, legacy=True,
        term=Term.FIXED if row.until else Term.OPEN, interpretation_required=False,
        interpretation_exemption=LEGACY_EXEMPTION, **row.fields,
    )  # fmt: skip
    if not document.title:
        raise ValidationError("没有标题。")
    put(document, number)
    if row.published_on:
        document.published_at = timezone.make_aware(datetime.combine(row.published_on, time(9)))
    write_fold(document, life, today)
    return document, events


@transaction.atomic
def register_existing(actor: Any, organ: Organ, row: Existing, *, today: date | None = None) -> Document:
    """补登 one document. Needs ``add``. Raises PermissionDenied, ValidationError."""
    skipped, made = _register(actor, organ, [row], today or timezone.localdate(), "document.register")
    if skipped:
        raise ValidationError(skipped[0][1])
    return made[0]


@transaction.atomic
def bulk_register(
    actor: Any, organ: Organ, rows: Iterable[Existing], *, today: date | None = None, dry_run: bool = False
) -> tuple[list[Document], list[tuple[Existing, str]]]:
    """The bulk path for documents issued before: a fixed number of statements per 500, one entry in the trail for all.

    What cannot be registered is left out and returned with the reason; the rest is made (nothing with ``dry_run``).
    The columns are folded from the same acts as by the single services. Needs ``add``. Raises PermissionDenied.
    """
    skipped, made = _register(
        actor, organ, list(rows), today or timezone.localdate(), "document.import", dry_run
    )
    return made, skipped


def _register(
    actor: Any, organ: Organ, rows: list[Existing], today: date, act: str, dry_run: bool = False
) -> tuple[list[tuple[Existing, str]], list[Document]]:
    require(actor, MODULE, "add", organ)
    taken = set(Document.objects.filter(organ=organ).exclude(number="").values_list("number", flat=True))
    skipped: list[tuple[Existing, str]] = []
    built: list[tuple[Document, list[LifeEvent], Existing]] = []
    for row in rows:
        try:
            document, events = build(organ, row, today)
            if document.number and document.number in taken:
                raise ValidationError(f"文号{document.number}已经登记。")
            document.full_clean(exclude=["joint_organs"], validate_unique=False, validate_constraints=False)
            if document.published_on and actor is not SYSTEM and not row.reviewed:
                _check_public(document)
        except ValidationError as problem:
            skipped.append((row, "；".join(problem.messages)))
            continue
        taken.add(document.number)
        built.append((document, events, row))
    if dry_run or not built:
        return skipped, [document for document, _, _ in built]
    _number(organ, [document for document, _, _ in built])
    made = _write(actor, built)
    audit(
        actor, act, made[0], organ=organ, after={"count": len(made)},
        reason=f"补登 {len(made)} 件，自《{made[0].title[:60]}》起",
    )  # fmt: skip
    return skipped, made


def _check_public(document: Document) -> None:
    """Entered as published, its text is public at once: the same must not be in it as before any publication."""
    if found := prechecks.blocking(document):
        raise ValidationError([f"已公布的文件登记后随即公开。检查发现：{text}" for text in found])


def _number(organ: Organ, documents: list[Document]) -> None:
    """索引号 for all of them, one lock per year."""
    make = generator()
    by_year: dict[int, list[Document]] = {}
    for document in documents:
        if not document.index_number:
            by_year.setdefault((document.formed_on or document.issued_on or date.min).year, []).append(
                document
            )
    for year, group in by_year.items():
        row = _locked(organ, INDEX_SERIES, year)
        for document in group:
            row.last += 1
            document.index_number = make(organ, year, row.last)
        row.save(update_fields=["last"])


def _note(act: Act, row: Existing) -> str:
    said = {Act.AMENDED: row.amend_note}.get(act, row.end_note if act in _ACTS_OF_END.values() else "")
    return said[:500] or "补登"


def _write(actor: Any, built: list[tuple[Document, list[LifeEvent], Existing]]) -> list[Document]:
    made = Document.objects.bulk_create([document for document, _, _ in built], batch_size=500)
    by = None if actor is SYSTEM else actor
    DocumentEvent.objects.bulk_create(
        [
            DocumentEvent(
                document=document, act=e.act.value, on=e.on, effective=e.effective, until=e.until, by=by,
                by_name=str(actor)[:60], note=_note(e.act, row),
            )
            for document, events, row in built
            for e in events
        ],
        batch_size=500,
    )  # fmt: skip
    DocumentVersion.objects.bulk_create(
        [
            DocumentVersion(
                document=document, version=1, valid_from=document.effective_on, body=document.body, note="补登文本"
            )
            for document, _, _ in built
        ],
        batch_size=500,
    )  # fmt: skip
    search_documents.put([document for document in made if document.published_on])
    tell(actor, made)
    return made


def category_of(word: str) -> str:
    """The category a spreadsheet names: its label, or a common short form. Raises ValidationError."""
    known = {label: value for value, label in Category.choices} | {
        "规范性文件": Category.NORMATIVE.value, "政策文件": Category.POLICY.value, "其他": Category.POLICY.value,
        "公文": Category.GENERAL.value,
    }  # fmt: skip
    if word.strip() not in known:
        raise ValidationError(f"类别“{word.strip()}”不认识，应为{'、'.join(Category.labels)}之一。")
    return known[word.strip()]
