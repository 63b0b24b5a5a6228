"""Table 3 counted by ranges is what its own conditions give, whatever years cases were received and closed in."""

from __future__ import annotations

from random import Random

import pytest

from gongkai.annualreport.schema import APPLICANT_KINDS, OUTCOME_ROWS
from gongkai.applications.models import Applicant, Application
from gongkai.applications.table3 import cases_of, condition, table3
from gongkai.organs.testing import make_organ


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_equals_the_count_of_its_own_condition(seed: int) -> None:
    rng = Random(seed)
    organ = make_organ()
    child = make_organ("下属局", organ)
    applicant = Applicant.objects.create(kind="natural", masked_name="张**", name="张三三")
    cases = []
    for n in range(120):
        new = rng.choice((None, 2022, 2023, 2024, 2025))
        closed = rng.choice((None, *range(new, 2027))) if new else rng.choice((None, 2024))
        cases.append(
            Application(
                organ=rng.choice((organ, child)), applicant=applicant, receipt=f"T{n:07d}", code_digest="",
                channel="online", description="甲", column=rng.choice((*APPLICANT_KINDS, "")),
                row=rng.choice(OUTCOME_ROWS).key if closed else "", year_new=new, year_closed=closed,
            )
        )  # fmt: skip
    Application.objects.bulk_create(cases)
    for year in (2021, 2022, 2024, 2026):
        for key, count in table3(organ, year).items():
            wanted = cases_of(organ).filter(condition(key, year), column__in=APPLICANT_KINDS).count()
            assert count == wanted, (year, key)
