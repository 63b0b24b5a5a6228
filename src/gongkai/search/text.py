"""Chinese text as search tokens: overlapping pairs of characters, words of letters, numbers.

A run of Chinese characters ``最低生活`` becomes ``最低 低生 生活 活`` — every pair, and the last character alone, so that
a query which ends where the run ends and one of a single character are found too. A query is a phrase of the same
pairs, so every exact substring is found (STACK: recall 1.0), whatever a dictionary thinks the words are. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

#: Changes whenever the same text gives other tokens, or they lie in other tables: the index is then built anew.
VERSION = 3
MAX_QUERY = 200
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3007"
_RUN = re.compile(f"[{_CJK}]+|[0-9]+|[a-z_]+")
_CJK_RUN = re.compile(f"[{_CJK}]")
_CJK_ONLY = re.compile(f"[{_CJK}]+")
#: The brackets of a document number as people type them: 〔2021〕 [2021] (2021) 【2021】 ﹝2021﹞ 「2021」.
_YEAR = re.compile(r"[\[(〔【﹝「{<《]\s*((?:19|20)\d{2})\s*[年]?\s*[\])〕】﹞」}>》]")
_NUMBER = re.compile(
    rf"([{_CJK}]{{2,14}})\s*[\[(〔【﹝「{{<《]?\s*((?:19|20)\d{{2}})\s*年?\s*[\])〕】﹞」}}>》]?\s*[-－—–]?\s*第?\s*0*(\d{{1,4}})\s*号?"
)
#: A number in a text, with brackets: without them it is no number but words that follow each other.
_OFFICIAL = re.compile(
    rf"([{_CJK}]{{2,14}})\s*[\[(〔【﹝「{{<《]\s*((?:19|20)\d{{2}})\s*年?\s*[\])〕】﹞」}}>》]\s*第?\s*0*(\d{{1,4}})\s*号"
)
#: The year first, as it is spoken: 2023年利政规发1号.
_YEAR_FIRST = re.compile(
    rf"((?:19|20)\d{{2}})\s*年\s*([{_CJK}]{{1,13}}[发函字规])\s*第?\s*0*(\d{{1,4}})\s*号"
)
#: The year, and the number behind it, in Chinese digits: 〔二〇二三〕十二号.
_DIGITS = {
    sign: str(n)
    for n, signs in enumerate(("〇零○", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_CHINESE_YEAR = re.compile(
    r"([\[(〔【﹝「{<《]\s*|(?<![一二三四五六七八九〇零○]))([一二][九〇零○][〇零○一二三四五六七八九]{2})(?=\s*[年\])〕】﹞」}>》])"
)
_CHINESE_SERIAL = re.compile(r"(?<=[\])〕】﹞」}>》年第])\s*([〇零○一二三四五六七八九十百]{1,5})\s*(?=号)")
#: The year in two digits, behind the mark of an organ: 利政办规发 21年 2号.
_SHORT_YEAR = re.compile(
    r"(?<=[发函办字令规])(\s*[\[(〔【﹝「{<《]?\s*)([012]\d)(?=\s*年?\s*[\])〕】﹞」}>》]?\s*第?\s*\d{1,4}\s*号)(?=\s*[年\])〕】﹞」}>》])"
)
_LATIN_GAP = re.compile(r"(?<=[a-z])[-.'](?=[a-z])")


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    return unicodedata.normalize("NFKC", char).lower()


def normalise(text: str) -> str:
    """Half width, lower case, one kind of bracket; each change keeps what a reader would call the same text."""
    return unicodedata.normalize("NFKC", text).lower()


def _runs(text: str) -> Iterator[str]:
    for match in _RUN.finditer(_LATIN_GAP.sub("", normalise(text))):
        run = match.group()
        # 007 and 7 are one number: nobody types the leading noughts of a document number.
        yield run.lstrip("0") or "0" if run.isdigit() else run


def is_cjk(run: str) -> bool:
    return bool(_CJK_RUN.match(run))


def is_cjk_only(text: str) -> bool:
    """Whether ``text`` is one run of Chinese characters, found wherever it stands."""
    return bool(_CJK_ONLY.fullmatch(text))


def tokens(text: str) -> list[str]:
    """The tokens under which ``text`` is kept, in order."""
    out: list[str] = []
    for run in _runs(text):
        if is_cjk(run):
            out.extend(run[i : i + 2] for i in range(len(run) - 1))
            out.append(run[-1])
        else:
            out.append(run)
    return out


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand next to each other; ``prefix``: the last one may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


def phrase(text: str) -> Phrase | None:
    """What finds ``text`` as a substring; None where it has nothing to search for.

    The last run of the query may be cut off from a longer one: a pair ends it, and its lone last character is left
    out; a single character or a word of letters may go on (prefix).
    """
    runs = list(_runs(text))
    if not runs:
        return None
    out: list[str] = []
    for run in runs[:-1]:
        out.extend(tokens(run))
    last = runs[-1]
    if is_cjk(last) and len(last) > 1:
        out.extend(last[i : i + 2] for i in range(len(last) - 1))
        return Phrase(tuple(out))
    out.append(last)
    return Phrase(tuple(out), prefix=not last.isdigit())


def document_number(text: str) -> tuple[str, int, int] | None:
    """A document number in any typing: 国办发[2021]30、国办发 2021 30号 → (国办发, 2021, 30); None where there is none."""
    text = _in_digits(unicodedata.normalize("NFKC", text))
    if first := _YEAR_FIRST.search(text):
        return first.group(2), int(first.group(1)), int(first.group(3))
    match = _NUMBER.search(text)
    if match is None or not re.search(r"[发函办字令政告规]|号", match.group()):
        return None
    return match.group(1), int(match.group(2)), int(match.group(3))


def _in_digits(text: str) -> str:
    """``text`` with the year and the serial of a document number in digits."""
    text = _SHORT_YEAR.sub(r"\g<1>20\g<2>", text)
    text = _CHINESE_YEAR.sub(lambda m: m.group(1) + "".join(_DIGITS[sign] for sign in m.group(2)), text)
    return _CHINESE_SERIAL.sub(lambda m: str(_counted(m.group(1))), text)


def _counted(signs: str) -> int:
    """The number that ``signs`` write: 十二 → 12, 一百零三 → 103, 一二 → 12."""
    if not set(signs) & {"十", "百"}:
        return int("".join(_DIGITS[sign] for sign in signs))
    hundreds, _, rest = signs.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    parts = [int(_DIGITS.get(part.lstrip("〇零○"), "0")) for part in (hundreds, tens, ones)]
    parts[0] = parts[0] or ("百" in signs)
    parts[1] = parts[1] or bool(ten)
    return parts[0] * 100 + parts[1] * 10 + parts[2]


def number_text(number: tuple[str, int, int]) -> str:
    """The official way to write a document number."""
    return f"{number[0]}〔{number[1]}〕{number[2]}号"


def number_token(mark: str, year: int, serial: int) -> str:
    """One token for a whole document number: as a phrase, its year and serial are too common to be looked up quickly."""
    return f"wh{''.join(f'{ord(c):x}' for c in mark)}y{year}n{serial}"


def number_tokens(text: str) -> list[str]:
    """The tokens of every document number in ``text``. Where a sentence runs into the number (依据国办发〔2021〕30号) nobody
    can say where its mark begins: there is a token for each beginning."""
    out: dict[str, None] = {}
    for match in _OFFICIAL.finditer(unicodedata.normalize("NFKC", text)):
        mark, year, serial = match.group(1), int(match.group(2)), int(match.group(3))
        out.update(dict.fromkeys(number_token(mark[n:], year, serial) for n in range(len(mark) - 1)))
    return list(out)
