"""The demonstration ledger: two years behind the published tables of 利通区, and cases in every state today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from gongkai.applications import selectors
from gongkai.applications.archive import demo as archive_demo
from gongkai.applications.demo_papers import Papers
from gongkai.applications.letters import checking
from gongkai.applications.letters.services import draft_letter, review_letter, sign_letter, submit_letter
from gongkai.applications.models import Application, Note, OrganSettings
from gongkai.applications.notices import muted
from gongkai.applications.services.settings import save_settings
from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.demo.ledger import Desk, applicant, description, desk_of, ledger_from_report, write
from gongkai.demo.stories import (
    FEATURES,
    Story,
    consult_third_party,
    finish,
    pick_channel,
    receive,
    search,
    tell,
    working_days_before,
)
from gongkai.law.calendar import WorkCalendar
from gongkai.law.case import (
    ApplicantKind,
    Channel,
    CoMakerConsulted,
    CoMakerLetterReceived,
    CorrectionRequested,
    Decided,
    Extended,
    FeeBasis,
    FeeNoticed,
    Kind,
    Opinion,
    OrganConsulted,
    ReasonsAsked,
    ReopenCause,
    Reopened,
    Searched,
    Served,
    ServiceFailed,
    ServiceWay,
    Signed,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
)
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.scope import SYSTEM

#: Reports whose table 3 the ledger of the organ and year must give again, earlier years first.
REPORTS = (("LT24", "ltq"), ("LT25", "ltq"), ("SY25", "syq"))
#: The organs with demonstration log-ins come up most often among today's cases.
DESKS = (
    "ltq",
    "ltq-fgj",
    "ltq-qinghe",
    "ltq-zrzy",
    "ltq-zjj",
    "ltq-fgj",
    "ltq-czj",
    "ltq-liuwan",
    "ltq",
    "ltq-jyj",
)
FIRST_YEAR = 2026
#: The letter that goes with a step, for cases where it is the last one.
LETTERS = {
    Kind.CORRECTION_REQUESTED: "correction",
    Kind.FEE_NOTICED: "fee",
    Kind.REASONS_ASKED: "reasons",
    Kind.EXTENDED: "extension",
    Kind.ORGAN_CONSULTED: "assistance",
}
#: Outcomes told once more in their other cases.
VARIANTS = (
    ("granted", "provided"), ("granted", "already_public"), ("granted", "later"), ("unavailable_not_held", "absent"),
    ("unavailable_not_held", "other_organ"), ("unavailable_not_held", "not_information"),
    ("unavailable_not_held", "archives"), ("other_other", "ceased"), ("other_other", "moved"),
)  # fmt: skip
SPREAD = 4  # calendar days between the starts of two closed cases of the running year


def load(context: DemoContext) -> None:
    """Make the ledger; the same organ and day give the same cases (receipt numbers and query codes are random)."""
    if Application.objects.exists():
        return
    # Answers tell the applicant where to go: without a court and a channel they cannot be signed.
    save_settings(
        SYSTEM,
        OrganSettings(
            organ=context.organ("ltq"),
            court_name="利通区人民法院",
            online_reconsideration="利通区人民政府门户网站“行政复议”栏目（演示）",
        ),
    )
    with muted():
        for code, slug in REPORTS:
            report = figures.get(code)
            assert report.year is not None
            rng = Random(f"{code}:{slug}:{report.year}")  # noqa: S311
            ledger_from_report(report, context.organ(slug), report.year, rng, today=context.today)
        desks = {slug: desk_of(context.organ(slug)) for slug in dict.fromkeys(DESKS)}
        teller = _Teller(context.today, desks, Random(f"ltq:{context.today.year}"))  # noqa: S311
        teller.closed()
        teller.open()
        archive_demo.load(context)
    context.log(f"依申请公开 {Application.objects.count()} 件")


@dataclass
class _Teller:
    """Cases of the running year, counted back from ``today``."""

    today: date
    desks: dict[str, Desk]
    rng: Random
    turn: int = 0
    papers: Papers = field(default_factory=Papers)

    @property
    def calendar(self) -> WorkCalendar:
        return selectors.calendar()

    def desk(self) -> Desk:
        self.turn += 1
        return self.desks[DESKS[self.turn % len(DESKS)]]

    def story(
        self,
        row: str,
        start: date,
        channel: Channel | None = None,
        kind: ApplicantKind = ApplicantKind.NATURAL,
    ) -> Story:
        picked = channel or pick_channel(self.rng, kind)
        return Story(self.calendar, self.rng, picked, kind, row, self.calendar.next_working_day(start))

    def keep(
        self, story: Story, *, register: bool = True, desk: Desk | None = None, letters: bool = True
    ) -> Application | None:
        """Write the story, with its letters or without, unless it would begin in a year that is already reported."""
        if story.start.year < FIRST_YEAR:
            return None
        desk = desk or self.desk()
        text = description(desk.organ, story.row, story.start.year, self.rng)
        person = applicant(story.applicant, self.rng)
        return write(
            desk,
            story,
            text,
            person,
            today=self.today,
            register=register,
            papers=self.papers if letters else None,
        )

    # closed -------------------------------------------------------------------------------------------

    def closed(self) -> None:
        """Every outcome, every pause, a late answer, a withdrawal, an answer that was re-made."""
        tellings: list[Callable[[date], Story]] = [
            *(self._plain(row) for row in OUTCOMES),
            *(self._plain("granted", feature) for feature in FEATURES),
            *(self._variant(row, variant) for row, variant in VARIANTS),
            self._plain("partial", "extension"),
            self._plain("granted", late=True),
            self._override,
            self._returned_by_post,
            self._plain("granted", kind=ApplicantKind.LEGAL_SERVICE),
            self._plain("partial", kind=ApplicantKind.BUSINESS),
            self._plain("unavailable_not_held", kind=ApplicantKind.RESEARCH),
            self._plain("granted", kind=ApplicantKind.WELFARE),
        ]
        last = working_days_before(self.calendar, self.today, 65)
        starts = [last.toordinal() - SPREAD * n for n in range(len(tellings))]
        for ordinal, telling in zip(reversed(starts), tellings, strict=True):
            self.keep(telling(date.fromordinal(ordinal)))
        self._reopened()

    def _plain(
        self, row: str, *features: str, late: bool = False, kind: ApplicantKind = ApplicantKind.NATURAL
    ) -> Callable[[date], Story]:
        return lambda start: tell(self.story(row, start, kind=kind), features, signer="分管负责人", late=late)

    def _variant(self, row: str, variant: str) -> Callable[[date], Story]:
        """An outcome's further cases, each with a letter of its own."""

        def telling(start: date) -> Story:
            story = self.story(row, start)
            story.variant = variant
            receive(story)
            if row == "granted" or variant == "absent":
                search(story, found=row == "granted")
            finish(story, signer="分管负责人")
            return story

        return telling

    def _override(self, start: date) -> Story:
        """Disclosed although a third party objected, for a public interest, and the third party told (条例 32)."""
        story = self.story("granted", start)
        receive(story)
        consult_third_party(story, Opinion.OBJECT, "涉及经营信息")
        finish(story, signer="分管负责人", override="涉及群众饮水安全，不公开会对公共利益造成重大影响")
        return story

    def _returned_by_post(self, start: date) -> Story:
        """The letter came back and was announced instead."""
        story = self.story("unavailable_needs_making", start, Channel.SIGNED_MAIL)
        receive(story)
        search(story)
        finish(story, signer="分管负责人")
        story.add(ServiceFailed(on=story.after(5), reason="原址查无此人，邮件退回"))
        story.add(Served(on=story.after(2), way=ServiceWay.PUBLIC_NOTICE))
        return story

    def _reopened(self) -> None:
        """One answer set aside on reconsideration and made again, one being made again now."""
        start = working_days_before(self.calendar, self.today, 110)
        story = self.story("refused_process", start)
        receive(story)
        search(story)
        finish(story, signer="分管负责人")
        document = f"吴政复决〔{self.today.year}〕演示1号"
        story.add(Reopened(on=story.after(40), cause=ReopenCause.RECONSIDERATION, document=document, days=20))
        story.row, story.variant = "partial", ""
        search(story)
        finish(story, signer="分管负责人")
        self.keep(story)
        story = self.story("unavailable_not_held", working_days_before(self.calendar, self.today, 60))
        story.variant = "absent"
        receive(story)
        search(story, found=False)
        finish(story, signer="分管负责人", wait=3)
        again = working_days_before(self.calendar, self.today, 6)
        story.add(Reopened(on=again, cause=ReopenCause.SELF_CORRECTION))
        self.keep(story)

    # open ---------------------------------------------------------------------------------------------

    def open(self) -> None:
        """What an office finds on its desk today: new, due soon, overdue, paused for each reason, to sign, to serve."""
        for days in (0, 1):
            story = self.story("granted", self._back(days), Channel.ONLINE)
            self.keep(story, register=False, letters=False, desk=self.desks["ltq-fgj" if days else "ltq"])
        # Received n working days ago: the period of twenty ends 20 - n working days from today.
        for days in (2, 5, 8, 12, 15, 17, 18, 19, 20, 23):
            story = self._received(days)
            if days > 4:
                story.add(Searched(on=self._back(days - 3), places="办公系统与机关档案室", found=True))
            self._noted(self.keep(story, letters=False), days)
        for telling in (
            self._correction, self._third_party, self._co_maker, self._other_organ, self._fee, self._reasons,
            self._extended, self._decided, self._signed, self._overdue_to_sign,
        ):  # fmt: skip
            self._with_letters(self.keep(telling(), letters=False))

    def _with_letters(self, case: Application | None) -> None:
        """The letter of the last step: issued on its day where nothing is missing, an answer as a draft to be completed."""
        if case is None:
            return
        last = case.records.order_by("position").last()
        assert last is not None
        event = last.event()
        desk = self.desks[case.organ.slug]
        if isinstance(event, Decided):
            draft_letter(desk.handler, case, f"{event.outcome}.{event.variant}", today=self.today)
        elif event.kind in LETTERS:
            letter = draft_letter(desk.handler, case, LETTERS[event.kind], today=event.on)
            if checking.problems(letter, case, event.on):
                return
            submit_letter(desk.handler, letter, today=event.on)
            if letter.state == letter.State.REVIEW:
                review_letter(desk.signer, letter, passed=True)
            if letter.state == letter.State.SIGN:
                sign_letter(desk.signer, letter, today=event.on)

    def _back(self, days: int) -> date:
        return working_days_before(self.calendar, self.today, days)

    def _received(self, days: int) -> Story:
        story = self.story("granted", self._back(days), Channel.COUNTER)
        receive(story)
        return story

    def _noted(self, case: Application | None, days: int) -> None:
        if case is not None and days >= 18 and case.handler is not None:
            Note.objects.create(
                application=case, author=case.handler, text="已请业务科室核对附件，答复稿本周送审。"
            )

    def _correction(self) -> Story:
        story = self._received(6)
        story.add(
            CorrectionRequested(on=self._back(3), items=("请写明所需文件的名称、文号或者其他特征",), days=10)
        )
        return story

    def _third_party(self) -> Story:
        story = self._received(11)
        story.add(ThirdPartyConsulted(on=self._back(7), letter="1", party="示例商贸有限公司"))
        story.add(ThirdPartyLetterReceived(on=self._back(5), letter="1"))
        return story

    def _co_maker(self) -> Story:
        story = self._received(9)
        story.add(CoMakerConsulted(on=self._back(6), letter="1", organ="吴忠市有关部门"))
        story.add(CoMakerLetterReceived(on=self._back(5), letter="1"))
        return story

    def _other_organ(self) -> Story:
        story = self._received(7)
        story.add(OrganConsulted(on=self._back(4), letter="1", organ="利通区档案馆"))
        return story

    def _fee(self) -> Story:
        story = self._received(10)
        story.add(
            FeeNoticed(on=self._back(5), amount_fen=32000, basis=FeeBasis.PER_PAGE, evidence="已附计算说明")
        )
        return story

    def _reasons(self) -> Story:
        story = self._received(8)
        until = self.calendar.add_working_days(self._back(0), 5)
        story.add(ReasonsAsked(on=self._back(4), until=until))
        return story

    def _extended(self) -> Story:
        story = self._received(22)
        day = self._back(6)
        story.add(
            Extended(
                on=day, days=15, approved_by="工作机构负责人", approved_on=day, reason="需要调阅历年档案"
            )
        )
        return story

    def _decided(self) -> Story:
        story = self._received(14)
        story.add(Searched(on=self._back(8), places="办公系统与机关档案室", found=True))
        story.add(Decided(on=self._back(1), outcome="granted", variant="provided"))
        return story

    def _signed(self) -> Story:
        story = self._decided()
        story.add(Signed(on=self._back(0), signed_by="分管负责人"))
        return story

    def _overdue_to_sign(self) -> Story:
        story = self._received(24)
        story.add(Searched(on=self._back(15), places="档案室", found=True))
        story.add(Decided(on=self._back(1), outcome="partial", variant="usual"))
        return story
