"""Replacing the words of events after the retention period, so that the case's chain of digests still verifies.

Events are chained and append-only, and people are named in them: reasons given, who was consulted, what was asked for. The
law's facts (kind, dates, outcome, opinion, amounts, numbers) stay, so the case folds to the same state and the same
statistics; the words give way to :data:`GONE`. For each changed event a tombstone keeps the digest of what it says now.
"""

from __future__ import annotations

from typing import Any

from gongkai.applications.models import Application, EventRecord, EventTombstone
from gongkai.applications.services.acts import digest_of

GONE = "（已去标识）"
#: Fields that hold somebody's words or name. Numbers of cases and letters, names of organs and of who signed stay.
WORDS = frozenset(
    {
        "evidence", "items", "item", "party", "grounds", "places", "terms", "text", "reason", "content", "excuse",
        "summary", "conclusion", "override", "to", "contact", "tracking", "receipt",
    }
)  # fmt: skip


def without_words(data: dict[str, Any]) -> dict[str, Any]:
    """An event as stored, with every word that may name a person replaced; what was empty stays empty."""
    return {name: _plain(value, name in WORDS) for name, value in data.items()}


def _plain(value: Any, words: bool) -> Any:
    if isinstance(value, dict):
        return without_words(value)
    if isinstance(value, list):
        return [_plain(one, words) for one in value]
    return GONE if words and isinstance(value, str) and value.strip() else value


def bury(application: Application) -> int:
    """Replace the words of every event of the case, each with its tombstone first; how many. Idempotent."""
    count = 0
    for row in application.records.filter(tombstone=None).order_by("position"):
        fresh = without_words(row.data)
        if fresh == row.data:
            continue
        row.data = fresh
        EventTombstone.objects.create(record=row, original=row.digest, redacted=digest_of(row))
        # Past the model's guard, which like the database's trigger refuses every other change.
        EventRecord.objects.filter(pk=row.pk).update(data=fresh)
        count += 1
    return count
