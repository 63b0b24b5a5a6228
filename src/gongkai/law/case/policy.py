"""The points the sources leave open, each a setting with its default, range and rule.

An office changes a setting here (through its administrator), never in code; the rule behind each field says
how sure the default is, and the reasons of a deadline name it where it mattered.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from gongkai.law.cite import Certainty, Citation, cite
from gongkai.law.outcomes import RemedyClass
from gongkai.law.rules import Rule, register

_REG = "条例"


class PolicyError(ValueError):
    """A setting outside its range; the message names the setting and the range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePolicy:
    """Settings of case handling. Field names are part of the stored settings; see ``POLICY_RULES``."""

    exclude_reply_day: bool = True
    correction_default_wd: int = 10
    late_correction_notice: bool = False
    extension_once_per: Literal["case", "clock"] = "case"
    extension_max_wd: int = 20
    extension_counts_from_notice: bool = True
    third_party_silence_ends_pause: bool = True
    other_organ_pause_max_wd: int | None = None
    electronic_service: Literal["reached", "confirmed"] = "reached"
    courier_service: bool = False
    public_notice_days: int = 30
    override_notice_first: bool = True
    late_fee_payment: bool = False
    reopened_wd: int = 20
    confirm_sla_wd: int = 1
    service_decides: bool = True
    count_withdrawn_before_receipt: bool = False
    not_information_row: Literal["unavailable_not_held", "other_other"] = "unavailable_not_held"
    archives_row: Literal["unavailable_not_held", "refused_query"] = "unavailable_not_held"
    confirm_remedy: RemedyClass = RemedyClass.R2
    print_r3_remedy: bool = True
    silence_needs_reconsideration: bool = False

    def __post_init__(self) -> None:
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                title = POLICY_RULES[name].title
                raise PolicyError(f"设置“{title}”应为 {low} 至 {high} 之间的整数，收到 {value!r}")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                title = POLICY_RULES[name].title
                raise PolicyError(
                    f"设置“{title}”应为 {'、'.join(choices)} 之一，收到 {getattr(self, name)!r}"
                )


_RANGES: tuple[tuple[str, int, int], ...] = (
    ("correction_default_wd", 1, 60),
    # 条例 33(2) caps an extension; a county may promise less, never more.
    ("extension_max_wd", 1, 20),
    ("other_organ_pause_max_wd", 1, 250),
    ("public_notice_days", 1, 60),
    ("reopened_wd", 1, 60),
    ("confirm_sla_wd", 0, 10),
)
_CHOICES: dict[str, tuple[str, ...]] = {
    "extension_once_per": ("case", "clock"),
    "electronic_service": ("reached", "confirmed"),
    "not_information_row": ("unavailable_not_held", "other_other"),
    "archives_row": ("unavailable_not_held", "refused_query"),
    "confirm_remedy": (RemedyClass.R2, RemedyClass.R3),
}


def _setting(
    name: str,
    rule_id: str,
    title: str,
    text: str,
    source: tuple[Citation, ...] = (),
    certainty: Certainty = "uncertain",
) -> tuple[str, Rule]:
    rule = Rule(
        id=f"case.policy.{rule_id}",
        title=title,
        source=source,
        certainty=certainty,
        text=text,
        setting=f"CasePolicy.{name}",
    )
    return name, register(rule)


#: The rule behind each field, by field name.
POLICY_RULES: dict[str, Rule] = dict(
    (
        _setting(
            "exclude_reply_day",
            "reply-day",
            "征求意见回复当日不计入",
            "征求意见不计入期限的时间，自发函次日起算，至收到意见之日（或者期满之日）止；关闭本设置则至前一日止。",
            (cite(_REG, 33, 3),),
        ),
        _setting(
            "correction_default_wd",
            "correction-period",
            "补正期限默认工作日",
            "条例只说合理的补正期限，由机关确定，常见 7 至 15 个工作日；未另行指定时按本设置。",
            (cite(_REG, 30),),
        ),
        _setting(
            "late_correction_notice",
            "late-correction",
            "七个工作日后仍可要求补正",
            "补正告知应在收到申请后 7 个工作日内一次发出；过期后应当就现有内容答复。",
            (cite(_REG, 30),),
        ),
        _setting(
            "extension_once_per",
            "extension-once",
            "延期次数",
            "同一件申请只延期一次；设为每段期限一次时，补正、缴费后重新计算的期限可以再延一次。",
            (cite(_REG, 33, 2),),
            "memory",
        ),
        _setting(
            "extension_max_wd",
            "extension-max",
            "延期最长工作日",
            "延长答复的期限最长不得超过 20 个工作日。",
            (cite(_REG, 33, 2),),
            "verified",
        ),
        _setting(
            "extension_counts_from_notice",
            "extension-notice",
            "延期须在届满前告知",
            "批准和告知申请人都应在原期限届满前完成；关闭本设置则只要求批准在届满前。",
            (cite(_REG, 33, 2),),
        ),
        _setting(
            "third_party_silence_ends_pause",
            "silence-ends-pause",
            "第三方逾期未答复时恢复计期",
            "第三方 15 个工作日内未提出意见的，期满之日起恢复计算答复期限；关闭本设置则至登记逾期之日恢复。",
            (cite(_REG, 32), cite(_REG, 33, 3)),
        ),
        _setting(
            "other_organ_pause_max_wd",
            "other-organ-pause",
            "征求其他机关意见最长不计入工作日",
            "条例未定其他机关的答复时限；填写后，超过此数的时间计入答复期限。",
            (cite(_REG, 33, 3),),
        ),
        _setting(
            "electronic_service",
            "electronic-service",
            "电子送达的时点",
            "申请人同意电子送达的，到达其系统之日为送达；也可设为以申请人确认之日为准。",
            (cite("民事诉讼法", 90), cite("送达")),
        ),
        _setting(
            "courier_service",
            "courier-service",
            "其他快递经签收视为直接送达",
            "邮寄送达应当通过邮政企业；开启后，其他快递以申请人签收之日为送达之日。",
            (cite("送达"),),
        ),
        _setting(
            "public_notice_days",
            "public-notice",
            "公告送达的天数",
            "无法送达的，参照民事诉讼法公告 30 日视为送达。",
            (cite("民事诉讼法", 95),),
        ),
        _setting(
            "override_notice_first",
            "override-notice",
            "公开前先书面告知第三方",
            "第三方不同意而决定公开的，应将公开内容和理由书面告知第三方；开启后，告知先于送达。",
            (cite(_REG, 32),),
        ),
        _setting(
            "late_fee_payment",
            "late-payment",
            "逾期缴费仍予办理",
            "逾期未缴费视为放弃申请；开启后，尚未登记终结前补缴的仍予办理。",
            (cite("信息处理费管理办法"),),
        ),
        _setting(
            "reopened_wd",
            "reopened-period",
            "重新办理的期限工作日",
            "复议决定、判决未另定期限的，自收到之日起按本设置重新答复。",
            (cite(_REG, 33, 2),),
        ),
        _setting(
            "confirm_sla_wd",
            "confirm-sla",
            "确认收到的内部时限工作日",
            "互联网、传真申请以双方确认之日为收到之日，机关不得拖延确认；平常信函应当日确认。",
            (cite(_REG, 31),),
        ),
        _setting(
            "service_decides",
            "answer-year",
            "办结以送达为准",
            "答复是否按期、计入哪一年度，以送达（邮寄为交邮）之日为准；关闭本设置则以签发之日为准。",
            (cite("送达"), cite("年报格式")),
            "memory",
        ),
        _setting(
            "count_withdrawn_before_receipt",
            "withdrawn-early",
            "确认收到前撤回仍计件",
            "确认收到前撤回的，默认不计入本年新收。",
        ),
        _setting(
            "not_information_row",
            "not-information",
            "非政府信息计入哪一行",
            "申请内容不是政府信息的，年报没有专行，默认计入“本机关不掌握相关政府信息”。",
            (cite(_REG, 2), cite("年报格式")),
        ),
        _setting(
            "archives_row",
            "archives",
            "已移交国家档案馆的计入哪一行",
            "已移交国家档案馆的历史档案依档案法查阅，默认计入“本机关不掌握相关政府信息”。",
            (cite("档案法"), cite("年报格式")),
        ),
        _setting(
            "confirm_remedy",
            "confirm-remedy",
            "要求确认或重新出具的救济告知",
            "没有单独条文；默认告知可以复议或者诉讼，也可按不属于受案范围处理。",
            (cite(_REG, 2), cite(_REG, 36)),
        ),
        _setting(
            "print_r3_remedy",
            "print-r3",
            "一般不受理事项仍告知救济途径",
            "法院一般不予立案的事项，默认仍写明复议和诉讼途径，以免漏告知。",
            (cite("司法解释2025"),),
        ),
        _setting(
            "silence_needs_reconsideration",
            "silence-remedy",
            "逾期不答复是否复议前置",
            "逾期不答复是否属于应当先申请复议的不履行法定职责，尚有争议。",
            (cite("行政复议法", 23, 1, 3),),
        ),
    )
)


def policy_from_dict(data: dict[str, Any]) -> CasePolicy:
    """Build a policy from stored settings.

    Raises:
        PolicyError: unknown setting or a value outside its range; the message names it.
    """
    known = {spec.name for spec in fields(CasePolicy)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise PolicyError(f"没有这些设置：{'、'.join(unknown)}；可用的有：{'、'.join(sorted(known))}")
    values = dict(data)
    if "confirm_remedy" in values and values["confirm_remedy"] in list(RemedyClass):
        values["confirm_remedy"] = RemedyClass(values["confirm_remedy"])
    return CasePolicy(**values)


DEFAULT_POLICY = CasePolicy()
