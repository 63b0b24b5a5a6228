"""Coordinates for the drawings of a region: dot strips of a rate, a bar of outcomes per unit. 1 unit = 1 px."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.reports.region.gathering import Region, Unit
from gongkai.reports.region.measures import OUTCOMES, Share, percent
from gongkai.reports.region.spread import Spread

WIDTH, LEFT, ROOM = 520, 14, 492
RADIUS, STEP, FLOOR = 4, 8, 96
TALLEST = 10  # dots above one another before they overlap


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    unit: Unit
    value: str
    unusual: bool
    faint: bool  # its denominator is too small to compare by


@dataclass(frozen=True, slots=True)
class Box:
    """The quartiles."""

    x: float
    width: float
    median: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A rate over the units: dots stacked where rates fall together, the box of the quartiles below them."""

    share: Share
    spread: Spread | None
    dots: tuple[Dot, ...]
    box: Box | None
    small: int

    @property
    def words(self) -> str:
        """The drawing in one sentence."""
        s = self.spread
        if s is None:
            return f"{self.share.label}：没有单位的数量够作比较"
        return (
            f"{self.share.label}：{s.count} 个单位，最低 {percent(s.least)}，下四分位 {percent(s.lower)}，"
            f"中位数 {percent(s.median)}，上四分位 {percent(s.upper)}，最高 {percent(s.most)}"
        )


def _x(value: float) -> float:
    return round(LEFT + min(max(value, 0.0), 1.0) * ROOM, 1)


def strips(region: Region) -> list[Strip]:
    """One strip per rate that at least one unit has. Small denominators are drawn faintly and not reckoned with."""
    out = []
    for share in region.shares:
        dots = tuple(_dots(region, share))
        if not dots:
            continue
        known = region.spreads.get(share.key)
        box = None
        if known is not None:
            width = max(round((known.upper - known.lower) * ROOM, 1), 1.0)
            box = Box(_x(known.lower), width, _x(known.median))
        out.append(Strip(share, known, dots, box, sum(dot.faint for dot in dots)))
    return out


def _dots(region: Region, share: Share) -> list[Dot]:
    stacks: dict[int, int] = {}
    out = []
    for unit in sorted(region.counted, key=lambda u: not u.rated(share)):
        value = unit.share(share)
        if value is None:
            continue
        column = round(_x(value) / STEP)
        height = stacks.get(column, 0)
        stacks[column] = height + 1
        y = FLOOR - RADIUS - (height % TALLEST) * STEP
        unusual, faint = share.key in unit.unusual, not unit.rated(share)
        out.append(Dot(float(column * STEP), y, unit, percent(value), unusual, faint))
    return out


@dataclass(frozen=True, slots=True)
class Segment:
    key: str
    label: str
    number: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Card:
    """One unit among the small multiples."""

    unit: Unit
    segments: tuple[Segment, ...]

    @property
    def words(self) -> str:
        """The bar in one sentence."""
        return "，".join(f"{s.label} {s.number} 件" for s in self.segments) or "没有办理结果"


def card(unit: Unit, room: int = 200) -> Card:
    """The bar shows shares of the unit's own outcomes, so that a small unit can be read beside a large one."""
    figures = unit.figures or {}
    whole = sum(figures.get(key, 0) for key in OUTCOMES)
    x, out = 0.0, []
    for key, label in OUTCOMES.items():
        number = figures.get(key, 0)
        if number <= 0 or not whole:
            continue
        width = number / whole * room
        out.append(Segment(key, label, number, round(x, 1), round(max(width, 1.0), 1)))
        x += width
    return Card(unit, tuple(out))
