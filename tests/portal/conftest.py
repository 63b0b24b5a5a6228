import pytest
from django.core.cache import caches

from tests.reports.world import World, build


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Counters of earlier tests (so many checks a minute) must not reach the next."""
    for name in ("default", "limits"):
        caches[name].clear()


@pytest.fixture
def world(db: None) -> World:
    return build()
