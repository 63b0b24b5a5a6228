"""Personal data in running text: numbers by their own check digits, never by length alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
#: First two digits of an address code (GB/T 2260), foreigners' permanent residence (91) with them.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
_WIDE = {ord("０") + n: str(n) for n in range(10)} | {
    ord("Ｘ"): "X", ord("ｘ"): "x", ord("－"): "-", ord("—"): "-", ord("\u00a0"): " ", ord("\u3000"): " ", ord("＠"): "@",
}  # fmt: skip

_LONG = re.compile(
    r"(?<![0-9A-Za-z.])(?:\d{14,19}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx]|(?:\d{4}[ -]){3,4}\d{1,4}[Xx]?)(?![0-9A-Za-z])"
)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![0-9A-Za-z]|\.\d)"
)
_PHONE = re.compile(r"(?<![0-9A-Za-z])[(（]?(0\d{2,3})[)）]?[ -](\d{7,8})(?![0-9A-Za-z])")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•. ]?(?=[A-HJ-NP-Z]*\d)"
    r"[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_ADDRESS = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:小区|花园|家园|新村|社区|苑|府|里|路|街|巷)[^，。；,;\n]{0,10}?\d{1,4}(?:号楼|栋|幢|座|号)"
    r"[^，。；,;\n]{0,4}\d{1,2}\s?单元[^，。；,;\n]{0,3}\d{2,4}(?:室|号)?"
    r"|[\u4e00-\u9fff]{2,8}村[\u4e00-\u9fff\d]{0,6}组\s?\d{1,4}号"
)
_CARD_WORDS = re.compile(r"卡号|账号|帐号|银行|账户|一卡通")
_ID_WORDS = re.compile(r"身份证|证件号")


@dataclass(frozen=True, slots=True)
class Found:
    """One number or address: its kind, where in the text, masked, and whether the words around it confirm it."""

    kind: str
    start: int
    end: int
    masked: str
    sure: bool = True


def is_id_number(number: str) -> bool:
    """18 characters with province, a possible date of birth and the check digit of the rest (GB 11643-1999)."""
    number = number.upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII) or number[:2] not in _PROVINCES:
        return False
    if not _born(number[6:14]):
        return False
    return _CHECKS[sum(int(c) * w for c, w in zip(number[:17], _WEIGHTS, strict=True)) % 11] == number[17]


def is_old_id_number(number: str) -> bool:
    """15 digits: province and a possible date of birth in the twentieth century; there is no check digit."""
    return len(number) == 15 and number.isdigit() and number[:2] in _PROVINCES and _born("19" + number[6:12])


def _born(text: str) -> bool:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return 1890 <= born.year <= 2100


def luhn(number: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812)."""
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char)
        if place % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def is_bank_card(number: str) -> bool:
    """A card by its leading digits, its length and its check digit."""
    if not number.isdigit() or len(set(number)) < 3:
        return False
    length = len(number)
    lengths = {"62": range(16, 20), "60": range(16, 20), "35": range(16, 17)}.get(number[:2])
    if lengths is None:
        lengths = range(16, 17) if number[0] in "45" else range(0)
    return length in lengths and luhn(number)


def mask(text: str, head: int = 3, tail: int = 4) -> str:
    """First ``head`` and last ``tail`` characters, the rest as stars."""
    middle = max(len(text) - head - tail, 1)
    return text[:head] + "*" * middle + (text[-tail:] if len(text) > head + tail else "")


def find(text: str) -> Iterator[Found]:
    """Everything personal in ``text``, in the order of kinds; no stretch is reported twice."""
    text = text.translate(_WIDE)
    taken: list[tuple[int, int]] = []
    for match in _LONG.finditer(text):
        found = _long(text, match)
        if found:
            taken.append(match.span())
            yield found
    for match in _MOBILE.finditer(text):
        if not _overlaps(match.span(), taken):
            taken.append(match.span())
            yield Found("mobile", *match.span(), f"{match[1]}****{match[3]}")
    for match in _PHONE.finditer(text):
        if not _overlaps(match.span(), taken):
            yield Found("phone", *match.span(), f"{match[1]}-{match[2][:3]}****")
    for match in _EMAIL.finditer(text):
        name, _, home = match[0].partition("@")
        yield Found("email", *match.span(), f"{name[0]}***@{home}")
    for match in _PLATE.finditer(text):
        yield Found("plate", *match.span(), mask(match[0], 2, 1))
    for match in _ADDRESS.finditer(text):
        yield Found("address", *match.span(), mask(match[0], min(6, len(match[0]) // 2), 0))


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _long(text: str, match: re.Match[str]) -> Found | None:
    number = re.sub(r"[ -]", "", match[0]).upper()
    before = text[max(match.start() - 24, 0) : match.start()]
    if is_id_number(number):
        return Found("id", *match.span(), mask(number))
    if is_old_id_number(number):
        return Found("id_old", *match.span(), mask(number), bool(_ID_WORDS.search(before)))
    if number.isdigit() and is_bank_card(number):
        sure = number.startswith("62") or bool(_CARD_WORDS.search(before))
        return Found("card", *match.span(), mask(number, 4), sure)
    return None
