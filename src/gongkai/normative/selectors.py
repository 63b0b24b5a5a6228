"""What reads documents: the public library, the list in force, one document with its relations, the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from gongkai.normative.models import CatalogueIssue, Category, CleanUp, Document, DocumentEvent, Relation
from gongkai.normative.rules.life import ONE_DAY, Validity
from gongkai.normative.table2 import in_stock
from gongkai.organs.models import Organ

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


def relations(document: Document) -> list[Shown]:
    """What the document does to others and they to it. Documents that are not public are named without a link."""
    rows = (
        Relation.objects.filter(Q(source=document) | Q(target=document), done=True)
        .select_related("source", "target")
        .defer("source__body", "target__body")
    )
    out = []
    for row in rows:
        mine = row.source_id == document.pk
        other = row.target if mine else row.source
        word = _WORDS[Relation.Kind(row.kind), mine]
        if other is None:
            out.append(Shown(word, row.target_text, note=row.note))
        elif other.published_on:
            out.append(Shown(word, other.title, other.number, other.get_absolute_url(), row.note))
        elif other.disclosure == "active":
            out.append(Shown(word, other.title, other.number, note=row.note))
    return out


def successor(document: Document) -> Document | None:
    """The document that repealed this one and takes its place, followed to the one still in force (at most ten steps)."""
    current, seen = document, {document.pk}
    found = None
    for _ in range(10):
        event = (
            current.events.filter(
                act__in=("repealed", "declared_void"), struck_by__isnull=True, basis__isnull=False
            )
            .select_related("basis")
            .last()
        )
        if event is None or event.basis is None or event.basis_id in seen:
            break
        found = current = event.basis
        seen.add(current.pk)
        if current.in_stock:
            break
    return found


def history(document: Document) -> list[DocumentEvent]:
    """The acts that the public sees, in order of date: what was struck out is left out."""
    rows = document.events.filter(struck_by__isnull=True).exclude(act__in=("struck", "drafted"))
    return list(rows.select_related("basis").order_by("on", "pk"))


def versions_between(document: Document) -> list[Any]:
    """The texts, oldest first, without their bodies."""
    return list(document.versions.defer("body").order_by("version"))


def published_issues(organ: Organ | None = None) -> QuerySet[CatalogueIssue]:
    """Catalogue issues that the public sees, newest first."""
    rows = CatalogueIssue.objects.filter(state=CatalogueIssue.State.PUBLISHED).select_related("organ")
    return (rows.filter(organ=organ) if organ else rows).order_by("-year", "-issue", "organ__path")


def published_clean_ups() -> QuerySet[CleanUp]:
    """Campaigns whose result was carried out; their lists are public."""
    return CleanUp.objects.filter(state=CleanUp.State.APPLIED).select_related("organ", "decision")


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
