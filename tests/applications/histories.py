"""For every kind of event a short history after which it is lawful, and the event itself."""

from __future__ import annotations

from datetime import date

from gongkai.law.case import (
    Archived,
    CoMakerAnswered,
    CoMakerConsulted,
    CoMakerLetterReceived,
    CoMakerSilent,
    ConsultationEnded,
    Corrected,
    CorrectionLapsed,
    CorrectionRequested,
    Decided,
    DecisionReturned,
    Event,
    Extended,
    FeeBasis,
    FeeLapsed,
    FeeNoticed,
    FeePaid,
    GuidanceGiven,
    Kind,
    Opinion,
    OrganAnswered,
    OrganConsulted,
    ReasonablePeriodSet,
    ReasonsAsked,
    ReasonsGiven,
    Received,
    RecordCorrected,
    Registered,
    ReopenCause,
    Reopened,
    Searched,
    SecrecyReviewed,
    Served,
    ServiceFailed,
    ServiceWay,
    Signed,
    ThirdPartyAnswered,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
    ThirdPartyNotified,
    ThirdPartySilent,
    Withdrawn,
)  # fmt: skip

#: Submitted and received on the first; the letters of a consultation run out before the second, all is over by TODAY.
DAY, NEXT, WEEK, LATER = date(2026, 4, 20), date(2026, 4, 21), date(2026, 4, 27), date(2026, 6, 8)
TODAY = date(2026, 7, 1)

RECEIVED = (Received(on=DAY, confirmed_on=DAY), Registered(on=DAY, number="1"))
CORRECTION = (*RECEIVED, CorrectionRequested(on=NEXT, items=("写明文号",), days=10))
THIRD = (*RECEIVED, ThirdPartyConsulted(on=NEXT, letter="1", party="某公司"))
THIRD_GOT = (*THIRD, ThirdPartyLetterReceived(on=WEEK, letter="1"))
OBJECTED = (*THIRD_GOT, ThirdPartyAnswered(on=WEEK, letter="1", opinion=Opinion.OBJECT, grounds="客户名单"))
CO_MAKER = (*RECEIVED, CoMakerConsulted(on=NEXT, letter="1", organ="某局"))
CO_MAKER_GOT = (*CO_MAKER, CoMakerLetterReceived(on=WEEK, letter="1"))
ASKED = (*RECEIVED, ReasonsAsked(on=NEXT, until=WEEK))
FEE = (*RECEIVED, FeeNoticed(on=NEXT, amount_fen=20000, basis=FeeBasis.PER_CASE))
DECIDED = (*RECEIVED, Decided(on=WEEK, outcome="granted", variant="provided"))
OVERRIDDEN = (*OBJECTED, Decided(on=WEEK, outcome="granted", override="公共安全"))
SIGNED = (*DECIDED, Signed(on=WEEK, signed_by="张某"))
SERVED = (*SIGNED, Served(on=WEEK, way=ServiceWay.DIRECT))

#: kind → (what came before, the event). Submission is not an act on a case and stands apart.
HISTORIES: dict[Kind, tuple[tuple[Event, ...], Event]] = {
    event.kind: (before, event)
    for before, event in (
        ((), RECEIVED[0]),
        (RECEIVED[:1], RECEIVED[1]),
        (RECEIVED, CORRECTION[-1]),
        (CORRECTION, Corrected(on=WEEK)),
        (CORRECTION, CorrectionLapsed(on=LATER)),
        (RECEIVED, THIRD[-1]),
        (THIRD, THIRD_GOT[-1]),
        (THIRD_GOT, OBJECTED[-1]),
        (THIRD_GOT, ThirdPartySilent(on=LATER, letter="1")),
        (RECEIVED, CO_MAKER[-1]),
        (CO_MAKER, CO_MAKER_GOT[-1]),
        (CO_MAKER_GOT, CoMakerAnswered(on=WEEK, letter="1", opinion=Opinion.CONSENT)),
        (CO_MAKER_GOT, CoMakerSilent(on=LATER, letter="1")),
        (RECEIVED, OrganConsulted(on=NEXT, letter="1", organ="某局")),
        ((*RECEIVED, OrganConsulted(on=NEXT, letter="1", organ="某局")), OrganAnswered(on=WEEK, letter="1")),
        (THIRD, ConsultationEnded(on=WEEK, letter="1", reason="查无此人")),
        (RECEIVED, Searched(on=NEXT, places="档案室", found=True)),
        (RECEIVED, SecrecyReviewed(on=NEXT, conclusion="可以公开")),
        (RECEIVED, GuidanceGiven(on=NEXT, to="某局")),
        (RECEIVED, ASKED[-1]),
        (ASKED, ReasonsGiven(on=WEEK, reasonable=True, text="研究")),
        ((*ASKED, ReasonsGiven(on=WEEK, reasonable=True)), ReasonablePeriodSet(on=WEEK, until=LATER)),
        (
            RECEIVED,
            Extended(on=WEEK, days=10, approved_by="主任", approved_on=WEEK, reason="材料在档案馆"),
        ),
        (RECEIVED, FEE[-1]),
        (FEE, FeePaid(on=WEEK, amount_fen=20000)),
        (FEE, FeeLapsed(on=LATER)),
        (RECEIVED, DECIDED[-1]),
        (DECIDED, DecisionReturned(on=WEEK, reason="理由不足")),
        (DECIDED, SIGNED[-1]),
        (OVERRIDDEN, ThirdPartyNotified(on=WEEK, letter="1", content="检测报告", reason="公共安全")),
        (SIGNED, SERVED[-1]),
        (SERVED, ServiceFailed(on=LATER, reason="退回")),
        (RECEIVED, Withdrawn(on=NEXT)),
        (SERVED, Reopened(on=LATER, cause=ReopenCause.SELF_CORRECTION)),
        (RECEIVED, RecordCorrected(on=NEXT, target=3, reason="编号写错", replacement=Registered(on=DAY, number="2"))),
        (SERVED, Archived(on=LATER)),
    )
}  # fmt: skip
