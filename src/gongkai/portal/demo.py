"""What the public of the demonstration county searched for, did not find, and said of pages: counts, as kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gongkai.demo.context import DemoContext
from gongkai.portal.models import PageFeedback
from gongkai.portal.visits import demo as demo_visits
from gongkai.publication.models import DisclosurePage
from gongkai.search.models import EmptyQuery, QueryStat

FILE = "readers.yaml"
#: Fewer people look on Saturdays and Sundays; tenths of an ordinary day, Monday first.
WEEKDAYS = (12, 11, 10, 11, 10, 4, 3)


def load(context: DemoContext) -> None:
    """Twelve weeks of searches, the words that found nothing, and the answers to “这页有用吗”."""
    data = context.data(FILE)
    rows = [*_searches(data, context), *_empty(data, context)]
    # What somebody really searched for on one of these days stays as it was counted.
    QueryStat.objects.bulk_create(rows, ignore_conflicts=True)
    pages = _feedback(data, context)
    visits = demo_visits.load(context, data["visits"])
    context.log(f"搜索统计 {sum(r.asked for r in rows)} 次，页面评价 {pages} 页，访问量 {visits} 次")


def _searches(data: dict[str, Any], context: DemoContext) -> list[QueryStat]:
    rows = []
    for back in range(7 * data["weeks"]):
        day = context.today - timedelta(days=back)
        for n, (query, tenths) in enumerate(data["searches"].items()):
            # The last digit turns the same number into days that differ, always the same way.
            asked = (tenths * WEEKDAYS[day.weekday()] + (7 * n + 3 * back) % 10 * 10) // 100
            if asked:
                rows.append(QueryStat(day=day, query=query, asked=asked))
    return rows


def _empty(data: dict[str, Any], context: DemoContext) -> list[QueryStat]:
    rows = []
    for n, (query, times) in enumerate(data["empty"].items()):
        days = [context.today - timedelta(days=2 + n + 5 * i) for i in range(min(times, 12))]
        share, rest = divmod(times, len(days))
        for i, day in enumerate(days):
            asked = share + (i < rest)
            rows.append(QueryStat(day=day, query=query, asked=asked, empty=asked))
        found = {"asked": times, "first_on": days[-1], "last_on": days[0]}
        EmptyQuery.objects.get_or_create(query=query, defaults=found)
    return rows


def _feedback(data: dict[str, Any], context: DemoContext) -> int:
    made = 0
    for line in data["feedback"]:
        kind, nth = line.pop("kind"), line.pop("nth")
        found = DisclosurePage.objects.filter(kind=kind, shown=True, organ__path__startswith=_county(context))
        page = found.select_related("organ").order_by("-published_at", "pk")[nth : nth + 1].first()
        if page is None:
            continue
        PageFeedback.objects.create(
            path=page.public_url, title=page.title, organ=page.organ, last_on=context.today, **line
        )
        made += 1
    return made


def _county(context: DemoContext) -> str:
    path: str = context.organ("ltq").path
    return path
