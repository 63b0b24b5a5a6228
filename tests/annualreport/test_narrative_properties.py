"""Correct sentences over any consistent report give no finding; a changed number gives one, on its own words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annualreport import checks
from gongkai.annualreport.findings import Finding, Severity
from gongkai.annualreport.model import Report, Section, from_numbers
from gongkai.annualreport.narrative import claims
from gongkai.annualreport.schema import APPLICANT_KINDS, OUTCOME_ROWS, REFUSED, UNAVAILABLE

#: A template with its formula in braces: cells joined by +. Each is a sentence of its own.
TEMPLATES = (
    "2025年度全区新收政府信息公开申请{t3.new.total}件。",
    "全年共收到政府信息公开申请{t3.new.total}件，上年结转{t3.carried_in.total}件。",
    "收到政府信息公开申请（含上年结转）{t3.new.total+t3.carried_in.total}件。",
    "依法办结政府信息公开申请{t3.total.total}件，结转下年度继续办理{t3.carried_out.total}件。",
    "新收政府信息公开申请中，自然人{t3.new.natural}件。",
    "共受理政府信息公开申请{t3.new.total}件，其中自然人申请{t3.new.natural}件、法律服务机构{t3.new.legal_service}件。",
    "政府信息公开申请予以公开{t3.granted.total}件、部分公开{t3.partial.total}件、不予公开{REFUSED}件、无法提供{UNAVAILABLE}件。",
    "其中，{t3.granted.total}件予以公开，{t3.partial.total}件部分公开，{REFUSED}件不予公开。",
    "截至年底，尚有{t3.carried_out.total}件政府信息公开申请正在办理。",
    "本年度制发行政规范性文件{t2.normative.issued}件，废止{t2.normative.repealed}件，现行有效{t2.normative.valid}件。",
    "现行有效规范性文件保有量为{t2.normative.valid}件。",
    "全区作出行政许可决定{t2.licence.decisions}件、行政处罚决定{t2.penalty.decisions}件，实施行政强制{t2.coercion.decisions}件。",
    "因政府信息公开被申请行政复议{t4.reconsideration.total}件，其中维持{t4.reconsideration.upheld}件、纠正{t4.reconsideration.corrected}件。",
    "政府信息公开行政复议、行政诉讼分别为{t4.reconsideration.total}件、{t4.suit_direct.total+t4.suit_after.total}件。",
    "政府信息公开行政诉讼{t4.suit_direct.total+t4.suit_after.total}件。",
)
GROUPS = {
    "REFUSED": "+".join(f"t3.{row.key}.total" for row in REFUSED),
    "UNAVAILABLE": "+".join(f"t3.{row.key}.total" for row in UNAVAILABLE),
}
small = st.integers(0, 60)


@st.composite
def consistent(draw: st.DrawFn) -> dict[str, int]:
    """A report all of whose identities hold."""
    numbers: dict[str, int] = {}
    for column in APPLICANT_KINDS:
        outcomes = {row.key: draw(small) if draw(st.booleans()) else 0 for row in OUTCOME_ROWS}
        total, carried_out = sum(outcomes.values()), draw(st.integers(0, 9))
        carried_in = draw(st.integers(0, min(9, total + carried_out)))
        outcomes |= {
            "total": total,
            "carried_out": carried_out,
            "carried_in": carried_in,
            "new": total + carried_out - carried_in,
        }
        numbers |= {f"t3.{row}.{column}": value for row, value in outcomes.items()}
    rows = {key.split(".")[1] for key in numbers}
    numbers |= {f"t3.{row}.total": sum(numbers[f"t3.{row}.{c}"] for c in APPLICANT_KINDS) for row in rows}
    for block in ("reconsideration", "suit_direct", "suit_after"):
        results = {column: draw(st.integers(0, 12)) for column in ("upheld", "corrected", "other", "pending")}
        numbers |= {f"t4.{block}.{c}": v for c, v in (results | {"total": sum(results.values())}).items()}
    for cell in (
        "normative.issued",
        "normative.repealed",
        "normative.valid",
        "licence.decisions",
        "penalty.decisions",
        "coercion.decisions",
    ):
        numbers[f"t2.{cell}"] = draw(st.integers(0, 40_000))
    return numbers


def write(number: int, style: int) -> str:
    """The number as offices print it."""
    if style == 1:
        return f"{number:,}"
    if style == 2:
        return f" {number} "
    if style == 3:
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return str(number)


def fill(
    template: str, numbers: dict[str, int], style: int, *, change: int | None = None, by: int = 0
) -> tuple[str, list[tuple[int, int, int]]]:
    """The sentence and, for each number, its place and value; the one at index ``change`` is raised by ``by``."""
    text, places, rest = "", [], template
    while "{" in rest:
        head, _, tail = rest.partition("{")
        formula, _, rest = tail.partition("}")
        value = sum(numbers[key] for key in GROUPS.get(formula, formula).split("+"))
        if change == len(places):
            value += by
        text += head
        printed = write(value, style)
        places.append((len(text), len(text) + len(printed), value))
        text += printed
    return text + rest, places


def narrative_findings(numbers: dict[str, int], text: str) -> tuple[Report, list[Finding]]:
    report = from_numbers(
        numbers, organ="利通区人民政府", year=2025, sections=[Section(1, "", "（二）依申请公开情况。" + text)]
    )
    return report, [f for f in checks.check(report, strict=True) if f.rule.startswith("NARR")]


@given(
    consistent(), st.lists(st.sampled_from(TEMPLATES), min_size=1, max_size=5, unique=True), st.integers(0, 3)
)
@settings(max_examples=120, deadline=None)
def test_true_text_gives_no_error_and_no_question(
    numbers: dict[str, int], templates: list[str], style: int
) -> None:
    text = "".join(fill(template, numbers, style)[0] for template in templates)
    _, found = narrative_findings(numbers, text)
    assert [f.message for f in found if f.severity is not Severity.NOTE] == []


@given(consistent(), st.sampled_from(TEMPLATES), st.integers(0, 3), st.integers(200_000, 900_000), st.data())
@settings(max_examples=120, deadline=None)
def test_changed_number_is_an_error_on_its_words(
    numbers: dict[str, int], template: str, style: int, by: int, data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, template.count("{") - 1))
    text, places = fill(template, numbers, style, change=which, by=by)
    _, found = narrative_findings(numbers, text)
    errors = [f for f in found if f.rule == "NARR-NUMBER"]
    assert [f.severity for f in errors] == [Severity.ERROR], [f.message for f in found]
    offset = len("（二）依申请公开情况。")
    span = errors[0].spans[0]
    start, end, value = places[which]
    assert span.start <= start + offset + 1
    assert span.end >= end + offset - 1
    assert errors[0].actual == f"{write(value, 1 if style == 1 else 0)}件"


@given(
    st.text(
        alphabet="收到申请办结件其中，。0123456789一二（）、未发生行政复议诉讼分别为均已答复%年上年比增长减少 \n",
        max_size=300,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_and_places_are_right(text: str) -> None:
    report = from_numbers({}, organ="利通区人民政府", year=2025, sections=[Section(1, "", text)])
    checks.check(report, strict=True)
    for claim in claims(report):
        assert 0 <= claim.span.start <= claim.span.end <= len(text)
        assert "".join(text[claim.span.start : claim.span.end].split()) == claim.span.text.replace("\n", "")
        if claim.whole is not None:
            assert 0 <= claim.whole < len(claims(report))
