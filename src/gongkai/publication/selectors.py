"""What reads items, columns and releases; nothing here changes anything.

Lists page by key, not by offset: the next page begins after the last line of this one, wherever it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from gongkai.law import catalogue
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree as subtree_of
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    InterpretationPage,
    OrganSection,
    Release,
)
from gongkai.publication.paths import url_of, urls_of
from gongkai.publication.vocab import STALE_DAYS, Channel, ContentClass, Fixed, UpdateRule

#: What a line of a list needs; body and the rest stay where they are.
LINE_FIELDS = (
    "pk", "title", "url_path", "published_at", "formed_on", "document_number", "index_number", "kind", "validity",
    "organ__name", "organ__short_name", "column_id", "late",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One item as lists show it."""

    pk: int
    title: str
    url: str
    published_at: datetime
    formed_on: date
    document_number: str
    index_number: str
    kind: str
    validity: str
    organ: str
    column_id: int
    late: bool


def lines(items: QuerySet[DisclosurePage]) -> list[Line]:
    """The items of a (sliced) queryset as lines: one query."""
    return _lines(items.values_list(*LINE_FIELDS))


def _lines(rows: Iterable[Any]) -> list[Line]:
    out, rows = [], list(rows)
    for r, url in zip(rows, urls_of(r[2] for r in rows), strict=True):
        pk, title, _, published, formed, number, index, kind, validity, name, short, column, late = r
        out.append(
            Line(
                pk,
                title,
                url,
                published,
                formed,
                number,
                index or "",
                kind,
                validity,
                short or name,
                column,
                late,
            )
        )
    return out


def public_items() -> QuerySet[DisclosurePage]:
    """Everything on the portal, newest first."""
    return DisclosurePage.objects.filter(shown=True).order_by("-published_at", "-page_ptr")


# --- keyset paging ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A stretch of a list; ``older`` and ``newer`` are the queries of the links, "" at the ends."""

    lines: list[Line]
    older: str
    newer: str


def _key(line: Line) -> str:
    return f"{int(line.published_at.timestamp() * 1_000_000)}-{line.pk}"


def _parse(key: str) -> tuple[datetime, int] | None:
    stamp, _, pk = key.partition("-")
    if not (stamp.isdecimal() and pk.isdecimal() and len(stamp) < 18 and len(pk) < 15):
        return None
    seconds, micro = divmod(int(stamp), 1_000_000)
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone()) + timedelta(
        microseconds=micro
    ), int(pk)


def key_page(
    items: QuerySet[DisclosurePage], *, before: str = "", after: str = "", size: int = 20
) -> KeyPage:
    """``size`` lines of ``items`` that are older than key ``before``, or newer than key ``after``; the newest first.

    A key that cannot be read counts as none.
    """
    newer_than = _parse(after) if after else None
    older_than = _parse(before) if before and not newer_than else None
    if newer_than:
        at, pk = newer_than
        part = (
            items.filter(published_at__gte=at)
            .exclude(published_at=at, pk__lte=pk)
            .order_by("published_at", "page_ptr")
        )
    elif older_than:
        at, pk = older_than
        part = items.filter(published_at__lte=at).exclude(published_at=at, pk__gte=pk)
    else:
        part = items
    found = lines(part[: size + 1])
    more, found = len(found) > size, found[:size]
    if newer_than:
        found.reverse()
    if not found:
        return KeyPage([], "", "")
    has_newer = more if newer_than else bool(older_than)
    has_older = True if newer_than else more
    older, newer = f"?before={_key(found[-1])}", f"?after={_key(found[0])}"
    return KeyPage(found, older if has_older else "", newer if has_newer else "")


def numbered_page(items: QuerySet[DisclosurePage], number: str, *, size: int = 20) -> KeyPage:
    """The stretch by its number, for a site of files: a file has a name, and a key in an address has none."""
    here = int(number) if number.isdecimal() and len(number) < 7 else 1
    found = lines(items[(here - 1) * size : here * size + 1])
    more = len(found) > size
    return KeyPage(found[:size], f"?page={here + 1}" if more else "", f"?page={here - 1}" if here > 1 else "")


# --- releases -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Totals:
    """What was released in a year: one total, two breakdowns of the same rows."""

    year: int
    total: int
    by_channel: dict[str, int]
    by_class: dict[str, int]
    imported: int
    sources: list[str]

    def rows(self) -> list[tuple[str, int]]:
        return [(Channel(key).label, n) for key, n in self.by_channel.items()]


def _done(organ: Organ | None, year: int, own: bool) -> QuerySet[Release]:
    rows = Release.objects.filter(state=Release.State.DONE, year=year).order_by()
    if organ is None:
        return rows
    if own:
        return rows.filter(organ=organ)
    # The subtree as a list of keys: the covering index begins with the organ.
    return rows.filter(organ__in=Organ.objects.filter(subtree_of(organ.path)).order_by().values("pk"))


def release_totals(organ: Organ | None, year: int, *, own: bool = False) -> Totals:
    """A01–A03 for ``organ`` and what is below it (everything for None; with ``own`` the organ alone). Two queries.

    One grouping by channel and class together is summed both ways, so no breakdown can differ from the total.
    """
    cells = list(_done(organ, year, own).values_list("channel", "content_class").annotate(n=Sum("count")))
    by_channel = dict.fromkeys(Channel.values, 0)
    by_class = dict.fromkeys(ContentClass.values, 0)
    for channel, content_class, n in cells:
        by_channel[channel] += n
        by_class[content_class] += n
    lots = list(_done(organ, year, own).filter(page__isnull=True).values_list("count", "source"))
    return Totals(
        year,
        sum(n for _, _, n in cells),
        by_channel,
        by_class,
        sum(n for n, _ in lots),
        sorted({s for _, s in lots}),
    )


def narrative_facts(organ: Organ, year: int, *, subtree: bool = True) -> dict[str, int]:
    """Figures of 主动公开 for the narrative of the annual report, by name; keys never change.

    ``subtree``: with the organs below. ``released`` items by all channels; ``released.<channel>``; ``class.<class>``; ``late``; ``interpretations`` and
    ``interpretations.<form>``; ``episodes`` of series among them.
    """
    totals = release_totals(organ, year, own=not subtree)
    facts = {"released": totals.total}
    facts |= {f"released.{key}": n for key, n in totals.by_channel.items()}
    facts |= {f"class.{key}": n for key, n in totals.by_class.items()}
    span = year_span(year)
    within = subtree_of(organ.path) if subtree else Q(pk=organ.pk)
    below = Organ.objects.filter(within).order_by().values("pk")
    facts["late"] = DisclosurePage.objects.filter(
        late=True, organ__in=below, published_at__range=span
    ).count()
    forms = InterpretationPage.objects.filter(shown=True, organ__in=below, published_at__range=span)
    facts["episodes"] = 0
    for form, series in forms.values_list("form", "series"):
        facts[f"interpretations.{form}"] = facts.get(f"interpretations.{form}", 0) + 1
        facts["episodes"] += bool(series)
    facts["interpretations"] = sum(n for key, n in facts.items() if key.startswith("interpretations."))
    return facts


def year_span(year: int) -> tuple[datetime, datetime]:
    """First and last moment of a year in Shanghai."""
    zone = timezone.get_current_timezone()
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone) - timedelta(
        microseconds=1
    )


# --- clock, stale, empty ------------------------------------------------------------------------------------------


def unpublished(organs: Q, until: date) -> QuerySet[DisclosurePage]:
    """Items that were to be out by ``until`` and are not, the most urgent first; ``organs`` with prefix organ__."""
    waiting = DisclosurePage.objects.filter(
        organs, published_at__isnull=True, due_on__lte=until, attribute="proactive"
    )
    return (
        waiting.exclude(state="archived")
        .select_related("organ", "column")
        .defer("body")
        .order_by("due_on", "pk")
    )


def late_items(organs: Q, year: int) -> QuerySet[DisclosurePage]:
    """Items published after their day in ``year``."""
    found = DisclosurePage.objects.filter(organs, late=True, published_at__range=year_span(year))
    return found.order_by("-published_at", "-page_ptr")


@dataclass(frozen=True, slots=True)
class ColumnState:
    """What is wrong with a column: ``empty``, or ``stale`` by ``days`` since the last item against ``limit``."""

    column: ColumnPage
    state: str
    days: int | None
    limit: int | None

    @property
    def text(self) -> str:
        if self.state == "empty":
            return "空白栏目：还没有公开过信息"
        return f"已 {self.days} 天没有更新，要求 {self.limit} 天内更新" if self.state == "stale" else "正常"


def limit_of(column: ColumnPage) -> int | None:
    """Days within which a column owes something new: its own rule, or the alarm before the inspection's threshold."""
    own = column.update_days if column.update_rule == UpdateRule.DAYS else None
    alarm = (STALE_DAYS | getattr(settings, "PUBLICATION_STALE_DAYS", {})).get(column.column_type)
    return min((n for n in (own, alarm) if n), default=None)


def state_of(column: ColumnPage, today: date) -> ColumnState:
    """Whether ``column`` is in order today. Columns that only hold other columns, or annual reports, are."""
    limit = limit_of(column)
    if column.fixed in (Fixed.ANNUAL, Fixed.STATUTORY) or (
        not column.live_count and column.numchild and column.fixed
    ):
        return ColumnState(column, "ok", None, limit)
    if not column.live_count or column.latest_at is None:
        return ColumnState(column, "empty", None, limit)
    days = (today - timezone.localtime(column.latest_at).date()).days
    return ColumnState(column, "stale" if limit and days > limit else "ok", days, limit)


def columns(organs: Q) -> QuerySet[ColumnPage]:
    """Columns of organs (condition with prefix organ__), in the order of the tree."""
    return (
        ColumnPage.objects.filter(organs, live=True).select_related("organ", "owner_person").order_by("path")
    )


def troubled_columns(organs: Q, today: date) -> list[ColumnState]:
    """Stale and empty columns: the longest neglected first. One query."""
    found = [s for s in (state_of(c, today) for c in columns(organs)) if s.state != "ok"]
    return sorted(found, key=lambda s: (s.state != "empty", -(s.days or 0)))


# --- completeness of the statutory items ---------------------------------------------------------------------------

#: Items of article 20 that every organ has, whatever its duties; the others are owed by who keeps the column.
EVERY_ORGAN = ("20.1", "20.2", "20.7")


@dataclass(frozen=True, slots=True)
class Cell:
    """One organ against one statutory item: ``have``, ``stale``, ``due`` (owed, nothing there) or ``none``."""

    item: str
    state: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """An organ's bar."""

    organ: Organ
    cells: list[Cell]

    @property
    def owed(self) -> int:
        return sum(1 for c in self.cells if c.state != "none")

    @property
    def have(self) -> int:
        return sum(1 for c in self.cells if c.state in ("have", "stale"))

    @property
    def percent(self) -> int:
        return 100 * self.have // self.owed if self.owed else 100


def level_of(organ: Organ) -> str:
    """县级 or 乡级, as the catalogue of articles 20 and 21 asks."""
    return "乡级" if organ.kind in (Organ.Kind.TOWNSHIP, Organ.Kind.SUBDISTRICT) else "县级"


def completeness(organs: Iterable[Organ], today: date) -> list[Row]:
    """Organ × item of articles 20 and 21. A government owes all; others what every organ owes and what they keep."""
    wanted = list(organs)
    by_organ: dict[int, dict[str, list[ColumnPage]]] = {}
    for column in ColumnPage.objects.filter(organ__in=[o.pk for o in wanted], live=True).exclude(
        statutory_item=""
    ):
        by_organ.setdefault(column.organ_id, {}).setdefault(column.statutory_item, []).append(column)
    return [Row(o, _cells(o, by_organ.get(o.pk, {}), today)) for o in wanted]


def _cells(organ: Organ, kept: dict[str, list[ColumnPage]], today: date) -> list[Cell]:
    cells = []
    for item in catalogue.items_for(level_of(organ)):
        found = kept.get(item.id, [])
        count = sum(c.live_count for c in found)
        owed = organ.kind == Organ.Kind.GOVERNMENT or item.id in EVERY_ORGAN or bool(found)
        states = {state_of(c, today).state for c in found if c.live_count}
        state = "none" if not owed else "due" if not count else "have" if "ok" in states else "stale"
        url = url_of(max(found, key=lambda c: c.live_count).url_path) if found else ""
        cells.append(Cell(item.id, state, count, url))
    return cells


# --- interpretations, sections -----------------------------------------------------------------------------------------------


def interpretations_of(page: DisclosurePage) -> list[InterpretationPage]:
    """What explains ``page``, oldest first."""
    found = InterpretationPage.objects.filter(document=page.pk, shown=True)
    return list(found.defer("body").order_by("published_at"))


def section_of(organ: Organ) -> OrganSection | None:
    """The organ's section; None before it is made."""
    return OrganSection.objects.filter(organ=organ).first()


def latest(limit: int, *, kinds: Sequence[str] = (), organ: Organ | None = None) -> list[Line]:
    """The newest public items."""
    items = public_items()
    if kinds:
        items = items.filter(kind__in=kinds)
    if organ is not None:
        items = items.filter(organ=organ)
    return lines(items[:limit])


def child_columns(parent: Any) -> list[ColumnPage]:
    """The columns directly below a section or a column, in their order."""
    return list(
        ColumnPage.objects.filter(path__startswith=parent.path, depth=parent.depth + 1, live=True).order_by(
            "path"
        )
    )


__all__ = [
    "Cell", "ColumnState", "KeyPage", "Line", "Row", "Totals", "child_columns", "columns", "completeness",
    "interpretations_of", "key_page", "late_items", "latest", "level_of", "limit_of", "lines", "narrative_facts",
    "public_items", "release_totals", "section_of", "state_of", "troubled_columns", "unpublished", "year_span",
]  # fmt: skip
