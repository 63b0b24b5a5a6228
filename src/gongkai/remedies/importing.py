"""Past remedies from an Excel sheet: every row through the services, so that a trial run finds what the real one would."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zipfile import BadZipFile

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from gongkai.applications.filetypes import recognise
from gongkai.applications.models import Application
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.remedies.kinds import Instance, Kind, Result, Step
from gongkai.remedies.models import Remedy
from gongkai.remedies.policies import MODULE
from gongkai.remedies.services import Notified, Outcome, record_result, register_remedy, take_step

#: Heading, width in characters, whether it must be filled.
COLUMNS: Final = (
    ("机构名称", 26, True), ("类别", 28, True), ("审级", 8, False), ("收到通知日期", 14, True),
    ("复议机关或者人民法院", 26, True), ("案号", 24, False), ("涉及的申请", 26, True), ("申请人或者原告", 16, False),
    ("答复举证日期", 14, False), ("结果", 26, False), ("审结日期", 14, False), ("文书号", 24, False),
    ("收到文书日期", 14, False), ("履行日期", 14, False), ("结案日期", 14, False), ("上一审级案号", 24, False),
    ("起诉前复议案号", 24, False), ("被纠正的原因", 40, False), ("警示", 40, False),
)  # fmt: skip
HEADINGS: Final = tuple(heading for heading, _, _ in COLUMNS)
MOST_ROWS: Final = 2000
MOST_BYTES: Final = 5 * 1024 * 1024


class SheetError(ValueError):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass
class Line:
    """One row of the sheet: its number there, its values by heading, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    remedy: Remedy | None = None


def template() -> bytes:
    """An empty sheet with headings, choices and one line that says what belongs where."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "复议诉讼"
    sheet.append(list(HEADINGS))
    for index, (heading, width, needed) in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, index)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F6E3DF" if needed else "EEF2F8")
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = width
        choices = {"类别": Kind.labels, "审级": Instance.labels, "结果": Result.labels}.get(heading)
        if choices:
            rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{MOST_ROWS}")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> list[Line]:
    """The rows of the first sheet. Raises SheetError for what is no such sheet, too large, or empty."""
    if len(content) > MOST_BYTES:
        raise SheetError(f"文件过大，上限 {MOST_BYTES // 1024 // 1024} MB。请分年度导入。")
    try:
        known = recognise(content).extension == ".xlsx"
    except ValidationError as problem:
        raise SheetError("；".join(problem.messages)) from None
    if not known:
        raise SheetError("这不是 Excel（.xlsx）。请用“下载模板”得到的表格填写。")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise SheetError("打不开这个文件。请用“下载模板”得到的 Excel（.xlsx）填写。") from None
    try:
        return list(_lines(book.worksheets[0]))
    finally:
        book.close()


def _lines(sheet: Any) -> Iterator[Line]:
    rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=len(COLUMNS) + 20, values_only=True)
    first = next(rows, ())
    head = [str(cell or "").strip() for cell in first]
    missing = [heading for heading, _, needed in COLUMNS if needed and heading not in head]
    if missing:
        raise SheetError(f"第一行缺少栏目：{'、'.join(missing)}。请用“下载模板”得到的表格填写。")
    found = 0
    for number, row in enumerate(rows, start=2):
        values = {name: cell for name, cell in zip(head, row, strict=False) if name in HEADINGS}
        if all(cell is None or str(cell).strip() == "" for cell in values.values()):
            continue
        found += 1
        if found > MOST_ROWS:
            raise SheetError(f"一次最多导入 {MOST_ROWS} 行，请分年度导入。")
        yield Line(number, values)
    if not found:
        raise SheetError("表格里没有内容：请从第二行起，每件一行。")


def run(actor: Any, lines: list[Line], *, commit: bool, today: date) -> bool:
    """Put every row on record, all or none; a trial run takes everything back. Whether all rows are sound.

    What is wrong is written to each line's ``problems``. Cases are not opened again and nobody is told: it is history.
    """
    sound = True
    with transaction.atomic():
        for line in lines:
            try:
                with transaction.atomic():
                    line.remedy = _one(actor, line, today)
            except (ValidationError, PermissionDenied) as problem:
                line.problems += _said(problem)
                sound = False
        if not (commit and sound):
            transaction.set_rollback(True)
    if not (commit and sound):
        for line in lines:
            line.remedy = None
    return sound


def _said(problem: ValidationError | PermissionDenied) -> list[str]:
    return list(problem.messages) if isinstance(problem, ValidationError) else [str(problem)]


def _text(line: Line, heading: str) -> str:
    value = line.values.get(heading)
    return " ".join(str(value).split()) if value is not None else ""


def _day(line: Line, heading: str) -> date | None:
    value = line.values.get(heading)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = (
        str(value)
        .strip()
        .rstrip("日")
        .replace("年", "-")
        .replace("月", "-")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        return date(*(int(part) for part in text.split("-")))
    except (ValueError, TypeError):
        raise ValidationError(f"“{heading}”看不出是哪一天：{value}。请写成 2025-03-06。") from None


def _choice(line: Line, heading: str, choices: Any) -> str:
    text = _text(line, heading)
    if not text:
        return ""
    for value, label in choices.choices:
        if text in (label, value):
            return str(value)
    raise ValidationError(f"“{heading}”没有“{text}”这一项，可填：{'、'.join(choices.labels)}。")


def _organ(actor: Any, line: Line) -> Organ:
    name = _text(line, "机构名称")
    scope = scope_of(actor).condition("", MODULE, ["add"])
    rows = Organ.objects.filter(scope)
    found = rows.filter(name=name).first() or rows.filter(short_name=name).first() if name else None
    if found is None:
        raise ValidationError(f"“机构名称”“{name}”不在您的职责范围内，或者与机构设置里的名称不同。")
    return found


def _linked(organ: Organ, number: str, kinds: Callable[[Any], Any], heading: str) -> Remedy | None:
    if not number:
        return None
    found = kinds(Remedy.objects.filter(organ=organ, number=number)).order_by("-pk").first()
    if found is None:
        raise ValidationError(f"“{heading}”{number} 没有登记过；请把它排在前面的行。")
    return found  # type: ignore[no-any-return]


def _one(actor: Any, line: Line, today: date) -> Remedy:
    organ = _organ(actor, line)
    kind, received = _choice(line, "类别", Kind), _day(line, "收到通知日期")
    if (
        not kind
        or received is None
        or not _text(line, "涉及的申请")
        or not _text(line, "复议机关或者人民法院")
    ):
        needed = [h for h, _, must in COLUMNS if must and not _text(line, h)]
        raise ValidationError(f"没有填写：{'、'.join(needed)}。")
    case_number = _text(line, "涉及的申请")
    case = Application.objects.filter(organ=organ, number=case_number).select_related("organ").first()
    instance = _choice(line, "审级", Instance)
    told = Notified(
        kind=kind,
        instance=(instance or Instance.FIRST) if kind != Kind.RECONSIDERATION else "",
        received_on=received,
        authority=_text(line, "复议机关或者人民法院"),
        number=_text(line, "案号"),
        application=case,
        case_text="" if case else case_number[:120],
        applicant_name=_text(line, "申请人或者原告"),
        earlier=_linked(
            organ,
            _text(line, "上一审级案号"),
            lambda rows: rows.exclude(kind=Kind.RECONSIDERATION),
            "上一审级案号",
        ),
        reconsideration=_linked(
            organ,
            _text(line, "起诉前复议案号"),
            lambda rows: rows.filter(kind=Kind.RECONSIDERATION),
            "起诉前复议案号",
        ),
    )
    remedy = register_remedy(actor, organ, told, today=today)
    replied = _day(line, "答复举证日期")
    if replied:
        take_step(actor, remedy, Step.REPLIED, replied, today=today)
    _result(actor, remedy, line, today)
    return remedy


def _result(actor: Any, remedy: Remedy, line: Line, today: date) -> None:
    result, decided = _choice(line, "结果", Result), _day(line, "审结日期")
    if not result and not decided:
        return
    if not result or decided is None:
        raise ValidationError("“结果”和“审结日期”要么都填，要么都不填（尚未审结）。")
    outcome = Outcome(
        result=result,
        decided_on=decided,
        document=_text(line, "文书号"),
        served_on=_day(line, "收到文书日期"),
        correction_reason=_text(line, "被纠正的原因"),
        reopen=False,
    )
    record_result(actor, remedy, outcome, today=today)
    complied, closed = _day(line, "履行日期"), _day(line, "结案日期")
    if complied:
        take_step(actor, remedy, Step.COMPLIED, complied, today=today)
    if _text(line, "警示"):
        take_step(
            actor, remedy, Step.LESSON, closed or decided, data={"lesson": _text(line, "警示")}, today=today
        )
    if closed:
        take_step(actor, remedy, Step.CLOSED, closed, today=today)
