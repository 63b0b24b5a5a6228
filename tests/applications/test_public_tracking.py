"""Following a case with its code: what is shown, what never is, what the applicant can do, who is kept out."""

from __future__ import annotations

import dataclasses
import logging
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.applications import selectors, services
from gongkai.applications.models import Application, CaseFile, FileKind, Letter, Note, Rating, Statement
from gongkai.applications.public import limits, session, visible
from gongkai.applications.public.views import tracking
from gongkai.applications.services.files import store_file
from gongkai.law.case import (
    EVENT_TYPES,
    CorrectionRequested,
    Decided,
    Extended,
    FeeBasis,
    FeeNoticed,
    Kind,
    OrganAnswered,
    OrganConsulted,
    ReasonsAsked,
    Received,
    Searched,
    Served,
    ServiceWay,
    Signed,
    Status,
    Submitted,
    ThirdPartyConsulted,
    fold,
)
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from tests.applications.public_world import FORM, ID, PDF, filed, make_organ, track

pytestmark = pytest.mark.django_db
CASE = "/apply/mine/1/"


@pytest.fixture(autouse=True)
def organ() -> Organ:
    cache.clear()
    return make_organ()


def days_ago(n: int) -> date:
    return timezone.localdate() - timedelta(days=n)


def do(application: Application, *events: Any) -> None:
    for event in events:
        services.act(SYSTEM, application, event)


def running(client: Client) -> tuple[Application, str]:
    """Filed, confirmed and registered today."""
    application, code = filed(client)
    today = timezone.localdate()
    do(application, Received(on=today, confirmed_on=today))
    services.register_application(SYSTEM, application)
    return application, code


# --- the table of what is shown ---------------------------------------------------------------------------------------

HIDDEN = {
    Kind.THIRD_PARTY_LETTER_RECEIVED, Kind.CO_MAKER_LETTER_RECEIVED, Kind.SEARCHED, Kind.SECRECY_REVIEWED, Kind.DECIDED,
    Kind.DECISION_RETURNED, Kind.SIGNED, Kind.THIRD_PARTY_NOTIFIED, Kind.RECORD_CORRECTED,
}  # fmt: skip
NEVER = {"by", "evidence", "recorded_at", "party", "organ", "grounds", "opinion", "reasonable", "handler", "approved_by",
         "approved_on", "parent", "file_no", "letter", "summary", "places", "terms", "conclusion", "override"}  # fmt: skip


def test_every_kind_has_its_decision_and_every_field_exists() -> None:
    assert set(visible.VIEWS) == set(Kind)
    assert {kind for kind, view in visible.VIEWS.items() if view is None} == HIDDEN
    for kind, view in visible.VIEWS.items():
        names = {spec.name for spec in dataclasses.fields(EVENT_TYPES[kind])}
        for _, name, _ in view.fields if view else ():
            assert name in names
            assert name not in NEVER


def _filled(kind: Kind) -> Any:
    """An event of ``kind`` with a mark in every text field."""
    values: dict[str, Any] = {}
    for spec in dataclasses.fields(EVENT_TYPES[kind]):
        hint = str(spec.type)
        if hint.startswith("str"):
            values[spec.name] = f"机密{spec.name}机密"
        elif hint.startswith("tuple[str"):
            values[spec.name] = (f"机密{spec.name}机密",)
        elif hint.startswith("date"):
            values[spec.name] = date(2026, 4, 20) if spec.name == "on" else date(2026, 5, 20)
        elif hint.startswith("datetime"):
            values[spec.name] = None
        elif hint.startswith("bool"):
            values[spec.name] = False
        elif hint.startswith("int"):
            values[spec.name] = 5
    for name, value in {"way": ServiceWay.POST, "basis": FeeBasis.PER_PAGE}.items():
        if name in {s.name for s in dataclasses.fields(EVENT_TYPES[kind])}:
            values[name] = value
    from gongkai.law.case import ApplicantKind, Channel, Opinion, ReopenCause

    for name, value in {
        "channel": Channel.ONLINE,
        "applicant": ApplicantKind.NATURAL,
        "opinion": Opinion.OBJECT,
        "cause": ReopenCause.LITIGATION,
    }.items():
        if name in {s.name for s in dataclasses.fields(EVENT_TYPES[kind])}:
            values[name] = value
    for drop in ("carrier", "items") if kind is Kind.DECIDED else ("carrier", "replacement"):
        values.pop(drop, None)
    return EVENT_TYPES[kind](**values)


@pytest.mark.parametrize("kind", list(Kind))
def test_only_named_fields_of_a_kind_reach_the_applicant(kind: Kind) -> None:
    event = _filled(kind)
    line = visible.timeline_line(event)
    if kind in HIDDEN:
        assert line is None
        return
    assert line is not None
    shown = repr(line)
    allowed = {name for _, name, _ in visible.VIEWS[kind].fields}  # type: ignore[union-attr]
    for spec in dataclasses.fields(event):
        if f"机密{spec.name}机密" in shown:
            assert spec.name in allowed
    for name in NEVER:
        assert f"机密{name}机密" not in shown


def test_letters_inside_the_administration_are_not_told() -> None:
    day = date(2026, 4, 20)
    from gongkai.law.case import ApplicantKind, Channel

    events = [
        Submitted(on=day, channel=Channel.ONLINE, applicant=ApplicantKind.NATURAL), Received(on=day, confirmed_on=day),
        OrganConsulted(on=day, letter="内", organ="不动产登记中心", internal=True),
        OrganAnswered(on=day, letter="内", summary="没有"), OrganConsulted(on=day, letter="外", organ="财政局"),
    ]  # fmt: skip
    state = fold(events, selectors.calendar(), today=day)
    titles = [line.title for line in visible.timeline(state)]
    assert titles == ["提交申请", "机关确认收到", "征求其他机关意见"]


def test_every_status_has_words_and_what_is_decided_is_not_told_before_service() -> None:
    for status in Status:
        assert visible._STANDINGS[status].label
    for status in (Status.DECIDED, Status.SIGNED):
        assert visible._STANDINGS[status].label == visible._STANDINGS[Status.PROCESSING].label


def test_the_page_shows_the_case_and_nothing_internal(client: Client) -> None:
    application, code = running(client)
    today = timezone.localdate()
    do(application, Searched(on=today, places="绝密档案室", terms="某词", by="承办人张三"),
       ThirdPartyConsulted(on=today, party="某某第三方公司", evidence="挂号信"))  # fmt: skip
    from gongkai.organs.models import User

    author = User.objects.create(username="zhangsan", name="张三")
    Note.objects.create(application=application, text="内部看法", author=author)
    store_file(SYSTEM, application, FileKind.SOURCE, PDF, name="原件")
    page = client.get(CASE).content.decode()
    assert "征求意见中" in page
    assert application.number in page
    assert "条例" in page
    for secret in (
        "绝密档案室",
        "某词",
        "张三",
        "某某第三方公司",
        "挂号信",
        "内部看法",
        "原件",
        "王小明",
        ID,
        "13800000000",
        code,
    ):
        assert secret not in page, secret
    assert "王**" in page


def test_the_decision_shows_only_after_service(client: Client) -> None:
    application, _ = running(client)
    today = timezone.localdate()
    released = store_file(SYSTEM, application, FileKind.RELEASED, PDF, name="方案.pdf")
    do(
        application,
        Searched(on=today, places="室", found=True),
        Decided(on=today, outcome="granted", variant="provided"),
    )
    letter = Letter.objects.create(application=application, kind="granted.provided", number="清资公开答〔2026〕1号", title="政府信息公开答复书",
                                   body="正文", state="signed", signed_at=timezone.now(), digest="x", dated=today)  # fmt: skip
    other = Letter.objects.create(application=application, kind="third_party", number="清资公开征〔2026〕1号", title="第三方意见征求书",
                                  body="正文", state="signed", signed_at=timezone.now(), digest="x", dated=today)  # fmt: skip
    do(application, Signed(on=today, signed_by="局长", letter_no=letter.number))
    page = client.get(CASE).content.decode()
    assert "办理中" in page
    for early in ("予以公开", "答复书", "方案.pdf", "局长"):
        assert early not in page
    assert client.get(f"{CASE}letters/{letter.pk}/").status_code == 404
    assert client.get(f"{CASE}files/{released.pk}/").status_code == 404
    do(application, Served(on=today, way=ServiceWay.ELECTRONIC, confirmed_on=today))
    page = client.get(CASE).content.decode()
    for now in ("予以公开", "政府信息公开答复书（PDF）", "方案.pdf", "已答复"):
        assert now in page
    assert "局长" not in page
    got = client.get(f"{CASE}letters/{letter.pk}/")
    assert got.content.startswith(b"%PDF")
    assert "no-store" in got["Cache-Control"]
    assert "attachment" in got["Content-Disposition"]
    assert b"".join(client.get(f"{CASE}files/{released.pk}/")) == PDF
    assert client.get(f"{CASE}letters/{other.pk}/").status_code == 404


def test_the_deadline_comes_with_its_reasons(client: Client) -> None:
    application, _ = running(client)
    page = client.get(CASE).content.decode()
    state = selectors.state_of(application)
    assert f"{state.due_on.month}月{state.due_on.day}日" in page
    for reason in state.reasons:
        assert reason.text in page


def test_an_overdue_case_says_what_one_can_do(client: Client) -> None:
    application, _ = filed(client)
    Application.objects.filter(pk=application.pk).update(submitted_on=days_ago(90))
    state = fold([Submitted(on=days_ago(90), channel="online"), Received(on=days_ago(89), confirmed_on=days_ago(89))],
                 selectors.calendar(), today=timezone.localdate())  # fmt: skip
    assert state.overdue
    from django.template.loader import render_to_string

    page = render_to_string("applications/public/case.html", {"state": state, "standing": visible.standing(state), "application": application,
                                                              "place": 1, "why": visible.why(state), "frame": None, "column": {}})  # fmt: skip
    assert "已过期限" in page
    assert "条例第五十一条" in page


# --- acts -------------------------------------------------------------------------------------------------------------


def test_correcting_restarts_the_clock_and_files_the_words(client: Client) -> None:
    application, _ = running(client)
    today = timezone.localdate()
    do(application, CorrectionRequested(on=today, items=("写明文号或者年度",), served_on=today, days=10))
    page = client.get(CASE).content.decode()
    assert "写明文号或者年度" in page
    assert "提交补正" in page
    bad = client.post(f"{CASE}correct/", {"text": ""})
    assert bad.status_code == 422
    assert "请填写补正内容" in bad.content.decode()
    done = client.post(
        f"{CASE}correct/", {"text": "2025年的", "files": SimpleUploadedFile("补.pdf", PDF)}, follow=True
    )
    assert "补正已提交" in done.content.decode()
    application.refresh_from_db()
    assert application.status == "processing"
    row = Statement.objects.get()
    assert (row.kind, row.text, row.files.get().kind) == ("correction", "2025年的", "correction")
    assert client.get(f"{CASE}files/{row.files.get().pk}/").status_code == 200
    again = client.post(f"{CASE}correct/", {"text": "再来"}, follow=True)
    assert "现在不能办理这一步" in again.content.decode()


def test_a_refused_file_files_no_correction(client: Client) -> None:
    application, _ = running(client)
    today = timezone.localdate()
    do(application, CorrectionRequested(on=today, items=("写明",), days=10))
    response = client.post(
        f"{CASE}correct/", {"text": "我写的补正", "files": SimpleUploadedFile("a.pdf", b"MZ")}
    )
    assert response.status_code == 422
    assert "我写的补正" in response.content.decode()
    assert Statement.objects.count() == 0
    application.refresh_from_db()
    assert application.status == "correction"


def test_reasons_are_judged_by_the_organ(client: Client) -> None:
    application, _ = running(client)
    do(application, ReasonsAsked(on=timezone.localdate(), until=timezone.localdate() + timedelta(days=9)))
    client.post(f"{CASE}reasons/", {"text": "研究需要"})
    application.refresh_from_db()
    assert Statement.objects.get().kind == "reasons"
    assert not application.records.filter(kind="reasons_given").exists()


def test_a_payment_note_is_no_payment(client: Client) -> None:
    application, _ = running(client)
    today = timezone.localdate()
    do(application, FeeNoticed(on=today, amount_fen=38000, basis=FeeBasis.PER_PAGE, served_on=today))
    page = client.get(f"{CASE}fee/").content.decode()
    assert "380元" in page
    client.post(f"{CASE}fee/", {"text": "今天缴了", "files": SimpleUploadedFile("凭证.pdf", PDF)})
    application.refresh_from_db()
    assert application.status == "fee"
    assert CaseFile.objects.get(kind="fee").statements.get().text == "今天缴了"


def test_withdrawing_needs_a_page_of_its_own(client: Client) -> None:
    application, _ = running(client)
    assert "不能恢复" in client.get(f"{CASE}withdraw/").content.decode()
    client.post(f"{CASE}withdraw/", {"text": ""})
    application.refresh_from_db()
    assert application.status == "closed"
    page = client.get(CASE).content.decode()
    assert "撤回申请" in page
    assert "withdraw/" not in page


def test_rating_once(client: Client) -> None:
    running(client)
    assert "不能办理" in client.post(f"{CASE}rate/", {"score": 5}, follow=True).content.decode()
    client.post(f"{CASE}withdraw/", {"text": ""})
    assert client.post(f"{CASE}rate/", {"score": "9"}).status_code == 422
    client.post(f"{CASE}rate/", {"score": "2", "text": "慢"})
    client.post(f"{CASE}rate/", {"score": "5"})
    assert [(r.score, r.text) for r in Rating.objects.all()] == [(2, "慢")]


def test_new_contact_details_are_asked_for_not_changed(client: Client) -> None:
    application, _ = running(client)
    assert client.post(f"{CASE}contact/", {}).status_code == 422
    client.post(f"{CASE}contact/", {"phone": "13911112222"})
    assert "13911112222" in Statement.objects.get().text
    application.applicant.refresh_from_db()
    assert application.applicant.phone == "13800000000"


def test_what_is_not_lawful_now_is_not_offered_and_not_done(client: Client) -> None:
    running(client)
    for name in ("correct", "reasons", "fee"):
        assert f"{CASE}{name}/" not in client.get(CASE).content.decode()
        assert client.post(f"{CASE}{name}/", {"text": "x"}).status_code == 302
    assert client.get(f"{CASE}archive/").status_code == 404
    assert Statement.objects.count() == 0


def test_an_extension_names_its_reason_and_not_who_approved(client: Client) -> None:
    line = visible.timeline_line(
        Extended(
            on=date(2026, 5, 1), days=20, approved_by="王局长", approved_on=date(2026, 5, 1), reason="档案多"
        )
    )
    assert line
    assert "档案多" in repr(line)
    assert "王局长" not in repr(line)


# --- doors ------------------------------------------------------------------------------------------------------------


def test_the_code_opens_in_another_browser_and_a_wrong_one_does_not(client: Client) -> None:
    application, code = filed(client)
    stranger = Client()
    assert stranger.get(CASE).status_code == 302
    assert track(stranger, application, "AAAAA AAAAA").status_code == 422
    response = track(stranger, application, code.lower())
    assert response["Location"] == CASE
    assert "等待确认收到" in stranger.get(CASE).content.decode()
    assert (
        stranger.get("/apply/receipt/")["Location"] == "/apply/track/"
    )  # the code itself is not shown again


def test_guessing_stops_for_the_address_and_for_the_receipt(client: Client, monkeypatch: Any) -> None:
    application, code = filed(client)
    stranger = Client()
    for _ in range(limits.LIMITS["code-receipt"][0]):
        assert track(stranger, application, "AAAAAAAAAA").status_code == 422
    assert track(stranger, application, code).status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert track(elsewhere, application, code).status_code == 429  # the number is closed from everywhere
    second, other = filed(Client(REMOTE_ADDR="10.8.8.8"))
    third = Client(REMOTE_ADDR="10.7.7.7")
    for n in range(limits.LIMITS["code-address"][0]):
        third.post("/apply/track/", {"receipt": f"2026010{n}AAAAAA", "code": "AAAAAAAAAA"})
    assert track(third, second, other).status_code == 429
    assert tracking.LOCKED in track(third, second, other).content.decode()


def test_a_code_in_an_address_opens_nothing(client: Client) -> None:
    application, code = filed(client)
    stranger = Client()
    stranger.get(f"/apply/track/?receipt={application.receipt}&code={code}")
    assert stranger.get(CASE).status_code == 302


def test_cases_do_not_reach_each_others_files(client: Client) -> None:
    mine, _ = running(client)
    other, _ = running(Client())
    theirs = store_file(None, other, FileKind.REQUEST, PDF, name="别人的.pdf")
    secret = store_file(None, mine, FileKind.IDENTITY, PDF, name="证件.pdf")
    assert client.get(f"{CASE}files/{theirs.pk}/").status_code == 404
    assert client.get(f"{CASE}files/{secret.pk}/").status_code == 404
    assert client.get("/apply/mine/2/").status_code == 302


def test_several_receipts_in_one_session(client: Client) -> None:
    first, one = filed(Client())
    second, two = filed(Client())
    track(client, first, one)
    assert track(client, second, two)["Location"] == "/apply/mine/2/"
    page = client.get("/apply/mine/").content.decode()
    assert page.count("/apply/mine/1/") == page.count("/apply/mine/2/") == 1
    client.post("/apply/leave/")
    assert client.get("/apply/mine/2/").status_code == 302


def test_half_an_hour_without_a_request_closes_the_case(client: Client, monkeypatch: Any) -> None:
    filed(client)
    assert client.get(CASE).status_code == 200
    now = time.time()
    monkeypatch.setattr(session.time, "time", lambda: now + session.IDLE_SECONDS + 1)
    assert client.get(CASE).status_code == 302
    assert client.get("/apply/receipt/").status_code == 302


def test_the_session_key_changes_when_a_case_is_opened(client: Client) -> None:
    application, code = filed(Client())
    client.get("/apply/track/")
    session_store = client.session
    session_store["x"] = 1
    session_store.save()
    before = client.cookies["sessionid"].value if "sessionid" in client.cookies else session_store.session_key
    track(client, application, code)
    assert client.cookies["sessionid"].value != before


def test_nothing_of_a_case_is_in_addresses_logs_or_stores(client: Client, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    application, code = running(client)
    responses = [client.get(CASE), client.get("/apply/receipt/"), client.get("/apply/mine/"), client.get(f"{CASE}withdraw/"),
                 track(Client(), application, "BBBBBBBBBB"), client.get("/apply/track/")]  # fmt: skip
    for response in responses:
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "same-origin"
    clean = code.replace(" ", "")
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    for secret in (clean, code, application.receipt, "王小明", ID, "13800000000", FORM["description"]):
        assert secret not in said
    raw = client.session.session_key
    from django.contrib.sessions.models import Session

    stored = repr(Session.objects.get(pk=raw).get_decoded())
    assert clean not in stored
    assert "王小明" not in stored
    for response in responses[:4]:
        for part in response.content.decode().split('href="')[1:]:
            address = part.split('"')[0]
            assert application.receipt not in address
            assert clean not in address


def test_acts_need_the_token(organ: Organ) -> None:
    strict = Client(enforce_csrf_checks=True)
    application, code = filed(Client())
    assert track(strict, application, code).status_code == 403
    assert strict.post("/apply/leave/").status_code == 403


def test_the_case_page_takes_a_bounded_number_of_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    running(client)
    with django_assert_max_num_queries(20):
        client.get(CASE)
