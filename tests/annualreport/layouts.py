"""Layouts met on real pages (07 §1), printed from one report's figures. Each is a function from report to file text."""

from __future__ import annotations

from collections.abc import Callable

from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.schema import APPLICANT_COLUMNS, REMEDY_COLUMNS

COLUMNS = [c.key for c in APPLICANT_COLUMNS]
FIVE = [c.label for c in REMEDY_COLUMNS]
TITLES = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
          "五、存在的主要问题及改进情况", "六、其他需要报告的事项"]  # fmt: skip
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
Layout = Callable[[Report], str]


def number(report: Report, key: str) -> str:
    return format_number(report.value(key).amount)


def rows2(report: Report) -> list[list[str]]:
    """Table 2 as rows of text, headers included."""
    out: list[list[str]] = []
    for block in report.edition.table(2).blocks:
        out.append([block.heading])
        out.append(["信息内容", *(c.label for c in block.columns)])
        for row in block.rows:
            out.append([row.label, *(number(report, f"t2.{row.key}.{c.key}") for c in block.columns)])
    return out


def rows3(report: Report) -> list[tuple[tuple[str, ...], list[str]]]:
    """Table 3 as (labels from the outside in, seven values)."""
    rows = report.edition.table(3).blocks[0].rows
    return [(row.path, [number(report, f"t3.{row.key}.{c}") for c in COLUMNS]) for row in rows]


def values4(report: Report) -> list[str]:
    return [number(report, cell.key) for cell in report.edition.cells if cell.table == 4]


def text_of(report: Report, n: int) -> str:
    section = report.section(n)
    return section.text if section and section.text else ("本年度无其他事项。" if n == 6 else "工作平稳。")


# --- pages ---------------------------------------------------------------------------------------------------------------


def page(
    report: Report,
    t2: str,
    t3: str,
    t4: str,
    *,
    wrap: Callable[[str], str] = lambda body: body,
    head: str = "",
) -> str:
    def paragraphs(n: int) -> str:
        return "".join(f"<p>{line}</p>\n" for line in text_of(report, n).split("\n"))

    body = f"<h1>{report.title}</h1>\n"
    for n, table in ((1, ""), (2, t2), (3, t3), (4, t4), (5, ""), (6, "")):
        body += f"<p><strong>{TITLES[n - 1]}</strong></p>\n" + (table or paragraphs(n))
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{wrap(body)}</body></html>'


def cell(text: str, attributes: str = "", tag: str = "td") -> str:
    return f"<{tag} {attributes}>{text}</{tag}>"


def table(rows: list[str]) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>\n"


def t2_html(report: Report, c: Callable[..., str] = cell, single: str = "colspan") -> str:
    rows = []
    for line in rows2(report):
        if len(line) == 1:
            rows.append(c(line[0], 'colspan="4"'))
        elif len(line) == 2:
            more = {
                "colspan": c(line[1], 'colspan="3"'),
                "three": c(line[1]) + c("") + c(""),
                "same": c(line[1]) * 3,
            }[single]
            rows.append(c(line[0]) + more)
        else:
            rows.append("".join(c(x) for x in line))
    return table(rows)


def t3_html(
    report: Report, c: Callable[..., str] = cell, *, repeat: bool = False, extra: bool = False
) -> str:
    """``repeat``: every row carries its spanning labels again; ``extra``: an empty column after the labels."""
    template = report.edition.table(3).blocks[0].rows
    gap = c("") if extra else ""
    rows = [
        c(NOTE, 'colspan="3" rowspan="3"') + gap + c("申请人情况", 'colspan="7"'),
        gap + c("自然人", 'rowspan="2"') + c("法人或其他组织", 'colspan="5"') + c("总计", 'rowspan="2"'),
        gap + "".join(c(x.label) for x in APPLICANT_COLUMNS if x.group),
    ]
    opened: set[tuple[str, ...]] = set()
    for path, values in rows3(report):
        line = ""
        for depth, label in enumerate(path):
            prefix = path[: depth + 1]
            if prefix in opened and not repeat:
                continue
            opened.add(prefix)
            height = sum(row.path[: depth + 1] == prefix for row in template)
            last = depth == len(path) - 1
            line += c(
                label,
                f'colspan="{3 - depth}"'
                if last and depth < 2
                else f'rowspan="{height}"'
                if height > 1
                else "",
            )
        rows.append(line + gap + "".join(c(v) for v in values))
    return table(rows)


def t4_html(report: Report, c: Callable[..., str] = cell) -> str:
    return table([
        c("行政复议", 'colspan="5"') + c("行政诉讼", 'colspan="10"'),
        "".join(c(x, 'rowspan="2"') for x in FIVE) + c("未经复议直接起诉", 'colspan="5"') + c("复议后起诉", 'colspan="5"'),
        "".join(c(x) for x in FIVE * 2),
        "".join(c(x) for x in values4(report)),
    ])  # fmt: skip


def plain(report: Report) -> str:
    return page(report, t2_html(report), t3_html(report), t4_html(report))


def word(report: Report) -> str:
    """Word's filtered HTML: MsoNormal everywhere, labels over two paragraphs, an empty o:p where nothing stands."""

    def c(text: str, attributes: str = "") -> str:
        inner = text or "<o:p>&nbsp;</o:p>"
        if len(text) == 4 and not text.isdigit():
            inner = f"{text[:2]}</span></p>\n<p class=MsoNormal align=center><span lang=EN-US>{text[2:]}"
        return f"<td {attributes} valign=top><p class=MsoNormal align=center><span lang=EN-US style='font-size:9.0pt'>{inner}</span></p></td>"

    return page(
        report,
        t2_html(report, c),
        t3_html(report, c),
        t4_html(report, c),
        wrap=lambda b: f"<div class=WordSection1>{b}</div>",
    )


def repeated_rowspan(report: Report) -> str:
    return page(report, t2_html(report), t3_html(report, repeat=True), t4_html(report))


def extra_column(report: Report) -> str:
    return page(report, t2_html(report, single="three"), t3_html(report, extra=True), t4_html(report))


def same_in_three(report: Report) -> str:
    return page(report, t2_html(report, single="same"), t3_html(report), t4_html(report))


def layout_tables(report: Report) -> str:
    def wrap(body: str) -> str:
        side = "<td width=200><ul><li><a href=x>政府信息公开指南</a></li><li><a href=y>政府信息公开制度</a></li></ul></td>"
        return f"<table><tr><td colspan=2>您现在的位置：首页</td></tr><tr>{side}<td><table><tr><td><div>{body}</div></td></tr></table></td></tr></table>"

    return page(report, t2_html(report), t3_html(report), t4_html(report), wrap=wrap)


def nested_cells(report: Report) -> str:
    """A table of one cell inside every cell."""

    def c(text: str, attributes: str = "") -> str:
        return f"<td {attributes}><table><tr><td>{text}</td></tr></table></td>"

    return page(report, t2_html(report, c), t3_html(report, c), t4_html(report, c))


def table_per_row(report: Report) -> str:
    """One small table for each row, its columns renamed."""
    head = "<tr><td>项目</td>" + "".join(f"<td>数据{i}</td>" for i in range(1, 8)) + "</tr>"
    t3 = "".join(
        f"<table>{head}<tr><td>{path[-1]}</td>{''.join(cell(v) for v in values)}</tr></table>"
        for path, values in rows3(report)
    )
    t2 = "".join(
        table(["".join(cell(x) for x in line)]) if len(line) > 1 else f"<p>{line[0]}</p>"
        for line in rows2(report)
    )
    return page(report, t2, t3, t4_html(report))


def prose_page_in_cell(report: Report) -> str:
    """The whole article inside one table, a paragraph a row."""

    def paragraphs(n: int) -> str:
        return "".join(
            f"<tr><td colspan=2><p>{line}</p></td></tr>" for line in text_of(report, n).split("\n")
        )

    body = f"<tr><td colspan=2>{report.title}</td></tr>"
    for n, t in ((1, ""), (2, t2_html(report)), (3, t3_html(report)), (4, t4_html(report)), (5, ""), (6, "")):
        body += f"<tr><td colspan=2><b>{TITLES[n - 1]}</b></td></tr>"
        body += f"<tr><td colspan=2>{t}</td></tr>" if t else paragraphs(n)
    return f"<html><body><table>{body}</table></body></html>"


def loose_labels(report: Report) -> str:
    """Inner blanks, half-width brackets, numbering lost, 合计 for 总计, 其它 for 其他, quotes lost."""

    def c(text: str, attributes: str = "") -> str:
        for a, b in (("规章", "规 章"), ("（七）总计", "（七）合 计"), ("总计", "总　计"), ("“三安全一稳定”", "三安全一稳定"), ("其他", "其它"),
                     ("1.", ""), ("4.", "4． "), ("（", "("), ("）", ")"), ("第二十条第", "二十条第"), ("商业企业", "商业<br>企业")):  # fmt: skip
            text = text.replace(a, b)
        return f"<td {attributes}>{text}</td>"

    return page(report, t2_html(report, c), t3_html(report, c), t4_html(report, c))


def rows_shuffled(report: Report) -> str:
    """Outcome rows in another order, each with its full path."""
    lines = rows3(report)
    lines = [*lines[:2], *reversed(lines[2:-2]), *lines[-2:]]
    head = cell(NOTE) + cell("") + cell("") + "".join(cell(c.label) for c in APPLICANT_COLUMNS)
    rows = [head]
    for path, values in lines:
        rows.append(
            "".join(cell(x) for x in (*path, *[""] * (3 - len(path)))) + "".join(cell(v) for v in values)
        )
    return page(report, t2_html(report), table(rows), t4_html(report))


# --- text ----------------------------------------------------------------------------------------------------------------


def sheet(report: Report, t2: str, t3: str, t4: str, mark: str = "") -> str:
    out = [f"{mark and '# '}{report.title}", ""]
    for n, body in ((1, ""), (2, t2), (3, t3), (4, t4), (5, ""), (6, "")):
        out += [f"{mark}{TITLES[n - 1]}", "", body or text_of(report, n), ""]
    return "\n".join(out)


def pad(line: list[str], width: int) -> list[str]:
    return line + [""] * (width - len(line))


def markdown(report: Report, *, leading: bool = True, short: bool = False) -> str:
    def line(cells: list[str]) -> str:
        inner = " | ".join(cells)
        return f"| {inner} |" if leading else inner

    def block(rows: list[list[str]], width: int) -> str:
        lines = [line(r if short else pad(r, width)) for r in rows]
        return "\n".join([lines[0], line(["---"] * width), *lines[1:]])

    head = [[NOTE, "", "", "申请人情况"], ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"],
            ["", "", "", "", *(c.label for c in APPLICANT_COLUMNS if c.group), ""]]  # fmt: skip
    t3 = [*head, *([*pad(list(path), 3), *values] for path, values in rows3(report))]
    t4 = [
        ["行政复议", *[""] * 4, "行政诉讼"],
        [*FIVE, "未经复议直接起诉", "", "", "", "", "复议后起诉"],
        [*[""] * 5, *FIVE, *FIVE],
        values4(report),
    ]
    return sheet(report, block(rows2(report), 4), block(t3, 10), block(t4, 15), "## ")


def markdown_no_leading(report: Report) -> str:
    return markdown(report, leading=False)


def markdown_short(report: Report) -> str:
    return markdown(report, short=True)


def lone_pipes(report: Report) -> str:
    """Every cell and every pipe on a line of its own."""

    def block(rows: list[list[str]]) -> str:
        return "\n|\n".join(x for row in rows for x in row)

    t3 = [[c.label for c in APPLICANT_COLUMNS], *([*path, *values] for path, values in rows3(report))]
    t4 = [["行政复议", "行政诉讼"], FIVE, ["未经复议直接起诉", "复议后起诉"], FIVE * 2, values4(report)]
    return sheet(report, block(rows2(report)), block(t3), block(t4))


def cell_per_line(report: Report) -> str:
    """No separators at all."""

    def block(rows: list[list[str]]) -> str:
        return "\n".join(x for row in rows for x in row)

    opened: set[str] = set()
    t3 = [
        [NOTE],
        ["申请人情况"],
        ["自然人", "法人或其他组织", "总计"],
        [c.label for c in APPLICANT_COLUMNS if c.group],
    ]
    for path, values in rows3(report):
        t3.append([*(x for x in path if x not in opened), *values])
        opened |= set(path[:-1])
    t4 = [["行政复议", "行政诉讼"], FIVE, ["未经复议直接起诉", "复议后起诉"], FIVE * 2, values4(report)]
    return sheet(report, block(rows2(report)), block(t3), block(t4))


def columns_kept(report: Report) -> str:
    """A PDF's text with its columns kept apart by blanks; long labels wrapped, the numbers beside their first or second line."""

    def values(row: list[str]) -> str:
        return "".join(f"{v:>7}" for v in row)

    t2 = "\n".join("   " + "      ".join(line) for line in rows2(report))
    t3 = [
        f"{NOTE}    申请人情况",
        "      自然人     法人或其他组织     总计",
        "   " + "  ".join(c.label for c in APPLICANT_COLUMNS if c.group),
    ]
    for path, row in rows3(report):
        label = path[-1]
        if len(label) > 24:
            t3 += [f"    {label[:20]}", f"    {label[20:]}   {values(row)}"]
        else:
            t3.append(f"    {label}   {values(row)}")
    t4 = [
        "   行政复议                 行政诉讼",
        "   " + "  ".join(FIVE),
        "      未经复议直接起诉        复议后起诉",
        "  ".join(FIVE * 2),
        values(values4(report)),
    ]
    return sheet(report, t2, "\n".join(t3), "\n".join(t4))


def page_feet(report: Report) -> str:
    """Tab-separated, with page numbers and blank lines in the middle of table 3, the header repeated after them."""
    head = [
        "\t\t\t申请人情况",
        "\t\t\t自然人\t法人或其他组织\t\t\t\t\t总计",
        "\t\t\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t",
    ]
    lines = ["\t".join([*pad(list(path), 3), *values]) for path, values in rows3(report)]
    t3 = [*head, *lines[:9], "", "— 3 —", "", *head, *lines[9:20], "", "第 4 页 共 6 页", "", *lines[20:]]
    t4 = [
        "行政复议\t\t\t\t\t行政诉讼",
        "\t".join([*FIVE, "未经复议直接起诉", "", "", "", "", "复议后起诉"]),
        "\t" * 5 + "\t".join(FIVE * 2),
        "\t".join(values4(report)),
    ]
    return sheet(report, "\n".join("\t".join(x) for x in rows2(report)), "\n".join(t3), "\n".join(t4))


def html_in_markdown(report: Report) -> str:
    return sheet(report, t2_html(report), t3_html(report), t4_html(report), "## ")


def traditional(report: Report) -> str:
    from zhconv import convert

    return str(convert(plain(report), "zh-hant"))


def no_headers(report: Report) -> str:
    """Header rows lost altogether."""
    t3 = "\n".join("\t".join([*pad(list(path), 3), *values]) for path, values in rows3(report))
    t4 = "行政复议\t\t\t\t\t行政诉讼\n" + "\t".join(values4(report))
    return sheet(report, "\n".join("\t".join(x) for x in rows2(report) if x[0] != "信息内容"), t3, t4)


def stacked_header(report: Report) -> str:
    """Header characters one under the other."""

    def c(text: str, attributes: str = "") -> str:
        stacked = "<br/>".join(text) if text in FIVE or text in {x.label for x in APPLICANT_COLUMNS} else text
        return f"<td {attributes}>{stacked}</td>"

    return page(report, t2_html(report, c), t3_html(report, c), t4_html(report, c))


def remedies_in_rows(report: Report) -> str:
    """Table 4 as three rows of five."""
    v = values4(report)
    t4 = table([
        cell("") + "".join(cell(x) for x in FIVE), cell("行政复议") + "".join(map(cell, v[:5])),
        cell("行政诉讼（未经复议直接起诉）") + "".join(map(cell, v[5:10])), cell("行政诉讼（复议后起诉）") + "".join(map(cell, v[10:])),
    ])  # fmt: skip
    return page(report, t2_html(report), t3_html(report), t4)


def remedies_in_two(report: Report) -> str:
    """Table 4 as a table of five and one of ten."""
    v = values4(report)
    t4 = table([cell("行政复议", "colspan=5"), "".join(map(cell, FIVE)), "".join(map(cell, v[:5]))]) + table([
        cell("行政诉讼", "colspan=10"), cell("未经复议直接起诉", "colspan=5") + cell("复议后起诉", "colspan=5"),
        "".join(map(cell, FIVE * 2)), "".join(map(cell, v[5:])),
    ])  # fmt: skip
    return page(report, t2_html(report), t3_html(report), t4)


LAYOUTS: dict[str, Layout] = {
    f.__name__: f
    for f in (
        plain, word, repeated_rowspan, extra_column, same_in_three, layout_tables, nested_cells, table_per_row,
        prose_page_in_cell, loose_labels, rows_shuffled, markdown, markdown_no_leading, markdown_short, lone_pipes, cell_per_line,
        columns_kept, page_feet, html_in_markdown, traditional, no_headers, stacked_header, remedies_in_rows, remedies_in_two,
    )
}  # fmt: skip
