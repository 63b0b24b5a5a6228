"""Amounts as official letters write them."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def _four(number: int) -> str:
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + _UNITS[power]
            gap = False
        else:
            gap = True
    return out


def capitals(fen: int) -> str:
    """分 in capital numerals: 38000 → 人民币叁佰捌拾元整. Raises ValueError below 0 or from 一万亿元 on."""
    if not 0 <= fen < 10**14:
        raise ValueError("金额超出范围")
    whole, rest = divmod(fen, 100)
    groups = [whole // 10 ** (4 * i) % 10**4 for i in range(3)]
    text = ""
    for index in (2, 1, 0):
        group = groups[index]
        if not group:
            continue
        above = whole // 10 ** (4 * (index + 1))
        text += ("零" if above and group < 1000 and text else "") + _four(group) + _GROUPS[index]
    jiao, cents = divmod(rest, 10)
    tail = (_DIGITS[jiao] + "角" if jiao else "") + (_DIGITS[cents] + "分" if cents else "")
    if cents and not jiao and whole:
        tail = "零" + tail
    return f"人民币{(text + '元') if text or not rest else ''}{tail or '整'}".replace(
        "人民币元", "人民币零元"
    )
