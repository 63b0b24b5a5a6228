"""Finding published documents: any combination of conditions, words, a day in the past; pages of bounded cost.

Every condition is a column of one partial index, ``document_library``, which is in the order of the list. The conditions
are written so that the database walks that index and stops when the page is full (``_is``): left to choose, it takes the
index of one condition and sorts what it finds. Words go to the token index of the search.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from gongkai.normative.models import Document, Topic
from gongkai.normative.rules.numbers import NumberError, parse_number
from gongkai.normative.selectors import IN_FORCE, PUBLIC, public_documents
from gongkai.normative.table2 import in_stock
from gongkai.organs.models import Organ
from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, Group, facet_token
from gongkai.search.indexing import state
from gongkai.search.models import SearchDoc
from gongkai.search.text import phrase

PER_PAGE = 20
#: A reader who wants more than this narrows the search; deep pages would read everything before them.
MAX_PAGES = 200
MAX_FOUND = PER_PAGE * MAX_PAGES
MAX_WORDS = 4


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
    def anything(self) -> bool:
        return any((self.organ, self.year, self.category, self.topic, self.validity, self.words, self.on))


def _is(rows: QuerySet[Document], name: str, *values: str) -> QuerySet[Document]:
    """A condition that no index begins with, so that the list's own index is walked."""
    plain = Coalesce(F(name), Value(""), output_field=CharField())
    return rows.alias(**{f"plain_{name}": plain}).filter(**{f"plain_{name}__in": values})


def _organ(rows: QuerySet[Document], slug: str) -> QuerySet[Document]:
    found = Organ.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return rows.filter(organ=found) if found else rows.none()


def library(wanted: Wanted) -> QuerySet[Document]:
    """The published documents that fit, newest first (text left out). ``on``: what was in force on that day."""
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
    if wanted.words:
        rows = rows.filter(_words(wanted))
    return rows


def _words(wanted: Wanted) -> Q:
    """A 文号 in any typing finds its document; other words must all stand in the title, number or key words."""
    try:
        return Q(number=str(parse_number(wanted.words)))
    except NumberError:
        return Q(pk__in=_found(wanted))


def _found(wanted: Wanted) -> list[int]:
    """Keys of documents whose title, number or key words hold every word: the newest ``MAX_FOUND`` within the conditions
    that the search knows too."""
    phrases = [phrase(word) for word in wanted.words.split()[:MAX_WORDS]]
    groups = tuple(Group((one,)) for one in phrases if one)
    if not groups:
        return []
    facets = [facet_token("kind", "policy")]
    if wanted.year:
        facets.append(facet_token("year", int(wanted.year)))
    if wanted.validity and wanted.validity != "in_force":
        facets.append(facet_token("validity", wanted.validity))
    if wanted.topic in Topic.values:
        facets.append(facet_token("topic", Topic(wanted.topic).label))
    expression = Expression(groups, tuple((token,) for token in facets), title=True)
    positions = backend().newest(state().active, expression, MAX_FOUND)
    keys = SearchDoc.objects.filter(pk__in=positions, key__startswith="document:").values_list(
        "key", flat=True
    )
    return [int(key.removeprefix("document:")) for key in keys]


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
