"""What the readers hand to the judges, and what the judges say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a hit weighs."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {"block": "必须处理", "warn": "请核对", "note": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and where it stands; ``hidden`` says why a reader of the screen would not see it."""

    place: str
    text: str
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of (place of the cell, text)."""

    place: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding. ``text`` is masked; ``kind`` is the key of ``KINDS``."""

    kind: str
    place: str
    text: str
    severity: Severity
    advice: str = ""

    @property
    def key(self) -> str:
        """What an override names: the same hit in the same version has the same key."""
        return hashlib.sha256(f"{self.kind}|{self.place}|{self.text}".encode()).hexdigest()[:16]

    def row(self) -> dict[str, str]:
        return {
            "key": self.key, "kind": self.kind, "place": self.place, "text": self.text,
            "severity": self.severity.value, "advice": self.advice,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A line of the word list."""

    text: str
    kind: str
    advice: str = ""
    severity: Severity = Severity.WARN


@dataclass(slots=True)
class Reading:
    """Everything read out of one file."""

    pieces: list[Piece] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    #: Why part of the file was not read; "" when all of it was.
    limit: str = ""


KINDS: dict[str, str] = {
    "id": "居民身份证号码",
    "id_old": "疑似旧身份证号码",
    "card": "银行卡号",
    "mobile": "手机号码",
    "phone": "固定电话",
    "email": "电子邮箱",
    "plate": "车牌号码",
    "address": "家庭住址",
    "people": "人员名单",
    "word": "用词",
    "outdated": "机构旧称",
    "risk": "风险用语",
    "markup": "修订和批注",
    "hidden": "隐藏内容",
    "meta": "文件属性",
    "location": "拍摄位置",
    "link": "失效链接",
    "alt": "替代文字",
    "header": "表头",
    "copied": "照抄文件",
    "plain": "通俗易懂",
    "unread": "未能检查",
}
