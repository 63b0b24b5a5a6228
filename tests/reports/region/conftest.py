import pytest

from tests.reports.region.land import Land, build


@pytest.fixture
def land(db: None) -> Land:
    return build()
