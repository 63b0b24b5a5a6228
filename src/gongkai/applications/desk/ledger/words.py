"""How a case reads on lists: the deadline in words with its colour, dates, the link to the case, text without numbers of
people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.applications import selectors
from gongkai.applications.models import Application
from gongkai.law.case import Status

WEEKDAYS: Final = "一二三四五六日"
SOON_DAYS: Final = 3
#: Numbers that must not leave the house in a list: identity, bank card, telephone, e-mail.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15,19}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?![0-9A-Za-z])"
)


@dataclass(frozen=True)
class Deadline:
    """``tone``: ok, soon, overdue, paused, done; ``text`` says the same in words; ``day`` is the date it speaks of."""

    tone: str
    text: str
    day: date | None = None

    def __str__(self) -> str:
        return f"{self.text} {long_day(self.day)}" if self.day else self.text

    def html(self) -> SafeString:
        """A coloured span; the words say what the colour says."""
        day = format_html(' <span class="gk-due__day">{}</span>', long_day(self.day)) if self.day else ""
        return format_html('<span class="gk-due gk-due--{}">{}{}</span>', self.tone, self.text, day)


def long_day(day: date | None) -> str:
    """11月30日（周一）, with the year where it is not this one of the calendar page: callers show it beside others."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）" if day else ""


def days_left(due: date, today: date) -> int:
    """Working days from ``today`` (not counted) to ``due``; negative when it has passed."""
    if today <= due:
        return selectors.calendar().working_days_between(today, due)
    return -selectors.calendar().working_days_between(due, today)


def _running(due: date, today: date, lead: str = "") -> Deadline:
    left = days_left(due, today)
    if today > due:
        return Deadline("overdue", f"{lead}已逾期 {max(-left, 1)} 个工作日", due)
    if left == 0:
        return Deadline("soon", f"{lead}今天到期", due)
    tone = "soon" if left <= SOON_DAYS else "ok"
    return Deadline("paused" if lead else tone, f"{lead}还有 {left} 个工作日", due)


def deadline(case: Application, today: date) -> Deadline:
    """What a list says of the case's deadline on ``today``, from the folded columns."""
    status = case.status
    if status == Status.SUBMITTED:
        return Deadline("paused", "待确认收到，尚未起算")
    if status == Status.CORRECTION:
        return Deadline("paused", "补正中，收到补正后重新计算")
    if status == Status.FEE:
        return Deadline("paused", "待缴费，缴费后重新计算")
    if status == Status.CONSULTING and case.due_on:
        return _running(case.due_on, today, "暂停计期，")
    if case.is_open:
        return _running(case.due_on, today) if case.due_on else Deadline("paused", "尚未起算")
    if case.answered_on:
        return (
            Deadline("overdue", "逾期答复", case.answered_on)
            if case.late
            else Deadline("done", "按期答复", case.answered_on)
        )
    return Deadline("done", "已终结", case.closed_on)


def case_url(pk: int) -> str:
    """The case screen."""
    return reverse("applications_case", args=[pk])


def scrub(text: str) -> str:
    """``text`` with identity, card and telephone numbers and e-mail addresses blotted out: applicants write them into the
    description, and a list or a spreadsheet is seen by many."""
    return _PERSONAL.sub("〔号码已隐去〕", text)
