"""From a sentence to claims: tokens, the window of words a number belongs to, and what those words select.

A number is explained by the words before it in its clause (收到申请 29 件), or, where those say nothing, by the words
after it (4 件结转下年度). Whatever in the window is not understood is residue: a clause with residue is never held
against the report as an error, and one about an unknown part of the applications is not held against it at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .lexicon import Word, scanner, terms
from .model import Quantity
from .numbers import quantity
from .text import Compact

_HARD = frozenset("，,；：")
_FILLER = frozenset(
    '约近超逾的了共有为是在并和与及或对向于由按以已也其内上下该此计达被而因给等自从来至到度份件个次条中将把使让了着过得地同时就又都数量率、“”"‘’《》<>〈〉()（）[]—-·.．,，'
)
_ORGAN_TAIL = re.compile(
    r"(?:局|委|办|厅|处|镇|乡|街道|中心|公司|法院|委员会|部门|单位|机构|系统|学校|高校|院校|医院|企业|社区|分局|大队)(?:\||$)"
)
_PARENTHESIS = 60  # longest parenthesis, in tokens, looked into


@dataclass(slots=True)
class Token:
    kind: Word | str  # a Word, or "number", "mark", "skip", "date"
    value: str
    start: int
    end: int
    quantity: Quantity | None = None


def tokens(compact: Compact, start: int, end: int, year: int | None) -> list[Token]:
    """The tokens of one sentence. Characters that belong to none are left out; gaps between positions are residue."""
    table = terms()
    text = compact.text
    out: list[Token] = []
    add = out.append
    for match in scanner().finditer(text, start, end):
        branch = match.lastgroup
        a, b = match.span()
        if branch == "term":
            kind, value = table[text[a:b]]
            add(Token(kind, value, a, b))
        elif branch == "mark":
            add(Token("mark", text[a:b], a, b))
        elif branch == "number":
            read = quantity(match.groupdict(), text, a, b, doubtful=compact.broken(a, b))
            add(Token("number" if read else "skip", "", a, b, read))
        elif branch == "date":
            add(_date(match, a, b, year))
        else:
            add(Token("skip", text[a:b], a, b))
    return out


def _date(match: re.Match[str], start: int, end: int, year: int | None) -> Token:
    """A date as the year it speaks of, relative to the report's: "0", "-1", "next", "part", "many", "other"."""
    if not match["year"]:
        value = "many" if "年" in match.group() else "part" if "日" not in match.group() else "0"
        return Token(Word.YEAR if value != "0" else Word.PLAIN, value, start, end)
    if year is None:
        return Token(Word.YEAR, "other", start, end)
    difference = int(match["year"]) - year
    value = {0: "0", -1: "-1", 1: "next"}.get(difference, "other")
    if value != "0" and match["since"]:
        value = "many"
    elif (
        value == "0"
        and match["month"]
        and "日" not in match["month"]
        and not match["month"].startswith("12月")
    ):
        value = "part"
    return Token(Word.YEAR, value, start, end)


@dataclass(slots=True)
class Window:
    """The words that belong to one number, sorted by what they do."""

    start: int
    end: int
    topics: list[str] = field(default_factory=list)
    strong: bool = False  # 政府信息公开申请, 依申请公开: no other kind of application
    acts: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    years: list[str] = field(default_factory=list)
    rates: list[str] = field(default_factory=list)
    trend: str = ""
    compare: bool = False
    compared_years: bool = False  # the year before is named as what is compared with: 比上年 38 件
    among: bool = False
    each: bool = False
    total: bool = False
    share: bool = False
    negated: bool = False
    every: bool = False
    foreign: bool = False
    subset: bool = False
    with_carried: bool = False  # （含上年结转）
    residue: str = ""

    @property
    def says(self) -> bool:
        """Whether it names a predicate."""
        return bool(self.acts or self.columns)


@dataclass(slots=True)
class Clause:
    """Tokens between two hard marks; parentheses without numbers are taken out."""

    start: int
    end: int
    tokens: list[Token]
    mark: str = ""  # the mark that ended it
    with_carried: bool = False


def clauses(sentence: Sequence[Token], start: int, end: int) -> Iterator[Clause]:
    """Cut a sentence at ，；： and at parentheses that hold numbers."""
    current = Clause(start, end, [])
    index = 0
    while index < len(sentence):
        token = sentence[index]
        if token.kind == "mark" and token.value == "（":
            close = _closing(sentence, index)
            if close is not None:
                inside = sentence[index + 1 : close]
                if any(t.kind is Word.ACT and t.value == "carried_in" for t in inside):
                    current.with_carried = True
                current.tokens.append(Token(Word.PLAIN, "()", token.start, sentence[close].end))
                # 不予公开（属于国家秘密）4件: what stands inside narrows the words before it.
                current.tokens.extend(t for t in inside if t.kind is Word.ACT and t.value != "carried_in")
                index = close + 1
                continue
        if token.kind == "mark" and token.value != "、":
            current.end, current.mark = token.start, token.value
            yield current
            current = Clause(token.end, end, [])
        else:
            current.tokens.append(token)
        index += 1
    yield current


def _closing(sentence: Sequence[Token], index: int) -> int | None:
    """Where the parenthesis opened at ``index`` closes, if no number stands in it."""
    for at in range(index + 1, min(index + _PARENTHESIS, len(sentence))):
        token = sentence[at]
        if token.kind == "number":
            return None
        if token.kind == "mark" and token.value in "（）":
            return at if token.value == "）" else None
    return None


def sorted_words(found: Sequence[Token], start: int, end: int) -> Window:
    """The tokens of a stretch sorted, without looking at what lies between them."""
    out = Window(start, end)
    for token in found:
        _sort(out, token)
    return out


def window(text: str, found: Sequence[Token], start: int, end: int, organ: str) -> Window:
    """Sort the tokens of a stretch, and collect what is left of it."""
    out = Window(start, end)
    position = start
    gaps: list[str] = []
    for token in found:
        if token.start > position:
            gaps.append(text[position : token.start])
        position = max(position, token.end)
        _sort(out, token)
    if end > position:
        gaps.append(text[position:end])
    out.residue = residue(gaps, organ)
    return out


def residue(gaps: Sequence[str], organ: str) -> str:
    """What remains of the gaps without particles and without the report's own name."""
    left: list[str] = []
    for gap in gaps:
        bare = "".join(ch for ch in gap if ch not in _FILLER)
        if bare and not (len(bare) > 1 and bare in organ):
            left.append(bare)
    return "|".join(left)


def other_organ(words: str) -> bool:
    """Whether the residue ends like the name of another office."""
    return bool(_ORGAN_TAIL.search(words))


def _sort(out: Window, token: Token) -> None:
    kind, value = token.kind, token.value
    if kind is Word.PLAIN:
        return
    if kind is Word.TOPIC:
        out.strong = out.strong or value.endswith("!")
        out.topics.append(value.rstrip("!"))
    elif kind is Word.ACT:
        out.acts.append(value)
        out.trend = ""
    elif kind is Word.COLUMN:
        out.columns.append(value)
    elif kind is Word.SCOPE:
        out.scopes.append(value)
    elif kind is Word.YEAR:
        if out.compare and value == "-1":
            out.compared_years = True
        else:
            out.years.append(value)
    elif kind is Word.TREND:
        out.trend = value
    elif kind is Word.RATE:
        out.rates.append(value)
    else:
        _flag(out, kind)


def merge(before: Window, after: Window) -> Window:
    """The words before a number that name no predicate, with those after it that do (4 件结转下年度)."""
    after.start = before.start
    after.topics = before.topics + after.topics
    after.strong = before.strong or after.strong
    after.scopes = before.scopes + after.scopes
    after.years = before.years + after.years
    after.residue = before.residue + after.residue
    for name in ("among", "foreign", "subset", "negated", "compare", "compared_years", "with_carried"):
        setattr(after, name, getattr(before, name) or getattr(after, name))
    return after


def soft_mark(found: Sequence[Token]) -> int | None:
    """Place of the first 、 among ``found``."""
    return next((i for i, token in enumerate(found) if token.kind == "mark"), None)


_FLAGS: dict[Word | str, str] = {
    Word.COMPARE: "compare", Word.AMONG: "among", Word.EACH: "each", Word.SUM: "total", Word.SHARE: "share",
    Word.NOT: "negated", Word.EVERY: "every", Word.FOREIGN: "foreign", Word.SUBSET: "subset",
}  # fmt: skip


def _flag(out: Window, kind: Word | str) -> None:
    name = _FLAGS.get(kind)
    if name:
        setattr(out, name, True)
    elif kind == "skip":
        out.residue = ""  # a deadline or a document number says nothing about the count
