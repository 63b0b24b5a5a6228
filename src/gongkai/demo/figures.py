"""The figures of five published annual reports, kept as data files of our own.

Each file under ``data/reports`` holds every cell of one report, its organ, year and scope, and the number-bearing
statements of its narrative in our own short sentences, contradictions included. The demo county, most tests and the
writers' samples are built from them.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from gongkai.annualreport.model import Report, Scope, Section, from_numbers
from gongkai.annualreport.schema import APPLICANT_COLUMNS, EDITIONS, REMEDY_COLUMNS, Edition

#: 利通区 2025 and 2024, 西工区政府办公室 2025, 北关区 2025, 山阳区 2025.
CODES: tuple[str, ...] = ("LT25", "LT24", "XG25", "BG25", "SY25")


def reports() -> list[Report]:
    """All five reports, freshly built (the caller may change them), in the order of :data:`CODES`."""
    return [get(code) for code in CODES]


def get(code: str) -> Report:
    """One report by its code (``LT25`` …), freshly built. Raises KeyError for a code there is no file for."""
    data = _load(code)
    edition = EDITIONS[data["edition"]]
    sections = [
        Section(
            number=item["number"],
            heading=item["heading"],
            text=item.get("text", ""),
            printed_number=item["heading"].partition("、")[0],
        )
        for item in data["sections"]
    ]
    report = from_numbers(
        _numbers(data, edition),
        edition=edition,
        organ=data["organ"],
        year=data["year"],
        sections=sections,
        scope=Scope(data["scope"]),
    )
    report.source_name = f"{code}.yaml"
    return report


def place(code: str) -> str:
    """Province, city and district the report is about, for the demo's organ tree. Raises KeyError."""
    return str(_load(code)["place"])


def division(code: str) -> str:
    """行政区划代码 (GB/T 2260, six digits) of the district. Raises KeyError."""
    return str(_load(code)["division"])


@lru_cache(maxsize=len(CODES))
def _load(code: str) -> dict[str, Any]:
    if code not in CODES:
        raise KeyError(code)
    text = files("gongkai.demo").joinpath("data", "reports", f"{code}.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def _numbers(data: dict[str, Any], edition: Edition) -> dict[str, int | Decimal | None]:
    """Every cell of the edition from the three tables. Raises ValueError where the file leaves one out."""
    numbers: dict[str, int | Decimal | None] = {}
    for row, columns in data["table2"].items():
        for column, number in columns.items():
            numbers[f"t2.{row}.{column}"] = _number(number)
    for table, columns in ((3, APPLICANT_COLUMNS), (4, REMEDY_COLUMNS)):
        for row, line in data[f"table{table}"].items():
            for column, number in zip(columns, line, strict=True):
                numbers[f"t{table}.{row}.{column.key}"] = _number(number)
    missing = [key for key in edition.by_key if key not in numbers]
    if missing:
        raise ValueError(f"{data['code']}.yaml 缺少单元格：{'、'.join(missing)}")
    return numbers


def _number(value: int | str) -> int | Decimal:
    """Decimals are kept as strings in the files, so that no binary fraction comes between."""
    if isinstance(value, str):
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else number
    return value
