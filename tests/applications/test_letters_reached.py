"""What a recorded delivery of a procedural letter does to the periods of the law."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from gongkai.applications import selectors
from gongkai.applications.letters import delivery, services
from gongkai.applications.services import act, verify_chain
from gongkai.law.case import CorrectionLapsed, Kind, RecordCorrected, ServiceWay
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications import letters_world as world


@pytest.fixture
def organ(db):
    return world.county()


def signed(organ, key, **keep):
    letter, day = world.drafted(key, organ)
    if keep:
        letter.keep_details(**keep)
        letter.save()
    services.submit_letter(SYSTEM, letter, today=day)
    if letter.state == "review":
        services.review_letter(SYSTEM, letter, passed=True)
    services.sign_letter(SYSTEM, letter, today=day)
    return letter, day


def later(day, working_days):
    return selectors.calendar().add_working_days(day, working_days)


def state(letter, today):
    return selectors.state_of(letter.application, today)


@pytest.mark.parametrize(
    ("key", "limit", "days"), [("correction", "correction_until", 10), ("fee", "pay_until", 20)]
)
def test_the_period_runs_from_service_of_the_notice(organ, key, limit, days):
    letter, day = signed(organ, key)
    before = getattr(state(letter, day), limit)
    when = later(day, 3)
    delivery.deliver_letter(
        SYSTEM, letter, way=ServiceWay.POST, tracking="XA1", on=when, today=when, expected=None
    )
    after = state(letter, when)
    assert getattr(after, limit) == later(when, days) > before
    last = letter.application.records.order_by("position").last().event()
    assert isinstance(last, RecordCorrected)
    assert letter.number in last.reason
    assert not list(verify_chain(letter.application))
    letter.application.refresh_from_db()
    assert letter.application.next_due == getattr(after, limit)


def test_served_on_the_day_it_was_sent_needs_no_later_record(organ):
    letter, day = signed(organ, "correction")
    count = letter.application.records.count()
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=day, today=day)
    assert letter.application.records.count() == count


def test_an_officer_may_though_corrections_are_for_the_director(organ):
    letter, day = signed(organ, "correction")
    officer, reader = world.person(organ, Role.EDITOR, "承办"), world.person(organ, Role.INSPECTOR, "查看")
    when = later(day, 2)
    with pytest.raises(PermissionDenied):
        delivery.deliver_letter(reader, letter, way=ServiceWay.DIRECT, on=when, today=when)
    delivery.deliver_letter(officer, letter, way=ServiceWay.DIRECT, on=when, today=when)
    assert state(letter, when).correction_until == later(when, 10)


def test_a_lapse_recorded_too_early_must_be_corrected_first(organ):
    letter, day = signed(organ, "correction")
    over = later(day, 11)
    act(SYSTEM, letter.application, CorrectionLapsed(on=over), today=over)
    with pytest.raises(ValidationError, match="不能成立"):
        delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=later(day, 5), today=over)
    assert not letter.deliveries.exists()


@pytest.mark.parametrize(
    ("key", "about", "kind"),
    [("third_party", "1", Kind.THIRD_PARTY_LETTER_RECEIVED), ("co_maker", "2", Kind.CO_MAKER_LETTER_RECEIVED)],
)  # fmt: skip
def test_a_consultation_runs_from_receipt(organ, key, about, kind):
    letter, day = signed(organ, key, about=about)
    posted, got = later(day, 1), later(day, 4)
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.POST, tracking="XA2", on=posted, today=posted)
    assert not letter.application.records.filter(kind=kind).exists()
    delivery.deliver_letter(
        SYSTEM, letter, way=ServiceWay.POST, tracking="XA2", on=posted, confirmed_on=got, today=got
    )
    event = letter.application.records.get(kind=kind).event()
    assert (event.on, event.letter) == (got, about)
    limit = next(m for m in state(letter, got).milestones if m.key == f"opinion:{about}")
    assert limit.due == later(got, 15)
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=got, today=got)
    assert letter.application.records.filter(kind=kind).count() == 1


def test_telling_of_an_extension_moves_its_day_but_not_past_the_period(organ):
    letter, day = signed(organ, "extension")
    when = day + timedelta(2)
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=when, today=when)
    extended = next(e for e in state(letter, when).events if e is not None and e.kind is Kind.EXTENDED)
    assert extended.notified_on == when
    late = later(day, 21)
    with pytest.raises(ValidationError, match="届满"):
        delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=late, today=late)


@pytest.mark.parametrize("key", ["consultation_notice", "reasons", "assistance"])
def test_letters_on_which_no_period_hangs_leave_the_record_alone(organ, key):
    letter, day = signed(organ, key)
    count = letter.application.records.count()
    when = later(day, 1)
    delivery.deliver_letter(SYSTEM, letter, way=ServiceWay.DIRECT, on=when, today=when)
    assert letter.application.records.count() == count
