"""The rules on narrative and tables, one passing and one failing case each, and what they never accuse of."""

from __future__ import annotations

import re

import pytest

from gongkai.annualreport import checks
from gongkai.annualreport.findings import Context, Finding, Severity
from gongkai.annualreport.model import Report, Section, from_numbers
from gongkai.annualreport.narrative import Bound, ClaimKind, Scope, claims
from gongkai.annualreport.narrative.activities import activities
from gongkai.annualreport.narrative.numbers import han_number
from gongkai.annualreport.narrative.scopes import government_level
from gongkai.annualreport.values import Kind, Value
from gongkai.demo import figures

APPLY = "（二）依申请公开。"


def base(**cells: int) -> dict[str, int]:
    """新收29 结转入0 办结28 结转出1, as 利通区 2025, with cells changed (keys with __ for the points)."""
    numbers = {
        "t3.new.natural": 29, "t3.new.total": 29, "t3.granted.natural": 4, "t3.granted.total": 4,
        "t3.partial.natural": 10, "t3.partial.total": 10, "t3.unavailable_not_held.natural": 14,
        "t3.unavailable_not_held.total": 14, "t3.total.natural": 28, "t3.total.total": 28,
        "t3.carried_out.natural": 1, "t3.carried_out.total": 1, "t2.normative.issued": 6, "t2.normative.valid": 34,
        "t2.licence.decisions": 19087, "t4.reconsideration.upheld": 3, "t4.reconsideration.corrected": 1,
        "t4.reconsideration.total": 4,
    }  # fmt: skip
    return numbers | {key.replace("__", "."): value for key, value in cells.items()}


def report(
    text: str, *, section: int = 1, organ: str = "利通区人民政府", year: int = 2025, **cells: int
) -> Report:
    return from_numbers(base(**cells), organ=organ, year=year, sections=[Section(section, "", text)])


def found(made: Report, rule: str, previous: Report | None = None) -> list[Finding]:
    return [f for f in checks.check(made, Context(previous=previous), strict=True) if f.rule == rule]


def one(made: Report, rule: str, previous: Report | None = None) -> Finding:
    result = found(made, rule, previous)
    assert len(result) == 1, [f.message for f in result]
    return result[0]


# --- severity of a wrong number --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("全区共受理政府信息公开申请31件。", "error"),
        ("我区新收到政府信息公开申请31件，办结28件。", "error"),
        ("全市共受理政府信息公开申请31件。", "warning"),  # another scope
        ("各部门、各乡镇共受理政府信息公开申请31件。", "warning"),
        ("区政府办公室受理政府信息公开申请31件。", "warning"),  # narrower than a government's report
        ("依法审慎稳妥受理政府信息公开申请31件。", "warning"),  # words not understood
        ("共受理政府信息公开申请约40件。", "warning"),
        ("共受理政府信息公开申请40余件。", "error"),  # a lower bound that is not reached
        ("共受理政府信息公开申请20余件。", None),
        ("共受理政府信息公开申请31条。", "warning"),  # an odd unit
        ("政府信息公开申请31件。", "warning"),  # nothing said about them
        ("受理政府信息公开申请3\n1件。", "warning"),  # digits over a line break
        ("制发规范性文件7件。", "error"),
        ("公开规范性文件7件。", "warning"),  # V6: publishing is not issuing
        ("行政复议4件，其中维持2件。", "warning"),  # not said to be about 政府信息公开
        ("政府信息公开行政复议4件，其中维持2件。", "error"),
    ],
)
def test_severity_of_a_contradiction(text: str, level: str | None) -> None:
    result = found(report(text), "NARR-NUMBER")
    assert [f.severity.value for f in result] == ([level] if level else [])


def test_message_has_both_numbers_place_and_span() -> None:
    text = "（一）主动公开。发布信息200条。\n（二）依申请公开。2025 年共受理政府信息公开申请 31 件。"
    finding = one(report(text), "NARR-NUMBER")
    assert "第一部分" in finding.message
    assert "31件" in finding.message
    assert "29" in finding.message
    assert finding.expected == "29"
    assert finding.cells[0].key == "t3.new.total"
    span = finding.spans[0]
    assert text[span.start : span.end] == "2025 年共受理政府信息公开申请 31 件"


def test_blank_cells_only_raise_a_question() -> None:
    made = report(f"{APPLY}上年结转3件。")
    made.values["t3.carried_in.total"] = Value(Kind.BLANK)
    finding = one(made, "NARR-NUMBER")
    assert finding.severity.value == "warning"
    assert "空白按0计" in finding.message


def test_missing_tables_say_nothing() -> None:
    made = report(f"{APPLY}新收33件，未发生行政诉讼，均已答复，答复率100%。")
    made.values = {}
    assert [f for f in checks.check(made, strict=True) if f.rule.startswith("NARR")] == []


def test_year_unknown_takes_only_undated_sentences() -> None:
    made = report("2025年受理政府信息公开申请88件。受理政府信息公开申请31件。")
    made.year = None
    assert one(made, "NARR-NUMBER").spans[0].text.startswith("受理")


def test_2019_edition_has_other_cells() -> None:
    from gongkai.annualreport.schema import EDITION_2019

    numbers = {"t3.new.total": 5, "t3.other_other.total": 3}
    text = f"{APPLY}新收5件，其他处理2件，制发规范性文件9件。"
    made = from_numbers(
        numbers, edition=EDITION_2019, organ="利通区人民政府", year=2020, sections=[Section(1, "", text)]
    )
    other, issued = found(made, "NARR-NUMBER")
    assert [c.key for c in other.cells] == ["t3.other_other.total"]
    # 制发 comes near 新制作 and 新公开, and is asked about.
    assert [c.key for c in issued.cells] == ["t2.normative.made", "t2.normative.published"]
    assert issued.severity is Severity.WARNING


# --- nothing, everything ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "全年未发生政府信息公开行政复议案件。",
        "全年未发生涉及政府信息公开的行政复议、行政诉讼案件。",
        "无因政府信息公开引发的行政复议。",
        "政府信息公开行政复议和行政诉讼情况：无。",
        "政府信息公开工作没有被申请行政复议。",
        "本年度政府信息公开行政复议为零。",
        "本年度政府信息公开行政复议0件。",
    ],
)
def test_denied_reconsideration(text: str) -> None:
    result = [f for rule in ("NARR-NONE", "NARR-NUMBER") for f in found(report(text), rule)]
    assert len(result) == 1
    assert result[0].severity.value in ("error", "warning")
    assert "4" in result[0].message


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("未制发规范性文件。", "t2.normative.issued"),
        ("2025年没有新出台规范性文件。", "t2.normative.issued"),
        ("政府信息公开行政复议案件中未发生被纠错情况。", "t4.reconsideration.corrected"),
        (f"{APPLY}没有结转下年度办理的申请。", "t3.carried_out.total"),
        ("未收到政府信息公开申请。", "t3.new.total"),
        ("未实施行政许可。", "t2.licence.decisions"),
    ],
)
def test_denials_against_their_cells(text: str, cell: str) -> None:
    assert [c.key for c in one(report(text), "NARR-NONE").cells] == [cell]


@pytest.mark.parametrize(
    "text",
    [
        "确保未发生政府信息公开行政复议案件。", "2024年未发生政府信息公开行政复议。", "未发生行政复议被撤回情况以外的问题。",
        "未发生责任追究。", "无障碍浏览规范性文件。", "未按规定制发规范性文件的单位2家。", "对没有及时公开规范性文件的单位进行通报。",
        "没有收到申请人对答复的意见。",
    ],
)  # fmt: skip
def test_denials_of_something_else(text: str) -> None:
    assert [f.message for f in found(report(text), "NARR-NONE") if f.severity.value == "error"] == []


def test_denial_of_another_year_or_scope() -> None:
    finding = one(report("全市未发生政府信息公开行政复议案件。"), "NARR-NONE")
    assert finding.severity.value == "warning"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (f"{APPLY}收到申请29件，均已答复。", "warning"),
        (f"{APPLY}收到申请29件，全部按时办结。", "warning"),
        (f"{APPLY}依申请公开答复率100%。", "warning"),
        (f"{APPLY}依申请公开按时答复率100%。", "note"),
        (f"{APPLY}收到申请29件，均已答复，另有1件结转下年度办理。", "note"),
        (f"{APPLY}确保收到的申请均按时答复。", None),
        (f"{APPLY}收到网民留言120件，均已答复。", None),
        (f"{APPLY}办结28件，均按时答复申请人，结转下年度1件。", "note"),
    ],
)
def test_claims_of_completeness(text: str, level: str | None) -> None:
    assert [f.severity.value for f in found(report(text), "NARR-ALL")] == ([level] if level else [])


def test_completeness_with_nothing_carried_over() -> None:
    made = report(f"{APPLY}收到申请28件，均已答复，答复率100%。", t3__new__total=28, t3__carried_out__total=0)
    assert found(made, "NARR-ALL") == []


def test_received_and_answered_in_one_breath() -> None:
    assert one(report("受理答复政府信息公开申请29件。"), "NARR-WORDING").severity.value == "note"
    assert one(report("受理答复政府信息公开申请28件。"), "NARR-WORDING").severity.value == "note"
    assert found(report("受理政府信息公开申请29件，答复28件。"), "NARR-WORDING") == []
    assert one(report("受理答复政府信息公开申请35件。"), "NARR-NUMBER").severity.value == "error"


# --- rates, sums, growth ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("政府信息公开申请办结率96.6%。", False), ("政府信息公开申请办结率96.55%。", False), ("政府信息公开申请办结率96%。", False),
        ("政府信息公开申请办结率98%。", True), ("政府信息公开申请公开率50%。", False), ("政府信息公开申请公开率72%。", True),
        ("办结政府信息公开申请28件，其中予以公开4件，占14.3%。", False), ("办结政府信息公开申请28件，其中予以公开4件，占比41.3%。", True),
        ("政府信息公开行政复议纠错率25%。", False), ("政府信息公开行政复议纠错率35%。", True), ("政务公开满意率98%。", False),
        ("办结政府信息公开申请约28件，其中予以公开近4件，占41.3%。", False),
    ],
)  # fmt: skip
def test_rates(text: str, wrong: bool) -> None:
    result = found(report(APPLY + text), "NARR-RATE")
    assert bool(result) is wrong
    assert all(f.severity.value == "warning" for f in result)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("公开信息3816条，其中概况36条、动态527条、基层3253条。", None),
        ("公开信息3816条。其中，概况36条、动态527条、基层3253条。", None),
        ("公开信息3816条，其中概况36条、动态527条、基层3523条。", "error"),
        ("公开信息3816条。其中，概况36条、动态527条、基层3523条。", "error"),
        ("公开信息3816条，其中概况36条、动态527条、其他3235条。", "error"),
        ("公开信息3816条，其中概况36条、动态527条、基层3235条。", "warning"),
        ("公开信息3816条，其中概况36条、动态527条。", None),
        ("公开信息3816条，其中涉及教育2000条，涉及医疗1500条，涉及农业900条。", "warning"),
        ("公开信息3800余条，其中概况36条、动态527条、基层3253条。", None),
        ("公开信息3800余条，其中概况36条、动态527条、基层3523条。", "warning"),
        ("公开信息2.2万余条，其中网站1万余条、新媒体1.2万条。", None),
        ("公开信息100条，其中文件30件、视频20个。", None),
        ("公开信息100条，其中网站60条、新媒体40条；解读信息30条。", None),
        ("收到政府信息公开申请29件，其中新收28件、上年结转0件。", "error"),
        ("培训1期60人，其中部门30人、乡镇30人。", None),
        ("收到政府信息公开申请29件，其中自然人29件，办结28件，结转1件。", None),
    ],
)
def test_enumerations(text: str, level: str | None) -> None:
    result = found(report(text, t3__new__total=29), "NARR-SUM")
    assert [f.severity.value for f in result] == ([level] if level else [])


PREVIOUS = from_numbers(
    {"t3.new.total": 38, "t3.total.total": 38, "t2.normative.issued": 7, "t2.licence.decisions": 5963},
    organ="利通区人民政府", year=2024,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("新收政府信息公开申请29件，同比下降23.7%。", None), ("新收政府信息公开申请29件，同比下降23.68%。", None),
        ("新收政府信息公开申请29件，同比下降32.7%。", "error"), ("新收政府信息公开申请29件，比上年减少9件。", None),
        ("新收政府信息公开申请29件，较上年减少8件。", "error"), ("新收政府信息公开申请29件，较上年增加9件。", "error"),
        ("政府信息公开申请量同比下降23.7%。", "ok-bare"), ("新收政府信息公开申请29件，与上年38件相比减少9件。", None),
        ("新收政府信息公开申请29件，比2024年的38件减少9件，下降23.7%。", None), ("新收政府信息公开申请29件，环比下降50%。", None),
        ("全市新收政府信息公开申请29件，同比下降50%。", None), ("制发规范性文件6件，同比减少1件。", None),
        ("制发规范性文件6件，同比减少2件。", "error"), ("作出行政许可决定19087件，同比增长220.1%。", None),
        ("作出行政许可决定19087件，同比增长2.2倍。", None), ("作出行政许可决定19087件，是上年的3.2倍。", None),
        ("新收政府信息公开申请29件，较2024年（38件）下降23.7%。", None), ("新收政府信息公开申请29件，较上年（38件）下降33.7%。", "error"),
        ("新收政府信息公开申请29件，其中信函申请12件，同比增长50%。", None), ("网民留言120件，同比增长50%。", None),
        ("新收政府信息公开申请29件，较2023年增加12件。", None), ("信息发布量同比增长16.13%。", None),
    ],
)  # fmt: skip
def test_growth_against_last_year(text: str, level: str | None) -> None:
    result = found(report(text), "NARR-GROWTH", PREVIOUS)
    assert [f.severity.value for f in result] == ([level] if level in ("error", "warning") else [])


def test_growth_without_last_year_is_silent() -> None:
    assert found(report("新收政府信息公开申请29件，同比下降50%。"), "NARR-GROWTH") == []


def test_growth_within_the_sentence_needs_no_other_report() -> None:
    made = report("2024年新收政府信息公开申请38件，2025年新收政府信息公开申请29件，比上年减少7件。")
    assert one(made, "NARR-GROWTH").severity.value == "error"


def test_number_quoted_from_last_year() -> None:
    assert (
        one(report("2024年新收政府信息公开申请36件。"), "NARR-LAST-YEAR", PREVIOUS).severity.value
        == "warning"
    )
    assert found(report("2024年新收政府信息公开申请38件。"), "NARR-LAST-YEAR", PREVIOUS) == []
    assert found(report("上年收到政府信息公开申请38件，今年收到29件。"), "NARR-NUMBER", PREVIOUS) == []
    assert found(report("与上年38件相比，今年新收政府信息公开申请29件。"), "NARR-NUMBER", PREVIOUS) == []


def test_another_organ_is_no_last_year() -> None:
    other = from_numbers({"t3.new.total": 5}, organ="北关区人民政府", year=2024)
    assert found(report("2024年新收政府信息公开申请36件。"), "NARR-LAST-YEAR", other) == []


# --- fees and scope -----------------------------------------------------------------------------------------------------


def test_fees() -> None:
    unpaid = {"t3__other_unpaid__total": 1}
    assert (
        one(report("本年度没有产生信息处理费。", section=6, **unpaid), "NARR-FEE").severity.value == "error"
    )
    assert one(report("未收取信息处理费。", section=6, **unpaid), "NARR-FEE").severity.value == "warning"
    assert found(report("未收取信息处理费。", section=6), "NARR-FEE") == []
    assert found(report("收取信息处理费380元，涉及1件。", section=6, **unpaid), "NARR-FEE") == []
    assert (
        one(report("收取信息处理费380元。未向申请人收取信息处理费。", section=6), "NARR-FEE").severity.value
        == "warning"
    )


@pytest.mark.parametrize(
    ("organ", "text", "fires"),
    [
        ("西工区人民政府办公室", "区政府及区政府办公室受理29件。", True), ("西工区人民政府办公室", "区政府和办公室公开文件9份。", True),
        ("西工区人民政府", "区政府及区政府办公室受理29件。", False), ("西工区人民政府办公室", "我办受理29件。", False),
        ("西工区人民政府办公室", "统计范围为区政府及区政府办公室。", False), ("西工区人民政府办公室", "区政府及办理单位认真落实。", False),
        ("西工区人民政府办公室", "区 政府\n及区政府办公室受理29件。", True), ("", "区政府及区政府办公室受理29件。", False),
    ],
)  # fmt: skip
def test_scope_must_be_declared(organ: str, text: str, fires: bool) -> None:
    assert bool(found(report(text, organ=organ), "NARR-SCOPE")) is fires


@pytest.mark.parametrize(
    ("organ", "level"),
    [("利通区人民政府", "区"), ("利通区", "区"), ("安阳市", "市"), ("宁夏回族自治区人民政府", "区"), ("某某镇人民政府", "镇"),
     ("利通区教育局", ""), ("利通区人民政府办公室", ""), ("", ""), ("鄂温克旗", "旗")],
)  # fmt: skip
def test_government_level(organ: str, level: str) -> None:
    assert government_level(organ) == level


def test_scope_of_a_claim_depends_on_the_organ() -> None:
    text = "全区收到政府信息公开申请29件。"
    assert next(iter(claims(report(text)))).scope is Scope.OWN
    assert next(iter(claims(report(text, organ="利通区教育局")))).scope is Scope.OTHER


# --- activities ---------------------------------------------------------------------------------------------------------


def test_activities_of_the_seeds() -> None:
    read = {
        key: (c.quantity.number, c.quantity.unit)
        for key, c in activities(figures.get("LT24")).items()
        if c.quantity
    }
    assert read["information"] == (24017, "条")
    assert read["interpretation"] == (28, "次")
    assert read["open_day"] == (30, "场次")
    assert read["catalogue"] == (12, "期")
    assert read["training"] == (1, "期")
    assert read["bulletin"] == (3, "期")
    vague = activities(figures.get("LT25"))["information"].quantity
    assert vague is not None
    assert (vague.number, vague.bound, vague.step) == (22_000, Bound.OVER, 1000)


def test_activity_drops() -> None:
    before = from_numbers(
        {},
        organ="利通区人民政府",
        year=2024,
        sections=[
            Section(1, "", "举办政府开放日30场次。开展政策解读9次。印发工作通报3期。公开政府信息200条。")
        ],
    )
    text = "举办政府开放日{}场次。开展政策解读8次。印发工作通报2期。公开政府信息{}条。"
    assert [f.discriminator for f in found(report(text.format(15, 210)), "YEARS-ACTIVITY", before)] == [
        "open_day"
    ]
    assert found(report(text.format(30, "200余")), "YEARS-ACTIVITY", before) == []
    assert [f.discriminator for f in found(report(text.format(31, "100余")), "YEARS-ACTIVITY", before)] == [
        "information"
    ]
    assert found(report(text.format(15, 210)), "YEARS-ACTIVITY") == []


# --- numbers in words, robustness ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百二十五", 125), ("两", 2), ("二百零三", 203), ("一千零一", 1001), ("二〇", 20),
     ("零", 0), ("一二", None), ("十百", None), ("九千九百九十九", 9999)],
)  # fmt: skip
def test_han_numbers(text: str, number: int | None) -> None:
    assert han_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["收到申请" * 40_000, "1" * 200_000, "1件" * 60_000, "（" * 100_000, "，" * 100_000, "其中1条、" * 40_000, "未发生行政诉讼" * 30_000,
     "2025年" * 40_000, "\n" * 200_000, " 1 件 " * 40_000, "自然人、法人分别为" + "1件、" * 40_000, "@" * 100_000, "一是" * 60_000,
     "电话" + "1 " * 60_000, "a.b-" * 50_000 + "@", "1,234" * 40_000, "一百" * 60_000 + "件"],
    ids=lambda text: text[:6].strip(),
)  # fmt: skip
def test_hostile_text_is_read_in_bounded_time(text: str) -> None:
    import time

    made = report(text, section=5)
    # Far more than any of these takes: what grows with the square of the text takes hours.
    started = time.process_time()
    checks.check(made, Context(previous=PREVIOUS), strict=True)
    assert time.process_time() - started < 60.0


def test_claims_index_the_text_as_printed() -> None:
    text = "（二）依申请公开。2025 年，全 区共受理答\n\n复政府信息公开申请 ２ ９ 件，**其中**自然人 29 件。"
    for claim in claims(report(text)):
        printed = re.sub(r"[\s*]", "", text[claim.span.start : claim.span.end])
        assert printed.replace("２", "2").replace("９", "9") == claim.span.text
    assert ClaimKind.COUNT in {c.kind for c in claims(report(text))}
