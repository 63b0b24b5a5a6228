"""Whatever the tables hold, the ready sentences contradict none of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Context
from gongkai.annualreport.model import Report, Section, from_numbers
from gongkai.annualreport.narrative import claims
from gongkai.annualreport.schema import (
    APPLICANT_KINDS,
    EDITION_2021,
    OUTCOME_ROWS,
    REMEDY_COLUMNS,
    TABLE_4,
)
from gongkai.demo import figures as seeds
from gongkai.reports.narrative import outline
from gongkai.reports.narrative.fields import Figures, fill, get
from gongkai.reports.narrative.ledgerfields import fee_statement
from gongkai.reports.narrative.sections import SECTIONS

SMALL = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 4000))
ROWS = ("carried_in", *(row.key for row in OUTCOME_ROWS), "carried_out")


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Decimal]:
    """Cells of one year that satisfy the identities within it."""
    cells = {cell.key: 0 for cell in EDITION_2021.cells}
    for kind in (*draw(st.lists(st.sampled_from(APPLICANT_KINDS), max_size=3, unique=True)),):
        for row in draw(st.lists(st.sampled_from(ROWS), max_size=6, unique=True)):
            cells[f"t3.{row}.{kind}"] = draw(SMALL)
        done = sum(cells[f"t3.{row.key}.{kind}"] for row in OUTCOME_ROWS)
        short = cells[f"t3.carried_in.{kind}"] - done - cells[f"t3.carried_out.{kind}"]
        cells[f"t3.carried_out.{kind}"] += max(0, short)
        cells[f"t3.total.{kind}"] = done
        cells[f"t3.new.{kind}"] = done + cells[f"t3.carried_out.{kind}"] - cells[f"t3.carried_in.{kind}"]
    for row in ("new", *ROWS, "total"):
        cells[f"t3.{row}.total"] = sum(cells[f"t3.{row}.{kind}"] for kind in APPLICANT_KINDS)
    for block in TABLE_4.blocks:
        for column in REMEDY_COLUMNS[:-1]:
            cells[f"t4.{block.key}.{column.key}"] = draw(SMALL)
        cells[f"t4.{block.key}.total"] = sum(cells[f"t4.{block.key}.{c.key}"] for c in REMEDY_COLUMNS[:-1])
    for key in ("t2.normative.issued", "t2.normative.repealed", "t2.normative.valid", "t2.licence.decisions",
                "t2.penalty.decisions", "t2.coercion.decisions"):  # fmt: skip
        cells[key] = draw(SMALL)
    return {key: Decimal(value) for key, value in cells.items()}


def report_of(cells: dict[str, Decimal], year: int, text: str, number: int = 1) -> Report:
    sections = [Section(n, SECTIONS[str(n)], text if n == number else "") for n in range(1, 7)]
    numbers = {key: int(value) for key, value in cells.items()}
    return from_numbers(numbers, organ="利通区人民政府", year=year, sections=sections)


def narrative_findings(report: Report, before: Report | None) -> list[str]:
    found = check(report, Context(previous=before), strict=True)
    return [f"{f.rule} {f.message}" for f in found if f.rule.startswith("NARR-")]


@settings(max_examples=120, deadline=None)
@given(now=tables(), then=tables(), notices=st.integers(0, 3), paid=st.booleans())
def test_ready_sentences_never_contradict_the_tables(
    now: dict[str, Decimal], then: dict[str, Decimal], notices: int, paid: bool
) -> None:
    due = Decimal(notices * 40)
    extra = {
        "报告年度": "2026", "公开文件数": 31, "政策解读数": 8, "发文数": 97, "文件目录期数": 4, "申请主要主题": "征地拆迁、土地房产",
        "信息处理费情况": fee_statement(notices, due, due if paid else Decimal(0)),
    }  # fmt: skip
    figures = Figures(2026, now, then, extra)
    before = report_of(then, 2025, "")
    text = "\n".join(o.shown for o in outline.offers("1", figures))
    assert narrative_findings(report_of(now, 2026, text), before) == []
    for offer in outline.offers("1", figures):
        assert narrative_findings(report_of(now, 2026, offer.shown), before) == [], offer.shown


@pytest.mark.parametrize(
    "name", ["新收总数", "上年结转总数", "办结总数", "结转下年度总数", "予以公开总数", "部分公开总数", "不予公开总数", "无法提供总数"]
)  # fmt: skip
def test_the_engine_reads_a_field_as_the_cell_it_stands_for(name: str) -> None:
    """The sentence is understood, not merely passed over."""
    field = get(name)
    assert field is not None
    cells = {cell.key: Decimal(0) for cell in EDITION_2021.cells} | {field.keys[0]: Decimal(137)}
    template = next(t for s, t in outline.templates() if s == "application" and field.mark in t)
    extra = {"报告年度": "2026"}
    report = report_of(cells, 2026, fill(template, Figures(2026, cells, None, extra)))
    read = [c for c in claims(report) if c.quantity is not None and c.quantity.number == 137]
    assert read
    assert any(set(f.plus) == set(field.keys) for f in read[0].formulas)


def test_a_seeds_sentence_with_fields_instead_is_not() -> None:
    """“受理答复29件” with 1 carried over, said by fields: nothing is left to question."""
    report = seeds.get("LT25")
    cells = {key: Decimal(value) for key, value in report.amounts().items()}
    template = next(t for _, t in outline.templates() if "{{办结总数}}" in t)
    text = fill(template, Figures(2025, cells, None, {"报告年度": "2025"}))
    told = Section(1, SECTIONS["1"], text)
    report.sections = [told]
    assert [f.rule for f in check(report, Context(), strict=True) if f.rule.startswith("NARR-")] == []
