"""A report as a county portal's CMS prints it: chrome around, Word's styles inside, about 60 KB.

Modelled on the structure of real pages (07 §1), with figures and sentences from our own data.
"""

from __future__ import annotations

from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.schema import APPLICANT_COLUMNS, REMEDY_COLUMNS

_P = "text-align:center;line-height:20px"
_TD = "border:1px solid;padding:0 7px"
_FONT = "font-family:宋体;font-size:14px"


def _td(text: str, attributes: str = "") -> str:
    inner = text or "<o:p>&nbsp;</o:p>"
    return f'<td {attributes} style="{_TD}"><p class="MsoNormal" style="{_P}"><span style="{_FONT}">{inner}</span></p></td>'


def cms_page(report: Report) -> str:
    """The page of one report. Cells that are absent print as blank."""
    title = report.title
    menu = "".join(
        f'<li class="nav-item"><a href="/zwgk/c{i}/list.html" target="_blank" title="栏目{i}">政府信息公开栏目{i}</a></li>\n'
        for i in range(60)
    )
    related = "".join(
        f'<li><span class="date">2025-0{i % 9 + 1}-1{i % 10}</span><a href="/zwgk/{i}.html">相关文件{i}号公告</a></li>\n'
        for i in range(30)
    )
    script = "var page={};" + "function f(a,b){return a+b;}" * 60
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}-门户网站</title>
<meta name="SiteName" content="{report.organ}门户网站"><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="2026-01-20 09:30"><meta name="ContentSource" content="{report.organ}">
<script>{script}</script><style>.a{{color:#000}}</style></head><body>
<div class="header"><ul>{menu}</ul></div>
<div class="main"><div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政府信息公开</a></div>
<table class="info"><tr><td>索引号</td><td>010-2026-00012</td><td>发布机构</td><td>{report.organ}</td></tr>
<tr><td>名称</td><td colspan="3">{title}</td></tr></table>
<h1>{title}</h1><div class="sub">发布时间：2026-01-20 &nbsp; 来源：{report.organ} &nbsp; 浏览次数：<span>128</span></div>
<div class="TRS_Editor" id="zoom">{_body(report)}</div>
<div class="share">打印本页 关闭窗口</div></div>
<div class="side"><ul>{related}</ul></div>
<div class="footer"><p>主办单位：{report.organ}办公室 版权所有</p><p>网站标识码：0000000000</p></div>
<script>{script}</script></body></html>"""


def _body(report: Report) -> str:
    out = []
    for section in report.sections:
        if section.heading:
            out.append(
                f'<p class="MsoNormal" style="text-indent:32px"><strong><span style="{_FONT}">{section.heading}</span></strong></p>'
            )
        for line in section.text.split("\n"):
            if line:
                out.append(
                    f'<p class="MsoNormal" style="text-indent:32px"><span style="{_FONT}">{line}</span></p>'
                )
        if section.number in (2, 3, 4):
            out.append(_TABLES[section.number](report))
    return "\n".join(out)


def _text(report: Report, key: str) -> str:
    value = report.value(key)
    return format_number(value.amount) if value.known and value.raw.strip() else value.raw


def _table2(report: Report) -> str:
    rows = []
    for block in report.edition.table(2).blocks:
        span = 4 - len(block.columns)
        rows.append(f"<tr>{_td(block.heading, 'colspan=4')}</tr>")
        heads = "".join(_td(c.label, f'colspan="{span}"' if span > 1 else "") for c in block.columns)
        rows.append(f"<tr>{_td('信息内容')}{heads}</tr>")
        for row in block.rows:
            cells = "".join(
                _td(_text(report, f"t2.{row.key}.{c.key}"), f'colspan="{span}"' if span > 1 else "")
                for c in block.columns
            )
            rows.append(f"<tr>{_td(row.label)}{cells}</tr>")
    return f'<table border="0" cellspacing="0" cellpadding="0" width="638"><tbody>{"".join(rows)}</tbody></table>'


def _table3(report: Report) -> str:
    head = (
        f"<tr>{_td('（本列数据的勾稽关系为：第一项加第二项之和，<br/>等于第三项加第四项之和）', 'colspan=3 rowspan=3')}"
        f"{_td('申请人情况', 'colspan=7')}</tr>"
        f"<tr>{_td('自然人', 'rowspan=2')}{_td('法人或其他组织', 'colspan=5')}{_td('总计', 'rowspan=2')}</tr>"
        f"<tr>{''.join(_td(c.label) for c in APPLICANT_COLUMNS if c.group)}</tr>"
    )
    rows, opened = [head], set()
    template = report.edition.table(3).blocks[0].rows
    for row in template:
        labels = []
        for depth, label in enumerate(row.path):
            if row.path[: depth + 1] in opened:
                continue
            opened.add(row.path[: depth + 1])
            height = sum(other.path[: depth + 1] == row.path[: depth + 1] for other in template)
            last = depth == len(row.path) - 1
            attributes = (
                f'colspan="{3 - depth}"'
                if last and depth < 2
                else f'rowspan="{height}"'
                if height > 1
                else ""
            )
            labels.append(_td(label, attributes))
        cells = "".join(_td(_text(report, f"t3.{row.key}.{c.key}")) for c in APPLICANT_COLUMNS)
        rows.append(f"<tr>{''.join(labels)}{cells}</tr>")
    return f'<table border="0" cellspacing="0" cellpadding="0" width="638"><tbody>{"".join(rows)}</tbody></table>'


def _table4(report: Report) -> str:
    five = [c.label for c in REMEDY_COLUMNS]
    head = (
        f"<tr>{_td('行政复议', 'colspan=5')}{_td('行政诉讼', 'colspan=10')}</tr>"
        f"<tr>{''.join(_td(label[:2] + '<br/>' + label[2:], 'rowspan=2') for label in five)}"
        f"{_td('未经复议直接起诉', 'colspan=5')}{_td('复议后起诉', 'colspan=5')}</tr>"
        f"<tr>{''.join(_td(label) for label in five * 2)}</tr>"
    )
    cells = "".join(_td(_text(report, cell.key)) for cell in report.edition.cells if cell.table == 4)
    return f'<table border="0" cellspacing="0" cellpadding="0" width="638"><tbody>{head}<tr>{cells}</tr></tbody></table>'


_TABLES = {2: _table2, 3: _table3, 4: _table4}

__all__ = ["cms_page"]
