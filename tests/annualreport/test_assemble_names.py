"""Title, organ, year, scope, sections: wherever the page says them."""

from __future__ import annotations

import pytest

from gongkai.annualreport.assemble.labels import edit_distance, guess, recognise
from gongkai.annualreport.assemble.naming import is_title, squeeze, title_organ, title_year, year_number
from gongkai.annualreport.assemble.sections import heading_of, value_of
from gongkai.annualreport.model import RemarkCode, Report, Scope
from gongkai.annualreport.readers import read
from gongkai.annualreport.schema import EDITIONS, SECTION_TITLES
from gongkai.demo import figures

from .layouts import TITLES, markdown, page, plain, t2_html, t3_html, t4_html


@pytest.mark.parametrize(
    ("title", "organ", "year"),
    [
        ("甲区 2025 年政府信息公开工作年度报告", "甲区", 2025),
        ("2025年甲区乙局政府信息公开工作年度报告", "甲区乙局", 2025),
        ("甲县人民政府信息公开工作年度报告（2025年）", "甲县人民政府", 2025),
        ("甲市乙局2025年度政府信息公开工作年度报告", "甲市乙局", 2025),
        ("二〇二五年甲镇政府信息公开工作年度报告", "甲镇", 2025),
        ("甲县教育局政府信息公开工作2025年度报告", "甲县教育局", 2025),
        ("甲区人民政府办公室关于2024年政府信息公开工作的年度报告", "甲区人民政府办公室", 2024),
        ("甲县政务公开工作年度报告(2020)", "甲县", 2020),
        ("２０２５年甲县财政局政府信息公开工作年报", "甲县财政局", 2025),
        ("甲区政府信息公开工作2021年年度报告", "甲区", 2021),
        ("2025年政府信息公开工作年度报告", "", 2025),
        ("甲县政府信息公开工作年度报告", "甲县", None),
    ],
)
def test_titles(title: str, organ: str, year: int | None) -> None:
    assert is_title(title)
    assert title_organ(title) == organ
    assert title_year(squeeze(title)) == year


@pytest.mark.parametrize(
    "text",
    [
        "关于印发政府信息公开工作年度报告格式的通知",
        "现发布《甲区2025年政府信息公开工作年度报告》，本报告所列数据统计期限为全年。",
        "政府信息公开年报",  # the name of a column; too short to be a title
        "政府信息公开指南",
        "甲区2025年法治政府建设年度报告",
        "一图读懂甲区2025年政府信息公开工作年度报告解读",
        "",
        "公开" * 80,
    ],
)
def test_not_titles(text: str) -> None:
    assert not is_title(text) or text == "政府信息公开年报"


def test_years_in_chinese_and_full_width() -> None:
    assert [year_number(t) for t in ("2025", "２０２５", "二〇二五", "二零二五", "二○二五", "202", "3025", "年")] == [
        2025, 2025, 2025, 2025, 2025, None, None, None,
    ]  # fmt: skip


# --- headings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize(
    "form",
    ["{cn}、{t}", "{cn}.{t}", "{cn}{sp}{t}", "第{cn}部分 {t}", "{n}.{t}", "（{cn}）{t}", "{t}", "{cn}、 {s}"],
)
def test_headings_in_every_form(number: int, form: str) -> None:
    title = SECTION_TITLES[number - 1]
    cn = "一二三四五六"[number - 1]
    heading = heading_of(form.format(cn=cn, n=number, t=title, s=" ".join(title), sp=" "))
    assert heading is not None
    assert heading.number == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二、主动公开情况", 2),
        ("三、依申请公开情况", 3),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", 4),
        ("五、存在的主要问题和改进措施", 5),
        ("五、存在问题及下一步工作打算", 5),
        ("六、其他需要报告的事项：无。", 6),
        ("五、政府信息公开工作存在的主要问题及改进情况", 5),
        ("四、存在的主要问题及改进情况", 5),  # misnumbered: the meaning decides
        ("一、总体情祝", 1),
    ],
)
def test_headings_by_meaning(text: str, number: int) -> None:
    heading = heading_of(text)
    assert heading is not None
    assert heading.number == number


@pytest.mark.parametrize(
    "text",
    [
        "（一）主动公开情况。2025年，本区公开信息100条。",
        "（二）依申请公开情况",
        "主动公开情况",
        "1.主动公开情况",
        "一、本年新收政府信息公开申请数量",
        "四、结转下年度继续办理",
        "一是加强组织领导。",
        "二、行政规范性文件发布情况良好，全年制发文件。",
        "三、本年度办理结果",
        "6",
        "",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert heading_of(text) is None


def test_numerals() -> None:
    assert [value_of(t) for t in ("一", "六", "十", "十二", "二十", "3", "", "甲", "十十")] == [
        1,
        6,
        10,
        12,
        20,
        3,
        0,
        0,
        0,
    ]


# --- labels --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_label_and_alias_is_known(edition: str) -> None:
    for cell in EDITIONS[edition].cells:
        for label in (cell.row.label, *cell.row.aliases):
            roles = recognise(label).roles
            assert any(cell.row.key in role or role in ("g3:otherwise",) for role in roles), label
        for label in (cell.column.label, *cell.column.aliases):
            assert f"c{cell.table}:{cell.column.key}" in recognise(label).roles, label


def test_a_wrong_character_is_understood_and_a_wrong_item_is_not() -> None:
    assert guess("属于行政执法案券").roles == ("r3:refused_enforcement",)
    assert guess("本年废上件数").roles == ("c2:repealed",)
    assert guess("结果维特").roles == ("c4:upheld",)
    assert guess("第二十条第（三）项").roles == ()
    assert guess("完全不同的内容").roles == ()
    assert guess("表").roles == ()


def test_edit_distance_stops_at_its_limit() -> None:
    assert edit_distance("结果维持", "结果维持", 1) == 0
    assert edit_distance("结果维特", "结果维持", 1) == 1
    assert edit_distance("结果维持", "尚未审结", 2) == 3
    assert edit_distance("甲", "甲乙丙丁", 2) == 3


# --- whole pages -----------------------------------------------------------------------------------------------------------


def one(text: str, name: str = "") -> Report:
    (report,) = read(text.encode(), name)
    return report


def test_title_over_two_lines() -> None:
    made = one(markdown(figures.get("BG25")).replace("# 北关区人民政府2025年", "北关区人民政府\n\n2025年"))
    assert (made.organ, made.year) == ("北关区人民政府", 2025)


def test_organ_and_year_from_signature() -> None:
    text = markdown(figures.get("BG25")).replace("北关区人民政府2025年政府", "政府", 1)
    made = one(text + "\n\n北关区人民政府\n\n2026年1月20日\n")
    assert made.organ == "北关区人民政府"
    assert ("signature", "北关区人民政府") in made.organs_found
    assert ("signature", 2025) in made.years_found
    assert made.year == 2025


def test_organ_from_the_pages_metadata() -> None:
    original = figures.get("BG25")
    head = '<meta name="ContentSource" content="北关区人民政府办公室"><meta name="SiteName" content="北关区人民政府门户网站">'
    text = page(original, t2_html(original), t3_html(original), t4_html(original), head=head)
    made = one(text.replace("北关区人民政府2025年政府", "2025年政府"))
    assert made.organ == "北关区人民政府办公室"
    assert ("site", "北关区人民政府") in made.organs_found
    assert made.metadata["ContentSource"] == "北关区人民政府办公室"


def test_particulars_are_taken_into_the_metadata() -> None:
    original = figures.get("BG25")
    particulars = (
        "<table><tr><td>索 引 号：</td><td>0001-2026-1</td><td>发布机构：</td><td>北关区政府办</td></tr>"
        "<tr><td>发文日期：</td><td>2026-01-20</td><td>有效性：</td><td>有效</td></tr></table>"
    )
    made = one(plain(original).replace("<h1>", particulars + "<h1>"))
    assert {k: made.metadata[k] for k in ("索引号", "发布机构", "发文日期", "有效性")} == {
        "索引号": "0001-2026-1", "发布机构": "北关区政府办", "发文日期": "2026-01-20", "有效性": "有效",
    }  # fmt: skip
    line = "<div>索引号：0001-2026-2 发布机构：北关区政府办</div>"
    assert one(plain(original).replace("<h1>", line + "<h1>")).metadata["索引号"] == "0001-2026-2"


def test_every_year_found_is_listed_and_the_title_preferred() -> None:
    original = figures.get("LT25")
    made = one(markdown(original).replace("人民政府2025年政府", "人民政府2024年政府", 1), "年报2023.md")
    assert made.year == 2024
    assert {("title", 2024), ("text", 2025), ("file name", 2023)} <= set(made.years_found)


def test_last_years_figures_in_the_text_are_no_conflict() -> None:
    original = figures.get("BG25")
    original.sections[
        0
    ].text += "\n2025年新收125件，比2024年的110件增加，2024年结转18件。2025年全部按期答复。"
    made = one(markdown(original))
    assert {year for _, year in made.years_found} == {2025}


@pytest.mark.parametrize(
    ("organ", "text", "scope"),
    [
        ("北关区人民政府", "", Scope.REGION),
        ("利通区", "", Scope.REGION),
        ("甲县教育局", "", Scope.OWN),
        ("甲县乙镇人民政府", "", Scope.OWN),
        ("甲区人民政府办公室", "区政府及区政府办公室共发布文件9份。", Scope.UNKNOWN),
    ],
)
def test_scope(organ: str, text: str, scope: Scope) -> None:
    original = figures.get("BG25")
    original.title = f"{organ}2025年政府信息公开工作年度报告"
    for section in original.sections:
        section.text = text if section.number == 1 else ""
    assert one(markdown(original)).scope is scope


def test_numbering_wrong_lost_and_sections_missing() -> None:
    original = figures.get("BG25")
    made = one(markdown(original).replace("## 五、", "## 四、").replace("## 六、", "## "))
    assert [(s.number, s.printed_number) for s in made.sections] == [
        (1, "一"), (2, "二"), (3, "三"), (4, "四"), (5, "四"), (6, ""),
    ]  # fmt: skip
    messages = [r.message for r in made.remarks if r.code is RemarkCode.SECTION_NUMBERING]
    assert len(messages) == 2
    assert "应为“五”" in messages[0]
    made = one(markdown(original).split("## 六、")[0])
    (remark,) = made.remarks
    assert remark.code is RemarkCode.SECTION_MISSING
    assert "其他需要报告的事项" in remark.message


def test_chrome_stays_out_of_the_narrative() -> None:
    from benchmarks.cms_page import cms_page

    original = figures.get("BG25")
    made = one(cms_page(original))
    text = "\n".join(section.text for section in made.sections)
    for word in ("浏览次数", "当前位置", "打印本页", "信息公开栏目", "主办单位", "相关文件"):
        assert word not in text
    assert [s.number for s in made.sections] == [1, 2, 3, 4, 5, 6]
    assert made.metadata["PubDate"] == "2026-01-20 09:30"


def test_a_foot_without_container_ends_the_report() -> None:
    foot = "<p>打印本页</p><p>上一篇：通知</p><p>主办单位：北关区人民政府办公室</p><p>网站标识码：1234567890</p></body>"
    made = one(plain(figures.get("BG25")).replace("</body>", foot))
    assert made.sections[-1].text == figures.get("BG25").section(6).text  # type: ignore[union-attr]


def test_sentences_cut_by_page_breaks_are_whole() -> None:
    text = "# 甲区2025年政府信息公开工作年度报告\n\n一、总体情况\n\n（一）主动公开。**全年**通过多种形式公开各类政府信息，开展政策解\n\n读 8 次，举办活动 15 场次。\n\n"
    text += (
        "（二）依申请公开。共受理答复自然人、法人提出的公开申请事项\n\n— 2 —\n\n（含网上申请）29 件。\n\n三是推进开放。\n\n"
        + "\n\n".join(TITLES[1:])
    )
    made = one(text)
    assert made.section(1).text.split("\n") == [  # type: ignore[union-attr]
        "（一）主动公开。全年通过多种形式公开各类政府信息，开展政策解读 8 次，举办活动 15 场次。",
        "（二）依申请公开。共受理答复自然人、法人提出的公开申请事项（含网上申请）29 件。",
        "三是推进开放。",
    ]


def test_marks_of_markdown_go_and_other_signs_stay() -> None:
    text = (
        "# **甲区2025年政府信息公开工作年度报告**\n\n## 一、总体情况\n\n> **一是**加强领导。****二是**公开 3\\*4 项，__三是__、整改，电话____填写。\n\n"
        + "\n\n".join(TITLES[1:])
    )
    made = one(text)
    assert made.title == "甲区2025年政府信息公开工作年度报告"
    assert made.section(1).text == "一是加强领导。二是公开 3*4 项，三是、整改，电话____填写。"  # type: ignore[union-attr]
    page = one(
        "<h1>甲区2025年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>电话__转**分机</p>"
        + "".join(f"<p>{t}</p>" for t in TITLES[1:])
    )
    assert page.section(1).text == "电话__转**分机"  # type: ignore[union-attr]
