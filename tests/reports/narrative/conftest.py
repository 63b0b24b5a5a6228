import pytest

from gongkai.organs.scope import SYSTEM
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.models import AnnualReport
from tests.reports.world import World


@pytest.fixture
def row(world: World) -> AnnualReport:
    """利通区's draft of this year, compiled from (empty) ledgers; the report of last year is published."""
    return start_draft(SYSTEM, world.ltq, 2026, "region")
