"""The course of a remedy: periods, what may follow what, the case opened again, who may do it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from gongkai.applications.models import EventRecord
from gongkai.applications.services.acts import act
from gongkai.applications.table3 import table3
from gongkai.law.calendar import default_calendar
from gongkai.law.case import Decided, Kind, Served, ServiceWay, Signed
from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.remedies import selectors
from gongkai.remedies.evidence import listing
from gongkai.remedies.grouping import save_settings
from gongkai.remedies.kinds import Instance, Result, State, Step
from gongkai.remedies.kinds import Kind as RemedyKind
from gongkai.remedies.models import Remedy, RemedySettings
from gongkai.remedies.services import (
    Notified,
    Outcome,
    correct_step,
    record_result,
    register_remedy,
    take_step,
)
from gongkai.remedies.table4 import table4
from tests.remedies.remedy_world import TODAY, answered_case, decided, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ() -> Organ:
    return make_organ("测试区人民政府")


def test_the_periods_come_from_the_law(organ: Organ) -> None:
    ordinary = told(organ, date(2026, 11, 16))
    simple = told(organ, date(2026, 11, 16), procedure="simple")
    suit = told(organ, date(2026, 11, 16), RemedyKind.SUIT_DIRECT)
    assert [r.reply_due for r in (ordinary, simple, suit)] == [
        date(2026, 11, 30),
        date(2026, 11, 23),
        date(2026, 12, 1),
    ]
    assert ordinary.next_due == ordinary.evidence_due == ordinary.reply_due
    take_step(SYSTEM, ordinary, Step.HEARING, date(2026, 11, 18), data={"procedure": "simple"}, today=TODAY)
    assert ordinary.reply_due == date(2026, 11, 23)


def test_a_decision_set_aside_opens_the_case_again_and_its_answer_closes_the_order(organ: Organ) -> None:
    case = answered_case(organ)
    today = timezone.localdate()
    year = case.year_closed
    before = table3(organ, year)
    remedy = told(organ, today - timedelta(days=30), application=case)
    served = default_calendar().next_working_day(today - timedelta(days=8))
    decided(
        remedy,
        Result.REVOKED_REDO,
        served - timedelta(days=1),
        served_on=served,
        document="某行复决〔2026〕1号",
        redo_days=15,
    )
    case.refresh_from_db()
    reopened = EventRecord.objects.get(application=case, kind=Kind.REOPENED).event()
    assert (reopened.on, reopened.days, reopened.document) == (served, 15, "某行复决〔2026〕1号")
    assert case.due_on == default_calendar().add_working_days(served, 15) == remedy.next_due
    assert remedy.state == State.COMPLYING
    with pytest.raises(ValidationError, match="尚未登记履行"):
        take_step(SYSTEM, remedy, Step.CLOSED, today)
    for event in (
        Decided(on=served + timedelta(days=1), outcome="granted"),
        Signed(on=served + timedelta(days=2), letter_no="测答〔2026〕2号", signed_by="分管负责人"),
        Served(on=served + timedelta(days=3), way=ServiceWay.DIRECT),
    ):
        act(SYSTEM, case, event, today=today)
    remedy.refresh_from_db()
    assert (remedy.state, remedy.complied_on) == (State.DECIDED, served + timedelta(days=3))
    take_step(SYSTEM, remedy, Step.CLOSED, today)
    assert remedy.state == State.CLOSED
    assert table3(organ, year)["t3.new.total"] == before["t3.new.total"]


def test_a_result_that_orders_nothing_leaves_the_case_alone(organ: Organ) -> None:
    case = answered_case(organ)
    remedy = told(organ, timezone.localdate() - timedelta(days=30), application=case)
    decided(remedy, Result.ILLEGAL, timezone.localdate() - timedelta(days=2))
    case.refresh_from_db()
    assert not case.is_open
    assert remedy.state == State.DECIDED


@pytest.mark.parametrize(
    ("step", "words"), [(Step.SERVED, "先登记结果"), (Step.CLOSED, "先登记结果"), (Step.LESSON, "有了结果")]
)
def test_what_does_not_follow_is_refused_with_a_sentence(organ: Organ, step: Step, words: str) -> None:
    remedy = told(organ, date(2026, 11, 2))
    with pytest.raises(ValidationError, match=words):
        take_step(SYSTEM, remedy, step, date(2026, 11, 5), today=TODAY)
    assert remedy.steps.count() == 1


def test_days_that_cannot_be(organ: Organ) -> None:
    remedy = told(organ, date(2026, 11, 2))
    with pytest.raises(ValidationError, match="早于"):
        take_step(SYSTEM, remedy, Step.REPLIED, date(2026, 11, 1), today=TODAY)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        take_step(SYSTEM, remedy, Step.REPLIED, TODAY + timedelta(days=1), today=TODAY)
    with pytest.raises(ValidationError, match="不能早于作出日期"):
        record_result(
            SYSTEM, remedy, Outcome(result=Result.UPHELD, decided_on=date(2026, 11, 9), served_on=date(2026, 11, 8)),
            today=TODAY,
        )  # fmt: skip


def test_a_struck_result_is_taken_again(organ: Organ) -> None:
    remedy = decided(told(organ, date(2026, 9, 1)), Result.UPHELD, date(2026, 10, 20))
    correct_step(SYSTEM, remedy, 2, "结果选错")
    assert (remedy.result, remedy.group, remedy.year_closed) == ("", "", None)
    decided(remedy, Result.REVOKED, date(2026, 10, 20))
    assert remedy.group == "corrected"
    with pytest.raises(ValidationError, match="没有可更正"):
        correct_step(SYSTEM, remedy, 2, "再撤一次")


def test_steps_are_kept_for_good(organ: Organ) -> None:
    step = told(organ, date(2026, 11, 2)).steps.get()
    with pytest.raises(TypeError):
        step.save()
    with pytest.raises(TypeError):
        step.delete()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.INSPECTOR, Role.SECRECY])
def test_roles_that_only_look_do_nothing(organ: Organ, role: str) -> None:
    remedy = told(organ, date(2026, 11, 2))
    person = make_user(organ, role)
    acts = (
        lambda: register_remedy(
            person,
            organ,
            Notified(kind="reconsideration", received_on=TODAY, authority="某府", case_text="x"),
            today=TODAY,
        ),
        lambda: take_step(person, remedy, Step.REPLIED, TODAY, today=TODAY),
        lambda: record_result(person, remedy, Outcome(result=Result.UPHELD, decided_on=TODAY), today=TODAY),
        lambda: correct_step(person, remedy, 1, "理由", on=TODAY),
        lambda: save_settings(person, RemedySettings(organ=organ, first_year=2025, source="x")),
    )
    for one in acts:
        with pytest.raises(PermissionDenied):
            one()


def test_another_organs_officer_does_nothing(organ: Organ) -> None:
    remedy = told(organ, date(2026, 11, 2))
    stranger = make_user(make_organ("别处区人民政府"), Role.DIRECTOR)
    for one in (
        lambda: take_step(stranger, remedy, Step.REPLIED, TODAY, today=TODAY),
        lambda: correct_step(stranger, remedy, 1, "理由", on=TODAY),
    ):
        with pytest.raises(PermissionDenied):
            one()


def test_names_are_sealed_masked_and_out_of_the_trail(organ: Organ) -> None:
    remedy = told(organ, date(2026, 11, 2), applicant_name="欧阳小花")
    with connection.cursor() as cursor:
        cursor.execute("SELECT applicant_name, masked_name FROM remedies_remedy WHERE id = %s", [remedy.pk])
        sealed, masked = cursor.fetchone()
    assert "欧阳" not in sealed
    assert masked == "欧***"
    assert not [e for e in AuditEntry.objects.all() if "欧阳" in str(e.changes) + e.object_label + e.reason]
    assert Remedy.objects.get(pk=remedy.pk).applicant_name == "欧阳小花"


def test_the_case_must_be_the_organs_own(organ: Organ) -> None:
    case = answered_case(make_organ("别处区人民政府"))
    with pytest.raises(ValidationError, match="不是该机关办理"):
        told(organ, TODAY, application=case)


def test_a_direct_suit_over_a_refusal_is_doubted(organ: Organ) -> None:
    case = answered_case(organ, outcome="refused_internal")
    day = timezone.localdate() - timedelta(days=10)
    suit = told(organ, day, RemedyKind.SUIT_DIRECT, application=case)
    assert any("先申请行政复议" in text for text in selectors.cautions(suit))
    assert list(selectors.direct_suits_against_refusals(organ, day.year)) == [suit]
    after = told(organ, day, RemedyKind.SUIT_AFTER, application=case)
    assert selectors.cautions(after) == []


def test_the_appeal_period_is_told(organ: Organ) -> None:
    suit = told(organ, date(2026, 9, 1), RemedyKind.SUIT_DIRECT, instance=Instance.FIRST)
    assert selectors.appeal_of(suit) is None
    decided(suit, Result.REVOKED, date(2026, 10, 20), served_on=date(2026, 10, 26))
    assert selectors.appeal_of(suit).due == date(2026, 11, 10)


def test_evidence_from_after_the_notice_is_left_out(organ: Organ) -> None:
    case = answered_case(organ)
    early = told(organ, timezone.localdate() - timedelta(days=30), application=case)
    groups = [member.group for member in listing(early)]
    assert groups == sorted(groups, key=groups.index)
    assert groups[0] == "申请材料"
    assert groups[-1] == "办理过程"


def test_table4_of_a_large_ledger_takes_one_query(organ: Organ, django_assert_num_queries) -> None:
    Remedy.objects.bulk_create(
        Remedy(
            organ=organ, kind="reconsideration", case_text="x", authority="x", received_on=date(2025, 1, 1),
            year_received=2025, year_closed=2025, group="upheld", result="upheld",
        )
        for _ in range(3000)
    )  # fmt: skip
    with django_assert_num_queries(1):
        assert table4(organ, 2025)["t4.reconsideration.total"] == 3000
