"""The demonstration county's visits: invented, the same on every machine, added through the ledger like real ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from gongkai.demo.context import DemoContext
from gongkai.normative.selectors import public_documents
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.portal.visits import ledger
from gongkai.portal.visits.rules import Address, address_of
from gongkai.publication.models import AttachmentUse, DisclosurePage

COUNTY = "ltq"
#: Of an ordinary day, in tenths: Monday to Sunday, and January to December (annual reports and budgets, then schools).
WEEKDAYS: Final = (12, 12, 11, 11, 10, 5, 4)
MONTHS: Final = (11, 8, 12, 11, 10, 10, 9, 10, 11, 9, 10, 10)


def load(context: DemoContext, data: dict[str, Any]) -> int:
    """Visits of the last ``data["months"]`` months up to yesterday; how many."""
    daily = [(address, number) for path, number in _daily(context, data) if (address := address_of(path))]
    day = date(context.today.year - 2, context.today.month, 1)
    while (context.today.year - day.year) * 12 + context.today.month - day.month >= data["months"]:
        day = (day + timedelta(days=32)).replace(day=1)
    counts: dict[tuple[date, Address], int] = {}
    while day < context.today:
        for place, (address, number) in enumerate(daily):
            # The last digit turns the same number into days that differ, always the same way.
            uneven = 8 + (7 * place + 3 * day.toordinal()) % 5
            views = number * WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * uneven // 1000
            if views:
                counts[day, address] = views
        day += timedelta(days=1)
    return ledger.add(counts, context.today)


def _daily(context: DemoContext, data: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Addresses, with the visits of an ordinary day."""
    yield from data["pages"].items()
    path = context.organ(COUNTY).path
    items = DisclosurePage.objects.filter(subtree(path, "organ__"), shown=True).order_by(
        "-published_at", "pk"
    )
    for kind, (number, most) in data["items"].items():
        found = list(items.filter(kind=kind).select_related("column")[:number])
        for n, page in enumerate(found):
            yield page.public_url, most // (n + 1)
            yield page.column.url, most // (n + 2)
    for n, row in enumerate(
        public_documents().filter(subtree(path, "organ__"))[: data["items"]["policy"][0]]
    ):
        yield row.get_absolute_url(), data["items"]["policy"][1] // (n + 1)
        yield f"{row.get_absolute_url().rstrip('/')}.pdf", data["downloads"][1] // (n + 1)
    number, most = data["organs"]
    for n, organ in enumerate(Organ.objects.filter(subtree(path)).order_by("path")[:number]):
        for address in (f"/organs/{organ.slug}/", f"/reports/{organ.slug}/{context.today.year - 1}/"):
            yield address, most // (n // 3 + 1)
    number, most = data["downloads"]
    uses = AttachmentUse.objects.filter(page__shown=True).order_by("attachment").values_list("attachment")
    for n, (pk,) in enumerate(uses.distinct()[:number]):
        yield f"/disclosure/files/{pk}/", most // (n // 2 + 1)
