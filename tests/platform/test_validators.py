"""Codes and contact data."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.organs import validators as v


@pytest.mark.parametrize("code", ["91350100M000100Y43"])
def test_published_example_of_gb_32100(code: str) -> None:
    """91350100M000100Y43 is the example in GB 32100-2015."""
    v.validate_uscc(code)


@settings(max_examples=60, deadline=None)
@given(
    st.text(v.USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(v.USCC_ALPHABET)
)
def test_any_single_wrong_character_is_caught(first: str, place: int, other: str) -> None:
    code = first + v.uscc_check_character(first)
    v.validate_uscc(code)
    if code[place] != other:
        with pytest.raises(ValidationError):
            v.validate_uscc(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y44", "91350100m000100y43", "91350100I000100Y43"]
)
def test_bad_uscc(code: str) -> None:
    with pytest.raises(ValidationError):
        v.validate_uscc(code)


@pytest.mark.parametrize(
    "value",
    ["0953-2012345", "(0953)2012345", "09532012345", "13900000000", "12345", "110", "0953-2012345、2054321", "0953-2012345转801",
     "400-820-8820", "010-62345678"],
)  # fmt: skip
def test_good_phones(value: str) -> None:
    v.validate_phone(value)


@pytest.mark.parametrize(
    "value", ["电话", "0953-12345", "1390000000", "139000000001", "0953-2012345、", "２０１２３４５"]
)
def test_bad_phones(value: str) -> None:
    with pytest.raises(ValidationError):
        v.validate_phone(value)


@pytest.mark.parametrize("value", ["ltqzfb@.163.com", "a@b", "a b@c.cn", "@c.cn", "a@c..cn"])
def test_bad_mail(value: str) -> None:
    """The first is from two published reports (inventory V9)."""
    with pytest.raises(ValidationError, match="不是可用的"):
        v.validate_email(value)


@pytest.mark.parametrize(
    ("code", "good"),
    [("640302", True), ("640302001", True), ("640302001001", True), ("64030", False), ("064030", False)],
)
def test_region_codes(code: str, good: bool) -> None:
    if good:
        v.validate_region_code(code)
    else:
        with pytest.raises(ValidationError):
            v.validate_region_code(code)
