import pytest

from tests.reports.flow.county import County, build


@pytest.fixture
def county(db: None) -> County:
    return build()
