"""Fifty simultaneous filings and registrations: no duplicate or missing number, none lost, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest

from tests.applications import simultaneous


def whole(result: dict[str, Any]) -> None:
    """Nothing lost, nothing twice, nothing missing, every chain whole."""
    number = simultaneous.WRITERS
    assert not result["errors"], "\n".join(result["errors"])
    assert result["kept"] is True
    assert result["filed"] == result["descriptions"] == result["receipts"] == result["numbers"] == number
    assert result["serials"] == list(range(1, number + 1))
    assert [tuple(c) for c in result["counters"]] == [(simultaneous.DAY.year, number)]
    assert result["events"] == 3 * number
    assert result["broken_events"] == []
    assert result["broken_audit"] == []


def one_wins(result: dict[str, Any]) -> None:
    """Of twenty who do the same thing at the same moment one succeeds, the others are told why not."""
    assert result == {
        "registered": 1, "appended": 1, "refusals": ["ValidationError"], "serial_step": 1, "events": 3,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_on_the_configured_database():
    place = simultaneous.organ()
    whole(simultaneous.hammer(place))
    one_wins(simultaneous.collide(place))


@pytest.mark.postgres
def test_fifty_at_once_on_postgresql(at_once_on_postgresql):
    result = at_once_on_postgresql("tests.applications.simultaneous")
    whole(result["hammer"])
    one_wins(result["collide"])
