"""The 21 rows as data: ground, required facts, letter, remedy class, preconditions (domain sheet 04 §5)."""

from __future__ import annotations

from gongkai.law.cite import Citation, cite
from gongkai.law.outcome_types import Group, Outcome, Precondition, RemedyClass, Variant


def _one(  # one call per row keeps the table below readable
    key: str,
    code: str,
    label: str,
    short: str,
    group: Group,
    grounds: tuple[Citation, ...],
    facts: tuple[str, ...],
    letter: str,
    remedy: RemedyClass,
    *preconditions: Precondition,
) -> Outcome:
    usual = Variant("usual", short, grounds, facts, letter, remedy, preconditions)
    return Outcome(key, code, label, short, group, (usual,))


_R1, _R2, _R3 = RemedyClass.R1, RemedyClass.R2, RemedyClass.R3
_REG = "条例"

GRANTED = Outcome(
    "granted",
    "C1",
    "（一）予以公开",
    "予以公开",
    Group.GRANTED,
    (
        Variant(
            "provided",
            "提供政府信息",
            (cite(_REG, 36, item=2), cite(_REG, 40)),
            ("requested", "provided"),
            "政府信息公开答复书（予以公开）",
            _R2,
        ),
        Variant(
            "already_public",
            "已主动公开，告知获取途径",
            (cite(_REG, 36, item=1),),
            ("requested", "public_at"),
            "政府信息公开答复书（已主动公开）",
            _R2,
        ),
        Variant(
            "later",
            "告知获取的方式、途径和时间",
            (cite(_REG, 36, item=2), cite(_REG, 40)),
            ("requested", "public_at", "provided_when"),
            "政府信息公开答复书（予以公开）",
            _R2,
        ),
    ),
)

PARTIAL = _one(
    "partial",
    "C2",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "部分公开",
    Group.PARTIAL,
    (cite(_REG, 37),),
    ("requested", "redacted", "withheld"),
    "政府信息公开答复书（部分公开）",
    RemedyClass.MIXED,
)

_REFUSAL = "政府信息公开答复书（不予公开）"
REFUSALS = (
    _one(
        "refused_secret",
        "C3.1",
        "1.属于国家秘密",
        "属于国家秘密",
        Group.REFUSED,
        (cite(_REG, 14), cite(_REG, 36, item=3)),
        ("requested", "secrecy_basis", "reasons"),
        _REFUSAL,
        _R1,
    ),
    _one(
        "refused_law",
        "C3.2",
        "2.其他法律行政法规禁止公开",
        "其他法律行政法规禁止公开",
        Group.REFUSED,
        (cite(_REG, 14), cite(_REG, 36, item=3)),
        ("requested", "forbidding_law", "reasons"),
        _REFUSAL,
        _R1,
    ),
    _one(
        "refused_safety",
        "C3.3",
        "3.危及“三安全一稳定”",
        "危及“三安全一稳定”",
        Group.REFUSED,
        (cite(_REG, 14), cite(_REG, 36, item=3)),
        ("requested", "interest", "reasons"),
        _REFUSAL,
        _R1,
    ),
    _one(
        "refused_third_party",
        "C3.4",
        "4.保护第三方合法权益",
        "保护第三方合法权益",
        Group.REFUSED,
        (cite(_REG, 15), cite(_REG, 32), cite(_REG, 36, item=3)),
        ("requested", "third_party_harm", "reasons"),
        _REFUSAL,
        _R1,
        Precondition.THIRD_PARTY_OBJECTED,
    ),
    _one(
        "refused_internal",
        "C3.5",
        "5.属于三类内部事务信息",
        "属于三类内部事务信息",
        Group.REFUSED,
        (cite(_REG, 16, 1), cite(_REG, 36, item=3)),
        ("requested", "internal_kind", "reasons"),
        _REFUSAL,
        _R1,
    ),
    _one(
        "refused_process",
        "C3.6",
        "6.属于四类过程性信息",
        "属于四类过程性信息",
        Group.REFUSED,
        (cite(_REG, 16, 2), cite(_REG, 36, item=3)),
        ("requested", "process_kind", "no_duty_to_open", "reasons"),
        _REFUSAL,
        _R1,
    ),
    _one(
        "refused_enforcement",
        "C3.7",
        "7.属于行政执法案卷",
        "属于行政执法案卷",
        Group.REFUSED,
        (cite(_REG, 16, 2), cite(_REG, 36, item=3)),
        ("requested", "enforcement_file", "no_duty_to_open", "reasons"),
        _REFUSAL,
        _R1,
    ),
    Outcome(
        "refused_query",
        "C3.8",
        "8.属于行政查询事项",
        "属于行政查询事项",
        Group.REFUSED,
        (
            Variant(
                "registry",
                "工商、不动产登记等专门查询",
                (cite(_REG, 36, item=7),),
                ("requested", "query_regime"),
                "政府信息公开告知书（行政查询事项）",
                _R3,
            ),
            Variant(
                "archives",
                "已移交国家档案馆，依档案法查阅",
                (cite("档案法"), cite(_REG, 36, item=7)),
                ("requested", "query_regime"),
                "政府信息公开告知书（查阅档案）",
                _R3,
            ),
        ),
    ),
)

UNAVAILABLE = (
    Outcome(
        "unavailable_not_held",
        "C4.1",
        "1.本机关不掌握相关政府信息",
        "本机关不掌握相关政府信息",
        Group.UNAVAILABLE,
        (
            Variant(
                "absent",
                "政府信息不存在",
                (cite(_REG, 36, item=4),),
                ("requested", "search", "reasons"),
                "政府信息公开答复书（信息不存在）",
                _R2,
                (Precondition.SEARCHED,),
            ),
            Variant(
                "other_organ",
                "不属于本机关负责公开",
                (cite(_REG, 36, item=5), cite(_REG, 10)),
                ("requested", "not_ours", "right_organ"),
                "政府信息公开答复书（非本机关负责公开）",
                _R2,
            ),
            Variant(
                "not_information",
                "不属于政府信息",
                (cite(_REG, 2),),
                ("requested", "closing_reason", "reasons"),
                "政府信息公开告知书（非政府信息）",
                _R2,
            ),
            Variant(
                "archives",
                "已移交国家档案馆",
                (cite("档案法"), cite(_REG, 10)),
                ("requested", "right_organ", "reasons"),
                "政府信息公开告知书（查阅档案）",
                _R2,
            ),
        ),
    ),
    _one(
        "unavailable_needs_making",
        "C4.2",
        "2.没有现成信息需要另行制作",
        "没有现成信息需要另行制作",
        Group.UNAVAILABLE,
        (cite(_REG, 38),),
        ("requested", "needs_making", "reasons"),
        "政府信息公开答复书（需要加工分析）",
        _R3,
    ),
    _one(
        "unavailable_unclear",
        "C4.3",
        "3.补正后申请内容仍不明确",
        "补正后申请内容仍不明确",
        Group.UNAVAILABLE,
        (cite(_REG, 30),),
        ("requested", "still_unclear", "reasons"),
        "政府信息公开答复书（补正后仍不明确）",
        _R2,
        Precondition.STILL_UNCLEAR,
    ),
)

DECLINED = (
    _one(
        "declined_petition",
        "C5.1",
        "1.信访举报投诉类申请",
        "信访举报投诉类申请",
        Group.DECLINED,
        (cite(_REG, 39, 1),),
        ("requested", "petition_channel", "reasons"),
        "政府信息公开告知书（信访举报投诉类）",
        _R3,
    ),
    _one(
        "declined_repeat",
        "C5.2",
        "2.重复申请",
        "重复申请",
        Group.DECLINED,
        (cite(_REG, 36, item=6),),
        ("requested", "earlier_answer"),
        "政府信息公开告知书（不予重复处理）",
        _R3,
    ),
    _one(
        "declined_publication",
        "C5.3",
        "3.要求提供公开出版物",
        "要求提供公开出版物",
        Group.DECLINED,
        (cite(_REG, 39, 2),),
        ("requested", "publication"),
        "政府信息公开告知书（公开出版物）",
        _R3,
    ),
    _one(
        "declined_excessive",
        "C5.4",
        "4.无正当理由大量反复申请",
        "无正当理由大量反复申请",
        Group.DECLINED,
        (cite(_REG, 35),),
        ("requested", "excess", "reasons"),
        "政府信息公开告知书（不予处理）",
        _R2,
        Precondition.REASONS_UNREASONABLE,
    ),
    _one(
        "declined_confirm",
        "C5.5",
        "5.要求行政机关确认或重新出具已获取信息",
        "要求确认或重新出具已获取信息",
        Group.DECLINED,
        (cite(_REG, 2), cite(_REG, 36)),
        ("requested", "already_obtained", "reasons"),
        "政府信息公开告知书（确认或重新出具）",
        _R2,
    ),
)

_CLOSING = "政府信息公开申请终结办理确认书"
OTHERWISE = (
    _one(
        "other_uncorrected",
        "C6.1",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "逾期不补正",
        Group.OTHER,
        (cite(_REG, 30),),
        ("requested", "lapse_record"),
        "不再处理告知书（逾期不补正）",
        _R2,
        Precondition.CORRECTION_EXPIRED,
    ),
    _one(
        "other_unpaid",
        "C6.2",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "逾期不缴费",
        Group.OTHER,
        (cite(_REG, 42), cite("信息处理费管理办法")),
        ("requested", "lapse_record"),
        "不再处理告知书（逾期不缴费）",
        _R2,
        Precondition.FEE_EXPIRED,
    ),
    Outcome(
        "other_other",
        "C6.3",
        "3.其他",
        "其他",
        Group.OTHER,
        (
            Variant("withdrawn", "申请人撤回", (cite(_REG, 45),), (), _CLOSING, RemedyClass.NONE),
            Variant(
                "ceased",
                "申请人死亡或者终止",
                (cite(_REG, 45),),
                ("closing_reason",),
                _CLOSING,
                RemedyClass.NONE,
            ),
            Variant(
                "moved",
                "经申请人同意移转办理",
                (cite(_REG, 45),),
                ("closing_reason",),
                _CLOSING,
                RemedyClass.NONE,
            ),
            Variant(
                "not_information",
                "不属于政府信息",
                (cite(_REG, 2),),
                ("requested", "closing_reason", "reasons"),
                "政府信息公开告知书（非政府信息）",
                _R2,
            ),
        ),
    ),
)

#: All 21 rows in printed order, by key.
OUTCOMES: dict[str, Outcome] = {
    one.key: one for one in (GRANTED, PARTIAL, *REFUSALS, *UNAVAILABLE, *DECLINED, *OTHERWISE)
}
