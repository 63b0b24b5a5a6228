"""The processing fee's rules that `fees` carries out, as registered values (sheet 03 §1, §5, §6)."""

from __future__ import annotations

import datetime as dt

from .cite import Certainty, cite
from .rules import Rule, register

_FROM = dt.date(2021, 1, 1)
FEE = "信息处理费管理办法"


def _fee(
    key: str,
    title: str,
    place: tuple[int, ...],
    certainty: Certainty,
    text: str,
    *examples: str,
    setting: str | None = None,
    regulation: tuple[int | None, ...] = (),
) -> Rule:
    source = ((cite(FEE, *place),) if place else ()) + ((cite("条例", *regulation),) if regulation else ())
    return register(Rule(f"fee.{key}", title, source, certainty, text, examples, setting, _FROM))


BASES = _fee(
    "one-basis",
    "两种标准择一",
    (3,),
    "verified",
    "每件申请由行政机关在按件计收、按量计收中选用一种，不得同时按两种标准重复计算。",
    "当月第11件、20页：按件100元，按量0元，可收100元或者不收，不得并收",
    "当月第3件、68页：按件0元，按量380元",
)
DISCRETION = _fee(
    "discretion",
    "可以收费，由人决定",
    (2,),
    "verified",
    "申请数量、频次明显超过合理范围的，可以收取信息处理费；系统只计算和建议，不自动收费。",
    regulation=(42,),
)
EVERY_OUTCOME = _fee(
    "every-outcome",
    "各类处理决定均可按件计收",
    (4, 1),
    "verified",
    "按件计收适用于所有处理决定类型，不予公开、不存在、不予处理的申请同样计件。",
    "12件全部不予公开：第11、12件仍可按件收费共200元，不能按量收费",
)
PAGES_ONLY_COPIES = _fee(
    "pages-only-copies",
    "按量计收限于提供复制件",
    (5,),
    "verified",
    "申请人要求以纸质、电子邮件、复制电子数据等方式获取的，才可按量计收；现场查阅、抄录不适用。",
)
PAGES_NOT_PUBLIC = _fee(
    "pages-not-public",
    "告知公开途径不按量计收",
    (5,),
    "memory",
    "信息已主动公开，只告知获取方式、途径的，不适用按量计收。",
    regulation=(36,),
)
PAGE = _fee(
    "page",
    "一页的算法",
    (5,),
    "memory",
    "A4及以下幅面的单面为1页，双面为2页；按单件申请计页，多件之间不累加；更大幅面或电子数据按A4预览折算并记录。",
    "15张双面共30页，不收费",
    "两件申请各30页，不收费",
    setting="FeePolicy.larger_than_a4",
)
NOTICE = _fee(
    "notice",
    "收费通知的内容",
    (6,),
    "verified",
    "收费通知应说明收费的依据、标准、数额、缴纳方式，按申请人获取信息的途径发出。",
)
NOTICE_PERIOD = _fee(
    "notice-period",
    "收费通知的期限",
    (6,),
    "verified",
    "决定收费的，应在申请处理期限（含延期）内发出收费通知。",
    regulation=(33,),
)
PAYMENT_PERIOD = _fee(
    "payment-period",
    "缴费期限",
    (6,),
    "verified",
    "申请人应在收到收费通知次日起20个工作日内缴纳。",
    "2026年9月18日收到通知，10月22日为最后一日",
)
ABANDONED = _fee(
    "abandoned",
    "逾期未缴视为放弃",
    (6,),
    "verified",
    "逾期未缴纳的，视为放弃申请，不再处理，计入“其他处理”中逾期未缴费一项。",
)
RESTART = _fee(
    "restart",
    "缴清后重新计算期限",
    (6,),
    "memory",
    "处理期限自完成缴费次日起重新计算，为完整的20个工作日；等待缴费期间不计入答复期限。",
    "2026年10月12日缴清，答复期限为11月9日",
    regulation=(33,),
)
PARTIAL = _fee(
    "partial-payment",
    "部分缴纳",
    (6,),
    "uncertain",
    "只缴部分的，默认视为未缴。",
    setting="FeePolicy.partial_payment",
)
LATE = _fee(
    "late-payment",
    "逾期后缴费",
    (6,),
    "uncertain",
    "视为放弃之后才缴费的，默认须重新申请，款项退付。",
    setting="FeePolicy.late_payment",
)
OBJECTION = _fee(
    "objection",
    "对收费决定的异议",
    (7,),
    "memory",
    "不能单独就收费决定申请复议或者提起诉讼；缴费期满后可就不再处理的行为投诉举报、申请复议或者提起诉讼。",
    regulation=(51,),
)
NO_OTHER_COST = _fee(
    "no-other-cost",
    "不得另收其他费用",
    (),
    "verified",
    "除信息处理费外，不得收取检索、复制、邮寄等费用。",
    regulation=(42,),
)
REVENUE = _fee(
    "revenue",
    "收缴管理",
    (),
    "memory",
    "信息处理费属行政事业性收费，纳入一般公共预算，缴入同级国库，使用财政票据；收费项目、依据、标准应主动公开。",
    regulation=(20, None, 8),
)
ARTICLE_35 = _fee(
    "article-35",
    "与大量反复申请规则相互独立",
    (),
    "memory",
    "收费档次不是“明显超过合理范围”的认定标准；说明理由、不予处理与收费各自适用。",
    regulation=(35,),
)
REPORTING = _fee(
    "reporting",
    "收费情况写入年度报告",
    (),
    "verified",
    "年度报告第六部分报告发出收费通知的件数和总金额、实际收取的总金额。",
    regulation=(50,),
)
