"""One row of a spreadsheet as the fields of an item, or all the reasons why not. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from gongkai.publication import vocab
from gongkai.publication.intake.outline import Block


@dataclass(frozen=True, slots=True)
class Column:
    """A field: its heading in our workbook, what others call it, whether each row needs it, its width there."""

    key: str
    heading: str
    aliases: tuple[str, ...] = ()
    needed: bool = False
    width: int = 16
    choices: tuple[str, ...] = ()


def _labels(choices: Any) -> tuple[str, ...]:
    return tuple(label for _, label in choices.choices)


COLUMNS: Final = (
    Column("organ", "发布机构", ("发布单位", "单位", "部门", "机构", "公开主体"), width=22),
    Column("column", "栏目", ("栏目名称", "所属栏目", "频道", "分类"), width=18),
    Column("title", "标题", ("名称", "信息名称", "文章标题", "信息标题"), True, 50),
    Column("kind", "内容种类", ("种类",), choices=_labels(vocab.Kind)),
    Column("document_number", "发文字号", ("文号", "字号"), width=20),
    Column("formed_on", "成文日期", ("生成日期", "形成日期", "制发日期", "落款日期"), width=14),
    Column("published_at", "发布时间", ("发布日期", "公开日期", "公开时间", "发布时间（北京时间）"), width=18),
    Column("index_number", "索引号", ("信息索引号",), width=30),
    Column("issuer", "制作机关", ("发文机关", "制发机关"), width=20),
    Column("source", "信息来源", ("来源", "文章来源")),
    Column("author", "撰稿", ("作者", "责任编辑")),
    Column("topic_class", "主题分类", ("主题",), choices=vocab.TOPICS),
    Column("genre", "体裁", ("体裁分类", "公文种类", "文种"), choices=vocab.GENRES),
    Column("attribute", "公开属性", ("公开方式",), choices=_labels(vocab.Attribute)),
    Column("attribute_reason", "属性理由"),
    Column("summary", "内容概述", ("概述", "摘要", "简介"), width=40),
    Column("keywords", "主题词", ("关键词", "关键字")),
    Column("validity", "有效性", ("效力状态", "效力"), choices=_labels(vocab.Validity)),
    Column("effective_on", "施行日期", ("实施日期", "生效日期"), width=14),
    Column("expires_on", "失效日期", ("有效期至", "废止日期"), width=14),
    Column("old_url", "原网址", ("网址", "链接", "原地址", "URL", "url"), width=40),
    Column("body", "正文", ("内容", "正文内容", "信息内容"), width=60),
)  # fmt: skip
BY_KEY: Final = {c.key: c for c in COLUMNS}
_LIMITS: Final = {
    "title": 255, "document_number": 60, "index_number": 40, "issuer": 120, "source": 120, "author": 60, "keywords": 200,
    "summary": 500, "attribute_reason": 300,
}  # fmt: skip
_CHOICES: Final[dict[str, dict[str, str]]] = {
    "kind": {label: key for key, label in vocab.Kind.choices},
    "attribute": {label: key for key, label in vocab.Attribute.choices},
    "validity": {label: key for key, label in vocab.Validity.choices} | {"现行有效": "in_force", "废止": "repealed", "失效": "expired"},
    "topic_class": {t: t for t in vocab.TOPICS},
    "genre": {g: g for g in vocab.GENRES} | {"命令": "命令（令）", "令": "命令（令）"},
}  # fmt: skip
#: Kinds with questions of their own cannot come from a row; the closest general form takes them.
_DATE = re.compile(
    r"^(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?(?:\.\d+)?$"
)
_EPOCH: Final = date(1899, 12, 30)
_FIRST: Final = date(1949, 10, 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row stays out, and what to do about it."""

    reason: str
    advice: str


@dataclass(slots=True)
class Row:
    """A row: its line in the sheet, its values by field, its problems (none when it can move)."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Of a web page: (member, name shown, what reads it) of its files, and what its person must know though it moves.
    files: list[tuple[str, str, Callable[[], bytes | None]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: The cleaned text of a row that can move.
    blocks: list[Block] = field(default_factory=list)

    def refuse(self, reason: str, advice: str) -> None:
        self.problems.append(Problem(reason, advice))


#: check(row) → problems beyond the form: personal data and the like.
Check = Callable[[Row], Iterable[Problem]]


def guess_mapping(headings: Iterable[str]) -> dict[str, int]:
    """Field → number of the column (from 0) whose heading says so; each column once."""
    names = [re.sub(r"[\s*＊（(].*$", "", h.strip()) if h else "" for h in headings]
    found: dict[str, int] = {}
    for column in COLUMNS:
        for name in (column.heading, *column.aliases):
            at = next((n for n, h in enumerate(names) if h == name and n not in found.values()), None)
            if at is not None:
                found[column.key] = at
                break
    return found


def moment(value: Any) -> datetime | None:
    """A cell as date and time (naive; midnight where only a day stands). None for nothing; raises ValueError else."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip().replace("：", ":")
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return datetime(int(text[:4]), int(text[4:6]), int(text[6:]))
    if isinstance(value, (int, float)) and 15_000 < value < 80_000:
        # A date whose format was lost: days since the epoch of spreadsheets.
        return datetime.combine(_EPOCH, time()) + timedelta(minutes=round(float(value) * 1440))
    match = _DATE.match(text)
    if not match:
        raise ValueError(text)
    return datetime(*(int(g) for g in match.groups(default="0")))  # type: ignore[arg-type]


def read_row(line: int, cells: tuple[Any, ...], mapping: dict[str, int], today: date) -> Row:
    """The row with its values, form checked; organ, column and duplicates are judged by whoever knows the database."""
    row = Row(line)
    for column in COLUMNS:
        at = mapping.get(column.key)
        value = cells[at] if at is not None and at < len(cells) else None
        if value in (None, "") or (isinstance(value, str) and not value.strip()):
            if column.needed:
                row.refuse(f"缺少{column.heading}", f"在“{column.heading}”一列补上。")
            continue
        _take(row, column, value)
    _dates(row, today)
    return row


def _take(row: Row, column: Column, value: Any) -> None:
    key = column.key
    if key in ("formed_on", "published_at", "effective_on", "expires_on"):
        try:
            found = moment(value)
        except ValueError:
            row.refuse(
                f"{column.heading}“{str(value)[:30]}”不是日期", "写成 2024-05-06 或者 2024-05-06 09:30。"
            )
            return
        row.values[key] = found if key == "published_at" or found is None else found.date()
        return
    text = str(value).strip()
    if key in _CHOICES:
        known = _CHOICES[key].get(text)
        if known is None:
            row.refuse(
                f"{column.heading}“{text[:30]}”不在规定的选项里",
                f"从模板“选项”工作表里的{column.heading}中选一个。",
            )
            return
        text = known
    if key == "old_url":
        text = old_path(text)
        if not text or len(text) > 500:
            row.refuse("原网址不是网址", "写成 http://…… 的完整网址，或者以 / 开头的路径；没有就留空。")
            return
    if len(text) > _LIMITS.get(key, len(text)):
        row.refuse(f"{column.heading}超过 {_LIMITS[key]} 字", f"把{column.heading}缩短后再导入。")
        return
    row.values[key] = " ".join(text.split()) if key in ("title", "organ", "column") else text


def _dates(row: Row, today: date) -> None:
    values = row.values
    published = values.get("published_at")
    if "formed_on" not in values and not row.problems:
        if published is None:
            row.refuse("成文日期和发布时间都没有", "至少补上一个：公开期限从成文日期起算。")
            return
        values["formed_on"] = published.date()
    formed = values.get("formed_on")
    for name, day in (("成文日期", formed), ("发布时间", published.date() if published else None)):
        if day and not _FIRST <= day <= today:
            row.refuse(f"{name} {day} 不合理", "应在 1949-10-01 以后、今天以前，请核对年份。")
    if formed and published and published.date() < formed:
        row.refuse("发布时间早于成文日期", "核对两个日期，常见的是年份填错或者两列对调。")


def old_path(address: str) -> str:
    """The path (with the question part) by which a request for the old address comes in; "" for no address."""
    address = address.strip()
    if address.startswith("//"):
        address = "http:" + address
    parts = urlsplit(address)
    if parts.scheme not in ("", "http", "https") or (not parts.scheme and not address.startswith("/")):
        return ""
    path = unquote(parts.path) or "/"
    if path == "/" and not parts.query:
        return ""  # the front page of the old site is no item
    return f"{path}?{parts.query}" if parts.query else path
