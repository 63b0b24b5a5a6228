"""Fixtures of the platform tests."""

from __future__ import annotations

import pytest

from tests.platform.world import MARKER, World


@pytest.fixture
def world(db: None) -> World:
    from gongkai.organs import testing

    a = testing.make_organ(f"{MARKER}人民政府", slug="a")
    b = testing.make_organ("乙区人民政府", slug="b")
    return World(
        a=a,
        b=b,
        dept_a=testing.make_organ(f"{MARKER}教育局", a, slug="a-edu"),
        director_a=testing.make_user(a, name="甲主任"),
        director_b=testing.make_user(b, name="乙主任"),
        admin=testing.make_superuser(),
    )


@pytest.fixture(autouse=True, scope="session")
def _factories() -> None:
    from tests.platform.factories import register_missing

    register_missing()
