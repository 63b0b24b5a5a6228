"""What each act means: what to fill in, what follows, by which article; and where an act has a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.law.case import Kind
from gongkai.law.cite import Citation, cite

_REG = "条例"


@dataclass(frozen=True)
class Guide:
    """``text`` stands above the form; ``cite`` is its article; ``group`` is where the button stands."""

    group: str
    text: str
    cite: Citation | None = None


GROUPS: tuple[tuple[str, str], ...] = (
    ("receive", "收件与补正"),
    ("handle", "检索与审查"),
    ("consult", "征求意见"),
    ("period", "期限与收费"),
    ("answer", "决定与送达"),
    ("after", "办结以后"),
    ("record", "记录"),
)

GUIDES: dict[Kind, Guide] = {
    Kind.RECEIVED: Guide(
        "receive",
        "收到申请之日是各项期限的起点：当面提交以提交之日、需签收的邮寄以签收之日、平常信函和互联网以与申请人确认之日为准。",
        cite(_REG, 31),
    ),
    Kind.REGISTERED: Guide(
        "receive", "给本件编号并确定承办人；编号由系统按年度连续给出，不跳号。", cite(_REG, 45)
    ),
    Kind.CORRECTION_REQUESTED: Guide(
        "receive",
        "收到之日起 7 个工作日内一次性告知需要补正的全部事项和合理的补正期限。登记后答复期限停止，收到补正之日起重新计算 20 个工作日。",
        cite(_REG, 30),
    ),
    Kind.CORRECTED: Guide("receive", "填写收到补正材料的日期，答复期限自该日起重新计算。", cite(_REG, 30)),
    Kind.CORRECTION_LAPSED: Guide(
        "receive", "申请人无正当理由逾期不补正的，视为放弃申请，本件办结，计入“逾期不补正”。", cite(_REG, 30)
    ),
    Kind.SEARCHED: Guide(
        "handle",
        "写明在哪里找、用什么词找、谁找的、找到没有。答复“信息不存在”以检索记录为前提，发生争议时由机关举证。",
        cite(_REG, 36, item=4),
    ),
    Kind.SECRECY_REVIEWED: Guide(
        "handle", "拟公开的信息由保密审查员审查；审查时间计入答复期限。", cite(_REG, 17)
    ),
    Kind.GUIDANCE_GIVEN: Guide(
        "handle", "告诉申请人向哪个机关、通过哪个渠道可以获取或者解决，不代替答复。", cite(_REG, 36, item=5)
    ),
    Kind.REASONS_ASKED: Guide(
        "handle", "申请数量、频次明显超过合理范围的，要求说明理由；答复期限不停止计算。", cite(_REG, 35)
    ),
    Kind.REASONS_GIVEN: Guide(
        "handle",
        "登记申请人说明的理由，并判断是否合理：不合理的不予处理，合理的可以另定合理期限。",
        cite(_REG, 35),
    ),
    Kind.REASONABLE_PERIOD_SET: Guide(
        "period", "理由合理但无法按期答复的，确定延迟答复的合理期限并告知申请人。", cite(_REG, 35)
    ),
    Kind.THIRD_PARTY_CONSULTED: Guide(
        "consult",
        "公开可能损害第三方合法权益的，书面征求其意见。自发函次日起至收到意见之日不计入答复期限；另发“征求意见告知书”给申请人。",
        cite(_REG, 32),
    ),
    Kind.THIRD_PARTY_LETTER_RECEIVED: Guide(
        "consult", "填写第三方签收的日期，其 15 个工作日自次日起算；凭据写回执或者邮件号。", cite(_REG, 32)
    ),
    Kind.THIRD_PARTY_ANSWERED: Guide(
        "consult",
        "登记第三方的意见。不同意公开且有合理理由的不予公开；认为不公开会对公共利益造成重大影响的，可以决定公开并告知第三方。",
        cite(_REG, 32),
    ),
    Kind.THIRD_PARTY_SILENT: Guide(
        "consult", "15 个工作日届满未提出意见的，由机关依法决定是否公开。", cite(_REG, 32)
    ),
    Kind.CO_MAKER_CONSULTED: Guide(
        "consult", "本机关牵头制作的，征求参加制作的机关意见；所需时间不计入答复期限。", cite(_REG, 34)
    ),
    Kind.CO_MAKER_LETTER_RECEIVED: Guide(
        "consult", "填写对方收到的日期，15 个工作日自次日起算。", cite(_REG, 34)
    ),
    Kind.CO_MAKER_ANSWERED: Guide("consult", "登记参加制作机关的意见。", cite(_REG, 34)),
    Kind.CO_MAKER_SILENT: Guide("consult", "15 个工作日内未提出意见的，视为同意公开。", cite(_REG, 34)),
    Kind.ORGAN_CONSULTED: Guide(
        "consult",
        "向其他机关征求意见所需时间不计入期限；协办函、保密请示等属于内部协办，不停止计期。",
        cite(_REG, 33, 3),
    ),
    Kind.ORGAN_ANSWERED: Guide("consult", "登记其他机关的答复；计期自收到之日恢复。", cite(_REG, 33, 3)),
    Kind.CONSULTATION_ENDED: Guide(
        "consult", "函件退回、对方查无此人或者决定收回时使用，计期自该日恢复。", cite(_REG, 33, 3)
    ),
    Kind.EXTENDED: Guide(
        "period",
        "经政府信息公开工作机构负责人同意并告知申请人，最多延长 20 个工作日，一件申请只延长一次。",
        cite(_REG, 33, 2),
    ),
    Kind.FEE_NOTICED: Guide(
        "period",
        "两种标准并列测算，由承办人决定收不收、按哪一种；登记后等待缴费，缴费次日起重新计算期限。",
        cite(_REG, 42),
    ),
    Kind.FEE_PAID: Guide("period", "足额缴费后，答复期限自缴费次日起重新计算。", cite("信息处理费管理办法")),
    Kind.FEE_LAPSED: Guide(
        "period", "20 个工作日内未缴费的，视为放弃申请，本件办结。", cite("信息处理费管理办法")
    ),
    Kind.DECIDED: Guide(
        "answer",
        "选定办理结果后拟写答复书送审签；决定的人不能自己签发。期限继续计算，直到送达。",
        cite(_REG, 36),
    ),
    Kind.DECISION_RETURNED: Guide(
        "answer", "写明要改什么，本件退回承办人重新作出决定；期限继续计算。", cite(_REG, 45)
    ),
    Kind.SIGNED: Guide(
        "answer",
        "签发后的答复书不能改动。在系统内拟稿的，请在文书页签发；纸质签发的在这里登记。",
        cite(_REG, 45),
    ),
    Kind.THIRD_PARTY_NOTIFIED: Guide(
        "answer", "不顾第三方意见决定公开的，先将公开的内容和理由书面告知第三方。", cite(_REG, 32)
    ),
    Kind.SERVED: Guide(
        "answer",
        "邮寄以交邮之日、直接送达以申请人签收之日为准；应通过邮政企业邮寄，凭据写邮件号或者回证。",
        cite("送达"),
    ),
    Kind.SERVICE_FAILED: Guide(
        "answer", "登记退回的原因，再用其他方式送达；不影响已经按期的答复。", cite("送达")
    ),
    Kind.WITHDRAWN: Guide(
        "after", "申请人书面（或者记录在案的口头）撤回的，本件办结；以后需要可以重新申请。", cite(_REG, 45)
    ),
    Kind.REOPENED: Guide(
        "after",
        "复议决定、判决、督促整改要求或者自行纠错后重新作出答复；原答复和统计年度不变。",
        cite(_REG, 51),
    ),
    Kind.RECORD_CORRECTED: Guide(
        "record",
        "录错的记录不删改，另加一条更正：更正后期限和状态按正确的内容重新计算，原记录仍可查。",
        cite(_REG, 45),
    ),
    Kind.ARCHIVED: Guide("after", "案卷齐全后归档；归档后只能更正记录或者重新办理。", cite(_REG, 45)),
}


def group_of(kind: Kind) -> str:
    """Under which heading the button of ``kind`` stands."""
    return GUIDES[kind].group if kind in GUIDES else "record"
