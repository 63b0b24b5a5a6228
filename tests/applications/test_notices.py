"""Notices: who is told what and when, once, not at night, with nothing in them that mail should not carry."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from gongkai.applications import services
from gongkai.applications.models import Application, Notice
from gongkai.applications.notices import config, muted, texts
from gongkai.applications.notices.channels import NotSent, send_email, send_webhook, valid_address
from gongkai.applications.notices.reminders import remind
from gongkai.applications.notices.services import BACKOFF, flush, queue, retry
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import (
    ApplicantKind,
    Channel,
    CorrectionRequested,
    FeeBasis,
    FeeNoticed,
    Received,
    ThirdPartyConsulted,
    Withdrawn,
)  # fmt: skip
from gongkai.organs import services as organ_services
from gongkai.organs.models import User
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from tests.applications.histories import HISTORIES, TODAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 20)  # a Monday; twenty working days end on Wednesday, 20 May
SECRETS = ("王小明", "110101199003071233", "13800001111", "某村征地批复", "某街")
PERSON = ApplicantData(
    ApplicantKind.NATURAL, "王小明", "居民身份证", "110101199003071233", phone="13800001111",
    email="wang@example.com", address="某街 1 号",
)  # fmt: skip


@pytest.fixture(autouse=True)
def by_mail(settings):
    settings.NOTICE_EMAIL = True
    settings.NOTICE_INLINE = True
    settings.NOTICE_QUIET_HOURS = ""


@pytest.fixture
def organ():
    return make_organ("清河县人民政府", short_name="清河")


def case_at(organ, person=PERSON, day=DAY, **fields):
    application, _ = services.file_application(
        None, organ, person, Filing(Channel.ONLINE, "某村征地批复", submitted_on=day), today=day
    )
    Application.objects.filter(pk=application.pk).update(**fields)
    return Application.objects.get(pk=application.pk)


def received(organ, handler=None, person=PERSON, day=DAY):
    application = case_at(organ, person, day)
    services.act(SYSTEM, application, Received(on=day, confirmed_on=day), today=day)
    services.register_application(SYSTEM, application, handler=handler, today=day)
    return application


def head_and_officer(organ):
    head = make_user(organ, Role.DIRECTOR, "主任", email="head@example.com")
    officer = make_user(organ, Role.OFFICER, "经办", email="officer@example.com")
    organ_services.save_work_office(SYSTEM, organ, name="公开办", head=head, hours="", phone="", address="")
    return head, officer


# to the applicant -------------------------------------------------------------------------------------


def test_receipt_is_told_after_commit_with_the_deadline_and_nothing_private(
    organ, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as later:
        application = received(organ)
    assert mailoutbox == []
    for callback in later:
        callback()
    (mail,) = mailoutbox
    assert mail.to == ["wang@example.com"]
    assert "2026年5月20日" in mail.body
    assert application.receipt in mail.body
    for secret in SECRETS:
        assert secret not in mail.subject + mail.body
    row = Notice.objects.get()
    assert (row.state, row.template, row.to_masked) == ("sent", "received", "w***@example.com")


@pytest.mark.parametrize(
    ("event", "template", "due"),
    [
        (CorrectionRequested(on=DAY, items=("文号",), days=10), "correction", "2026年5月7日"),
        (FeeNoticed(on=DAY, amount_fen=20000, basis=FeeBasis.PER_CASE), "fee", "2026年5月20日"),
    ],
)
def test_what_the_applicant_must_do_is_told_with_its_day(
    organ, mailoutbox, django_capture_on_commit_callbacks, event, template, due
):
    application = received(organ)
    with django_capture_on_commit_callbacks(execute=True):
        services.act(SYSTEM, application, event, today=DAY)
    assert Notice.objects.filter(template=template, state="sent").count() == 1
    assert due in mailoutbox[-1].body


def test_every_kind_of_event_tells_the_applicant_what_it_should_and_no_more(organ):
    told = {}
    head_and_officer(organ)
    for kind, (before, event) in HISTORIES.items():
        application = case_at(organ)
        for earlier in before:
            services.act(SYSTEM, application, earlier, today=TODAY)
        Notice.objects.all().delete()
        services.act(SYSTEM, application, event, today=TODAY)
        told[kind.value] = list(Notice.objects.values_list("template", flat=True))
    assert {kind: names[0] for kind, names in told.items() if names} == {
        "received": "received", "correction_requested": "correction", "extended": "extended", "fee_noticed": "fee",
        "served": "served", "correction_lapsed": "ended", "fee_lapsed": "ended",
    }  # fmt: skip


def test_a_refused_act_tells_nobody(organ):
    application = case_at(organ)
    with pytest.raises(ValidationError):
        services.act(SYSTEM, application, CorrectionRequested(on=DAY, items=("文号",)), today=DAY)
    assert Notice.objects.count() == 0


def test_without_an_address_or_a_channel_or_muted_nothing_is_queued(organ, settings):
    received(organ, person=ApplicantData(ApplicantKind.NATURAL, "甲"))
    with muted():
        received(organ)
    settings.NOTICE_EMAIL = False
    received(organ)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a@b@c",
        "a b@c.cn",
        "a@c.cn\nBcc: x@y.cn",
        "a@c.cn,b@c.cn",
        "<a@c.cn>",
        "@c.cn",
        "a@",
        "a@c.cn;b@c.cn",
    ],
)
def test_an_address_that_could_add_recipients_or_headers_is_refused(address, mailoutbox):
    assert not valid_address(address)
    with pytest.raises(NotSent):
        send_email(address, texts.Message("x", "y"))
    assert mailoutbox == []


# reminders --------------------------------------------------------------------------------------------


def test_officer_and_head_are_reminded_at_three_and_one_days_and_then_daily_each_once(
    organ, mailoutbox, django_capture_on_commit_callbacks
):
    head, officer = head_and_officer(organ)
    application = received(organ, officer)
    Notice.objects.all().delete()
    found = {}
    day = date(2026, 5, 11)
    while day <= date(2026, 5, 25):
        with django_capture_on_commit_callbacks(execute=True):
            first, second = remind(day), remind(day)
        assert second == 0
        if first:
            last = Notice.objects.order_by("-pk")[:first]
            found[day.day] = {(n.template, n.recipient_id) for n in last}
        day += timedelta(days=1)
    both = {head.pk, officer.pk}
    assert found == {
        15: {("due_3", pk) for pk in both},
        19: {("due_1", pk) for pk in both},
        21: {("overdue", pk) for pk in both},
        22: {("overdue", pk) for pk in both},
        25: {("overdue", pk) for pk in both},  # not on Saturday and Sunday
    }
    assert len(mailoutbox) == 10
    for mail in mailoutbox:
        assert application.number in mail.body
        for secret in SECRETS:
            assert secret not in mail.subject + mail.body


def test_a_case_that_waits_for_others_or_is_done_is_not_reminded_of(organ):
    _, officer = head_and_officer(organ)
    waiting, gone = received(organ, officer), received(organ, officer)
    event = ThirdPartyConsulted(on=date(2026, 5, 14), letter="1", party="某公司")
    services.act(SYSTEM, waiting, event, today=date(2026, 5, 14))
    services.act_as_applicant(gone, Withdrawn(on=date(2026, 5, 14)), today=date(2026, 5, 14))
    assert remind(date(2026, 5, 19)) == 0


def test_staff_without_an_address_show_up_as_failed_once(organ):
    _, officer = head_and_officer(organ)
    User.objects.filter(pk=officer.pk).update(email="", phone="")
    received(organ, User.objects.get(pk=officer.pk))
    Notice.objects.all().delete()
    remind(date(2026, 5, 19))
    remind(date(2026, 5, 19))
    row = Notice.objects.get(recipient=officer)
    assert row.state == "failed"
    assert "人员资料" in row.error


def test_a_day_off_and_a_day_without_deadlines_cost_next_to_nothing(organ, django_assert_max_num_queries):
    for _ in range(5):
        received(organ, day=date(2026, 5, 18))
    with django_assert_max_num_queries(1):
        assert remind(date(2026, 4, 25)) == 0  # a Saturday
        assert remind(date(2026, 4, 20)) == 0


# quiet hours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        ("21:00-08:00", "2026-04-20 20:59", "2026-04-20 20:59"),
        ("21:00-08:00", "2026-04-20 21:00", "2026-04-21 08:00"),
        ("21:00-08:00", "2026-04-21 03:00", "2026-04-21 08:00"),
        ("21:00-08:00", "2026-04-21 08:00", "2026-04-21 08:00"),
        ("12:00-14:30", "2026-04-21 12:10", "2026-04-21 14:30"),
        ("", "2026-04-21 03:00", "2026-04-21 03:00"),
    ],
)
def test_quiet_hours(settings, hours, now, expected):
    settings.NOTICE_QUIET_HOURS = hours
    moment, wanted = (timezone.make_aware(datetime.fromisoformat(t)) for t in (now, expected))
    assert config.earliest(moment) == wanted


def test_at_night_it_waits_for_the_morning(organ, settings, mailoutbox):
    settings.NOTICE_QUIET_HOURS = "21:00-08:00"
    received(organ)
    row = Notice.objects.get()
    night = timezone.make_aware(datetime(2026, 4, 20, 23, 0))
    Notice.objects.update(next_try_at=night, created_at=night)
    assert flush(night) == (0, 0)
    assert flush(night + timedelta(hours=9, minutes=1)) == (1, 0)
    assert len(mailoutbox) == 1
    row.refresh_from_db()
    assert row.state == "sent"


# failure, trying again --------------------------------------------------------------------------------


def test_failures_are_tried_again_with_growing_pauses_then_given_up_and_retried_by_hand(organ, monkeypatch):
    received(organ)
    row = Notice.objects.get()

    def down(*_):
        raise NotSent("邮件服务器未接受：ConnectionRefusedError")

    monkeypatch.setattr("gongkai.applications.notices.channels.send_email", down)
    now, pauses = timezone.now(), []
    for _ in range(20):
        row.refresh_from_db()
        if row.state != "waiting":
            break
        now = max(now, row.next_try_at)
        flush(now)
        row.refresh_from_db()
        if row.next_try_at:
            pauses.append(round((row.next_try_at - now).total_seconds() / 60))
    assert pauses == list(BACKOFF)
    assert (row.state, row.attempts) == ("failed", len(BACKOFF) + 1)
    stranger = make_user(make_organ("外县"), Role.DIRECTOR)
    with pytest.raises(PermissionDenied):
        retry(stranger, row)
    monkeypatch.undo()
    retry(make_user(organ, Role.OFFICER), row)
    assert flush(timezone.now() + timedelta(seconds=1)) == (1, 0)
    row.refresh_from_db()
    with pytest.raises(ValidationError):
        retry(SYSTEM, row)


def test_two_senders_at_once_send_one_message(organ, mailoutbox, monkeypatch):
    received(organ)
    from gongkai.applications.notices import services as notice_services

    real = notice_services._send

    def meanwhile(notice):
        assert flush(timezone.now() + timedelta(seconds=2)) == (
            0,
            0,
        )  # the other process finds nothing to claim
        real(notice)

    monkeypatch.setattr(notice_services, "_send", meanwhile)
    assert flush(timezone.now() + timedelta(seconds=1)) == (1, 0)
    assert len(mailoutbox) == 1


def test_what_waited_for_days_is_not_sent_any_more(organ, mailoutbox):
    received(organ)
    assert flush(timezone.now() + timedelta(days=4)) == (0, 1)
    assert mailoutbox == []
    assert Notice.objects.get().state == "failed"


# webhook ----------------------------------------------------------------------------------------------


@pytest.fixture
def receiver(settings):
    """A message interface on this machine that answers what the test says and keeps what it was sent."""
    got: list[tuple[dict, bytes]] = []
    answers = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            self.send_response(answers[0])
            if answers[0] == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.NOTICE_EMAIL = False
    settings.NOTICE_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/hook"
    settings.NOTICE_WEBHOOK_SECRET = "s3cret-of-sixteen"
    yield got, answers
    server.shutdown()
    server.server_close()


def test_the_interface_gets_a_signed_message_with_the_phone_and_nothing_else_about_the_person(
    organ, receiver, django_capture_on_commit_callbacks
):
    got, _ = receiver
    with django_capture_on_commit_callbacks(execute=True):
        received(organ)
    ((headers, body),) = got
    stamp, sent = headers["X-Gongkai-Timestamp"], headers["X-Gongkai-Signature"]
    expected = hmac.new(b"s3cret-of-sixteen", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert sent == f"sha256={expected}"
    data = json.loads(body)
    assert set(data) == {"id", "template", "phone", "title", "text"}
    assert data["phone"] == "13800001111"
    text = body.decode()
    for secret in SECRETS:
        assert secret not in text.replace(data["phone"], "")
    row = Notice.objects.get()
    assert (row.state, row.to_masked) == ("sent", "138****1111")


@pytest.mark.parametrize(
    ("code", "final"), [(400, True), (403, True), (429, False), (500, False), (302, False)]
)
def test_refusals_of_the_interface(receiver, code, final):
    got, answers = receiver
    answers[0] = code
    with pytest.raises(NotSent) as problem:
        send_webhook("13800001111", texts.Message("a", "b"), key="k", template="received")
    assert problem.value.final is final
    assert str(code) in str(problem.value)
    assert len(got) == 1  # a redirect is not followed


@pytest.mark.parametrize(
    ("url", "secret", "word"),
    [
        ("http://sms.example.com/x", "x" * 20, "https"),
        ("ftp://127.0.0.1/x", "x" * 20, "https"),
        ("https://a.cn", "short", "SECRET"),
    ],
)
def test_wrong_settings_are_named_and_do_not_stop_the_work(organ, settings, url, secret, word):
    settings.NOTICE_WEBHOOK_URL, settings.NOTICE_WEBHOOK_SECRET = url, secret
    with pytest.raises(ImproperlyConfigured, match=word):
        config.webhook()
    with pytest.raises(CommandError, match=word):
        call_command("send_reminders")
    received(organ)
    assert set(Notice.objects.values_list("channel", flat=True)) == {"email"}


# command, desk ----------------------------------------------------------------------------------------


def test_the_command_reminds_and_sends(organ, mailoutbox, settings):
    _, officer = head_and_officer(organ)
    with muted():
        received(organ, officer)
    out = StringIO()
    call_command("send_reminders", "--on", "2026-05-19", stdout=out)
    assert "新提醒 2 条，发出 2 条" in out.getvalue()
    assert len(mailoutbox) == 2
    settings.NOTICE_EMAIL = False
    call_command("send_reminders", stdout=out)
    assert "EMAIL_HOST" in out.getvalue()


def test_the_list_shows_only_ones_own_organs_and_no_address(client, organ):
    other = make_organ("外县人民政府", slug="wai")
    for place in (organ, other):
        received(place)
    mine, theirs = (Notice.objects.get(application__organ=place) for place in (organ, other))
    client.force_login(make_user(organ, Role.OFFICER))
    page = client.get(reverse("application-notices:index"))
    text = page.content.decode()
    assert page.status_code == 200
    assert mine.application.number in text
    assert theirs.application.number not in text
    assert "w***@example.com" in text
    assert "wang@example.com" not in text
    assert client.get(reverse("application-notices:inspect", args=[mine.pk])).status_code == 200
    for name in ("inspect", "edit", "retry"):
        assert client.get(reverse(f"application-notices:{name}", args=[theirs.pk])).status_code == 404


def test_failures_stand_on_today_and_are_sent_again_from_the_list(client, organ, mailoutbox):
    received(organ)
    Notice.objects.update(state="failed", error="邮件服务器未接受", next_try_at=None)
    client.force_login(make_user(organ, Role.OFFICER))
    assert "1 条通知没有发出" in client.get(reverse("wagtailadmin_home")).content.decode()
    row = Notice.objects.get()
    assert client.post(reverse("application-notices:retry", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"
    client.force_login(make_user(organ, Role.INSPECTOR))
    assert client.post(reverse("application-notices:retry", args=[row.pk])).status_code in (302, 403)
    assert "条通知没有发出" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_same_milestone_is_queued_once_per_person_and_channel(organ):
    application = case_at(organ)
    assert len(queue(application, "received", "k")) == 1
    assert queue(application, "received", "k") == []
