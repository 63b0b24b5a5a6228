"""Finding published documents: any combination of conditions, words, a day in the past; pages of bounded cost.

Every condition is a column of one partial index, ``document_library``, which is in the order of the list. The conditions
are written so that the database walks that index and stops when the page is full (``_is``): left to choose, it takes the
index of one condition and sorts what it finds. Words go to the token index of the search
(:mod:`gongkai.normative.wording`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from gongkai.normative.models import Document, Topic
from gongkai.normative.rules.numbers import NumberError, parse_number
from gongkai.normative.search_documents import KIND
from gongkai.normative.selectors import IN_FORCE, PUBLIC, public_documents
from gongkai.normative.table2 import in_stock
from gongkai.normative.wording import Names, rungs
from gongkai.organs.models import Organ
from gongkai.search.engine.expression import facet_token
from gongkai.search.finding import Filters, find

PER_PAGE = 20
#: A reader who wants more than this narrows the search; deep pages would read everything before them.
MAX_PAGES = 200
MAX_FOUND = PER_PAGE * MAX_PAGES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for in the library; empty strings where they did not."""

    organ: str = ""
    year: str = ""
    category: str = ""
    topic: str = ""
    validity: str = ""
    words: str = ""
    on: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but words was asked for."""
        return any((self.organ, self.year, self.category, self.topic, self.validity, self.on))

    @property
    def anything(self) -> bool:
        return self.narrowed or bool(self.words)


def _is(rows: QuerySet[Document], name: str, *values: str) -> QuerySet[Document]:
    """A condition that no index begins with, so that the list's own index is walked."""
    plain = Coalesce(F(name), Value(""), output_field=CharField())
    return rows.alias(**{f"plain_{name}": plain}).filter(**{f"plain_{name}__in": values})


def _organ(rows: QuerySet[Document], slug: str) -> QuerySet[Document]:
    found = Organ.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return rows.filter(organ=found) if found else rows.none()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that fit, newest first (text left out), and how the words led to them."""

    rows: QuerySet[Document]
    #: By which other names the words were looked for.
    names: tuple[Names, ...] = ()
    #: The words stand in the texts alone, not in the headings.
    in_text: bool = False


def shelf(wanted: Wanted) -> Shelf:
    """The published documents that fit. ``on``: what was in force on that day. Three queries for each rung of the words
    that finds nothing, of which there are seven at most."""
    rows = _fitting(wanted)
    if not wanted.words:
        return Shelf(rows)
    try:
        # A 文号 in any typing finds its document.
        return Shelf(rows.filter(number=str(parse_number(wanted.words))))
    except NumberError:
        pass
    for rung in rungs(wanted.words, _facets_of(wanted), MAX_FOUND):
        found = rows.filter(pk__in=rung.keys)
        if rung.keys and found.exists():
            return Shelf(found, rung.names, rung.in_text)
    return Shelf(rows.none())


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where else words that found nothing may be looked for: ``wider``: in this library, without the other conditions;
    ``count``: so many things in the search of the whole site bear all of them; ``kind``: these are policy documents."""

    wider: bool
    query: str
    count: int = 0
    kind: str = ""


def elsewhere(wanted: Wanted, today: date) -> Elsewhere:
    """What helps where ``wanted`` finds nothing; of the whole site policy documents first, else everything."""
    words = wanted.words
    wider = wanted.narrowed and shelf(Wanted(words=words)).rows.exists()
    for kind in (KIND, ""):
        found = find(words, Filters(kind=kind), today=today)
        if found.whole:
            break
    return Elsewhere(wider, urlencode({"q": words} | ({"kind": kind} if kind else {})), found.whole, kind)


def _fitting(wanted: Wanted) -> QuerySet[Document]:
    """The published documents that fit all conditions but the words."""
    rows = public_documents().defer("body", "summary")
    if wanted.organ:
        rows = _organ(rows, wanted.organ)
    if wanted.year:
        first = date(int(wanted.year), 1, 1)
        rows = rows.filter(published_on__gte=first, published_on__lt=date(first.year + 1, 1, 1))
    if wanted.category:
        rows = _is(rows, "category", wanted.category)
    if wanted.topic:
        rows = _is(rows, "topic", wanted.topic)
    if wanted.validity:
        rows = _is(rows, "status", *(IN_FORCE if wanted.validity == "in_force" else [wanted.validity]))
    if wanted.on:
        rows = rows.filter(in_stock(wanted.on), effective_on__lte=wanted.on)
    return rows


def _facets_of(wanted: Wanted) -> list[tuple[str, ...]]:
    """The conditions that the search knows too, so that its newest are the newest within them."""
    facets = [facet_token("kind", KIND)]
    if wanted.year:
        facets.append(facet_token("year", int(wanted.year)))
    if wanted.validity and wanted.validity != "in_force":
        facets.append(facet_token("validity", wanted.validity))
    if wanted.topic in Topic.values:
        facets.append(facet_token("topic", Topic(wanted.topic).label))
    return [(token,) for token in facets]


class LibraryPaginator(Paginator[Any]):
    """Counts no further than the pages that are shown, and reads whole rows only for the page itself."""

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return len(self._keys)

    @cached_property
    def _keys(self) -> list[int]:
        # From the index alone; the limit ends the walk.
        return list(self.object_list.values_list("pk", flat=True)[:MAX_FOUND])  # type: ignore[union-attr]

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        wanted = self._keys[(number - 1) * PER_PAGE : number * PER_PAGE]
        rows = public_documents().defer("body", "summary").in_bulk(wanted)
        return self._get_page([rows[key] for key in wanted], number, self)


@dataclass(frozen=True, slots=True)
class Facets:
    """The choices of the library, with counts over everything published."""

    organs: list[tuple[str, str, int]] = field(default_factory=list)
    years: list[tuple[str, str, int]] = field(default_factory=list)
    categories: list[tuple[str, str, int]] = field(default_factory=list)
    topics: list[tuple[str, str, int]] = field(default_factory=list)
    validities: list[tuple[str, str, int]] = field(default_factory=list)


def _counts(name: str) -> dict[Any, int]:
    """How many published documents have each value of ``name``, read from the list's own index."""
    rows = Document.objects.filter(PUBLIC).order_by()
    if isinstance(Document._meta.get_field(name), CharField):
        # As in ``_is``: an index that begins with the column reads fifty thousand rows of text to learn what is public.
        name, rows = "plain", rows.annotate(plain=Coalesce(F(name), Value(""), output_field=CharField()))
    return dict(rows.values_list(name).annotate(n=Count("pk")))


def facets() -> Facets:
    """Counted in six grouped queries; the view keeps them for a minute."""
    organs = _counts("organ")
    names = Organ.objects.filter(pk__in=organs).order_by("path").values_list("pk", "slug", "name")
    years: Counter[int] = Counter()
    for day, count in _counts(
        "published_on"
    ).items():  # by day, in the order of the index; the year would be computed row by row
        years[day.year] += count

    def labelled(name: str) -> list[tuple[str, str, int]]:
        counted = _counts(name)
        choices = Document._meta.get_field(name).choices or []
        return [(str(v), str(label), counted[v]) for v, label in choices if v in counted]

    return Facets(
        organs=[(slug, name, organs[pk]) for pk, slug, name in names],
        years=[(str(y), f"{y}年", n) for y, n in sorted(years.items(), reverse=True)],
        categories=labelled("category"),
        topics=labelled("topic"),
        validities=labelled("status"),
    )
