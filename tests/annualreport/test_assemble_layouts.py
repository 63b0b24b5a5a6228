"""Every layout of 07 §1, from the figures of real reports: each cell exact, the narrative whole, nothing said in vain."""

from __future__ import annotations

import random
import re

import pytest

from gongkai.annualreport.model import RemarkCode, Report, from_numbers
from gongkai.annualreport.readers import read
from gongkai.annualreport.schema import APPLICANT_COLUMNS, EDITION_2019, EDITIONS
from gongkai.annualreport.values import Kind, Note
from gongkai.demo import figures

from . import damage
from .layouts import LAYOUTS, cell, markdown, pad, page, plain, rows3, t2_html, t3_html, t4_html, table

CODES = ("BG25", "XG25", "LT24")


def wrong(made: Report, original: Report) -> dict[str, object]:
    """Cells whose number differs, a blank counting as the zero it was printed for."""
    out = {}
    for key, value in original.values.items():
        read_back = made.value(key)
        if not read_back.known or read_back.amount != value.amount:
            out[key] = read_back
    return out


def codes(report: Report) -> set[RemarkCode]:
    return {remark.code for remark in report.remarks}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_cell_of_every_layout(layout: str, code: str) -> None:
    original = figures.get(code)
    (made,) = read(LAYOUTS[layout](original).encode(), "x")
    assert wrong(made, original) == {}
    assert (made.organ, made.year, made.edition.id) == (original.organ, original.year, "2021")
    for number in (1, 5):
        assert made.section(number).text == original.section(number).text  # type: ignore[union-attr]
    allowed = {RemarkCode.ROW_ORDER} if layout == "rows_shuffled" else set()
    assert codes(made) <= allowed, [remark.message for remark in made.remarks]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", damage.READABLE)
def test_damage_that_leaves_the_figures_readable(kind: str, code: str) -> None:
    original = figures.get(code)
    (made,) = read(damage.READABLE[kind](original).encode(), "x")
    assert wrong(made, original) == {}
    assert [section.number for section in made.sections if section.number] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "layout", ["plain", "markdown", "cell_per_line", "page_feet", "columns_kept", "lone_pipes"]
)
@pytest.mark.parametrize("year", [2019, 2020, 2025])
def test_the_trial_edition_is_known_by_its_labels(layout: str, year: int) -> None:
    rng = random.Random(year)
    numbers = {cell.key: rng.randint(0, 9) for cell in EDITION_2019.cells}
    original = from_numbers(numbers, edition=EDITION_2019, organ="某县人民政府", year=year)
    (made,) = read(LAYOUTS[layout](original).encode(), "x")
    assert made.edition is EDITION_2019
    assert wrong(made, original) == {}
    assert RemarkCode.EDITIONS_MIXED not in codes(made)


def test_two_editions_in_one_report_are_remarked_upon() -> None:
    new = figures.get("BG25")
    old = from_numbers({}, edition=EDITION_2019, organ=new.organ, year=new.year)
    (made,) = read(page(new, t2_html(old), t3_html(new), t4_html(new)).encode())
    assert RemarkCode.EDITIONS_MIXED in codes(made)
    assert made.edition is EDITIONS["2021"]
    assert made.value("t3.total.total").number == 139
    assert made.value("t2.rules.issued").kind is Kind.ABSENT


# --- what cannot be read is not guessed -----------------------------------------------------------------------------------


def test_blanks_lost_leaves_cells_undecided_with_what_they_may_be() -> None:
    original = figures.get("BG25")
    (made,) = read(damage.blanks_lost(original).encode())
    assert {RemarkCode.AMBIGUOUS, RemarkCode.CHOSEN} <= codes(made)
    for key, value in wrong(made, original).items():
        assert value.kind is Kind.UNREADABLE, key  # type: ignore[attr-defined]
    # 106 6 13 125: who the 6 are cannot be known, the total can.
    assert made.value("t3.new.total").number == 125
    assert made.value("t3.new.business").alternatives == (6, 106)
    # 75 75 can only be one kind and the total, but which kind is open
    assert made.value("t3.unavailable_not_held.total").number == 75


def test_a_row_chosen_by_the_identities_says_so() -> None:
    original = figures.get("BG25")
    (made,) = read(damage.leading_cells_lost(original).encode())
    (remark,) = [r for r in made.remarks if r.code is RemarkCode.CHOSEN]
    assert "勾稽关系" in remark.message
    assert all(Note.CHOSEN in made.value(key).notes for key in remark.cells)


def test_several_readings_that_all_add_up_are_not_decided() -> None:
    original = figures.get("BG25")
    text = markdown(original, short=True).replace(
        "1.信访举报投诉类申请 | 2 | 0 | 0 | 0 | 0 | 0 | 2", "1.信访举报投诉类申请 | 2 | 2"
    )
    (made,) = read(text.encode())
    row = {
        column: made.value(f"t3.declined_petition.{column}") for column in ("natural", "business", "total")
    }
    # The columns' identities need it in 自然人: exactly one reading satisfies them all.
    assert row["natural"].number == 2
    assert row["natural"].notes == (Note.CHOSEN,)
    assert row["total"].number == 2


def test_a_true_error_is_kept_as_printed() -> None:
    original = figures.get("BG25")
    text = plain(original).replace("<td >120</td>", "<td >102</td>")
    (made,) = read(text.encode())
    assert made.value("t3.total.natural").number == 102
    assert Note.CHOSEN not in made.value("t3.total.natural").notes
    assert codes(made) == set()


def test_missing_table_is_absent_not_zero() -> None:
    original = figures.get("BG25")
    (made,) = read(damage.table3_missing(original).encode())
    assert len([key for key in made.absent() if key.startswith("t3.")]) == 175
    (remark,) = [r for r in made.remarks if r.code is RemarkCode.TABLE_MISSING]
    assert "没有找到" in remark.message
    assert len(remark.cells) == 175
    (made,) = read(damage.image_for_table3(original).encode())
    (remark,) = [r for r in made.remarks if r.code is RemarkCode.TABLE_MISSING]
    assert "图片" in remark.message
    assert made.section(3).text == ""  # type: ignore[union-attr]


def test_missing_row_and_column_are_absent() -> None:
    original = figures.get("BG25")
    (made,) = read(damage.row_missing(original).encode())
    assert made.absent() == [f"t3.declined_repeat.{c}" for c in
                             ("natural", "business", "research", "welfare", "legal_service", "other", "total")]  # fmt: skip
    assert codes(made) == {RemarkCode.ROW_MISSING}
    (made,) = read(damage.column_missing(original).encode())
    assert codes(made) == {RemarkCode.COLUMN_MISSING}
    assert {key.rpartition(".")[2] for key in made.absent()} == {"research"}


def test_doubled_rows_and_tables_keep_the_first() -> None:
    original = figures.get("BG25")
    (made,) = read(damage.row_doubled(original).encode())
    (remark,) = made.remarks
    assert remark.code is RemarkCode.ROW_DOUBLED
    assert made.value("t3.declined_repeat.natural").number == 0
    (made,) = read(damage.everything_twice(original).encode())
    assert [r.code for r in made.remarks] == [RemarkCode.TABLE_DOUBLED] * 3


def test_subtotals_are_left_out() -> None:
    (made,) = read(damage.subtotals(figures.get("BG25")).encode())
    assert [r.code for r in made.remarks] == [RemarkCode.ROW_UNKNOWN] * 4


def test_misread_labels_are_named() -> None:
    (made,) = read(damage.misread(figures.get("BG25")).encode())
    messages = " ".join(r.message for r in made.remarks if r.code is RemarkCode.LABEL_MISREAD)
    for misread in damage.MISREAD.values():
        assert misread in messages
    (made,) = read(damage.labels_lost(figures.get("BG25")).encode())
    (remark,) = made.remarks
    assert remark.code is RemarkCode.LABEL_MISREAD
    assert len(remark.cells) == 14


def test_columns_in_another_order_follow_the_header() -> None:
    (made,) = read(damage.total_first(figures.get("BG25")).encode())
    assert [r.code for r in made.remarks] == [RemarkCode.SHIFTED]


# --- values and places ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "number", "kind", "note"),
    [
        ("１２０", 120, Kind.NUMBER, Note.FULLWIDTH),
        ("1<br>20", 120, Kind.NUMBER, Note.JOINED),
        ("120件", 120, Kind.NUMBER, Note.UNIT),
        ("120（其中线上8件）", 120, Kind.NUMBER, Note.ANNOTATION),
        ("<p>&nbsp;</p>", None, Kind.BLANK, None),
        ("/", None, Kind.NOT_APPLICABLE, None),
        ("12O", None, Kind.UNREADABLE, Note.LETTER),
        ("见附件", None, Kind.TEXT, None),
        ("-3", -3, Kind.NUMBER, None),
        ("<span>1</span><span>20</span>", 120, Kind.NUMBER, None),
    ],
)
def test_odd_values_keep_their_text(printed: str, number: int | None, kind: Kind, note: Note | None) -> None:
    text = plain(figures.get("BG25")).replace("<td >120</td>", f"<td >{printed}</td>")
    (made,) = read(text.encode())
    value = made.value("t3.total.natural")
    assert (value.kind, value.number) == (kind, number)
    assert value.notes == ((note,) if note else ())
    assert made.value("t3.total.total").number == 139


def test_every_value_has_its_place_and_text() -> None:
    (made,) = read(plain(figures.get("BG25")).encode())
    place = made.value("t3.total.natural").place
    assert (place.table, place.row, place.column) == (2, 27, 4)  # type: ignore[union-attr]
    assert str(place) == "第2个表格第27行第4列"
    assert all(value.raw and value.place for value in made.values.values())


def test_digits_that_fell_into_two_cells() -> None:
    original = figures.get("BG25")
    text = markdown(original).replace("（七）总计 |  | 120 | 6", "（七）总计 |  | 1 | 20 | 6")
    (made,) = read(text.encode())
    assert made.value("t3.total.natural").number == 120
    assert RemarkCode.CHOSEN in codes(made)


def test_fee_in_yuan_is_said() -> None:
    text = plain(figures.get("BG25")).replace("单位：万元", "单位：元")
    (made,) = read(text.encode())
    (remark,) = made.remarks
    assert remark.cells == ("t2.fee.amount",)
    assert "万元" in remark.message


def test_two_values_where_one_belongs() -> None:
    text = plain(figures.get("BG25")).replace('<td colspan="3">253</td>', "<td>253</td><td>254</td><td></td>")
    (made,) = read(text.encode())
    value = made.value("t2.penalty.decisions")
    assert (value.kind, value.alternatives[:2]) == (Kind.UNREADABLE, (253, 254))
    assert codes(made) == {RemarkCode.AMBIGUOUS}


def test_several_reports_in_one_file() -> None:
    first, second = figures.get("BG25"), figures.get("SY25")
    for text in (markdown(first) + "\n\n" + markdown(second), plain(first) + plain(second)):
        made = read(text.encode(), "合集2025.md")
        assert [report.organ for report in made] == ["北关区人民政府", "山阳区人民政府"]
        for report, original in zip(made, (first, second), strict=True):
            assert wrong(report, original) == {}
            assert codes(report) == {RemarkCode.SEVERAL_REPORTS}


def test_a_lone_table_is_a_report_without_sections() -> None:
    (made,) = read(("<html><body>" + t3_html(figures.get("BG25")) + "</body></html>").encode())
    assert made.value("t3.total.total").number == 139
    assert RemarkCode.TABLE_MISSING in codes(made)
    assert RemarkCode.SECTION_MISSING in codes(made)


def test_unlabelled_rows_are_not_forced_into_place() -> None:
    """Two rows without label where one is missing: neither is taken for it."""
    extra = table([cell("") * 3 + cell("5") * 7])
    text = (
        plain(figures.get("BG25"))
        .replace("5.属于三类内部事务信息", "")
        .replace("<tr><td >6.属于四类", extra[7:-9] + "<tr><td >6.属于四类")
    )
    (made,) = read(text.encode())
    assert made.value("t3.refused_internal.natural").kind is Kind.ABSENT
    assert {RemarkCode.ROW_MISSING, RemarkCode.ROW_UNKNOWN} <= codes(made)


# --- pages around the report ------------------------------------------------------------------------------------------------

LINKS = (
    "<ul>"
    + "".join(f"<li><a href=x>某局{year}年政府信息公开工作年度报告</a></li>" for year in range(2019, 2025))
    + "</ul>"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<body>", "<body>" + LINKS),
        ("</body>", LINKS + "</body>"),
        ("</body>", '<div style="display:none">' + t3_html(figures.get("SY25")) + "</div></body>"),
        ("</body>", "<div hidden>" + t3_html(figures.get("SY25")) + "</div></body>"),
        ("</strong></p>\n<table>", "</strong></p>\n<table><caption>单位：件</caption>"),
        ("<strong>一、总体情况</strong></p>\n<p>", "<strong>一、总体情况</strong><br>"),
        ("<td >信息内容", "<th>信息内容"),
        ("30874", "30,874"),
        ("<p>", "<div>\n"),
    ],
)  # fmt: skip
def test_what_stands_around_makes_no_difference(old: str, new: str) -> None:
    original = figures.get("BG25")
    text = plain(original)
    assert old in text
    (made,) = read(text.replace(old, new).encode())
    assert wrong(made, original) == {}
    assert (made.organ, made.year) == ("北关区人民政府", 2025)
    assert made.section(1).text == original.section(1).text  # type: ignore[union-attr]
    assert codes(made) == set()


def test_title_only_in_the_head() -> None:
    original = figures.get("BG25")
    text = (
        plain(original)
        .replace(f"<h1>{original.title}</h1>", "")
        .replace("<head>", f"<head><title>{original.title}-门户网站</title>")
    )
    (made,) = read(text.encode())
    assert (made.title, made.organ, made.year) == (original.title, "北关区人民政府", 2025)


def test_sections_numbered_in_brackets() -> None:
    text = plain(figures.get("BG25"))
    for numeral in "一二三四五六":
        text = text.replace(f"<strong>{numeral}、", f"<strong>（{numeral}）")
    (made,) = read(text.encode())
    assert [(s.number, s.printed_number) for s in made.sections] == list(
        zip(range(1, 7), "一二三四五六", strict=True)
    )


def test_every_table_an_image() -> None:
    text = re.sub(r"(?s)<table>.*?</table>", "<img src=a.png>", plain(figures.get("BG25")))
    (made,) = read(text.encode())
    assert [r.code for r in made.remarks] == [RemarkCode.TABLE_MISSING] * 3
    assert all("图片" in r.message for r in made.remarks)
    assert made.absent() == [cell.key for cell in made.edition.cells]


def test_a_column_of_line_numbers_is_told_from_values() -> None:
    original = figures.get("BG25")
    rows = [cell("") * 3 + cell("行次") + "".join(cell(c.label) for c in APPLICANT_COLUMNS)]
    for i, (path, values) in enumerate(rows3(original), 1):
        rows.append("".join(map(cell, pad(list(path), 3))) + cell(str(i)) + "".join(map(cell, values)))
    (made,) = read(page(original, t2_html(original), table(rows), t4_html(original)).encode())
    assert wrong(made, original) == {}
    assert codes(made) == {RemarkCode.CHOSEN}
