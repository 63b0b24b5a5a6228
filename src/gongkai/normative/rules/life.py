"""The life of a document as a list of dated acts, folded: what stage it is in, and what held on any date.

起草 → 征求意见 → 合法性审核 → 集体审议 → 登记编号印发 → 公布 → 备案 → 修改 / 废止 / 失效 / 宣布失效 (sheet 05 §9). Nothing is edited:
an entry made by mistake is struck out by a later one that names it. Every date is the day on which the act takes effect, not
the day somebody typed it.

A document ends once. Counted by ``issued_on`` and ``ended_on``, the stock at the end of a year is the stock at its beginning
plus what was issued less what ended, whatever the acts were: the identity of table 2 cannot be broken (R6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Act(StrEnum):
    """What can happen to a document."""

    DRAFTED = "drafted"
    CONSULTED = "consulted"
    REVIEWED = "reviewed"
    DELIBERATED = "deliberated"
    ISSUED = "issued"
    PUBLISHED = "published"
    FILED = "filed"
    KEPT = "kept"
    EXTENDED = "extended"
    AMENDED = "amended"
    PARTLY_ENDED = "partly_ended"
    REPEALED = "repealed"
    DECLARED_VOID = "declared_void"
    EXPIRED = "expired"
    STRUCK = "struck"


LABELS = {
    Act.DRAFTED: "起草",
    Act.CONSULTED: "征求意见",
    Act.REVIEWED: "合法性审核",
    Act.DELIBERATED: "集体审议",
    Act.ISSUED: "登记编号印发",
    Act.PUBLISHED: "公布",
    Act.FILED: "备案",
    Act.KEPT: "清理后继续有效",
    Act.EXTENDED: "延长有效期",
    Act.AMENDED: "修改",
    Act.PARTLY_ENDED: "部分条款失效",
    Act.REPEALED: "废止",
    Act.DECLARED_VOID: "宣布失效",
    Act.EXPIRED: "有效期届满失效",
    Act.STRUCK: "撤销误登",
}
#: The acts before issue, in the order they must be done.
PREPARATION = (Act.DRAFTED, Act.CONSULTED, Act.REVIEWED, Act.DELIBERATED)
#: The acts that end a document by somebody's decision.
ENDING = frozenset({Act.REPEALED, Act.DECLARED_VOID})
#: What can only happen to a document that was issued and has not ended.
LIVING = frozenset({Act.KEPT, Act.EXTENDED, Act.AMENDED, Act.PARTLY_ENDED, *ENDING})


class Validity(StrEnum):
    """效力状态 (sheet 05 §9); ``NONE`` before issue."""

    NONE = ""
    PENDING = "pending"
    VALID = "valid"
    AMENDED = "amended"
    PARTLY = "partly"
    REPEALED = "repealed"
    EXPIRED = "expired"

    @property
    def in_stock(self) -> bool:
        """Whether the document counts as 现行有效: issued and not ended."""
        return self in (Validity.PENDING, Validity.VALID, Validity.AMENDED, Validity.PARTLY)


VALIDITY_LABELS = {
    Validity.NONE: "未印发",
    Validity.PENDING: "尚未施行",
    Validity.VALID: "有效",
    Validity.AMENDED: "已修改",
    Validity.PARTLY: "部分失效",
    Validity.REPEALED: "废止",
    Validity.EXPIRED: "失效",
}


class LifeError(ValueError):
    """An act that contradicts what is recorded; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One act. ``effective`` goes with ISSUED; ``until`` (the last day of validity) with ISSUED and EXTENDED;
    ``strikes`` is the ``id`` of the entry that STRUCK takes back."""

    id: int
    act: Act
    on: date
    effective: date | None = None
    until: date | None = None
    strikes: int | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """What the acts amount to. ``ended_on`` is the first day on which the document no longer holds."""

    done: frozenset[Act] = frozenset()
    issued_on: date | None = None
    effective_on: date | None = None
    published_on: date | None = None
    filed_on: date | None = None
    amended_on: date | None = None
    partly_on: date | None = None
    valid_until: date | None = None
    decided_end: date | None = None
    decided_act: Act | None = None

    @property
    def ended_on(self) -> date | None:
        """The first day after the document's validity, by decision or by its own term, whichever comes first."""
        expiry = self.valid_until + ONE_DAY if self.valid_until else None
        return min((day for day in (expiry, self.decided_end) if day), default=None)

    @property
    def end_act(self) -> Act | None:
        """How it ends: REPEALED, DECLARED_VOID or EXPIRED; None while no end is in sight."""
        if self.ended_on is None:
            return None
        return self.decided_act if self.ended_on == self.decided_end else Act.EXPIRED

    @property
    def stage(self) -> Act:
        """The furthest step reached on the way to issue."""
        if self.issued_on:
            return Act.ISSUED
        return next((act for act in reversed(PREPARATION) if act in self.done), Act.DRAFTED)

    def alive(self, on: date) -> bool:
        """Whether it is issued and not ended on that day."""
        return (
            self.issued_on is not None
            and self.issued_on <= on
            and not (self.ended_on is not None and self.ended_on <= on)
        )


def standing(events: Iterable[LifeEvent]) -> list[LifeEvent]:
    """The entries that were not struck out, in the order they were recorded.

    Raises LifeError where an entry strikes one that does not stand before it.
    """
    kept: dict[int, LifeEvent] = {}
    for event in events:
        if event.act is not Act.STRUCK:
            kept[event.id] = event
        elif event.strikes is None or kept.pop(event.strikes, None) is None:
            raise LifeError("要撤销的记录不存在，或者已经撤销。")
    return list(kept.values())


def fold(events: Iterable[LifeEvent]) -> Life:
    """The life that ``events`` (as recorded) amount to. Raises LifeError for acts that contradict each other."""
    life = Life()
    for event in standing(events):
        life = _apply(life, event)
    return life


def _apply(life: Life, event: LifeEvent) -> Life:
    act, on = event.act, event.on
    if act in PREPARATION and life.issued_on:
        raise LifeError(f"文件已经印发，不能再登记“{LABELS[act]}”。")
    if act not in PREPARATION and act is not Act.ISSUED:
        if life.issued_on is None:
            raise LifeError(f"文件还没有印发，不能登记“{LABELS[act]}”。")
        if on < life.issued_on:
            raise LifeError(f"“{LABELS[act]}”的日期 {on} 早于印发日期 {life.issued_on}。")
    if act in LIVING and life.ended_on is not None and on >= life.ended_on:
        raise LifeError(f"文件已于 {life.ended_on} 失去效力，不能再登记“{LABELS[act]}”。")
    life = replace(life, done=life.done | {act})
    match act:
        case Act.ISSUED:
            return _issue(life, event)
        case Act.PUBLISHED:
            return replace(life, published_on=life.published_on or on)
        case Act.FILED:
            return replace(life, filed_on=on)
        case Act.AMENDED:
            return replace(life, amended_on=min(life.amended_on or on, on))
        case Act.PARTLY_ENDED:
            return replace(life, partly_on=min(life.partly_on or on, on))
        case Act.EXTENDED | Act.KEPT:
            return _extend(life, event)
        case Act.REPEALED | Act.DECLARED_VOID:
            return _end(life, event)
        case Act.EXPIRED if life.ended_on is None or on < life.ended_on:
            raise LifeError("文件的有效期没有届满。")
    return life


def _issue(life: Life, event: LifeEvent) -> Life:
    if life.issued_on:
        raise LifeError("文件已经印发过。")
    if event.until and event.until < event.on:
        raise LifeError(f"有效期截止日期 {event.until} 早于印发日期 {event.on}。")
    return replace(
        life, issued_on=event.on, effective_on=event.effective or event.on, valid_until=event.until
    )


def _extend(life: Life, event: LifeEvent) -> Life:
    if event.act is Act.KEPT and event.until is None:
        return life
    if event.until is not None and life.valid_until and event.until <= life.valid_until:
        raise LifeError(f"新的截止日期应晚于原定的 {life.valid_until}。")
    if event.until is not None and event.until < event.on:
        raise LifeError(f"新的截止日期 {event.until} 早于登记这件事的日期 {event.on}。")
    return replace(life, valid_until=event.until)


def _end(life: Life, event: LifeEvent) -> Life:
    if life.decided_end is not None:
        raise LifeError(
            f"文件已定于 {life.decided_end} {LABELS[life.decided_act or Act.REPEALED]}，不能再次登记。"
        )
    return replace(life, decided_end=event.on, decided_act=event.act)


def validity(life: Life, on: date) -> Validity:
    """What held on that day."""
    if life.issued_on is None or on < life.issued_on:
        return Validity.NONE
    if not life.alive(on):
        return Validity.REPEALED if life.end_act is Act.REPEALED else Validity.EXPIRED
    if life.effective_on and on < life.effective_on:
        return Validity.PENDING
    if life.partly_on and on >= life.partly_on:
        return Validity.PARTLY
    if life.amended_on and on >= life.amended_on:
        return Validity.AMENDED
    return Validity.VALID


@dataclass(frozen=True, slots=True)
class Stock:
    """Opening and closing stock of a year and what moved it."""

    opening: int = 0
    issued: int = 0
    ended: int = 0
    closing: int = 0

    @property
    def residual(self) -> int:
        """opening + issued − ended − closing: 0, or the register is not what it claims to be."""
        return self.opening + self.issued - self.ended - self.closing


def period(year: int, today: date | None = None) -> tuple[date, date]:
    """First and last day of what counts for ``year``; a year that still runs ends with ``today``."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return first, max(first - ONE_DAY, min(last, today)) if today else last


def stock(lives: Iterable[Life], year: int, today: date | None = None) -> Stock:
    """Table 2 over ``lives``, one by one: the yardstick for the set-based counts."""
    first, last = period(year, today)
    lives = list(lives)
    return Stock(
        opening=sum(life.alive(first - ONE_DAY) for life in lives),
        issued=sum(bool(life.issued_on and first <= life.issued_on <= last) for life in lives),
        ended=sum(bool(life.ended_on and first <= life.ended_on <= last) for life in lives),
        closing=sum(life.alive(last) for life in lives),
    )
