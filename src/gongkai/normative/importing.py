"""The register from a spreadsheet: every line is made or skipped with its reason; a dry run shows which."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from gongkai.applications.filetypes import recognise
from gongkai.normative.files import xlsx
from gongkai.normative.models import Topic
from gongkai.normative.services.registering import Existing, bulk_register, category_of
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of

MAX_ROWS = 20_000
#: Heading → field; the first five are needed.
COLUMNS = (
    ("制发机关", 24), ("类别", 14), ("标题", 60), ("发文字号", 22), ("印发日期", 12), ("成文日期", 12), ("施行日期", 12),
    ("公布日期", 12), ("有效期至", 12), ("修改日期", 12), ("修改说明", 24), ("失去效力日期", 14), ("失去效力方式", 14), ("主题分类", 14), ("主题词", 16),
    ("起草单位", 20), ("正文", 40),
)  # fmt: skip
NEEDED = ("制发机关", "类别", "标题", "印发日期")
_ENDS = {"废止": "repealed", "宣布失效": "declared_void", "失效": "declared_void"}


@dataclass(slots=True)
class Outcome:
    """What came of a file: how many were (or would be) made, and the lines left out with the reason."""

    made: int = 0
    skipped: list[tuple[int, str, str]] = field(default_factory=list)  # line, title, reason
    dry_run: bool = True


def template() -> bytes:
    """An empty sheet with the headings and one sample line."""
    sample = [
        "某区人民政府", "行政规范性文件", "关于印发《某区临时救助实施办法》的通知", "某政规发〔2024〕3号", date(2024, 5, 6), date(2024, 4, 30),
        date(2024, 6, 1), date(2024, 5, 8), date(2029, 5, 31), date(2025, 3, 1), "修改第五条", None, "", "民政、扶贫、救灾", "临时救助", "某区民政局", "",
    ]  # fmt: skip
    return xlsx("文件登记簿导入表", COLUMNS, [sample])


def _day(value: Any, name: str) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = (
        str(value)
        .strip()
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        raise ValidationError(f"{name}“{value}”不是日期，应写成 2024-05-06 的样子。") from None


def _existing(cells: dict[str, Any], line: int) -> Existing:
    for name in NEEDED:
        if cells.get(name) in (None, ""):
            raise ValidationError(f"缺少{name}。")
    text = {name: str(cells.get(name) or "").strip() for name, _ in COLUMNS}
    topic = next((value for value, label in Topic.choices if label == text["主题分类"]), "02")
    end_act = ""
    ended = _day(cells.get("失去效力日期"), "失去效力日期")
    if ended:
        end_act = _ENDS.get(text["失去效力方式"] or "废止", "")
        if not end_act:
            raise ValidationError(f"失去效力方式“{text['失去效力方式']}”不认识，应为废止、宣布失效之一。")
    issued = _day(cells["印发日期"], "印发日期")
    assert issued is not None
    return Existing(
        title=text["标题"],
        category=category_of(text["类别"]),
        issued_on=issued,
        number=text["发文字号"],
        formed_on=_day(cells.get("成文日期"), "成文日期"),
        effective_on=_day(cells.get("施行日期"), "施行日期"),
        published_on=_day(cells.get("公布日期"), "公布日期"),
        until=_day(cells.get("有效期至"), "有效期至"),
        amended_on=_day(cells.get("修改日期"), "修改日期"),
        amend_note=text["修改说明"],
        ended_on=ended,
        end_act=end_act,
        body=text["正文"],
        fields={"topic": topic, "keywords": text["主题词"][:120], "drafter": text["起草单位"][:120]},
        source=str(line),
    )


def _rows(data: bytes) -> list[tuple[int, dict[str, Any]]]:
    recognise(data)
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        lines = list(sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 20))
    except Exception:
        raise ValidationError("这个表打不开。请用 Excel 另存为 xlsx 后再导入。") from None
    for n, values in enumerate(lines[:10]):
        names = [str(v or "").strip() for v in values]
        if all(name in names for name in NEEDED):
            found = [(n + i + 2, dict(zip(names, row, strict=False))) for i, row in enumerate(lines[n + 1 :])]
            found = [
                (line, cells) for line, cells in found if any(v not in (None, "") for v in cells.values())
            ]
            if len(found) > MAX_ROWS:
                raise ValidationError(f"一次最多导入 {MAX_ROWS} 行，请分次导入。")
            return found
    raise ValidationError(f"没有找到表头。表头须有：{'、'.join(NEEDED)}。可以先下载导入表。")


def import_register(actor: Any, data: bytes, *, dry_run: bool = True, today: date | None = None) -> Outcome:
    """Reads an XLSX and registers what can be; the organ of each line must be one where ``actor`` may add.

    Raises ValidationError for a file that is no such sheet. Lines that fail are in ``skipped`` with their line number.
    """
    allowed = Organ.objects.filter(scope_of(actor).condition("", "normative", ["add"]))
    organs = {name: organ for organ in allowed for name in (organ.name, organ.short_name) if name}
    outcome = Outcome(dry_run=dry_run)
    by_organ: dict[int, tuple[Organ, list[Existing]]] = {}
    for line, cells in _rows(data):
        title = str(cells.get("标题") or "")[:80]
        try:
            row = _existing(cells, line)
            organ = organs.get(str(cells["制发机关"]).strip())
            if organ is None:
                raise ValidationError(f"制发机关“{cells['制发机关']}”不在您可以登记的机关里。")
        except ValidationError as problem:
            outcome.skipped.append((line, title, "；".join(problem.messages)))
            continue
        by_organ.setdefault(organ.pk, (organ, []))[1].append(row)
    for organ, rows in by_organ.values():
        made, skipped = bulk_register(actor, organ, rows, today=today, dry_run=dry_run)
        outcome.made += len(made)
        outcome.skipped += [(int(row.source), row.title[:80], reason) for row, reason in skipped]
    outcome.skipped.sort()
    return outcome


__all__ = ["COLUMNS", "MAX_ROWS", "Outcome", "import_register", "template"]
