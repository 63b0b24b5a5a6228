"""The demonstration ledger is what it says: the published tables, every outcome, every pause, late, withdrawn, re-made."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from gongkai.applications import demo, demo_papers, selectors, services
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.freeze import intact
from gongkai.applications.letters.kinds import LETTER_KINDS
from gongkai.applications.letters.language import HOLE
from gongkai.applications.models import Applicant, Application, CaseFile, EventRecord, Letter
from gongkai.applications.table3 import table3
from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.demo.ledger import ledger_from_report
from gongkai.demo.stories import FEATURES, Story, pick_channel, tell
from gongkai.law.calendar import default_calendar
from gongkai.law.case import ApplicantKind, Kind, Registered, Status, fold
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs import demo as organs_demo
from gongkai.organs.scope import SYSTEM
from tests.applications.redaction_samples import pdf_text


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    """The demonstration with its ledger, made once for this module and taken back."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                context = DemoContext(actor=SYSTEM, log=lambda message: None)
                organs_demo.load(context)
                demo.load(context)
                yield context
                raise _Undo
        except _Undo:
            pass


@pytest.mark.parametrize(("code", "slug"), demo.REPORTS)
def test_the_ledger_gives_the_published_table_cell_by_cell(county, code, slug):
    report = figures.get(code)
    found = table3(county.organ(slug), report.year)
    assert found == {key: report.amount(key) for key in found}
    assert sum(found.values()) > 0


def test_one_letter_of_each_kind_is_there_signed_and_whole(county):
    kinds = set(Letter.objects.filter(state="signed").values_list("kind", flat=True))
    # These two belong to another choice of the organ (办理口径); the same cases stand under 本机关不掌握 here.
    assert set(LETTER_KINDS) - kinds == {"refused_query.archives", "other_other.not_information"}
    for letter in Letter.objects.filter(state="signed").select_related("application"):
        assert intact(letter)
        assert not [name for name in HOLE.findall(letter.body) if name in FIELDS]


def test_applicants_files_and_a_redacted_copy_that_holds_nothing_are_there(county):
    files = CaseFile.objects.filter(removed_at=None)
    assert files.filter(kind="request", uploaded_by=None).exists()
    released = files.filter(kind="released").first()
    data = released.file.read()
    assert demo_papers._COVERED in pdf_text(files.filter(kind="source").first().file.read())
    assert demo_papers._COVERED not in pdf_text(data)
    assert released.derived_from.derived_from.kind == "source"


def test_every_outcome_is_there(county):
    assert {row for row in Application.objects.values_list("row", flat=True) if row} == set(OUTCOMES)


def test_every_state_of_an_open_case_is_there(county):
    wanted = {s.value for s in Status} - {"new"}
    assert set(Application.objects.values_list("status", flat=True)) == wanted


def test_every_pause_late_withdrawn_reopened_and_every_kind_but_rare_ones(county):
    kinds = set(EventRecord.objects.values_list("kind", flat=True))
    rare = {
        "third_party_silent",
        "co_maker_answered",
        "consultation_ended",
        "decision_returned",
        "record_corrected",
    }
    assert {k.value for k in Kind} - kinds <= rare
    assert Application.objects.filter(late=True).count() >= 1
    today = timezone.localdate()
    overdue = [a for a in Application.objects.all() if a.is_open and a.due_on and a.due_on < today]
    assert len(overdue) >= 2
    pauses = {
        c.kind.name
        for a in Application.objects.filter(status="consulting")
        for c in selectors.state_of(a).pauses
    }
    assert pauses == {"THIRD_PARTY", "CO_MAKER", "ORGAN"}


def test_the_folded_columns_are_the_laws_and_the_chains_hold(county):
    for case in Application.objects.select_related("organ").order_by("pk")[::7]:
        state = selectors.state_of(case)
        assert (case.status, case.due_on, case.row or None) == (state.status.value, state.due_on, state.row)
        assert list(services.verify_chain(case)) == []


def test_numbers_run_without_gap_in_the_order_of_registration(county):
    series: dict[tuple[int, int], list[tuple[int, date]]] = {}
    for case in Application.objects.exclude(serial=None).order_by("serial"):
        key = (case.organ_id, case.number_year)
        series.setdefault(key, []).append((case.serial, case.received_on))
    for rows in series.values():
        assert [serial for serial, _ in rows] == list(range(1, len(rows) + 1))
    for key, rows in series.items():
        if key[1] < timezone.localdate().year:
            assert [day for _, day in rows] == sorted(day for _, day in rows)


def test_nobody_in_it_is_real(county):
    for person in Applicant.objects.all():
        assert "例" in person.name
        assert person.identity_number.startswith("000000")
        assert person.email.endswith(".example")


def test_staff_did_the_work_each_by_duty(county):
    signed = EventRecord.objects.filter(kind="signed")
    assert signed.filter(actor=None).count() == 0
    for record in signed[:20]:
        decided = record.application.records.filter(kind="decided").last()
        assert decided.actor_id != record.actor_id


def test_letters_are_drafted_and_signed_beside_the_open_cases(county):
    assert Letter.objects.filter(state="draft", kind__contains=".").count() == 2
    for letter in Letter.objects.filter(state="signed").select_related("application"):
        if not LETTER_KINDS[letter.kind].self_issued and letter.signed_by_id:
            assert letter.signed_by_id != letter.drafted_by_id
        kind = LETTER_KINDS[letter.kind]
        records = letter.application.records
        days = set(records.values_list("on", flat=True))
        # An answer is dated on the day of its signature, a letter of a step on the step's day; what is put right in a letter
        # is no step of its own.
        step = Kind.SIGNED if kind.is_answer else kind.event
        own = set(records.filter(kind=step).values_list("on", flat=True)) if step else set()
        own = days if letter.kind == "rectification" else own
        assert letter.dated in (own or days), (letter, letter.dated)


def test_nobody_was_told(county, mailoutbox):
    assert mailoutbox == []


def test_a_second_load_changes_nothing(county):
    before = Application.objects.count()
    demo.load(county)
    assert Application.objects.count() == before


def test_a_table_that_contradicts_itself_is_refused(county):
    with pytest.raises(ValueError, match="已有"):
        ledger_from_report(figures.get("LT24"), county.organ("ltq"), 2026, Random(1))


def test_another_organs_table_with_cases_carried_over(county):
    """北关区: 18 carried in, 4 carried out, three kinds of applicant."""
    with transaction.atomic():
        report = figures.get("BG25")
        ledger_from_report(report, county.organ("bgq"), 2025, Random(3))
        found = table3(county.organ("bgq"), 2025)
        transaction.set_rollback(True)
    assert found == {key: report.amount(key) for key in found}


@pytest.mark.parametrize("today", [date(2026, 1, 12), date(2026, 6, 30), date(2027, 3, 1)])
def test_it_can_be_made_on_another_day(county, today):
    """Nothing later than today, the reported years untouched."""
    from gongkai.demo.ledger import desk_of

    with transaction.atomic():
        last = Application.objects.order_by("-pk").first().pk
        desks = {slug: desk_of(county.organ(slug)) for slug in dict.fromkeys(demo.DESKS)}
        teller = demo._Teller(today, desks, Random(5))
        teller.closed()
        teller.open()
        made = Application.objects.filter(pk__gt=last)
        years = set(made.values_list("year_new", flat=True))
        latest = max(EventRecord.objects.filter(application__in=made).values_list("on", flat=True))
        transaction.set_rollback(True)
    assert latest <= today
    assert not years & {2024, 2025}


def test_stories_of_every_row_stand_before_the_law():
    calendar, ends = default_calendar(), Counter()
    for seed in range(12):
        rng = Random(seed)
        for row in OUTCOMES:
            for features in [(), *(((name,) for name in FEATURES) if row in ("granted", "partial") else ())]:
                start = calendar.next_working_day(date(2025, 2, 5 + seed))
                kind = ApplicantKind.NATURAL
                story = Story(calendar, rng, pick_channel(rng, kind), kind, row, start)
                tell(story, features, signer="甲")
                events = [*story.events[:2], Registered(on=story.received_on, number="1"), *story.events[2:]]
                state = fold(events, calendar, today=date(2026, 1, 1))
                assert state.row == row
                assert not state.answered_late
                ends[row] += 1
    assert set(ends) == set(OUTCOMES)


def test_the_desk_opens_on_it(county, client):
    """Board, ledger, statistics and the screen of every open case and of one case of each outcome."""
    from django.urls import reverse

    client.force_login(county.user("ltq-office"))
    names = (
        "wagtailadmin_home",
        "applications-ledger:index",
        "applications_statistics",
        "applications_confirm",
    )
    cases = {
        case.row or str(case.pk): case for case in Application.objects.filter(organ__slug__startswith="ltq")
    }
    urls = [*map(reverse, names), *(reverse("applications_case", args=[c.pk]) for c in cases.values())]
    assert {url: status for url in urls if (status := client.get(url).status_code) != 200} == {}
