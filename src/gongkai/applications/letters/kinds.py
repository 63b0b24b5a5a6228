"""Every kind of letter: what it accompanies, who signs it, its number mark, when it may be drafted (domain sheet 04 §1, §5).

Answer letters are one for each row and variant of ``law.outcomes``; nothing about outcomes is repeated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.applications.letters.fields import FACT_FIELDS
from gongkai.applications.letters.wording import Wording, answer_wording, wording
from gongkai.law.case import EVENT_LABELS, CaseState, Decided, Kind, NotLawful
from gongkai.law.cite import Citation, cite
from gongkai.law.outcomes import OUTCOMES, Outcome, Variant


class Signer(StrEnum):
    """Who answers for the letter."""

    HANDLER = "handler"
    HEAD = "head"
    LEADER = "leader"


SIGNER_LABELS = {
    Signer.HANDLER: "承办人出具，不需签发",
    Signer.HEAD: "公开工作机构负责人签发",
    Signer.LEADER: "机关负责人签发",
}


class To(StrEnum):
    """Whom the letter is addressed to; decides what personal data it may carry."""

    APPLICANT = "applicant"
    THIRD_PARTY = "third_party"
    ORGAN = "organ"
    INSIDE = "inside"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind. ``mark`` "" means that the letter bears no number; ``asks`` are the fields a drafter fills in."""

    key: str
    label: str
    to: To
    signer: Signer
    mark: str
    event: Kind | None
    asks: tuple[str, ...]
    wording: Wording
    review: bool = False
    outcome: str = ""
    variant: str = ""
    basis: tuple[Citation, ...] = ()
    needs_number: bool = True

    @property
    def is_answer(self) -> bool:
        """Whether signing it is the law's ``Signed``."""
        return self.event is Kind.DECIDED

    @property
    def has_remedy(self) -> bool:
        """Whether the letter ends with the computed remedy paragraph."""
        return bool(self.outcome) and OUTCOMES[self.outcome].variant(self.variant).remedy != "none"

    @property
    def addressed(self) -> bool:
        """Whether it begins with an addressee (a form for the file or for others to fill in does not)."""
        return self.to is not To.FILE and self.key != "third_party_reply"

    @property
    def self_issued(self) -> bool:
        """Whether whoever drafts it may also issue it."""
        return self.signer is Signer.HANDLER

    def why_not(self, state: CaseState) -> str:
        """Why the letter has no place in this case now, "" when it may be drafted."""
        if self.needs_number and state.number is None:
            return "尚未登记编号；应先登记（条例第四十五条）。"
        if self.is_answer:
            return _decision_problem(self, state)
        if self.event is None or any(e is not None and e.kind is self.event for e in state.events):
            return _close_problem(self, state)
        if self.outcome or self.key in _AFTERWARDS:
            return f"办件还没有登记“{EVENT_LABELS[self.event]}”。"
        verdict = state.acts[self.event]
        if not isinstance(verdict, NotLawful):
            return ""
        source = f"（{verdict.cite.short}）" if verdict.cite else ""
        return f"{verdict.reason}{source}。"


#: Letters that speak of something done; the others may be drafted with the act they announce.
_AFTERWARDS = frozenset(
    {"rectification", "reopening", "public_notice", "third_party_reply", "consultation_notice"}
)


def _decision_problem(kind: LetterKind, state: CaseState) -> str:
    decision = decision_in_force(state)
    if decision is None:
        return "尚未作出决定；先在办件中“作出决定”，再拟答复书。"
    outcome = OUTCOMES[decision.outcome]
    variant = outcome.variant(decision.variant)
    if (outcome.key, variant.key) != (kind.outcome, kind.variant):
        return f"作出的决定是“{outcome.short}”（{variant.label}），与本文书不符。"
    return ""


def _close_problem(kind: LetterKind, state: CaseState) -> str:
    if kind.outcome and (state.current_row, state.variant) != (kind.outcome, kind.variant):
        return "办件没有以这一结果终结。"
    return ""


def decision_in_force(state: CaseState) -> Decided | None:
    """The last ``Decided`` that was not returned or overtaken by a reopening."""
    for event in reversed(state.events):
        if event is None:
            continue
        if event.kind in (Kind.DECISION_RETURNED, Kind.REOPENED):
            return None
        if isinstance(event, Decided):
            return event
    return None


def answer_key(outcome: str, variant: str = "") -> str:
    """The kind of the answer letter for a row and variant. Raises ``UnknownOutcome`` for one that does not exist."""
    return f"{outcome}.{OUTCOMES[outcome].variant(variant).key}"


_H, _L, _S = Signer.HEAD, Signer.LEADER, Signer.HANDLER
_R = "条例"
# key, label, addressee, signer, mark, event, asks, legal review, basis
_ROWS: tuple[tuple[str, str, To, Signer, str, Kind | None, tuple[str, ...], bool, tuple[Citation, ...]], ...] = (
    ("register_form", "政府信息公开申请登记表", To.FILE, _S, "", None, (), False, (cite(_R, 45),)),
    ("receipt", "政府信息公开申请接收回执", To.APPLICANT, _S, "", Kind.RECEIVED, (), False, (cite(_R, 31),)),
    ("correction", "政府信息公开申请补正告知书", To.APPLICANT, _H, "补", Kind.CORRECTION_REQUESTED,
     ("补正事项", "指导和释明"), False, (cite(_R, 30),)),
    ("reasons", "说明理由告知书", To.APPLICANT, _H, "说", Kind.REASONS_ASKED, ("要求说明的情况",), False, (cite(_R, 35),)),
    ("reasonable_delay", "延迟答复告知书", To.APPLICANT, _H, "迟", Kind.REASONABLE_PERIOD_SET, ("延迟理由",), False,
     (cite(_R, 35),)),
    ("extension", "延期答复告知书", To.APPLICANT, _H, "延", Kind.EXTENDED, ("延期理由",), False, (cite(_R, 33, 2),)),
    ("third_party", "第三方意见征求书", To.THIRD_PARTY, _H, "征", Kind.THIRD_PARTY_CONSULTED,
     ("第三方", "征求意见事项"), False, (cite(_R, 32),)),
    ("third_party_reply", "征求意见确认函", To.THIRD_PARTY, _S, "", Kind.THIRD_PARTY_CONSULTED,
     ("第三方", "征求意见事项"), False, (cite(_R, 32),)),
    ("consultation_notice", "征求意见告知书", To.APPLICANT, _H, "知", Kind.THIRD_PARTY_CONSULTED, (), False,
     (cite(_R, 32), cite(_R, 33, 3))),
    ("third_party_decision", "依申请公开告知书", To.THIRD_PARTY, _L, "三", Kind.THIRD_PARTY_NOTIFIED,
     ("第三方", "公开内容", "公开理由"), True, (cite(_R, 32),)),
    ("co_maker", "共同制作机关意见征求书", To.ORGAN, _H, "征", Kind.CO_MAKER_CONSULTED,
     ("共同制作机关", "征求意见事项"), False, (cite(_R, 34),)),
    ("assistance", "政府信息公开协办函", To.INSIDE, _H, "协", Kind.ORGAN_CONSULTED,
     ("协办单位", "协办事项", "协办期限"), False, (cite(_R, 17),)),
    ("fee", "政府信息公开信息处理费收费通知书", To.APPLICANT, _L, "费", Kind.FEE_NOTICED, ("页数", "缴纳方式"), True,
     (cite(_R, 42), cite("信息处理费管理办法"))),
    ("rectification", "文书更正告知书", To.APPLICANT, _L, "更", Kind.SIGNED, ("原文书", "更正前", "更正后"), True, ()),
    ("reopening", "重新办理告知书", To.APPLICANT, _H, "重", Kind.REOPENED, ("重新办理依据",), False, ()),
    ("public_notice", "送达公告", To.APPLICANT, _H, "", Kind.SERVICE_FAILED, ("原文书",), False, (cite("送达"),)),
    ("service_receipt", "送达回证", To.FILE, _S, "", None, ("原文书", "送达地点", "送达方式"), False, (cite("送达"),)),
)  # fmt: skip

#: Outcomes that close a case by an event of their own; their letter accompanies it and is no ``Signed``.
_CLOSED_BY = {
    ("other_uncorrected", "usual"): Kind.CORRECTION_LAPSED,
    ("other_unpaid", "usual"): Kind.FEE_LAPSED,
    ("other_other", "withdrawn"): Kind.WITHDRAWN,
}


def _answer(outcome: Outcome, variant: Variant) -> LetterKind:
    facts = [FACT_FIELDS[key] for key in variant.facts]
    if "提供的信息" in facts or "区分处理后的文本" in facts:
        facts.append("提供方式")
    single = len(outcome.variants) == 1
    name = variant.letter.split("（")[0]
    return LetterKind(
        key=answer_key(outcome.key, variant.key),
        label=f"{name}（{outcome.short if single else variant.label}）",
        to=To.APPLICANT,
        signer=Signer.LEADER,
        mark="答" if "答复书" in variant.letter else "告",
        event=_CLOSED_BY.get((outcome.key, variant.key), Kind.DECIDED),
        asks=tuple(dict.fromkeys(facts)),
        wording=answer_wording(outcome.key, variant.key, name),
        review=True,
        outcome=outcome.key,
        variant=variant.key,
        basis=variant.grounds,
    )


def _registry() -> dict[str, LetterKind]:
    kinds = [
        LetterKind(key, label, to, signer, mark, event, asks, wording(key), review, basis=basis,
                   needs_number=key not in ("receipt",))
        for key, label, to, signer, mark, event, asks, review, basis in _ROWS
    ]  # fmt: skip
    kinds += [_answer(outcome, variant) for outcome in OUTCOMES.values() for variant in outcome.variants]
    return {kind.key: kind for kind in kinds}


#: Every kind by key; answers are ``<row>.<variant>``.
LETTER_KINDS: dict[str, LetterKind] = _registry()
CHOICES: list[tuple[str, str]] = [(kind.key, kind.label) for kind in LETTER_KINDS.values()]


def label_of(key: str) -> str:
    """The kind's name; the key itself for one no longer known."""
    return LETTER_KINDS[key].label if key in LETTER_KINDS else key
