"""What is left of a case when its retention period has run out: figures, digests, no person; and what is left alone."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from gongkai.applications import selectors, services
from gongkai.applications.letters.freeze import intact
from gongkai.applications.models import (
    Applicant,
    Application,
    CaseFile,
    EventRecord,
    EventTombstone,
    Letter,
    Note,
    OrganSettings,
    Rating,
    Statement,
    Submission,
)
from gongkai.applications.services import anonymise as retention
from gongkai.applications.services.acts import FOLDED
from gongkai.applications.services.hold import lift_hold, place_hold
from gongkai.applications.services.tombstones import GONE, without_words
from gongkai.applications.triggers import install_triggers
from gongkai.law import case as ev
from gongkai.law.case import fold, from_dict
from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications import letters_world as world
from tests.applications.histories import DAY, HISTORIES, TODAY
from tests.applications.test_letters_signing import signed

pytestmark = pytest.mark.django_db

WORDS = (
    "王小明",
    "110101199003071233",
    "13800000000",
    "某市某区某街",
    "土地征收补偿",
    "邻居说",
    "身份证上的字",
)
LATER = date(2037, 1, 1)  # ten years after the end of 2026
EARLY = date(2036, 12, 31)


@pytest.fixture
def organ():
    return world.county()


def closed_case(organ) -> Application:
    """An answered case with everything that may name somebody."""
    letter, day = signed(organ, "partial.usual")
    case = letter.application
    services.act(
        SYSTEM, case, ev.Served(on=day, way=ev.ServiceWay.DIRECT, evidence="王小明本人签收"), today=day
    )
    author = world.person(organ, Role.EDITOR, "承办")
    Note.objects.create(application=case, text="王小明来电，邻居说已修路", author=author)
    Rating.objects.create(application=case, score=4, text="我是王小明，谢谢")
    Statement.objects.create(application=case, kind="contact", text="王小明 13800000000")
    Submission.objects.create(key=f"k{case.pk}", application=case, sealed_code="x")
    world.a_file(case, "王小明身份证上的字.pdf", "identity")
    case.envelope = {"sender": "王小明"}
    case.save()
    return case


def everything(case: Application) -> str:
    """All that any table still says about the case, opened."""
    rows = [
        case,
        case.applicant,
        *case.notes.all(),
        *case.statements.all(),
        *case.files.all(),
        *case.letters.all(),
    ]
    rows += [*Rating.objects.filter(application=case), *case.records.all(), *case.extension_requests.all()]
    rows += [d for letter in case.letters.all() for d in letter.deliveries.all()]
    return repr([{f.name: f.value_from_object(r) for f in r._meta.concrete_fields} for r in rows])


def test_nothing_of_the_person_is_left_and_every_figure_is(organ, django_capture_on_commit_callbacks):
    case = closed_case(organ)
    assert all(word in everything(case) for word in WORDS)
    kept = (*FOLDED, "number", "serial", "channel", "theme", "receipt", "form_wanted")
    figures = {name: getattr(case, name) for name in kept}
    digests = list(case.records.values_list("position", "kind", "on", "digest", "previous"))
    signed_digest = case.letters.get(kind="partial.usual").digest
    stored = [(f.file.storage, f.file.name) for f in case.files.all()]
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.anonymise(SYSTEM, case, today=LATER)
    case = Application.objects.get(pk=case.pk)
    left = everything(case)
    assert [word for word in WORDS if word in left] == []
    assert {name: getattr(case, name) for name in kept} == figures
    assert case.applicant.kind == "natural"
    assert case.applicant.identity == ""
    assert list(case.records.values_list("position", "kind", "on", "digest", "previous")) == digests
    assert not list(services.verify_chain(case))
    state = selectors.state_of(case, LATER)
    assert (state.row, state.closed_on, state.answered_on) == (case.row, case.closed_on, case.answered_on)
    letter = case.letters.get(kind="partial.usual")
    assert (letter.digest, intact(letter), letter.body) == (signed_digest, True, "")
    assert not any(storage.exists(name) for storage, name in stored)
    assert not CaseFile.objects.filter(application=case, removed_at=None).exists()
    assert not Submission.objects.exists()


def test_the_trail_says_that_it_was_done_and_nothing_else(organ):
    case = closed_case(organ)
    retention.anonymise(SYSTEM, case, today=LATER)
    entry = AuditEntry.objects.get(act="case.anonymise")
    said = repr(entry.changes)
    assert case.number in said
    assert [word for word in WORDS if word in said] == []


def test_twice_is_once(organ):
    case = closed_case(organ)
    assert retention.anonymise(SYSTEM, case, today=LATER)
    stones = EventTombstone.objects.count()
    assert not retention.anonymise(SYSTEM, case, today=LATER)
    assert EventTombstone.objects.count() == stones
    assert AuditEntry.objects.filter(act="case.anonymise").count() == 1


def test_a_changed_word_and_a_forged_tombstone_are_found(organ):
    case = closed_case(organ)
    retention.anonymise(SYSTEM, case, today=LATER)
    row = case.records.filter(tombstone__isnull=False).order_by("position").last()
    EventRecord.objects.filter(pk=row.pk).update(data={**row.data, "evidence": "改"})
    assert [p for p, _ in services.verify_chain(case)] == [row.position]
    EventRecord.objects.filter(pk=row.pk).update(data=row.data)
    assert not list(services.verify_chain(case))
    with connection.cursor() as cursor:  # somebody with the database in hand
        on = " ON applications_eventtombstone" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {'case_event_frozen' if on else 'case_stone_no_UPDATE'}{on}")
    EventTombstone.objects.filter(pk=row.tombstone.pk).update(original="0" * 64)
    assert list(services.verify_chain(case))


def test_a_tombstone_in_a_case_that_was_not_cleared_is_found(organ):
    case = closed_case(organ)
    row = case.records.first()
    EventTombstone.objects.create(record=row, original=row.digest, redacted=row.digest)
    assert "没有去标识" in next(services.verify_chain(case))[1]


@pytest.mark.parametrize("kind", list(HISTORIES), ids=lambda kind: kind.value)
def test_without_its_words_every_history_folds_to_the_same_state(kind):
    before, last = HISTORIES[kind]
    submitted = ev.Submitted(on=DAY, channel=ev.Channel.ONLINE, items=("某批复", "某附件"))
    events = [submitted, *before, last]
    bare = [from_dict(without_words(ev.to_dict(e))) for e in events]
    one, other = (fold(list_, selectors.calendar(), today=TODAY) for list_ in (events, bare))
    names = (
        "status", "due_on", "row", "column", "year_new", "year_closed", "answered_on", "closed_on", "received_on",
        "answered_late", "number",
    )  # fmt: skip
    assert [getattr(one, n) for n in names] == [getattr(other, n) for n in names]
    assert {e.kind for e in one.events if e} == {e.kind for e in other.events if e}


# --- what is left alone ---------------------------------------------------------------------------------------------------


def test_not_a_day_before_its_time_nor_while_open(organ):
    case = closed_case(organ)
    with pytest.raises(ValidationError, match="尚未满"):
        retention.anonymise(SYSTEM, case, today=EARLY)
    open_one = world.registered(organ)
    with pytest.raises(ValidationError):
        retention.anonymise(SYSTEM, open_one, today=LATER)
    assert [d.application.pk for d in retention.due(LATER)] == [case.pk]
    assert list(retention.due(EARLY)) == []


def test_a_case_reopened_later_counts_from_then(organ):
    case = closed_case(organ)
    again = date(2028, 3, 1)
    services.act(SYSTEM, case, ev.Reopened(on=again, cause=ev.ReopenCause.SELF_CORRECTION), today=again)
    (found,) = retention.due(date(2060, 1, 1))
    assert found.kept == "正在办理"
    assert list(retention.due(date(2038, 6, 1))) == []


def test_the_organs_own_period_holds(organ):
    case = closed_case(organ)
    OrganSettings.objects.filter(organ=organ).update(personal_years=3)
    assert [d.application.pk for d in retention.due(date(2030, 1, 1))] == [case.pk]
    assert list(retention.due(date(2029, 12, 31))) == []


def test_a_held_case_stays_until_let_go(organ):
    case = closed_case(organ)
    director, editor = world.person(organ, Role.DIRECTOR, "主任"), world.person(organ, Role.EDITOR, "信息员")
    with pytest.raises(PermissionDenied):
        place_hold(editor, case, "行政诉讼尚未审结")
    with pytest.raises(ValidationError):
        place_hold(director, case, " ")
    place_hold(director, case, "行政诉讼尚未审结")
    with pytest.raises(ValidationError, match="行政诉讼"):
        retention.anonymise(SYSTEM, case, today=LATER)
    lift_hold(director, case, "判决已生效")
    assert retention.anonymise(director, case, today=LATER)
    with pytest.raises(ValidationError, match="已经清除"):
        place_hold(director, case, "又要用了")


def test_what_another_part_needs_stays(organ, monkeypatch):
    case = closed_case(organ)
    monkeypatch.setattr(retention, "_KEEPERS", [])
    retention.keep_while("行政复议或者诉讼尚未审结")(set)
    with pytest.raises(ValidationError, match="复议"):
        retention.anonymise(SYSTEM, case, today=LATER)


def test_the_applicant_of_a_split_application_goes_with_the_last(organ):
    case = closed_case(organ)
    other = closed_case(organ)
    Application.objects.filter(pk=other.pk).update(applicant=case.applicant)
    retention.anonymise(SYSTEM, case, today=LATER)
    assert Applicant.objects.get(pk=case.applicant_id).name == "王小明"
    retention.anonymise(SYSTEM, Application.objects.get(pk=other.pk), today=LATER)
    assert Applicant.objects.get(pk=case.applicant_id).name == ""


def test_who_may(organ):
    case = closed_case(organ)
    for role in (Role.EDITOR, Role.LEADER, Role.INSPECTOR):
        with pytest.raises(PermissionDenied):
            retention.anonymise(world.person(organ, role, "某"), case, today=LATER)
    stranger = world.person(world.county(), Role.DIRECTOR, "外人")
    with pytest.raises(PermissionDenied):
        retention.anonymise(stranger, case, today=LATER)


def test_a_cleared_case_is_not_handled_any_more_and_no_code_opens_it(organ):
    case = closed_case(organ)
    Application.objects.filter(pk=case.pk).update(code_digest=services.filing.code_digest("ABC"))
    assert selectors.by_code(case.receipt, "ABC")
    retention.anonymise(SYSTEM, case, today=LATER)
    assert selectors.by_code(case.receipt, "ABC") is None
    with pytest.raises(ValidationError, match="已经清除"):
        services.act(SYSTEM, case, ev.Reopened(on=LATER, cause=ev.ReopenCause.SELF_CORRECTION), today=LATER)


# --- command and database -------------------------------------------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    call_command("anonymise_applications", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_only_lists_until_told_to_apply(organ):
    case, held = closed_case(organ), closed_case(organ)
    place_hold(SYSTEM, held, "审计正在进行")
    listed = run("--on", "2037-01-01")
    assert "可以清除 1 件" in listed
    assert "审计正在进行" in listed
    assert case.number in listed
    assert Application.objects.filter(anonymised_at__isnull=False).count() == 0
    assert "到期 0 件" in run("--on", "2037-01-01", "--organ", world.county().slug)
    assert "已清除 1 件，保留 1 件" in run("--on", "2037-01-01", "--apply", "--organ", organ.slug)
    assert set(Application.objects.filter(anonymised_at__isnull=False)) == {case}
    assert "已清除 0 件" in run("--on", "2037-01-01", "--apply")
    with pytest.raises(CommandError, match="没有代号"):
        run("--organ", "nowhere")


def test_listing_many_asks_the_database_no_more_per_case(organ, django_assert_max_num_queries):
    for _ in range(3):
        closed_case(organ)
    with django_assert_max_num_queries(14):
        assert len(list(retention.due(LATER))) == 3


def refused(call) -> bool:
    try:
        with transaction.atomic():
            call()
    except DatabaseError:
        return True
    return False


def test_the_database_lets_only_the_words_of_a_buried_event_change(organ, settings):
    settings.AUDIT_TRIGGERS = True
    case = closed_case(organ)
    install_triggers()
    rows = EventRecord.objects.filter(application=case)
    assert refused(lambda: rows.update(data={}))
    retention.anonymise(SYSTEM, case, today=LATER)
    buried = EventRecord.objects.filter(pk=rows.filter(tombstone__isnull=False).first().pk)
    assert refused(lambda: buried.update(digest="0" * 64))
    assert refused(lambda: buried.update(on=LATER + timedelta(1)))
    assert refused(lambda: rows.filter(tombstone=None).update(data={}))
    assert refused(lambda: EventTombstone.objects.update(redacted="0" * 64))
    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("DELETE FROM applications_eventtombstone"))
    assert not list(services.verify_chain(Application.objects.get(pk=case.pk)))


def test_words_are_what_the_law_reads_no_figures_from():
    data = ev.to_dict(
        ev.Decided(
            on=DAY, outcome="partial", items=(ev.ItemDecision(item="王小明的档案", outcome="granted"),)
        )
    )
    assert without_words(data)["items"] == [{"item": GONE, "outcome": "granted"}]


def test_hold_from_the_desk(organ, client):
    case = closed_case(organ)
    director = world.person(organ, Role.DIRECTOR, "主任")
    editor = world.person(organ, Role.EDITOR, "信息员")
    url = f"/desk/applications/{case.pk}/hold/"
    client.force_login(editor)
    assert client.get(url).status_code in (302, 403)
    client.force_login(director)
    assert "暂缓清除个人信息" in client.get(url).content.decode()
    assert client.post(url, {"reason": "短"}).status_code == 422
    assert client.post(url, {"reason": "行政诉讼尚未审结"}).status_code == 302
    assert "行政诉讼尚未审结" in client.get(f"/desk/applications/{case.pk}/").content.decode()
    client.post(url, {"reason": "判决已经生效"})
    case.refresh_from_db()
    assert case.hold_reason == ""


def test_a_letter_that_lost_its_text_unnoticed_is_still_found(organ):
    case = closed_case(organ)
    Letter.objects.filter(application=case).update(body="")
    assert not intact(case.letters.get(kind="partial.usual"))
