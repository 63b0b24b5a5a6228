"""Numbers in running text: 2.2 万余条, 十二件, 1,234 件, 16.13%.

Dates, document numbers, telephone numbers, ranges, distances, deadlines and names such as 12345 or 1+N are recognised
here too, so that they are never taken for counts.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Bound, Number, Quantity

_HAN = "零〇一二两三四五六七八九十百千"

#: Units a count may have. Anything else after a number makes it something that is not counted here.
UNITS = [
    "件次",
    "条次",
    "场次",
    "轮次",
    "人次",
    "项次",
    "批次",
    "期次",
    "个百分点",
    "百分点",
    "万元",
    "亿元",
    "件",
    "宗",
    "起",
    "例",
    "份",
    "条",
    "篇",
    "个",
    "项",
    "期",
    "次",
    "场",
    "轮",
    "人",
    "元",
    "%",
    "倍",
    "册",
    "部",
    "幅",
    "家",
    "户",
    "名",
    "批",
    "类",
    "本",
    "套",
    "集",
]

#: A number with what surrounds it; used as one branch of the tokenizer.
NUMBER = (
    r"(?:(?<![\d.第A-Za-z@])(?P<digits>\d{1,3}(?:[,，]\d{3})+(?![\d%])|\d{1,12}(?:\.\d{1,8})?)(?![\d.]\d)"
    rf"|(?<![第几数{_HAN}])(?P<han>[{_HAN}]{{1,9}})(?=[余多]?(?:件|宗|起|例|次|期|场|篇|条|份|元|轮)(?!事|龙|性|心)))"
    r"(?P<scale>[万亿](?!元))?(?P<more>[余多])?(?P<unit>"
    + "|".join(UNITS)
    + r")?(?P<after>以上|左右|上下|余|多|以内|以下)?"
)
#: Things written with digits that are not quantities.
NOT_COUNT = (
    r"[〔\[（【]\d{4}[〕\]）】]第?\d+号"
    r"|\d{13,}|\d[\d.]*(?:[-—–~～+×/]+|至|到)[\dA-Za-z][\dA-Za-z.\-—–]*%?|[A-Za-z]+\d[\dA-Za-z]*"
    r"|第[\d一二三四五六七八九十百]+(?:[条款项次期届号批章节个位名]|、)"
    r"|\d[\d.]*个?(?:工作日|小时|分钟|自然日|日|天|周|年|月|岁|周岁|米|公里|平方米|平方公里|亩|公斤|吨|号|楼|层|室|栋|秒|点|路|兆|[gGmMkK][bB]|[×xX+])"
    r"|(?:12345|12388|12348|12315|110|114)(?=[热便平政服投电])"
)

_DIGIT = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_WEIGHT = {"十": 10, "百": 100, "千": 1000}
_SCALE = {"万": 10_000, "亿": 100_000_000}

_BEFORE: tuple[tuple[str, Bound], ...] = (
    ("不少于", Bound.OVER), ("不低于", Bound.OVER), ("超过", Bound.OVER), ("突破", Bound.OVER), ("至少", Bound.OVER),
    ("不足", Bound.UNDER), ("将近", Bound.UNDER), ("接近", Bound.UNDER), ("大约", Bound.ABOUT), ("约", Bound.ABOUT),
    ("近", Bound.UNDER), ("超", Bound.OVER), ("逾", Bound.OVER),
)  # fmt: skip
_LAST = frozenset(word[-1] for word, _ in _BEFORE)
_AFTER = {
    "以上": Bound.OVER, "余": Bound.OVER, "多": Bound.OVER, "左右": Bound.ABOUT, "上下": Bound.ABOUT,
    "以内": Bound.UNDER, "以下": Bound.UNDER,
}  # fmt: skip


def han_number(text: str) -> int | None:
    """十二 → 12, 两百零三 → 203, 二〇 → 20. None for what is no number (十百)."""
    if not any(ch in _WEIGHT for ch in text):
        if len(text) > 1 and "〇" not in text and "零" not in text:
            return None  # 一二件 is "one or two"
        return int("".join(str(_DIGIT[ch]) for ch in text))
    total = 0
    digit: int | None = None
    last = 10_000
    for ch in text:
        if ch in _DIGIT:
            digit = _DIGIT[ch]
            continue
        weight = _WEIGHT[ch]
        if weight >= last:
            return None
        total += (1 if digit is None else digit) * weight
        last, digit = weight, None
    return total + (digit or 0)


def bound_before(text: str, start: int) -> tuple[Bound, str] | None:
    """The approximating word that ends at ``start``, if any."""
    if text[start - 1 : start] not in _LAST:
        return None
    for word, bound in _BEFORE:
        if text.endswith(word, max(0, start - len(word)), start):
            return bound, word
    return None


def quantity(
    parts: dict[str, str | None], text: str, start: int, end: int, *, doubtful: bool
) -> Quantity | None:
    """The quantity written at ``start``–``end`` of ``text``; ``parts`` are the named groups of :data:`NUMBER`."""
    if digits := parts["digits"]:
        plain = digits.replace(",", "").replace("，", "")
        number: Number = Decimal(plain) if "." in plain else int(plain)
        step: Number = Decimal(1).scaleb(-len(plain.partition(".")[2])) if "." in plain else 1
    else:
        read = han_number(parts["han"] or "")
        if read is None:
            return None
        number, step = read, 1
    unit = parts["unit"] or ""
    scale = _SCALE.get(parts["scale"] or "", 1)
    if unit in ("万元", "亿元"):
        scale, unit = _SCALE[unit[0]], "元"
    if scale != 1:
        number, step = _whole(number * scale), _whole(step * scale)
    bound = Bound.EXACT
    if word := parts["more"] or parts["after"]:
        bound = _AFTER[word]
    elif before := bound_before(text, start):
        bound = before[0]
    return Quantity(number, unit, bound, step, text[start:end], doubtful)


def _whole(number: Number) -> Number:
    return int(number) if number == int(number) else number
