"""No false error: reports that agree with themselves, in many wordings; and each wording's contradiction is found."""

from __future__ import annotations

import pytest

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Severity
from gongkai.annualreport.model import Report
from gongkai.annualreport.readers import read

from . import layouts
from .stories import STORIES, Story

NAMED = {story.name: story for story in STORIES}
stories = pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])


def told(report: Report) -> list[str]:
    """Errors and questions. Plain notes are left out."""
    return [f"{f.rule} {f.message}" for f in check(report) if f.severity is not Severity.NOTE]


@stories
def test_consistent_reports_are_not_accused(story: Story) -> None:
    assert told(story.report()) == []


#: The text with a cell a line knows no minus sign, which the 2019 edition needs.
PAGES = [
    (story, layout)
    for story in STORIES
    for layout in (layouts.plain, layouts.word, layouts.cell_per_line, layouts.markdown)
    if story.year >= 2021 or layout is not layouts.cell_per_line
]


@pytest.mark.parametrize(("story", "layout"), PAGES, ids=[f"{s.name}-{n.__name__}" for s, n in PAGES])
def test_nor_when_read_from_a_page(story: Story, layout: layouts.Layout) -> None:
    report = story.report()
    page = layout(report).encode("utf-8")
    name = "x.html" if page.lstrip().startswith(b"<") else "x.txt"
    (again,) = read(page, name)
    assert {k: v.number for k, v in again.values.items()} == {k: v.number for k, v in report.values.items()}
    assert told(again) == []


#: Story, words, what stands there instead, then rule, severity and what the message says the tables hold.
CONTRADICTIONS = [
    (
        "县政府本级与全县",
        "全县共收到政府信息公开申请67件",
        "全县共收到政府信息公开申请76件",
        "NARR-NUMBER",
        "error",
        "表三总计列“本年新收”为67，表三总计列“本年新收”加“上年结转”为70",
    ),
    (
        "县政府本级与全县",
        "结转下年度继续办理2件",
        "结转下年度继续办理3件",
        "NARR-NUMBER",
        "error",
        "表三总计列“结转下年度继续办理”为2",
    ),
    (
        "县政府本级与全县",
        "继续有效52件",
        "现行有效规范性文件53件",
        "NARR-NUMBER",
        "error",
        "表二行政规范性文件“现行有效件数”为52",
    ),
    (
        "县政府本级与全县",
        "其中县政府本级收到18件",
        "其中县政府本级收到81件",
        "NARR-SUM",
        "error",
        "第一部分称共67件，所列各项81＋41＋8＝130件，与总数不符",
    ),
    (
        "各部门 clause 1",
        "加上2021年结转1件",
        "加上2021年结转2件",
        "NARR-NUMBER",
        "warning",
        "表三总计列“上年结转”为1，正文所说的范围可能与表格不同",
    ),
    ("直辖市区", "“部分公开”101件", "“部分公开”110件", "NARR-NUMBER", "error", "表三总计列“部分公开”为101"),
    (
        "直辖市区",
        "占39.9%",
        "占38.9%",
        "NARR-RATE",
        "warning",
        "占办理结果总计为39.9%；占本年新收为39.6%；占本年新收加上年结转为37.6%",
    ),
    (
        "直辖市区",
        "881件，同比增长4.6%",
        "818件，同比增长4.6%",
        "NARR-NUMBER",
        "error",
        "表三总计列“本年新收”为881，表三总计列“本年新收”加“上年结转”为928",
    ),
    (
        "直辖市区",
        "“其他处理”27件",
        "“其他处理”26件",
        "NARR-NUMBER",
        "error",
        "表三总计列“其他处理”3项合计为27",
    ),
    (
        "街道 汉字数字",
        "共收到依申请公开两件",
        "共收到依申请公开三件",
        "NARR-NUMBER",
        "error",
        "表三总计列“本年新收”为2",
    ),
    (
        "乡镇零件",
        "本年度未收到政府信息公开申请",
        "本年度收到政府信息公开申请1件",
        "NARR-NUMBER",
        "error",
        "表三总计列“本年新收”为0",
    ),
    (
        "2019 版县",
        "全县共收到政府信息公开申请26件",
        "全县共收到政府信息公开申请28件",
        "NARR-GROWTH",
        "error",
        "正文所列上年31、本年28，变化-9.7%",
    ),
    ("2019 版县", "答复25件", "答复26件", "NARR-NUMBER", "error", "表三总计列“（七）总计”为25"),
    (
        "2020 版局",
        "全年作出行政许可决定20311件",
        "全年作出行政许可决定20131件",
        "NARR-NUMBER",
        "error",
        "表二行政许可“处理决定数量”为20311",
    ),
    (
        "2020 版局",
        "对外公开规范性文件总数11件",
        "对外公开规范性文件总数12件",
        "NARR-NUMBER",
        "warning",
        "表二规范性文件“本年新制作数量”为2",
    ),
    (
        "2020 版局",
        "（其中自然人44件、企业6件）",
        "（其中自然人45件、企业5件）",
        "NARR-NUMBER",
        "error",
        "表三自然人列“本年新收”为44，表三自然人列“本年新收”加“上年结转”为46",
    ),
    (
        "开发区管委会",
        "不掌握相关信息4件",
        "不掌握相关信息5件",
        "NARR-NUMBER",
        "error",
        "表三总计列“无法提供—本机关不掌握相关政府信息”为4",
    ),
    (
        "复议诉讼细分",
        "其中维持5件，纠正1件",
        "其中维持6件，纠正1件",
        "NARR-NUMBER",
        "error",
        "表四行政复议“结果维持”为5",
    ),
    (
        "复议诉讼细分",
        "行政诉讼5件",
        "行政诉讼6件",
        "NARR-NUMBER",
        "error",
        "表四“行政诉讼”合计（2格相加）为5",
    ),
    (
        "复议诉讼细分",
        "复议后起诉2件，均为维持",
        "复议后起诉3件，均为维持",
        "NARR-NUMBER",
        "error",
        "表四行政诉讼（复议后起诉）“总计”为2",
    ),
    (
        "许可处罚数",
        "行政处罚决定1024件",
        "行政处罚决定1042件",
        "NARR-NUMBER",
        "error",
        "表二行政处罚“本年处理决定数量”为1024",
    ),
    (
        "逐项分号",
        "结转下年度2件",
        "结转下年度1件",
        "NARR-NUMBER",
        "error",
        "表三总计列“结转下年度继续办理”为2",
    ),
    ("逐项分号", "不予公开2件", "不予公开3件", "NARR-NUMBER", "error", "表三总计列“不予公开”8项合计为2"),
    (
        "法人组织分列",
        "收到申请10件",
        "收到政府信息公开申请11件",
        "NARR-NUMBER",
        "error",
        "表三总计列“本年新收”为10",
    ),
    (
        "表述无",
        "全年无政府信息公开申请",
        "全年政府信息公开申请2件",
        "NARR-NUMBER",
        "warning",
        "表三总计列“本年新收”为0",
    ),
    (
        "部门：县财政局",
        "本年度没有因政府信息公开被申请行政复议或提起行政诉讼",
        "本年度因政府信息公开被申请行政复议1件",
        "NARR-NUMBER",
        "error",
        "表四行政复议“总计”为0",
    ),
    (
        "收费收到",
        "行政事业性收费金额358.72万元",
        "行政事业性收费金额385.72万元",
        "NARR-NUMBER",
        "error",
        "表二行政事业性收费“本年收费金额”为358.72",
    ),
    (
        "公报 通报 非申请",
        "现行有效规范性文件61件",
        "现行有效规范性文件68件",
        "NARR-NUMBER",
        "error",
        "表二行政规范性文件“现行有效件数”为61",
    ),
    (
        "公报 通报 非申请",
        "制发行政规范性文件9件",
        "制发行政规范性文件六件",
        "NARR-NUMBER",
        "error",
        "表二行政规范性文件“本年制发件数”为9",
    ),
    (
        "受理并办结加结转",
        "受理政府信息公开申请9件",
        "受理政府信息公开申请8件",
        "NARR-NUMBER",
        "error",
        "表三总计列“本年新收”为7，表三总计列“本年新收”加“上年结转”为9",
    ),
    (
        "市本级与县区",
        "全市因政府信息公开被申请复议45件",
        "全市因政府信息公开被申请复议54件",
        "NARR-NUMBER",
        "error",
        "表四行政复议“总计”为45",
    ),
    (
        "市本级与县区",
        "被提起诉讼19件",
        "被提起诉讼20件",
        "NARR-NUMBER",
        "error",
        "表四“行政诉讼”合计（2格相加）为19",
    ),
    (
        "表述无",
        "2023年我乡无行政复议、行政诉讼情况",
        "2023年我乡发生行政诉讼2件",
        "NARR-NUMBER",
        "error",
        "表四“行政诉讼”合计（2格相加）为0",
    ),
]


@pytest.mark.parametrize(("name", "words", "instead", "rule", "severity", "message"), CONTRADICTIONS)
def test_contradictions_are_found_and_said_plainly(
    name: str, words: str, instead: str, rule: str, severity: str, message: str
) -> None:
    report = NAMED[name].report((words, instead))
    found = [f for f in check(report) if f.rule == rule and message in f.message]
    assert [f.severity.value for f in found] == [severity]
    text = {section.number: section.text for section in report.sections}
    for span in found[0].spans:
        assert text[span.section][span.start : span.end].replace("\n", "") == span.text
