"""The published JSON Schema of :mod:`.json`, made from the tables, kinds and codes themselves.

``python -m gongkai.annualreport.writers.json_schema`` writes it anew to ``annualreport/data/report.schema.json``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from gongkai.annualreport.model import RemarkCode, Scope
from gongkai.annualreport.schema import EDITIONS
from gongkai.annualreport.values import Kind, Note
from gongkai.annualreport.writers.json import FORMAT, VERSION

NAME = "report.schema.json"


def json_schema() -> dict[str, Any]:
    """The schema of one report object (JSON Schema draft 2020-12)."""
    keys = sorted({cell.key for edition in EDITIONS.values() for cell in edition.cells})
    units = sorted({cell.unit for edition in EDITIONS.values() for cell in edition.cells})
    place = {"anyOf": [{"$ref": "#/$defs/place"}, {"type": "null"}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:gongkai:annualreport:1",
        "title": "政府信息公开工作年度报告",
        "description": "一份年度报告的全部单元格、六个部分的文字和读取说明。数值按十进制原样保存。",
        "type": "object",
        "required": ["format", "version", "edition", "organ", "year", "title", "scope", "cells", "sections"],
        "properties": {
            "format": {"const": FORMAT},
            "version": {
                "type": "string",
                "pattern": rf"^{VERSION.split('.')[0]}\.[0-9]+$",
                "description": "主版本号相同即可兼容",
            },
            "edition": {"enum": sorted(EDITIONS), "description": "格式版本：2019 年试行版或 2021 年版"},
            "document": {
                "enum": sorted(e.document for e in EDITIONS.values()),
                "description": "格式文件文号",
            },
            "organ": {"type": ["string", "null"], "description": "行政机关全称"},
            "year": {"type": ["integer", "null"], "description": "报告年度"},
            "title": {"type": "string"},
            "scope": {
                "enum": [scope.value for scope in Scope],
                "description": "数据口径：own 本机关，region 本地区汇总，unknown 未注明",
            },
            "cells": {"type": "array", "items": {"$ref": "#/$defs/cell"}},
            "sections": {"type": "array", "items": {"$ref": "#/$defs/section"}},
            "years_found": {"type": "array", "items": _pair("where", "year", "integer")},
            "organs_found": {"type": "array", "items": _pair("where", "organ", "string")},
            "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
            "remarks": {"type": "array", "items": {"$ref": "#/$defs/remark"}},
            "source": {
                "type": "object",
                "required": ["name", "format", "sha256"],
                "properties": {k: {"type": "string"} for k in ("name", "format", "sha256")},
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
        "$defs": {
            "cell": _cell(keys, units, place),
            "section": _section(),
            "remark": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"enum": [code.value for code in RemarkCode]},
                    "message": {"type": "string"},
                    "cells": {"type": "array", "items": {"type": "string"}},
                    "place": place,
                },
                "additionalProperties": False,
            },
            "place": _place(),
        },
    }


def _cell(keys: Sequence[str], units: Sequence[str], place: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["key", "kind", "number"],
        "properties": {
            "key": {"enum": list(keys), "description": "t表号.行.列"},
            "label": {"type": "string"},
            "unit": {"enum": list(units)},
            "kind": {
                "enum": [kind.value for kind in Kind],
                "description": "number 数值，blank 空白，na 不适用，text 文字，unreadable 无法辨认，absent 缺失",
            },
            "number": {"type": ["number", "null"], "description": "仅当 kind 为 number 时有值"},
            "raw": {"type": "string", "description": "原文"},
            "notes": {"type": "array", "items": {"enum": [note.value for note in Note]}},
            "alternatives": {"type": "array", "items": {"type": "number"}},
            "place": place,
        },
        "additionalProperties": False,
    }


def _section() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["number", "heading"],
        "properties": {
            "number": {
                "type": "integer",
                "minimum": 0,
                "maximum": 6,
                "description": "0 为第一部分之前的文字",
            },
            "printed_number": {"type": "string"},
            "heading": {"type": "string"},
            "text": {"type": "string", "description": "段落以换行分隔"},
        },
        "additionalProperties": False,
    }


def _place() -> dict[str, Any]:
    count = {"type": ["integer", "null"], "minimum": 1}
    return {
        "type": "object",
        "description": "在原文件中的位置，从 1 起",
        "properties": {
            **dict.fromkeys(("page", "table", "row", "column"), count),
            "sheet": {"type": ["string", "null"]},
        },
        "additionalProperties": False,
    }


def _pair(first: str, second: str, kind: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [first, second],
        "properties": {first: {"type": "string"}, second: {"type": kind}},
        "additionalProperties": False,
    }


def schema_text() -> str:
    """The schema as the published file holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def published() -> str:
    """The text of the published file in the package."""
    return (files("gongkai.annualreport") / "data" / NAME).read_text(encoding="utf-8")


def main() -> None:
    """Write the published file anew."""
    path = Path(__file__).resolve().parents[1] / "data" / NAME
    path.parent.mkdir(exist_ok=True)
    path.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
