"""The 21 outcomes of an application: ground, facts the letter needs, preconditions, letter kind, remedy.

The row keys are the ones of table 3 (``annualreport.schema`` uses the same words); ``code`` is the sheet's
number (C3.4). Sources: 条例 14-16, 30, 35-39, 42; 国办公开办函〔2021〕30号 table 3; 江苏省答复规范
(苏政办函〔2019〕98号) for what each letter must say; 行政复议法 23 for the remedy class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gongkai.law.cite import Citation, cite
from gongkai.law.outcome_rows import OUTCOMES
from gongkai.law.outcome_types import (
    GROUP_LABELS,
    PRECONDITION_LABELS,
    REMEDY_CLASS_LABELS,
    Group,
    Outcome,
    Precondition,
    RemedyClass,
    UnknownOutcome,
    Variant,
)

__all__ = [
    "FACTS",
    "GROUP_LABELS",
    "OUTCOMES",
    "PRECONDITION_LABELS",
    "REMEDY_CLASS_LABELS",
    "Group",
    "Outcome",
    "Precondition",
    "Problem",
    "RemedyClass",
    "UnknownOutcome",
    "Variant",
    "check_decision",
]

# fact key -> (Chinese name, what a good answer looks like); one vocabulary for forms, letters and checks.
FACTS: dict[str, tuple[str, str]] = {
    "requested": ("申请内容", "照录申请人要求公开的信息"),
    "reasons": ("理由", "说明为什么这样处理，不能只写条文"),
    "public_at": ("获取方式和途径", "具体网址、公报期号或者查阅场所"),
    "provided": ("提供的信息", "所附文件名称、份数，或者获取的途径和时间"),
    "provided_when": ("获取时间", "何时可以获取"),
    "redacted": ("区分处理后的文本", "已去除不予公开内容的复制件"),
    "withheld": ("未公开的部分", "逐处列明内容概要、条款和理由"),
    "secrecy_basis": ("定密依据", "密级、定密机关或者定密依据，不得写出内容"),
    "forbidding_law": ("禁止公开的法律、行政法规条款", "只能是法律、行政法规，地方性法规和规章不算"),
    "interest": ("涉及的利益", "国家安全、公共安全、经济安全、社会稳定之一及其理由"),
    "third_party_harm": ("对第三方的损害", "商业秘密或者个人隐私，公开会造成何种损害，不写第三方身份"),
    "internal_kind": ("内部事务类别", "人事管理、后勤管理、内部工作流程之一"),
    "process_kind": ("过程性信息类别", "讨论记录、过程稿、磋商信函、请示报告之一"),
    "enforcement_file": ("执法案卷", "属于哪一类行政执法案卷；当事人可以申请阅卷"),
    "no_duty_to_open": ("无应当公开的规定", "已核对法律、法规、规章没有应当公开的规定"),
    "query_regime": ("专门查询规定", "法律、行政法规名称和查询的机构"),
    "search": ("检索情况", "检索的范围、方式和结果"),
    "not_ours": ("不属于本机关负责的理由", "为什么不是本机关制作或者保存"),
    "right_organ": ("负责公开的机关", "能够确定的，写明名称和联系方式；不能确定的写“无法确定”"),
    "needs_making": ("需要加工分析的理由", "现有信息是什么，为何须另行制作"),
    "still_unclear": ("仍不明确之处", "补正后哪一项仍无法指向特定信息"),
    "petition_channel": ("信访、举报、投诉渠道", "受理机构和方式"),
    "earlier_answer": ("已作答复的文号和日期", "同一申请人、同一信息"),
    "publication": ("公开出版物的获取途径", "公报、报刊、书籍的名称和获取方式"),
    "excess": ("明显超过合理范围的事实", "申请的数量、频次及说明理由的经过"),
    "already_obtained": ("申请人已经获取的信息", "何时以何种方式已经获取"),
    "lapse_record": ("视为放弃的记录", "告知日期、届满日期和送达凭据"),
    "closing_reason": ("终结的原因", "撤回、申请人死亡或者终止、经同意移转、非政府信息等"),
}

# Facts whose value is one of a closed list the Regulation itself gives.
_CHOICES: dict[str, tuple[tuple[str, ...], Citation]] = {
    "interest": (("国家安全", "公共安全", "经济安全", "社会稳定"), cite("条例", 14)),
    "internal_kind": (("人事管理", "后勤管理", "内部工作流程"), cite("条例", 16, 1)),
    "process_kind": (("讨论记录", "过程稿", "磋商信函", "请示报告"), cite("条例", 16, 2)),
}
# A reason that only repeats the article is no reason; shorter than this it cannot say anything of the case.
_SHORTEST_REASON = 8


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a decision: which fact, what is missing, how to mend it, by which article."""

    fact: str
    message: str
    cite: Citation | None
    severity: Literal["error", "warning"] = "error"


def check_decision(outcome: str, facts: Mapping[str, Any], variant: str = "") -> list[Problem]:
    """Return what a decision letter still lacks, errors before warnings; empty when it may be signed.

    ``facts`` maps the keys of ``FACTS`` to text (or any non-empty value). Whether the case's history allows
    the outcome is the fold's business; this looks at the content of the letter (条例 36; 江苏规范).

    Raises :class:`UnknownOutcome` for a row or variant that does not exist.
    """
    if outcome not in OUTCOMES:
        raise UnknownOutcome(f"没有“{outcome}”这一办理结果")
    chosen = OUTCOMES[outcome].variant(variant)
    problems = [p for key in chosen.facts for p in _fact_problems(key, facts.get(key), chosen)]
    for key in facts:
        if key not in FACTS:
            problems.append(Problem(key, f"没有“{key}”这一事实项", None, "warning"))
    if outcome == "partial":
        problems += _partial_problems(facts)
    if outcome == "refused_law" and _text(facts.get("forbidding_law")):
        problems += _law_problems(_text(facts["forbidding_law"]))
    return sorted(problems, key=lambda p: p.severity == "warning")


def _text(value: Any) -> str:
    return str(value).strip() if value else ""


def _fact_problems(key: str, value: Any, variant: Variant) -> list[Problem]:
    name, hint = FACTS[key]
    ground = variant.grounds[0]
    text = _text(value)
    if not text:
        return [Problem(key, f"缺少“{name}”：{hint}", ground)]
    if key in _CHOICES and not any(word in text for word in _CHOICES[key][0]):
        words, source = _CHOICES[key]
        return [Problem(key, f"“{name}”应写明是{'、'.join(words)}中的哪一类", source)]
    if key == "reasons" and len(text) < _SHORTEST_REASON:
        return [Problem(key, f"“{name}”过于简单：{hint}", ground, "warning")]
    return []


def _partial_problems(facts: Mapping[str, Any]) -> list[Problem]:
    """Each withheld part needs its own ground among 条例 14-16 (a list of mappings) or a sentence naming one."""
    withheld = facts.get("withheld")
    if isinstance(withheld, str) or not isinstance(withheld, list | tuple):
        return []
    out = []
    for n, part in enumerate(withheld, 1):
        row = part.get("outcome") if isinstance(part, Mapping) else None
        if row not in OUTCOMES or OUTCOMES[row].group is not Group.REFUSED:
            message = f"第 {n} 处未公开内容没有对应的不予公开情形"
            out.append(Problem("withheld", message, cite("条例", 37)))
        elif not _text(part.get("reasons")):
            out.append(Problem("withheld", f"第 {n} 处未公开内容没有写明理由", cite("条例", 37)))
    return out


_TITLE = re.compile(r"《([^》]+)》")
# 《城市供水条例》 is national; 《某市供水条例》 is not.
_LOCAL = re.compile(r"^(?!城市)[^《》]{1,8}?(省|自治区|市|自治州|自治县)")


def _forbids(title: str) -> bool:
    """Whether a title is that of a law or an administrative regulation (not a rule, not a local regulation)."""
    if title.endswith("条例"):
        return not _LOCAL.match(title)
    return title.endswith("法") and not title.endswith("办法")


def _law_problems(law: str) -> list[Problem]:
    out = []
    titles = _TITLE.findall(law)
    if not any(_forbids(t) for t in titles) and (titles or "工作秘密" in law):
        message = (
            "禁止公开的依据只能是法律、行政法规；地方性法规、规章、规范性文件和“工作秘密”不能单独作为依据"
        )
        out.append(Problem("forbidding_law", message, cite("条例", 14)))
    if not re.search(r"第[^第]+条", law):
        out.append(Problem("forbidding_law", "应当引用到具体条款", cite("条例", 14), "warning"))
    return out
