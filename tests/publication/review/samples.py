"""Files with something in a corner. Numbers are made up and carry right check digits."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(body: str = "64030219800101123") -> str:
    """``body`` (17 digits) with its check digit."""
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def card_number(body: str = "622202160300123456") -> str:
    """``body`` with its Luhn digit."""
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (1 if place % 2 else 2)
        total += digit - 9 if digit > 9 else digit
    return body + str(-total % 10)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(hidden: str = "", **places: str) -> bytes:
    """A subsidy table; ``places`` says what to put where (sheet, row, column, comment, name, author)."""
    book = Workbook()
    sheet = book.active
    sheet.title = "汇总"
    sheet.append(["村名", "户数", "金额（元）"])
    sheet.append(["清河村", 12, 24000])
    if hidden:
        back = book.create_sheet("附表2")
        back["A12"] = hidden
        back.sheet_state = "hidden"
    if "row" in places:
        sheet["A5"] = places["row"]
        sheet.row_dimensions[5].hidden = True
    if "column" in places:
        sheet["H3"] = places["column"]
        sheet.column_dimensions["H"].hidden = True
    if "comment" in places:
        sheet["B2"].comment = Comment(places["comment"], "某某")
    if "name" in places:
        book.defined_names["户主"] = DefinedName("户主", attr_text=f'"{places["name"]}"')
    book.properties.creator = places.get("author", "")
    return saved(book)


def people(*heads: str, rows: list[list[str]] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.append(["高龄津贴发放名单"])
    sheet.append(list(heads))
    for row in rows or []:
        sheet.append(row)
    return saved(book)


def document(**places: str) -> bytes:
    """A notice; ``places``: body, header, hidden, deleted, comment, author, table."""
    paper = Document()
    paper.core_properties.author = places.get("author", "")
    paper.add_paragraph(places.get("body", "关于做好防汛工作的通知"))
    if "header" in places:
        paper.sections[0].header.paragraphs[0].text = places["header"]
    if "hidden" in places:
        paper.add_paragraph().add_run(places["hidden"]).font.hidden = True
    if "table" in places:
        cell = paper.add_table(1, 2).cell(0, 1)
        cell.text = places["table"]
    data = saved(paper)
    if "deleted" in places:
        mark = f'<w:p><w:del w:id="9" w:author="某某"><w:r><w:delText>{places["deleted"]}</w:delText></w:r></w:del></w:p>'
        data = replaced(data, "word/document.xml", "<w:sectPr", mark + "<w:sectPr")
    if "custom" in places:
        data = added(data, "customXml/item9.xml", f"<a><b>{places['custom']}</b></a>")
    return data


def replaced(data: bytes, name: str, old: str, new: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == name:
                content = content.decode().replace(old, new, 1).encode()
            target.writestr(item.filename, content)
    return out.getvalue()


def added(data: bytes, name: str, content: str | bytes) -> bytes:
    out = io.BytesIO()
    out.write(data)
    with zipfile.ZipFile(out, "a") as box:
        box.writestr(name, content)
    return out.getvalue()
