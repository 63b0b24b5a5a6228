"""Two years of one organ: carried over, stock of documents, jumps, repeated problems, and pairs that are none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.annualreport.checks import check
from gongkai.annualreport.checks.problems import problems
from gongkai.annualreport.findings import Context, Severity
from gongkai.annualreport.model import Section
from gongkai.annualreport.schema import EDITION_2019
from gongkai.demo import figures

from .consistent import amount, put, report

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
COLUMNS = ("natural", "business", "research", "welfare", "legal_service", "other", "total")


def pair(year=2024, edition=None):
    """This year's report and one of the year before that fits it."""
    now = report(1)
    before = report(1, edition, year) if edition else report(1, year=year)
    for column in COLUMNS:
        put(before, f"t3.carried_out.{column}", amount(now, f"t3.carried_in.{column}"))
    if not edition:
        last = (
            amount(now, "t2.normative.valid")
            - amount(now, "t2.normative.issued")
            + amount(now, "t2.normative.repealed")
        )
        if last < 0:
            put(now, "t2.normative.repealed", amount(now, "t2.normative.repealed") - last)
            last = 0
        put(before, "t2.normative.valid", last)
    before.sections[4].text = "存在的问题：一是上年的台账登记不全。改进措施：补登台账登记。"
    now.sections[0].text += "补齐了上年的台账登记。"
    return now, before


def told(now, before, rule="Y-", **context):
    return [
        f for f in check(now, Context(previous=before, **context), strict=True) if f.rule.startswith(rule)
    ]


def test_fitting_years_are_silent():
    assert told(*pair()) == []


def test_without_last_year_silent():
    assert told(figures.get("LT25"), None) == []


# --- pairs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organ", "year", "words"),
    [
        ("红山县人民政府", 2024, "不是同一机关"), ("清河区人民政府", 2023, "不相连"), ("清河区人民政府", 2025, "两份都是"),
        ("清河区人民政府", 2026, "晚于"),
    ],
)  # fmt: skip
def test_not_a_pair(organ, year, words):
    now, before = pair()
    before.organ, before.year = organ, year
    put(before, "t3.carried_out.natural", 99)
    put(before, "t2.normative.valid", 500)
    (found,) = told(now, before)
    assert (found.rule, found.severity) == ("Y-PAIR", N)
    assert words in found.message


@pytest.mark.parametrize("organ", ["清河区", "区政府", "铁岭市清河区人民政府", None])
def test_other_names_of_the_same_organ_are_a_pair(organ):
    now, before = pair()
    before.organ = organ
    put(before, "t3.carried_out.natural", 99)
    assert [f.rule for f in told(now, before)] == ["Y-CARRY"]


# --- carried over ----------------------------------------------------------------------------------------------------


def balance(before):
    """Make last year's table hold by itself, whatever is carried out."""
    for column in COLUMNS:
        wanted = amount(before, f"t3.total.{column}") + amount(before, f"t3.carried_out.{column}")
        put(before, f"t3.new.{column}", wanted)
        put(before, f"t3.carried_in.{column}", 0)
    return before


def carry_more(before, count):
    for column in ("natural", "total"):
        put(before, f"t3.carried_out.{column}", amount(before, f"t3.carried_out.{column}") + count)
    return balance(before)


def test_carried_over_differs():
    now, before = pair()
    carry_more(before, 2)
    (found,) = told(now, before)
    assert (found.rule, found.severity) == ("Y-CARRY", E)
    assert "自然人列本年" in found.message
    assert "总计列本年" in found.message
    assert [c.year for c in found.cells] == [None, 2024, None, 2024]


def test_carried_over_from_the_trial_edition_is_checked_too():
    now, before = pair(2020, EDITION_2019)
    now.year = 2021
    assert told(now, before) == []
    put(before, "t3.carried_out.total", 77)
    assert [f.rule for f in told(now, before)] == ["Y-CARRY"]


def test_a_cell_wrong_this_year_is_the_cause():
    now, before = pair()
    put(now, "t3.carried_in.natural", amount(now, "t3.carried_in.natural") + 30)
    found = check(now, Context(previous=before), strict=True)
    (root,) = [f for f in found if f.rule == "T3-CELL"]
    (carry,) = [f for f in found if f.rule == "Y-CARRY"]
    assert carry.cause == root.identity
    assert found.index(carry) > found.index(root)


def test_a_cell_wrong_last_year_is_no_error_of_this_year():
    now, before = pair()
    balance(before)
    assert told(now, before, "Y-CARRY") == []
    put(before, "t3.carried_out.natural", amount(before, "t3.carried_out.natural") + 40)
    (found,) = told(now, before, "Y-CARRY")
    assert found.severity is N
    assert "自身勾稽不成立" in found.message


def test_explained_or_blank_is_a_question():
    now, before = pair()
    carry_more(before, 90)
    now.sections[5].text += "因机构改革，划入单位的上年结转申请一并统计。"
    (found,) = told(now, before, "Y-CARRY")
    assert found.severity is W
    assert "机构改革" in found.spans[0].text
    now, before = pair()
    put(now, "t3.carried_in.natural", "")
    carry_more(before, 8)
    (found,) = told(now, before, "Y-CARRY")
    assert (found.severity, "当作 0" in found.message) == (W, True)


def test_unknown_cells_are_not_compared():
    now, before = pair()
    put(before, "t3.carried_out.natural", "见附件")
    put(before, "t3.carried_out.total", None)
    assert told(now, before, "Y-CARRY") == []


# --- stock of documents ----------------------------------------------------------------------------------------------


def test_the_published_figures_do_not_roll():
    found = told(figures.get("LT25"), figures.get("LT24"), "Y-ROLL")
    assert [(f.severity, f.expected, f.actual) for f in found] == [(E, "1", "0"), (E, "28", "34")]
    assert "规章" in found[0].message
    assert "没有规章制定权" in found[0].suggestion


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("按照文件清理结果，宣布失效行政规范性文件3件。", W), ("因机构改革，规范性文件统计口径有调整。", W),
        ("制发行政规范性文件3件。", E), ("清理网站过时内容。现行有效文件集中公开。", E),
    ],
)  # fmt: skip
def test_stock_explained_in_the_text(text, severity):
    now, before = pair()
    put(before, "t2.normative.valid", amount(before, "t2.normative.valid") + 3)
    now.sections[0].text += text
    (found,) = told(now, before, "Y-ROLL")
    assert found.severity is severity
    assert bool(found.spans) is (severity is W)


def test_stock_has_no_predecessor_in_the_trial_edition():
    now, before = pair(2020, EDITION_2019)
    now.year = 2021
    assert told(now, before, "Y-ROLL") == []


# --- jumps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "severity"),
    [
        (107, 3163, W), (3163, 107, W), (0, 3190, W), (3190, 0, W), (5963, 19087, N), (0, 499, None), (10, 300, None),
        (60, 299, None), (60, 300, W), (0, 0, None), (900, 3000, None), ("", 3190, None), (3190, "/", None),
    ],
)  # fmt: skip
def test_jumps(then, now, severity):
    this, last = pair()
    put(this, "t2.penalty.decisions", now)
    put(last, "t2.penalty.decisions", then)
    assert [f.severity for f in told(this, last, "Y-JUMP") if "处罚" in f.message] == (
        [severity] if severity else []
    )


def test_a_jump_explained_is_a_note():
    now, before = pair()
    put(put(now, "t2.penalty.decisions", 3163), "t2.licence.decisions", 9000)
    put(put(before, "t2.penalty.decisions", 107), "t2.licence.decisions", 100)
    now.sections[0].text += "因综合执法改革，行政处罚同比增加。"
    assert [(f.severity, bool(f.spans)) for f in told(now, before, "Y-JUMP")] == [(W, False), (N, True)]


def test_a_wrong_unit_is_not_a_jump_as_well():
    now, before = pair()
    put(now, "t2.fee.amount", Decimal(15_238_600))
    put(before, "t2.fee.amount", Decimal("1523.86"))
    found = [f.rule for f in check(now, Context(previous=before), strict=True) if "收费" in f.message]
    assert found == ["T2-FEE-UNIT"]


def test_published_jumps():
    found = told(figures.get("LT25"), figures.get("LT24"), "Y-JUMP")
    assert [(f.cells[0].key.split(".")[1], f.severity) for f in found] == [
        ("penalty", W),
        ("coercion", W),
        ("licence", N),
    ]


# --- section five ----------------------------------------------------------------------------------------------------


def fives(now_text, before_text):
    now, before = pair()
    now.sections[4].text, before.sections[4].text = now_text, before_text
    return now, before


def test_published_problem_repeated():
    (found,) = told(figures.get("LT25"), figures.get("LT24"), "Y-REPEATED")
    assert found.severity is W
    assert found.spans[0].text == "依申请公开办理水平有待进一步提升"
    text = figures.get("LT25").section(5).text
    assert text[found.spans[0].start : found.spans[0].end] == found.spans[0].text


def test_section_five_copied_whole_is_one_finding():
    text = "一是部分单位公开意识不强，更新栏目不够及时。二是解读形式比较单一，群众看不懂。下一步将加强培训，丰富解读形式。"
    (found,) = told(*fives("2025年，" + text, "2024年，" + text), "Y-REPEATED")
    assert "相似度" in found.message


@pytest.mark.parametrize(
    ("now", "before", "count"),
    [
        (
            "一是解读形式单一，群众看不明白；二是新的问题在于台账不全面。",
            "（一）解读形式单一，群众看不明白。（二）人手不足影响了进度。",
            1,
        ),
        ("一是解读少。二是更新慢。", "一是解读少。二是更新慢。但去年另有许多别的问题需要逐一说明清楚。", 0),
        (
            "存在的问题：一是登记环节不够规范有序。改进措施：加强业务培训与指导。",
            "存在的问题：一是人员变动频繁衔接不好。改进措施：加强业务培训与指导。",
            0,
        ),
        ("", "一是登记环节不够规范有序。", 0),
    ],
)
def test_problem_sentences(now, before, count):
    assert len(told(*fives(now, before), "Y-REPEATED")) == count


def test_problems_leave_out_lead_enumeration_and_measures():
    section = Section(
        5,
        "",
        "2025年工作取得进展，但也存在不足，主要表现在：**一是**公开内容全面性有待提升；**二是**渠道协同性不足够明显。\n改进措施：一是加强监督考核机制建设。",
    )
    assert [span.text for span in problems(section)] == ["公开内容全面性有待提升", "渠道协同性不足够明显"]


def test_problems_not_taken_up():
    now, before = fives(
        "一是解读形式单一，群众不易理解。下一步增加图解。",
        "一是人员更换频繁，业务衔接断档；二是解读形式单一，图解偏少。",
    )
    (found,) = told(now, before, "Y-FOLLOWUP")
    assert found.severity is N
    assert "人员更换频繁" in found.message
    assert "解读形式" not in found.message
