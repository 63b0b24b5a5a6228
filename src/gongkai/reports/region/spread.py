"""How a rate lies over the units: median, quartiles, and what falls far outside. No database.

Far outside is beyond one and a half times the distance of the quartiles (Tukey's fences), which needs no assumption of
how rates are distributed and is not pulled by the unusual values themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: With fewer rated units quartiles say nothing about a region.
LEAST_UNITS = 8
FENCE = 1.5


@dataclass(frozen=True, slots=True)
class Spread:
    """Of shares between 0 and 1. ``low`` and ``high`` are the fences, None with too few units to judge by."""

    count: int
    least: float
    lower: float
    median: float
    upper: float
    most: float
    low: float | None
    high: float | None

    def side(self, value: float) -> str:
        """``low``, ``high`` or "" within the fences."""
        if self.low is not None and value < self.low:
            return "low"
        return "high" if self.high is not None and value > self.high else ""


def quantile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between the neighbours, of sorted ``values``. Raises IndexError for none."""
    place = (len(values) - 1) * share
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def spread(values: Sequence[float]) -> Spread | None:
    """None where there is no value."""
    if not values:
        return None
    ordered = sorted(values)
    lower, median, upper = (quantile(ordered, q) for q in (0.25, 0.5, 0.75))
    reach = FENCE * (upper - lower)
    # Where half the units have the very same rate, every other value would be "outside".
    judged = len(ordered) >= LEAST_UNITS and reach > 0
    return Spread(
        len(ordered), ordered[0], lower, median, upper, ordered[-1],
        lower - reach if judged else None, upper + reach if judged else None,
    )  # fmt: skip
