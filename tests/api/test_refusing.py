"""A word that no list has and a parameter that no address has are refused, with what is allowed; in Chinese as it is read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from gongkai.api.refusing import MOST_WORDS, allowed

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture(autouse=True)
def _calls(db: None) -> None:
    caches["limits"].clear()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("items?kind=zzz", ("kind", "policy", "report")), ("items?validity=zzz", ("valid", "repealed")),
        ("search?q=a&kind=zzz", ("kind", "policy")), ("search?q=a&sort=zzz", ("new", "old")),
        ("changes?kind=zzz", ("policy",)), ("policies?status=zzz", ("status", "valid", "expired")),
        ("policies?category=zzz", ("normative",)), ("policies?topic=99", ("01", "22")),
        ("disclosures?kind=zzz", ("budget", "guide")), ("disclosures?domain=zzz", ("domain", "budget")),
        ("standards?domain=zzz", ("budget",)), ("cells?key=zzz", ("zzz", "/cells/names")),
        ("cells?key=t3.new.totl", ("t3.new.total",)), ("cells/names?edition=1999", ("2021", "2019")),
        ("items?limit=0", ("limit（1 到 200 的整数）",)), ("items?year=1", ("1900 到 2200",)),
        ("items?organ=a%20b", ("organ（字母、数字",)), ("search", ("q（必须填写，最多 200 个字）",)),
        ("items?column=x", ("column（正整数）",)),
        ("items?foo=1&limit=1", ("foo", "kind", "limit")), ("kinds?foo=1", ("foo", "不带参数")),
        ("reports/ltq/2025?format=csv", ("format",)),
    ],
)  # fmt: skip
def test_what_is_allowed_is_said(client: Client, url: str, words: tuple[str, ...]) -> None:
    answer = client.get(f"{V1}/{url}")
    assert answer.status_code == 422
    said = answer.json()["detail"]
    assert all(word in said for word in words), said
    assert len(said) < 700
    assert said in answer.content.decode()


def test_every_word_of_a_list_and_none_are_taken(client: Client) -> None:
    paths = client.get(f"{V1}/openapi.json").json()["paths"]
    lists = 0
    for path, methods in paths.items():
        for one in methods.get("get", {}).get("parameters", ()):
            words = one["schema"].get("enum")
            if not words:
                continue
            lists += 1
            assert not one["required"], (path, one["name"])
            more = "&q=a" if path.endswith("/search") else ""
            for word in words:
                assert client.get(f"{path}?{one['name']}={word}{more}").status_code == 200, (path, word)
    assert lists >= 12


def test_nothing_is_escaped_that_people_read_too(client: Client) -> None:
    for path in ("openapi.json", "kinds", "items", "organs/none", "none", "items?cursor=x"):
        text = client.get(f"{V1}/{path}").content.decode()
        assert not re.search(r"\\u[4-9]", text), path
    assert "数据接口" in client.get(f"{V1}/openapi.json").content.decode()
    assert client.post(f"{V1}/openapi.json").status_code == 405


def test_a_long_list_is_cut() -> None:
    said = allowed({"enum": ["", *(f"w{n}" for n in range(MOST_WORDS + 5))]})
    assert said.endswith("等")
    assert f"w{MOST_WORDS}" not in said


def test_half_a_character_in_the_name_of_a_field_is_no_error_of_ours(client: Client) -> None:
    from gongkai.api.answering import ChineseJSON

    request: Any = None
    made = ChineseJSON().render(request, {"detail": "没有 \ud800 这一项"}, response_status=422)
    assert "没有 ? 这一项" in made.decode()
