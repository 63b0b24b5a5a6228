"""The guided pages: seven questions, fee, extension by two people, correction by a later record."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from gongkai.applications import selectors, services
from gongkai.applications.models import ExtensionRequest, Letter
from gongkai.applications.services import extension
from gongkai.law.case import Extended, FeeBasis, FeeNoticed, Kind, Searched, Withdrawn
from gongkai.law.question_tree import QUESTIONS
from gongkai.organs.desk.today import gather
from gongkai.organs.scope import SYSTEM
from tests.applications.case_world import DAY, Office
from tests.applications.histories import DECIDED, FEE, OBJECTED, RECEIVED, SERVED, SIGNED

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def on(monkeypatch):
    def set_day(day: date) -> date:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: day)
        return day

    set_day(DAY)
    return set_day


def url(case, name, *more):
    return reverse(f"applications_{name}", args=[case.pk, *more])


# Seven questions --------------------------------------------------------------------------------------


def test_every_option_of_every_question_opens(office, on):
    """Each question is reached by some path; each of its answers leads to a page with a next step."""
    case = office.case(RECEIVED)
    client = office.client(office.editor)
    todo, seen = [{}], set()
    while todo:
        answers = todo.pop()
        response = client.get(url(case, "questions"), answers)
        assert response.status_code == 200, answers
        inquiry = response.context["inquiry"]
        if inquiry.state != "asking":
            content = response.content.decode()
            assert ("先要：" in content) if inquiry.state == "act" else ("依据" in content)
            continue
        if inquiry.question.key in seen:
            continue
        seen.add(inquiry.question.key)
        todo += [{**answers, inquiry.question.key: o.key} for o in inquiry.question.options]
    assert seen == set(QUESTIONS)


def test_absent_without_a_search_leads_to_the_search_and_then_to_the_decision(office, on):
    case = office.case(RECEIVED)
    client = office.client(office.editor)
    path = {"clear": "yes", "application": "yes", "responsible": "ours"}
    first = client.get(url(case, "questions"), {**path, "held": "not_searched"})
    assert url(case, "act", "searched") in first.content.decode()
    blocked = client.get(url(case, "questions"), {**path, "held": "absent"})
    assert "应先检索并留有检索记录" in blocked.content.decode()
    assert blocked.context["reached"]["url"] == ""
    services.act(SYSTEM, case, Searched(on=DAY, places="档案室", found=False))
    reached = client.get(url(case, "questions"), {**path, "held": "absent"}).context["reached"]
    assert reached["lawful"]
    form = client.get(reached["url"]).context["form"]
    assert form.initial["outcome"] == "unavailable_not_held/absent" or form.initial["outcome"].endswith(
        "/absent"
    )
    query = parse_qs(urlparse(reached["url"]).query)
    assert "检索后没有找到" in query["path"][0]
    data = {"on": "2026-04-20", "outcome": form.initial["outcome"], "evidence": form.initial["evidence"]}
    assert client.post(reached["url"], data).status_code == 302
    assert selectors.state_of(case).status.value == "decided"


def test_full_disclosure_against_an_objection_needs_the_public_interest(office, on):
    case = office.case(OBJECTED)
    on(date(2026, 4, 28))
    client = office.client(office.editor)
    page = url(case, "act", "decided")
    data = {"on": "2026-04-28", "outcome": "granted/provided"}
    refused = client.post(page, data)
    assert refused.status_code == 422
    assert "公共利益" in refused.content.decode()
    assert client.post(page, {**data, "override": "涉及饮用水安全"}).status_code == 302


def test_items_are_decided_one_by_one(office, on):
    case = office.case(RECEIVED, items=("征收批复", "补偿标准"))
    client = office.client(office.editor)
    page = url(case, "act", "decided")
    data = {"on": "2026-04-20", "outcome": "partial/usual", "item_0": "granted/provided"}
    form = client.get(page).context["form"]
    assert {"item_0", "item_1"} <= set(form.fields)
    partial = next(
        k for _, group in form.fields["outcome"].choices[1:] for k, _ in group if k.startswith("partial/")
    )
    data["outcome"] = partial
    half = client.post(page, data)
    assert "每一项都要填写" in half.content.decode()
    internal = next(
        k for _, g in form.fields["outcome"].choices[1:] for k, _ in g if k.startswith("refused_internal/")
    )
    assert client.post(page, {**data, "item_1": internal}).status_code == 302
    decided = selectors.state_of(case).events[-1]
    assert [(i.item, i.outcome) for i in decided.items] == [
        ("征收批复", "granted"),
        ("补偿标准", "refused_internal"),
    ]


def test_an_answer_that_is_not_offered_begins_anew(office, on):
    case = office.case(RECEIVED)
    response = office.client(office.editor).get(url(case, "questions"), {"clear": "perhaps"})
    assert response.status_code == 302


# Fee --------------------------------------------------------------------------------------------------


def test_the_eleventh_of_the_month_costs_a_hundred_by_count_and_nothing_by_pages(office, on):
    cases = [office.case(RECEIVED, text=f"第{n}份合同") for n in range(1, 12)]
    on(date(2026, 4, 24))
    client = office.client(office.editor)
    response = client.post(
        url(cases[-1], "fee"),
        {"provision": "paper", "single": "20", "double": "0", "calculate": "1"},
    )
    amounts = {label: amount for label, amount, *_ in response.context["options"]}
    assert amounts == {"按件计收": "100 元", "按量计收": "0 元"}
    assert "第11件" in response.content.decode()
    assert cases[-1].records.count() == 3  # nothing was decided
    data = {"provision": "paper", "single": "20", "double": "0", "basis": "count", "on": "2026-04-24"}
    refused = client.post(url(cases[-1], "fee"), data)
    assert refused.status_code == 422
    assert "理由" in refused.content.decode()
    done = client.post(url(cases[-1], "fee"), {**data, "reason": "当月已申请十件，内容零散"})
    assert done.status_code == 302
    event = selectors.state_of(cases[-1]).events[-1]
    assert isinstance(event, FeeNoticed)
    assert (event.amount_fen, event.basis, event.on) == (10_000, FeeBasis.PER_CASE, date(2026, 4, 24))
    assert "当月已申请十件" in event.evidence


def test_pages_are_counted_by_side_and_only_one_basis_is_charged(office, on):
    case = office.case(RECEIVED)
    client = office.client(office.editor)
    data = {"provision": "paper", "single": "8", "double": "30", "basis": "pages", "reason": "卷宗 68 页"}
    assert client.post(url(case, "fee"), {**data, "on": "2026-04-20"}).status_code == 302
    event = selectors.state_of(case).events[-1]
    assert (event.amount_fen, event.basis) == (38_000, FeeBasis.PER_PAGE)
    again = client.post(url(case, "fee"), {**data, "on": "2026-04-20"})
    assert again.status_code == 422


def test_a_basis_that_yields_nothing_is_refused_in_words(office, on):
    case = office.case(RECEIVED)
    data = {"provision": "on-site", "single": "80", "double": "0", "basis": "pages", "reason": "多"}
    response = office.client(office.editor).post(url(case, "fee"), data)
    assert response.status_code == 422
    assert "不能按量计收" in response.content.decode()


def test_not_charging_leaves_the_reason_as_a_note_and_the_clock_alone(office, on):
    case = office.case(RECEIVED)
    data = {
        "provision": "paper",
        "single": "50",
        "double": "0",
        "basis": "none",
        "reason": "低保户，数额较小",
    }
    assert office.client(office.editor).post(url(case, "fee"), data).status_code == 302
    assert "低保户" in case.notes.get().text
    assert selectors.state_of(case).due_on == date(2026, 5, 20)


def test_other_people_and_other_months_and_early_withdrawals_do_not_count(office, on):
    for number in range(10):
        office.case(RECEIVED, identity="110101198001010010", text=f"他人{number}")
    office.case((Withdrawn(on=DAY),), text="未确认即撤回")
    on(date(2026, 3, 30))
    march = date(2026, 3, 30)
    office.case((type(RECEIVED[0])(on=march, confirmed_on=march),), on=march, text="上月")
    on(DAY)
    case = office.case(RECEIVED)
    tally = office.client(office.editor).get(url(case, "fee")).context["tally"]
    assert (tally.position.first, tally.position.last) == (1, 1)
    assert [m.application.pk for m in tally.months] == [case.pk]


def test_without_an_identity_number_only_this_case_counts(office, on):
    office.case(RECEIVED, identity="")
    case = office.case(RECEIVED, identity="")
    response = office.client(office.editor).get(url(case, "fee"))
    assert "无法认定同一申请人" in response.content.decode()
    assert response.context["tally"].position.first == 1


def test_a_fee_cannot_be_noticed_twice(office, on):
    case = office.case(FEE)
    on(date(2026, 4, 21))
    assert "现在不能发收费通知" in office.client(office.editor).get(url(case, "fee")).content.decode()


# Extension --------------------------------------------------------------------------------------------

ASK = {"days": "10", "reason": "档案分散在三个乡镇，需逐卷查找"}


def test_extension_is_asked_by_one_and_agreed_by_the_head(office, on):
    office.name_heads()
    case = office.case(RECEIVED)
    on(date(2026, 5, 15))
    assert office.client(office.editor).post(url(case, "extension"), ASK).status_code == 302
    assert selectors.state_of(case).due_on == date(2026, 5, 20)  # asking moves nothing
    board = [task.title for task in gather(office.director, date(2026, 5, 15))]
    assert any("延期提请" in title for title in board)
    assert not any("延期提请" in t.title for t in gather(office.stranger, date(2026, 5, 15)))
    client = office.client(office.director)
    page = client.get(url(case, "extension"))
    assert ASK["reason"] in page.content.decode()
    done = client.post(url(case, "extension"), {"verdict": "grant", "told_on": "2026-05-15"})
    assert done.status_code == 302
    state = selectors.state_of(case)
    event = state.events[-1]
    assert isinstance(event, Extended)
    assert (event.days, event.approved_by, event.by) == (10, "赵主任", "孙信息")
    assert state.due_on == date(2026, 6, 3)
    assert case.extension_requests.get().state == "granted"


def test_nobody_agrees_to_their_own_request(office, on):
    office.name_heads()
    case = office.case(RECEIVED)
    office.client(office.director).post(url(case, "extension"), ASK)
    row = case.extension_requests.get()
    with pytest.raises(ValidationError, match="自己提请"):
        extension.grant_extension(office.director, row, told_on=DAY)
    page = office.client(office.director).get(url(case, "extension"))
    assert not page.context["decides"]
    extension.grant_extension(office.deputy, row, told_on=DAY)
    assert selectors.state_of(case).due_on > date(2026, 5, 20)


def test_only_the_head_decides(office, on):
    office.name_heads()
    case = office.case(RECEIVED)
    row = extension.request_extension(office.editor, case, days=5, reason="会核")
    for person in (office.leader, office.editor, office.stranger):
        with pytest.raises(PermissionDenied):
            extension.grant_extension(person, row, told_on=DAY)
    response = office.client(office.leader).post(
        url(case, "extension"), {"verdict": "grant", "told_on": "2026-04-20"}
    )
    assert response.status_code == 422
    assert selectors.state_of(case).due_on == date(2026, 5, 20)


def test_refusing_needs_a_reason_and_leaves_the_deadline(office, on):
    office.name_heads()
    case = office.case(RECEIVED)
    extension.request_extension(office.editor, case, days=5, reason="会核")
    client = office.client(office.director)
    assert client.post(url(case, "extension"), {"verdict": "refuse"}).status_code == 422
    refused = {"verdict": "refuse", "opinion": "材料已在手，按期答复"}
    assert client.post(url(case, "extension"), refused).status_code == 302
    assert selectors.state_of(case).due_on == date(2026, 5, 20)
    assert "按期答复" in office.client(office.editor).get(url(case, "extension")).content.decode()


def test_one_open_request_at_a_time_and_it_can_be_recalled(office, on):
    office.name_heads()
    case = office.case(RECEIVED)
    row = extension.request_extension(office.editor, case, days=5, reason="会核")
    with pytest.raises(ValidationError, match="不能重复"):
        extension.request_extension(office.editor, case, days=6, reason="会核")
    with pytest.raises(PermissionDenied):
        extension.recall_extension(office.director, row)
    office.client(office.editor).post(url(case, "extension"), {"recall": "1"})
    row.refresh_from_db()
    assert row.state == ExtensionRequest.State.RECALLED
    extension.request_extension(office.editor, case, days=6, reason="会核")


def test_extension_is_refused_where_the_law_refuses_it_or_nobody_could_agree(office, on):
    case = office.case(RECEIVED)
    with pytest.raises(ValidationError, match="没有登记可以同意的负责人"):
        extension.request_extension(office.editor, case, days=5, reason="会核")
    office.name_heads()
    with pytest.raises(ValidationError) as problem:
        extension.request_extension(office.editor, case, days=21, reason=" ")
    assert set(problem.value.message_dict) == {"days", "reason"}
    on(date(2026, 5, 21))
    with pytest.raises(ValidationError, match="条例第三十三条第二款"):
        extension.request_extension(office.editor, case, days=5, reason="会核", today=date(2026, 5, 21))


# Correction -------------------------------------------------------------------------------------------


def test_a_wrong_date_is_corrected_by_a_later_record_and_the_deadline_follows(office, on):
    case = office.case(RECEIVED)
    on(date(2026, 4, 22))
    client = office.client(office.director)
    assert "更正这一条" in client.get(url(case, "correct")).content.decode()
    page = url(case, "correct_record", 2)
    form = client.get(page).context["form"]
    assert form.initial["confirmed_on"] == DAY
    data = {
        "on": "2026-04-21",
        "confirmed_on": "2026-04-21",
        "correction_reason": "确认日期录错",
        "expected": "3",
    }
    # Registration of 20 April stands before the corrected receipt; the register may be older than receipt.
    response = client.post(page, data)
    assert response.status_code == 302, response.content.decode()
    state = selectors.state_of(case)
    assert state.received_on == date(2026, 4, 21)
    content = client.get(reverse("applications_case", args=[case.pk])).content.decode()
    assert "已由第 4 条更正：确认日期录错" in content


def test_a_record_of_what_never_happened_is_struck_out(office, on):
    case = office.case((*RECEIVED, Searched(on=DAY, places="别处", found=False)))
    client = office.client(office.director)
    data = {"on": "2026-04-20", "places": "别处", "found": "False", "by": "x", "correction_strike": "on"}
    missing = client.post(url(case, "correct_record", 4), data)
    assert missing.status_code == 422
    assert (
        client.post(url(case, "correct_record", 4), {**data, "correction_reason": "录到别的案卷"}).status_code
        == 302
    )
    assert selectors.state_of(case).events[3] is None
    assert case.records.count() == 5  # nothing was deleted


def test_a_correction_that_changes_nothing_or_breaks_what_follows_is_refused(office, on):
    case = office.case(SIGNED)
    on(date(2026, 4, 27))
    client = office.client(office.director)
    page = url(case, "correct_record", 4)
    same = {"on": "2026-04-27", "outcome": "granted/provided", "correction_reason": "看看"}
    assert "没有改动" in client.post(page, same).content.decode()
    strike = client.post(page, {**same, "correction_strike": "on"})
    assert "不能成立" in strike.content.decode()
    assert client.get(url(case, "correct_record", 99)).status_code == 404


def test_every_record_can_be_opened_for_correction(office, on):
    from tests.applications.histories import HISTORIES

    for kind, (history, event) in HISTORIES.items():
        if kind is Kind.RECORD_CORRECTED:
            continue
        on(event.on)
        case = office.case((*history, event))
        response = office.client(office.director).get(url(case, "correct_record", case.events_count))
        assert response.status_code == 200, kind
    case = office.case(SERVED)
    assert office.client(office.director).get(url(case, "correct_record", 1)).status_code == 200


# Letters beside the acts ------------------------------------------------------------------------------


def test_a_decision_leads_to_its_answer_letter_and_the_letter_to_signing(office, on):
    case = office.case(DECIDED)
    on(date(2026, 4, 27))
    draft = reverse("applications_letter_draft", args=[case.pk, "granted.provided"])
    content = office.client(office.editor).get(url(case, "case")).content.decode()
    assert "拟写答复书" in content
    assert draft in content
    assert "拟写答复书" not in office.client(office.inspector).get(url(case, "case")).content.decode()
    letter = Letter.objects.create(
        application=case, kind="granted.provided", title="政府信息公开申请答复书", body="……", state="sign"
    )
    page = reverse("applications_letter", args=[letter.pk])
    for person in (office.editor, office.leader):
        content = office.client(person).get(url(case, "case")).content.decode()
        assert page in content
        assert draft not in content
    # The leader's “签发” is the letter's own; signing on paper stays possible at the act's address.
    signing = office.client(office.leader).get(url(case, "case")).context["first_acts"]
    assert [act.url for act in signing if act.kind is Kind.SIGNED] == [page]
    assert page in office.client(office.leader).get(url(case, "act", "signed")).content.decode()


def test_letters_that_go_with_what_was_recorded_are_offered_until_they_exist(office, on):
    case = office.case(OBJECTED)
    on(date(2026, 4, 27))
    client = office.client(office.editor)
    offered = {row.title for row in client.get(url(case, "case")).context["unwritten"]}
    assert {"政府信息公开申请接收回执", "第三方意见征求书", "征求意见告知书"} <= offered
    Letter.objects.create(application=case, kind="third_party", title="第三方意见征求书", body="……")
    voided = Letter.objects.create(
        application=case, kind="receipt", title="接收回执", body="……", state="void"
    )
    offered = {row.title for row in client.get(url(case, "case")).context["unwritten"]}
    assert "第三方意见征求书" not in offered
    assert "政府信息公开申请接收回执" in offered
    assert str(voided.title) in client.get(url(case, "case")).content.decode()
