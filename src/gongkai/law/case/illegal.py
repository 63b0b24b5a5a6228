"""The refusal of an event."""

from __future__ import annotations

from gongkai.law.case.events import Event
from gongkai.law.cite import Citation


class IllegalEvent(ValueError):
    """An event the law or the order of things refuses.

    ``reason`` is a Chinese sentence, ``cite`` the article (or None), ``event`` what was refused and
    ``position`` its place in the list, counted from 1.
    """

    def __init__(
        self, reason: str, source: Citation | None = None, event: Event | None = None, position: int = 0
    ) -> None:
        self.reason = reason
        self.cite = source
        self.event = event
        self.position = position
        super().__init__(reason)

    def __str__(self) -> str:
        where = f"第 {self.position} 条“{self.event.label}”（{self.event.on}）：" if self.event else ""
        law = f"（{self.cite}）" if self.cite else ""
        return f"{where}{self.reason}{law}"
