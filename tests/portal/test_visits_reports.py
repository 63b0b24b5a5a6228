"""访问量 in the reports: the website's yearly form and the sentences of the annual report, with what they are traced to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.portal.visits import ledger, selectors
from gongkai.portal.visits.reporting import FIELDS
from gongkai.portal.visits.rules import Address, Kind, Section
from gongkai.reports.models import YearbookEntry
from gongkai.reports.narrative import ledgerfields, outline
from gongkai.reports.narrative.fields import Figures
from gongkai.reports.yearbook.forming import form_of, frozen
from gongkai.reports.yearbook.services import save_entries
from tests.reports.world import World

YEAR = 2025
HOME = Address("/", Kind.PAGE, Section.HOME)
LTQ = Address("/reports/ltq/2024/", Kind.PAGE, Section.REPORTS)
DEPT = Address("/reports/ltq-czj/2024/", Kind.PAGE, Section.REPORTS)
BGQ = Address("/reports/bgq/2024/", Kind.PAGE, Section.REPORTS)
FILE = Address("/reports/ltq/2024/report.pdf", Kind.FILE, Section.REPORTS)


@pytest.fixture
def counted(world: World) -> World:
    day, before = date(YEAR, 5, 1), date(YEAR - 1, 12, 31)
    counts = {
        (day, HOME): 100,
        (day, LTQ): 20,
        (day, DEPT): 3,
        (day, BGQ): 40,
        (day, FILE): 5,
        (before, HOME): 1,
    }
    ledger.add(counts, date(YEAR, 6, 1))
    return world


def test_the_owner_of_the_site_counts_what_is_below_it_and_others_their_own(counted: World) -> None:
    site = selectors.year_of(counted.ltq, YEAR, below=False)
    assert site is not None
    assert (site.total, site.disclosure, site.files, site.remark) == (123, 23, 5, "")
    assert selectors.year_of(counted.ltq, YEAR, below=True) == site
    dept, other = (selectors.year_of(o, YEAR, below=True) for o in (counted.dept, counted.bgq))
    assert dept is not None
    assert other is not None
    assert (dept.total, other.total) == (3, 40)
    assert selectors.year_of(counted.ltq, YEAR + 1, below=True) is None


def test_a_year_that_was_counted_in_part_says_so(world: World) -> None:
    ledger.add({(date(YEAR, 10, 8), HOME): 9}, date(YEAR, 11, 1))
    found = selectors.year_of(world.ltq, YEAR, below=True)
    assert found is not None
    assert found.remark == "（自10月8日起统计）"
    figures = ledgerfields.figures(world.ltq, YEAR, True, FIELDS)
    assert figures["访问量统计说明"] == "（自10月8日起统计）"


def test_the_yearly_form_takes_the_number_where_nobody_entered_another(counted: World) -> None:
    value = form_of(counted.ltq, YEAR).values["visits.total"]
    assert (value.text, value.counted) == ("123", True)
    assert "浏览量，不是人数" in value.source
    assert "访问量“网站总访问量”" not in form_of(counted.ltq, YEAR).missing
    assert "访问量“独立用户访问总量”" in form_of(counted.ltq, YEAR).missing, (
        "nobody is told apart, so nobody is counted"
    )
    line = frozen(form_of(counted.ltq, YEAR), {})["parts"][0]["lines"][1]
    assert (line["value"], line["counted"]) == ("123", True)
    save_entries(counted.director, counted.ltq, YEAR, {"visits.total": "931508"}, source="统计系统")
    value = form_of(counted.ltq, YEAR).values["visits.total"]
    assert (value.text, value.source, value.counted) == ("931508", "统计系统", False)
    assert value.offer is not None
    save_entries(counted.director, counted.ltq, YEAR, {"visits.total": ""}, source="统计系统")
    assert form_of(counted.ltq, YEAR).values["visits.total"].text == "123"


def test_the_screen_leads_to_the_figures_and_saving_the_part_enters_nothing(counted: World) -> None:
    client = Client()
    client.force_login(counted.director, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("annual-reports:yearbook") + f"?organ={counted.ltq.pk}&year={YEAR}"
    text = client.get(address).content.decode()
    trace = f"{reverse('visits')}?organ={counted.ltq.pk}&amp;year={YEAR}&amp;month="
    assert f'平台统计 <a href="{trace}">123</a>' in text
    assert 'name="visits.total" value=""' in text
    assert client.get(trace.replace("&amp;", "&")).context["figures"]["total"] == 123
    client.post(address, {"part": "0", "visits.users": "50", "visits.total": "", "source": "统计系统"})
    assert set(YearbookEntry.objects.values_list("key", flat=True)) == {"visits.users"}


def test_sentences_are_offered_where_there_is_something_to_say(counted: World) -> None:
    def offered(organ: Any, year: int) -> list[str]:
        extra = {"报告年度": str(year), **ledgerfields.figures(organ, year, True, outline.names("1"))}
        found = outline.offers("1", Figures(year, {}, None, extra))
        return [offer.shown for offer in found if offer.strand == "platform"]

    assert offered(counted.ltq, YEAR) == [
        "2025年，政府信息公开专栏访问量23次。", "2025年，网站访问量123次、文件下载5次。",
    ]  # fmt: skip
    assert offered(counted.ltq, YEAR + 1) == []
    assert ledgerfields.source_url("网站访问量") == "visits"


def test_a_report_costs_a_fixed_number_of_queries(counted: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        ledgerfields.figures(counted.ltq, YEAR, True, {"网站访问量"})
    with django_assert_num_queries(7):
        form_of(counted.ltq, YEAR)
