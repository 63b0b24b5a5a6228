"""Authority, court, paragraphs and periods of remedies, organ by organ and class by class."""

# rule: remedy.reconsideration-first, remedy.either, remedy.authority, remedy.online-channel

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gongkai.law.calendar import default_calendar
from gongkai.law.case.policy import CasePolicy
from gongkai.law.outcomes import OUTCOMES, RemedyClass, UnknownOutcome
from gongkai.law.remedy import (
    ORGAN_KIND_LABELS,
    OrganFacts,
    OrganKind,
    RemedyError,
    add_months,
    applicant_periods,
    court,
    reconsideration_authorities,
    remedy_class,
    remedy_text,
    respondent_deadlines,
    silence_remedy,
    suit_after_reconsideration,
)

CAL = default_calendar()
NOW = date(2026, 3, 2)
BEFORE = date(2023, 12, 31)
EDUCATION = OrganFacts(
    name="甲县教育局",
    kind=OrganKind.COUNTY_DEPARTMENT,
    county_government="甲县人民政府",
    prefecture_government="乙市人民政府",
    province_government="丙省人民政府",
    upper_department="乙市教育局",
    basic_court="甲县人民法院",
    intermediate_court="乙市中级人民法院",
    online_reconsideration="https://fy.example.gov.cn",
)


def organ(kind: OrganKind) -> OrganFacts:
    return replace(EDUCATION, kind=kind, name=ORGAN_KIND_LABELS[kind])


@pytest.mark.parametrize(
    ("kind", "names", "article", "courtname"),
    [
        (OrganKind.COUNTY_DEPARTMENT, ("甲县人民政府",), "行政复议法第二十四条", "甲县人民法院"),
        (OrganKind.TOWNSHIP, ("甲县人民政府",), "行政复议法第二十四条", "甲县人民法院"),
        (OrganKind.SUBDISTRICT, ("甲县人民政府",), "行政复议法第二十四条", "甲县人民法院"),
        (OrganKind.JUSTICE_BUREAU, ("甲县人民政府", "乙市教育局"), "行政复议法第二十八条", "甲县人民法院"),
        (OrganKind.COUNTY_GOVERNMENT, ("乙市人民政府",), "行政复议法第二十四条", "乙市中级人民法院"),
        (OrganKind.PREFECTURE_GOVERNMENT, ("丙省人民政府",), "行政复议法第二十四条", "乙市中级人民法院"),
        (OrganKind.PREFECTURE_DEPARTMENT, ("乙市人民政府",), "行政复议法第二十四条", "甲县人民法院"),
        (OrganKind.VERTICAL, ("乙市教育局",), "行政复议法第二十七条", "甲县人民法院"),
        (OrganKind.CUSTOMS, ("乙市教育局",), "行政复议法第二十七条", "乙市中级人民法院"),
    ],
)
def test_authority_and_court(kind: OrganKind, names: tuple[str, ...], article: str, courtname: str) -> None:
    found, source = reconsideration_authorities(organ(kind), NOW)
    assert found == names
    assert source.short == article
    assert court(organ(kind))[0] == courtname
    assert court(organ(kind))[1].article == (15 if "中级" in courtname else 14)


def test_every_kind_of_organ_is_covered() -> None:
    assert set(ORGAN_KIND_LABELS) == set(OrganKind)


def test_before_2024_a_department_had_two_authorities() -> None:
    assert reconsideration_authorities(EDUCATION, BEFORE)[0] == ("甲县人民政府", "乙市教育局")
    assert reconsideration_authorities(EDUCATION, date(2024, 1, 1))[0] == ("甲县人民政府",)
    assert reconsideration_authorities(replace(EDUCATION, upper_department=""), BEFORE)[0] == (
        "甲县人民政府",
    )
    assert reconsideration_authorities(organ(OrganKind.TOWNSHIP), BEFORE)[0] == ("甲县人民政府",)


@pytest.mark.parametrize(
    ("kind", "field", "word"),
    [
        (OrganKind.COUNTY_DEPARTMENT, "county_government", "县级人民政府"),
        (OrganKind.COUNTY_GOVERNMENT, "prefecture_government", "上一级人民政府"),
        (OrganKind.PREFECTURE_GOVERNMENT, "province_government", "省级人民政府"),
        (OrganKind.PREFECTURE_DEPARTMENT, "prefecture_government", "本级人民政府"),
        (OrganKind.VERTICAL, "upper_department", "上一级主管部门"),
        (OrganKind.JUSTICE_BUREAU, "upper_department", "司法行政部门"),
        (OrganKind.COUNTY_DEPARTMENT, "basic_court", "基层人民法院"),
        (OrganKind.COUNTY_GOVERNMENT, "intermediate_court", "中级人民法院"),
    ],
)
def test_a_missing_name_is_asked_for(kind: OrganKind, field: str, word: str) -> None:
    lacking = replace(organ(kind), **{field: " "})
    with pytest.raises(RemedyError, match=word) as problem:
        remedy_text(lacking, "granted", on=NOW)
    assert "机构信息" in str(problem.value)


def test_refusals_go_to_reconsideration_first() -> None:
    text = remedy_text(EDUCATION, "refused_process", on=NOW)
    assert text.remedy is RemedyClass.R1
    assert len(text.paragraphs) == 1
    assert "应当先申请行政复议" in str(text)
    assert "六十日内向甲县人民政府" in str(text)
    assert "十五日内" in str(text)
    # No way to sue directly may be printed.
    assert "六个月" not in str(text)
    assert "甲县人民法院" not in str(text)
    assert text.court == ""
    assert [c.short for c in text.citations] == [
        "行政复议法第二十四条",
        "行政复议法第二十条第一款",
        "行政复议法第二十三条第一款第（四）项",
        "行政复议法第二十三条第二款",
        "行政诉讼法第四十五条",
    ]


def test_the_switch_of_2024() -> None:
    text = remedy_text(EDUCATION, "refused_process", on=BEFORE)
    assert text.remedy is RemedyClass.R2
    assert "六个月内向甲县人民法院" in str(text)
    assert "甲县人民政府或者乙市教育局" in str(text)
    assert remedy_class("partial", on=BEFORE) is RemedyClass.R2
    assert remedy_class("partial", on=date(2024, 1, 1)) is RemedyClass.MIXED
    assert remedy_class("refused_secret", on=date(2024, 1, 1)) is RemedyClass.R1
    assert remedy_class("declined_petition", on=BEFORE) is RemedyClass.R3


def test_other_answers_leave_the_choice() -> None:
    text = remedy_text(EDUCATION, "unavailable_not_held", "absent", on=NOW)
    assert text.remedy is RemedyClass.R2
    assert text.court == "甲县人民法院"
    assert "六十日内向甲县人民政府申请行政复议，也可以自知道本答复之日起六个月内向甲县人民法院" in str(text)
    assert "应当先" not in str(text)
    assert [c.law for c in text.citations] == ["行政复议法", "行政复议法", "行政诉讼法", "行政诉讼法"]


def test_partial_release_prints_both() -> None:
    first, second = remedy_text(EDUCATION, "partial", on=NOW).paragraphs
    assert first.startswith("申请人对本答复中不予公开的部分不服的，应当先")
    assert second.startswith("申请人对本答复的其余部分不服的，可以")


def test_r3_by_policy() -> None:
    assert "六个月" in str(remedy_text(EDUCATION, "declined_petition", on=NOW))
    silent = remedy_text(EDUCATION, "declined_petition", on=NOW, policy=CasePolicy(print_r3_remedy=False))
    assert silent.paragraphs == ()
    assert silent.remedy is RemedyClass.R3
    assert remedy_text(EDUCATION, "granted", on=NOW, policy=CasePolicy(print_r3_remedy=False)).paragraphs


def test_confirmation_requests_by_policy() -> None:
    assert remedy_class("declined_confirm", on=NOW) is RemedyClass.R2
    assert remedy_class("declined_confirm", on=NOW, policy=CasePolicy(confirm_remedy=RemedyClass.R3)) == "R3"


def test_withdrawal_has_no_remedy() -> None:
    text = remedy_text(EDUCATION, "other_other", "withdrawn", on=NOW)
    assert text.paragraphs == ()
    assert text.authorities == ()


def test_online_delivery_names_the_online_channel() -> None:
    text = remedy_text(EDUCATION, "granted", on=NOW, delivered_online=True)
    assert "https://fy.example.gov.cn" in text.paragraphs[-1]
    assert text.citations[-1].short == "行政复议法第二十二条第二款"
    assert len(remedy_text(EDUCATION, "granted", on=BEFORE, delivered_online=True).paragraphs) == 1
    assert len(remedy_text(EDUCATION, "granted", on=date(2024, 1, 1), delivered_online=True).paragraphs) == 2
    with pytest.raises(RemedyError, match="互联网申请渠道"):
        remedy_text(replace(EDUCATION, online_reconsideration=""), "granted", on=NOW, delivered_online=True)


@pytest.mark.parametrize("row", OUTCOMES)
def test_every_outcome_has_its_text(row: str) -> None:
    for variant in OUTCOMES[row].variants:
        text = remedy_text(EDUCATION, row, variant.key, on=NOW)
        assert bool(text.paragraphs) == (variant.remedy is not RemedyClass.NONE)
        assert ("应当先申请行政复议" in str(text)) == (variant.remedy in (RemedyClass.R1, RemedyClass.MIXED))


def test_unknown_rows_are_refused() -> None:
    with pytest.raises(UnknownOutcome):
        remedy_text(EDUCATION, "granted", "x", on=NOW)


def test_periods_of_the_applicant() -> None:
    either = applicant_periods(CAL, RemedyClass.R2, date(2026, 3, 2))
    # 60 days: Friday 1 May begins the holiday, so it rolls to 6 May.
    assert either.reconsideration == date(2026, 5, 6)
    assert either.direct_suit == date(2026, 9, 2)
    assert either.untold_limit == date(2027, 3, 2)
    first = applicant_periods(CAL, RemedyClass.R1, date(2026, 3, 3))
    assert first.direct_suit is None
    assert first.reconsideration == date(2026, 5, 6)
    assert applicant_periods(CAL, RemedyClass.MIXED, NOW).direct_suit == date(2026, 9, 2)
    none = applicant_periods(CAL, RemedyClass.NONE, NOW)
    assert (none.reconsideration, none.direct_suit) == (None, None)
    assert applicant_periods(CAL, RemedyClass.R2, date(2026, 6, 1)).reconsideration == date(2026, 7, 31)
    assert suit_after_reconsideration(CAL, date(2026, 3, 2)) == date(2026, 3, 17)
    assert suit_after_reconsideration(CAL, date(2026, 3, 6)) == date(2026, 3, 23)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 7, 1), 6, date(2027, 1, 1)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
    ],
)
def test_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_deadlines_of_the_respondent() -> None:
    ordinary = respondent_deadlines(CAL, date(2026, 4, 30), date(2026, 4, 28))
    assert ordinary.reply == date(2026, 5, 18)
    assert ordinary.reply_working_days == 10
    assert ordinary.decision == date(2026, 6, 27)
    assert ordinary.decision_extended == date(2026, 7, 27)
    assert ordinary.cite.short == "行政复议法第四十八条"
    simple = respondent_deadlines(CAL, date(2026, 4, 30), date(2026, 4, 28), "simple")
    assert simple.reply == date(2026, 5, 11)
    assert simple.reply_working_days == 5
    assert simple.decision == date(2026, 5, 28)
    assert simple.decision_extended is None
    assert simple.cite.short == "行政复议法第五十四条"


def test_silence_by_policy() -> None:
    either = silence_remedy(EDUCATION, on=NOW)
    assert either.remedy is RemedyClass.R2
    assert "自答复期限届满之日起六十日内向甲县人民政府" in str(either)
    assert "六个月内向甲县人民法院" in str(either)
    strict = CasePolicy(silence_needs_reconsideration=True)
    first = silence_remedy(EDUCATION, on=NOW, policy=strict)
    assert first.remedy is RemedyClass.R1
    assert "应当先申请行政复议：自答复期限届满之日起六十日内" in str(first)
    assert "自知道本答复" not in str(first)
    assert silence_remedy(EDUCATION, on=BEFORE, policy=strict).remedy is RemedyClass.R2
    assert silence_remedy(EDUCATION, on=date(2024, 1, 1), policy=strict).remedy is RemedyClass.R1
    assert silence_remedy(organ(OrganKind.JUSTICE_BUREAU), on=NOW).authorities == (
        "甲县人民政府",
        "乙市教育局",
    )


def test_words_that_join() -> None:
    either = silence_remedy(organ(OrganKind.JUSTICE_BUREAU), on=NOW)
    assert "向甲县人民政府或者乙市教育局申请行政复议" in str(either)
    assert "向甲县人民政府或者乙市教育局" in str(
        remedy_text(organ(OrganKind.JUSTICE_BUREAU), "granted", on=NOW)
    )
    text = remedy_text(EDUCATION, "partial", on=NOW)
    assert str(text) == "\n".join(text.paragraphs)
    assert silence_remedy(EDUCATION, on=BEFORE).authorities == ("甲县人民政府", "乙市教育局")


def test_missing_names_word_for_word() -> None:
    bare = OrganFacts(name="甲县教育局", kind=OrganKind.COUNTY_DEPARTMENT)
    with pytest.raises(RemedyError) as problem:
        court(bare)
    assert str(problem.value) == (
        "“甲县教育局”没有填写有管辖权的基层人民法院，请在机构信息中补充后再生成救济告知"
    )
    with pytest.raises(RemedyError) as problem:
        court(replace(bare, kind=OrganKind.CUSTOMS))
    assert "没有填写有管辖权的中级人民法院，请" in str(problem.value)
    for kind, words in (
        (OrganKind.COUNTY_DEPARTMENT, "没有填写县级人民政府名称，请"),
        (OrganKind.COUNTY_GOVERNMENT, "没有填写上一级人民政府名称，请"),
        (OrganKind.PREFECTURE_GOVERNMENT, "没有填写省级人民政府名称，请"),
        (OrganKind.PREFECTURE_DEPARTMENT, "没有填写本级人民政府名称，请"),
        (OrganKind.VERTICAL, "没有填写上一级主管部门名称，请"),
    ):
        with pytest.raises(RemedyError) as problem:
            reconsideration_authorities(replace(bare, kind=kind), NOW)
        assert words in str(problem.value)
    justice = replace(bare, kind=OrganKind.JUSTICE_BUREAU, county_government="甲县人民政府")
    with pytest.raises(RemedyError, match="没有填写上一级司法行政部门名称，请"):
        reconsideration_authorities(justice, NOW)
    online = replace(EDUCATION, online_reconsideration="")
    with pytest.raises(RemedyError, match="没有填写行政复议的互联网申请渠道，请"):
        remedy_text(online, "granted", on=NOW, delivered_online=True)


def test_silence_names_its_parts() -> None:
    first = silence_remedy(EDUCATION, on=NOW, policy=CasePolicy(silence_needs_reconsideration=True))
    assert (first.authorities, first.court) == (("甲县人民政府",), "")
    either = silence_remedy(EDUCATION, on=NOW)
    assert (either.authorities, either.court) == (("甲县人民政府",), "甲县人民法院")


def test_only_two_procedures() -> None:
    with pytest.raises(RemedyError, match="收到 'quick'"):
        respondent_deadlines(CAL, NOW, NOW, "quick")  # type: ignore[arg-type]
