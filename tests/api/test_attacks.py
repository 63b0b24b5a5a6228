"""What an attacker tried on the open data, each kept as a test."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from gongkai.api import services
from gongkai.api.models import Submission
from gongkai.normative import files
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.publication import exporting
from gongkai.publication.testing import make_column
from tests.reports.world import World, build

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def world(db: None) -> World:
    caches["limits"].clear()
    return build()


def test_a_host_that_is_not_ours_gets_into_no_address(client: Client, world: World) -> None:
    for url in (
        f"{V1}/items?limit=1",
        "/oai?verb=Identify",
        "/api/catalog.jsonld",
        "/api/files.txt",
        "/feeds/all.rss",
    ):
        assert client.get(url, headers={"Host": "evil.example"}).status_code == 400
        answer = client.get(url, headers={"X-Forwarded-Host": "evil.example", "X-Host": "evil.example"})
        assert b"evil.example" not in answer.content


def test_what_is_added_to_an_address_stays_data(client: Client, world: World) -> None:
    for added in (
        "organ=%22%3E%3Cscript%3E&organ=%0d%0aSet-Cookie:a=b",
        "x%22%3E%3Cscript%3E=1",
        "%0d%0aSet-Cookie:a=b",
    ):
        answer = client.get(f"{V1}/items?limit=1&{added}")
        assert answer.status_code == 422
        assert answer["Content-Type"].startswith("application/json")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"<script>" not in answer.content
        assert not answer.cookies
    answer = client.get(f"{V1}/items?limit=1&limit=1&kind=")
    assert client.get(answer.json()["next"]).status_code == 200


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e9", "99999999999999999999", "1.5", "%00", "١"])
def test_no_page_is_larger_than_allowed(client: Client, world: World, limit: str) -> None:
    for name in (
        "items",
        "disclosures",
        "policies",
        "columns",
        "standards",
        "changes",
        "organs",
        "reports",
        "yearbooks",
    ):
        answer = client.get(f"{V1}/{name}?limit={limit}")
        assert answer.status_code in (400, 422) or len(answer.content) < 4096, (name, limit)


def test_answers_to_one_key_are_for_nobody_else(world: World) -> None:
    other = make_organ("丁区人民政府", slug="ding")
    expires = timezone.localdate() + timedelta(days=3)
    make_column(world.dept, code="gzdt")
    texts = [services.create_key(SYSTEM, organ, "系统", expires)[1] for organ in (world.dept, other)]
    body = {"column": "gzdt", "title": "题", "summary": "概", "formed_on": "2026-03-02", "paragraphs": ["段"]}
    headers = [{"Authorization": f"Bearer {text}", "Idempotency-Key": "oa-000001"} for text in texts]
    made = Client().post(f"{V1}/submissions", body, content_type="application/json", headers=headers[0])
    url = f"{V1}/submissions/{Submission.objects.get().pk}"
    for answer in (made, Client().get(url, headers=headers[0])):
        assert answer["Cache-Control"] == "private, no-store"
        assert not {"ETag", "Last-Modified", "Access-Control-Allow-Origin"} & set(answer.headers)
    # Neither a tag that matches anything nor a key in the address opens what is another's.
    assert Client().get(url, headers={**headers[1], "If-None-Match": "*"}).status_code == 404
    assert Client().get(url, headers={"If-None-Match": "*"}).status_code == 401
    assert Client().get(f"{url}?key={texts[0]}&access_token={texts[0]}").status_code == 401
    own = Client().post(
        f"{V1}/submissions",
        {**body, "organ": world.dept.slug},
        content_type="application/json",
        headers=headers[1],
    )
    assert own.status_code == 403


def test_no_address_that_somebody_hands_in_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, place: asked.append(place))
    make_column(world.dept, code="gzdt")
    text = services.create_key(
        SYSTEM, world.dept, "系统", timezone.localdate() + timedelta(days=3), world.editor
    )[1]
    inside = "http://169.254.169.254/latest/meta-data"
    body = {
        "column": "gzdt", "title": inside, "summary": inside, "formed_on": "2026-03-02", "source": inside,
        "paragraphs": [f'<img src="{inside}"> {inside} ![]({inside})'],
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": "oa-000001"}
    send = Client().post
    answer = send(f"{V1}/submissions", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    bad = {**body, "attachments": [inside]}
    headers["Idempotency-Key"] = "oa-000002"
    assert send(f"{V1}/submissions", bad, content_type="application/json", headers=headers).status_code == 422
    assert not asked


FORMULAS = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1+1", "'=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_table_of_ours_begins_a_formula(text: str) -> None:
    line = files.csv_bytes(["题"], [[text]]).decode("utf-8-sig").splitlines()[1:]
    assert line[0].strip('"').startswith("'"), line
    assert exporting._cell(text).startswith("'") or not exporting._cell(text).strip()
    page = exporting.table("t", ["题"], [[text, "甲\x0b乙"]], "xlsx")
    assert page.status_code == 200


def test_a_character_that_no_text_holds_is_refused_as_the_description_says(client: Client) -> None:
    answer = client.get("/api/v1/disclosures?cursor=%00X")
    assert answer.status_code == 422
    assert "空字符" in answer.json()["detail"]
