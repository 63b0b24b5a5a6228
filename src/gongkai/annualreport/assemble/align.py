"""Which value belongs to which column, where the row alone does not say.

A row with as many values as columns is read in order. A row with fewer (blank cells lost) or more (split cells, stray
columns) has several possible readings; the identities of the report may leave exactly one of them (07 §1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import TypeVar

from gongkai.annualreport.values import Kind, parse_value

T = TypeVar("T")
#: No row is read in more ways than this; beyond it the row is left undecided.
MOST_READINGS = 512
Amounts = Sequence[int | Decimal | None]


def readings(texts: Sequence[str], width: int) -> list[tuple[int | None, ...]]:
    """Ways to lay ``texts`` into ``width`` columns, the most natural first; each gives the index for every column.

    Exactly one where the row leaves no choice; none where more values stand there than columns.
    """
    filled = [i for i, text in enumerate(texts) if text.strip()]
    count, size = len(filled), len(texts)
    if count == width:
        return [tuple(filled)]
    if size == width or not filled:
        return [tuple(i if i < size else None for i in range(width))]
    if count > width:
        return [tuple(window) for window in _windows(filled, width)]
    found = _contiguous(filled, size, width)
    if count == size or not found:
        found += [layout for layout in _spread(filled, width) if layout not in set(found)]
    return found[:MOST_READINGS]


def _windows(filled: list[int], width: int) -> list[list[int]]:
    """More values than columns: the last ones (numbering on the left is commoner), then the other stretches."""
    return [filled[start : start + width] for start in range(len(filled) - width, -1, -1)]


def _contiguous(filled: list[int], size: int, width: int) -> list[tuple[int | None, ...]]:
    """Stretches of ``width`` neighbouring cells that hold every value; the one that ends with the last value first."""
    first, last = filled[0], filled[-1]
    if last - first >= width:
        return []
    low, high = min(0, size - width), max(0, size - width)
    starts = sorted(range(low, high + 1), key=lambda start: (start != last - width + 1, start))
    layouts: list[tuple[int | None, ...]] = []
    for start in starts:
        if start <= first and last < start + width:
            layouts.append(tuple(i if 0 <= i < size else None for i in range(start, start + width)))
    right = tuple(i if 0 <= i < size else None for i in range(last - width + 1, last + 1))
    return layouts if right in layouts else [right, *layouts]


def _spread(filled: list[int], width: int) -> list[tuple[int | None, ...]]:
    """Every order-preserving way to lay the values into the columns, the last one in the last column first."""
    layouts = []
    for places in combinations(range(width), len(filled)):
        layout: list[int | None] = [None] * width
        for place, index in zip(places, filled, strict=True):
            layout[place] = index
        layouts.append(tuple(layout))
        if len(layouts) >= 8 * MOST_READINGS:
            break
    return sorted(layouts, key=lambda layout: layout[-1] is None)


def amounts(texts: Sequence[str], layout: Sequence[int | None]) -> list[int | Decimal | None]:
    """The numbers a layout gives: blank, not-applicable and missing are 0, words are None."""
    out: list[int | Decimal | None] = []
    for index in layout:
        if index is None:
            out.append(0)
            continue
        value = parse_value(texts[index])
        out.append(value.amount if value.known else None)
    return out


def adds_up(row: Amounts) -> bool | None:
    """Whether the last number is the sum of the others; None where a word stands among them."""
    if any(number is None for number in row):
        return None
    return sum(number for number in row[:-1] if number is not None) == row[-1]


def merged(texts: Sequence[str], width: int) -> list[list[str]]:
    """Texts with neighbouring digits joined so that exactly ``width`` values remain: ``1 27`` printed as two cells."""
    filled = [text.strip() for text in texts if text.strip()]
    extra = len(filled) - width
    if not 1 <= extra <= 3 or not all(text.isascii() and text.isdigit() for text in filled):
        return []
    out = []
    for joints in combinations(range(len(filled) - 1), extra):
        row: list[str] = []
        for i, text in enumerate(filled):
            if i and i - 1 in joints:
                row[-1] += text
            else:
                row.append(text)
        if all(text == "0" or not text.startswith("0") for text in row):
            out.append(row)
    return out


def only(candidates: Sequence[T], test: Callable[[T], bool]) -> T | None:
    """The one candidate that passes, or None where none or several do."""
    passing = [candidate for candidate in candidates if test(candidate)]
    return passing[0] if len(passing) == 1 else None


def settle(
    choices: Sequence[Sequence[T]], test: Callable[[Sequence[T]], bool], most: int = 4096
) -> list[T] | None:
    """One candidate for each row such that ``test`` holds for all together, where exactly one combination does."""
    size = 1
    for row in choices:
        size *= max(1, len(row))
        if size > most:
            return None
    found: list[T] | None = None
    for combination in product(*choices):
        if test(combination):
            if found is not None:
                return None
            found = list(combination)
    return found


__all__ = [
    "MOST_READINGS",
    "Kind",
    "adds_up",
    "amounts",
    "merged",
    "only",
    "readings",
    "settle",
]
