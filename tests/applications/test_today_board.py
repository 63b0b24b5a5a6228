"""今天, 统计 and the daily refresh."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.applications import selectors, services
from gongkai.applications.desk.statistics import Rate, columns
from gongkai.applications.management.commands.refresh_applications import refresh_stale
from gongkai.applications.models import Application, EventRecord
from gongkai.applications.services.assignment import assign
from gongkai.law.case import (
    CorrectionRequested,
    Decided,
    Searched,
    ThirdPartyConsulted,
)
from gongkai.organs.desk.today import Kind, gather
from gongkai.organs.scope import SYSTEM
from tests.applications.desk_world import filed, make_county, person, received

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 13)  # a Wednesday
ADD = selectors.calendar().add_working_days


@pytest.fixture
def county():
    return make_county()


def due_in(organ, days, text="道路维修预算", today=TODAY):
    """A case whose answer is due ``days`` working days after ``today``."""
    case = received(organ, text, on=ADD(today, days - 20), today=today)
    assert case.due_on == ADD(today, days)
    return case


def titles(user, kind, today=TODAY):
    return [t.title for t in gather(user, today) if t.kind is kind]


def test_due_dates_fall_into_their_numbers(county):
    cases = {days: due_in(county.county, days) for days in (-2, 1, 3, 4, 5, 9)}
    assert [t.split("　")[0] for t in titles(county.officer, Kind.OVERDUE)] == [str(cases[-2])]
    assert [t.split("　")[0] for t in titles(county.officer, Kind.SOON)] == [str(cases[1]), str(cases[3])]
    assert [t.split("　")[0] for t in titles(county.officer, Kind.WEEK)] == [str(cases[4]), str(cases[5])]
    reasons = [t.reason for t in gather(county.officer, TODAY) if t.kind is Kind.OVERDUE]
    assert "已逾期 2 个工作日" in reasons[0]
    assert not titles(county.stranger, Kind.OVERDUE)


def test_what_is_mine_and_what_nobody_has(county):
    mine, free = due_in(county.county, 12), due_in(county.county, 13)
    soon = due_in(county.county, 2)
    for case in (mine, soon):
        assign(county.director, case, county.officer)
    work = titles(county.officer, Kind.WORK)
    assert any(str(mine) in t for t in work)
    assert not any(str(soon) in t for t in work)  # already under 三日内到期
    assert any(t.startswith("1 件申请尚未分派") for t in work)
    assert not any(str(free) in t for t in work)
    assert titles(county.editor, Kind.WORK) == []


def test_who_decided_is_not_asked_to_sign(county):
    case = due_in(county.county, 8)
    services.act(county.director, case, Searched(on=TODAY, places="档案室", found=True), today=TODAY)
    services.act(county.director, case, Decided(on=TODAY, outcome="granted", variant="provided"), today=TODAY)
    assert any(str(case) in t for t in titles(county.leader, Kind.REVIEW))
    assert not any(str(case) in t for t in titles(county.director, Kind.REVIEW))
    assert titles(county.officer, Kind.REVIEW) == []


def test_paused_cases_say_what_they_wait_for(county):
    asked = due_in(county.county, 18)
    services.act(SYSTEM, asked, CorrectionRequested(on=TODAY, items=("写明文号",), days=10), today=TODAY)
    consulting = due_in(county.county, 12)
    services.act(SYSTEM, consulting, ThirdPartyConsulted(on=TODAY, letter="1", party="某公司"), today=TODAY)
    reasons = {
        t.title.split("　")[0]: t.reason for t in gather(county.officer, TODAY) if t.kind is Kind.PAUSED
    }
    assert "等待申请人补正，还有 10 个工作日" in reasons[str(asked)]
    assert "正在征求意见" in reasons[str(consulting)]


def test_confirmations_are_late_by_the_organ_s_limit(county):
    filed(county.county, on=TODAY)
    late = filed(county.county, on=ADD(TODAY, -3), today=TODAY)
    assert any(str(late) in t for t in titles(county.officer, Kind.OVERDUE))
    assert any("1 件申请待确认收到" in t for t in titles(county.officer, Kind.SOON))


def test_the_board_takes_the_same_queries_for_many_cases(county):
    due_in(county.county, 2)
    gather(county.officer, TODAY)
    with CaptureQueriesContext(connection) as few:
        gather(county.officer, TODAY)
    for days in (-3, -2, -1, 1, 2, 3, 4, 5, 12, 13) * 3:
        due_in(county.county, days)
        filed(county.county, on=TODAY)
    with CaptureQueriesContext(connection) as many:
        tasks = gather(county.officer, TODAY)
    assert len(many) <= len(few) + 6  # "另有 n 件" counts what is beyond the lines
    assert sum(t.count for t in tasks if t.kind is Kind.OVERDUE) == 9


def test_the_page_shows_the_new_numbers_only_when_they_count(county):
    client = county.client(county.officer)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "暂停中" not in page
    today = timezone.localdate()
    case = received(county.county, on=today, today=today)
    services.act(SYSTEM, case, CorrectionRequested(on=today, items=("写明文号",)), today=today)
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "暂停中" in page
    assert str(case) in page


# --- refresh -----------------------------------------------------------------------------------------------


def test_a_consultation_moves_the_deadline_day_by_day_and_twice_is_once(county):
    case = due_in(county.county, 12)
    services.act(SYSTEM, case, ThirdPartyConsulted(on=TODAY, letter="1", party="某公司"), today=TODAY)
    before = case.due_on
    later = ADD(TODAY, 4)
    assert refresh_stale(later)[0] == 1
    case.refresh_from_db()
    assert case.due_on == ADD(before, 4)
    assert case.folded_on == later
    assert refresh_stale(later) == (0, [])
    assert EventRecord.objects.filter(application=case).count() == 4  # nothing was recorded


def test_a_damaged_case_does_not_keep_the_others(county, monkeypatch):
    good, bad = due_in(county.county, 12), due_in(county.county, 13)
    from gongkai.applications.management.commands import refresh_applications as command

    real = command.refresh
    monkeypatch.setattr(
        command,
        "refresh",
        lambda c, t: real(c, t) if c.pk == good.pk else (_ for _ in ()).throw(ValueError("坏")),
    )
    done, failed = refresh_stale(ADD(TODAY, 1))
    assert done == 1
    assert failed == [(str(bad), "ValueError：坏")]


def test_the_command_says_what_it_did(county):
    today = timezone.localdate()
    for name, number in (("王一", "110101199003071233"), ("李二", "640302198501015678")):
        filed(county.county, "西湖公园绿化养护合同", who=person(name, number), on=today)
    Application.objects.update(folded_on=today - timedelta(days=1))
    out = StringIO()
    call_command("refresh_applications", stdout=out)
    assert "重新计算 2 件" in out.getvalue()
    assert "应公开建议待处理 1 条" in out.getvalue()
    page = county.client(county.officer).get(reverse("disclosure-suggestions:index")).content.decode()
    assert "西湖公园绿化养护合同" in page


# --- statistics --------------------------------------------------------------------------------------------


def test_a_share_of_nothing_is_no_share():
    assert (str(Rate(0, 0)), Rate(0, 0).of) == ("—", "0 / 0")
    assert str(Rate(28, 29)) == "96.6%"


def test_bars_are_to_scale_and_inside_the_drawing():
    (new, closed) = columns([[0, 5, 10], [1, 0, 10]])
    assert new[2].height == closed[2].height == max(b.height for b in new)
    assert new[1].height == pytest.approx(new[2].height / 2)
    assert all(b.x >= 0 and b.x + b.width <= 720 and b.y >= 0 for b in (*new, *closed))
    assert columns([[], []]) == [[], []]


def test_the_page_shows_both_numbers_of_a_rate_and_leads_to_the_cases(county):
    from tests.applications.test_ledger_pages import answered

    answered(county.county, date(2025, 3, 3), date(2025, 3, 20))
    late = answered(county.department, date(2025, 6, 2), date(2025, 9, 1))
    client = county.client(county.officer)
    page = client.get(reverse("applications_statistics"), {"year": 2025})
    text = page.content.decode()
    assert "50.0%" in text
    assert "按期 1 件，已答复 2 件" in text
    assert "<svg" in text
    assert text.count("<table") >= 6
    new = next(n for n in page.context["numbers"] if n["label"] == "本年新收")
    assert new["value"] == 2
    listed = client.get(new["url"]).context["object_list"]
    assert len(listed) == 2
    theirs = client.get(reverse("applications_statistics"), {"year": 2025, "organ": county.department.pk})
    assert [line["organ"] for line in theirs.context["organs"]] == [county.department]
    assert late.late
    empty = client.get(reverse("applications_statistics"), {"year": 2023})
    assert "—" in empty.content.decode()
    assert empty.status_code == 200


def test_statistics_end_at_the_subtree_and_take_a_fixed_number_of_queries(county):
    received(county.county)
    client = county.client(county.stranger)
    page = client.get(reverse("applications_statistics"), {"organ": county.county.pk, "year": 2026})
    assert page.context["organ"] == county.neighbour
    assert next(n for n in page.context["numbers"] if n["label"] == "本年新收")["value"] == 0
    ours = county.client(county.officer)
    ours.get(reverse("applications_statistics"))
    with CaptureQueriesContext(connection) as few:
        ours.get(reverse("applications_statistics"), {"year": 2026})
    for n in range(20):
        received(county.department, f"第{n}号道路维修预算")
    with CaptureQueriesContext(connection) as many:
        ours.get(reverse("applications_statistics"), {"year": 2026})
    assert len(many) <= len(few)
