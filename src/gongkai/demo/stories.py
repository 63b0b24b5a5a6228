"""How a case of each outcome goes, as the law's own events: the stuff the demonstration ledger is made of.

Pure: a story is a list of events that :func:`gongkai.law.case.fold` accepts. Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from gongkai.law.calendar import WorkCalendar
from gongkai.law.case import (
    ApplicantKind,
    Archived,
    Channel,
    CoMakerConsulted,
    CoMakerLetterReceived,
    CoMakerSilent,
    Corrected,
    CorrectionLapsed,
    CorrectionRequested,
    Decided,
    Event,
    Extended,
    FeeBasis,
    FeeLapsed,
    FeeNoticed,
    FeePaid,
    GuidanceGiven,
    Opinion,
    OrganAnswered,
    OrganConsulted,
    ReasonablePeriodSet,
    ReasonsAsked,
    ReasonsGiven,
    Received,
    Searched,
    SecrecyReviewed,
    Served,
    ServiceWay,
    Signed,
    Submitted,
    ThirdPartyAnswered,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
    ThirdPartyNotified,
    Withdrawn,
)

#: Channel and how often (out of 100) it is used.
CHANNELS = (
    (Channel.ONLINE, 58), (Channel.SIGNED_MAIL, 20), (Channel.COUNTER, 12), (Channel.EMAIL, 5),
    (Channel.ORDINARY_MAIL, 3), (Channel.FAX, 2),
)  # fmt: skip
#: What an applicant of each channel is usually served by.
WAYS = {
    Channel.ONLINE: ServiceWay.ELECTRONIC, Channel.EMAIL: ServiceWay.ELECTRONIC, Channel.COUNTER: ServiceWay.DIRECT,
}  # fmt: skip


@dataclass
class Story:
    """One case being told: ``now`` is the day of the last step, ``events`` follow submission and receipt."""

    calendar: WorkCalendar
    rng: Random
    channel: Channel
    applicant: ApplicantKind
    row: str
    start: date
    now: date = field(init=False)
    events: list[Event] = field(default_factory=list)
    variant: str = ""

    def __post_init__(self) -> None:
        self.now = self.start
        self.events.append(Submitted(on=self.start, channel=self.channel, applicant=self.applicant))

    def after(self, days: int) -> date:
        """Move on by ``days`` working days and return the day."""
        self.now = self.calendar.add_working_days(self.now, days) if days else self.now
        return self.now

    def add(self, event: Event) -> None:
        self.events.append(event)

    @property
    def received_on(self) -> date:
        """Day 0 of the first clock (条例第三十一条)."""
        for event in self.events:
            if isinstance(event, Received):
                return event.signed_on or event.confirmed_on or event.on
        return self.start


def pick_channel(rng: Random, applicant: ApplicantKind) -> Channel:
    """A channel as often as it is used; organisations do not come to the counter orally."""
    return rng.choices([c for c, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]


def receive(story: Story) -> None:
    """Receipt by article 31: the day depends on the channel."""
    channel = story.channel
    if channel is Channel.COUNTER:
        story.add(Received(on=story.now, evidence="当面提交，出具回执"))
    elif channel is Channel.SIGNED_MAIL:
        day = story.after(story.rng.choice((1, 2, 2, 3)))
        story.add(Received(on=day, signed_on=day, evidence="邮件签收单"))
    else:
        day = story.after(story.rng.choice((0, 0, 1)))
        arrived = story.start if channel is Channel.ORDINARY_MAIL else None
        how = "系统回执" if channel is Channel.ONLINE else "与申请人电话确认"
        story.add(Received(on=day, arrived_on=arrived, confirmed_on=day, evidence=how))


def search(story: Story, found: bool = True) -> None:
    places = story.rng.choice(
        ("综合档案室、业务科室文件柜、办公系统", "办公系统与机关档案室", "档案室2015年以来案卷")
    )
    story.add(
        Searched(
            on=story.after(story.rng.choice((1, 2, 3))),
            places=places,
            terms="题名、文号、责任者",
            found=found,
        )
    )


def consult_third_party(story: Story, opinion: Opinion, grounds: str = "", letter: str = "1") -> None:
    story.add(ThirdPartyConsulted(on=story.after(2), letter=letter, party="信息所涉单位"))
    story.add(ThirdPartyLetterReceived(on=story.after(2), letter=letter))
    story.add(
        ThirdPartyAnswered(
            on=story.after(story.rng.choice((4, 6, 9))), letter=letter, opinion=opinion, grounds=grounds
        )
    )


def correct(story: Story) -> None:
    """Asked to correct and corrected in time; a fresh period begins."""
    story.add(
        CorrectionRequested(on=story.after(3), items=("请写明所需文件的名称、文号或者其他特征",), days=10)
    )
    story.add(Corrected(on=story.after(story.rng.choice((4, 6, 8)))))


def extend(story: Story, head: str = "工作机构负责人") -> None:
    days = story.rng.choice((10, 15, 20))
    story.add(
        Extended(
            on=story.after(8), days=days, approved_by=head, approved_on=story.now,
            reason="档案年代较早，需要调阅核对",
        )
    )  # fmt: skip
    story.after(12)


def ask_other_organ(story: Story) -> None:
    story.add(OrganConsulted(on=story.after(2), letter="协1", organ="有关主管部门"))
    story.add(OrganAnswered(on=story.after(5), letter="协1", summary="可以公开"))


def ask_co_maker(story: Story) -> None:
    """The organ that made the information too stays silent, which counts as consent (条例 34)."""
    story.add(CoMakerConsulted(on=story.after(2), letter="共1", organ="共同制作机关"))
    got = story.after(1)
    story.add(CoMakerLetterReceived(on=got, letter="共1"))
    story.add(CoMakerSilent(on=story.after(16), letter="共1"))


def pay(story: Story) -> None:
    story.add(
        FeeNoticed(on=story.after(3), amount_fen=30000, basis=FeeBasis.PER_PAGE, evidence="已附计算说明")
    )
    story.add(FeePaid(on=story.after(5), amount_fen=30000, receipt="演示票据0001"))


def reasonable_reasons(story: Story) -> None:
    """Article 35: the reason holds, so time is set instead of refusing."""
    story.add(ReasonsAsked(on=story.after(2), until=story.calendar.add_working_days(story.now, 8)))
    story.add(ReasonsGiven(on=story.after(4), reasonable=True, text="开展课题研究，需要连续年度的资料"))
    limit = story.calendar.add_working_days(story.received_on, 35)
    story.add(ReasonablePeriodSet(on=story.after(1), until=limit))


FEATURES: dict[str, Callable[[Story], None]] = {
    "correction": correct,
    "extension": extend,
    "third_party": lambda s: consult_third_party(s, Opinion.CONSENT),
    "co_maker": ask_co_maker,
    "other_organ": ask_other_organ,
    "fee": pay,
    "reasons": reasonable_reasons,
}


def _granted(story: Story) -> None:
    search(story)
    story.variant = story.rng.choice(("provided", "provided", "provided", "already_public", "later"))


def _partial(story: Story) -> None:
    search(story)
    if story.rng.random() < 0.4:
        story.add(
            SecrecyReviewed(on=story.after(1), conclusion="不涉及国家秘密；身份证号码、联系方式应当遮盖")
        )
    story.variant = "usual"


def _third(story: Story) -> None:
    search(story)
    consult_third_party(story, Opinion.OBJECT, "涉及报价构成和客户名单，公开会损害我方合法权益")


def _secret(story: Story) -> None:
    search(story)
    story.add(SecrecyReviewed(on=story.after(2), conclusion="属于国家秘密，不得公开"))


def _not_held(story: Story) -> None:
    story.variant = story.rng.choice(("absent", "absent", "other_organ"))
    if story.variant == "absent":
        search(story, found=False)
        return
    story.add(GuidanceGiven(on=story.after(3), to="负责公开该信息的机关", contact="12345"))


def _excessive(story: Story) -> None:
    story.add(ReasonsAsked(on=story.after(3), until=story.calendar.add_working_days(story.now, 8)))
    story.add(ReasonsGiven(on=story.after(5), reasonable=False, text="需要了解情况"))


#: What precedes the decision, by row; rows not named here need nothing but reading the application.
_BEFORE: dict[str, Callable[[Story], None]] = {
    "granted": _granted,
    "partial": _partial,
    "refused_secret": _secret,
    "refused_third_party": _third,
    "refused_internal": search,
    "refused_process": search,
    "refused_law": search,
    "refused_safety": search,
    "unavailable_not_held": _not_held,
    "unavailable_needs_making": search,
    "unavailable_unclear": correct,
    "declined_excessive": _excessive,
}


def finish(story: Story, *, signer: str, override: str = "", wait: int | None = None) -> None:
    """Decide, sign, serve and, mostly, archive. ``wait``: working days of drafting before the decision."""
    story.after(story.rng.choice((1, 2, 3, 5)) if wait is None else wait)
    story.add(Decided(on=story.now, outcome=story.row, variant=story.variant, override=override))
    if override:
        story.add(
            ThirdPartyNotified(
                on=story.after(1), letter="1", content="检测结论和整改要求", reason=override
            )
        )  # fmt: skip
    story.add(Signed(on=story.after(story.rng.choice((0, 1))), signed_by=signer))
    way = WAYS.get(story.channel, ServiceWay.POST)
    tracking = f"演示{story.rng.randrange(10**8):08d}" if way is ServiceWay.POST else ""
    story.add(Served(on=story.after(story.rng.choice((0, 1))), way=way, tracking=tracking))


def archive(story: Story) -> None:
    story.add(Archived(on=story.after(story.rng.choice((5, 8, 12)))))


def tell(story: Story, features: tuple[str, ...] = (), *, signer: str, late: bool = False) -> Story:
    """Tell the whole case of ``story.row``, with ``features`` on the way, to the end.

    Raises KeyError for an unknown feature.
    """
    receive(story)
    for name in features:
        FEATURES[name](story)
    if story.row == "other_uncorrected":
        story.add(CorrectionRequested(on=story.after(4), items=("请提供申请人身份证明",), days=10))
        story.add(CorrectionLapsed(on=story.after(12)))
    elif story.row == "other_unpaid":
        story.add(FeeNoticed(on=story.after(4), amount_fen=20000, basis=FeeBasis.PER_CASE))
        story.add(FeeLapsed(on=story.after(22)))
    elif story.row == "other_other" and not story.variant:
        story.add(Withdrawn(on=story.after(story.rng.choice((2, 4, 7)))))
    else:
        _BEFORE.get(story.row, lambda s: None)(story)
        finish(story, signer=signer, wait=24 if late else None)
        if story.rng.random() < 0.85:
            archive(story)
    return story


def working_days_before(calendar: WorkCalendar, day: date, days: int) -> date:
    """The working day from which ``day`` is the ``days``-th (0: ``day`` itself or the last working day before)."""
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    for _ in range(days):
        day -= timedelta(days=1)
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
    return day
