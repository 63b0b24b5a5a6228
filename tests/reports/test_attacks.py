"""What an attacker tried on 年报核验, each kept as a test."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from gongkai.annualreport.writers import write
from gongkai.demo import figures
from gongkai.reports import clients, keeping, sandbox, views_verify
from gongkai.reports.models import KeptCheck
from gongkai.reports.sandbox import client as sandbox_client
from tests.reports.test_verify import ACT, parcel_of, upload

pytestmark = pytest.mark.django_db


def test_slow_files_never_hold_every_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many run, so many stand in line, the rest is told at once."""
    gate = threading.Event()
    monkeypatch.setattr(sandbox_client, "_run", lambda job, seconds: gate.wait(60) and b"done")
    monkeypatch.setattr(sandbox_client, "LINE_SECONDS", 60.0)
    answers: list[Any] = []

    def ask() -> None:
        began = time.monotonic()
        try:
            answers.append(sandbox_client.run(sandbox_client.Job("check", {})))
        except sandbox.Busy:
            answers.append(time.monotonic() - began)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    allowed = sandbox_client.RUNNING + sandbox_client.IN_LINE
    deadline = time.monotonic() + 20
    while len(answers) < 12 - allowed and time.monotonic() < deadline:
        time.sleep(0.01)
    refused = list(answers)
    gate.set()
    for thread in threads:
        thread.join()
    assert len(refused) == 12 - allowed
    assert all(isinstance(a, float) and a < 20 for a in refused)
    assert answers.count(b"done") == allowed
    assert sandbox_client.run(sandbox_client.Job("check", {})) == b"done"  # every place was given back


def test_the_line_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_client, "LINE_SECONDS", 0.05)
    monkeypatch.setattr(sandbox_client, "_run", lambda job, seconds: b"done")
    held = [sandbox_client._running.acquire() for _ in range(sandbox_client.RUNNING)]
    try:
        with pytest.raises(sandbox.Busy):
            sandbox_client.run(sandbox_client.Job("check", {}))
    finally:
        for _ in held:
            sandbox_client._running.release()
    assert sandbox_client.run(sandbox_client.Job("check", {})) == b"done"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_subscriber_is_counted_once(one: str, other: str, same: bool) -> None:
    def seen(ip: str) -> str:
        return clients.address(RequestFactory().get("/", REMOTE_ADDR=ip))

    assert (seen(one) == seen(other)) is same


def test_forged_addresses_do_not_evade_the_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_verify, "CHECKS_PER_MINUTE", 2)
    monkeypatch.setattr(clients.time, "time", lambda: 1_000_000.0)
    codes = []
    for number in range(4):
        forged = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
        codes.append(
            client.post("/reports/verify/", {}, headers={**forged, "x-real-ip": "1.1.1.1"}).status_code
        )
    assert codes == [422, 422, 429, 429]


def test_markup_in_names_and_text_stays_text(client: Client) -> None:
    evil = "<svg onload=alert(1)><script>alert(2)</script>"
    page = write(figures.get("LT25"), "html").decode()
    page = page.replace("一、总体情况", "一、总体情况" + evil.replace("<", "&lt;"), 1)
    before = SimpleUploadedFile("=cmd'|x.html", write(figures.get("LT24"), "html"))
    answer = upload(client, page.encode(), evil + ".html", previous=before)
    assert answer.status_code == 200
    parcel = parcel_of(answer)
    for body in (
        answer.content,
        client.post(ACT, {"parcel": parcel, "do": "findings.html"}).content,
        client.post(ACT, {"parcel": parcel, "do": "report.html.0"}).content,
    ):
        assert b"<svg onload" not in body
        assert b"<script>alert" not in body


@pytest.mark.parametrize(
    "do", ["report.pdf.²", "report.pdf.99", "report.pdf.-1", "report..0", "findings.", ""]
)
def test_odd_downloads_are_refused(client: Client, do: str) -> None:
    parcel = parcel_of(upload(client, write(figures.get("LT25"), "html")))
    assert client.post(ACT, {"parcel": parcel, "do": do}).status_code == 400


def test_a_result_too_large_to_carry_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_verify, "MAX_PARCEL", 100)
    page = upload(client, write(figures.get("LT25"), "html")).content.decode()
    assert 'name="parcel"' not in page
    assert "不能下载或保存" in page


def test_strangers_do_not_fill_the_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel = parcel_of(upload(client, write(figures.get("LT25"), "html")))
    monkeypatch.setattr(keeping, "MAX_KEPT", 2)
    codes = [client.post(ACT, {"parcel": parcel, "do": "keep"}).status_code for _ in range(3)]
    assert codes == [302, 302, 429]
    assert KeptCheck.objects.count() == 2
    monkeypatch.setattr(keeping, "MAX_KEPT", 99)
    monkeypatch.setattr(views_verify, "KEEPS_PER_HOUR", 3)
    assert client.post(ACT, {"parcel": parcel, "do": "keep"}).status_code == 429


def test_the_result_page_names_each_part_once(client: Client) -> None:
    import re

    page = upload(client, write(figures.get("XG25"), "html")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
