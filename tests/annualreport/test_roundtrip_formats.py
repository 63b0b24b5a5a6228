"""Whatever a report holds, each of the six written forms reads back to the same report."""

from __future__ import annotations

import random
import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.annualreport import schema, writers
from gongkai.annualreport.model import Report, Scope, Section, format_number
from gongkai.annualreport.readers import read
from gongkai.annualreport.values import Kind, Note, Place, Value
from gongkai.annualreport.writers import csv as csv_writer
from gongkai.annualreport.writers.json import write_many
from gongkai.annualreport.writers.plan import official_heading
from tests.annualreport.corpus_builder import differences, random_report

PRINTED = ("html", "docx", "xlsx")
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

# Words, figures and every sign that means something to HTML, Typst, Word, Excel or CSV.
# Without the marks of Markdown (* ` __ and \\ before a sign), which are taken off any narrative.
_SIGNS = "，。；：“”《》、〔〕（）<>&\"'#$@{}[]=+-/%~^|!?.,;:"
_WORDS = "政府信息公开坚持以人民为中心依法及时答复群众关切堃镕玥0123456789abcXYZ"
_text = st.text(alphabet=_WORDS * 3 + _SIGNS, min_size=1, max_size=120)
# The frame keeps a paragraph from being a heading, a table row or a page number by accident.
paragraphs = _text.map(lambda t: f"本段记述{t}。")
narratives = st.lists(paragraphs, min_size=0, max_size=3).map("\n".join)


def _value(kind: Kind, number: int | Decimal | None = None) -> Value:
    raw = {Kind.NUMBER: format_number(number) if number is not None else "", Kind.NOT_APPLICABLE: "/"}.get(
        kind, ""
    )
    return Value(kind, number, raw)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    edition = draw(st.sampled_from(list(schema.EDITIONS.values())))
    rng = random.Random(draw(st.integers(0, 2**32)))
    report = random_report(rng, edition, narrative=False)
    for cell in draw(st.lists(st.sampled_from(edition.cells), max_size=12)):
        report.values[cell.key] = draw(cell_values(cell))
    report.sections = [Section(0, "", draw(paragraphs))]
    for n in range(1, 7):
        text = draw(narratives) if n in (1, 5, 6) else ""
        report.sections.append(
            Section(n, official_heading(n), text or ("无。" if n == 6 else ""), "一二三四五六"[n - 1])
        )
    return report


def cell_values(cell: schema.Cell) -> st.SearchStrategy[Value]:
    numbers = st.integers(0, 99999)
    if cell.signed:
        numbers = st.integers(-999, 999)
    kinds = [numbers.map(lambda n: _value(Kind.NUMBER, n)), st.just(_value(Kind.BLANK))]
    if cell.decimals:
        money = (
            st.decimals(0, 99999, places=6)
            .map(lambda d: d.normalize())
            .filter(lambda d: "E" not in str(d) and d % 1)
        )
        kinds.append(money.map(lambda d: _value(Kind.NUMBER, d)))
    if cell.column.key != "total":
        kinds.append(st.just(_value(Kind.NOT_APPLICABLE)))
    return st.one_of(kinds)


@pytest.mark.parametrize("format", PRINTED)
@SETTINGS
@given(report=reports())
def test_printed_forms_read_back(format: str, report: Report) -> None:
    found = read(writers.write(report, format))
    assert len(found) == 1
    assert differences(report, found[0]) == []


@settings(parent=SETTINGS, max_examples=20)
@given(report=reports())
def test_pdf_reads_back_up_to_blanks_at_line_ends(report: Report) -> None:
    found = read(writers.write(report, "pdf"))
    assert len(found) == 1
    # A line break in a PDF swallows the blank that stood there.
    for section in [*report.sections, *found[0].sections]:
        section.text = re.sub(r"[ \u3000]+", "", section.text)
    assert differences(report, found[0]) == []


anything = st.text(max_size=80)  # control characters, quotes, line ends, emoji …


@st.composite
def raw_reports(draw: st.DrawFn) -> Report:
    """Reports with everything a reader can put in them, however ugly."""
    report = draw(reports())
    report.organ = draw(st.none() | anything.filter(bool))
    report.year = draw(st.none() | st.integers(2003, 2030))
    report.title = draw(anything)
    report.scope = draw(st.sampled_from(Scope))
    report.sections = [
        Section(
            draw(st.integers(0, 6)), draw(anything), draw(anything), draw(st.sampled_from(("", "五", "5")))
        )
        for _ in range(draw(st.integers(0, 7)))
    ]
    for key in draw(st.lists(st.sampled_from([c.key for c in report.edition.cells]), max_size=6)):
        report.values[key] = Value(
            draw(st.sampled_from((Kind.TEXT, Kind.UNREADABLE))), None, draw(anything), Place(page=2, row=3)
        )
    report.values.pop(draw(st.sampled_from([c.key for c in report.edition.cells])), None)
    return report


@settings(parent=SETTINGS, max_examples=50)
@given(report=raw_reports())
def test_json_reads_back_everything(report: Report) -> None:
    (found,) = read(writers.write(report, "json"))
    found.source_format = found.source_digest = ""
    assert found == report


@settings(parent=SETTINGS, max_examples=50)
@given(report=raw_reports())
def test_csv_reads_back_all_it_prints(report: Report) -> None:
    (found,) = read(writers.write(report, "csv"))

    def plain(text: str) -> str:
        return text.replace("\r\n", "\n").encode("utf-8", "replace").decode()

    assert (found.organ, found.year, found.edition, found.scope) == (
        report.organ and plain(report.organ), report.year, report.edition, report.scope,
    )  # fmt: skip
    assert plain(found.title) == plain(report.title)
    assert [(s.number, plain(s.heading), plain(s.text), s.printed_number) for s in found.sections] == [
        (s.number, plain(s.heading), plain(s.text), s.printed_number) for s in report.sections
    ]
    for cell in report.edition.cells:
        a, b = report.value(cell.key), found.value(cell.key)
        assert (a.kind, a.number, plain(a.raw)) == (b.kind, b.number, plain(b.raw)), cell.key


def test_notes_places_and_alternatives_survive_json() -> None:
    report = random_report(random.Random(1))
    report.values["t3.new.natural"] = Value(
        Kind.UNREADABLE, None, "1O7", Place(3, 2, 5, 4, "表三"), (Note.LETTER,), (107,)
    )
    (found,) = read(writers.write(report, "json"))
    assert found.value("t3.new.natural") == report.value("t3.new.natural")


def test_money_keeps_every_digit() -> None:
    report = random_report(random.Random(1))
    amount = Decimal("12345678901234.123456")
    report.values["t2.fee.amount"] = Value(Kind.NUMBER, amount, str(amount))
    for format in ("json", "csv", "html", "docx"):
        (found,) = read(writers.write(report, format))
        assert found.value("t2.fee.amount").number == amount, format


def test_several_reports_in_one_file() -> None:
    several = [random_report(random.Random(i), e) for i, e in enumerate(schema.EDITIONS.values())]
    for data in (write_many(several), csv_writer.write_many(several)):
        found = read(data)
        assert [r.edition.id for r in found] == [r.edition.id for r in several]
        assert all(differences(a, b) == [] for a, b in zip(several, found, strict=True))


@pytest.mark.parametrize("format", sorted(writers.FORMATS))
@pytest.mark.parametrize("edition", sorted(schema.EDITIONS))
def test_long_names_and_figures(format: str, edition: str) -> None:
    """The longest organ name and eight-digit figures in every cell still read back."""
    report = random_report(random.Random(3), schema.EDITIONS[edition])
    report.organ = "黔西南布依族苗族自治州安龙县国家税务局稽查局驻招堤街道办事处联合行政审批服务中心"
    report.title = f"{report.organ}{report.year}年政府信息公开工作年度报告"
    for cell in report.edition.cells:
        report.values[cell.key] = _value(Kind.NUMBER, 12345678)
    (found,) = read(writers.write(report, format))
    assert [d for d in differences(report, found) if not d.startswith("organ")] == []


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf", "json", "csv"])
@pytest.mark.parametrize(("seed", "lost"), [(1, 1), (2, 7), (3, 60)])
def test_a_cell_that_was_not_found_is_not_a_blank(form: str, seed: int, lost: int) -> None:
    """A reader's failure must never look like an empty cell of the office: it is printed 〔缺〕 and read back as absent."""
    rng = random.Random(seed)
    report = random_report(rng, schema.EDITION_2019 if seed == 1 else schema.EDITION_2021, narrative=False)
    keys = rng.sample(sorted(report.edition.by_key), lost)
    for key in keys:
        del report.values[key]
    (again,) = read(writers.write(report, form), f"x.{form}")
    assert set(again.absent()) == set(keys)
    assert {k: again.value(k).number for k in report.values} == {
        k: v.number for k, v in report.values.items()
    }
