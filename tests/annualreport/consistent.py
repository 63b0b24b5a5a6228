"""Reports whose tables hold every identity, at random, and ways to damage them."""

from __future__ import annotations

import random
from decimal import Decimal

from gongkai.annualreport.model import Report, Section, from_numbers
from gongkai.annualreport.schema import (
    APPLICANT_KINDS,
    EDITION_2021,
    REMEDY_COLUMNS,
    SECTION_TITLES,
    Edition,
)
from gongkai.annualreport.values import Kind, Value, parse_value

#: Narrative that speaks of no number: nothing in it can contradict a table.
TEXTS = {
    1: "本区按照条例要求做好政府信息公开工作。统计期限自1月1日至12月31日。",
    5: "存在的问题：一是部分栏目更新不够及时。二是个别单位对条例的学习不够深入。改进措施：逐月检查栏目更新，组织学习条例。",
    6: "本年度未收取信息处理费。",
}


def sections() -> list[Section]:
    numerals = "一二三四五六"
    return [
        Section(n, f"{numerals[n - 1]}、{title}", TEXTS.get(n, ""), numerals[n - 1])
        for n, title in enumerate(SECTION_TITLES, 1)
    ]


def numbers(
    rng: random.Random, edition: Edition = EDITION_2021, most: int = 60
) -> dict[str, int | Decimal | None]:
    """Figures of a plausible consistent report: sparse outcomes, all identities of 02 §6 within one year."""
    out: dict[str, int | Decimal | None] = {}
    rows = [row.key for row in edition.table(3).blocks[0].rows]
    outcomes = [r for r in rows if r not in ("new", "carried_in", "total", "carried_out")]
    for kind in APPLICANT_KINDS:
        busy = 1.0 if kind == "natural" else 0.3
        counts = {r: rng.randint(0, most) if rng.random() < 0.4 * busy else 0 for r in outcomes}
        total = sum(counts.values())
        left = rng.randint(0, 5) if rng.random() < busy else 0
        brought = rng.randint(0, min(6, total + left))
        lines = {
            **counts,
            "total": total,
            "carried_out": left,
            "carried_in": brought,
            "new": total + left - brought,
        }
        out |= {f"t3.{row}.{kind}": value for row, value in lines.items()}
    for row in rows:
        out[f"t3.{row}.total"] = sum(int(out[f"t3.{row}.{k}"] or 0) for k in APPLICANT_KINDS)
    for block in edition.table(4).blocks:
        parts = {c.key: rng.randint(0, 6) for c in REMEDY_COLUMNS if c.key != "total"}
        out |= {f"t4.{block.key}.{c}": n for c, n in parts.items()} | {
            f"t4.{block.key}.total": sum(parts.values())
        }
    for cell in edition.table(2).blocks:
        for row in cell.rows:
            for column in cell.columns:
                out[f"t2.{row.key}.{column.key}"] = 0 if row.key == "rules" else rng.randint(0, 90)
    if edition is EDITION_2021:
        out["t2.normative.valid"] = int(out["t2.normative.issued"] or 0) + rng.randint(0, 40)
        out["t2.fee.amount"] = Decimal(rng.randint(0, 10**8)) / 10_000
    return out


def report(seed: int = 0, edition: Edition = EDITION_2021, year: int = 2025, most: int = 60) -> Report:
    return from_numbers(
        numbers(random.Random(seed), edition, most),
        edition=edition,
        organ="清河区人民政府",
        year=year,
        sections=sections(),
    )


def put(target: Report, key: str, printed: int | Decimal | str | None) -> Report:
    """Set a cell to what is printed: a number, words as a reader finds them, "" for blank, None for absent."""
    if printed is None:
        target.values.pop(key, None)
    elif isinstance(printed, str):
        target.values[key] = parse_value(printed)
    else:
        target.values[key] = Value(Kind.NUMBER, printed, str(printed))
    return target


def amount(target: Report, key: str) -> int:
    return int(target.value(key).amount)
