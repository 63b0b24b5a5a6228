"""Pasted text: what stays, what goes, what never comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.publication.intake.outline import plain
from gongkai.publication.intake.paste import ALLOWED, clean

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{font-family:仿宋_GB2312}</style></head>
<body lang=ZH-CN><!--[if gte mso 9]><xml><w:WordDocument>junk</w:WordDocument></xml><![endif]--><!--StartFragment-->
<p class=MsoTitle align=center><span style='font-family:方正小标宋简体'>某区义务教育招生工作
办法</span></p>
<p class=MsoNormal style='text-indent:32.0pt'><span style='color:red;mso-fareast-language:ZH-CN'>　　为规范<b>招生</b>工作，制定本办法。<o:p></o:p></span></p>
<p class=MsoNormal><span>一、总体要求</span></p>
<p class=MsoNormal>（一）报名条件</p>
<p class=MsoNormal>年满<del cite="x" datetime="2026">五</del><ins>六</ins>周岁。<a style='mso-comment-reference:x_1'>领导的批注</a><span style='display:none'>藏着的话</span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>户口簿</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>·<span>&nbsp; </span></span><![endif]>房产证明</p>
<p class=MsoNormal align=center>表1 招生计划</p><p class=MsoNormal>单位：人</p>
<table class=MsoTable border=1><tr><td rowspan=2><p>学校</p></td><td colspan=2><p>计划</p></td></tr>
<tr><td><p>男</p></td><td><p>女</p></td></tr><tr><td><p>一小</p></td><td><p>50</p></td><td><p>48</p></td></tr>
<tr><td><p>二小</p></td><td><p>40</p></td><td><p>45</p></td></tr></table>
<img src="file:///C:/x.png"><script>alert(1)</script><!--EndFragment--></body></html>
"""


def test_word_keeps_structure_and_loses_junk() -> None:
    found = clean(WORD)
    assert found.title == "某区义务教育招生工作办法"
    (_, text), (kind, table) = found.blocks
    assert text == (
        "<p>为规范<b>招生</b>工作，制定本办法。</p><h2>一、总体要求</h2><h3>（一）报名条件</h3><p>年满六周岁。</p>"
        "<ul><li>户口簿</li><li>房产证明</li></ul>"
    )
    assert kind == "table"
    assert table["table_caption"] == "表1 招生计划（单位：人）"
    assert table["data"] == [["学校", "计划 男", "计划 女"], ["一小", "50", "48"], ["二小", "40", "45"]]
    assert table["table_header_choice"] == "both"


def test_what_was_dropped_is_named_with_its_words() -> None:
    dropped = {d.what: d for d in clean(WORD).dropped}
    assert dropped["修订中已删除的文字"].texts == ["五"]
    assert dropped["批注"].texts == ["领导的批注"]
    assert dropped["隐藏的文字"].texts == ["藏着的话"]
    assert {"图片", "程序、样式和表单", "字体、字号和颜色", "空格缩进", "空段落"} <= set(dropped)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("第一行\n　　第二行\n\n", "<p>第一行</p><p>第二行</p>"),
        ("<p>a &lt;script&gt; b</p>", "<p>a &lt;script&gt; b</p>"),
        ("<ol><li>甲<li>乙</ol>", "<ol><li>甲</li><li>乙</li></ol>"),
        ("<div>甲<br>乙</div>", "<p>甲</p><p>乙</p>"),
        ("<h1>一、条件</h1><p>甲</p>", "<h2>一、条件</h2><p>甲</p>"),
        ("<h4>小标题</h4>", "<h3>小标题</h3>"),
        ("<p>1.申请条件</p><p>1.5 倍</p>", "<p><b>1.申请条件</b></p><p>1.5 倍</p>"),
        ("<p>一、坚持依法公开，做到应公开尽公开。</p>", "<p>一、坚持依法公开，做到应公开尽公开。</p>"),
        ("<p>10<sup>3</sup>立方米</p>", "<p>10<sup>3</sup>立方米</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_small_pieces(source: str, html: str) -> None:
    assert clean(source).html == html


@pytest.mark.parametrize(
    "attack",
    [
        "<p onclick=alert(1)>甲</p>", "<a href='javascript:alert(1)'>甲</a>", "<svg onload=alert(1)><p>甲", "<p>甲<style><img src=x onerror=alert(1)></style></p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>甲", "<!--><img src=x onerror=alert(1)>--><p>甲</p>", "<iframe srcdoc='<p>甲'></iframe>甲",
    ],
)  # fmt: skip
def test_nothing_that_runs_comes_through(attack: str) -> None:
    html = clean(attack).html
    assert set(re.findall(r"</?(\w+)", html)) <= ALLOWED
    assert not re.search(r"<\w+\s", html), "no attributes at all"


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td colspan=3>", "<td rowspan=9>", "</table>", "<ul><li>", "</ul>", "一、", "文字", "&nbsp;", "<br>",
     "<del>", "</del>", "<h1>", "</h1>", "<span style='mso-list:l0'>", "</span>", "<!--[if x]>", "<![endif]-->", "<", ">", "\u3000", "<sup>", "<o:p>"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_input_gives_clean_blocks_and_cleaning_again_changes_no_words(source: str) -> None:
    found = clean(source)
    assert set(re.findall(r"</?(\w+)", found.html)) <= ALLOWED
    for kind, value in found.blocks:
        if kind == "table":
            assert len({len(row) for row in value["data"]}) == 1
    again = clean(found.html)
    assert plain(again.blocks).replace("\n", "") == plain(
        [b for b in found.blocks if b[0] == "text"]
    ).replace("\n", "")


def test_too_much_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="分几次"):
        clean("x" * 2_000_001)
    with pytest.raises(ValueError, match="嵌套太深"):
        clean("<div>" * 200 + "甲")


@pytest.mark.parametrize("span", ["²", "①", "9999999", "-1", "x"])
def test_an_odd_span_is_a_span_of_one(span: str) -> None:
    found = clean(f"<table><tr><td rowspan='{span}' colspan='{span}'>项目</td><td>金额</td></tr></table>")
    assert found.tables == 1
