"""What is said of a parameter that does not fit: which one, and what it takes, as the description of the address has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

#: So many faults are told, so many words of a list: an answer stays short whatever was asked.
MOST_FAULTS = 8
MOST_WORDS = 60
#: A number of a row has no bound worth telling.
BOUND = 2**53
_PATTERNS = {
    "^[A-Za-z0-9_-]*$": "字母、数字、“-”和“_”", "^[A-Za-z0-9_-]+$": "字母、数字、“-”和“_”",
    "^[A-Za-z0-9_.:-]*$": "字母、数字、“_”“.”“:”和“-”",
}  # fmt: skip
#: For what stands in a body: the fault itself says what is wanted.
_FAULTS = {
    "missing": "必须填写", "extra_forbidden": "没有这一项", "string_too_long": "最多 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字", "string_type": "须为文字", "string_pattern_mismatch": "含有不能用的字符",
    "too_long": "最多 {max_length} 项", "too_short": "至少 {min_length} 项", "list_type": "须为列表",
    "bool_type": "true 或 false", "bool_parsing": "true 或 false",
}  # fmt: skip
_DATE = "写成 2026-03-02 这样的日期"


def operation(api: NinjaAPI, request: HttpRequest) -> dict[str, Any] | None:
    """The operation that a request asks for as it is described; None for an address outside the description."""
    match = request.resolver_match
    return _operation(api, api.get_root_path({}), match.route, request.method or "") if match else None


@lru_cache(maxsize=256)
def _operation(api: NinjaAPI, root: str, route: str, method: str) -> dict[str, Any] | None:
    place = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.partition("/v1/")[2])
    found: dict[str, Any] | None = (
        api.get_openapi_schema()["paths"].get(f"{root}{place}", {}).get(method.lower())
    )
    return found


def unknown_parameters(found: dict[str, Any], given: Sequence[str]) -> str:
    """What to say of parameters that the address does not have, "" where there are none: a slip in the name of a filter
    would otherwise give everything."""
    names = [one["name"] for one in found.get("parameters", ()) if one["in"] == "query"]
    strange = [re.sub(r"[^\w.-]", "?", name[:40]) for name in given if name not in names]
    odd = "、".join(f"“{name}”" for name in strange[:3])
    if not odd:
        return ""
    return f"没有参数{odd}。" + (f"这个地址可用：{'、'.join(names)}。" if names else "这个地址不带参数。")


def explain(faults: Sequence[dict[str, Any]], found: dict[str, Any] | None) -> str:
    """Each fault with what is allowed."""
    shapes = {one["name"]: one for one in (found or {}).get("parameters", ())}
    said = {}
    for fault in faults:
        name = _named(fault["loc"])
        one = shapes.get(name)
        said.setdefault(name, _allowed_of(one) if one else _wanted(fault))
    told = [f"{name}（{what}）" if what else name for name, what in list(said.items())[:MOST_FAULTS]]
    return f"参数不符合要求：{'、'.join(told)}。请对照接口说明检查。"


def _named(place: Sequence[str | int]) -> str:
    """The field of a fault; of a list also which one, as people count."""
    last = place[-1]
    return f"{place[-2]}第 {last + 1} 项" if isinstance(last, int) and len(place) > 1 else str(last)[:60]


def _allowed_of(parameter: dict[str, Any]) -> str:
    parts = ["必须填写" if parameter.get("required") else "", allowed(parameter.get("schema", {}))]
    return "，".join(part for part in parts if part)


def allowed(shape: dict[str, Any]) -> str:
    """What a parameter takes, in words; "" where anything goes."""
    shape = next((one for one in shape.get("anyOf", ()) if one.get("type") != "null"), shape)
    if "enum" in shape:
        words = [word for word in shape["enum"] if word]
        return f"可用 {'、'.join(words[:MOST_WORDS])}{'等' if len(words) > MOST_WORDS else ''}"
    if shape.get("type") == "integer":
        low, high = shape.get("minimum"), shape.get("maximum")
        return f"{low} 到 {high} 的整数" if high is not None and high < BOUND else "正整数"
    most = shape.get("maxLength")
    parts = [_PATTERNS.get(shape.get("pattern", ""), ""), f"最多 {most} 个字" if most else ""]
    return "，".join(part for part in parts if part)


def _wanted(fault: dict[str, Any]) -> str:
    kind = fault.get("type", "")
    if kind.startswith("date"):
        return _DATE
    return _FAULTS.get(kind, "").format_map(fault.get("ctx", {}))
