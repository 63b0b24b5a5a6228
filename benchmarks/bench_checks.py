"""Checking alone: identities of 100,000 reports, the full catalogue on one, and localisation of a wrong cell.

Arrays are built from ``Report`` objects in one measurement and given in another, for the two cost differently. Beside
each stands what one would write without this project: the same sums cell by cell, or a dense product.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gongkai.annualreport.bulk import residuals, screen, screen_batch, vectorise
from gongkai.annualreport.checks import check
from gongkai.annualreport.identities import count_keys, residuals_of, system
from gongkai.annualreport.localise import localise
from gongkai.annualreport.model import Report, from_numbers
from gongkai.annualreport.schema import APPLICANT_COLUMNS, EDITION_2021
from gongkai.annualreport.values import Kind, Value
from gongkai.demo import figures

REPORTS = 100_000
#: So many different reports are built and repeated: 100,000 of them as objects would take 3 GB.
DISTINCT = 2_500


def _varied(rng: random.Random) -> Report:
    """One of the published reports with all its counts multiplied: every identity still holds, every number differs."""
    base = figures.get(rng.choice(figures.CODES))
    factor = rng.randint(1, 400)
    numbers: dict[str, Any] = {key: number * factor for key, number in base.amounts().items()}
    return from_numbers(numbers, organ=base.organ, year=base.year, sections=base.sections)


def _reports() -> list[Report]:
    rng = random.Random(20210926)
    return [_varied(rng) for _ in range(DISTINCT)] * (REPORTS // DISTINCT)


def _seconds(work: Callable[[], object], rounds: int = 1) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def _cell_by_cell(report: Report) -> int:
    """What a script would do: look up each cell and add; only the arithmetic, nothing explained."""
    wrong = 0
    for identity in system(EDITION_2021).identities:
        wrong += sum(term.coefficient * (report.amount(term.key) or 0) for term in identity.terms) != 0
    return wrong


def _damaged(count: int) -> list[Report]:
    rng = random.Random(7)
    keys = [key for key in count_keys(EDITION_2021) if key.startswith("t3.")]
    out = []
    for _ in range(count):
        report = figures.get(rng.choice(figures.CODES))
        key = rng.choice(keys)
        wrong = int(report.value(key).amount) + rng.randint(1, 99)
        report.values[key] = Value(Kind.NUMBER, wrong, str(wrong))
        out.append(report)
    return out


def _arrays(reports: list[Report]) -> tuple[float, float, float]:
    """Seconds for screening, for the sparse product alone, and for a dense one (a tenth of it, times ten)."""
    arrays = vectorise(reports)
    dense = system(EDITION_2021).matrix.toarray().T
    return (
        _seconds(lambda: screen_batch(arrays), 2),
        _seconds(lambda: residuals(arrays), 2),
        _seconds(lambda: np.matmul(arrays.values[: REPORTS // 10], dense)) * 10,
    )


def _one_by_one(rounds: int = 20) -> tuple[float, float]:
    """Reports per second for the full catalogue and for the sums alone; no text twice, so that nothing is remembered."""
    published = []
    for i in range(rounds):
        for report in figures.reports():
            report.sections[0].text += f"附注{i}。"
            published.append(report)
    full = _seconds(lambda: [check(r) for r in published])
    alone = _seconds(lambda: [residuals_of(r) for r in published])
    return len(published) / full, len(published) / alone


def run() -> list[dict[str, Any]]:
    """The measurements, each with its peer; ``ratio`` is ours ÷ peer (below 1: ours is faster)."""
    reports = _reports()
    objects = _seconds(lambda: screen(reports))
    sample = reports[:DISTINCT]
    by_hand = _seconds(lambda: [_cell_by_cell(r) for r in sample]) * REPORTS / DISTINCT
    batch, product, dense = _arrays(reports)
    full, alone = _one_by_one()
    damaged = _damaged(200)
    found = _seconds(lambda: [localise(r) for r in damaged]) / len(damaged) * 1000
    tried = _seconds(lambda: [_try_every_cell(r) for r in damaged[:5]]) / 5 * 1000
    return [
        _line(
            "10 万份：勾稽与取值核验（自 Report 对象起，不含正文）",
            objects,
            by_hand,
            "秒",
            "逐格相加的脚本（按 2500 份折算）",
        )
        | {"target": "10 秒以内"},
        _line(
            "10 万份：勾稽与取值核验（已成数组，不含正文）",
            batch,
            by_hand,
            "秒",
            "逐格相加的脚本（按 2500 份折算）",
        ),
        _line("10 万份：稀疏矩阵乘积", product, dense, "秒", "numpy 稠密乘积（按 1 万份折算）"),
        _line("一份：全部规则（含正文，单核）", full, alone, "份/秒", "其中只算勾稽"),
        _line("一处错误的定位", found, tried, "毫秒", "逐格试改再核验"),
    ]


def _line(name: str, ours: float, peer: float, unit: str, against: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "unit": unit, "ratio": ours / peer, "against": against}


def _try_every_cell(report: Report) -> list[str]:
    """The plain way to find a wrong cell: set each to what one of its identities wants, and check everything again."""
    found = []
    for row in EDITION_2021.table(3).blocks[0].rows:
        line = [f"t3.{row.key}.{column.key}" for column in APPLICANT_COLUMNS]
        rest = sum(int(report.amount(key) or 0) for key in line[:-1]) - int(report.amount(line[-1]) or 0)
        for key in line:
            kept = report.values[key]
            wanted = int(kept.amount) + (rest if key == line[-1] else -rest)
            report.values[key] = Value(Kind.NUMBER, wanted, str(wanted))
            if not any(r.value for r in residuals_of(report)):
                found.append(key)
            report.values[key] = kept
    return found
