"""A page of results as it is shown: hits with the reason marked, facets with counts, the answer on top, help for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.safestring import SafeString

from gongkai.organs.models import Organ
from gongkai.search import answers, highlight, vocabulary
from gongkai.search.asking import Asked, asked
from gongkai.search.finding import FACETS, PER_PAGE, Filters, Found, facets, find
from gongkai.search.models import SearchDoc
from gongkai.search.policies import site_organ
from gongkai.search.projection import kind_label, projections
from gongkai.search.query import MAX_QUERY
from gongkai.search.text import normalise

SORTS = (("", "按相关度"), ("new", "最新在前"), ("old", "最早在前"))
FACET_LABELS = {"kind": "种类", "organ": "机关", "year": "年份", "validity": "效力", "topic": "主题"}
VALIDITY = {
    "valid": "有效", "amended": "已修改", "partly": "部分失效", "repealed": "已废止", "expired": "已失效",
    "pending": "尚未施行", "superseded": "已被取代", "void": "已撤回",
}  # fmt: skip
#: So many values of a facet are shown at once, so many more under 更多.
SHOWN_VALUES, MORE_VALUES = 8, 60
FEEDS = (
    ("rss", "RSS", "application/rss+xml"),
    ("atom", "Atom", "application/atom+xml"),
    ("json", "JSON", "application/feed+json"),
)
#: A query this short says too little for one answer to stand on top.
CARD_LENGTH = 2
#: A longer query is a question: its words are taken as they are.
SLIP_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """One result."""

    title: SafeString
    url: str
    kind: str
    number: str
    organ: str
    day: date | None
    validity: str
    ended: bool
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: choosing it, or leaving it when it is chosen."""

    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: the values shown at once, with the one that is chosen; ``more`` of them on demand."""

    label: str
    choices: Sequence[Choice]
    more: Sequence[Choice] = ()


@dataclass
class ResultPage:
    """Everything that the template shows."""

    q: str
    found: Found
    page: Page[Any]
    hits: Sequence[Hit] = ()
    facets: list[Facet] = field(default_factory=list)
    sorts: list[Choice] = field(default_factory=list)
    card: answers.Card | None = None
    #: The first hit, where the card shows it.
    lead: Hit | None = None
    #: The same search without what it was narrowed by; "" where it was not narrowed.
    wider: str = ""
    hint: answers.Hint | None = None
    #: What was searched for instead, because what was typed finds nothing.
    corrected: str = ""
    #: What may have been meant.
    meant: str = ""
    organs: Sequence[answers.Link] = ()
    #: Whom to ask about what plain speech means.
    asked: Asked | None = None
    #: What follows ? in the address of the feed of this search; "" where nothing is found.
    followed: str = ""

    @property
    def said(self) -> str:
        """What the documents call that which plain speech asked for; "" where the words themselves were looked for."""
        if self.found.rung != "meant":
            return ""
        return "”“".join(found.matter.find[0] for found in self.found.query.sought)

    @property
    def feeds(self) -> Sequence[tuple[str, str, str]]:
        """The forms of the feed of this search: in its address, on the page, to machines."""
        return FEEDS

    @property
    def fruitless(self) -> bool:
        """For the queue: nothing was found, or a short query holds a word that stands nowhere and nothing was guessed."""
        missed = self.found.unknown and len(self.q) <= SLIP_LENGTH and not self.corrected
        return not self.found.total or missed


def filters_from(data: Any) -> Filters:
    """The filters of an address; what is not a value of a facet is left out."""

    def number(name: str) -> int | None:
        text = data.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    kinds = {p.kind for p in projections()}
    return Filters(
        kind=data.get("kind", "") if data.get("kind", "") in kinds else "",
        organ=number("organ"),
        year=number("year"),
        validity=data.get("validity", "") if data.get("validity", "") in VALIDITY else "",
        topic=data.get("topic", "")[:40],
    )


def query_of(q: str, filters: Filters, sort: str = "") -> str:
    """What follows ? in the address of a search, and of its feed."""
    return _here(q, filters, sort if sort in dict(SORTS) else "").whole


def _here(q: str, filters: Filters, sort: str) -> _Here:
    return _Here({"q": q, "sort": sort} | {name: getattr(filters, name) for name in FACETS})


def build(text: str, filters: Filters, sort: str, page: Any, today: date) -> ResultPage:
    """The page of results of ``text``: some twenty queries at most, whatever is found."""
    q = text.strip()[:MAX_QUERY]
    sort = sort if sort in dict(SORTS) else ""
    found, corrected = looked_up(q, filters, sort, today)
    shown = Paginator(found.positions, PER_PAGE).get_page(page)
    out = ResultPage(q, found, shown, corrected=corrected if found.total else "", hint=answers.hint(q))
    rows = _rows(list(shown))
    words = highlight.forms(found.query)
    out.hits = [_hit(row, words) for row in rows]
    here = _here(out.corrected or q, filters, sort)
    out.facets = _facets(facets(found), found.total, filters, here)
    out.sorts = [Choice(label, 0, here.but("sort", key), key == sort) for key, label in SORTS]
    if shown.number == 1 and found.rung != "exact":
        out.asked = asked(found.query.meant)
    if found.total:
        out.followed = query_of(out.corrected or q, filters)
    if shown.number == 1 and not sort and rows and _bears(found, rows[0]):
        out.card = _card(rows[0], out.asked)
    if out.card:
        out.lead, out.hits = out.hits[0], out.hits[1:]
    if not found.whole and not corrected and len(q) <= SLIP_LENGTH:
        out.meant = _offered(q, today)
    if not found.total:
        out.organs = () if out.asked else _organs_for(q, today)
        out.wider = _Here({}).but("q", q) if filters != Filters() else ""
    return out


def looked_up(q: str, filters: Filters, sort: str, today: date) -> tuple[Found, str]:
    """What ``q`` finds; where that is nothing, or a short query holds a word that stands nowhere, what its correction
    finds, and the correction."""
    found = find(q, filters, sort=sort, today=today)
    slip = not found.total or (found.unknown and len(q) <= SLIP_LENGTH)
    if not q or not slip or filters != Filters():
        return found, ""
    corrected = vocabulary.correct(q)
    if corrected:
        better = find(corrected, filters, sort=sort, today=today)
        # A guess that again finds only some of its words is no better than what was typed; pinyin is nothing else.
        if better.total and (better.whole or q.isascii()):
            return better, corrected
    return found, ""


def _offered(q: str, today: date) -> str:
    """What may have been meant by ``q``: only what finds something, or is a matter that somebody is known to be asked about."""
    better = vocabulary.correct(q)
    if not better:
        return ""
    found = find(better, today=today)
    return better if found.whole or any(m.named for m in found.query.meant) else ""


class _Row(NamedTuple):
    """What a hit shows of a document: without the model values of its organ, which take longer to make than the rest."""

    position: int
    key: str
    title: str
    url: str
    kind: str
    number: str
    keywords: str
    day: date | None
    validity: str
    summary: str
    body: str
    organ_id: int | None
    organ__name: str | None
    organ__short_name: str | None


def _rows(positions: Sequence[int]) -> list[_Row]:
    found = SearchDoc.objects.filter(position__in=positions).order_by().values_list(*_Row._fields)
    rows = {row[0]: _Row(*row) for row in found}
    return [rows[position] for position in positions if position in rows]


def _hit(row: _Row, words: Sequence[str]) -> Hit:
    return Hit(
        title=highlight.marked(row.title, words),
        url=row.url,
        kind=kind_label(row.kind),
        number=row.number,
        organ=(row.organ__short_name or row.organ__name or "") if row.kind != "organ" else "",
        day=row.day,
        validity=VALIDITY.get(row.validity, ""),
        ended=row.validity in ("repealed", "expired", "void", "superseded"),
        snippet=highlight.snippet(row.body or row.summary, words),
    )


class _Here:
    """This page's address, to be given other values: some fifty times on a page, so each value is written out once."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.written = {name: self._write(name, value) for name, value in values.items()}

    @staticmethod
    def _write(name: str, value: Any) -> str:
        if isinstance(value, int) and value:  # organs and years, of which there are many
            return f"{name}={value}"
        return urlencode({name: value}) if value else ""

    @property
    def whole(self) -> str:
        """What follows ? in the address of this page."""
        return "&".join(filter(None, self.written.values()))

    def but(self, name: str, value: Any) -> str:
        """The address of this page with ``value`` of ``name``; an empty one leaves it out."""
        return "?" + "&".join(filter(None, {**self.written, name: self._write(name, value)}.values()))


def _facets(
    counted: dict[str, list[tuple[Any, int]]], total: int, filters: Filters, here: _Here
) -> list[Facet]:
    most = SHOWN_VALUES + MORE_VALUES
    names = _organ_names([value for value, _ in counted["organ"][:most]], filters)
    out = []
    for name in FACETS:
        current = getattr(filters, name)
        counts = counted[name]
        if current and current not in [value for value, _ in counts]:
            counts.insert(0, (current, total))
        if len(counts) < 2 and not current:
            continue
        if name == "year":
            counts.sort(key=lambda c: -int(c[0]))
        # What is chosen is shown at once, wherever it stands, so that it can be left again.
        shown = [n for n, (value, _) in enumerate(counts) if n < SHOWN_VALUES or value == current]
        rest = [n for n in range(SHOWN_VALUES, min(len(counts), most)) if n not in shown]
        choices, more = (
            [
                Choice(
                    _label(name, value, names),
                    count,
                    here.but(name, "" if value == current else value),
                    value == current,
                )
                for value, count in (counts[n] for n in part)
            ]
            for part in (shown, rest)
        )
        out.append(Facet(FACET_LABELS[name], choices, more))
    return out


def narrowed(filters: Filters) -> str:
    """What a search was narrowed to, in words; "" where it was not."""
    names = _organ_names([], filters)
    chosen = [(name, getattr(filters, name)) for name in FACETS]
    return "，".join(_label(name, value, names) for name, value in chosen if value)


def _organ_names(counted: list[int], filters: Filters) -> dict[int, str]:
    wanted = {*counted, *([filters.organ] if filters.organ else [])}
    if not wanted:
        return {}
    named = Organ.objects.filter(pk__in=wanted).order_by().values_list("pk", "short_name", "name")
    return {pk: short or name for pk, short, name in named}


def _label(name: str, value: Any, organs: dict[int, str]) -> str:
    if name == "kind":
        return kind_label(value)
    if name == "organ":
        return organs.get(value, "其他机关")
    if name == "year":
        return f"{value} 年"
    return VALIDITY.get(value, str(value)) if name == "validity" else str(value)


def _bears(found: Found, row: _Row) -> bool:
    """Whether the first hit bears what was asked for in its title or number, so that it may stand on top."""
    if found.unknown:  # a guess, or a word of it stands nowhere: not sure enough
        return False
    if row.organ_id in found.places.elsewhere:  # another place's rules and telephone help nobody here
        return False
    ideas = found.query.ideas or found.query.exact
    title = normalise(f"{row.title} {row.number} {row.keywords}")
    borne = [any(normalise(form) in title for form in idea.forms) for idea in ideas]
    if found.rung == "meant":
        # Of plain speech only what is meant stands in titles.
        borne = [any(borne[: len(found.query.sought)])]
    return all(borne) and sum(len(normalise(idea.word)) for idea in ideas) >= CARD_LENGTH


def _card(row: _Row, who: Asked | None) -> answers.Card | None:
    """What belongs to the first hit; None where nothing does."""
    own = Organ.objects.filter(pk=row.organ_id).first() if row.organ_id else None
    organ = who.organ if who and who.organ and _at_home(own) else own
    wrong = organ.contact_errors() if organ else {}
    card = answers.Card(
        links=answers.related(row),
        organ=organ.name if organ else "",
        organ_url=reverse("portal:organ", args=[organ.slug]) if organ else "",
        phone=organ.phone if organ and "联系电话" not in wrong else "",
    )
    return card if card.links or card.phone else None


def _at_home(organ: Organ | None) -> bool:
    """Whether a document of ``organ`` is of the site's own place: another place's is that place's to explain."""
    home = site_organ()
    return home is None or organ is None or organ.path.startswith(home.path)


def _organs_for(text: str, today: date) -> list[answers.Link]:
    """Who may know, when nothing is found: the organs whose duties hold a word of the query."""
    found = find(text, Filters(kind="organ"), today=today)
    away = {row[0] for row in found.facts if row[2] in found.places.elsewhere}
    best = [position for position in found.positions if position not in away][:3]
    rows = SearchDoc.objects.in_bulk(best)
    docs = [rows[position] for position in best if position in rows]
    return [answers.Link(doc.extra.get("phone", ""), doc.title, doc.url) for doc in docs]
