"""What reads documents: the public library, the list in force, one document with its relations, the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from gongkai.normative.models import (
    Attachment,
    CatalogueIssue,
    Category,
    CleanUp,
    CleanUpItem,
    Document,
    DocumentEvent,
    DocumentVersion,
    Relation,
)
from gongkai.normative.models.document import Disclosure, document_url
from gongkai.normative.rules.life import ONE_DAY, Validity
from gongkai.normative.table2 import in_stock
from gongkai.organs.models import Organ
from gongkai.organs.prepared import Prepared
from gongkai.organs.selectors import beside

PUBLIC = Q(published_on__isnull=False)
IN_FORCE = tuple(v.value for v in Validity if v.in_stock)
BINDING = (Category.RULES, Category.NORMATIVE)


def public_documents() -> QuerySet[Document]:
    """Every published document with its organ, newest first; what the search index projects."""
    return Document.objects.filter(PUBLIC).select_related("organ").order_by("-published_on", "-pk")


def in_force(organ: Organ | None = None, on: date | None = None) -> QuerySet[Document]:
    """The whole valid set of 规章 and 行政规范性文件, published, in the order of organ and issue (B03, R11)."""
    rows = public_documents().filter(category__in=BINDING).defer("body")
    rows = rows.filter(in_stock(on)) if on else rows.filter(status__in=IN_FORCE)
    if organ:
        from gongkai.normative.table2 import documents_of

        rows = rows.filter(pk__in=documents_of(organ).values("pk"))
    return rows.order_by("organ__path", "-issued_on", "-pk")


@dataclass(frozen=True, slots=True)
class Shown:
    """A relation as a page shows it."""

    word: str
    title: str
    number: str = ""
    url: str = ""
    note: str = ""


#: (kind, seen from the source): what the page calls it.
_WORDS = {
    (Relation.Kind.REPEALS, True): "废止",
    (Relation.Kind.REPEALS, False): "被废止，依据",
    (Relation.Kind.AMENDS, True): "修改",
    (Relation.Kind.AMENDS, False): "被修改，依据",
    (Relation.Kind.BASED_ON, True): "依据",
    (Relation.Kind.BASED_ON, False): "被引为依据",
    (Relation.Kind.EXPLAINS, True): "解读的文件",
    (Relation.Kind.EXPLAINS, False): "解读",
}


def _seen_from(side: str, other: str) -> Callable[[int], QuerySet[Relation, Any]]:
    """The relations of a document that stands at ``side``, with what is said of the ``other``."""
    public = Q(**{f"{other}__published_on__isnull": False})
    named = (f"{other}__{name}" for name in ("pk", "title", "number", "disclosure"))
    shown = ("kind", "pk", "target_text", "note", *named)
    return lambda pk: (
        Relation.objects.filter(**{side: pk}, done=True)
        .order_by()
        .values_list(*shown, ExpressionWrapper(public, BooleanField()))
    )


# Each side by itself: asked for at once, both documents would be read for each relation, and one of them is always this.
_RELATIONS = {
    True: Prepared(_seen_from("source", "target"), int),
    False: Prepared(_seen_from("target", "source"), int),
}


def relations(document: Document) -> list[Shown]:
    """What the document does to others and they to it. Documents that are not public are named without a link. Two queries."""
    found = [(*row, mine) for mine, asked in _RELATIONS.items() for row in asked.all(document.pk)]
    out = []
    found.sort(key=itemgetter(0, 1))
    for kind, _, words, note, pk, title, number, disclosure, public, mine in found:
        word = _WORDS[kind, mine]
        if pk is None:
            out.append(Shown(word, words, note=note))
        elif public:
            out.append(Shown(word, title, number, document_url(pk), note))
        elif disclosure == Disclosure.ACTIVE:
            out.append(Shown(word, title, number, note=note))
    return out


_ENDED_BY = Prepared(
    lambda pk: (
        DocumentEvent.objects.filter(
            document_id=pk, act__in=("repealed", "declared_void"), struck_by__isnull=True, basis__isnull=False
        )
        .select_related("basis")
        .order_by("-pk")[:1]
    ),
    int,
)


def successor(document: Document) -> Document | None:
    """The document that repealed this one and takes its place, followed to the one still in force (at most ten steps)."""
    current, seen = document, {document.pk}
    found = None
    for _ in range(10):
        event = _ENDED_BY.first(current.pk)
        if event is None or event.basis is None or event.basis_id in seen:
            break
        found = current = event.basis
        seen.add(current.pk)
        if current.in_stock:
            break
    return found


#: Most documents have one issuer: whether to ask for more comes with the document.
_JOINTLY = Exists(Document.joint_organs.through.objects.filter(document=OuterRef("pk")))
#: What the register keeps of a document and its page does not show; the text comes with its version.
_UNSHOWN = (
    "mark", "number_year", "number_serial", "signer", "body", "disclosure_reason", "interpreted_on", "term", "legacy", "stage",
    "filed_on", "changes_on", "publication_due", "filing_due", "interpretation_due", "created_at", "updated_at",
    *beside("organ"),
)  # fmt: skip
_PUBLIC = Prepared(
    lambda pk: public_documents().filter(pk=pk).annotate(jointly=_JOINTLY).defer(*_UNSHOWN).order_by(),
    int,
)


def public_document(pk: int) -> Document | None:
    """A published document with its organ; None for any other. One query."""
    return _PUBLIC.first(pk)


_OF_EVENT = ("document", "act", "on", "effective", "until", "strikes", "note")
_EVENTS = Prepared(
    lambda pk: (
        DocumentEvent.objects.filter(document=pk)
        .select_related("basis")
        .only(*_OF_EVENT, *(f"basis__{name}" for name in ("title", "number", "published_on", "disclosure")))
    ),
    int,
)


def events_of(document: Document) -> list[DocumentEvent]:
    """Every act as recorded, with the documents that they rest on. One query."""
    return _EVENTS.all(document.pk)


def may_name(document: Document) -> bool:
    """Whether a public page may call the document by its title: what is to be published, though it may
    not be yet; never what is disclosed on request or withheld."""
    return document.published_on is not None or document.disclosure == Disclosure.ACTIVE


def history(events: Sequence[DocumentEvent]) -> list[DocumentEvent]:
    """The acts that the public sees, in order of date: what was struck out is left out."""
    struck = {event.strikes_id for event in events}
    shown = [e for e in events if e.pk not in struck and e.act not in ("struck", "drafted")]
    for event in shown:
        if event.basis is not None and not may_name(event.basis):
            event.basis = None  # of this reading only: nothing is saved
    return sorted(shown, key=lambda e: (e.on, e.pk))


_VERSIONS = Prepared(
    lambda pk: DocumentVersion.objects.filter(document=pk).defer("body").order_by("version"), int
)
_BODY = Prepared(lambda pk: DocumentVersion.objects.filter(pk=pk).values_list("body"), int)


def versions_between(document: Document) -> list[DocumentVersion]:
    """The texts, oldest first, without their bodies. One query."""
    return _VERSIONS.all(document.pk)


def text_of(version: DocumentVersion) -> str:
    """The body of one of them. One query."""
    found = _BODY.first(version.pk)
    return str(found[0]) if found else ""


_FILES = Prepared(lambda pk: Attachment.objects.filter(document=pk).defer("text"), int)
_JOINT = Prepared(lambda pk: Organ.objects.filter(joint_documents=pk), int)


def files_of(document: Document) -> list[Attachment]:
    """Its files, public or not. One query."""
    return _FILES.all(document.pk)


def joint_organs(document: Document) -> list[Organ]:
    """The organs that issued it with its own. One query, none for a document that came with the answer that there are none."""
    return _JOINT.all(document.pk) if vars(document).get("jointly", True) else []


def published_issues(organ: Organ | None = None) -> QuerySet[CatalogueIssue]:
    """Catalogue issues that the public sees, newest first."""
    rows = CatalogueIssue.objects.filter(state=CatalogueIssue.State.PUBLISHED).select_related("organ")
    return (rows.filter(organ=organ) if organ else rows).order_by("-year", "-issue", "organ__path")


def published_clean_ups() -> QuerySet[CleanUp]:
    """Campaigns whose result was carried out; their lists are public."""
    return CleanUp.objects.filter(state=CleanUp.State.APPLIED).select_related("organ", "decision")


def verdicts() -> QuerySet[CleanUpItem]:
    """The lines of clean-ups that the public sees, in order of issue."""
    named = Q(document__published_on__isnull=False) | Q(document__disclosure=Disclosure.ACTIVE)
    rows = CleanUpItem.objects.filter(named).select_related("document__organ")
    return rows.defer("document__body").order_by("document__issued_on", "pk")


def lag_days(document: Document) -> int | None:
    """Calendar days from publication to the first interpretation (0 when it came with the document or before); None without one."""
    if document.published_on is None or document.interpreted_on is None:
        return None
    return max(0, (document.interpreted_on - document.published_on).days)


def expiring(today: date, days: int = 90) -> Q:
    """In force and expiring within ``days`` (评估期)."""
    return Q(status__in=IN_FORCE, valid_until__gte=today, valid_until__lte=today + days * ONE_DAY)


def owed(kind: str, today: date) -> Q:
    """Documents that something is still owed for: ``preparing`` (not yet issued), ``expiring``, ``filing``,
    ``interpretation``, ``publication`` or ``late`` (published, or not yet, after the 20 working days of article 26). Raises KeyError for another word."""
    waiting = Q(published_on__isnull=True, publication_due__isnull=False)
    return {
        "preparing": Q(issued_on__isnull=True),
        "expiring": expiring(today),
        "filing": Q(filed_on__isnull=True, filing_due__isnull=False),
        "interpretation": Q(interpreted_on__isnull=True, interpretation_due__isnull=False),
        "publication": waiting,
        "late": (waiting & Q(publication_due__lt=today)) | Q(published_on__gt=F("publication_due")),
    }[kind]
