"""Refusals are problems in Chinese, HEAD is GET without the body, a key that ended says so to its holder alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from gongkai.api import services
from gongkai.api.models import ApiKey
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from tests.reports.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    caches["limits"].clear()
    return build()


def _chinese(response: Any) -> str:
    assert response["Content-Type"].startswith("application/json")
    assert response["Cache-Control"] in ("no-store", "private, no-store")
    said: str = response.json()["detail"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said)
    return said


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_method_that_an_address_does_not_take(client: Client, world: World, method: str) -> None:
    answer = client.generic(method, "/api/v1/items")
    assert answer.status_code == 405
    assert method in _chinese(answer)
    assert answer["Allow"] == "GET, HEAD"


def test_an_address_that_is_none(client: Client, world: World) -> None:
    for path in ("/api/v1/nothing", "/api/v1/", "/api/v1/items/a/b/c"):
        answer = client.get(path)
        assert answer.status_code == 404
        _chinese(answer)


def test_the_headers_alone(client: Client, world: World) -> None:
    whole, head = client.get("/api/v1/items"), client.head("/api/v1/items")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]
    again = client.head("/api/v1/items", headers={"If-None-Match": whole["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("fault", "status"), [(OperationalError("host=10.0.0.7"), 503), (LookupError("x.py"), 500)]
)
def test_a_fault_of_ours_is_a_problem_too(
    world: World,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    status: int,
) -> None:
    def fail(*_args: Any, **_more: Any) -> None:
        raise fault

    with connection.execute_wrapper(fail):
        answer = Client(raise_request_exception=False).get("/api/v1/items")
        with pytest.raises(type(fault)):
            Client().get("/api/v1/items")
    assert answer.status_code == status
    said = _chinese(answer)
    assert "10.0.0.7" not in said
    assert ("Retry-After" in answer) == (status == 503)
    assert str(fault) in caplog.text


def _key(world: World, **changes: Any) -> str:
    expires = timezone.localdate() + timedelta(days=3)
    key, text = services.create_key(SYSTEM, world.dept, "办公系统", expires)
    if changes:
        ApiKey.objects.filter(pk=key.pk).update(**changes)
    return text


def _ask(text: str) -> Any:
    return Client().get("/api/v1/submissions/1", headers={"Authorization": f"Bearer {text}"})


def test_a_key_that_ended_says_so_to_whoever_holds_it(world: World) -> None:
    assert _ask(_key(world)).status_code == 404
    expired = _key(world, expires_on=timezone.localdate() - timedelta(days=1))
    revoked = _key(world, revoked_at=timezone.now())
    for text, word in ((expired, "有效期"), (revoked, "停用")):
        answer = _ask(text)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert word in _chinese(answer)
        # Who knows its beginning only learns nothing of it.
        assert word not in _chinese(_ask(text[:-1] + ("A" if text[-1] != "A" else "B")))
    last = _key(world)
    Organ.objects.filter(pk=world.dept.pk).update(status="abolished")
    assert world.dept.name in _chinese(_ask(last))


def test_a_key_beyond_its_rate_is_told_when_to_come_again(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(services, "RATE", (2, 60))
    text = _key(world)
    body = {"column": "x", "title": "t", "summary": "s", "formed_on": "2026-03-02", "paragraphs": ["p"]}

    def send() -> Any:
        return Client().post(
            "/api/v1/submissions", body, content_type="application/json",
            headers={"Authorization": f"Bearer {text}", "Idempotency-Key": "oa-000001"},
        )  # fmt: skip

    assert [send().status_code for _ in range(3)] == [422, 422, 429]
    late = send()
    assert 1 <= int(late["Retry-After"]) <= 60
    assert (late["RateLimit-Limit"], late["RateLimit-Remaining"]) == ("2", "0")
    assert "2 次" in _chinese(late)
    assert send()["Retry-After"]


def test_an_address_beyond_its_rate_is_told_when_to_come_again(
    client: Client, world: World, settings: Any
) -> None:
    settings.API_RATE = (1, 60)
    first = client.get("/api/v1/kinds")
    # The answer may be handed on by a cache: what is left for one caller is nothing for another.
    assert "RateLimit-Remaining" not in first
    late = client.get("/api/v1/kinds")
    assert late.status_code == 429
    assert "秒后" in _chinese(late)
    assert 1 <= int(late["Retry-After"]) <= 60


def test_the_description_is_made_once_however_often_it_is_asked_for(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/api/v1/openapi.json").json()
    assert client.get("/api/").status_code == 200

    def again(**_: Any) -> None:
        pytest.fail("made anew")

    monkeypatch.setattr("ninja.main.get_schema", again)
    assert client.get("/api/").status_code == 200
    assert client.get("/api/v1/openapi.json").json() == first
