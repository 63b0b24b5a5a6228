"""What is filed and how long it is kept: the classes of files, the periods, and the codes in a file's number.

The number follows the structure of DA/T 22—2015 (全宗号-门类·年度-保管期限-机构或问题-件号). Periods are those of
《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）: 永久, 30年, 10年. The defaults below are a starting point; an
organ enters its own approved 保管期限表 in the desk, and that one holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import models

PERIODS_SOURCE: Final = "《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）"


class Matter(models.TextChoices):
    """The kinds of matters with a file of their own (inventory M18)."""

    APPLICATION = "application", "依申请公开"
    DOCUMENT = "document", "公开文件"
    REPORT = "report", "年度报告"
    FINDING = "finding", "监督检查"
    OTHER = "other", "其他材料"


class Retention(models.TextChoices):
    """How long a file is kept; the value is the code in its number."""

    PERMANENT = "Y", "永久"
    THIRTY = "D30", "30年"
    TEN = "D10", "10年"


class Secrecy(models.TextChoices):
    """What may be known of a file. State secrets are not kept on this platform at all."""

    OPEN = "open", "公开"
    INTERNAL = "internal", "内部"
    WORK_SECRET = "work_secret", "工作秘密"


@dataclass(frozen=True)
class MatterRule:
    """Codes of a class in the number, and the period that holds until the organ enters its own."""

    category: str  # 门类代码
    code: str  # 机构或问题代码
    retention: Retention
    source: str


MATTERS: Final[dict[Matter, MatterRule]] = {
    Matter.APPLICATION: MatterRule("ZY", "YSQ", Retention.THIRTY, PERIODS_SOURCE),
    Matter.DOCUMENT: MatterRule("WS", "GKWJ", Retention.PERMANENT, PERIODS_SOURCE),
    Matter.REPORT: MatterRule("WS", "NDBG", Retention.PERMANENT, PERIODS_SOURCE),
    Matter.FINDING: MatterRule("ZY", "JDJC", Retention.TEN, PERIODS_SOURCE),
    Matter.OTHER: MatterRule("WS", "QT", Retention.TEN, PERIODS_SOURCE),
}
YEARS: Final = {Retention.THIRTY: 30, Retention.TEN: 10}


def keep_until(year: int, retention: str) -> date | None:
    """The last day of the period, which runs from the year after ``year``; None for 永久."""
    years = YEARS.get(Retention(retention))
    return None if years is None else date(year + years, 12, 31)


def catalogue_number(fonds: str, matter: str, year: int, retention: str, serial: int, volume: int = 1) -> str:
    """ "Z12-ZY·2026-D30-YSQ-0001"; a supplementary volume ends in "-B1", "-B2" …"""
    rule = MATTERS[Matter(matter)]
    number = f"{fonds}-{rule.category}·{year}-{retention}-{rule.code}-{serial:04d}"
    return number if volume == 1 else f"{number}-B{volume - 1}"
