"""The processing fee: properties of the tariff, decisions, notices, the year's sums, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law import fees, rules
from gongkai.law.calendar import default_calendar
from gongkai.law.fees import (
    Basis,
    CountedApplication,
    FeeCounter,
    FeeError,
    FeeRecord,
    Payment,
    Position,
    ProvisionForm,
)
from gongkai.law.policy import FeePolicy, PolicyError, settings_of

CALENDAR = default_calendar()
DAY = dt.date(2026, 3, 2)


def rate(n: int) -> int:
    """The formula of sheet 03 §2, in 元, written independently of the tiers."""
    if n <= 10:
        return 0
    return 100 if n <= 30 else 200 + 100 * ((n - 31) // 10)


@pytest.mark.rule("fee.by-count")
@given(st.integers(1, 2000))
def test_by_count_follows_the_formula(n: int) -> None:
    assert fees.fee_for_nth(n) == rate(n) * 100
    assert fees.fee_by_count(n) == sum(rate(k) for k in range(1, n + 1)) * 100


@pytest.mark.rule("fee.by-pages")
@given(st.integers(0, 100_000))
def test_by_pages_follows_the_formula(p: int) -> None:
    expected = 10 * max(0, min(p, 100) - 30) + 20 * max(0, min(p, 200) - 100) + 40 * max(0, p - 200)
    assert fees.fee_by_pages(p) == expected * 100


@given(st.integers(0, 3000))
def test_one_more_unit_adds_its_own_rate(n: int) -> None:
    assert fees.fee_by_count(n + 1) - fees.fee_by_count(n) == fees.fee_for_nth(n + 1)
    assert fees.fee_by_pages(n + 1) - fees.fee_by_pages(n) == fees.fee_for_page(n + 1)


@given(st.integers(1, 150), st.integers(0, 150))
def test_the_lines_add_up(first: int, more: int) -> None:
    """Each printed line is charged at one rate; together they are the amount."""
    lines = fees.tariff().by_count.lines(first, first + more)
    shown = sum(
        int(line.rstrip("元").split("=")[-1].split("：")[-1]) for line in lines if "不收费" not in line
    )
    assert shown * 100 == fees.fee_by_count(first + more) - fees.fee_by_count(first - 1)


def test_the_lines_of_every_tier() -> None:
    assert fees.tariff().by_pages.lines(1, 250) == (
        "第1至30页：不收费",
        "第31至100页：70页×10元=700元",
        "第101至200页：100页×20元=2000元",
        "第201至250页：50页×40元=2000元",
    )
    assert fees.tariff().by_count.lines(30, 31) == ("第30件：100元", "第31件：200元")
    assert fees.tariff().by_pages.lines(1, 0) == ()


@pytest.mark.parametrize("rule_id", ["fee.by-count", "fee.by-pages", "fee.notice", "fee.restart"])
def test_the_fee_rules_are_in_force_from_2021(rule_id: str) -> None:
    assert rules.get(rule_id).in_force_from == dt.date(2021, 1, 1)


@pytest.mark.parametrize("bad", [-1, 1.5, "3", True, None])
def test_nonsense_quantities_are_refused(bad: object) -> None:
    for call in (fees.fee_by_count, fees.fee_by_pages):
        with pytest.raises(FeeError, match="应为不小于0的整数"):
            call(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [fees.fee_for_nth, fees.fee_for_page])
def test_there_is_no_unit_zero(call: object) -> None:
    with pytest.raises(FeeError, match="不小于1"):
        call(0)  # type: ignore[operator]


@pytest.mark.rule("fee.by-count", "fee.by-pages")
def test_no_fee_before_the_measure_was_in_force() -> None:
    assert fees.fee_by_count(12, dt.date(2021, 1, 1)) == 20_000
    with pytest.raises(FeeError, match="2021-01-01 起方可收取"):
        fees.fee_by_count(12, dt.date(2020, 12, 31))


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0元"), (38000, "380元"), (12350, "123.50元"), (-505, "-5.05元")]
)
def test_money_for_people(fen: int, text: str) -> None:
    assert fees.yuan(fen) == text


@pytest.mark.rule("fee.page")
def test_a_duplex_sheet_is_two_pages() -> None:
    counted = fees.count_pages(double_sided_sheets=15)
    assert counted.pages == 30
    assert counted.lines == ("A4及以下双面15张，计30页",)
    assert fees.fee_by_pages(counted.pages) == 0


def test_single_sides_and_empty_conversions() -> None:
    assert fees.count_pages(single_sided=7).lines == ("A4及以下单面7张，计7页",)
    assert fees.count_pages(converted=[("录音", 0, "无法预览")]).pages == 0
    assert fees.count_pages().lines == ()


@pytest.mark.rule("fee.pages-only-copies")
def test_nothing_is_assumed_to_be_provided() -> None:
    bare = fees.propose(Position("A", 1, 1, (2026, 3), DAY))
    option = bare.option(Basis.PAGES)
    assert (option.ok, option.amount, bare.note) == (False, 0, "两种标准下均不产生费用。")
    paper = fees.propose(Position("A", 1, 1, (2026, 3), DAY), form=ProvisionForm.PAPER)
    assert paper.option(Basis.PAGES).lines == ("未提供政府信息，没有可计的页数",)
    copies = fees.propose(Position("A", 1, 1, (2026, 3), DAY), form=ProvisionForm.PAPER, provided=True)
    assert copies.option(Basis.PAGES).lines == ()
    assert fees.pages_eligibility(ProvisionForm.PAPER, provided=True).ok


def test_one_chargeable_basis_is_enough_for_the_note() -> None:
    assert "由承办人写明理由后决定" in a_proposal(first=3).note
    assert "由承办人写明理由后决定" in a_proposal(pages=5).note


@pytest.mark.rule("fee.page")
def test_pages_do_not_add_up_across_applications() -> None:
    positions = [Position("A", 1, 1, (2026, 3), DAY), Position("B", 2, 2, (2026, 3), DAY)]
    proposals = [fees.propose(p, form=ProvisionForm.PAPER, pages=30, provided=True) for p in positions]
    assert [p.option(Basis.PAGES).amount for p in proposals] == [0, 0]


@pytest.mark.rule("fee.page")
def test_larger_sheets_are_converted_with_the_method_recorded() -> None:
    drawing = [("A3图纸1张", 2, "A4打印预览")]
    counted = fees.count_pages(single_sided=3, converted=drawing)
    assert counted.pages == 5
    assert "A3图纸1张按A4打印预览折算，计2页" in counted.lines
    free = fees.count_pages(single_sided=3, converted=drawing, policy=FeePolicy(larger_than_a4="not-charged"))
    assert free.pages == 3


@pytest.mark.parametrize(
    "arguments",
    [{"single_sided": -1}, {"double_sided_sheets": True}, {"converted": [("图", 2, " ")]}, {"converted": [("图", -2, "预览")]}],
)  # fmt: skip
def test_page_counts_that_make_no_sense(arguments: dict[str, object]) -> None:
    with pytest.raises(FeeError):
        fees.count_pages(**arguments)  # type: ignore[arg-type]


def a_proposal(first: int = 11, pages: int = 68) -> fees.FeeProposal:
    position = Position("2026-11", first, first, (2026, 3), DAY)
    return fees.propose(position, form=ProvisionForm.PAPER, pages=pages, provided=True)


@pytest.mark.rule("fee.one-basis", "fee.discretion")
def test_a_person_chooses_one_basis_with_a_reason() -> None:
    proposal = a_proposal()
    assert "由承办人写明理由后决定" in proposal.note
    chosen = fees.decide(proposal, Basis.PAGES, reason="件少量大", by="张三")
    assert (chosen.basis, chosen.amount, chosen.number) == (Basis.PAGES, 38_000, "2026-11")
    by_count = fees.decide(proposal, Basis.COUNT, reason="件多量小", by="张三")
    assert by_count.amount == 10_000


@pytest.mark.rule("fee.discretion")
def test_not_charging_is_always_possible() -> None:
    waived = fees.decide(a_proposal(), None, reason="首次超过，提醒为主", by="张三")
    assert (waived.basis, waived.amount) == (None, 0)


@pytest.mark.parametrize(("reason", "by"), [("", "张三"), (" ", "张三"), ("理由", "")])
def test_a_decision_without_reason_or_name_is_refused(reason: str, by: str) -> None:
    with pytest.raises(FeeError, match="理由和决定人"):
        fees.decide(a_proposal(), Basis.PAGES, reason=reason, by=by)


@pytest.mark.rule("fee.pages-only-copies")
def test_a_basis_that_does_not_apply_cannot_be_chosen() -> None:
    position = Position("2026-11", 11, 11, (2026, 3), DAY)
    on_site = fees.propose(position, form=ProvisionForm.ON_SITE, pages=90, provided=True)
    with pytest.raises(FeeError, match=r"现场查阅.*第五条"):
        fees.decide(on_site, Basis.PAGES, reason="量大", by="张三")


def test_a_zero_amount_cannot_be_charged() -> None:
    with pytest.raises(FeeError, match="0元"):
        fees.decide(a_proposal(first=3), Basis.COUNT, reason="件多", by="张三")


def test_the_proposal_shows_its_arithmetic() -> None:
    proposal = a_proposal()
    assert proposal.option(Basis.COUNT).lines == ("该申请人2026年3月在本机关的第11件", "第11件：100元")
    assert proposal.option(Basis.PAGES).lines == ("第1至30页：不收费", "第31至68页：38页×10元=380元")
    assert str(proposal.option(Basis.PAGES).source).endswith("（国办函〔2020〕109号）第五条")


def test_labels_are_the_official_words() -> None:
    assert [b.label for b in Basis] == ["按件计收", "按量计收"]
    assert [s.label for s in fees.PaymentState] == ["待缴费", "已缴清", "逾期未缴，视为放弃"]


def test_an_old_application_is_not_proposed_for() -> None:
    old = Position("A", 11, 11, (2020, 12), dt.date(2020, 12, 31))
    with pytest.raises(FeeError, match="不适用"):
        fees.propose(old)


@pytest.mark.rule("fee.notice")
def test_the_notice_needs_its_four_contents() -> None:
    full = {"ground": "条例第四十二条", "standard": "按量", "amount": 38000, "payment_method": "缴款码"}
    assert fees.notice_problems(full) == ()
    assert fees.notice_problems({"ground": " "}) == (
        "收费通知缺少收费依据",
        "收费通知缺少收费标准",
        "收费通知缺少收费数额",
        "收费通知缺少缴纳方式",
    )
    assert len(fees.notice_problems(full, advised=True)) == len(fees.NOTICE_ADVISED)


@pytest.mark.rule("fee.notice-period")
@pytest.mark.parametrize(("sent", "in_time"), [("2026-03-13", True), ("2026-03-14", False)])
def test_the_notice_goes_out_within_the_processing_period(sent: str, in_time: bool) -> None:
    due = CALENDAR.add_working_days(dt.date(2026, 2, 9), 20)
    assert fees.notice_in_time(dt.date.fromisoformat(sent), due) is in_time


@given(st.dates(dt.date(2021, 1, 1), dt.date(2026, 6, 30)), st.integers(0, 60))
def test_paying_later_never_brings_the_answer_forward(served: dt.date, later: int) -> None:
    paid = served + dt.timedelta(days=later)
    found = fees.payment_status(served, 10_000, [Payment(paid, 10_000)], paid, CALENDAR)
    if paid <= found.due.due:
        assert found.answer_due is not None
        assert CALENDAR.working_days_between(paid, found.answer_due.due) == 20
        assert found.answer_due.due > served
    else:
        assert (found.state, found.late) == (fees.PaymentState.EXPIRED, 10_000)


@pytest.mark.parametrize(
    ("amount", "payment"), [(0, None), (-5, None), (100, (DAY, 0)), (100, (dt.date(2026, 3, 1), 100))]
)
def test_impossible_payments_are_refused(amount: int, payment: tuple[dt.date, int] | None) -> None:
    payments = [Payment(*payment)] if payment else []
    with pytest.raises(FeeError):
        fees.payment_status(DAY, amount, payments, dt.date(2026, 4, 1), CALENDAR)


def test_the_day_is_that_of_beijing() -> None:
    late_evening = dt.datetime(2026, 10, 22, 15, 59, tzinfo=dt.UTC)
    assert fees.beijing_date(late_evening) == dt.date(2026, 10, 22)
    assert fees.beijing_date(late_evening + dt.timedelta(minutes=1)) == dt.date(2026, 10, 23)
    assert fees.beijing_date(dt.datetime(2026, 10, 22, 23, 59)) == dt.date(2026, 10, 22)
    assert fees.beijing_date(DAY) == DAY


def test_the_status_explains_itself() -> None:
    paid = [Payment(dt.date(2026, 10, 12), 38_000)]
    found = fees.payment_status(dt.date(2026, 9, 18), 38_000, paid, dt.date(2026, 10, 12), CALENDAR)
    text = "\n".join(found.lines)
    assert "缴费期限 2026-10-22" in text
    assert "国庆节放假5个工作日不计" in text
    assert "2026-10-12 缴清，处理期限自次日起重新计算，答复期限 2026-11-09" in text
    assert found.carried_over


def test_a_late_payment_stays_late_unless_a_person_reopens() -> None:
    served, late = dt.date(2026, 9, 18), [Payment(dt.date(2026, 10, 23), 100)]
    lenient = FeePolicy(late_payment="reopen", partial_payment="extend")
    found = fees.payment_status(served, 100, late, dt.date(2026, 10, 30), CALENDAR, lenient)
    assert found.state is fees.PaymentState.EXPIRED
    assert "应由执收单位按财政规定退付1元" in found.lines
    partly = [Payment(dt.date(2026, 10, 22), 40)]
    unasked = fees.payment_status(served, 100, partly, dt.date(2026, 10, 30), CALENDAR, lenient)
    assert unasked.state is fees.PaymentState.EXPIRED
    granted = fees.payment_status(
        served, 100, partly, dt.date(2026, 10, 30), CALENDAR, lenient, grace_granted=True
    )
    assert (granted.state, granted.due.due) == (fees.PaymentState.WAITING, dt.date(2026, 11, 5))


def test_excess_is_refunded_in_words_and_nothing_else_is() -> None:
    served, paid = dt.date(2026, 9, 18), dt.date(2026, 9, 21)
    over = [Payment(paid, 120), Payment(dt.date(2026, 10, 23), 30)]
    found = fees.payment_status(served, 100, over, dt.date(2026, 10, 30), CALENDAR)
    assert (found.overpaid, found.late) == (20, 30)
    assert "应由执收单位按财政规定退付0.50元" in found.lines
    exact = fees.payment_status(served, 100, [Payment(paid, 100)], paid, CALENDAR)
    assert not any("退付" in line for line in exact.lines)


def test_one_fen_is_money() -> None:
    found = fees.payment_status(DAY, 1, [Payment(DAY, 1)], DAY, CALENDAR)
    assert found.completed_on == DAY


def test_an_abandoned_case_is_not_carried_over() -> None:
    found = fees.payment_status(dt.date(2026, 9, 18), 38_000, [], dt.date(2026, 12, 31), CALENDAR)
    assert not found.carried_over
    assert found.state.label == "逾期未缴，视为放弃"


def record(
    number: str, noticed: str, amount: int, *, served: bool = True, paid: str | None = None
) -> FeeRecord:
    day = dt.date.fromisoformat(noticed)
    payments = (Payment(dt.date.fromisoformat(paid), amount),) if paid else ()
    return FeeRecord(number, f"申请人{number[0]}", day, amount, payments, day if served else None)


@pytest.mark.rule("fee.reporting")
def test_the_years_fees_for_section_six() -> None:
    records = [
        record("甲1", "2025-03-03", 38_000, paid="2025-03-10"),
        record("甲2", "2025-05-06", 10_000),
        record("乙1", "2025-12-31", 20_000),
        record("乙2", "2025-12-30", 5_000, served=False),
        record("丙1", "2024-12-20", 7_000, paid="2025-01-06"),
        record("丙2", "2024-12-02", 9_000),
        dataclasses.replace(record("丁1", "2025-06-02", 30_000), waived_reason="免收"),
    ]
    year = fees.fee_year(records, 2025, CALENDAR)
    assert (year.notices, year.applicants, year.noticed) == (4, 2, 73_000)
    assert year.collected == 45_000
    # 甲2 abandoned; 丙2's period ended on 2024-12-30, so it closed the year before.
    assert (year.abandoned, year.waiting) == (1, 2)
    assert str(year) == (
        "本年度发出信息处理费收费通知4件，涉及申请人2个，通知金额共计730元，实际收取共计450元。"
    )
    assert fees.fee_year(records, 2024, CALENDAR).abandoned == 1


@pytest.mark.rule("fee.reporting")
def test_the_last_day_of_the_year() -> None:
    end = "2025-12-31"
    assert fees.fee_year([record("甲1", end, 100)], 2025, CALENDAR).waiting == 1
    assert fees.fee_year([record("甲1", end, 100, served=False)], 2025, CALENDAR).waiting == 1
    assert fees.fee_year([record("甲1", "2026-01-04", 100, served=False)], 2025, CALENDAR).waiting == 0
    same_day = fees.fee_year([record("甲1", end, 100, paid=end)], 2025, CALENDAR)
    assert (same_day.waiting, same_day.collected) == (0, 100)


@pytest.mark.rule("fee.reporting")
def test_a_year_with_notices_only_or_money_only_is_reported() -> None:
    noticed = fees.fee_year([record("甲1", "2025-12-30", 100)], 2025, CALENDAR)
    assert "收费通知1件" in str(noticed)
    assert "实际收取共计0元" in str(noticed)
    paid = fees.fee_year([record("甲1", "2024-12-30", 100, paid="2025-01-03")], 2025, CALENDAR)
    assert "收费通知0件" in str(paid)
    assert "实际收取共计1元" in str(paid)


@pytest.mark.rule("fee.reporting")
def test_a_year_without_fees_says_so() -> None:
    assert str(fees.fee_year([], 2025, CALENDAR)) == "本年度未收取信息处理费。"


@given(st.lists(st.sampled_from(["2024-11-29", "2024-12-03", "2024-12-31", "2025-06-02"]), max_size=8))
def test_each_unpaid_notice_is_abandoned_in_exactly_one_year(days: list[str]) -> None:
    records = [record(f"甲{i}", day, 1000) for i, day in enumerate(days)]
    abandoned = sum(fees.fee_year(records, year, CALENDAR).abandoned for year in (2024, 2025, 2026))
    assert abandoned == len(days)


applications = st.lists(
    st.tuples(
        st.sampled_from(["甲", "乙"]), st.sampled_from(["1", "2"]), st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        st.integers(1, 6),
    ),
    max_size=40,
)  # fmt: skip


@pytest.mark.rule("fee.month", "fee.order", "fee.counting-group")
@given(applications, st.randoms())
def test_counting_does_not_depend_on_the_order_of_the_ledger(
    rows: list[tuple[str, str, dt.date, int]], random
) -> None:  # type: ignore[no-untyped-def]
    ledger = [
        CountedApplication(f"{i}", organ, (person,), day, units)
        for i, (organ, person, day, units) in enumerate(rows)
    ]
    counter = FeeCounter(ledger)
    shuffled = list(ledger)
    random.shuffle(shuffled)
    again = FeeCounter(shuffled)
    assert [again.position(a.number) for a in ledger] == [counter.position(a.number) for a in ledger]
    for organ in "甲乙":
        for person in "12":
            for month in (1, 2, 3):
                total = counter.month_total(organ, (person,), 2026, month)
                assert total.fee == fees.fee_by_count(total.units)


def test_ledger_mistakes_are_refused() -> None:
    one = CountedApplication("A", "民政局", ("320",), DAY)
    assert FeeCounter([one]).position("A") == Position("A", 1, 1, (2026, 3), DAY)
    with pytest.raises(FeeError, match="登记编号重复：A"):
        FeeCounter([one, one])
    with pytest.raises(FeeError, match="没有登记编号 B"):
        FeeCounter([one]).position("B")
    for bad in ({"number": ""}, {"units": 0}, {"units": True}, {"applicants": ()}, {"applicants": (" ",)}):
        with pytest.raises(FeeError):
            dataclasses.replace(one, **bad)  # type: ignore[arg-type]


def test_identity_is_normalised() -> None:
    assert fees.applicant_key("32 01-x") == fees.applicant_key("3201X") == "3201X"
    assert fees.applicant_key("2", "1") == fees.applicant_key("1", "2") == fees.applicant_key("1", "2", "2")


def test_policy_values_are_checked_all_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        FeePolicy(withdrawn="maybe", order="?", partial_grace=0)
    assert all(name in str(caught.value) for name in ("withdrawn", "order", "partial_grace"))


def test_every_setting_has_a_registered_rule() -> None:
    for info in settings_of(FeePolicy):
        assert rules.get(info.rule).id == info.rule
        assert info.doc
