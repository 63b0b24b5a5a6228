"""Random annual reports that satisfy every identity by construction, and their rendering in the forms met on real pages.

``random_report(rng)`` builds one; ``render(report, form, rng)`` gives the bytes of a file in one of :data:`FORMS`. Forms of text and
messy HTML are in ``corpus_forms.py``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from gongkai.annualreport import schema, writers
from gongkai.annualreport.model import Report, Section, format_number, from_numbers
from gongkai.annualreport.schema import APPLICANT_KINDS, Edition
from gongkai.annualreport.values import Kind, Value
from gongkai.annualreport.writers.plan import official_heading
from tests.annualreport import corpus_forms, corpus_office

Number = int | Decimal

ORGANS = (
    "青石县人民政府", "云溪区人民政府", "白鹭县教育局", "临河区人力资源和社会保障局", "望川镇人民政府",
    "松岭县自然资源局", "南浦区人民政府办公室", "东岳县卫生健康局",
)  # fmt: skip

_OPENINGS = (
    "加强组织领导，把政府信息公开列入全年工作要点，由分管领导牵头推进。",
    "围绕群众关心的事项更新栏目，重点公开财政预决算、养老托育和招生信息。",
    "对拟公开的内容逐条进行保密审查，做到先审查、后公开。",
    "修订《政府信息公开指南》，补充受理渠道与办公时间，方便群众办事。",
    "组织业务培训，讲解答复文书的写法和送达要求。",
    "健全栏目保障机制，明确责任科室，按月通报更新情况。",
)
_PROBLEMS = (
    "存在的问题：一是部分栏目更新不够及时；二是政策解读的形式比较单一。",
    "主要不足：基层公开专区的使用率不高，工作人员业务还不熟练。",
)
_MEASURES = (
    "改进措施：一是建立栏目更新提醒制度；二是增加图解和问答形式的解读。",
    "下一步将开展轮训，完善专区的引导标识，并按季度检查整改情况。",
)


def scatter(rng: random.Random, most: int = 40) -> int:
    """A count as reports have them: mostly nought, often small, seldom large."""
    pick = rng.random()
    if pick < 0.55:
        return 0
    return rng.randint(1, most) if pick < 0.95 else rng.randint(most, most * 60)


def _table2(rng: random.Random, edition: Edition) -> dict[str, Number]:
    numbers: dict[str, Number] = {}
    for cell in edition.cells:
        if cell.table != 2 or cell.row.key == "rules":  # a county makes no 规章
            continue
        if cell.decimals:
            numbers[cell.key] = _money(rng)
        elif cell.signed:
            numbers[cell.key] = rng.choice((0, 0, 3, -2, -11))
        else:
            numbers[cell.key] = scatter(rng, 300)
    if edition.id == "2021":
        issued, repealed = numbers["t2.normative.issued"], numbers["t2.normative.repealed"]
        assert isinstance(issued, int)
        assert isinstance(repealed, int)
        numbers["t2.normative.valid"] = issued + rng.randint(0, 60)
    return numbers


def _money(rng: random.Random) -> Number:
    """万元: none, whole, or with up to six decimals that are not all noughts."""
    pick = rng.random()
    if pick < 0.3:
        return 0
    if pick < 0.5:
        return rng.randint(1, 5000)
    digits = rng.choice((1, 2, 2, 4, 6))
    cents = rng.randint(1, 10**digits * 3000)
    value = Decimal(cents).scaleb(-digits).normalize()
    return int(value) if value == value.to_integral_value() else value


def _table3(rng: random.Random, edition: Edition) -> dict[str, Number]:
    block = edition.table(3).blocks[0]
    outcomes = [row.key for row in block.rows if row.code.startswith("C") and row.code != "C7"]
    numbers: dict[str, int] = {}
    for kind in APPLICANT_KINDS:
        busy = kind == "natural" or rng.random() < 0.4
        done = 0
        for row in outcomes:
            count = scatter(rng) if busy else 0
            numbers[f"t3.{row}.{kind}"] = count
            done += count
        numbers[f"t3.total.{kind}"] = done
        carried_out = rng.choice((0, 0, rng.randint(0, 12))) if busy else 0
        carried_in = rng.randint(0, min(9, done + carried_out)) if busy else 0
        numbers[f"t3.carried_out.{kind}"] = carried_out
        numbers[f"t3.carried_in.{kind}"] = carried_in
        numbers[f"t3.new.{kind}"] = done + carried_out - carried_in
    for row in block.rows:
        numbers[f"t3.{row.key}.total"] = sum(numbers[f"t3.{row.key}.{kind}"] for kind in APPLICANT_KINDS)
    return dict(numbers)


def _table4(rng: random.Random) -> dict[str, Number]:
    numbers: dict[str, Number] = {}
    for block in ("reconsideration", "suit_direct", "suit_after"):
        parts = {name: scatter(rng, 9) for name in ("upheld", "corrected", "other", "pending")}
        numbers |= {f"t4.{block}.{name}": count for name, count in parts.items()}
        numbers[f"t4.{block}.total"] = sum(parts.values())
    return numbers


def consistent_numbers(rng: random.Random, edition: Edition) -> dict[str, Number]:
    """Figures for every cell that satisfy R1, R2, R3 and R5 of 02 §6."""
    return _table2(rng, edition) | _table3(rng, edition) | _table4(rng)


def random_report(
    rng: random.Random, edition: Edition = schema.EDITION_2021, *, narrative: bool = True
) -> Report:
    """A report with all six sections; its narrative quotes table 3 truthfully and says what else a report must."""
    numbers = consistent_numbers(rng, edition)
    year = rng.choice((2021, 2023, 2024, 2025)) if edition.id == "2021" else rng.choice((2019, 2020))
    organ = rng.choice(ORGANS)
    sections = _sections(rng, numbers, organ, year, edition) if narrative else []
    return from_numbers(numbers, edition=edition, organ=organ, year=year, sections=sections)


def _sections(
    rng: random.Random, numbers: dict[str, Number], organ: str, year: int, edition: Edition
) -> list[Section]:
    new, carried = numbers["t3.new.total"], numbers["t3.carried_in.total"]
    preamble = (
        f"根据《中华人民共和国政府信息公开条例》和{edition.document}文件要求，编制本报告。"
        f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    )
    general = "\n".join(
        [
            "（一）主动公开。" + rng.choice(_OPENINGS),
            f"（二）依申请公开。{year}年新收政府信息公开申请{new}件，上年结转{carried}件。",
            "（三）政府信息管理。" + rng.choice(_OPENINGS),
            "（四）平台建设。" + rng.choice(_OPENINGS),
            "（五）监督保障。" + rng.choice(_OPENINGS),
        ]
    )
    problems = rng.choice(_PROBLEMS) + "\n" + rng.choice(_MEASURES)
    texts = {0: preamble, 1: general, 5: problems, 6: "本年度未收取信息处理费。"}
    return [
        Section(n, official_heading(n) if n else "", texts.get(n, ""), "一二三四五六"[n - 1] if n else "")
        for n in range(7)
    ]


def with_blanks(report: Report, rng: random.Random, share: float = 0.5, kinds: str = " /") -> Report:
    """The report with some of its noughts (totals kept) left blank or struck out with "/", as many offices print them."""
    for key, value in report.values.items():
        if value.number == 0 and "total" not in key and rng.random() < share:
            blank = rng.choice(kinds) == " "
            report.values[key] = Value(Kind.BLANK) if blank else Value(Kind.NOT_APPLICABLE, None, "/")
    return report


Form = Callable[[Report, random.Random], bytes]

#: Name → renderer. What a form cannot carry is told by the sets below.
FORMS: dict[str, Form] = {
    "html-clean": lambda report, rng: writers.write(report, "html"),
    "html-word": corpus_forms.html_word,
    "html-cms-layout-tables": corpus_forms.html_layout_tables,
    "html-one-table-per-row": corpus_forms.html_table_per_row,
    "html-extra-column": corpus_forms.html_extra_column,
    "text-tabs": corpus_forms.text_tabs,
    "markdown-pipes": corpus_forms.markdown_pipes,
    "markdown-no-leading-pipe": corpus_forms.markdown_no_leading_pipe,
    "text-cell-per-line": corpus_forms.text_cell_per_line,
    "docx": lambda report, rng: writers.write(report, "docx"),
    "docx-split": corpus_office.docx_split,
    "docx-split-header": corpus_office.docx_split_header,
    "pdf": lambda report, rng: writers.write(report, "pdf"),
    "pdf-unruled": corpus_office.pdf_unruled,
    "ofd": corpus_office.ofd,
    "xlsx": lambda report, rng: writers.write(report, "xlsx"),
    "json": lambda report, rng: writers.write(report, "json"),
    "csv": lambda report, rng: writers.write(report, "csv"),
}
#: Forms in which an empty cell may leave no trace.
NO_BLANKS = frozenset({"text-cell-per-line", "pdf-unruled", "markdown-no-leading-pipe"})
#: Forms in which a negative number on a line of its own looks like an item of a list.
NO_SIGNS = frozenset({"text-cell-per-line"})
#: Forms that tear tables apart, so that a block's heading may be taken for narrative of a section that has only a table.
TORN = frozenset({"html-one-table-per-row", "text-tabs", "markdown-no-leading-pipe", "text-cell-per-line"})
#: Forms that take tens of milliseconds to write.
SLOW = frozenset({"docx", "docx-split", "docx-split-header", "pdf", "pdf-unruled", "ofd", "xlsx"})


def sample(form: str, seed: object) -> tuple[Report, random.Random]:
    """A random report that ``form`` can carry (some with blanks, a third of the 2019 edition), and the generator to render it with."""
    rng = random.Random(f"{form}/{seed}")
    edition = schema.EDITION_2019 if rng.random() < 0.33 else schema.EDITION_2021
    report = random_report(rng, edition)
    if form not in NO_BLANKS and rng.random() < 0.5:
        with_blanks(report, rng)
    if form in NO_SIGNS:
        for key, value in report.values.items():
            if value.number is not None and value.number < 0:
                report.values[key] = Value(Kind.NUMBER, -value.number, format_number(-value.number))
    return report, rng


def render(report: Report, form: str, rng: random.Random) -> bytes:
    """The report as a file of that form. Raises KeyError for an unknown form."""
    return FORMS[form](report, rng)


def differences(expected: Report, found: Report, form: str = "") -> list[str]:
    """What reading back changed, one line each: cells (kind and number), organ, year, edition, sections."""
    out = []
    for cell in expected.edition.cells:
        a, b = expected.value(cell.key), found.values.get(cell.key)
        if b is None or (a.kind, a.number) != (b.kind, b.number):
            printed = format_number(a.number) if a.number is not None else a.kind.value
            out.append(f"{cell.label}: {printed} → {b and (b.kind.value, b.number, b.raw)}")
    for name in ("organ", "year", "title"):
        if getattr(expected, name) != getattr(found, name):
            out.append(f"{name}: {getattr(expected, name)} → {getattr(found, name)}")
    if expected.edition is not found.edition:
        out.append(f"edition: {expected.edition.id} → {found.edition.id}")
    for section in expected.sections:
        if form in TORN and section.number in (2, 3, 4):
            continue
        other = found.section(section.number)
        if other is None:
            out.append(f"section {section.number} missing")
        elif section.text != other.text:
            out.append(f"section {section.number}: {section.text!r} → {other.text!r}")
    if len(found.sections) != len(expected.sections):
        out.append(f"sections: {[s.number for s in found.sections]}")
    return out
