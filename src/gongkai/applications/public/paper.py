"""The application form on paper and the receipt: DOCX and PDF with one content (条例第二十九条)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.applications.models import Application
from gongkai.applications.public.forms import FORMS_WANTED, ROUTES_WANTED
from gongkai.applications.public.identity import ID_CARD
from gongkai.law.case import APPLICANT_LABELS
from gongkai.organs.models import Organ

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYP = Path(__file__).with_name("paper.typ")
#: (label over several rows, label, what is printed to be filled in, height of the row in mm)
Row = tuple[str, str, str, int]


@dataclass(frozen=True)
class Sheet:
    """What is printed: title, a line below it, rows of a form, notes."""

    title: str
    sub: str
    rows: list[Row]
    notes: list[str]
    big: list[tuple[str, str]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        return {
            "fonts": families_by_face(),
            "title": self.title,
            "sub": self.sub,
            "rows": [list(row) for row in self.rows],
            "notes": self.notes,
            "big": [list(pair) for pair in self.big],
        }


def _boxes(words: tuple[str, ...]) -> str:
    return "　".join(f"□{word}" for word in words)


def blank_form(organ: Organ | None) -> Sheet:
    """The form to be filled in by hand. Without an organ its name is left to be written."""
    groups = tuple(APPLICANT_LABELS.values())[1:]
    rows: list[Row] = [
        ("申请人（自然人）", "姓名", "", 11),
        ("申请人（自然人）", "证件名称、号码", f"{ID_CARD}：", 11),
        ("申请人（法人或者其他组织）", "类别", _boxes(groups), 11),
        ("申请人（法人或者其他组织）", "名称", "", 11),
        ("申请人（法人或者其他组织）", "统一社会信用代码", "", 11),
        ("申请人（法人或者其他组织）", "法定代表人、联系人", "", 11),
        ("联系方式", "电话、电子邮箱", "", 11),
        ("联系方式", "通信地址、邮政编码", "", 13),
        ("代理人（没有的不填）", "姓名、证件号码、电话", "", 11),
        ("所需政府信息", "名称、文号或者其他特征性描述", "", 40),
        ("所需政府信息", "提供形式", _boxes(FORMS_WANTED), 11),
        ("所需政府信息", "获取途径", _boxes(ROUTES_WANTED), 13),
        ("其他", "电子送达", "□同意以电子方式送达答复和通知", 11),
        ("其他", "阅读困难需要的协助", "", 11),
        ("签名或者盖章", "", "年　　月　　日", 14),
    ]
    notes = [
        "申请人应当附身份证明；委托代理人的，附授权委托书和双方身份证明。",
        "描述要便于机关查询。不需要说明用途。一件申请只写一件事，几件事请分别申请。",
        "申请内容不明确的，机关在收到之日起 7 个工作日内一次告知补正（条例第三十条）；能够当场答复的当场答复，"
        "不能当场答复的自收到之日起 20 个工作日内答复，经批准并告知申请人可以延长，最长 20 个工作日（条例第三十三条）。",
        "以上个人信息只用于办理这件申请（个人信息保护法第三十四条、第三十五条）。",
    ]
    sub = f"受理机关：{organ.name}" if organ else "受理机关：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"
    return Sheet("政府信息公开申请表", sub, rows, notes)


def _receipt_sheet(application: Application, code: str, dates: dict[str, Any], where: str) -> Sheet:
    day = "{0.year}年{0.month}月{0.day}日".format
    rows: list[Row] = [
        ("", "受理机关", application.organ.name, 9),
        ("", "申请人", application.applicant.masked_name, 9),
        ("", "提交日期", day(application.submitted_on), 9),
        ("", "申请内容", application.summary(120), 9),
    ]
    if dates:
        rows.append(("", "机关应当确认收到", f"不迟于{day(dates['confirm'])}", 9))
        rows.append(
            (
                "",
                "预计答复期限",
                f"{day(dates['answer'])}（自双方确认收到之日起 20 个工作日，按确认的最后一日推算）",
                9,
            )
        )
    notes = [
        f"凭回执号和查询码在 {where} 查询进度、提交补正、下载答复书、撤回申请。",
        "查询码只显示一次，机关也查不到，请妥善保管。",
        "互联网提交的申请，以双方确认之日为收到申请之日（条例第三十一条），答复期限从那一天起算。",
    ]
    return Sheet("政府信息公开申请回执", "", rows, notes, [("回执号", application.receipt), ("查询码", code)])


def receipt_pdf(application: Application, code: str, dates: dict[str, Any], where: str) -> bytes:
    """The receipt with the query code, to keep; ``where`` is the address of the page that takes them."""
    return compile_pdf(_TYP, _receipt_sheet(application, code, dates, where).data(), name="sheet")


def blank_pdf(organ: Organ | None = None) -> bytes:
    """The form as PDF, one page of A4."""
    return compile_pdf(_TYP, blank_form(organ).data(), name="sheet")


def blank_docx(organ: Organ | None = None) -> bytes:
    """The form as DOCX, to be typed into."""
    sheet = blank_form(organ)
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(16)
    document.core_properties.title, document.core_properties.author = sheet.title, ""
    _paragraph(document.add_paragraph(), sheet.title, 18, "黑体", center=True)
    _paragraph(document.add_paragraph(), sheet.sub, 12, "宋体")
    table = document.add_table(rows=0, cols=3)
    table.style = "Table Grid"
    first: dict[str, Any] = {}
    for group, label, text, height in sheet.rows:
        row = table.add_row()
        row.height = Mm(height)
        for cell, width in zip(row.cells, (Mm(26), Mm(40), Mm(100)), strict=True):
            cell.width = width
        if group in first:
            first[group].merge(row.cells[0])
        else:
            first[group] = row.cells[0]
            _paragraph(row.cells[0].paragraphs[0], group, 10.5, "宋体")
        _paragraph(row.cells[1].paragraphs[0], label, 10.5, "宋体")
        _paragraph(row.cells[2].paragraphs[0], text, 10.5, "宋体")
    for number, note in enumerate(sheet.notes, 1):
        _paragraph(document.add_paragraph(), f"{number}．{note}", 9, "宋体")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraph(paragraph: Any, text: str, size: float, face: str, *, center: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
    paragraph.paragraph_format.space_after = Pt(2)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


FORMATS: dict[str, tuple[str, Callable[[Organ | None], bytes]]] = {
    "pdf": ("application/pdf", blank_pdf),
    "docx": (DOCX, blank_docx),
}
