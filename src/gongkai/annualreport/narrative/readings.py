"""What the words of a window mean in cells: topic, then predicate, then formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.annualreport.schema import Edition

from .grammar import Window
from .model import Formula
from .predicates import (
    BARE,
    COLUMN_LABELS,
    OUTCOME,
    PROCESS,
    REMEDY,
    REMEDY_BLOCKS,
    TABLE_2,
    TOPIC_LABELS,
    Predicate,
    application_columns,
    formula,
)

REMEDIES = frozenset(REMEDY_BLOCKS)
#: Acts that belong to applications whether or not the sentence says so.
_SPECIFIC = (frozenset(OUTCOME) - {"otherwise", "part_not_held", "part_withdrawn"}) | {"new", "carried_in"}
_FLOWS = frozenset({"new", "added", "carried_in", "carried_out", "carried"})
#: Said of a case on the way to a result, without meaning of its own there.
_IDLE_IN_REMEDY = frozenset({"issued", "publish", "decided"})


@dataclass(frozen=True, slots=True)
class Reading:
    """The cells a window speaks of; see :class:`~.model.Claim` for the fields."""

    topic: str
    label: str
    formulas: tuple[Formula, ...]
    soft: tuple[Formula, ...] = ()
    ask: bool = False
    part: bool = False


def topic_of(words: Window, sentence: Sequence[str], paragraph: str) -> str:
    """What the words are about: the topic named in them, else the sentence's that knows the act, else the paragraph's.

    Several topics of table 4 come joined by a blank (行政复议、行政诉讼 with one number is their sum).
    """
    places: tuple[Sequence[str], ...] = (words.topics, sentence)
    for named in places:
        remedies = [t for t in named if t in REMEDIES]
        if remedies and (not words.acts or any(act in REMEDY for act in words.acts)):
            return " ".join(dict.fromkeys(remedies))
        for name in reversed(named):
            if name in TABLE_2 and (not words.acts or any(act in TABLE_2[name] for act in words.acts)):
                return name
            if name == "application":
                return name
        if named is words.topics and named:
            return str(named[-1])
    if sentence and all(t in REMEDIES for t in sentence) and set(words.acts) <= _FLOWS:
        return ""  # 新增复议案件 7 件，上年结转 2 件: cases, not applications
    if any(act in _SPECIFIC for act in words.acts):
        return "application"
    return paragraph


def reading_of(edition: Edition, topic: str, words: Window) -> Reading | None:
    """The reading of a window about ``topic``, or None where its words select no cell."""
    topics = topic.split(" ")
    if words.rates:
        return None
    if topics[0] in REMEDIES:
        return _remedy(edition, topics, words)
    if topic in TABLE_2:
        return _table2(edition, topic, words)
    if topic == "application":
        return _application(edition, words)
    return None


def _build(
    edition: Edition,
    prefix: str,
    predicate: Predicate,
    columns: Sequence[str],
    label: str,
    *,
    soft: bool = False,
) -> tuple[Formula, ...]:
    readings = predicate.soft if soft else predicate.readings
    built = (formula(edition, prefix, reading, columns, label) for reading in readings)
    return tuple(f for f in built if f is not None)


def _remedy(edition: Edition, topics: Sequence[str], words: Window) -> Reading | None:
    acts = [act for act in dict.fromkeys(words.acts) if act not in _IDLE_IN_REMEDY]
    if words.columns or any(act not in REMEDY for act in acts):
        return None
    blocks = dict.fromkeys(block for topic in topics for block in REMEDY_BLOCKS[topic])
    prefix = " ".join(f"t4.{block}" for block in blocks)
    results = [act for act in acts if REMEDY[act].readings != (("total",),) and act != "done"]
    chosen = results or acts[-1:] or [""]
    name = "、".join(TOPIC_LABELS[t] for t in dict.fromkeys(topics))
    label = name + "、".join(REMEDY[act].label for act in chosen)
    predicate = REMEDY[chosen[0]]
    if len(chosen) > 1:
        together = tuple(dict.fromkeys(key for act in chosen for key in REMEDY[act].readings[0]))
        predicate = Predicate(label, (together,), ask=any(REMEDY[act].ask for act in chosen))
    hard = _build(edition, prefix, predicate, (), label)
    soft = _build(edition, prefix, predicate, (), label, soft=True)
    return Reading(topics[0], label, hard, soft, predicate.ask, predicate.part) if hard else None


def _table2(edition: Edition, topic: str, words: Window) -> Reading | None:
    table = TABLE_2[topic]
    if words.columns or any(act not in table for act in words.acts):
        return None
    known = list(dict.fromkeys(words.acts)) or [""]
    # 主动公开现行有效规范性文件 is about 现行有效; 制定并公开 is about 制发.
    firm = [act for act in known if not table[act].ask] or known
    if len({table[act].readings for act in firm}) > 1:
        return None
    predicate = table[firm[0]]
    label = TOPIC_LABELS[topic] + predicate.label
    hard = _build(edition, f"t2.{topic}", predicate, (), label)
    soft = _build(edition, f"t2.{topic}", predicate, (), label, soft=True)
    # 制发 of a text is 新制作 or 新公开 of the 2019 table: near, not the same word.
    near = predicate.ask or any(key.endswith((".made", ".published")) for f in hard for key in f.keys)
    return Reading(topic, label, hard, soft, near) if hard else None


def _application(edition: Edition, words: Window) -> Reading | None:
    acts = ["new" if act == "added" else act for act in dict.fromkeys(words.acts)]
    if any(act not in PROCESS and act not in OUTCOME for act in acts):
        return None
    predicates = _application_predicates(acts, words)
    if predicates is None:
        return None
    columns = application_columns(words.columns)
    names = "" if columns == ("total",) else "、".join(dict.fromkeys(COLUMN_LABELS[c] for c in words.columns))
    hard: list[Formula] = []
    soft: list[Formula] = []
    for predicate in predicates:
        label = f"{names} {predicate.label}".strip()
        hard.extend(f for f in _build(edition, "t3", predicate, columns, label) if f not in hard)
        soft.extend(_build(edition, "t3", predicate, columns, label, soft=True))
    if not hard:
        return None
    label = f"{names} {'、'.join(dict.fromkeys(p.label for p in predicates))}".strip()
    ask = any(p.ask for p in predicates) or "legal_person" in words.columns
    return Reading("application", label, tuple(hard), tuple(soft), ask, any(p.part for p in predicates))


def _application_predicates(acts: Sequence[str], words: Window) -> list[Predicate] | None:
    """Predicates whose readings are alternatives; None where the acts contradict each other.

    Process words joined (受理并办理) are alternatives; outcomes joined (予以公开和部分公开) are a sum; an outcome together
    with its sub-item (不予公开（属于国家秘密）) is the sub-item.
    """
    outcomes = _narrowest([act for act in acts if act in OUTCOME])
    process = [act for act in acts if act in PROCESS]
    if outcomes:
        if set(process) & {"carried_in", "carried_out", "carried", "new"}:
            return None
        if len(outcomes) == 1:
            return [OUTCOME[outcomes[0]]]
        if any(OUTCOME[act].part for act in outcomes):
            return None
        together = tuple(dict.fromkeys(key for act in outcomes for key in OUTCOME[act].readings[0]))
        return [Predicate("、".join(OUTCOME[act].label for act in outcomes), (together,))]
    if not process:
        # A bare 申请 N 件 with applicants named (自然人 30 件) may be either side of the identity.
        return [BARE] if words.columns or words.topics else None
    if "carried_out" in process:
        return [PROCESS["carried_out"]]
    if "carried_in" in process or words.with_carried:
        rest = [act for act in process if act != "carried_in"]
        both = Predicate("本年新收加上年结转", (("new", "carried_in"),))
        if not rest:
            return [PROCESS["carried_in"]]
        if rest == ["received"] and not words.with_carried:
            return [PROCESS["carried_in"], both]  # 收到上年结转的申请; 收到及上年结转的申请
        if set(rest) <= {"new", "received"}:
            return [both]
        return None if "carried_in" in process else [PROCESS[act] for act in rest]
    if "carried" in process and len(process) > 1:
        return None
    return [PROCESS[act] for act in process]


def _narrowest(outcomes: Sequence[str]) -> list[str]:
    """Leave out an outcome that contains another one named beside it."""
    cells = {act: set(OUTCOME[act].readings[0]) for act in outcomes}
    return [
        act for act in outcomes
        if not any(other != act and cells[other] <= cells[act] and (cells[other] != cells[act] or OUTCOME[act].part) for other in outcomes)
    ]  # fmt: skip
