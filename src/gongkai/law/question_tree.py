"""The seven questions as data: options, what each leaves open, what must be done first."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.law.case.vocab import Kind
from gongkai.law.cite import Citation, cite

Leaf = tuple[str, str]
_REG = "条例"

_REFUSED = (
    "refused_secret",
    "refused_law",
    "refused_safety",
    "refused_third_party",
    "refused_internal",
    "refused_process",
    "refused_enforcement",
)


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer.

    ``only`` keeps just these outcomes (row, or row/variant), ``drops`` removes some; ``because`` is the reason
    told for what falls. ``goto`` is the next question, None where the outcome is reached; ``act`` an act that
    must happen first.
    """

    key: str
    label: str
    because: str = ""
    only: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    goto: str | None = None
    act: Kind | None = None
    advice: str = ""
    cite: Citation | None = None

    def fells(self, leaf: Leaf) -> str | None:
        """Why this answer fells ``leaf``, or None where it stays open."""
        names = {leaf[0], f"{leaf[0]}/{leaf[1]}"}
        if (self.only and names.isdisjoint(self.only)) or not names.isdisjoint(self.drops):
            return self.because
        return None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``step`` is its number among the seven (1-7); some have follow-ups of the same step."""

    key: str
    step: int
    text: str
    cite: Citation | None
    options: tuple[Option, ...]


def _q(key: str, step: int, text: str, source: Citation | None, *options: Option) -> tuple[str, Question]:
    return key, Question(key, step, text, source, options)


_LATER_ONLY = ("unavailable_unclear", "other_uncorrected")
_STEP2 = (
    "declined_petition",
    "declined_repeat",
    "declined_publication",
    "declined_confirm",
    "declined_excessive",
    "refused_query/registry",
    "unavailable_not_held/not_information",
    "other_other",
    "other_unpaid",
)
_ARCHIVES = ("unavailable_not_held/archives", "refused_query/archives")
_NOT_FIT = "申请属于政府信息公开申请，应当实体答复"

QUESTIONS: dict[str, Question] = dict(
    (
        _q(
            "clear",
            1,
            "申请内容和材料是否齐全、明确？",
            cite(_REG, 30),
            Option(
                "yes",
                "齐全明确",
                "申请已经齐全明确，没有补正的问题",
                drops=_LATER_ONLY,
                goto="application",
            ),
            Option(
                "no",
                "不齐全或者不明确，尚未告知补正",
                "尚未告知补正，不能以不明确为由答复",
                drops=_LATER_ONLY,
                act=Kind.CORRECTION_REQUESTED,
                advice="收到申请之日起 7 个工作日内一次性告知需要补正的全部事项和合理的补正期限，并予指导和释明",
            ),
            Option(
                "still",
                "已经补正，仍不明确",
                "补正后仍无法指向特定信息，只能据此答复",
                only=("unavailable_unclear",),
            ),
            Option(
                "lapsed",
                "无正当理由逾期不补正",
                "视为放弃申请，不再处理",
                only=("other_uncorrected",),
            ),
        ),
        _q(
            "application",
            2,
            "这是不是应当实体处理的政府信息公开申请？",
            cite(_REG, 2),
            Option("yes", "是", _NOT_FIT, drops=_STEP2, goto="responsible"),
            Option(
                "petition",
                "以申请形式进行信访、投诉、举报",
                "不作为政府信息公开申请处理",
                only=("declined_petition",),
                cite=cite(_REG, 39, 1),
            ),
            Option(
                "publication",
                "要求提供公报、报刊、书籍等公开出版物",
                "告知获取途径即可",
                only=("declined_publication",),
                cite=cite(_REG, 39, 2),
            ),
            Option(
                "repeat",
                "同一申请人就同一信息已得到答复",
                "不予重复处理",
                only=("declined_repeat",),
                cite=cite(_REG, 36, item=6),
            ),
            Option(
                "confirm",
                "要求确认或者重新出具已获取的信息",
                "申请人已经获取该信息",
                only=("declined_confirm",),
                cite=cite(_REG, 36),
            ),
            Option(
                "excessive",
                "数量、频次明显超过合理范围",
                "先判断理由是否合理",
                goto="excessive",
                cite=cite(_REG, 35),
            ),
            Option(
                "query",
                "工商、不动产登记等有专门查询规定的信息",
                "应当依照专门的法律、行政法规查询",
                only=("refused_query/registry",),
                cite=cite(_REG, 36, item=7),
            ),
            Option(
                "not_information",
                "要求的不是政府信息（咨询、党务信息等）",
                "不属于政府信息",
                only=("unavailable_not_held/not_information", "other_other/not_information"),
                cite=cite(_REG, 2),
            ),
            Option(
                "withdrawn",
                "申请人撤回",
                "申请已经撤回",
                only=("other_other/withdrawn",),
                cite=cite(_REG, 45),
            ),
            Option(
                "ceased",
                "申请人死亡或者终止，无人承受",
                "申请程序终结",
                only=("other_other/ceased",),
                cite=cite(_REG, 45),
            ),
            Option(
                "moved",
                "经申请人同意移转其他途径办理",
                "申请程序终结",
                only=("other_other/moved",),
                cite=cite(_REG, 45),
            ),
            Option(
                "unpaid",
                "逾期未按收费通知缴费",
                "视为放弃申请，不再处理",
                only=("other_unpaid",),
                cite=cite("信息处理费管理办法"),
            ),
        ),
        _q(
            "excessive",
            2,
            "申请人说明的理由是否合理？",
            cite(_REG, 35),
            Option(
                "not_asked",
                "尚未要求说明理由",
                "未经要求说明理由，不能不予处理",
                drops=("declined_excessive",),
                act=Kind.REASONS_ASKED,
                advice="书面要求申请人说明理由；办理期限不因此停止计算",
            ),
            Option(
                "unreasonable",
                "不合理，或者逾期未说明",
                "理由不合理，不予处理",
                only=("declined_excessive",),
            ),
            Option("reasonable", "合理", "理由合理，应当办理", drops=_STEP2, goto="responsible"),
        ),
        _q(
            "responsible",
            3,
            "该信息由谁负责公开？",
            cite(_REG, 10),
            Option(
                "ours",
                "本机关制作，或者本机关从公民、法人和其他组织获取并保存",
                "由本机关负责公开",
                drops=("unavailable_not_held/other_organ", *_ARCHIVES),
                goto="held",
            ),
            Option(
                "joint_lead",
                "几个机关共同制作，本机关牵头",
                "由牵头的本机关负责公开，可以征求共同制作机关意见",
                drops=("unavailable_not_held/other_organ", *_ARCHIVES),
                goto="held",
                cite=cite(_REG, 34),
            ),
            Option(
                "joint_other",
                "几个机关共同制作，由其他机关牵头",
                "由牵头的机关负责公开",
                only=("unavailable_not_held/other_organ",),
            ),
            Option(
                "other",
                "其他机关制作或者最初获取",
                "由制作或者最初获取的机关负责公开",
                only=("unavailable_not_held/other_organ",),
                cite=cite(_REG, 36, item=5),
            ),
            Option(
                "archives",
                "已经移交国家档案馆",
                "依档案法向国家档案馆查阅",
                only=_ARCHIVES,
                cite=cite("档案法"),
            ),
        ),
        _q(
            "held",
            4,
            "检索的结果如何？",
            cite(_REG, 36, item=4),
            Option(
                "not_searched",
                "尚未检索",
                "没有检索记录，不能答复不存在",
                drops=("unavailable_not_held/absent",),
                act=Kind.SEARCHED,
                advice="在可能保存的地方检索，记下范围、检索词、人员和结果",
            ),
            Option("absent", "检索后没有找到", "该政府信息不存在", only=("unavailable_not_held/absent",)),
            Option(
                "making",
                "没有现成信息，需要加工、分析",
                "行政机关提供的应当是已经制作或者获取的信息",
                only=("unavailable_needs_making",),
                cite=cite(_REG, 38),
            ),
            Option(
                "found",
                "找到",
                "本机关保存有该信息",
                drops=("unavailable_not_held", "unavailable_needs_making"),
                goto="open",
            ),
        ),
        _q(
            "open",
            5,
            "该信息可不可以公开？",
            cite(_REG, 13),
            Option(
                "all",
                "可以公开",
                "没有不予公开的情形",
                drops=(*_REFUSED, "partial", "granted/already_public"),
                goto="how",
            ),
            Option(
                "already",
                "已经主动公开",
                "告知获取的方式、途径即可",
                only=("granted/already_public",),
                goto="letter",
                cite=cite(_REG, 36, item=1),
            ),
            *(
                Option(
                    key.removeprefix("refused_"),
                    label,
                    "涉及的是另一种不予公开情形",
                    only=(key, "partial"),
                    goto="separable",
                    cite=source,
                )
                for key, label, source in (
                    ("refused_secret", "依法确定为国家秘密", cite(_REG, 14)),
                    ("refused_law", "法律、行政法规禁止公开", cite(_REG, 14)),
                    ("refused_safety", "公开后可能危及三安全一稳定", cite(_REG, 14)),
                    ("refused_internal", "三类内部事务信息，决定不公开", cite(_REG, 16, 1)),
                )
            ),
            *(
                Option(
                    key.removeprefix("refused_"),
                    label,
                    "涉及的是另一种不予公开情形",
                    only=(key, "partial", "granted"),
                    goto="duty",
                    cite=cite(_REG, 16, 2),
                )
                for key, label in (
                    ("refused_process", "四类过程性信息"),
                    ("refused_enforcement", "行政执法案卷信息"),
                )
            ),
            Option(
                "third_party",
                "涉及第三方商业秘密、个人隐私等",
                "涉及的是第三方合法权益",
                only=("refused_third_party", "partial", "granted"),
                drops=("granted/already_public",),
                goto="third_party",
                cite=cite(_REG, 15),
            ),
        ),
        _q(
            "duty",
            5,
            "法律、法规、规章是否规定上述信息应当公开？",
            cite(_REG, 16, 2),
            Option(
                "yes",
                "规定应当公开",
                "法律、法规、规章规定应当公开的，从其规定",
                drops=("refused_process", "refused_enforcement", "partial", "granted/already_public"),
                goto="how",
            ),
            Option(
                "no", "没有规定", "没有应当公开的规定，可以不予公开", drops=("granted",), goto="separable"
            ),
        ),
        _q(
            "third_party",
            5,
            "第三方的意见如何？",
            cite(_REG, 32),
            Option(
                "not_asked",
                "尚未书面征求意见",
                "未征求第三方意见，不能作出决定",
                drops=("refused_third_party", "partial", "granted"),
                act=Kind.THIRD_PARTY_CONSULTED,
                advice="书面征求第三方意见；第三方自收到之日起 15 个工作日内答复，所需时间不计入答复期限",
            ),
            Option(
                "consent",
                "同意公开",
                "第三方同意公开",
                drops=("refused_third_party", "partial"),
                goto="how",
                cite=cite(_REG, 15),
            ),
            Option(
                "object_reasonable",
                "不同意，且有合理理由",
                "第三方不同意公开且理由合理，不予公开",
                drops=("granted",),
                goto="separable",
            ),
            Option(
                "object_unreasonable",
                "不同意，但理由不合理",
                "反对理由不合理",
                drops=("refused_third_party", "partial"),
                goto="how",
            ),
            Option(
                "override",
                "不同意，但不公开会对公共利益造成重大影响",
                "公共利益有重大影响，可以公开，并书面告知第三方内容和理由",
                drops=("refused_third_party", "partial"),
                goto="how",
            ),
            Option(
                "silent_harm",
                "逾期未答复，本机关认为会损害其合法权益",
                "逾期未答复的由行政机关决定；公开会损害第三方合法权益",
                drops=("granted",),
                goto="separable",
            ),
            Option(
                "silent_no_harm",
                "逾期未答复，本机关认为不会损害其合法权益",
                "逾期未答复的由行政机关决定；公开不会损害第三方合法权益",
                drops=("refused_third_party", "partial"),
                goto="how",
            ),
        ),
        _q(
            "separable",
            5,
            "能不能把不应当公开的内容区分开？",
            cite(_REG, 37),
            Option(
                "yes",
                "能够区分",
                "能够区分处理的，应当提供可以公开的部分",
                drops=_REFUSED,
                goto="how_partial",
            ),
            Option("no", "不能区分", "不能区分处理", drops=("partial",), goto="letter"),
        ),
        _q(
            "how",
            6,
            "怎么给？",
            cite(_REG, 40),
            Option(
                "now",
                "按申请的形式当即或者随答复提供",
                "随答复提供",
                only=("granted/provided",),
                goto="letter",
            ),
            Option(
                "other_form",
                "按申请的形式提供可能危及载体安全或者成本过高，改用电子数据等形式",
                "改用其他适当形式提供",
                only=("granted/provided",),
                goto="letter",
            ),
            Option(
                "later",
                "告知获取的方式、途径和时间（安排查阅、抄录等）",
                "告知方式、途径和时间",
                only=("granted/later",),
                goto="letter",
            ),
        ),
        _q(
            "how_partial",
            6,
            "怎么给可以公开的部分？",
            cite(_REG, 40),
            Option("copy", "提供去除不予公开内容的复制件", "", goto="letter"),
            Option("view", "安排查阅去除不予公开内容的文本", "", goto="letter"),
        ),
        _q(
            "letter",
            7,
            "怎么答：答复书怎样送达？",
            cite("送达"),
            Option("direct", "直接送达", ""),
            Option("post", "邮政企业邮寄", ""),
            Option("online", "电子送达（申请人已同意）", "", cite=cite("行政复议法", 22, 2)),
        ),
    )
)
