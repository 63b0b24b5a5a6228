"""行政复议答复书 and 行政诉讼答辩状 as drafts: the case's facts written out, the argument left to the person who answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from gongkai.applications import selectors as cases
from gongkai.applications.desk.case.words import outcome_label
from gongkai.applications.letters.context import chinese_date
from gongkai.applications.letters.docx import docx_of
from gongkai.applications.letters.layout import Block, Sheet
from gongkai.applications.letters.pdf import pdf_of
from gongkai.law.case import Decided, Event, Kind
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require
from gongkai.remedies.models import Remedy
from gongkai.remedies.policies import MODULE
from gongkai.remedies.selectors import decision_of, needs_reconsideration_first

register_acts({"remedy.draft": "生成复议答复书或者答辩状草稿"})

#: Steps of the case that an authority wants to read, in the words of a reply.
_TOLD: dict[Kind, str] = {
    Kind.RECEIVED: "收到该申请",
    Kind.CORRECTION_REQUESTED: "书面告知申请人补正",
    Kind.CORRECTED: "收到申请人的补正材料",
    Kind.THIRD_PARTY_CONSULTED: "书面征求第三方意见",
    Kind.THIRD_PARTY_ANSWERED: "收到第三方意见",
    Kind.ORGAN_CONSULTED: "征求其他机关意见",
    Kind.SEARCHED: "进行了检索",
    Kind.EXTENDED: "经工作机构负责人同意延长答复期限并告知申请人",
    Kind.FEE_NOTICED: "书面告知申请人缴纳信息处理费",
    Kind.SIGNED: "作出答复",
    Kind.SERVED: "向申请人送达答复书",
}


def title_of(remedy: Remedy) -> str:
    """What the document is called in this kind and instance."""
    if not remedy.is_suit:
        return "行政复议答复书"
    return {"second": "行政上诉答辩状", "retrial": "再审书面意见"}.get(remedy.instance, "行政答辩状")


def draft(actor: Any, remedy: Remedy, form: str, *, today: date) -> bytes:
    """The draft as ``docx`` (to be edited) or ``pdf``. It names the applicant, so making it is logged.

    Raises PermissionDenied without the duty to handle the remedy, ValueError for another form.
    """
    require(actor, MODULE, "change", remedy.organ)
    if form not in ("docx", "pdf"):
        raise ValueError(form)
    sheet = reply_sheet(remedy, today)
    content = docx_of(sheet) if form == "docx" else pdf_of([sheet])
    with transaction.atomic():
        audit(actor, "remedy.draft", remedy, organ=remedy.organ, after={"form": form})
    return content


def reply_sheet(remedy: Remedy, today: date) -> Sheet:
    """The draft as it stands on paper. Words in 【】 are what the platform cannot know."""
    side = "答辩人" if remedy.is_suit else "被申请人"
    blocks = [Block("text", line) for line in (_self(remedy, side), _other(remedy), _opening(remedy, side))]
    blocks += [Block("heading", "一、申请和办理的经过"), *map(_text, course(remedy))]
    blocks += [Block("heading", "二、作出答复的事实和依据"), *map(_text, _grounds(remedy))]
    blocks += [Block("heading", "三、对申请理由的答复"), *map(_text, _argument(remedy))]
    blocks += [Block("text", _request(remedy))]
    return Sheet(
        organ=remedy.organ.name, number="", title=(title_of(remedy),), addressee="", blocks=tuple(blocks),
        attachments=("证据目录及证据材料", "作出答复所依据的规范性文件") if not remedy.is_suit else ("证据目录及证据材料", "本答辩状副本"),
        signature=remedy.organ.name, dated=chinese_date(today), draft="草稿",
    )  # fmt: skip


def _text(line: str) -> Block:
    return Block("text", line)


def _self(remedy: Remedy, side: str) -> str:
    organ = remedy.organ
    return f"{side}：{organ.name}，住所地{organ.address or '【住所地】'}，法定代表人{organ.head or '【姓名、职务】'}。"


def _other(remedy: Remedy) -> str:
    name = remedy.applicant_name or (remedy.application.applicant.name if remedy.application else "")
    word = (
        {"second": "上诉人", "retrial": "再审申请人"}.get(remedy.instance, "原告")
        if remedy.is_suit
        else "申请人"
    )
    return f"{word}：{name or '【姓名或者名称】'}。"


def _opening(remedy: Remedy, side: str) -> str:
    received = chinese_date(remedy.received_on)
    number = f"（{remedy.number}）" if remedy.number else ""
    papers = "起诉状副本" if remedy.is_suit else "行政复议申请书副本"
    if remedy.instance == "second":
        papers = "上诉状副本"
    return f"{side}于{received}收到{remedy.authority}送达的{papers}{number}，现就{remedy.case_label}一案答复如下："


def course(remedy: Remedy) -> list[str]:
    """The dated steps of the case up to the remedy, one sentence each."""
    case = remedy.application
    if case is None:
        return ["【请写明收到申请、办理和答复的时间。】"]
    out = [f"申请人申请公开的内容为：{' '.join(case.description.split())}"]
    until = remedy.received_on
    for event in cases.state_of(case).events:
        if event is None or event.kind not in _TOLD or (until and event.on > until):
            continue
        out.append(f"{chinese_date(event.on)}，{remedy.organ.name}{_TOLD[event.kind]}{_more(event)}。")
    return out


def _more(event: Event) -> str:
    if event.kind is Kind.SIGNED and getattr(event, "letter_no", ""):
        return f"（{event.letter_no}）"  # type: ignore[attr-defined]
    if event.kind is Kind.SEARCHED and getattr(event, "places", ""):
        return f"，范围为{event.places}"  # type: ignore[attr-defined]
    return ""


def _grounds(remedy: Remedy) -> list[str]:
    decided: Decided | None = decision_of(remedy)
    if decided is None:
        return ["【请写明答复的内容、认定的事实和适用的依据。】"]
    variant = OUTCOMES[decided.outcome].variant(decided.variant)
    sources = "、".join(str(citation) for citation in variant.grounds)
    label = outcome_label(decided.outcome, decided.variant)
    out = [f"本机关经审查，决定“{label}”，依据为{sources or '【依据】'}。"]
    if remedy.application is not None and remedy.application.due_on and not _late(remedy):
        out.append("本机关在法定期限内作出答复并送达，告知了救济途径和期限，程序合法。")
    out.append("【请写明认定的事实和理由，并逐项对应证据目录中的证据。】")
    return out


def _late(remedy: Remedy) -> bool:
    return bool(remedy.application and remedy.application.late)


def _argument(remedy: Remedy) -> list[str]:
    out = ["【请针对申请书（起诉状）提出的每一项理由分别答复。】"]
    if needs_reconsideration_first(remedy):
        out.insert(
            0,
            "申请政府信息公开，行政机关不予公开的，应当先申请行政复议，对复议决定不服再提起行政诉讼"
            "（《行政复议法》第二十三条）。本案未经复议直接起诉，不符合起诉条件。",
        )
    return out


def _request(remedy: Remedy) -> str:
    if remedy.is_suit:
        return "综上，请人民法院依法【驳回原告的诉讼请求】。"
    return "综上，请复议机关依法【维持本机关作出的答复】。"
