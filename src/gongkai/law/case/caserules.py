"""The rules of case handling as values, linked to the functions that carry them out.

They stand apart from the code because most of them are carried out by several functions, and because the
clocks must stay free of decoration: they run tens of thousands of times a second.
"""

from __future__ import annotations

from gongkai.law.case import acts, clocks, letters, rows, table3, transitions
from gongkai.law.case.fold import fold
from gongkai.law.cite import Certainty, Citation, cite
from gongkai.law.outcomes import FACTS, GROUP_LABELS, OUTCOMES, PRECONDITION_LABELS, Outcome, check_decision
from gongkai.law.questions import ask
from gongkai.law.rules import Rule, register, rule

_REG = "条例"


def _rule(
    key: str,
    title: str,
    source: tuple[Citation, ...],
    text: str,
    *functions: object,
    certainty: Certainty = "verified",
    examples: tuple[str, ...] = (),
    setting: str | None = None,
) -> Rule:
    made = register(Rule(f"case.{key}", title, source, certainty, text, examples, setting))
    for function in functions:
        rule(made.id)(function)  # type: ignore[type-var]
    return made


RECEIPT = _rule(
    "receipt",
    "收到申请之日",
    (cite(_REG, 31),),
    "当面提交以提交之日、需签收的邮寄以行政机关签收之日、平常信函以与申请人确认之日、互联网和传真以双方确认之日为收到之日。",
    transitions.receipt_date,
    examples=("2025-09-26 网上提交、2025-09-28（调休上班）双方确认的，收到之日为 2025-09-28",),
)
ANSWER = _rule(
    "answer",
    "答复期限",
    (cite(_REG, 33, 2),),
    "不能当场答复的，自收到申请之日起 20 个工作日内答复；期限为满足工作日数（扣除不计入的时间）的最早一日。",
    clocks.answer_due,
    examples=("2026-02-09 收到，2026-03-13 届满",),
)
EXTENSION = _rule(
    "extension",
    "延期答复",
    (cite(_REG, 33, 2),),
    "需要延长的，经政府信息公开工作机构负责人同意并告知申请人，最长 20 个工作日，接在原期限之后。",
    acts.refusal,
    clocks.answer_due,
    examples=("期限 2026-06-03，延长 20 个工作日至 2026-07-02",),
)
EXCLUDED = _rule(
    "excluded",
    "征求意见的时间不计入",
    (cite(_REG, 33, 3),),
    "征求第三方和其他机关意见所需时间不计入答复期限；几件函时间重叠的取并集，不重复扣除；内部协办、保密审查不扣除。",
    clocks.exclusions,
    examples=("发函 04-24、收到意见 05-12，扣除 04-25 至 05-12 的 10 个工作日",),
)
CORRECTION = _rule(
    "correction",
    "补正",
    (cite(_REG, 30),),
    "内容不明确的，自收到之日起 7 个工作日内一次性告知补正事项和合理期限；收到补正之日起重新计算答复期限。",
    clocks.correction_notice_due,
    acts.refusal,
    examples=("2026-02-09 收到，最迟 2026-02-25 告知；2026-02-27 收到补正，2026-03-26 届满",),
)
LAPSED = _rule(
    "correction-lapsed",
    "逾期不补正",
    (cite(_REG, 30),),
    "无正当理由逾期不补正的，视为放弃申请，不再处理，计入表三“其他处理”第 1 项。",
    acts.refusal,
)
THIRD_PARTY = _rule(
    "third-party",
    "征求第三方意见",
    (cite(_REG, 32),),
    "书面征求第三方意见，第三方自收到之日起 15 个工作日内答复；逾期未答复的由行政机关决定；不同意且理由合理的不予公开，公共利益重大的除外并须书面告知。",
    clocks.opinion_limit,
    rows.row_refusal,
    letters.letter_silent,
)
CO_MAKER = _rule(
    "co-maker",
    "征求共同制作机关意见",
    (cite(_REG, 34),),
    "牵头机关可以征求共同制作机关意见，对方自收到之日起 15 个工作日内答复，逾期未答复视为同意公开。",
    clocks.opinion_limit,
)
EXCESSIVE = _rule(
    "excessive",
    "数量频次明显超过合理范围",
    (cite(_REG, 35),),
    "可以要求说明理由；理由不合理的不予处理，合理但不能按期答复的，可以确定并告知延迟答复的合理期限。",
    acts.refusal,
    rows.row_refusal,
)
PAYMENT = _rule(
    "payment",
    "缴费期限和重新计算",
    (cite(_REG, 42), cite("信息处理费管理办法")),
    "收费通知在答复期限内发出；自收到通知次日起 20 个工作日内缴费，缴费完成次日起重新计算 20 个工作日；逾期视为放弃申请。",
    acts.refusal,
    certainty="memory",
    examples=("2026-09-18 收到通知，最迟 2026-10-22 缴费；2026-10-12 缴清，2026-11-09 届满",),
)
SEARCH = _rule(
    "search",
    "检索留痕",
    (cite(_REG, 36, item=4),),
    "答复政府信息不存在，应当先检索并记录范围、方式、人员和结果。",
    rows.row_refusal,
)
PARTIAL = _rule(
    "partial",
    "区分处理只计一种",
    (cite(_REG, 37), cite("年报格式")),
    "有公开有不予公开的，整件计为部分公开，不计其他情形；各项结果不同的由人选定主要结果并留痕。",
    rows.items_problem,
)
SERVICE = _rule(
    "service",
    "送达时点",
    (cite("送达"),),
    "直接送达和委托送达以申请人签收之日、邮寄以交邮之日为准；邮寄只能通过邮政企业。",
    transitions.service_date,
)
YEAR = _rule(
    "year",
    "年度归属和结转",
    (cite(_REG, 50), cite("年报格式")),
    "收到之年计新收，答复送达之年计结果；12 月 31 日 24 时已收到未答复的结转下年；重新答复不改变已计的年度。",
    table3.year_entry,
    table3.tabulate,
    certainty="memory",
)
REOPENED = _rule(
    "reopened",
    "重新办理",
    (cite(_REG, 51), cite("行政复议法", 64)),
    "复议决定、判决撤销或者自行纠错后重新答复，期限从其规定，未规定的重新计算；不另计新收。",
    fold,
    certainty="uncertain",
    setting="CasePolicy.reopened_wd",
)
RECORD = _rule(
    "record",
    "登记更正留痕",
    (cite(_REG, 45),),
    "登记只增不改；登记错误的，以写明原因的更正记录说明，更正后其后的记录仍须成立。",
    fold,
)
SEVEN = _rule(
    "seven-questions",
    "七问",
    (cite(_REG, 36),),
    "依次回答要不要补正、是不是政府信息公开申请、归谁负责、有没有、给不给、怎么给、怎么答，得出依法可作的答复。",
    ask,
)


def _outcome_rule(outcome: Outcome) -> Rule:
    """One rule for a row of table 3: what the letter must say and what must have happened."""
    usual = outcome.usual
    facts = "、".join(FACTS[key][0] for key in usual.facts)
    before = "；".join(PRECONDITION_LABELS[p] for p in usual.preconditions)
    text = f"属“{GROUP_LABELS[outcome.group]}”（{outcome.code}）。答复写明：{facts or '终结的原因'}。"
    made = register(
        Rule(
            id=f"outcome.{outcome.key.replace('_', '-')}",
            title=outcome.short,
            source=usual.grounds,
            certainty="verified",
            text=text + (f"前提：{before}。" if before else ""),
            examples=tuple(
                f"{v.label}：{'、'.join(c.short for c in v.grounds)}" for v in outcome.variants[1:]
            ),
        )
    )
    for function in (check_decision, rows.row_refusal):
        rule(made.id)(function)
    return made


#: One rule per row of table 3, part three, in printed order.
OUTCOME_RULES: tuple[Rule, ...] = tuple(_outcome_rule(outcome) for outcome in OUTCOMES.values())
