"""The case screen: what it shows, who opens it, every act through its generated form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from gongkai.applications import selectors, services
from gongkai.applications.desk.case import words
from gongkai.applications.models import Note
from gongkai.law.case import Archived, Decided, Kind, Searched, Signed
from gongkai.organs.scope import SYSTEM
from tests.applications.case_world import ASKED, DAY, IDENTITY, PHONE, Office, form_data
from tests.applications.histories import DECIDED, HISTORIES, OVERRIDDEN, RECEIVED, SERVED, THIRD_GOT

pytestmark = pytest.mark.django_db
OWN_PAGE = {Kind.FEE_NOTICED, Kind.EXTENDED, Kind.RECORD_CORRECTED, Kind.REGISTERED, Kind.ARCHIVED}
BY_FORM = [kind for kind in HISTORIES if kind not in OWN_PAGE]
MAX_QUERIES = 19  # issue 4: under twenty


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def on(monkeypatch):
    """Sets the day."""

    def set_day(day: date) -> date:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: day)
        return day

    set_day(DAY)
    return set_day


def case_url(case):
    return reverse("applications_case", args=[case.pk])


def act_url(case, kind):
    return reverse("applications_act", args=[case.pk, kind.value])


@pytest.mark.parametrize("kind", BY_FORM, ids=lambda k: k.value)
def test_every_act_is_done_through_its_form(office, on, kind):
    history, event = HISTORIES[kind]
    case = office.case(history)
    on(event.on)
    client = office.client(office.who(kind))
    page = client.get(act_url(case, kind))
    assert page.status_code == 200
    assert "现在不能办理" not in page.content.decode()
    response = client.post(act_url(case, kind), form_data(event, case.events_count))
    assert response.status_code == 302, page_errors(response)
    kept = case.records.get(kind=kind.value, position=len(history) + 2).event()
    assert replace(kept, by="") == replace(event, by="", **variant_as(kept))


def variant_as(kept):
    return {"variant": kept.variant} if isinstance(kept, Decided) else {}


def page_errors(response):
    text = response.content.decode()
    return [line.strip() for line in text.splitlines() if "cs-error" in line]


@pytest.mark.parametrize("kind", BY_FORM, ids=lambda k: k.value)
def test_an_act_out_of_turn_is_explained_on_the_screen_and_refused_by_the_form(office, on, kind):
    event = HISTORIES[kind][1]
    day = on(max(event.on, date(2026, 4, 27)))
    for history in ((), DECIDED, SERVED, (*SERVED, Archived(on=day))):
        case = office.case(history)
        verdict = selectors.state_of(case).acts[kind]
        if not verdict:
            break
    assert not verdict, "every act is unlawful at some point"
    client = office.client(office.who(kind))
    screen = client.get(case_url(case)).content.decode()
    assert words.sentence(verdict.reason) in screen
    if verdict.cite:
        assert verdict.cite.short in screen
    before = case.records.count()
    response = client.post(act_url(case, kind), form_data(event))
    assert response.status_code == 422
    assert page_errors(response)
    assert case.records.count() == before


def test_every_act_is_either_a_button_or_explained(office, on):
    case = office.case(RECEIVED)
    content = office.client(office.editor).get(case_url(case)).content.decode()
    for kind in Kind:
        if kind is not Kind.SUBMITTED:
            assert words.VERBS[kind] in content, kind


def test_the_screen_shows_request_deadline_and_its_arithmetic(office, on):
    case = office.case(RECEIVED)
    on(date(2026, 5, 12))
    content = office.client(office.editor).get(case_url(case)).content.decode()
    assert ASKED in content
    assert "还有 6 个工作日" in content
    assert "5月20日（周三）" in content
    assert "次日起 20 个工作日" in content
    assert "条例第三十一条" in content
    on(date(2026, 5, 25))
    assert "已逾期 3 个工作日" in office.client(office.editor).get(case_url(case)).content.decode()


def test_the_screen_holds_no_identity_number_telephone_or_full_name(office, on):
    case = office.case(RECEIVED)
    content = office.client(office.director).get(case_url(case)).content.decode()
    assert "王**" in content
    for secret in (IDENTITY, PHONE, "王小明"):
        assert secret not in content


def test_the_screen_takes_few_queries_also_for_a_long_case(office, on, django_assert_max_num_queries):
    for number in range(12):
        office.case(RECEIVED, text=f"{ASKED}第{number}份")
    case = office.case(THIRD_GOT)
    on(date(2026, 5, 8))
    for place in range(15):
        services.act(SYSTEM, case, Searched(on=DAY, places=f"档案室第 {place} 柜"))
        Note.objects.create(application=case, text=f"备注{place}", author=office.editor)
    client = office.client(office.director)
    client.get(case_url(case))
    with django_assert_max_num_queries(MAX_QUERIES):
        assert client.get(case_url(case)).status_code == 200


PAGES = ["case", "act", "questions", "fee", "extension", "note", "correct", "correct_record"]


def page_of(case, name):
    more = {"act": ["searched"], "correct_record": [2]}.get(name, [])
    return reverse(f"applications_{name}", args=[case.pk, *more])


@pytest.mark.parametrize("name", PAGES)
def test_another_organ_does_not_learn_that_the_case_exists(office, on, name):
    case = office.case(RECEIVED)
    client = office.client(office.stranger)
    assert client.get(page_of(case, name)).status_code == 404
    assert client.post(page_of(case, name), {}).status_code in (404, 405)


@pytest.mark.parametrize("name", [name for name in PAGES if name != "case"])
def test_who_may_only_look_is_refused(office, on, name):
    case = office.case(RECEIVED)
    client = office.client(office.inspector)
    assert client.get(page_of(case, "case")).status_code == 200
    assert client.post(page_of(case, name), {}).status_code in (302, 403, 405)
    assert client.get(page_of(case, name)).status_code in (302, 403)
    assert case.records.count() == 3


def test_the_looker_sees_no_button(office, on):
    case = office.case(RECEIVED)
    content = office.client(office.inspector).get(case_url(case)).content.decode()
    assert "不在您的职责之内" in content
    assert "/act/" not in content


def test_signing_is_not_the_clerks(office, on):
    case = office.case(DECIDED)
    on(DECIDED[-1].on)
    url = act_url(case, Kind.SIGNED)
    assert office.client(office.editor).get(url).status_code in (302, 403)
    assert office.client(office.leader).get(url).status_code == 200


def test_who_decided_is_told_on_the_form_that_another_signs(office, on):
    case = office.case(RECEIVED)
    on(date(2026, 4, 27))
    services.act(office.director, case, Decided(on=date(2026, 4, 27), outcome="granted", variant="provided"))
    event = Signed(on=date(2026, 4, 27), signed_by="赵主任")
    response = office.client(office.director).post(act_url(case, Kind.SIGNED), form_data(event))
    assert response.status_code == 422
    assert "不能签发同一件答复" in response.content.decode()


def test_nothing_typed_is_lost_when_somebody_else_acted_first(office, on):
    case = office.case(RECEIVED)
    seen = case.events_count
    services.act(office.director, case, Searched(on=DAY, places="档案馆", found=False))
    event = Searched(on=DAY, places="业务科 2025 年卷宗", terms="征收 补偿", found=True)
    client = office.client(office.editor)
    response = client.post(act_url(case, Kind.SEARCHED), form_data(event, seen))
    content = response.content.decode()
    assert response.status_code == 422
    assert "业务科 2025 年卷宗" in content
    assert "赵主任" in content  # who acted, and what
    assert case.records.count() == seen + 1
    # The page that came back carries the new count: sent again, it is done.
    assert f'name="expected" value="{seen + 1}"' in content
    assert client.post(act_url(case, Kind.SEARCHED), form_data(event, seen + 1)).status_code == 302


def test_a_refusal_keeps_the_text_and_names_the_article(office, on):
    case = office.case(RECEIVED)
    response = office.client(office.editor).post(
        act_url(case, Kind.SEARCHED), {"on": "2026-04-19", "places": "档案室", "found": "True", "by": "孙"}
    )
    content = response.content.decode()
    assert response.status_code == 422
    assert "早于前一步骤" in content
    assert "档案室" in content


def test_missing_fields_are_told_all_at_once(office, on):
    case = office.case(RECEIVED)
    response = office.client(office.editor).post(act_url(case, Kind.SEARCHED), {"on": "昨天"})
    assert response.status_code == 422
    assert {"on", "places", "found"} <= set(response.context["form"].errors)


def test_a_day_that_has_not_come_is_refused(office, on):
    case = office.case(RECEIVED)
    response = office.client(office.editor).post(
        act_url(case, Kind.SEARCHED),
        {"on": "2026-04-21", "places": "档案室", "found": "True", "by": "孙信息"},
    )
    assert "晚于今天" in response.content.decode()


def test_registering_gives_the_number_and_the_handler(office, on):
    case = office.case(RECEIVED[:1])
    client = office.client(office.editor)
    assert client.get(act_url(case, Kind.REGISTERED)).status_code == 200
    data = {"on": "2026-04-20", "handler": str(office.editor.pk), "expected": "2"}
    assert client.post(act_url(case, Kind.REGISTERED), data).status_code == 302
    case.refresh_from_db()
    assert (case.number, case.handler) == ("清资公开申〔2026〕1号", office.editor)


def test_unknown_acts_and_submission_are_not_found(office, on):
    case = office.case()
    client = office.client(office.director)
    for kind in ("nothing", "submitted", "1"):
        assert client.get(reverse("applications_act", args=[case.pk, kind])).status_code == 404


def test_notes_are_kept_and_an_empty_one_is_refused(office, on):
    case = office.case(RECEIVED)
    client = office.client(office.editor)
    url = reverse("applications_note", args=[case.pk])
    assert client.post(url, {"text": " 已电话联系申请人 "}).status_code == 302
    assert "已电话联系申请人" in client.get(case_url(case)).content.decode()
    refused = client.post(url, {"text": "  "})
    assert refused.status_code == 422
    assert "请写下备注" in refused.content.decode()
    long = client.post(url, {"text": "长" * 2001})
    assert "2001 字" in long.content.decode()
    assert case.notes.count() == 1


def test_markup_in_what_an_applicant_wrote_is_shown_as_text(office, on):
    case = office.case(RECEIVED, text="<script>alert(1)</script>某方案", items=("<b>甲</b>", "乙"))
    content = office.client(office.editor).get(case_url(case)).content.decode()
    assert "<script>alert(1)" not in content
    assert "<b>甲</b>" not in content
    assert "&lt;b&gt;甲" in content


def test_earlier_cases_of_the_same_person_and_of_the_same_words(office, on):
    old = office.case(RECEIVED, text="2025年某村土地征收补偿安置方案的批复")
    alike = office.case(
        RECEIVED, identity="110101198001010010", text="某村土地征收补偿安置方案及其批复2025年"
    )
    office.case(RECEIVED, identity="110101197001010019", text="幼儿园招生计划和学位预警")
    case = office.case(RECEIVED)
    shown = office.client(office.editor).get(case_url(case)).context["earlier"]
    assert [(one.application.pk, one.same_applicant) for one in shown] == [(old.pk, True), (alike.pk, False)]
    assert all(one.alike > 0.5 for one in shown)


def test_the_same_person_at_another_organ_is_not_shown(office, on):
    elsewhere = Office.__new__(Office)
    elsewhere.organ = office.other
    elsewhere.case(RECEIVED)
    case = office.case(RECEIVED)
    assert office.client(office.editor).get(case_url(case)).context["earlier"] == []


def test_consulted_parties_and_letters_are_numbered_on(office, on):
    case = office.case(THIRD_GOT)
    on(date(2026, 4, 28))
    client = office.client(office.editor)
    content = client.get(case_url(case)).content.decode()
    assert "某公司" in content
    assert "暂停计期" in content
    form = client.get(act_url(case, Kind.THIRD_PARTY_CONSULTED)).context["form"]
    assert form.initial["letter"] == "2"
    answer = client.get(act_url(case, Kind.THIRD_PARTY_ANSWERED)).context["form"]
    assert [key for key, _ in answer.fields["letter"].choices] == ["1"]
    assert "某公司" in answer.fields["letter"].choices[0][1]


def test_an_override_waits_for_the_third_party_to_be_told(office, on):
    case = office.case(OVERRIDDEN)
    on(date(2026, 4, 27))
    content = office.client(office.leader).get(case_url(case)).content.decode()
    assert "尚未书面告知第三方" in content
