"""纠错率 and 败诉率 with what they are made of, and the lessons drawn (domain sheet 06 C21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet

from gongkai.organs.models import Organ
from gongkai.remedies.kinds import SUITS, Kind
from gongkai.remedies.models import Remedy
from gongkai.remedies.table4 import RESULT_COLUMNS, closed_in, remedies_of, table4


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its numerator and denominator."""

    label: str
    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """The share, None where nothing was decided."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def __str__(self) -> str:
        """One decimal for the screen, "—" where nothing was decided."""
        if not self.denominator:
            return "—"
        permille = (2000 * self.numerator + self.denominator) // (2 * self.denominator)
        return f"{permille // 10}.{permille % 10}%"


def rates_of(cells: Mapping[str, int]) -> tuple[Rate, Rate]:
    """纠错率 of reconsiderations and 败诉率 of suits from the cells of one table 4.

    Denominator: what was decided in the year and is counted; what is pending is not. Both kinds of suit together.
    """

    def rate(label: str, kinds: tuple[Kind, ...]) -> Rate:
        closed = sum(cells[f"t4.{kind.value}.{column}"] for kind in kinds for column in RESULT_COLUMNS)
        lost = sum(cells[f"t4.{kind.value}.corrected"] for kind in kinds)
        return Rate(label, lost, closed)

    return rate("复议纠错率", (Kind.RECONSIDERATION,)), rate("诉讼败诉率", SUITS)


def rates(organ: Organ, year: int, subtree: bool = True) -> tuple[Rate, Rate]:
    """Both rates of an organ and year. One query."""
    return rates_of(table4(organ, year, subtree))


def lessons(organ: Organ, year: int | None = None, below: bool = True) -> QuerySet[Remedy]:
    """警示案例: remedies with a lesson, newest first; those decided in ``year`` where it is given."""
    found = remedies_of(organ, below).exclude(lesson="").select_related("organ", "application")
    if year is not None:
        found = found.filter(closed_in(year))
    return found.order_by("-decided_on", "-pk")
