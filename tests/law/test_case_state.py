"""The views of a state that the case tests do not reach: looking on other days, next steps, final states."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.law.calendar import default_calendar
from gongkai.law.case import (
    STATUS_LABELS,
    Act,
    ApplicantKind,
    Archived,
    CaseState,
    Channel,
    CoMakerAnswered,
    CoMakerConsulted,
    ConsultationEnded,
    ConsultKind,
    Corrected,
    CorrectionLapsed,
    CorrectionRequested,
    Decided,
    Event,
    FeeLapsed,
    FeeNoticed,
    IllegalEvent,
    ItemDecision,
    Kind,
    Lawful,
    MilestoneState,
    NotLawful,
    Opinion,
    OrganAnswered,
    OrganConsulted,
    ReasonsAsked,
    ReasonsGiven,
    Received,
    RecordCorrected,
    Registered,
    ReopenCause,
    Reopened,
    Served,
    ServiceFailed,
    ServiceWay,
    Signed,
    Status,
    Submitted,
    ThirdPartyAnswered,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
    Withdrawn,
    YearEntry,
    advance,
    fold,
    look,
)
from gongkai.law.case.facts import CONSULT_LABELS, Phase
from gongkai.law.case.milestones import MILESTONE_STATE_LABELS
from gongkai.law.case.vocab import FeeBasis

CAL = default_calendar()
D = date
OPEN: tuple[Event, ...] = (
    Submitted(on=D(2026, 3, 2), channel=Channel.COUNTER, applicant=ApplicantKind.RESEARCH),
    Received(on=D(2026, 3, 2)),
    Registered(on=D(2026, 3, 2), number="2026-1", parent="2026-0"),
)
FIX = RecordCorrected(on=D(2026, 3, 3), target=2, reason="误")
BAD_ITEM = ItemDecision(item="甲", outcome="granted", variant="x")
DONE: tuple[Event, ...] = (
    *OPEN,
    Decided(on=D(2026, 3, 4), outcome="granted"),
    Signed(on=D(2026, 3, 5), signed_by="局长", letter_no="3号"),
    Served(on=D(2026, 3, 6), way=ServiceWay.DIRECT),
)


def at(events: tuple[Event, ...], today: date) -> CaseState:
    return fold(events, CAL, today=today)


def test_an_empty_case() -> None:
    state = at((), D(2026, 3, 2))
    assert state.status is Status.NEW
    assert not state.is_open
    assert not state.is_final
    assert state.lawful_acts == (Kind.SUBMITTED,)
    assert state.reasons == ()
    assert state.explain() == "尚未起算答复期限"
    assert state.milestones == ()
    assert state.next_milestone is None
    assert state.row_for_year(2026) is None
    for value in (state.due_on, state.days_left, state.provisional, state.row_code, state.column):
        assert value is None
    assert (state.number, state.parent, state.applicant, state.submitted_on) == (None, "", None, None)
    assert (state.year_new, state.year_closed, state.variant, state.consultations) == (None, None, "", ())


def test_an_open_case() -> None:
    state = at(OPEN, D(2026, 3, 3))
    assert state.is_open
    assert (state.number, state.parent, state.column) == ("2026-1", "2026-0", "research")
    assert state.due_on == D(2026, 3, 30)
    assert state.days_left == 19
    assert (state.year_new, state.year_closed) == (2026, None)
    assert state.events == OPEN
    following = state.next_milestone
    assert following is not None
    assert (following.key, following.due, following.whose) == ("correction_notice", D(2026, 3, 11), "机关")
    later = look(state, D(2026, 3, 12)).next_milestone
    assert later is not None
    assert later.key == "answer"
    assert Act is Kind


def test_looking_on_another_day_shares_the_facts() -> None:
    state = at(OPEN, D(2026, 3, 3))
    assert not state.overdue
    late = look(state, D(2026, 3, 31))
    assert late.overdue
    assert late.days_left == -1
    assert not state.overdue
    assert look(late, D(2026, 3, 30)).days_left == 0
    assert late.next_milestone is None


def test_a_finished_case() -> None:
    state = at(DONE, D(2026, 5, 1))
    assert state.status is Status.ANSWERED
    assert not state.is_open
    assert state.days_left is None
    assert not state.overdue
    assert (state.answered_on, state.served_on, state.closed_on) == (D(2026, 3, 6),) * 3
    assert (state.row, state.row_code, state.variant) == ("granted", "C1", "provided")
    assert (state.year_new, state.year_closed) == (2026, 2026)
    assert state.next_milestone is None
    assert not any(state.outcomes.values())
    done = advance(state, Archived(on=D(2026, 5, 1)))
    assert done.is_final
    assert done.status_label == "已归档"
    # The deadline of a finished case does not drift with the day one looks.
    assert look(done, D(2028, 1, 1)).due_on == state.due_on == D(2026, 3, 30)


def test_lawful_acts_name_their_last_day() -> None:
    state = at(OPEN, D(2026, 3, 3))
    assert state.acts[Kind.CORRECTION_REQUESTED] == Lawful(D(2026, 3, 11))
    assert state.acts[Kind.EXTENDED] == Lawful(D(2026, 3, 30))
    assert state.acts[Kind.FEE_NOTICED] == Lawful(D(2026, 3, 30))
    assert state.acts[Kind.DECIDED] == Lawful(D(2026, 3, 30))
    assert state.acts[Kind.SEARCHED] == Lawful(None)
    assert bool(state.acts[Kind.SEARCHED]) is True
    refused = state.acts[Kind.ARCHIVED]
    assert isinstance(refused, NotLawful)
    assert bool(refused) is False
    assert state.outcomes["granted", "provided"] == Lawful(D(2026, 3, 30))
    correcting = advance(state, CorrectionRequested(on=D(2026, 3, 3), items=("文号",), days=7))
    assert correcting.acts[Kind.CORRECTED] == Lawful(D(2026, 3, 12))
    fee = FeeNoticed(on=D(2026, 3, 3), amount_fen=100, basis=FeeBasis.PER_CASE)
    assert advance(state, fee).acts[Kind.FEE_PAID] == Lawful(D(2026, 3, 31))
    signed = at(DONE[:5], D(2026, 3, 5))
    assert signed.acts[Kind.SERVED] == Lawful(D(2026, 3, 30))
    assert at(DONE[:4], D(2026, 3, 5)).acts[Kind.SIGNED] == Lawful(D(2026, 3, 30))


def test_acts_cannot_be_changed() -> None:
    state = at(OPEN, D(2026, 3, 3))
    with pytest.raises(TypeError):
        state.acts[Kind.ARCHIVED] = Lawful()  # type: ignore[index]
    with pytest.raises(TypeError):
        state.outcomes["granted", "provided"] = Lawful()  # type: ignore[index]
    with pytest.raises(AttributeError):
        state.due_on_other = 1 if False else state.status.nothing  # type: ignore[attr-defined]


def test_advance_may_bring_its_own_day() -> None:
    state = at(OPEN, D(2026, 3, 3))
    later = Decided(on=D(2026, 3, 10), outcome="granted")
    with pytest.raises(IllegalEvent, match="晚于今天"):
        advance(state, later)
    after = advance(state, later, today=D(2026, 3, 10))
    assert (after.today, after.status) == (D(2026, 3, 10), Status.DECIDED)
    fix = RecordCorrected(on=D(2026, 3, 11), target=4, reason="误登")
    mended = advance(after, fix, today=D(2026, 3, 11))
    assert (mended.today, mended.status) == (D(2026, 3, 11), Status.PROCESSING)
    assert mended.events == (*OPEN, None, fix)
    assert after.events == (*OPEN, later)
    with pytest.raises(IllegalEvent, match="晚于今天"):
        advance(after, fix)


def test_consultations_are_listed() -> None:
    events = (
        *OPEN,
        ThirdPartyConsulted(on=D(2026, 3, 4), letter="7", party="某公司"),
        ThirdPartyLetterReceived(on=D(2026, 3, 6), letter="7"),
    )
    state = at(events, D(2026, 3, 9))
    (letter,) = state.consultations
    assert (letter.kind, letter.letter, letter.party) == (ConsultKind.THIRD_PARTY, "7", "某公司")
    assert (letter.dispatched_on, letter.received_on) == (D(2026, 3, 4), D(2026, 3, 6))
    assert state.pauses == (letter,)
    assert look(state, D(2026, 4, 1)).pauses == ()
    # While waiting, the days left do not shrink.
    assert state.days_left == look(state, D(2026, 3, 16)).days_left == 18


def test_withdrawn_cases_owe_no_answer() -> None:
    state = advance(at(OPEN, D(2026, 3, 3)), Withdrawn(on=D(2026, 3, 3)))
    assert state.status is Status.CLOSED
    assert "answer" not in {m.key for m in state.milestones}
    assert look(state, D(2027, 1, 1)).notices == ()


def test_refusals_carry_position_event_and_article() -> None:
    wrong = Signed(on=D(2026, 3, 3), signed_by="局长")
    with pytest.raises(IllegalEvent) as problem:
        at((*OPEN, wrong), D(2026, 3, 3))
    refused = problem.value
    assert (refused.position, refused.event) == (4, wrong)
    assert refused.cite is not None
    assert str(refused) == (
        "第 4 条“签发”（2026-03-03）：不能“签发”：案件正在办理，没有相应的前一步（《政府信息公开条例》第三十三条）"
    )
    assert str(IllegalEvent("原因")) == "原因"


#: Events whose own fields cannot be; their exact words are in ``wording.txt``.
IMPOSSIBLE: list[tuple[tuple[Event, ...], str]] = [
    ((Submitted(on=D(2008, 4, 30), channel=Channel.FAX),), "日期早于前一步骤（2008-05-01）"),
    ((*OPEN, Decided(on=D(2026, 3, 1), outcome="granted")), "日期早于前一步骤（2026-03-02）"),
    ((*OPEN[:2], Registered(on=D(2026, 3, 1), number="1")), "日期早于前一步骤（2026-03-02）"),
    ((*OPEN[:2], Registered(on=D(2026, 3, 2), number=" ")), "登记应当有编号"),
    ((*OPEN, Decided(on=D(2026, 3, 3), outcome="given")), "没有“given”这一办理结果"),
    ((*OPEN, Decided(on=D(2026, 3, 3), outcome="granted", variant="x")), "没有“x”这一情形"),
    ((*DONE[:4], Signed(on=D(2026, 3, 4), signed_by="")), "签发应当有签发人"),
    (
        (*OPEN, CorrectionRequested(on=D(2026, 3, 3), items=("a",), days=3, until=D(2026, 3, 9))),
        "只能填工作日数或者截止日中的一项",
    ),
    ((*OPEN, CorrectionRequested(on=D(2026, 3, 3), items=("a",), days=0)), "1 至 250 个工作日，收到 0"),
    ((*OPEN, CorrectionRequested(on=D(2026, 3, 3), items=("a",), days=251)), "收到 251"),
    (
        (*OPEN, CorrectionRequested(on=D(2026, 3, 3), items=("a",), until=D(2026, 3, 3))),
        "截止日 2026-03-03 应晚于 2026-03-03",
    ),
    (
        (*OPEN, CorrectionRequested(on=D(2026, 3, 3), items=("a",), served_on=D(2026, 3, 2))),
        "送达日 2026-03-02 早于发出之日",
    ),
    (
        (
            *OPEN,
            FeeNoticed(on=D(2026, 3, 3), served_on=D(2026, 3, 2), amount_fen=1, basis=FeeBasis.PER_PAGE),
        ),
        "送达日 2026-03-02 早于发出之日",
    ),
    (
        (*DONE, Reopened(on=D(2026, 4, 1), cause=ReopenCause.SELF_CORRECTION, days=0)),
        "1 至 250 个工作日，收到 0",
    ),
    (
        (*DONE, Reopened(on=D(2026, 4, 1), cause=ReopenCause.SELF_CORRECTION, days=251)),
        "1 至 250 个工作日，收到 251",
    ),
    (
        (*DONE, Reopened(on=D(2026, 4, 1), cause=ReopenCause.SELF_CORRECTION, until=D(2026, 4, 1))),
        "截止日 2026-04-01 应晚于 2026-04-01",
    ),
    (
        (*DONE, Reopened(on=D(2026, 4, 1), cause=ReopenCause.SUPERVISION, days=3, until=D(2026, 4, 7))),
        "只能填工作日数或者截止日中的一项",
    ),
    (
        (*OPEN, RecordCorrected(on=D(2026, 3, 3), target=1, reason="误", replacement=FIX)),
        "更正的内容应当是一条普通记录",
    ),
    ((*OPEN, RecordCorrected(on=D(2026, 3, 3), target=0, reason="误")), "没有第 0 条记录，现有 3 条"),
    ((*OPEN, Decided(on=D(2026, 3, 3), outcome="granted", items=(BAD_ITEM,))), "没有“x”这一情形"),
]


@pytest.mark.parametrize(("events", "message"), IMPOSSIBLE)
def test_fields_that_cannot_be(events: tuple[Event, ...], message: str) -> None:
    with pytest.raises(IllegalEvent) as problem:
        at(events, D(2026, 4, 1))
    assert message in str(problem.value)


def test_the_longest_correction_period_is_accepted() -> None:
    asked = CorrectionRequested(on=D(2026, 3, 3), items=("a",), days=1)
    assert at((*OPEN, asked), D(2026, 3, 3)).correction_until == D(2026, 3, 4)
    asked = CorrectionRequested(on=D(2026, 3, 3), items=("a",), days=250)
    assert at((*OPEN, asked), D(2026, 3, 3)).correction_until == CAL.add_working_days(D(2026, 3, 3), 250)


def test_words_for_everything() -> None:
    assert set(STATUS_LABELS) == set(Status)
    assert set(MILESTONE_STATE_LABELS) == set(MilestoneState)
    assert set(CONSULT_LABELS) == set(ConsultKind)
    assert len(Phase) == 10


def test_the_first_record_can_be_corrected() -> None:
    better = Submitted(on=D(2026, 3, 2), channel=Channel.COUNTER, applicant=ApplicantKind.BUSINESS)
    fixed = RecordCorrected(on=D(2026, 3, 3), target=1, reason="误", replacement=better)
    assert at((*OPEN, fixed), D(2026, 3, 3)).column == "business"


def test_where_a_case_stands_in_a_year() -> None:
    state = at(DONE, D(2026, 5, 1))
    assert state.row_for_year(2026) == YearEntry(2026, "research", True, False, "granted", False)
    assert at(OPEN, D(2026, 5, 1)).row_for_year(2027) == YearEntry(2027, "research", False, True, None, True)


def test_the_sub_case_of_every_kind_of_closing() -> None:
    asked = CorrectionRequested(on=D(2026, 3, 3), items=("文号",), days=7)
    fee = FeeNoticed(on=D(2026, 3, 3), amount_fen=100, basis=FeeBasis.PER_CASE)
    ends: list[tuple[tuple[Event, ...], str, str]] = [
        ((asked, CorrectionLapsed(on=D(2026, 4, 1))), "other_uncorrected", "usual"),
        ((fee, FeeLapsed(on=D(2026, 4, 1))), "other_unpaid", "usual"),
        ((Withdrawn(on=D(2026, 4, 1)),), "other_other", "withdrawn"),
    ]
    for events, row, variant in ends:
        state = at((*OPEN, *events), D(2026, 4, 1))
        assert (state.row, state.variant, state.current_row) == (row, variant, row)
    online = Decided(on=D(2026, 3, 4), outcome="granted", variant="already_public")
    answered = at((*OPEN, online, *DONE[4:]), D(2026, 4, 1))
    assert (answered.row, answered.variant) == ("granted", "already_public")


def test_each_item_has_its_own_sub_case() -> None:
    items = (
        ItemDecision(item="甲", outcome="unavailable_not_held", variant="other_organ"),
        ItemDecision(item="乙", outcome="granted"),
    )
    state = at((*OPEN, Decided(on=D(2026, 3, 4), outcome="granted", items=items)), D(2026, 3, 4))
    assert state.status is Status.DECIDED


@pytest.mark.parametrize("days", [1, 250])
def test_the_shortest_and_longest_period_of_a_ruling(days: int) -> None:
    again = Reopened(on=D(2026, 4, 1), cause=ReopenCause.SELF_CORRECTION, days=days)
    assert at((*DONE, again), D(2026, 4, 1)).due_on == CAL.add_working_days(D(2026, 4, 1), days)


def test_all_milestones_of_a_rich_case() -> None:
    events: tuple[Event, ...] = (
        Submitted(on=D(2026, 4, 17), channel=Channel.ONLINE),
        Received(on=D(2026, 4, 20)),
        CorrectionRequested(on=D(2026, 4, 21), items=("文号",), days=7),
        Corrected(on=D(2026, 4, 22)),
        ReasonsAsked(on=D(2026, 4, 22), until=D(2026, 4, 29)),
        ThirdPartyConsulted(on=D(2026, 4, 23), letter="A"),
        ConsultationEnded(on=D(2026, 4, 24), letter="A", reason="退回"),
        ThirdPartyConsulted(on=D(2026, 4, 24), letter="B"),
        ThirdPartyLetterReceived(on=D(2026, 4, 27), letter="B"),
        ThirdPartyConsulted(on=D(2026, 4, 24), letter="C"),
        ThirdPartyLetterReceived(on=D(2026, 4, 28), letter="C"),
        FeeNoticed(on=D(2026, 4, 28), amount_fen=100, basis=FeeBasis.PER_CASE),
    )
    found = [(m.key, m.due, m.state.value) for m in at(events, D(2026, 4, 28)).milestones]
    assert found == [
        ("confirm", D(2026, 4, 20), "met"),
        ("correction_notice", D(2026, 4, 29), "met"),
        ("reasons", D(2026, 4, 29), "open"),
        ("correction", D(2026, 4, 30), "met"),
        ("opinion:B", D(2026, 5, 20), "open"),
        ("opinion:C", D(2026, 5, 21), "open"),
        ("payment", D(2026, 5, 28), "open"),
        ("year_end", D(2026, 12, 31), "open"),
    ]
    judged = (*events[:-1], ReasonsGiven(on=D(2026, 4, 28), reasonable=True))
    assert "reasons" not in {m.key for m in at(judged, D(2026, 4, 28)).milestones}
    # The right to ask for correction is shown on its last day, not after, and not once the case is decided.
    opened = at(OPEN, D(2026, 3, 11))
    assert "correction_notice" in {m.key for m in opened.milestones}
    assert "correction_notice" not in {m.key for m in look(opened, D(2026, 3, 12)).milestones}
    assert "correction_notice" not in {m.key for m in at(DONE, D(2026, 3, 6)).milestones}


def test_reasons_of_separate_pauses_name_their_own_letters() -> None:
    events: tuple[Event, ...] = (
        *OPEN,
        OrganConsulted(on=D(2026, 3, 2), letter="0", internal=True),
        ThirdPartyConsulted(on=D(2026, 3, 3), letter="A"),
        ThirdPartyAnswered(on=D(2026, 3, 4), letter="A", opinion=Opinion.CONSENT),
        OrganConsulted(on=D(2026, 3, 9), letter="B"),
        OrganAnswered(on=D(2026, 3, 10), letter="B"),
        CoMakerConsulted(on=D(2026, 3, 16), letter="C"),
    )
    state = at(events, D(2026, 3, 17))
    assert [(r.key, r.text) for r in state.reasons if r.key in ("excluded", "waiting")] == [
        ("excluded", "征求第三方意见 2026-03-04 至 2026-03-04 共 1 个工作日不计入"),
        ("excluded", "征求其他机关意见 2026-03-10 至 2026-03-10 共 1 个工作日不计入"),
        ("excluded", "征求共同制作机关意见 2026-03-17 至 2026-03-17 共 1 个工作日不计入"),
        ("waiting", "征求共同制作机关意见尚未结束，暂按 2026-03-17 收到意见计算，意见未到则逐日顺延"),
    ]
    both = (*events[:5], OrganConsulted(on=D(2026, 3, 3), letter="B"), *events[5:6])
    texts = [r.text for r in at((*both[:6], events[5]), D(2026, 3, 4)).reasons if r.key == "excluded"]
    assert texts == ["征求第三方意见、征求其他机关意见 2026-03-04 至 2026-03-04 共 1 个工作日不计入"]


def test_a_second_service_cannot_precede_the_failure() -> None:
    failed = ServiceFailed(on=D(2026, 3, 10), reason="退回")
    again = Served(on=D(2026, 3, 12), way=ServiceWay.DIRECT)
    state = at((*DONE, failed, again), D(2026, 3, 20))
    assert (state.served_on, state.answered_on) == (D(2026, 3, 12), D(2026, 3, 6))
    with pytest.raises(IllegalEvent, match="日期早于前一步骤（2026-03-12）"):
        advance(state, Archived(on=D(2026, 3, 11)))
    with pytest.raises(IllegalEvent, match="日期早于前一步骤（2026-03-10）"):
        at((*DONE, failed, Served(on=D(2026, 3, 9), way=ServiceWay.DIRECT)), D(2026, 3, 20))


def test_a_letter_answered_the_same_day_excludes_nothing_and_is_not_named() -> None:
    events: tuple[Event, ...] = (
        *OPEN,
        ThirdPartyConsulted(on=D(2026, 3, 3), letter="A"),
        ThirdPartyAnswered(on=D(2026, 3, 5), letter="A", opinion=Opinion.OBJECT, reasonable=False),
        CoMakerConsulted(on=D(2026, 3, 5), letter="B"),
        CoMakerAnswered(on=D(2026, 3, 5), letter="B", opinion=Opinion.OBJECT),
    )
    state = at(events, D(2026, 3, 6))
    texts = [r.text for r in state.reasons if r.key == "excluded"]
    assert texts == ["征求第三方意见 2026-03-04 至 2026-03-05 共 2 个工作日不计入"]
    assert [c.reasonable for c in state.consultations] == [False, True]
