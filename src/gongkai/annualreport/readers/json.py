"""Reading back the JSON of :mod:`gongkai.annualreport.writers.json`: everything comes back, places and remarks included."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from gongkai.annualreport.model import Remark, RemarkCode, Report, Scope, Section
from gongkai.annualreport.schema import EDITIONS
from gongkai.annualreport.values import ABSENT, Kind, Note, Place, Value
from gongkai.annualreport.writers.json import FORMAT

from .errors import Limits, Unreadable

_E = TypeVar("_E", bound=StrEnum)


def read(data: bytes, limits: Limits) -> list[Report]:
    """The reports of a JSON file: one object, an array of them, or an object with the array under ``reports``.

    Raises Unreadable: ``truncated`` where the JSON breaks off, ``damaged`` where a field has the wrong type,
    ``not_report`` for JSON of another kind.
    """
    try:
        top = json.loads(
            data.decode("utf-8-sig"), parse_float=Decimal, parse_int=_int, parse_constant=_refuse
        )
    except (UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("damaged") from error
    except ValueError as error:
        raise Unreadable("truncated", "JSON 不完整或不合语法。请重新下载或重新导出后再试。") from error
    items = top["reports"] if isinstance(top, dict) and isinstance(top.get("reports"), list) else top
    items = items if isinstance(items, list) else [items]
    if len(items) > limits.max_reports:
        raise Unreadable("too_complex")
    if not items or not all(isinstance(item, dict) and item.get("format") == FORMAT for item in items):
        raise Unreadable(
            "not_report", "这个 JSON 文件不是本系统导出的年度报告。请选择导出的 JSON，或提供报告原文。"
        )
    try:
        return [from_data(item) for item in items]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(
            "damaged", "JSON 中有字段缺失或类型不对，与公布的数据结构不符。请重新导出后再试。"
        ) from error


def from_data(data: dict[str, Any]) -> Report:
    """The report of one JSON object (the inverse of ``writers.json.to_data``).

    Raises KeyError, TypeError or ValueError where the data does not follow the published schema.
    """
    if str(data["version"]).split(".")[0] != "1":
        raise ValueError(data["version"])
    edition = EDITIONS[data["edition"]]
    values: dict[str, Value] = {}
    for cell in data["cells"]:
        if cell["key"] not in edition.by_key:
            raise ValueError(cell["key"])
        value = _value(cell)
        if value is not ABSENT:
            values[cell["key"]] = value
    source = data.get("source") or {}
    return Report(
        edition=edition,
        organ=None if data.get("organ") is None else _text(data["organ"]),
        year=None if data.get("year") is None else _whole(data["year"]),
        title=_text(data.get("title", "")),
        values=values,
        sections=[_section(item) for item in data.get("sections", ())],
        scope=_enum(Scope, data.get("scope", "unknown")),
        years_found=tuple((_text(y["where"]), _whole(y["year"])) for y in data.get("years_found", ())),
        organs_found=tuple((_text(o["where"]), _text(o["organ"])) for o in data.get("organs_found", ())),
        metadata={_text(k): _text(v) for k, v in data.get("metadata", {}).items()},
        remarks=[_remark(item) for item in data.get("remarks", ())],
        source_name=_text(source.get("name", "")),
        source_format=_text(source.get("format", "")),
        source_digest=_text(source.get("sha256", "")),
    )


def _value(cell: dict[str, Any]) -> Value:
    kind = _enum(Kind, cell["kind"])
    number = None if cell.get("number") is None else _number(cell["number"])
    if (kind is Kind.NUMBER) != (number is not None):
        raise ValueError(cell["key"])
    value = Value(
        kind,
        number,
        _text(cell.get("raw", "")),
        _place(cell.get("place")),
        tuple(_enum(Note, note) for note in cell.get("notes", ())),
        tuple(_number(a) for a in cell.get("alternatives", ())),
    )
    return ABSENT if value == ABSENT else value


def _section(item: dict[str, Any]) -> Section:
    number = _whole(item["number"])
    if not 0 <= number <= 6:
        raise ValueError(number)
    return Section(
        number, _text(item["heading"]), _text(item.get("text", "")), _text(item.get("printed_number", ""))
    )


def _remark(item: dict[str, Any]) -> Remark:
    return Remark(
        _enum(RemarkCode, item["code"]),
        _text(item["message"]),
        tuple(_text(key) for key in item.get("cells", ())),
        _place(item.get("place")),
    )


def _place(item: dict[str, Any] | None) -> Place | None:
    if item is None:
        return None

    def count(name: str) -> int | None:
        return None if item.get(name) is None else _whole(item[name])

    sheet = None if item.get("sheet") is None else _text(item["sheet"])
    return Place(count("page"), count("table"), count("row"), count("column"), sheet)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _number(value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(value)
    return value


def _enum(kind: Callable[[str], _E], value: object) -> _E:
    return kind(_text(value))


def _int(digits: str) -> int:
    if len(digits) > 40:  # no count has them, and converting long ones takes quadratic time
        raise ValueError(digits[:40])
    return int(digits)


def _refuse(constant: str) -> float:
    raise ValueError(constant)  # NaN and Infinity are no JSON
