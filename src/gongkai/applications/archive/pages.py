"""卷内目录, 办理过程 and 合订本 as PDF/A, set by Typst beside the letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.applications import letters
from gongkai.applications.archive.contents import Contents, stamp
from gongkai.applications.desk.case.words import details, outcome_label
from gongkai.applications.letters.layout import sheet_of

_SOURCE = Path(letters.__file__).with_name("casefile.typ")


@dataclass(frozen=True)
class Table:
    """A table of a part: ``widths`` are shares of the line."""

    title: str
    widths: tuple[float, ...]
    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """One part, beginning on a page of its own."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()


def _plain(value: Any) -> Any:
    """Strings without what no font prints."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def set_pdf(contents: Contents, parts: Sequence[Part], *, with_letters: bool = False) -> bytes:
    """``parts``, and the letters after them. The same contents give the same bytes: the file's date is the last record's."""
    sheets = [sheet_of(letter).data() for letter in contents.letters] if with_letters else []
    data = {
        "fonts": families_by_face(),
        "title": f"依申请公开案卷 {contents.application}",
        "head": False,
        "number": str(contents.application),
        "parts": [_plain(asdict(part)) for part in parts],
        "sheets": _plain(sheets),
    }
    created = contents.records[-1].recorded_at if contents.records else contents.application.created_at
    return compile_pdf(_SOURCE, data, name="letters", created=created)


def cover(contents: Contents, rows: Sequence[tuple[str, ...]], volume: int) -> Part:
    """卷内目录 with what the case is."""
    case = contents.application
    facts = [
        ("全宗单位", case.organ.name),
        ("办件编号", str(case)),
        ("申请人", case.applicant.name),
        ("所需信息", case.description),
        ("收到申请", _day(case.received_on)),
        ("答复日期", _day(case.answered_on or case.closed_on)),
        ("办理结果", outcome_label(case.row) if case.row else ""),
        ("承办人", str(case.handler or "")),
    ]
    table = Table(
        "",
        (0.8, 4.6, 1.5, 0.9, 2.4),
        ("序号", "材料名称", "日期", "页数", "SHA-256（前 16 位）"),
        tuple(rows),
    )
    title = "卷内目录" if volume == 1 else f"卷内目录（补充卷 {volume - 1}）"
    remark = (
        f"办理记录共 {contents.chain['count']} 条，逐条衔接，末条摘要 {contents.chain['digest']}。"
        "各材料完整摘要见包内 manifest.json。"
    )
    return Part(title, tuple((k, v) for k, v in facts if v), (table,), (remark,))


def process(contents: Contents) -> Part:
    """办理过程: every record with what it says, deliveries, notes."""
    lines = tuple(
        (
            str(row.position),
            row.on.isoformat(),
            row.get_kind_display(),  # type: ignore[attr-defined]
            "；".join(f"{d.name}：{d.value}" for d in details(row.event())),
            row.actor_name,
        )
        for row in contents.records
    )
    tables = [Table("", (0.7, 1.6, 1.9, 5, 1.4), ("序号", "日期", "事项", "内容", "经办"), lines)]
    if contents.deliveries:
        tables.append(
            Table(
                "送达记录",
                (1.6, 3.4, 1.6, 3),
                ("日期", "文书", "方式", "邮件号、地点、凭证"),
                tuple(_delivery(d) for d in contents.deliveries),
            )
        )
    if contents.statements:
        tables.append(
            Table(
                "申请人补充提交",
                (2, 1.6, 6),
                ("时间", "类别", "内容"),
                tuple((stamp(s.at), s.get_kind_display(), s.text) for s in contents.statements),
            )
        )
    if contents.notes:
        tables.append(
            Table(
                "内部备注",
                (2, 1.4, 6),
                ("时间", "作者", "内容"),
                tuple((stamp(n.at), str(n.author), n.text) for n in contents.notes),
            )
        )
    return Part("办理过程", tables=tuple(tables))


def _delivery(row: Any) -> tuple[str, ...]:
    proof = f"凭证 {row.proof.digest[:16]}" if row.proof else ""
    facts = "；".join(filter(None, (row.get_carrier_display(), row.tracking, row.place, proof)))
    return (
        row.on.isoformat(),
        f"{row.letter.title} {row.letter.number}".strip(),
        row.get_way_display(),
        facts,
    )


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
