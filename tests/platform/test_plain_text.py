"""Invisible signs of pasted text reach no record through any form; what people see stays as they typed it."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gongkai.desk.plain import PlainTextMiddleware, cleaned, plain, plain_value
from tests.platform.world import World


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("停水\x0b公告", "停水 公告"), ("一\r\n二\x0b三", "一\r\n二\n三"), ("\x01甲\x1f\ufffe\x7f", "甲"), ("甲\t乙\n", "甲\t乙\n"),
        ("㛃𠀀😀", "㛃𠀀😀"), ("甲\ud800", "甲"),
    ],
)  # fmt: skip
def test_what_is_taken_out(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@given(st.text())
def test_nothing_visible_is_lost(text: str) -> None:
    kept = plain(text)
    assert plain(kept) == kept

    def visible(words: str) -> str:
        return "".join(sign for sign in words if sign.isprintable() and sign != " ")

    assert visible(kept) == visible(text)


def test_signs_written_as_escapes_inside_rich_text() -> None:
    rich = json.dumps({"blocks": [{"text": "停水\x0b公告", "depth": 0}], "ratio": 1.5, "emoji": "😀"})
    assert json.loads(plain_value(rich))["blocks"][0]["text"] == "停水 公告"
    # A backslash that people typed is no escape; what holds no such sign stays to the byte.
    for value in (json.dumps({"text": r"路径\u000b"}), '{"a": "\\ud83d\\ude00"}', "{\\x", "[\\" + "[" * 5000):
        assert plain_value(value) == value


def test_a_form_keeps_its_fields_and_their_order() -> None:
    form = QueryDict("a=1&b=x%0By&a=2&c=")
    fresh, count = cleaned(form)
    assert (count, fresh.getlist("a"), fresh["b"], fresh["c"], list(fresh)) == (
        1,
        ["1", "2"],
        "x y",
        "",
        ["a", "b", "c"],
    )
    same = QueryDict("a=1")
    assert cleaned(same) == (same, 0)


def test_forms_of_the_public_and_no_programs() -> None:
    middleware = PlainTextMiddleware(lambda _: None)  # type: ignore[arg-type, return-value]
    for path, kept in (("/apply/x/", "甲"), ("/api/v1/submissions", "甲\x01")):
        request = RequestFactory().post(path, {"t": "甲\x01"})
        middleware.process_view(request, None, (), {})
        assert request.POST["t"] == kept


@pytest.mark.django_db
def test_the_desk_takes_them_out_and_says_so(world: World) -> None:
    client = world.client(world.director_a)
    url = reverse("organs:edit", args=[world.dept_a.pk])
    answer = client.post(url, {"address": "滨河路\x0b1\x02号", "keywords": "学校"}, follow=True)
    world.dept_a.refresh_from_db()
    assert world.dept_a.address == "滨河路 1号"
    assert "1 栏带有看不见的控制字符" in answer.content.decode()
    plainly = client.post(url, {"address": "滨河路2号", "keywords": "学校"}, follow=True)
    assert "控制字符" not in plainly.content.decode()
