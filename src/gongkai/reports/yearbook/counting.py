"""What the platform counts for the form itself. Four queries, however many items and organs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.publication.models import InterpretationPage, Release, TopicPage
from gongkai.publication.selectors import year_span
from gongkai.publication.vocab import Channel, ContentClass, Form

_CLASSES = {
    ContentClass.OVERVIEW: "news.overview",
    ContentClass.NEWS: "news.dynamic",
    ContentClass.STATUTORY: "news.catalogue",
    ContentClass.GRASSROOTS: "news.catalogue",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A number that an app above has for an item that is entered: it stands where nobody entered another.

    ``how`` says by which rule it was counted, ``url`` leads to the figures behind it.
    """

    number: int
    how: str
    url: str


_OFFERS: dict[str, Callable[[Organ, int], Offer | None]] = {}


def register_offer(key: str, offer: Callable[[Organ, int], Offer | None]) -> None:
    """Have the item ``key`` offered a number by an app above; None where it has none for that organ and year."""
    _OFFERS[key] = offer


def offered(organ: Organ, year: int) -> dict[str, Offer]:
    """Key → what the apps above have for ``organ`` (and what is below it) and ``year``."""
    found = ((key, offer(organ, year)) for key, offer in _OFFERS.items())
    return {key: offer for key, offer in found if offer is not None}


def counted(organ: Organ, year: int) -> dict[str, int]:
    """Key → number, for every computed item of the form of ``organ`` and what is below it."""
    below = Organ.objects.filter(subtree(organ.path)).order_by().values("pk")
    return _releases(below, year) | _topics(below, year) | _readings(below, year)


def _releases(below: object, year: int) -> dict[str, int]:
    out = dict.fromkeys(("news.total", *_CLASSES.values()), 0)
    rows = Release.objects.filter(
        state=Release.State.DONE, year=year, channel=Channel.PORTAL, organ__in=below
    ).order_by()
    for content_class, number in rows.values_list("content_class").annotate(n=Sum("count")):
        out[_CLASSES[ContentClass(content_class)]] += number
        out["news.total"] += number
    return out


def _topics(below: object, year: int) -> dict[str, int]:
    first, last = year_span(year)
    found = TopicPage.objects.filter(live=True, organ__in=below, first_published_at__lte=last).aggregate(
        kept=Count("pk"), opened=Count("pk", filter=Q(first_published_at__gte=first))
    )
    return {"topics.kept": found["kept"], "topics.opened": found["opened"]}


def _readings(below: object, year: int) -> dict[str, int]:
    found = InterpretationPage.objects.filter(
        shown=True, organ__in=below, published_at__range=year_span(year)
    ).aggregate(total=Count("pk"), text=Count("pk", filter=Q(form=Form.TEXT)))
    return {
        "readings.total": found["total"],
        "readings.text": found["text"],
        "readings.product": found["total"] - found["text"],
    }
