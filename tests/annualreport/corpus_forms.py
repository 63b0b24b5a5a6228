"""HTML, text and Markdown as portals, word processors and extractors leave them (07 §1)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from html import escape

from gongkai.annualreport.model import Report
from gongkai.annualreport.writers.layout import PrintCell, PrintTable
from gongkai.annualreport.writers.plan import Part, parts, title_of, value_of, value_text


def cell_text(report: Report, cell: PrintCell) -> str:
    return value_text(value_of(report, cell.key)) if cell.role == "value" else cell.text


# --- HTML ------------------------------------------------------------------------------------------------------------


def _table(report: Report, table: PrintTable, cell: str, attributes: str = "", extra: str = "") -> str:
    """``cell`` is a pattern with {span} and {text}; ``extra`` is appended to every row."""
    rows = []
    for row in table.rows:
        cells = "".join(
            cell.format(
                span=f' rowspan="{c.rowspan}" colspan="{c.colspan}"'
                if (c.rowspan, c.colspan) != (1, 1)
                else "",
                text=escape(cell_text(report, c)),
            )
            for c in row
        )
        rows.append(f"<tr>{cells}{extra}</tr>")
    return f"<table{attributes}>{''.join(rows)}</table>"


def html_word(report: Report, rng: random.Random) -> bytes:
    """Word's "filtered HTML", in GB18030 labelled gb2312, an empty cell as ``<o:p>&nbsp;</o:p>``."""
    para = '<p class=MsoNormal style="text-indent:32.0pt"><span style="font-size:16.0pt;font-family:仿宋">{}<o:p></o:p></span></p>'
    cell = (
        '<td{span} style="border:solid windowtext 1.0pt;padding:0cm 5.4pt">'
        '<p class=MsoNormal align=center><span lang=EN-US style="font-size:10.5pt">{text}</span></p></td>'
    )
    out = [
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv=Content-Type content="text/html; charset=gb2312"><title></title></head>'
        f"<body lang=ZH-CN><div class=WordSection1>{para.format(escape(title_of(report)))}"
    ]
    for part in parts(report):
        out += [para.format(f"<b>{escape(part.heading)}</b>")] if part.heading else []
        out += [para.format(escape(text)) for text in part.paragraphs]
        if part.table:
            html = _table(report, part.table, cell, " class=MsoNormalTable border=1 cellspacing=0")
            out.append(html.replace("></span></p></td>", "><o:p>&nbsp;</o:p></span></p></td>"))
    return ("\n".join(out) + "</div></body></html>").encode("gb18030")


def html_layout_tables(report: Report, rng: random.Random) -> bytes:
    """A portal page of the table-layout age: navigation, metadata table and body, all in tables within tables."""
    meta = (
        "<table class='xxgk'><tr><td>索引号：</td><td>64030200/2026-00017</td><td>发布机构：</td>"
        f"<td>{escape(report.organ or '')}</td></tr><tr><td>名　　称：</td><td colspan=3>{escape(title_of(report))}</td></tr></table>"
    )
    body = "".join(_simple_part(report, part, "<td{span}><span>{text}</span></td>") for part in parts(report))
    page = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>政府信息公开年报-门户网站</title>"
        "<style>.x{color:red}</style><script>var a='<table><tr><td>0</td></tr></table>';</script></head><body>"
        "<table width=1000><tr><td><a href='/'>首页</a></td><td><a href='/zwgk'>政务公开</a></td><td><a href='/hd'>互动交流</a></td></tr></table>"
        f"<table width=1000><tr><td>{meta}<table><tr><td><h1>{escape(title_of(report))}</h1></td></tr>"
        f"<tr><td><div class='TRS_Editor'>{body}</div></td></tr></table></td></tr></table></body></html>"
    )
    return page.encode()


def _simple_part(report: Report, part: Part, cell: str, **options: str) -> str:
    out = f"<p><strong>{escape(part.heading)}</strong></p>" if part.heading else ""
    out += "".join(f"<p>　　{escape(text)}</p>" for text in part.paragraphs)
    return out + (_table(report, part.table, cell, **options) if part.table else "")


def _page(report: Report, body: str) -> bytes:
    title = escape(title_of(report))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head>"
        f"<body><h1>{title}</h1>{body}</body></html>"
    ).encode()


def html_extra_column(report: Report, rng: random.Random) -> bytes:
    """An empty column at the right of every table, as left by a spreadsheet pasted into an editor."""
    cell = "<td{span}><p>{text}</p></td>"
    body = "".join(_simple_part(report, part, cell, extra="<td>&nbsp;</td>") for part in parts(report))
    return _page(report, body)


def html_table_per_row(report: Report, rng: random.Random) -> bytes:
    """Every data row a table of its own, with its innermost label and its figures."""
    body = []
    for part in parts(report):
        body.append(_simple_part(report, Part(part.number, part.heading, part.paragraphs), ""))
        if part.table is None:
            continue
        for row in part.table.rows:
            cells = "".join(
                f"<td rowspan=1 colspan={c.colspan}>{escape(cell_text(report, c))}</td>" for c in row
            )
            body.append(f"<table border=1><tbody><tr>{cells}</tr></tbody></table>")
    return _page(report, "".join(body))


# --- text ------------------------------------------------------------------------------------------------------------


def _rows(report: Report, table: PrintTable) -> Iterator[list[str]]:
    """Rows of texts; a cell continued from above is an empty text, a colspan is one text."""
    for i, row in enumerate(table.rows):
        out: list[tuple[int, str]] = [(c.column, cell_text(report, c)) for c in row]
        for cell in table.cells():
            if cell.row < i < cell.row + cell.rowspan:
                out.append((cell.column, ""))
        yield [text for _, text in sorted(out, key=lambda item: item[0])]


def _text(report: Report, heading: str, draw: object) -> bytes:
    assert callable(draw)
    out = [f"{heading.format(title_of(report))}\n"]
    for part in parts(report):
        out += [heading.format(part.heading) + "\n"] if part.heading else []
        out += [text + "\n" for text in part.paragraphs]
        if part.table:
            out += ["\n".join(draw(part.table)) + "\n"]
    return "\n".join(out).encode()


def text_tabs(report: Report, rng: random.Random) -> bytes:
    """Tab separated; the empty leading cells of merged labels are now and then lost."""

    def draw(table: PrintTable) -> Iterator[str]:
        for i, row in enumerate(_rows(report, table)):
            # Only continued labels are lost: a first value that is blank would leave no trace.
            labels = sum(1 for c in table.cells() if c.role == "row" and c.row <= i < c.row + c.rowspan)
            while labels > 1 and not row[0] and rng.random() < 0.3:
                row, labels = row[1:], labels - 1
            yield "\t".join(row) + rng.choice(("", "", "\t"))

    return _text(report, "# {}", draw)


def markdown_pipes(report: Report, rng: random.Random) -> bytes:
    return _pipes(report, "| ", " |")


def markdown_no_leading_pipe(report: Report, rng: random.Random) -> bytes:
    return _pipes(report, "", "")


def _pipes(report: Report, before: str, after: str) -> bytes:
    def draw(table: PrintTable) -> Iterator[str]:
        for i, row in enumerate(_rows(report, table)):
            yield before + " | ".join(row) + after
            if i == 0:
                yield before + " | ".join(["---"] * table.columns) + after

    return _text(report, "## {}", draw)


def text_cell_per_line(report: Report, rng: random.Random) -> bytes:
    """Each cell on a line of its own and nothing between."""

    def draw(table: PrintTable) -> Iterator[str]:
        for cell in table.cells():
            yield cell_text(report, cell)

    return _text(report, "{}", draw)
