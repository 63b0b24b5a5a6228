"""Which outcomes (rows of table 3) the history of a case allows, and why the others do not stand yet."""

from __future__ import annotations

from datetime import date

from gongkai.law.case import clocks
from gongkai.law.case.acts import NotLawful
from gongkai.law.case.events import ItemDecision
from gongkai.law.case.facts import Consultation, ConsultKind, Facts
from gongkai.law.case.vocab import Opinion
from gongkai.law.cite import cite
from gongkai.law.outcomes import OUTCOMES, Group, Outcome, Precondition, Variant

_REG = "条例"


def _third_parties(f: Facts) -> list[Consultation]:
    return [c for c in (f.consults or {}).values() if c.kind is ConsultKind.THIRD_PARTY]


def third_party_objects(f: Facts) -> bool:
    """Whether some consulted third party objected on reasonable grounds."""
    return any(c.opinion is Opinion.OBJECT and c.reasonable for c in _third_parties(f))


def _waiting(f: Facts, kind: ConsultKind, on: date) -> Consultation | None:
    for c in (f.consults or {}).values():
        if c.kind is kind and clocks.is_waiting(f, c, on):
            return c
    return None


def _searched(f: Facts, on: date) -> NotLawful | None:
    if f.search is None:
        return NotLawful("答复信息不存在，应先检索并留有检索记录", cite(_REG, 36, item=4))
    if f.search.found:
        return NotLawful(f"{f.search.on} 的检索记录显示已找到该信息", cite(_REG, 36, item=4))
    return None


def _third_party_objected(f: Facts, on: date) -> NotLawful | None:
    asked = [c for c in _third_parties(f) if c.ended_on is None or c.opinion is not None]
    if not asked:
        return NotLawful("以保护第三方权益为由不予公开，应先书面征求第三方意见", cite(_REG, 32))
    if _waiting(f, ConsultKind.THIRD_PARTY, on):
        return NotLawful("第三方的答复期限尚未届满", cite(_REG, 32))
    if all(c.opinion is Opinion.CONSENT for c in asked):
        return NotLawful("第三方已经同意公开，不能以此为由不予公开", cite(_REG, 15))
    if all(c.opinion is Opinion.CONSENT or (c.opinion is Opinion.OBJECT and not c.reasonable) for c in asked):
        return NotLawful("第三方的反对理由已判断为不合理，不能以此为由不予公开", cite(_REG, 32))
    return None


def _still_unclear(f: Facts, on: date) -> NotLawful | None:
    if f.corrected_on is None:
        return NotLawful("应先告知补正，收到补正后仍不明确的才能作此答复", cite(_REG, 30))
    return None


def _reasons_unreasonable(f: Facts, on: date) -> NotLawful | None:
    if f.reasons_asked_on is None:
        return NotLawful("应先要求申请人说明理由", cite(_REG, 35))
    if f.reasons_reasonable:
        return NotLawful("申请人的理由已判断为合理，应当办理", cite(_REG, 35))
    if f.reasons_reasonable is None and (f.reasons_until is None or on <= f.reasons_until):
        return NotLawful("申请人说明理由的期限尚未届满，或者尚未登记其理由", cite(_REG, 35))
    return None


def _by_record(what: str, article: int) -> NotLawful:
    return NotLawful(f"不能直接决定：期限届满后登记“{what}”即按此办结", cite(_REG, article))


_CHECKS = {
    Precondition.SEARCHED: _searched,
    Precondition.THIRD_PARTY_OBJECTED: _third_party_objected,
    Precondition.STILL_UNCLEAR: _still_unclear,
    Precondition.REASONS_UNREASONABLE: _reasons_unreasonable,
    Precondition.CORRECTION_EXPIRED: lambda f, on: _by_record("逾期不补正", 30),
    Precondition.FEE_EXPIRED: lambda f, on: _by_record("逾期不缴费", 42),
}


def _release(f: Facts, outcome: Outcome, override: str, on: date) -> NotLawful | None:
    """Bars to handing out information: opinions not yet due, and a reasonable objection."""
    if _waiting(f, ConsultKind.THIRD_PARTY, on):
        return NotLawful("正在征求第三方意见，期限届满前不能决定公开", cite(_REG, 32))
    if _waiting(f, ConsultKind.CO_MAKER, on):
        return NotLawful("正在征求共同制作机关意见，期限届满前不能决定公开", cite(_REG, 34))
    if outcome.key == "granted" and not override and third_party_objects(f):
        return NotLawful(
            "第三方不同意公开且理由合理；认为不公开会对公共利益造成重大影响的，写明理由后方可公开",
            cite(_REG, 32),
        )
    return None


def _setting(f: Facts, outcome: Outcome, variant: Variant) -> NotLawful | None:
    for key, row in (("not_information", f.policy.not_information_row), ("archives", f.policy.archives_row)):
        if variant.key == key and outcome.key != row:
            return NotLawful(f"按设置，“{variant.label}”计入“{OUTCOMES[row].short}”", cite("年报格式"))
    return None


def row_refusal(
    f: Facts, outcome: Outcome, variant: Variant, on: date, override: str = ""
) -> NotLawful | None:
    """Why deciding ``outcome`` on ``on`` would be unlawful on this history, or None."""
    if variant.key == "withdrawn":
        return NotLawful("申请人撤回的，登记“撤回申请”即可", cite(_REG, 45))
    configured = _setting(f, outcome, variant)
    if configured is not None:
        return configured
    if outcome.group in (Group.GRANTED, Group.PARTIAL) and variant.key != "already_public":
        found = _release(f, outcome, override, on)
        if found is not None:
            return found
    for condition in variant.preconditions:
        found = _CHECKS[condition](f, on)
        if found is not None:
            return found
    return None


def items_problem(outcome: str, items: tuple[ItemDecision, ...]) -> str | None:
    """Why the case's single row does not follow from the results of its items, or None.

    Something given and something refused is partial disclosure (年报格式: counted once, as that); equal
    results keep their row; otherwise the principal result is one of the items' own, picked by a person.
    """
    if not items:
        return None
    rows = {one.outcome for one in items}
    groups = {OUTCOMES[row].group for row in rows}
    if rows == {outcome}:
        return None
    if Group.PARTIAL in groups or {Group.GRANTED, Group.REFUSED} <= groups:
        return None if outcome == "partial" else "逐项结果既有公开又有不予公开，整件应计为“部分公开”"
    if len(rows) == 1:
        return f"各项结果都是“{OUTCOMES[next(iter(rows))].short}”，整件结果应当一致"
    if outcome not in rows:
        names = "、".join(OUTCOMES[row].short for row in OUTCOMES if row in rows)
        return f"逐项结果不同的，整件应取其中主要的一项：{names}"
    return None
