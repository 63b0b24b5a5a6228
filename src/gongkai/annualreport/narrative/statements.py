"""Statements without a number of their own: 未发生行政诉讼, 没有收取费用, 均已答复."""

from __future__ import annotations

from collections.abc import Sequence

from .grammar import Clause, Window
from .lexicon import Word
from .model import ClaimKind, Confidence, Quantity, Scope
from .predicates import TABLE_2
from .reader import Reader
from .readings import REMEDIES, Reading, reading_of, topic_of
from .scopes import scope_of

_ZERO = Quantity(0, "", text="0")
_RESULTS = ("corrected", "pending", "upheld", "other_result")
_IMPLIED = (
    ("issued", ("制发", "出台", "制定", "印发", "新增")),
    ("repealed", ("废止",)),
    ("decided", ("作出", "实施")),
)


def nothing(reader: Reader, clause: Clause) -> None:
    """未发生行政诉讼: what is named after the negation (or, where nothing follows it, before) is zero.

    Silent where the clause states an aim (确保未发生…) or holds words that are not understood.
    """
    found = clause.tokens
    at = next(i for i, token in enumerate(found) if token.kind is Word.NOT)
    if reader.aim or any(token.kind is Word.AIM for token in found[:at]):
        return
    negation = found[at]
    before = reader.window(found[:at], clause.start, negation.start)
    words = reader.window(found[at + 1 :], negation.end, clause.end)
    if len(found) == 1 and not words.residue and not before.residue:
        before.topics = before.topics or list(reader.topics)  # 行政复议、行政诉讼情况：无
    if not words.topics and not words.acts:
        if words.residue or words.foreign or not before.topics or before.acts:
            return
        words = before
    words.years = words.years or before.years
    scope = scope_of([*before.scopes, *words.scopes], reader.organ)
    said = reader.said(negation.start, negation.end)
    if not words.topics:
        words.topics = list(before.topics)
    if not words.topics and words.acts and (topic := topic_of(words, reader.topics, reader.paragraph)):
        words.topics = topic.split(" ")
    _zero(reader, words, clause, scope, said)


def _zero(reader: Reader, words: Window, clause: Clause, scope: Scope, negation: str) -> None:
    topics = words.topics
    if "processing" in topics or ("charge" in topics and (reader.public or reader.section == 6)):
        _keep(reader, ClaimKind.FEE, words, clause, Reading("processing", "信息处理费", ()), scope)
        return
    if reader.year_of(words) != 0:
        return
    understood = not (words.residue or words.foreign or words.subset)
    acts = list(dict.fromkeys(words.acts))
    if remedies := [t for t in topics if t in REMEDIES]:
        words.acts = [act for act in acts if act in _RESULTS]
        for topic in dict.fromkeys(remedies):
            _keep(reader, ClaimKind.ZERO, words, clause, reading_of(reader.edition, topic, words), scope)
    elif (table2 := [t for t in topics if t in TABLE_2]) and understood:
        implied = [act for act, stems in _IMPLIED if any(stem in negation for stem in stems)]
        for act in [a for a in acts if a in ("issued", "repealed", "decided", "added")] or implied:
            words.acts = [act]
            _keep(reader, ClaimKind.ZERO, words, clause, reading_of(reader.edition, table2[0], words), scope)
    elif "application" in topics and understood and not words.columns:
        words.acts = _application_acts(acts, words, negation)
        if words.acts:
            _keep(
                reader, ClaimKind.ZERO, words, clause, reading_of(reader.edition, "application", words), scope
            )


def _application_acts(acts: Sequence[str], words: Window, negation: str) -> list[str]:
    """未收到政府信息公开申请 is about 新收, 没有结转下年度的申请 about 结转; 未答复的申请 and the like are left alone."""
    named = [act for act in acts if act in ("carried_in", "carried_out", "new")]
    if len(acts) == 1 and named and negation in ("无", "没有", "未有", "尚无", "暂无"):
        return named
    if words.strong and not acts and any(part in negation for part in ("收到", "接到", "受理")):
        return ["new"]
    if words.strong and negation in ("未", "没有") and acts in (["received"], ["new"]):
        return ["new"]
    return []


def _keep(
    reader: Reader, kind: ClaimKind, words: Window, clause: Clause, reading: Reading | None, scope: Scope
) -> None:
    if reading is None or reading.ask:
        return
    firm = not words.residue and (reading.topic not in REMEDIES or reader.named)
    reader.out.append(
        reader.make(
            kind,
            _ZERO,
            clause.start,
            clause.end,
            topic=reading.topic,
            acts=tuple(words.acts),
            label=reading.label,
            formulas=reading.formulas,
            scope=scope,
            confidence=Confidence.HIGH if firm else Confidence.MEDIUM,
        )
    )


def universal(reader: Reader, clause: Clause) -> None:
    """均已答复、全部办结, of the applications as a whole."""
    found = clause.tokens
    at = next((i for i, token in enumerate(found) if token.kind is Word.EVERY), None)
    if at is None or reader.aim:
        return
    if any(token.kind in (Word.AIM, Word.NOT, Word.FOREIGN, Word.RATE) for token in found):
        return
    acts = {token.value for token in found[at:] if token.kind is Word.ACT}
    if "done" not in acts or acts - {"done", "handle", "received"}:
        return
    words = reader.window(found[:at], clause.start, found[at].start)
    topic = topic_of(Window(0, 0, topics=words.topics), reader.topics, reader.paragraph)
    if topic != "application" or reader.year_of(words) != 0 or (reader.foreign and not words.topics):
        return
    # 对其中涉及…的、上年结转的、自然人的申请均已答复 speaks of some only.
    some = words.subset or words.columns or words.among or len(words.residue) > 1
    if some or set(words.acts) & {"carried_in", "carried_out"}:
        return
    if not words.topics and _of_carried(reader):
        return
    reader.out.append(
        reader.make(
            ClaimKind.ALL,
            None,
            clause.start,
            clause.end,
            topic=topic,
            acts=("done",),
            label="办结",
            scope=scope_of(words.scopes or reader.scopes, reader.organ),
        )
    )


def _of_carried(reader: Reader) -> bool:
    """Whether 已全部办结 follows 上年结转 2 件 standing by itself: those two are done, nothing is said of the rest."""
    spoken = [c for c in reader.out if c.sentence == reader.ordinal and c.quantity is not None]
    if not spoken or "carried_in" not in spoken[-1].acts or "new" in spoken[-1].acts:
        return False
    if len(spoken) == 1:
        return True
    between = reader.compact.source[spoken[-2].span.end : spoken[-1].span.start + 1]
    return "；" in between or ";" in between
