"""今天: what each app has for the user to do now, gathered from providers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any


class Kind(Enum):
    """The numbers, in their order. Five always stand on the board; the others only while they count something."""

    OVERDUE = ("overdue", "逾期")
    SOON = ("soon", "三日内到期")
    WEEK = ("week", "五日内到期")
    REVIEW = ("review", "待我审")
    WORK = ("work", "待我办")
    PAUSED = ("paused", "暂停中")
    FIX = ("fix", "问题待改")
    DRAFT = ("draft", "草稿")

    @property
    def always(self) -> bool:
        """Whether the number is shown even when it is nought."""
        return self.value[0] not in ("week", "work", "paused")

    @property
    def key(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Task:
    """One line: what, where to do it, by when (if there is a date), and why it is here."""

    kind: Kind
    title: str
    url: str
    reason: str = ""
    organ: str = ""
    due: date | None = None
    count: int = 1  # how many records the line stands for


Provider = Callable[[Any, date], Iterable[Task]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Adds a provider: ``provider(user, today)`` yields tasks within the user's scope. Usable as a decorator.

    A provider keeps to a fixed number of queries and gathers what is alike into one line with a count.
    """
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def gather(user: Any, today: date) -> list[Task]:
    """All tasks: overdue first, then by date, then by kind."""
    order = list(Kind)
    tasks = [task for provider in _PROVIDERS for task in provider(user, today)]
    return sorted(
        tasks, key=lambda t: (t.kind is not Kind.OVERDUE, t.due or date.max, order.index(t.kind), t.title)
    )
