"""Who may do what where: every role × every act × own, subordinate, sibling and superior organ, tried for real.

What is expected is written out here by duty, not read from the code; the table of the code must say the same, and
every single combination is then tried through ``services.act`` on a case where the act is lawful.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from gongkai.applications import services
from gongkai.applications.models import Application
from gongkai.applications.models.extension import ExtensionRequest
from gongkai.applications.policies import APPLICANT_ACTS, MODULE, action_for
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel, Kind, RecordCorrected
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ, User
from gongkai.organs.roles import Role, allows
from gongkai.organs.scope import SYSTEM, forget_scope
from gongkai.records.selectors import files_of
from gongkai.records.testing import make_file
from tests.applications.histories import DAY, HISTORIES, TODAY

pytestmark = pytest.mark.django_db

#: What takes more than working on the case: signing and sending back, judging secrecy, undoing what is on record.
HEADS_ACTS = {Kind.SIGNED, Kind.DECISION_RETURNED, Kind.SECRECY_REVIEWED}
UNDOING = {Kind.REOPENED, Kind.RECORD_CORRECTED}
ORDINARY = set(Kind) - {Kind.SUBMITTED, Kind.EXTENDED} - HEADS_ACTS - UNDOING
NOTHING: set[Kind] = set()

#: The duty → the acts it carries. Extension stands apart: it is the head of the work office's alone (条例 33).
EXPECTED: dict[str, set[Kind]] = {
    Role.DIRECTOR: ORDINARY | HEADS_ACTS | UNDOING,
    Role.OFFICER: ORDINARY | UNDOING,
    Role.EDITOR: ORDINARY,
    Role.REVIEWER: ORDINARY | HEADS_ACTS,
    Role.LEADER: ORDINARY | HEADS_ACTS,
    Role.SECRECY: ORDINARY | HEADS_ACTS,
    Role.INSPECTOR: NOTHING,
    Role.VILLAGE: NOTHING,
    Role.ADMIN: NOTHING,
}
PLACES = ("own", "below", "sibling", "above")
#: A duty at an organ holds there and below.
REACHED = {"own", "below"}


@pytest.fixture
def world():
    """A person of every duty at one department; cases there, at its subordinate unit, beside it and above it."""

    def organ(parent, name, slug, kind=Organ.Kind.DEPARTMENT):
        return organ_services.create_organ(SYSTEM, parent, kind=kind, name=name, short_name=slug, slug=slug)

    above = organ(None, "清河县人民政府", "qh", Organ.Kind.GOVERNMENT)
    own = organ(above, "清河县自然资源局", "qh-zr")
    places = {
        "above": above, "own": own,
        "below": organ(own, "清河县不动产登记中心", "qh-zr-bdc"),
        "sibling": organ(above, "清河县教育局", "qh-jy"),
    }  # fmt: skip
    people = {role: person(own, role) for role in Role}
    return SimpleNamespace(places=places, people=people)


def person(organ, role, username=None, **fields):
    user = User(username=username or f"u-{role}", name="测试", **fields)
    user.save()
    if organ is not None:
        organ_services.grant_membership(SYSTEM, user, organ, role, on=date(2020, 1, 1))
    return user


def prepared(organ) -> dict[Kind, Application]:
    """One case per history at ``organ``; those with the same history share a case, because each try is undone."""
    made: dict[tuple, Application] = {}
    out = {}
    for kind, (before, _) in HISTORIES.items():
        if before not in made:
            filing = Filing(Channel.ONLINE, "某批复", submitted_on=DAY)
            applicant = ApplicantData(ApplicantKind.NATURAL, "王小明")
            case, _code = services.file_application(SYSTEM, organ, applicant, filing, today=TODAY)
            for event in before:
                services.act(SYSTEM, case, event, today=TODAY)
            made[before] = case
        if kind is Kind.ARCHIVED:  # lawful once the archive holds the file
            make_file(organ, object_type="applications.application", object_id=made[before].pk)
        out[kind] = made[before]
    return out


class _Undo(Exception):
    pass


def tried(user, case, event) -> bool:
    """Whether ``user`` may; what an allowed act wrote is taken back. Anything but PermissionDenied is an error."""
    if event.kind is Kind.ARCHIVED:
        event = replace(event, file_no=files_of("applications.application", case.pk).get().number)
    try:
        with transaction.atomic():
            services.act(user, Application.objects.get(pk=case.pk), event, today=TODAY)
            raise _Undo
    except PermissionDenied:
        return False
    except _Undo:
        return True


def test_every_kind_of_event_is_in_the_table():
    assert set(HISTORIES) == set(Kind) - {Kind.SUBMITTED}
    assert set(EXPECTED) == set(Role)


def test_the_tables_of_the_code_say_what_the_duties_say():
    said = {
        role: {kind for kind in HISTORIES if allows(role, MODULE, action_for(kind))} - {Kind.EXTENDED}
        for role in Role
    }
    assert said == EXPECTED


@pytest.mark.parametrize("place", PLACES)
def test_every_role_tries_every_act(world, place):
    cases = prepared(world.places[place])
    found = {
        role: {kind for kind, (_, event) in HISTORIES.items() if tried(user, cases[kind], event)}
        for role, user in world.people.items()
    }
    assert found == (EXPECTED if place in REACHED else dict.fromkeys(Role, NOTHING))


def test_extension_is_for_the_head_or_deputy_of_that_very_organ(world):
    kind = Kind.EXTENDED
    before = {name: prepared(organ)[kind] for name, organ in world.places.items()}
    event = HISTORIES[kind][1]
    for case in before.values():
        asked_for(case, event, world.people[Role.EDITOR])
    head, deputy = world.people[Role.LEADER], world.people[Role.REVIEWER]
    organ_services.save_work_office(
        SYSTEM, world.places["own"], name="信息公开工作机构", head=head, backup=deputy, hours="", phone="", address=""
    )  # fmt: skip
    found = {
        (role, name)
        for role, user in world.people.items()
        for name, case in before.items()
        if tried(user, case, event)
    }
    assert found == {(Role.LEADER, "own"), (Role.REVIEWER, "own")}


def asked_for(case, event, officer):
    """The officer's request, without which nobody can extend."""
    ExtensionRequest.objects.create(
        application=case, days=event.days, reason=event.reason, requested_by=officer
    )


@pytest.mark.parametrize("problem", ["none", "own", "days"])
def test_the_head_cannot_extend_without_anothers_request_for_just_so_long(world, problem):
    own, head = world.places["own"], world.people[Role.LEADER]
    organ_services.save_work_office(
        SYSTEM, own, name="信息公开工作机构", head=head, hours="", phone="", address=""
    )
    case, event = prepared(own)[Kind.EXTENDED], HISTORIES[Kind.EXTENDED][1]
    if problem != "none":
        asked_for(case, event, head if problem == "own" else world.people[Role.EDITOR])
    changed = replace(event, days=event.days + 1) if problem == "days" else event
    with pytest.raises(ValidationError):
        services.act(head, case, changed, today=TODAY)
    assert not case.records.filter(kind=Kind.EXTENDED).exists()
    assert not case.extension_requests.filter(state="granted").exists()


def test_a_correction_cannot_smuggle_an_extension_in(world):
    case = prepared(world.places["own"])[Kind.EXTENDED]
    event = HISTORIES[Kind.EXTENDED][1]
    swap = RecordCorrected(on=TODAY, target=1, reason="写错", replacement=event)
    with pytest.raises(ValidationError):
        services.act(world.people[Role.DIRECTOR], case, swap, today=TODAY)


def test_the_act_of_the_head_decides_the_request(world):
    own, head = world.places["own"], world.people[Role.LEADER]
    organ_services.save_work_office(
        SYSTEM, own, name="信息公开工作机构", head=head, hours="", phone="", address=""
    )
    case, event = prepared(own)[Kind.EXTENDED], HISTORIES[Kind.EXTENDED][1]
    asked_for(case, event, world.people[Role.EDITOR])
    services.act(head, case, event, today=TODAY)
    assert case.extension_requests.get().state == "granted"
    assert case.extension_requests.get().decided_by == head


def test_a_head_without_the_duty_may_not_extend(world):
    own = world.places["own"]
    organ_services.save_work_office(
        SYSTEM, own, name="信息公开工作机构", head=world.people[Role.EDITOR], hours="", phone="", address=""
    )
    assert not tried(world.people[Role.EDITOR], prepared(own)[Kind.EXTENDED], HISTORIES[Kind.EXTENDED][1])


def test_without_a_duty_nothing_and_as_superuser_all_but_the_heads_extension(world):
    cases = prepared(world.places["own"])
    stranger, gone = person(None, "", "nobody"), person(world.places["own"], Role.DIRECTOR, "gone")
    gone.is_active = False
    gone.save()
    root = person(None, "", "root", is_superuser=True)
    for kind, (_, event) in HISTORIES.items():
        assert not tried(stranger, cases[kind], event)
        assert not tried(gone, cases[kind], event)
        assert not tried(None, cases[kind], event)
        assert tried(root, cases[kind], event) == (kind is not Kind.EXTENDED)


def test_a_duty_that_has_ended_no_longer_counts(world):
    user = world.people[Role.EDITOR]
    user.memberships.update(valid_to=date(2020, 12, 31))
    forget_scope(user)
    case = prepared(world.places["own"])[Kind.SEARCHED]
    assert not tried(user, case, HISTORIES[Kind.SEARCHED][1])


def test_a_refused_try_leaves_no_trace(world):
    from gongkai.organs.models import AuditEntry

    case = prepared(world.places["sibling"])[Kind.SEARCHED]
    before = (case.records.count(), AuditEntry.objects.count())
    assert not tried(world.people[Role.DIRECTOR], case, HISTORIES[Kind.SEARCHED][1])
    assert (case.records.count(), AuditEntry.objects.count()) == before


def test_the_applicant_does_only_the_four_acts_that_are_the_applicants(world):
    cases = prepared(world.places["own"])
    done = set()
    for kind, (_, event) in HISTORIES.items():
        try:
            with transaction.atomic():
                services.act_as_applicant(Application.objects.get(pk=cases[kind].pk), event, today=TODAY)
                raise _Undo
        except PermissionDenied:
            continue
        except _Undo:
            done.add(kind)
    assert done == APPLICANT_ACTS == {Kind.CORRECTED, Kind.WITHDRAWN, Kind.REASONS_GIVEN, Kind.FEE_PAID}


@pytest.mark.parametrize("place", PLACES)
def test_filing_at_the_desk_and_splitting_follow_the_duty_too(world, place):
    organ = world.places[place]
    file_at, split_at = set(), set()
    for role, user in world.people.items():
        filing = Filing(Channel.COUNTER, "某批复", submitted_on=DAY)
        try:
            with transaction.atomic():
                services.file_application(
                    user, organ, ApplicantData(ApplicantKind.NATURAL, "王小明"), filing, today=TODAY
                )
                file_at.add(role)
                raise _Undo
        except (PermissionDenied, _Undo):
            pass
    case = prepared(organ)[Kind.RECEIVED]
    for role, user in world.people.items():
        try:
            with transaction.atomic():
                services.split_application(user, case, ["征收批复", "补偿标准"], today=TODAY)
                split_at.add(role)
                raise _Undo
        except (PermissionDenied, _Undo):
            pass
    reached = place in REACHED
    assert file_at == ({Role.DIRECTOR, Role.OFFICER, Role.EDITOR} if reached else set())
    assert split_at == ({Role.DIRECTOR, Role.OFFICER} if reached else set())


# desk addresses ---------------------------------------------------------------------------------------


def _case_addresses() -> list[str]:
    """Every desk address under applications/<pk>/ that takes a case alone, found in the resolver itself."""
    from django.urls import get_resolver

    found = set()

    def walk(patterns, prefix=""):
        for one in patterns:
            route = prefix + str(one.pattern).lstrip("^")
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, route)
            elif one.name and "applications/<int:pk>/" in route and route.count("<") == 1:
                found.add(one.name)

    walk(get_resolver().url_patterns)
    return sorted(found)


def _status(client, url) -> int:
    return client.get(url).status_code


@pytest.mark.parametrize("place", PLACES)
def test_every_desk_address_of_a_case_answers_by_duty_and_place(world, client, place):
    """A case of another organ does not exist (404); one that may not be seen by duty is refused."""
    from django.urls import reverse

    names = _case_addresses()
    assert "applications_case" in names
    case = prepared(world.places[place])[Kind.SEARCHED]
    sees = {role for role in Role if allows(role, MODULE, "view")}
    assert sees == set(Role) - {Role.VILLAGE}
    for role, user in world.people.items():
        client.force_login(user)
        assert (_status(client, reverse("applications_case", args=[case.pk])) == 200) == (
            role in sees and place in REACHED
        ), (role, place)
        if place in REACHED and role in sees:
            continue
        for name in names:
            status = _status(client, reverse(name, args=[case.pk]))
            # Refusals of duty lead a person of the desk back to the board with a message.
            assert status in ((404, 403) if role in sees else (404, 403, 302)), (role, place, name, status)


def test_no_desk_address_of_a_case_opens_without_logging_in(world, client):
    from django.urls import reverse

    case = prepared(world.places["own"])[Kind.SEARCHED]
    for name in _case_addresses():
        answer = client.get(reverse(name, args=[case.pk]))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_the_form_of_every_act_is_refused_elsewhere_and_to_those_without_the_duty(world, client):
    from django.urls import reverse

    theirs = prepared(world.places["sibling"])
    for role in (Role.EDITOR, Role.DIRECTOR):
        client.force_login(world.people[role])
        for kind in HISTORIES:
            url = reverse("applications_act", args=[theirs[kind].pk, kind.value])
            assert client.get(url).status_code in (403, 404), (role, kind)
            assert client.post(url, {"on": "2026-04-21"}).status_code in (403, 404), (role, kind)
    mine = prepared(world.places["own"])
    client.force_login(world.people[Role.INSPECTOR])
    for kind in HISTORIES:
        before = mine[kind].records.count()
        url = reverse("applications_act", args=[mine[kind].pk, kind.value])
        assert client.post(url, {"on": "2026-04-21"}).status_code in (302, 403, 404), kind
        assert mine[kind].records.count() == before
