"""Tokens: every exact substring is a phrase of them; a document number is one whatever brackets are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.search.text import document_number, normalise, number_text, phrase, tokens

CHARS = st.text(alphabet="最低生活保障的通知2021〔〕号abc，。 ０７Ａ", min_size=1, max_size=40)


def _found(needle: str, text: str) -> bool:
    """What FTS does with a phrase, done by hand."""
    wanted = phrase(needle)
    assert wanted is not None
    there = tokens(text)
    size = len(wanted.tokens)
    for start in range(len(there) - size + 1):
        window = there[start : start + size]
        if wanted.prefix:
            if tuple(window[:-1]) == wanted.tokens[:-1] and window[-1].startswith(wanted.tokens[-1]):
                return True
        elif tuple(window) == wanted.tokens:
            return True
    return False


@given(st.text(alphabet="最低生活保障的通知，。 ", min_size=1, max_size=40), st.data())
def test_every_exact_substring_of_chinese_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    needle = text[start:end].strip("，。 ")
    if phrase(needle) is None:
        return
    assert _found(needle, text)


@given(CHARS)
def test_a_text_is_found_by_itself(text: str) -> None:
    if phrase(text) is None:
        assert tokens(text) == []
    else:
        assert _found(text, text)


@given(CHARS, CHARS)
def test_what_is_found_stands_there(needle: str, text: str) -> None:
    """No false hit for Chinese alone: the characters of a run stand next to each other in the text."""
    wanted = phrase(needle)
    if wanted is None or not all("\u4e00" <= c <= "\u9fff" for c in needle):
        return
    if _found(needle, text):
        assert normalise(needle) in normalise(text)


@pytest.mark.parametrize(
    "typed",
    [
        "国办发〔2021〕30号",
        "国办发[2021]30",
        "国办发(2021)30号",
        "国办发（2021）第30号",
        "国办发【2021】 30 号",
        "国办发2021年30号",
        "国办发 ２０２１ 030号",
        "国办发202130号",
    ],
)
def test_a_document_number_in_any_typing(typed: str) -> None:
    found = document_number(typed)
    assert found == ("国办发", 2021, 30)
    assert number_text(found) == "国办发〔2021〕30号"


@pytest.mark.parametrize("typed", ["2021年报", "低保", "预算2024", "电话12345", "关于2021年30项工作的安排"])
def test_what_is_no_document_number(typed: str) -> None:
    assert document_number(typed) is None


def test_a_number_is_found_with_and_without_its_end() -> None:
    text = "根据《关于加强信用信息管理的通知》（国办函〔2021〕073号）文件精神"
    for typed in ("国办函〔2021〕73号", "国办函〔2021〕73", "〔2021〕73号文件", "73号"):
        assert _found(typed, text) is (typed != "〔2021〕73号文件"), typed
