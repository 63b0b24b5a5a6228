"""Claims of a report's narrative: sentence by sentence, each number, each 未发生, each 均已答复."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from gongkai.annualreport.model import Report
from gongkai.annualreport.schema import EDITIONS

from .grammar import Clause, Token, Window, clauses, merge, other_organ, soft_mark, sorted_words, tokens
from .lexicon import Word, speaks
from .model import Claim, ClaimKind, Confidence, Quantity, Scope
from .reader import Reader
from .readings import REMEDIES, reading_of, topic_of
from .scopes import scope_of
from .statements import nothing, universal
from .text import compact, sentences

#: Claims read from one section; a file of numbers must not occupy the checker.
MAX_CLAIMS = 3000

_COUNTED = frozenset({"件", "宗", "起", "例", "份", "件次"})
_LOOSELY = _COUNTED | {"个", "项", "条", "次", "部"}
_REMEMBERED = frozenset({Word.TOPIC, Word.YEAR, Word.FOREIGN, Word.AMONG})
_PLAIN_OUTCOMES = frozenset(
    {"granted", "partial", "refused", "unavailable", "declined", "new", "carried_in", "carried_out"}
)
_DECISIONS = frozenset({"licence", "penalty", "coercion"})
_TO_DATE = re.compile("(?:截至|截止).*累计")
_FLOWS = frozenset({"new", "carried_in", "carried_out", "carried"})
_DUE = re.compile(r"应收|应缴|应交|应付|需缴|拟收|减免|免收")
_DOCUMENTS = frozenset({"normative", "rules", "licence", "penalty", "coercion"})


def claims(report: Report) -> tuple[Claim, ...]:
    """All claims of all sections of ``report``, in order. Pure in the report's texts, organ, year and edition.

    Positions in the spans index the sections' texts as they are; ``Claim.whole`` counts from the first claim of the
    same section (see :func:`by_section`).
    """
    return tuple(claim for section in by_section(report) for claim in section)


def by_section(report: Report) -> tuple[tuple[Claim, ...], ...]:
    """The claims of each section that has text."""
    texts = tuple((section.number, section.text) for section in report.sections if section.text)
    return _read(texts, report.organ or "", report.year, report.edition.id)


@lru_cache(maxsize=16)  # a report and its neighbours are read by a dozen rules; nothing is kept for long
def _read(
    texts: tuple[tuple[int, str], ...], organ: str, year: int | None, edition: str
) -> tuple[tuple[Claim, ...], ...]:
    return tuple(
        tuple(read_section(Reader(EDITIONS[edition], organ, year, number, compact(text))))
        for number, text in texts
    )


def forget() -> None:
    """Drop what is remembered of texts read before (for measurements)."""
    _read.cache_clear()


def read_section(reader: Reader) -> list[Claim]:
    """Read one section through; what is remembered from sentence to sentence is the topic of the paragraph."""
    text = reader.compact.text
    first = True
    for start, end in sentences(text):
        if first or text[start - 1] == "\n":
            reader.new_paragraph(start, end)
            first = False
        if speaks(text, start, end):
            _sentence(reader, start, end)
        else:
            reader.no_numbers(start, end)
        if len(reader.out) >= MAX_CLAIMS:
            break
    return reader.out


def _sentence(reader: Reader, start: int, end: int) -> None:
    found = tokens(reader.compact, start, end, reader.year)
    reader.new_sentence(start, end)
    mark = ""
    for clause in clauses(found, start, end):
        reader.new_clause(mark)
        mark = clause.mark
        _subject(reader, clause)
        kinds = {token.kind for token in clause.tokens}
        if "number" in kinds:
            _with_numbers(reader, clause, kinds)
        else:
            _without_numbers(reader, clause, kinds)
        if Word.AIM in kinds:
            reader.aim = True
        if clause.mark == "；":
            reader.close_parts()
            reader.scopes = ()
    reader.end_sentence()


#: What may stand before the office a sentence is about; 对各部门、指导各部门 make it the object instead.
_BEFORE_SUBJECT = frozenset({Word.YEAR, Word.SCOPE, Word.PLAIN, Word.SUM})
_OBJECT = re.compile(r"对|向|指导|督促|组织|要求|推动|指引|协调|会同|帮助|为|督导|检查|监督|通过")


def _subject(reader: Reader, clause: Clause) -> None:
    """Keep whose figures a sentence speaks of: 各部门依法受理，共收到 71 件，办结 70 件 is about the departments throughout.

    A part (其中各部门 30 件) is nobody's subject; a new scope word replaces the one before.
    """
    at = next((i for i, token in enumerate(clause.tokens) if token.kind is Word.SCOPE), None)
    if at is None or reader.parent is not None or any(t.kind is Word.AMONG for t in clause.tokens):
        return
    scopes = []
    for token in clause.tokens[at:]:
        if token.kind == "number":
            break
        if token.kind is Word.SCOPE:
            scopes.append(token.value)
    said = reader.said(clause.start, clause.tokens[at].start)
    leads = all(t.kind in _BEFORE_SUBJECT for t in clause.tokens[:at]) and not _OBJECT.search(said)
    other = "site" not in scopes and scope_of(scopes, reader.organ) is Scope.OTHER
    reader.scopes = tuple(scopes) if leads and other else ()


def _without_numbers(reader: Reader, clause: Clause, kinds: set[Word | str]) -> None:
    if Word.NOT in kinds:
        nothing(reader, clause)
    elif Word.EVERY in kinds:
        universal(reader, clause)
    if not kinds & _REMEMBERED:
        return
    reader.remember(sorted_words(clause.tokens, clause.start, clause.end))
    if Word.AMONG in kinds:
        reader.open_parts()


def _with_numbers(reader: Reader, clause: Clause, kinds: set[Word | str]) -> None:
    """Go through a clause's numbers; each takes the words before it, or those after it, and leaves the rest."""
    numbers = [i for i, token in enumerate(clause.tokens) if token.kind == "number"]
    begin, at, position = 0, clause.start, 0
    while position < len(numbers):
        index = numbers[position]
        left = clause.tokens[begin:index]
        if begin and (cut := soft_mark(left)) is not None:
            at, left = left[cut].end, left[cut + 1 :]
        words = reader.window(left, at, clause.tokens[index].start)
        words.with_carried = clause.with_carried
        if words.each:
            position += _distribute(reader, clause, words, numbers[position:])
            begin = numbers[position - 1] + 1
            at = clause.tokens[begin - 1].end
        else:
            following = numbers[position + 1] if position + 1 < len(numbers) else len(clause.tokens)
            begin, at = _number(reader, clause, words, index, following)
            position += 1
    if Word.EVERY in kinds:
        universal(reader, clause)


def _number(reader: Reader, clause: Clause, words: Window, index: int, following: int) -> tuple[int, int]:
    """Make the claim of one number; gives back where the next number's words begin (token, position)."""
    token = clause.tokens[index]
    right = clause.tokens[index + 1 : following]
    if (cut := soft_mark(right)) is not None:
        right = right[:cut]
    stop = index + 1 + len(right)
    right_end = clause.tokens[stop].start if stop < len(clause.tokens) else clause.end
    after = reader.window(right, token.end, right_end)
    used, end = False, token.end
    if reader.said(token.end, token.end + 1) == "中":
        pass  # 审理的 9 件中维持 6 件: what follows is said of the next number
    elif not words.says and after.says and not (words.trend or words.rates or words.share):
        words, used, end = merge(words, after), True, right_end
    elif not words.topics and after.topics and not after.residue and not after.foreign:
        words.topics, words.strong, used = after.topics, after.strong, True
    elif not words.topics and (after.foreign or len(after.residue) > 1):
        words.foreign = True
    _carry(words)
    reader.remember(words)
    _claim(reader, words, token, words.start, end)
    return (stop, right_end) if used else (index + 1, token.end)


def _carry(words: Window) -> None:
    """2024年结转 is 上年结转, 结转2026年 is 结转下年度: the year says the direction and is used up by it."""
    if "carried" not in words.acts:
        return
    for year, act in (("-1", "carried_in"), ("next", "carried_out")):
        if year in words.years:
            words.acts = [act if a == "carried" else a for a in words.acts]
            words.years = [y for y in words.years if y != year]
            return


def _distribute(reader: Reader, clause: Clause, words: Window, numbers: Sequence[int]) -> int:
    """自然人、法人分别为 117 件、0 件: one label to each number; nothing is claimed where they do not pair off.

    Gives back how many numbers were dealt with.
    """
    sort = "columns" if len(words.columns) > 1 else "acts" if len(words.acts) > 1 else "topics"
    labels: list[str] = getattr(words, sort)
    run = 1
    while run < len(numbers) and _adjacent(clause, numbers[run - 1], numbers[run], reader.compact.text):
        run += 1
    reader.remember(words)
    group = [clause.tokens[number] for number in numbers[:run]]
    unit = next((token.quantity.unit for token in group if token.quantity and token.quantity.unit), "")
    for place, token in enumerate(group):
        assert token.quantity is not None
        if not token.quantity.unit:
            token.quantity = replace(token.quantity, unit=unit)
        mine = replace(words)
        if len(labels) == run:
            setattr(mine, sort, [labels[place]])
        else:
            mine.foreign = True
        _claim(reader, mine, token, words.start if not place else token.start, token.end)
    return run


def _adjacent(clause: Clause, first: int, second: int, text: str) -> bool:
    """Whether nothing but 、, 和 or 及 stands between two numbers of a clause."""
    between = text[clause.tokens[first].end : clause.tokens[second].start]
    return between in ("、", "和", "及", "与") or (second == first + 1 and not between)


def _claim(reader: Reader, words: Window, token: Token, start: int, end: int) -> None:
    """Decide what kind of statement the number is, and keep it; its words stand at ``start``–``end``."""
    amount = token.quantity
    assert amount is not None
    scope = scope_of(words.scopes or reader.scopes, reader.organ)
    if words.among:
        reader.open_parts()
    made: Claim | None = None
    if words.trend or amount.unit in ("%", "倍", "个百分点", "百分点"):
        made = _relative(reader, words, amount, start, end, scope)
    elif amount.unit == "元":
        made = _money(reader, words, amount, start, end, scope)
    elif amount.unit in _LOOSELY:
        made = _count(reader, words, amount, start, end, scope)
    if made is None:
        made = reader.make(
            ClaimKind.OTHER, amount, start, token.end, label=reader.around(start, token), scope=scope
        )
    reader.keep(made, words)


def _relative(
    reader: Reader, words: Window, amount: Quantity, start: int, end: int, scope: Scope
) -> Claim | None:
    """Percentages, shares, growth."""
    if words.rates:
        other = not words.strong and (words.foreign or reader.foreign or len(words.residue) > 1)
        topic = "" if other else topic_of(words, reader.topics, reader.paragraph)
        rate = words.rates[-1]
        return reader.make(
            ClaimKind.RATE, amount, start, end, rate=rate, topic=topic, scope=scope, timely=rate == "timely"
        )
    subject = reader.subject()
    if words.share and not words.topics and not words.acts:
        if subject is None:
            return None
        return reader.make(ClaimKind.SHARE, amount, start, end, whole=subject, label=reader.said(start, end))
    sign = {"+": 1, "-": -1}.get(words.trend, 0)
    if not sign or amount.unit in ("个百分点", "百分点") or not reader.compares(end):
        return None
    if words.acts or words.topics:
        if words.residue or words.foreign or words.subset:
            return None
        topic = topic_of(words, reader.topics, reader.paragraph)
        reading = reading_of(reader.edition, topic, words)
        if reading is None or reading.part:
            return None
        return reader.make(
            ClaimKind.CHANGE, amount, start, end, topic=reading.topic, label=reading.label, formulas=reading.formulas,
            soft=reading.soft, sign=sign, ask=reading.ask, scope=scope,
        )  # fmt: skip
    if subject is None or words.foreign or words.residue:
        return None
    origin = reader.out[subject]
    return replace(
        reader.make(ClaimKind.CHANGE, amount, start, end, topic=origin.topic, label=origin.label, sign=sign),
        acts=origin.acts, formulas=origin.formulas, soft=origin.soft, whole=subject, confidence=origin.confidence,
        ask=origin.ask, scope=origin.scope,
    )  # fmt: skip


def _money(
    reader: Reader, words: Window, amount: Quantity, start: int, end: int, scope: Scope
) -> Claim | None:
    """信息处理费 in 元, 行政事业性收费 in the table's 万元."""
    topics = words.topics or list(reader.topics)
    if reader.year_of(words) != 0 or words.foreign:
        return None
    if "processing" in topics or ("charge" in topics and reader.section == 6):
        if _DUE.search(reader.said(start, end)):
            return None  # charged, not received
        return reader.make(ClaimKind.FEE, amount, start, end, topic="processing", scope=scope)
    if "fee" not in topics or words.subset or words.residue:
        return None
    reading = reading_of(reader.edition, "fee", replace(words, acts=[], topics=["fee"]))
    if reading is None:
        return None
    return reader.make(
        ClaimKind.COUNT,
        amount.in_wan(),
        start,
        end,
        topic="fee",
        label=reading.label,
        formulas=reading.formulas,
        scope=scope,
    )


def _place(claim: Claim) -> dict[str, Any]:
    """What is a claim's own when the rest is taken over from another."""
    return {
        "span": claim.span,
        "quantity": claim.quantity,
        "year": claim.year,
        "whole": None,
        "exhaustive": False,
    }


def _count(
    reader: Reader, words: Window, amount: Quantity, start: int, end: int, scope: Scope
) -> Claim | None:
    """A count of applications, documents, decisions, cases; None where the words do not say of which cells."""
    year = reader.year_of(words)
    if year is None or words.foreign or words.negated:
        return None
    if reader.foreign and not words.topics and words.acts:
        turned = "application" not in reader.topics and set(words.acts) <= _FLOWS
        if turned or not set(words.acts) & _PLAIN_OUTCOMES:
            return None  # 开展规范性文件清理，废止 3 件; 提出意见 12 件，1 件正在办理
    if year == -1 and not words.acts and not words.topics and reader.base is not None:
        # 较上年（38 件）, 比上年的 38 件: what was counted just before, a year earlier.
        return replace(
            reader.out[reader.base], **_place(reader.make(ClaimKind.COUNT, amount, start, end, year=-1))
        )
    topic = topic_of(words, reader.topics, reader.paragraph)
    reading = reading_of(reader.edition, topic, words)
    residue = words.residue
    if reading is not None and reading.topic in REMEDIES and other_organ(residue):
        reader.foreign, reader.topics = True, ()  # 州司法局审理 9 件，维持 6 件、纠正 1 件
    if reading is None or reading.topic == "fee" or other_organ(residue):
        return None
    # 通过网站公开规范性文件 6 件 comes near a cell whatever the channel, and is only asked about.
    near = reading.ask and reading.topic in _DOCUMENTS
    if not near and (words.subset or (residue and reader.parent is not None)):
        return None
    if topic == "application" and len(residue) > 1 and not words.strong:
        return None
    counted = amount.unit in _COUNTED or (topic in _DOCUMENTS and amount.unit in ("个", "部", "项"))
    firm = counted and not residue and not words.subset and not amount.doubtful
    if reading.topic in _DECISIONS and amount.unit == "条":
        return None  # 公开行政许可 1230 条: pieces of information, not decisions
    if _TO_DATE.search(reader.said(reader.start, end)):
        firm = False  # 截至 2021 年底累计收到: of all years, it may be
    if reading.topic == "application" and not reader.public:
        if not words.strong and not set(words.acts) & _PLAIN_OUTCOMES:
            return None  # 受理申请 125 件, of whatever kind
        firm = False
    if reading.topic in REMEDIES and set(words.acts) & {"handle", "received", "done"}:
        if not reader.names(end):
            return None  # as the authority that decides reconsiderations, not as the one sued
        firm = firm and not reader.organ.endswith(("司法局", "司法厅"))
    elif reading.topic in REMEDIES and not reader.named:
        firm = False
    bare = not words.acts and not words.columns and reading.topic == "application"
    return reader.make(
        ClaimKind.PART if reading.part else ClaimKind.COUNT, amount, start, end, topic=reading.topic,
        acts=tuple(words.acts), label=reading.label, formulas=reading.formulas, soft=reading.soft,
        ask=reading.ask or bare, year=year, scope=scope,
        confidence=Confidence.HIGH if firm else Confidence.MEDIUM,
        wording="done" in words.acts and ("received" in words.acts or "new" in words.acts),
    )  # fmt: skip
