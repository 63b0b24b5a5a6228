"""What people look for and do not find: counted by day and words, without anything that leads to a person."""

from __future__ import annotations

import re
from datetime import date

from django.db import DatabaseError, transaction
from django.db.models import F

from gongkai.search.models import EmptyQuery, QueryStat
from gongkai.search.text import normalise

MAX_KEPT = 60
#: Numbers as long as a telephone's, and addresses of mail, are never written down.
_PERSONAL = re.compile(r"\d{7,}|\S+@\S+|\d{3,4}[- ]\d{7,8}")
_SPACE = re.compile(r"\s+")


def keepable(text: str) -> str:
    """``text`` as the statistics keep it; "" for what might name a person or is too long to be words."""
    text = _SPACE.sub(" ", normalise(text)).strip()
    return "" if not text or len(text) > MAX_KEPT or _PERSONAL.search(text) else text


def count(text: str, empty: bool, today: date) -> None:
    """Count one search. Never the reason why a search fails: a locked database loses the count, not the answer."""
    kept = keepable(text)
    if not kept:
        return
    try:
        with transaction.atomic():
            row, _ = QueryStat.objects.get_or_create(day=today, query=kept)
            QueryStat.objects.filter(pk=row.pk).update(asked=F("asked") + 1, empty=F("empty") + int(empty))
            if empty:
                waiting, _ = EmptyQuery.objects.get_or_create(
                    query=kept, defaults={"first_on": today, "last_on": today}
                )
                EmptyQuery.objects.filter(pk=waiting.pk).update(asked=F("asked") + 1, last_on=today)
    except DatabaseError:
        return
