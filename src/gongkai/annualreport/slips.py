"""The slips of the hand and of extraction that turn one printed number into another."""

from __future__ import annotations

from dataclasses import dataclass

MISSING = "漏填"
TRANSPOSED = "数字换位"
DROPPED = "漏写一位"
DOUBLED = "重复一位"
ADDED = "多写一位"
ZEROS_LOST = "末尾少零"
ZEROS_ADDED = "末尾多零"
SIGN = "误带负号"
ONE_DIGIT = "一位数字有误"
WRONG_COLUMN = "错列"
WRONG_ROW = "错行"
EXCHANGED = "两格互换"
ROWS_SWAPPED = "两行互换"
COLUMNS_SWAPPED = "两列互换"
ROW_SHIFTED = "整行错位一格"
TOTAL_COLUMN = "总计列未随之更新"
ROW_MISSING = "整行漏填"


@dataclass(frozen=True, slots=True)
class Slip:
    """A recognised slip: its ``name`` and how far it is from being a plain wrong number (0 likeliest, 5 none known)."""

    name: str
    weight: float


NONE = Slip("", 5.0)


def recognise(printed: int | None, intended: int) -> Slip:
    """Name the slip that would print ``printed`` (None: nothing) where ``intended`` was meant; :data:`NONE` if none would."""
    if printed is None:
        return Slip(MISSING, 0.0)
    if printed < 0:
        return Slip(SIGN, 0.5) if -printed == intended else NONE
    wrong, right = str(printed), str(intended)
    if len(wrong) == len(right) and len(right) > 1:
        return _same_length(wrong, right)
    if printed and intended:
        return _other_length(wrong, right)
    return NONE


def _same_length(wrong: str, right: str) -> Slip:
    differing = [i for i, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
    if len(differing) == 1:
        return Slip(ONE_DIGIT, 3.0)
    if len(differing) == 2:
        i, j = differing
        if wrong[i] == right[j] and wrong[j] == right[i]:
            return Slip(TRANSPOSED, 1.0 if j == i + 1 else 2.0)
    return NONE


def _other_length(wrong: str, right: str) -> Slip:
    if wrong.rstrip("0") == right.rstrip("0"):
        return Slip(ZEROS_LOST, 1.5) if len(wrong) < len(right) else Slip(ZEROS_ADDED, 1.5)
    if len(wrong) == len(right) - 1 and _without_one(right, wrong) is not None:
        return Slip(DROPPED, 2.0)
    if len(wrong) == len(right) + 1:
        place = _without_one(wrong, right)
        if place is not None:
            run = wrong[max(0, place - 1) : place + 2]
            return Slip(DOUBLED, 1.5) if run.count(wrong[place]) > 1 else Slip(ADDED, 2.0)
    return NONE


def _without_one(long: str, short: str) -> int | None:
    """The place in ``long`` whose removal gives ``short``, or None."""
    for i in range(len(long)):
        if long[:i] + long[i + 1 :] == short:
            return i
    return None
