"""The first words of the applicant's page: where the case stands, how it ended, the answer, what to do when nobody is found."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gongkai.applications import selectors, services
from gongkai.applications.models import Letter
from gongkai.applications.public import visible
from gongkai.law.case import (
    ApplicantKind,
    Channel,
    Decided,
    Extended,
    Received,
    Searched,
    Served,
    ServiceWay,
    Signed,
    Submitted,
    Withdrawn,
    fold,
)
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.scope import SYSTEM
from gongkai.portal.selectors import public_hits
from tests.applications.public_world import filed, make_organ

pytestmark = pytest.mark.django_db
CASE = "/apply/mine/1/"


@pytest.fixture(autouse=True)
def county() -> None:
    cache.clear()
    make_organ()


@pytest.mark.parametrize("row", list(OUTCOMES))
def test_the_result_is_told_without_the_number_and_the_notes_of_the_table(row: str) -> None:
    for variant in ("", *(one.key for one in OUTCOMES[row].variants)):
        state = SimpleNamespace(current_row=row, is_open=False, served_on=date(2026, 5, 20), variant=variant)
        words = visible.outcome(state)  # type: ignore[arg-type]
        assert not re.match(r"[（\d]", words)
        assert "只计" not in words
        assert words or (row == "other_other" and not variant)


def test_a_case_past_its_day_is_not_told_as_if_all_were_well() -> None:
    begun = timezone.localdate() - timedelta(days=90)
    events = [Submitted(on=begun, channel=Channel.ONLINE, applicant=ApplicantKind.NATURAL), Received(on=begun, confirmed_on=begun)]  # fmt: skip
    on_the_day = fold(events, selectors.calendar(), today=begun)
    assert visible.standing(on_the_day).mark == "ok"
    told = visible.standing(fold(events, selectors.calendar(), today=timezone.localdate()))
    assert (told.label, told.mark) == ("办理中", "late")
    assert "不需要" not in told.text


def test_the_answer_is_the_first_thing_to_take_away_once_it_is_served(client: Client) -> None:
    application, _ = filed(client)
    today = timezone.localdate()
    for event in (Received(on=today, confirmed_on=today),):
        services.act(SYSTEM, application, event)
    services.register_application(SYSTEM, application)
    for event in (
        Searched(on=today, places="室", found=True),
        Decided(on=today, outcome="granted", variant="provided"),
    ):
        services.act(SYSTEM, application, event)
    letter = Letter.objects.create(application=application, kind="granted.provided", number="清资公开答〔2026〕1号", title="政府信息公开答复书",
                                   body="正文", state="signed", signed_at=timezone.now(), digest="x", dated=today)  # fmt: skip
    services.act(SYSTEM, application, Signed(on=today, signed_by="局长", letter_no=letter.number))
    before = client.get(CASE)
    assert "下载答复书" not in before.content.decode()
    assert "<title>办理中：" in before.content.decode()
    services.act(SYSTEM, application, Served(on=today, way=ServiceWay.ELECTRONIC, confirmed_on=today))
    page = client.get(CASE).content.decode()
    assert f'<a class="btn btn-main" href="{CASE}letters/{letter.pk}/">下载答复书（PDF）</a>' in page
    assert "行政复议" in page
    assert "<title>已答复：" in page


def test_an_extended_deadline_says_beside_it_by_how_much_and_why(client: Client) -> None:
    application, _ = filed(client)
    today = timezone.localdate()
    services.act(SYSTEM, application, Received(on=today, confirmed_on=today))
    services.register_application(SYSTEM, application)
    assert "已经延长" not in client.get(CASE).content.decode()
    extended = Extended(
        on=today, days=15, approved_by="王局长", approved_on=today, reason="需要调阅历年档案。"
    )
    services.act(SYSTEM, application, extended)
    page = client.get(CASE).content.decode()
    assert "答复期限已经延长 15 个工作日，理由：需要调阅历年档案。<" in page
    assert "王局长" not in page


def test_an_extension_is_not_told_of_a_deadline_that_runs_no_more() -> None:
    begun = timezone.localdate() - timedelta(days=9)
    events = [
        Submitted(on=begun, channel=Channel.COUNTER, applicant=ApplicantKind.NATURAL),
        Received(on=begun),
        Extended(on=begun, days=15, approved_by="局长", approved_on=begun, reason="档案多"),
    ]
    state = fold(events, selectors.calendar(), today=timezone.localdate())
    assert visible.lengthened(state) == "答复期限已经延长 15 个工作日，理由：档案多。"
    ended = [*events, Withdrawn(on=timezone.localdate())]
    assert visible.lengthened(fold(ended, selectors.calendar(), today=timezone.localdate())) == ""


def test_where_no_organ_is_found_any_can_be_chosen_and_the_words_go_along(client: Client) -> None:
    page = client.get("/apply/?q=量子芯片").content.decode()
    assert 'href="/apply/qh-zr/?q=%E9%87%8F%E5%AD%90%E8%8A%AF%E7%89%87"' in page
    assert "<title>向谁申请“量子芯片”" in page
    form = client.get("/apply/qh-zr/?q=量子芯片").content.decode()
    assert re.search(r'id="id_description">\s*量子芯片</textarea>', form)


def test_what_is_only_near_is_not_called_public(client: Client) -> None:
    from gongkai.normative.testing import make_document
    from gongkai.organs.models import Organ

    make_document(Organ.objects.get(slug="qh-zr"), "关于土地征收补偿安置的通知", issued=date(2026, 5, 10))
    whole, near = public_hits("土地征收补偿", 6), public_hits("土地征收量子芯片考古", 6)
    assert [hit.near for hit in whole] == [False]
    assert [hit.near for hit in near] == [True]
    page = client.get("/apply/?q=土地征收量子芯片考古").content.decode()
    assert "已经公开的相近内容" in page
    assert "相近内容" not in client.get("/apply/?q=土地征收补偿").content.decode()
