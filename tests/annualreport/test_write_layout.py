"""The tables are printed as on the official forms (02 §2–4, §11)."""

from __future__ import annotations

import random

import pytest

from gongkai.annualreport import schema
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.writers.layout import PrintTable, layout, layouts
from gongkai.annualreport.writers.plan import parts, title_lines, title_of
from tests.annualreport.corpus_builder import random_report

TABLES = [(edition, table) for edition in schema.EDITIONS.values() for table in layouts(edition)]
NAMES = [f"{edition.id}-t{table.number}" for edition, table in TABLES]


@pytest.mark.parametrize(("edition", "table"), TABLES, ids=NAMES)
def test_cells_cover_the_table_without_gap_or_overlap(edition: schema.Edition, table: PrintTable) -> None:
    seen: dict[tuple[int, int], str] = {}
    for cell in table.cells():
        for r in range(cell.row, cell.row + cell.rowspan):
            for c in range(cell.column, cell.column + cell.colspan):
                assert (r, c) not in seen, f"{cell.text or cell.key} over {seen.get((r, c))}"
                seen[r, c] = cell.text or cell.key
    assert len(seen) == len(table.rows) * table.columns


@pytest.mark.parametrize(("edition", "table"), TABLES, ids=NAMES)
def test_every_value_once_in_order(edition: schema.Edition, table: PrintTable) -> None:
    keys = [cell.key for cell in table.cells() if cell.role == "value"]
    assert keys == [cell.key for cell in edition.cells if cell.table == table.number]


@pytest.mark.parametrize(("edition", "rows"), [("2021", 22), ("2019", 20)])
def test_table_three_spans(edition: str, rows: int) -> None:
    table = layout(schema.EDITIONS[edition], 3)
    by_text = {cell.text: cell for cell in table.cells() if cell.text}
    assert by_text["三、本年度办理结果"].rowspan == rows
    assert by_text["（三）不予公开"].rowspan == 8
    assert by_text["（四）无法提供"].rowspan == 3
    assert by_text["（五）不予处理"].rowspan == 5
    sixth = by_text["（六）其他处理"]
    assert (sixth.rowspan, sixth.colspan) == ((3, 1) if edition == "2021" else (1, 2))
    note = by_text[schema.IDENTITY_NOTE]
    assert (note.row, note.column, note.rowspan, note.colspan) == (0, 0, 3, 3)
    assert by_text["申请人情况"].colspan == 7
    assert by_text["法人或其他组织"].colspan == 5
    assert by_text["自然人"].rowspan == 2
    assert len(table.rows) == 3 + (25 if edition == "2021" else 23)
    assert table.columns == 10


def test_table_two_blocks() -> None:
    table = layout(schema.EDITION_2021, 2)
    titles = [cell.text for cell in table.cells() if cell.role == "title"]
    assert titles == ["第二十条第（一）项", "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项"]
    fee = next(cell for cell in table.cells() if cell.key == "t2.fee.amount")
    assert fee.colspan == 3
    assert len([t for t in layout(schema.EDITION_2019, 2).cells() if t.role == "title"]) == 5


def test_table_four_three_levels() -> None:
    table = layout(schema.EDITION_2021, 4)
    assert [(c.text, c.colspan) for c in table.rows[0]] == [("行政复议", 5), ("行政诉讼", 10)]
    assert [c.text for c in table.rows[1][-2:]] == ["未经复议直接起诉", "复议后起诉"]
    assert [c.rowspan for c in table.rows[1][:5]] == [2] * 5
    assert len(table.rows[2]) == 10
    assert len(table.rows[3]) == 15


def test_tables_stand_in_their_sections() -> None:
    report = random_report(random.Random(1))
    assert [(p.number, p.table and p.table.number) for p in parts(report)] == [
        (0, None), (1, None), (2, 2), (3, 3), (4, 4), (5, None), (6, None),
    ]  # fmt: skip


def test_missing_table_sections_are_printed_with_official_headings() -> None:
    report = Report(sections=[Section(1, "一、概述", "甲"), Section(5, "", "乙")])
    assert [p.heading for p in parts(report)] == [
        "一、概述",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
    ]


def test_a_doubled_section_prints_its_table_once() -> None:
    report = Report(sections=[Section(2, "二、甲"), Section(2, "二、乙")])
    assert [p.table is not None for p in parts(report)][:2] == [True, False]


def test_title_is_broken_after_the_organ() -> None:
    report = Report(organ="吴忠市利通区人民政府", year=2025)
    assert title_of(report) == "吴忠市利通区人民政府2025年政府信息公开工作年度报告"
    assert title_lines(report) == ["吴忠市利通区人民政府", "2025年政府信息公开工作年度报告"]
    report.title = "年度报告"
    assert title_lines(report) == ["年度报告"]
