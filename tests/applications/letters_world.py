"""Cases at every stage for the tests of letters."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from gongkai.applications import services
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.kinds import LETTER_KINDS, LetterKind
from gongkai.applications.letters.pdf import Label, labels_pdf
from gongkai.applications.models import Application, CaseFile, OrganSettings
from gongkai.applications.services.files import store_file
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law import case as ev
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

DAY = date(2026, 4, 20)
CHANNEL = "清河县人民政府行政复议网上申请平台（https://fy.qinghe.example）"
PERSON = ApplicantData(
    ev.ApplicantKind.NATURAL, "王小明", "居民身份证", "110101199003071233", phone="13800000000",
    address="某市某区某街 1 号", postcode="100000",
)  # fmt: skip
_serial = count(1)


def county() -> Organ:
    n = next(_serial)
    government = organ_services.create_organ(
        SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="清河县人民政府", short_name="清河", slug=f"qh{n}"
    )
    organ = organ_services.create_organ(
        SYSTEM, government, kind=Organ.Kind.DEPARTMENT, name="清河县自然资源局", short_name="清资",
        slug=f"qh-zr{n}", court="清河县人民法院", address="清河县人民路 8 号", phone="0951-2030405", postcode="751100",
    )  # fmt: skip
    OrganSettings.objects.create(organ=organ, online_reconsideration=CHANNEL)
    return organ


def person(organ: Organ, role: str, name: str):
    return organ_services.create_person(
        SYSTEM, organ, username=f"{name}{next(_serial)}", name=name, role=role, password="Kx9#vulpine-lark",
        on=date(2020, 1, 1),
    )  # fmt: skip


def registered(organ: Organ, **changes: object) -> Application:
    asked = Filing(
        **{"channel": ev.Channel.ONLINE, "description": "2025年某村土地征收补偿安置方案", "submitted_on": DAY} | changes
    )  # fmt: skip
    application, _ = services.file_application(None, organ, PERSON, asked, today=DAY)
    services.act(SYSTEM, application, ev.Received(on=DAY, confirmed_on=DAY), today=DAY)
    services.register_application(SYSTEM, application, today=DAY)
    return application


def play(application: Application, *events: ev.Event) -> date:
    """Append events, each seen on its own day; the last day."""
    day = DAY
    for event in events:
        day = max(day, event.on)
        services.act(SYSTEM, application, event, today=day)
    return day


def _before(kind: LetterKind) -> tuple[ev.Event, ...]:
    """What must have happened before a letter of this kind."""
    d = DAY
    consult = (
        ev.ThirdPartyConsulted(on=d, letter="1", party="清河某建设有限公司"),
        ev.ThirdPartyLetterReceived(on=d, letter="1"),
        ev.ThirdPartyAnswered(on=d, letter="1", opinion=ev.Opinion.OBJECT, grounds="涉及报价"),
    )
    correction = ev.CorrectionRequested(
        on=d, items=("请写明文件名称或者文号", "请写明年度"), served_on=d, days=10
    )
    late = d + timedelta(days=60)
    fee = ev.FeeNoticed(on=d, amount_fen=38000, basis=ev.FeeBasis.PER_PAGE, served_on=d)
    special: dict[str, tuple[ev.Event, ...]] = {
        "correction": (correction,),
        "reasons": (ev.ReasonsAsked(on=d, until=d + timedelta(days=14)),),
        "reasonable_delay": (
            ev.ReasonsAsked(on=d, until=d + timedelta(days=14)),
            ev.ReasonsGiven(on=d, reasonable=True, text="研究"),
            ev.ReasonablePeriodSet(on=d, until=date(2026, 7, 1)),
        ),
        "extension": (
            ev.Extended(on=d, days=20, approved_by="主任", approved_on=d, reason="所涉档案数量较多，需要逐页区分处理"),
        ),
        "third_party": consult[:1], "third_party_reply": consult[:1], "consultation_notice": consult[:1],
        "third_party_decision": (
            *consult,
            ev.Decided(on=d, outcome="granted", variant="provided", override="涉及重大公共利益"),
            ev.ThirdPartyNotified(on=d, content="成交总价和面积", reason="涉及国有资产处置，公众有权监督"),
        ),
        "co_maker": (ev.CoMakerConsulted(on=d, letter="2", organ="清河县财政局"),),
        "assistance": (ev.OrganConsulted(on=d, letter="3", organ="不动产登记中心", internal=True),),
        "fee": (fee,),
        "other_uncorrected.usual": (correction, ev.CorrectionLapsed(on=late)),
        "other_unpaid.usual": (fee, ev.FeeLapsed(on=late)),
        "other_other.withdrawn": (ev.Withdrawn(on=d),),
    }  # fmt: skip
    search = ev.Searched(on=d, places="档案室、办公自动化系统", terms="征收 安置", found=False)
    answered = (
        search, ev.Decided(on=d, outcome="granted", variant="provided"), ev.Signed(on=d, signed_by="局长", letter_no="1"),
    )  # fmt: skip
    special["rectification"] = answered
    special["public_notice"] = (
        *answered,
        ev.Served(on=d, way=ev.ServiceWay.POST),
        ev.ServiceFailed(on=d, reason="退回"),
    )
    special["reopening"] = (
        *answered, ev.Served(on=d, way=ev.ServiceWay.DIRECT),
        ev.Reopened(on=d + timedelta(days=30), cause=ev.ReopenCause.RECONSIDERATION, document="清政复决〔2026〕5号"),
    )  # fmt: skip
    if kind.key in special:
        return special[kind.key]
    if not kind.outcome:
        return ()
    history: dict[str, tuple[ev.Event, ...]] = {
        "refused_third_party": consult,
        "unavailable_unclear": (correction, ev.Corrected(on=d + timedelta(days=3))),
        "declined_excessive": (
            ev.ReasonsAsked(on=d, until=d + timedelta(days=14)),
            ev.ReasonsGiven(on=d, reasonable=False, text="没有理由"),
        ),
    }  # fmt: skip
    decided = ev.Decided(on=d + timedelta(days=3), outcome=kind.outcome, variant=kind.variant)
    return (*history.get(kind.outcome, ()), search, decided)


_CONFIGURED = {
    "refused_query.archives": {"archives_row": "refused_query"},
    "unavailable_not_held.archives": {"archives_row": "unavailable_not_held"},
    "other_other.not_information": {"not_information_row": "other_other"},
    "unavailable_not_held.not_information": {"not_information_row": "unavailable_not_held"},
}


def ready_for(kind_key: str, organ: Organ) -> tuple[Application, date]:
    """A case in which a letter of this kind has its place, and the day."""
    kind = LETTER_KINDS[kind_key]
    OrganSettings.objects.filter(organ=organ).update(policy=_CONFIGURED.get(kind_key, {}))
    application = registered(organ)
    return application, play(application, *_before(kind))


def typed_for(kind: LetterKind) -> dict[str, str]:
    """Every field a drafter fills in, with its sample; what the case knows is left to the case."""
    known = {"申请内容", "补正事项", "检索情况", "延期理由", "公开内容", "公开理由", "第三方", "共同制作机关",
             "协办单位", "视为放弃的记录", "重新办理依据"}  # fmt: skip
    values = {name: FIELDS[name].sample for name in kind.asks if name not in known}
    if "未公开的部分" in values:
        values["未公开的部分"] = (
            "安置户名单中的姓名和证件号码｜保护第三方合法权益｜公开会损害被征收人的个人隐私\n"
            "内部会商意见｜属于四类过程性信息｜系尚未定稿的磋商意见，公开会妨碍行政管理"
        )
    if "禁止公开的法律、行政法规条款" in values:
        values["禁止公开的法律、行政法规条款"] = "《中华人民共和国统计法》第九条"
    return values


def a_file(
    application: Application, name: str = "安置方案（区分处理后）.pdf", kind: str = "redacted"
) -> CaseFile:
    return store_file(SYSTEM, application, kind, labels_pdf([Label("100000", "某街", "某人")]), name=name)


def drafted(kind_key: str, organ: Organ, drafter: object = SYSTEM):
    """A complete draft of this kind and its day."""
    from gongkai.applications.letters import services as letters

    kind = LETTER_KINDS[kind_key]
    application, day = ready_for(kind_key, organ)
    letter = letters.draft_letter(drafter, application, kind_key, today=day, values=typed_for(kind))
    if kind_key == "partial.usual":
        letters.update_letter(drafter, letter, attachments=[a_file(application)], today=day)
    return letter, day


__all__ = [
    "CHANNEL",
    "DAY",
    "Role",
    "a_file",
    "county",
    "drafted",
    "person",
    "play",
    "ready_for",
    "registered",
]
