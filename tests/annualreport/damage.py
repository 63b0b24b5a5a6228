"""Reports as they should not be printed but are: cells lost, rows missing, tables cut, doubled or replaced by an image."""

from __future__ import annotations

import re

from gongkai.annualreport.model import Report
from gongkai.annualreport.schema import APPLICANT_COLUMNS

from .layouts import (
    FIVE,
    TITLES,
    cell,
    markdown,
    pad,
    page,
    plain,
    rows2,
    rows3,
    sheet,
    t2_html,
    t3_html,
    t4_html,
    table,
    values4,
)


def _t2(report: Report) -> str:
    return "\n".join("\t".join(line) for line in rows2(report))


def _t4(report: Report) -> str:
    return "行政复议\n" + "\t".join(values4(report))


def without_zeros(values: list[str]) -> list[str]:
    """Blank for zero, all but the total."""
    return ["" if value == "0" else value for value in values[:-1]] + values[-1:]


def labels_then_numbers(report: Report) -> str:
    t3 = (
        "\n".join(path[-1] for path, _ in rows3(report))
        + "\n"
        + "\n".join(" ".join(v) for _, v in rows3(report))
    )
    return sheet(
        report, _t2(report), t3, "行政复议\n" + "\n".join(FIVE) + "\n行政诉讼\n" + "\n".join(values4(report))
    )


def labels_then_one_stream(report: Report) -> str:
    t3 = (
        "\n".join(path[-1] for path, _ in rows3(report))
        + "\n"
        + "\n".join(x for _, v in rows3(report) for x in v)
    )
    return sheet(report, _t2(report), t3, _t4(report))


def blank_cells(report: Report) -> str:
    """Zeros left blank, the cells kept."""

    def c(text: str, attributes: str = "") -> str:
        return f"<td {attributes}>{'' if text == '0' else text}</td>"

    return page(report, t2_html(report, c), t3_html(report, c), t4_html(report, c))


def blank_tabs(report: Report) -> str:
    t3 = "\n".join("\t".join([*pad(list(path), 3), *without_zeros(v)]) for path, v in rows3(report))
    return sheet(report, _t2(report), t3, _t4(report))


def leading_cells_lost(report: Report) -> str:
    """Zeros left blank, blank cells before the label lost in every other row, two blank ones after the last."""
    lines = []
    for i, (path, v) in enumerate(rows3(report)):
        labels = [path[-1]] if i % 2 else pad(list(path), 3)
        lines.append("\t".join([*labels, *without_zeros(v), "", ""]))
    return sheet(report, _t2(report), "\n".join(lines), _t4(report))


def blanks_lost(report: Report) -> str:
    """One cell a line, blank ones gone: most rows cannot be told any more."""
    t3 = "\n".join(x for path, v in rows3(report) for x in [path[-1], *(y for y in without_zeros(v) if y)])
    return sheet(report, _t2(report), t3, _t4(report))


def subtotals(report: Report) -> str:
    rows, seen = [], set()
    for path, values in rows3(report):
        if len(path) == 3 and path[1] not in seen:
            seen.add(path[1])
            rows.append(cell(path[1]) + cell("小计") + cell("77") * 7)
        rows.append("".join(map(cell, path)) + "".join(map(cell, values)))
    return page(report, t2_html(report), table(rows), t4_html(report))


_CUT = '</tr>\n<tr><td rowspan="3">（四）'


def cut_in_two(report: Report) -> str:
    t3 = t3_html(report)
    assert _CUT in t3
    return page(
        report,
        t2_html(report),
        t3.replace(_CUT, "</tr></table><p>- 4 -</p><table>" + _CUT[6:]),
        t4_html(report),
    )


def cut_with_header(report: Report) -> str:
    t3 = t3_html(report)
    head = "</tr>\n".join(t3.split("</tr>\n")[:3]).replace("<table>", "") + "</tr>"
    return page(
        report,
        t2_html(report),
        t3.replace(_CUT, "</tr></table><p>- 4 -</p><table>" + head + _CUT[6:]),
        t4_html(report),
    )


MISREAD = {
    "属于国家秘密": "属于国家秘蜜", "信访举报投诉类": "信访举报投拆类", "本年废止件数": "本年废上件数", "行政强制": "行政强治",
    "结转下年度继续办理": "结转下年度继续办埋",
}  # fmt: skip


def misread(report: Report) -> str:
    text = plain(report)
    for right, wrong in MISREAD.items():
        text = text.replace(right, wrong)
    return text


def labels_lost(report: Report) -> str:
    return plain(report).replace("5.属于三类内部事务信息", "").replace("6.属于四类过程性信息", "")


def image_for_table3(report: Report) -> str:
    return re.sub(
        r"(?s)<table>(?:(?!</table>).)*自然人.*?</table>", '<p><img src="t3.png"></p>', plain(report)
    )


def table3_missing(report: Report) -> str:
    return re.sub(r"(?s)<table>(?:(?!</table>).)*自然人.*?</table>", "", plain(report))


def columns(report: Report, order: list[int]) -> str:
    rows = [cell("") * 3 + "".join(cell(APPLICANT_COLUMNS[i].label) for i in order)]
    for path, values in rows3(report):
        rows.append("".join(map(cell, pad(list(path), 3))) + "".join(cell(values[i]) for i in order))
    return page(report, t2_html(report), table(rows), t4_html(report))


def total_first(report: Report) -> str:
    return columns(report, [6, 0, 1, 2, 3, 4, 5])


def column_missing(report: Report) -> str:
    return columns(report, [0, 1, 3, 4, 5, 6])


def _repeat_row(report: Report, times: int, change: tuple[str, str] = ("", "")) -> str:
    t3 = t3_html(report)
    start = t3.index("<tr><td >2.重复申请")
    end = t3.index("</tr>", start) + 5
    row = t3[start:end]
    copies = "".join([row, row.replace(*change, 1) if change[0] else row][:times])
    return page(report, t2_html(report), t3[:start] + copies + t3[end:], t4_html(report))


def row_missing(report: Report) -> str:
    return _repeat_row(report, 0)


def row_doubled(report: Report) -> str:
    return _repeat_row(report, 2, ("<td >0</td>", "<td >9</td>"))


def everything_twice(report: Report) -> str:
    return page(report, t2_html(report) * 2, t3_html(report) * 2, t4_html(report) * 2)


def label_around_numbers(report: Report) -> str:
    """Kept columns of a PDF: the group's name at half height, the numbers beside it, the row's label above and below."""
    out = []
    for path, values in rows3(report):
        numbers, label = "".join(f"{x:>6}" for x in values), path[-1]
        if path[1:2] == ("（六）其他处理",) and len(label) > 24:
            out += [
                f"            {label[:18]}",
                f" （六）其他           {numbers}",
                f"   处理      {label[18:]}",
            ]
        else:
            out.append(f"   {label}   {numbers}")
    return sheet(report, _t2(report), "\n".join(out), _t4(report))


def contents_list(report: Report) -> str:
    return markdown(report).replace(
        "## 一、",
        "目 录\n" + "\n".join(f"{t}........{i}" for i, t in enumerate(TITLES, 1)) + "\n\n## 一、",
        1,
    )


def contents_then_preamble(report: Report) -> str:
    preamble = f"依据条例编制本报告，统计期限自{report.year}年1月1日至12月31日。"
    return markdown(report).replace(
        "## 一、", "目录\n" + "\n\n".join(TITLES) + f"\n\n{preamble}\n\n## 一、", 1
    )


def commas(report: Report) -> str:
    t4 = "行政复议,,,,,行政诉讼\n" + ",".join(FIVE) + "\n" + ",".join(values4(report))
    return sheet(
        report,
        "\n".join(",".join(x) for x in rows2(report)),
        "\n".join(",".join([*p, *v]) for p, v in rows3(report)),
        t4,
    )


#: Every cell can still be read: figures must come out exactly.
READABLE = {
    f.__name__: f
    for f in (
        labels_then_numbers, labels_then_one_stream, blank_cells, blank_tabs, leading_cells_lost, subtotals, cut_in_two,
        cut_with_header, misread, labels_lost, total_first, everything_twice, label_around_numbers, contents_list,
        contents_then_preamble, commas, row_doubled,
    )
}  # fmt: skip
