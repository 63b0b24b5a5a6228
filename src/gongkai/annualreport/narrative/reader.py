"""What is remembered while a section is read: paragraph topic, sentence topics, year, totals and their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gongkai.annualreport.findings import Span
from gongkai.annualreport.schema import Edition

from .grammar import Token, Window, window
from .model import Claim, ClaimKind, Confidence, Formula, Quantity, Scope
from .predicates import OUTCOME, TABLE_2
from .text import Compact

_PUBLIC = ("信息公开", "政务公开", "依申请")
_COMPARED = (
    "同比", "较上年", "比上年", "较去年", "比去年", "与上年", "与去年", "同上年", "较上一年", "比上一年", "相比上年", "去年同期", "上年同期",
)  # fmt: skip
_PROCESS_IN = frozenset({"new", "carried_in"})
_PROCESS = frozenset({"received", "handle", "done", "carried_out", "carried"})
_REST = ("其他", "其它", "其余")
_DEEPEST = 4
_AROUND_BEFORE, _AROUND_AFTER = 60, 16


@dataclass(slots=True)
class Reader:
    """The state of reading one section. Methods change nothing but the reader."""

    edition: Edition
    organ: str
    year: int | None
    section: int
    compact: Compact
    out: list[Claim] = field(default_factory=list)
    paragraph: str = ""  # topic of the paragraph
    public: bool = False  # paragraph or sentence speaks of 政府信息公开
    named: bool = False  # the sentence itself does
    topics: tuple[str, ...] = ()  # last named in the sentence
    scopes: tuple[
        str, ...
    ] = ()  # whose figures the sentence speaks of since an earlier clause: 各部门…，办结 70 件
    foreign: bool = False  # the sentence has turned to something that is no application: 留言, 建议
    when: str = "0"  # year the sentence is in
    compared: bool = False  # the clause names last year as what is compared with
    comparing: bool = False  # … and the number stands in brackets after it: 较2024年（38件）
    aim: bool = False  # the sentence states an aim, not a fact
    last: int | None = None  # last quantity that may have parts
    base: int | None = None  # last counted claim of this year, for 占 and 比上年增加
    parent: int | None = None  # the total whose parts are being read
    parts: list[int] = field(default_factory=list)
    sort: str = ""  # sort of the parts
    outer: list[tuple[int | None, str, list[int], int | None, int | None, int]] = field(default_factory=list)
    aside: set[int] = field(default_factory=set)  # claims inside a bracket that has closed
    start: int = 0
    end: int = 0
    ordinal: int = 0

    # --- paragraphs and sentences

    def new_paragraph(self, start: int, end: int) -> None:
        """Set the topic from the first words of a paragraph (（二）依申请公开情况)."""
        head = self.compact.text[start : min(end, start + 24)]
        self.last = None
        if self.section == 3 or "依申请" in head or "申请公开" in head or "公开申请" in head:
            self.paragraph = "application"
        elif head[:1] in "（一二三四五六七八九十0123456789":
            self.paragraph = ""

    def no_numbers(self, start: int, end: int) -> None:
        """Pass over a sentence that says nothing about a cell."""
        self.ordinal += 1
        self.last = None
        sentence = self.compact.text[start:end]
        if "依申请公开" in sentence or "信息公开申请" in sentence:
            self.paragraph = "application"

    def new_clause(self, mark_before: str) -> None:
        """Begin a clause: a bracket keeps the list it stands in aside, and gives it back when it closes."""
        if mark_before == "（" and len(self.outer) < _DEEPEST:
            self.outer.append((self.parent, self.sort, self.parts, self.last, self.base, len(self.out)))
            self.parent, self.sort, self.parts = None, "", []
            if self.out and self.out[-1].quantity is not None:
                self.last = len(self.out) - 1
        elif mark_before == "）" and self.outer:
            self.close_parts()
            self.parent, self.sort, self.parts, self.last, self.base, since = self.outer.pop()
            self.aside.update(range(since, len(self.out)))
        self.comparing = self.compared and mark_before == "（"
        self.compared = False

    def new_sentence(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.ordinal += 1
        sentence = self.compact.text[start:end]
        self.compared = self.comparing = False
        self.named = self.section == 4 or any(word in sentence for word in _PUBLIC)
        self.public = self.named or self.section == 3 or self.paragraph == "application"
        self.outer.clear()
        self.topics, self.when, self.aim, self.base, self.foreign = (), "0", False, None, False
        self.scopes = ()

    def end_sentence(self) -> None:
        self.close_parts()
        if "application" in self.topics and self.public:
            self.paragraph = "application"

    # --- words

    def window(self, found: Sequence[Token], start: int, end: int) -> Window:
        return window(self.compact.text, found, start, end, self.organ)

    def remember(self, words: Window) -> None:
        if words.foreign and any(topic in TABLE_2 for topic in words.topics):
            # 清理规范性文件 46 件，其中废止 1 件: what follows is of the clean-up, not of the year.
            self.topics, self.foreign = (), True
        elif words.topics:
            self.topics = tuple(dict.fromkeys(words.topics))
            self.foreign = False
        elif words.foreign:
            self.foreign = True
        if words.years:
            self.when = words.years[-1]
        self.compared = self.compared or words.compared_years

    def year_of(self, words: Window) -> int | None:
        """Year the words speak of, relative to the report's; None for parts of years and for others."""
        if (words.compare and words.compared_years and not words.trend) or (
            self.comparing and not words.years
        ):
            return -1
        when = words.years[-1] if words.years else self.when
        return {"0": 0, "-1": -1}.get(when)

    def subject(self) -> int | None:
        """Index of the count that a following 占…% or 同比… speaks of: the last number, if it is a count of this year."""
        for index in range(len(self.out) - 1, -1, -1):
            claim = self.out[index]
            if claim.sentence != self.ordinal:
                return None
            skipped = claim.kind in (ClaimKind.CHANGE, ClaimKind.SHARE, ClaimKind.ALL) or index in self.aside
            if skipped or claim.year == -1:
                continue
            return index if index == self.base else None
        return None

    def names(self, end: int) -> bool:
        """Whether the sentence, up to ``end``, has spoken of 政府信息公开 (section four always does)."""
        return self.section == 4 or any(word in self.said(self.start, end) for word in _PUBLIC)

    def said(self, start: int, end: int) -> str:
        return self.compact.text[start:end]

    def compares(self, end: int) -> bool:
        """Whether the sentence, up to ``end``, compares with the year before."""
        said = self.said(self.start, end)
        if "环比" in said:
            return False
        if any(word in said for word in _COMPARED):
            return True
        return self.year is not None and any(
            f"{word}{self.year - 1}年" in said for word in ("较", "比", "与", "同")
        )

    def around(self, start: int, token: Token) -> str:
        """The words around a quantity that speaks of no cell, ◦ in its place; for activities and enumerations."""
        text = self.compact.text
        end = token.end
        while end < self.end and end - token.end < _AROUND_AFTER and text[end] not in "，,；：、（）":
            end += 1
        return text[max(start, token.start - _AROUND_BEFORE) : token.start] + "◦" + text[token.end : end]

    # --- claims

    def keep(self, claim: Claim, words: Window) -> None:
        """Add a claim; tie it to its total where it stands in an enumeration."""
        index = len(self.out)
        if claim.kind in (ClaimKind.COUNT, ClaimKind.PART, ClaimKind.OTHER):
            claim = self._as_part(claim, words, index)
            if claim.quantity is not None and claim.quantity.unit and claim.whole is None:
                self.last = index
            if claim.kind is ClaimKind.COUNT and claim.year == 0:
                self.base = index
        self.out.append(claim)

    def open_parts(self) -> None:
        """其中: what follows are parts of the last total."""
        self.close_parts()
        self.parent = self.last

    def _as_part(self, claim: Claim, words: Window, index: int) -> Claim:
        """Tie a number to the open total, as long as the parts are of one sort."""
        if self.parent is None:
            return claim
        whole = self.out[self.parent]
        if whole.quantity is None or claim.quantity is None or claim.quantity.unit != whole.quantity.unit:
            return claim
        if "pending" in claim.acts and "done" in whole.acts:
            self.close_parts()  # 已审结 8 件，其中…，1 件尚未审结
            return claim
        sort = _sort_of(words, claim)
        if not self.sort and not _divides(sort, whole):
            self.parent = None
            return claim
        if not self.sort:
            self.sort = sort
        elif sort != self.sort:
            self.close_parts()
            return claim
        self.parts.append(index)
        return replace(claim, whole=self.parent)

    def close_parts(self) -> None:
        """End an enumeration, and mark its parts where it claims to be complete."""
        if self.parent is not None and len(self.parts) > 1 and self._complete():
            for index in self.parts:
                self.out[index] = replace(self.out[index], exhaustive=True)
        self.parent, self.sort, self.parts = None, "", []

    def _complete(self) -> bool:
        """Both kinds of applicants, new and carried over, or a remainder named 其他 at the end."""
        if self.sort == "in":
            acts = {act for index in self.parts for act in self.out[index].acts}
            return acts == _PROCESS_IN
        if self.sort == "column":
            said = "".join(self.out[index].label for index in self.parts)
            return "自然人" in said and "法人或其他组织" in said
        if self.sort != "other":
            return False
        last = self.out[self.parts[-1]]
        return any(word in (last.label or last.span.text) for word in _REST) or "分为" in self.said(
            self.start, self.end
        )

    def make(
        self, kind: ClaimKind, amount: Quantity | None, start: int, end: int, *, topic: str = "",
        acts: tuple[str, ...] = (), label: str = "", formulas: tuple[Formula, ...] = (), soft: tuple[Formula, ...] = (),
        year: int | None = 0, scope: Scope = Scope.UNSAID, confidence: Confidence = Confidence.HIGH, ask: bool = False,
        wording: bool = False, timely: bool = False, sign: int = 0, whole: int | None = None, rate: str = "",
    ) -> Claim:  # fmt: skip
        """A claim about the words ``start``–``end`` of the compact text."""
        text = self.compact.text
        while start < end - 1 and text[start] in '、和及“”"）':
            start += 1
        a, b = self.compact.extent(start, end)
        return Claim(
            kind, Span(self.section, a, b, text[start:end]), amount, topic, acts, label, formulas, soft, year, scope,
            confidence, ask, wording, timely, sign, self.ordinal, whole, False, rate,
        )  # fmt: skip


def _divides(sort: str, whole: Claim) -> bool:
    """Whether parts of this sort can be parts of that total: outcomes of what was closed, not of 结转 1 件."""
    if sort == "outcome":
        # What was closed includes what was carried in, so outcomes may well exceed what was received.
        return bool(set(whole.acts) & {"done", "handle"}) and all(
            k.endswith(".total") for f in whole.formulas for k in f.keys
        )
    if sort in ("in", "column"):
        return whole.topic == "application" and not set(whole.acts) & {"carried_in", "carried_out", "carried"}
    if sort == "flow":
        return whole.topic == "application"
    return whole.kind is ClaimKind.OTHER or sort != "other" or whole.topic != "application"


def _sort_of(words: Window, claim: Claim) -> str:
    """Sort of a part: parts of different sorts cut the total along different lines and must not be added."""
    acts = set(words.acts)
    if claim.kind is ClaimKind.OTHER:
        return "other"
    if acts and acts <= _PROCESS_IN:
        return "in"
    if acts & _PROCESS:
        return "flow"
    if acts & set(OUTCOME):
        return "outcome"
    if words.columns:
        return "column"
    return (
        claim.topic + "".join(sorted(acts))
        if claim.topic in ("normative", "rules")
        else claim.topic or "other"
    )
