"""收件登记 as a service: dates by channel, one transaction, duplicates, assignment, suggestions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from gongkai.applications import selectors, services
from gongkai.applications.likeness import groups, likeness, shingles
from gongkai.applications.models import Application, CaseFile, DisclosureSuggestion
from gongkai.applications.services import assignment, suggestions
from gongkai.applications.services.filing import Filing
from gongkai.applications.services.intake import (
    Intake,
    confirm_receipt,
    find_duplicates,
    preview,
    take_in,
)
from gongkai.applications.themes import propose
from gongkai.law.case import ApplicantKind, Channel, Searched
from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from tests.applications.desk_world import DAY, filed, make_county, person, received

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n0000000100 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF"


@pytest.fixture
def county():
    return make_county()


def taken(
    county, channel=Channel.SIGNED_MAIL, *, today=DAY, actor=None, files=(), envelope=None, text=None, **more
):
    more.setdefault("happened_on", DAY)
    filing = Filing(channel, text or "2025年某村土地征收补偿安置方案", envelope=envelope or {})
    intake = Intake(county.county, more.pop("who", person()), filing, files=files, **more)
    return take_in(actor or county.officer, intake, today=today)


# Receipt by channel: 条例第三十一条, sheet 04 §2.
FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)


@pytest.mark.parametrize(
    ("channel", "happened", "confirmed", "expected_received", "expected_due"),
    [
        # Example E of the sheet: registered mail signed on a Saturday, day 1 is Monday.
        (Channel.SIGNED_MAIL, SATURDAY, None, SATURDAY, date(2026, 4, 3)),
        (Channel.COUNTER, FRIDAY, None, FRIDAY, date(2026, 4, 3)),
        (Channel.ORAL, FRIDAY, None, FRIDAY, date(2026, 4, 3)),
        (Channel.ORDINARY_MAIL, FRIDAY, MONDAY, MONDAY, date(2026, 4, 7)),
        (Channel.FAX, FRIDAY, MONDAY, MONDAY, date(2026, 4, 7)),
        (Channel.EMAIL, FRIDAY, FRIDAY, FRIDAY, date(2026, 4, 3)),
        (Channel.ORDINARY_MAIL, FRIDAY, None, None, None),
        (Channel.FAX, FRIDAY, None, None, None),
    ],
)
def test_receipt_follows_the_channel(county, channel, happened, confirmed, expected_received, expected_due):
    state = preview(county.county, channel, happened, confirmed, None, MONDAY)
    assert (state.received_on, state.due_on) == (expected_received, expected_due)
    done = taken(county, channel, happened_on=happened, confirmed_on=confirmed, evidence="电话", today=MONDAY)
    assert (done.application.received_on, done.application.due_on) == (expected_received, expected_due)
    assert done.application.status == ("processing" if expected_received else "submitted")
    assert bool(done.application.number) == bool(expected_received)


def test_a_letter_is_submitted_where_it_was_postmarked(county):
    done = taken(
        county, envelope={"postmark": "2026-04-15", "mail_number": "XA12345678964"}, sender="王小明 某街1号"
    )
    case = done.application
    assert case.submitted_on == date(2026, 4, 15)
    assert case.received_on == DAY
    assert case.envelope["mail_number"] == "XA12345678964"
    assert case.sender.text == "王小明 某街1号"
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM applications_envelopesender")
        assert "王小明" not in cursor.fetchone()[0]


def test_everything_of_one_submit_stands_together(county):
    upload = SimpleUploadedFile("申请书.pdf", PDF, content_type="application/pdf")
    done = taken(county, handler=county.officer, files=[("request", upload)], theme="征地拆迁")
    case = done.application
    assert case.number == "清河公开申〔2026〕1号"
    assert case.handler == county.officer
    assert case.theme == "征地拆迁"
    assert CaseFile.objects.get(application=case).name == "申请书.pdf"
    assert [r.kind for r in case.records.order_by("position")] == ["submitted", "received", "registered"]
    assert selectors.by_code(case.receipt, done.code) == case


def test_when_the_scan_is_refused_nothing_is_left_and_no_number_is_used(county):
    bad = SimpleUploadedFile("病毒.exe", b"MZ" + b"\0" * 200)
    with pytest.raises(ValidationError):
        taken(county, files=[("request", bad)])
    assert not Application.objects.exists()
    assert taken(county).application.serial == 1


def test_slips_of_the_pen_are_named_by_field(county):
    with pytest.raises(ValidationError) as problem:
        taken(county, happened_on=DAY + timedelta(days=1))
    assert "happened_on" in problem.value.message_dict
    with pytest.raises(ValidationError) as problem:
        taken(county, Channel.FAX, confirmed_on=DAY - timedelta(days=1), evidence="电话")
    assert "confirmed_on" in problem.value.message_dict
    with pytest.raises(ValidationError) as problem:
        taken(county, handler=county.stranger)
    assert "handler" in problem.value.message_dict
    assert not Application.objects.exists()


def test_only_the_organs_own_people_take_in(county):
    for user in (county.stranger, county.editor, county.leader):
        with pytest.raises(PermissionDenied):
            taken(county, actor=user)


def test_confirming_starts_the_clock_and_keeps_how(county):
    case = filed(county.county)
    with pytest.raises(ValidationError, match="怎样"):
        confirm_receipt(county.officer, case, evidence=" ", today=DAY)
    state = confirm_receipt(
        county.officer, case, evidence="电话确认：本人接听", handler=county.officer, expected=1, today=DAY
    )
    assert state.received_on == DAY
    case.refresh_from_db()
    assert case.handler == county.officer
    assert case.theme == "征地拆迁"  # proposed from the words
    assert case.records.get(kind="received").data["evidence"] == "电话确认：本人接听"
    with pytest.raises(ValidationError, match="他人办理"):
        confirm_receipt(county.director, case, evidence="电话", expected=1, today=DAY)


def test_a_letter_confirmed_later_keeps_its_day_of_arrival(county):
    case = filed(county.county, channel=Channel.ORDINARY_MAIL)
    later = DAY + timedelta(days=2)
    state = confirm_receipt(county.officer, case, confirmed_on=later, evidence="电话", today=later)
    assert state.received_on == later
    assert case.records.get(kind="received").data["arrived_on"] == DAY.isoformat()


# --- duplicates --------------------------------------------------------------------------------------------

NUMBER = "110101199003071233"


def test_the_same_person_on_the_same_day_is_serious(county):
    first = filed(county.county, "绿化养护合同", who=person(number=NUMBER))
    found = find_duplicates(county.county, person(number=NUMBER), "道路维修预算", on=DAY)
    assert [(d.application, d.serious) for d in found] == [(first, True)]
    assert "同一证件号码" in found[0].why
    assert "同日提交" in found[0].why


def test_the_same_person_long_ago_with_another_request_is_only_mentioned(county):
    filed(county.county, "绿化养护合同", who=person(number=NUMBER), on=DAY - timedelta(days=60), today=DAY)
    found = find_duplicates(county.county, person(number=NUMBER), "道路维修预算", on=DAY)
    assert [d.serious for d in found] == [False]
    again = find_duplicates(county.county, person(number=NUMBER), "绿化养护的合同", on=DAY)
    assert [d.serious for d in again] == [True]


def test_two_people_of_one_surname_are_not_taken_for_one(county):
    filed(county.county, "绿化养护合同", who=person("王小红", NUMBER))
    other = person("王大力", "640302198501015678")
    assert find_duplicates(county.county, other, "道路维修预算", on=DAY) == []
    unknown = person("王大力")
    assert [d.serious for d in find_duplicates(county.county, unknown, "道路维修预算", on=DAY)] == [True]


def test_the_same_text_by_somebody_else_is_mentioned_and_the_same_mail_number_is_serious(county):
    taken(county, envelope={"mail_number": "XA12345678964"})
    other = person("李四")
    found = find_duplicates(county.county, other, "2025年某村土地征收的补偿安置方案", on=DAY)
    assert len(found) == 1
    assert not found[0].serious
    assert "内容相近" in found[0].why
    same = find_duplicates(county.county, other, "别的", mail_number="XA12345678964", on=DAY)
    assert [d.serious for d in same] == [True]


def test_other_organs_cases_are_not_shown(county):
    filed(county.neighbour, who=person(number=NUMBER))
    assert (
        find_duplicates(county.county, person(number=NUMBER), "2025年某村土地征收补偿安置方案", on=DAY) == []
    )


def test_the_check_does_not_grow_with_the_ledger(county, django_assert_max_num_queries):
    for n in range(12):
        filed(county.county, f"第{n}号道路维修预算", who=person(number=NUMBER))
    with django_assert_max_num_queries(3):
        assert len(find_duplicates(county.county, person(number=NUMBER), "第3号道路维修预算", on=DAY)) == 5


# --- assignment --------------------------------------------------------------------------------------------


def test_handlers_are_those_who_can_open_the_case(county):
    own = [user for user, _ in assignment.handlers(county.department)]
    assert own[0] == county.editor  # the organ's own people first
    assert county.officer in own
    assert county.leader not in own
    assert county.stranger not in own
    below = [user for user, _ in assignment.handlers(county.county)]
    assert county.editor not in below


def test_assigning_is_kept_on_the_trail_and_limited(county):
    case = received(county.department)
    assignment.assign(county.officer, case, county.editor, reason="按分工")
    case.refresh_from_db()
    assert case.handler == county.editor
    entry = AuditEntry.objects.filter(act="case.assign").get()
    assert entry.changes["handler"] == [None, "孙信息"] or entry.changes["handler"] == ["", "孙信息"]
    with pytest.raises(ValidationError, match="另选承办人"):
        assignment.assign(county.officer, case, county.stranger)
    with pytest.raises(PermissionDenied):
        assignment.assign(county.editor, case, county.officer)
    assignment.assign(county.officer, case, county.editor)  # nothing changes, nothing is written
    assert AuditEntry.objects.filter(act="case.assign").count() == 1


def test_whoever_may_work_on_it_takes_an_unassigned_case_over(county):
    case = received(county.department)
    assignment.assign(county.editor, case, county.editor)
    case.refresh_from_db()
    assert case.handler == county.editor
    other = make_user(county.department, Role.EDITOR, "周信息")
    with pytest.raises(PermissionDenied):
        assignment.assign(other, case, other)  # not from a colleague


# --- likeness and art. 44 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("2025年某村土地征收补偿安置方案", "请求公开：2025年某村土地征收的补偿安置方案（复印件）", True),
        ("绿化养护合同", "道路维修预算", False),
        ("", "道路维修预算", False),
        ("２０２５年部门预算", "2025年部门预算", True),
    ],
)
def test_likeness(one, other, alike):
    assert (likeness(shingles(one), shingles(other)) >= 0.6) is alike


def test_groups_join_through_a_middle_text():
    texts = [
        (1, "东街道路维修工程预算"),
        (2, "东街道路维修工程预算和决算"),
        (3, "东街道路维修工程决算"),
        (4, "招生简章"),
    ]
    assert groups(texts, 0.6) == [[1, 2, 3]]


def test_two_applicants_for_the_same_make_a_suggestion_and_one_applicant_twice_does_not(county):
    filed(county.county, "西湖公园绿化养护合同", who=person("王一", NUMBER))
    filed(county.county, "西湖公园绿化养护合同文本", who=person("王一", NUMBER))
    assert suggestions.find_suggestions(county.county, DAY) == []
    filed(county.county, "请公开西湖公园的绿化养护合同", who=person("李二", "640302198501015678"))
    found = suggestions.find_suggestions(county.county, DAY)
    assert [(s.applicants, s.count) for s in found] == [(2, 3)]
    assert suggestions.find_suggestions(county.county, DAY) == found  # idempotent
    assert DisclosureSuggestion.objects.count() == 1


def test_a_dismissed_suggestion_comes_back_only_with_a_new_applicant(county):
    for name, number in (("王一", NUMBER), ("李二", "640302198501015678")):
        filed(county.county, "西湖公园绿化养护合同", who=person(name, number))
    (row,) = suggestions.find_suggestions(county.county, DAY)
    with pytest.raises(PermissionDenied):
        suggestions.dismiss(county.stranger, row, "不公开")
    with pytest.raises(ValidationError):
        suggestions.dismiss(county.officer, row, " ")
    suggestions.dismiss(county.officer, row, "含商业秘密")
    with pytest.raises(ValidationError, match="已由"):
        suggestions.accept(county.officer, row, "改主意")
    assert suggestions.find_suggestions(county.county, DAY) == []
    filed(county.county, "西湖公园绿化养护合同", who=person("张三", "640302198501015651"))
    assert [s.applicants for s in suggestions.find_suggestions(county.county, DAY)] == [3]


@pytest.mark.parametrize(
    ("text", "theme"),
    [("某村土地征收补偿安置方案", "征地拆迁"), ("2025年部门预算和决算", "财政审计"), ("某某某", "")],
)
def test_themes_are_proposed_from_the_words(text, theme):
    assert propose(text) == theme


def test_splitting_ends_when_work_has_begun(county):
    case = received(county.county)
    services.act(SYSTEM, case, Searched(on=DAY, places="档案室"), today=DAY)
    with pytest.raises(ValidationError, match="已经开始办理"):
        services.split_application(county.officer, case, ["一", "二"], today=DAY)


def test_an_abolished_organ_takes_nothing_in(county):
    gone = make_organ("清河县旧局", county.county, slug="qh-old")
    type(gone).objects.filter(pk=gone.pk).update(status="abolished")
    gone.refresh_from_db()
    intake = Intake(gone, person(), Filing(Channel.COUNTER, "某信息"), happened_on=DAY)
    with pytest.raises(ValidationError, match="撤并"):
        take_in(county.director, intake, today=DAY)


def test_six_kinds_of_applicants_fill_six_columns(county):
    for kind in ApplicantKind:
        from gongkai.applications.services.filing import ApplicantData

        done = taken(county, who=ApplicantData(kind, "某某单位"))
        assert done.application.column == kind.value
