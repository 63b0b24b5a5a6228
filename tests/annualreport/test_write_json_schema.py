"""The published JSON Schema is current, and what we write follows it."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from gongkai.annualreport import schema, writers
from gongkai.annualreport.model import Remark, RemarkCode
from gongkai.annualreport.readers import Unreadable, read
from gongkai.annualreport.values import Kind, Note, Place, Value
from gongkai.annualreport.writers.json_schema import json_schema, published, schema_text
from tests.annualreport.corpus_builder import random_report

TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "null": type(None),
}  # fmt: skip


def errors(value: Any, rule: dict[str, Any], root: dict[str, Any], path: str = "$") -> list[str]:
    """Violations of the part of JSON Schema that the published schema uses."""
    if "$ref" in rule:
        return errors(value, root["$defs"][rule["$ref"].split("/")[-1]], root, path)
    out: list[str] = []
    if "anyOf" in rule and all(errors(value, r, root, path) for r in rule["anyOf"]):
        out.append(f"{path}: anyOf")
    types = rule.get("type", ())
    types = [types] if isinstance(types, str) else types
    if types and not any(isinstance(value, TYPES[t]) and not isinstance(value, bool) for t in types):
        return [f"{path}: {value!r} is not {types}"]
    if "const" in rule and value != rule["const"]:
        out.append(f"{path}: const")
    if "enum" in rule and value not in rule["enum"]:
        out.append(f"{path}: {value!r} not in enum")
    if "pattern" in rule and not re.search(rule["pattern"], value):
        out.append(f"{path}: pattern")
    if isinstance(value, int) and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        out.append(f"{path}: range")
    if isinstance(value, dict):
        out += [f"{path}.{name} missing" for name in rule.get("required", ()) if name not in value]
        extra = rule.get("additionalProperties", True)
        for name, item in value.items():
            if name in rule.get("properties", {}):
                out += errors(item, rule["properties"][name], root, f"{path}.{name}")
            elif extra is False:
                out.append(f"{path}.{name} unexpected")
            elif isinstance(extra, dict):
                out += errors(item, extra, root, f"{path}.{name}")
    if isinstance(value, list) and "items" in rule:
        for i, item in enumerate(value):
            out += errors(item, rule["items"], root, f"{path}[{i}]")
    return out


def test_published_schema_is_current() -> None:
    assert published() == schema_text(), "run python -m gongkai.annualreport.writers.json_schema"


@pytest.mark.parametrize("edition", sorted(schema.EDITIONS))
def test_what_we_write_follows_it(edition: str) -> None:
    report = random_report(random.Random(2), schema.EDITIONS[edition])
    report.years_found = (("title", 2025),)
    report.organs_found = (("title", "甲"),)
    report.metadata = {"ArticleTitle": "甲"}
    report.remarks = [Remark(RemarkCode.SHIFTED, "说明", ("t3.new.natural",), Place(table=2, row=3))]
    report.values["t3.new.natural"] = Value(Kind.UNREADABLE, None, "1O", Place(1), (Note.LETTER,), (10,))
    data = json.loads(writers.write(report, "json"))
    assert errors(data, json_schema(), json_schema()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d.update(format="other"), "not_report"),
        (lambda d: d.update(version="2.0"), "damaged"),
        (lambda d: d.update(edition="2030"), "damaged"),
        (lambda d: d["cells"][0].update(kind="number", number=None), "damaged"),
        (lambda d: d["cells"][0].update(number="5"), "damaged"),
        (lambda d: d["cells"][0].update(number=True), "damaged"),
        (lambda d: d["cells"][0].update(key="t9.x.y"), "damaged"),
        (lambda d: d["sections"][0].update(number=9), "damaged"),
        (lambda d: d.update(year="2025"), "damaged"),
        (lambda d: d.pop("cells"), "damaged"),
        (lambda d: d.update(cells={"a": 1}), "damaged"),
        (lambda d: d.update(remarks=[{"code": "x", "message": ""}]), "damaged"),
    ],
)
def test_what_does_not_follow_it_is_refused(change: Any, code: str) -> None:
    data = json.loads(writers.write(random_report(random.Random(2)), "json"))
    change(data)
    with pytest.raises(Unreadable) as caught:
        read(json.dumps(data).encode())
    assert caught.value.code == code
    assert re.search("[\u4e00-\u9fff]", caught.value.message)


@pytest.mark.parametrize(
    "text",
    [
        '{"format":"gongkai.annualreport","year":NaN',
        '{"format": "gongkai.annualreport", "n": 1' + "0" * 50_000 + "}",
    ],
)
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text.encode())
