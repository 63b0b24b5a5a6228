"""What a page of a fixed layout (PDF, OFD) shows, as numbers: characters with their boxes and ruling lines.

Coordinates are in points from the top left corner of the page as displayed, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

_THIN = 3.0  # a stroke or filled rectangle thinner than this is a line
_SHORT = 3.0  # shorter strokes are decoration


@dataclass(slots=True)
class Char:
    """A character with its box: ``x0`` < ``x1`` along the line, ``y0`` < ``y1`` downwards, ``size`` in points."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line: at ``at``, from ``start`` to ``end`` along the other axis."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    pictured: bool = False  # pictures cover a good part of it
    unmapped: int = 0  # characters without a Unicode value

    def add_stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Take in a stroke by its bounding box, if it is a ruling line."""
        if y1 - y0 <= _THIN and x1 - x0 >= _SHORT:
            self.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THIN and y1 - y0 >= _SHORT:
            self.vertical.append(Rule((x0 + x1) / 2, y0, y1))

    def add_path(self, points: list[tuple[float, float]], *, stroked: bool, filled: bool) -> None:
        """Take in a run of straight lines: a thin shape is one ruling, an outline as many as it has sides."""
        if len(points) < 2:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if min(x1 - x0, y1 - y0) <= _THIN:
            if stroked or filled:
                self.add_stroke(x0, y0, x1, y1)
        elif stroked:
            for (ax, ay), (bx, by) in pairwise(points):
                self.add_stroke(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
