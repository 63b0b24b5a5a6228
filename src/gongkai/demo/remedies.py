"""Remedies for the demonstration, made through the services like any other.

:func:`remedies_from_report` makes the remedies behind a published table 4: compiled again they give the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.annualreport.model import Report
from gongkai.applications.models import Application
from gongkai.applications.models.application import OPEN_STATUSES
from gongkai.applications.selectors import calendar
from gongkai.applications.table3 import cases_of
from gongkai.demo.ledger import desk_of
from gongkai.law.calendar import WorkCalendar
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, scope_of
from gongkai.remedies.kinds import Instance, Kind, Result, State, Step
from gongkai.remedies.models import Remedy
from gongkai.remedies.policies import MODULE
from gongkai.remedies.selectors import authority_of
from gongkai.remedies.services import Notified, Outcome, record_result, register_remedy, take_step
from gongkai.remedies.table4 import RESULT_COLUMNS, ROWS, remedies_of, table4

#: Column of table 4 → how such a case ends here; none of them opens a case again, so table 3 stays as it is.
ENDINGS: dict[str, tuple[Result, ...]] = {
    "upheld": (Result.UPHELD, Result.CLAIM_REJECTED),
    "corrected": (Result.REVOKED, Result.ILLEGAL),
    "other": (Result.WITHDRAWN, Result.DISMISSED, Result.TERMINATED),
}
REASONS = {
    Result.REVOKED: "答复认定信息不存在，但没有提供检索的范围、方法和经过，主要证据不足。",
    Result.ILLEGAL: "答复超过法定期限，且没有告知延长的理由，程序违法。",
}
LESSONS = {
    Result.REVOKED: "答复“本机关不掌握”前应当到所有可能保存的科室和档案室检索，记录检索词、范围、时间和检索人，随卷保存。",
    Result.ILLEGAL: "需要延长的，应当在期限届满前由工作机构负责人同意并书面告知；承办人休假的要有人代办。",
}


@dataclass(frozen=True)
class _Wanted:
    kind: Kind
    column: str


def remedies_from_report(report: Report, organ: Organ, year: int, rng: Random, today: date) -> list[Remedy]:
    """Make the remedies that table 4 of ``report`` counts for ``year`` at ``organ`` and below it.

    They are tied to answered cases of the organ where there are any, else to a case from before go-live. Remedies already
    there are counted and only the rest is made. Raises ValueError where more exist than the report counts, and where
    ``today`` lies before the end of ``year``.
    """
    if today <= date(year, 12, 31):
        raise ValueError(f"{year} 年尚未结束，不能据年度报告还原复议诉讼。")
    there = table4(organ, year)
    wanted: list[_Wanted] = []
    for row in ROWS:
        for column in (*RESULT_COLUMNS, "pending"):
            key = f"t4.{row}.{column}"
            missing = int(report.amount(key) or 0) - there[key]
            if missing < 0:
                raise ValueError(f"{organ.name}{year}年已有 {there[key]} 件，多于报告中“{key}”的数。")
            wanted += [_Wanted(Kind(row), column)] * missing
    cases = _cases(organ, year, rng)
    return [
        _make(one, organ, next(cases, None), year, number, rng, today) for number, one in enumerate(wanted)
    ]


def _cases(organ: Organ, year: int, rng: Random) -> Iterator[Application]:
    """Answered cases that have no remedy yet, in an order of their own."""
    # A refusal is not sued over directly (行政复议法 23), so what was refused is left to the others.
    found = list(
        cases_of(organ)
        .filter(answered_on__range=(date(year - 1, 11, 1), date(year, 8, 31)), remedies__isnull=True)
        .exclude(row__startswith="refused_")
        .select_related("organ", "applicant")
        .order_by("pk")[:200]
    )
    rng.shuffle(found)
    return iter(found)


def actor_at(organ: Organ) -> Any:
    """Who handles remedies at ``organ`` in the demonstration; the platform itself where nobody may."""
    desk = desk_of(organ)
    for person in (desk.head, desk.director):
        if person is not SYSTEM and scope_of(person).allows(MODULE, ["add"], organ.path):
            return person
    return SYSTEM


def _make(
    one: _Wanted, root: Organ, case: Application | None, year: int, number: int, rng: Random, today: date
) -> Remedy:
    organ = case.organ if case else root
    days = calendar()
    first = max(date(year, 1, 6), (case.answered_on if case and case.answered_on else date(year, 1, 6)))
    if one.column == "pending":
        received = days.next_working_day(date(year, 11, 24) + timedelta(days=rng.randrange(20)))
    else:
        received = days.next_working_day(first + timedelta(days=12 + rng.randrange(38)))
    suit = one.kind != Kind.RECONSIDERATION
    word = "行初" if suit else "行复"
    before = _before(organ, received) if one.kind == Kind.SUIT_AFTER else None
    actor = actor_at(organ)
    remedy = register_remedy(
        actor,
        organ,
        Notified(
            kind=one.kind,
            instance=Instance.FIRST if suit else "",
            received_on=received,
            authority=authority_of(organ, one.kind) or ("有管辖权的人民法院" if suit else "本级人民政府"),
            number=f"（{year}）演示{word}{root.pk * 100 + number + 1}号",
            application=case,
            case_text="" if case else f"{year}年启用本系统前的一件申请",
            applicant_name="" if case else "李某",
            reconsideration=before,
            handler=actor if actor is not SYSTEM else None,
        ),
        today=today,
    )
    _carry_on(actor, remedy, one, year, rng, days, today)
    return remedy


def _before(organ: Organ, received: date) -> Remedy | None:
    """A reconsideration of the organ that was upheld before and is not yet followed by a suit."""
    return (
        remedies_of(organ)
        .filter(kind=Kind.RECONSIDERATION, group="upheld", decided_on__lt=received, suits__isnull=True)
        .order_by("pk")
        .first()
    )


def _carry_on(
    actor: Any, remedy: Remedy, one: _Wanted, year: int, rng: Random, days: WorkCalendar, today: date
) -> None:
    """Reply in time, a hearing for suits, the result in the year (a pending one: in the spring after), the end."""
    assert remedy.received_on is not None
    assert remedy.reply_due is not None
    back = rng.randrange(1, 4)
    replied = max(remedy.received_on + timedelta(days=1), remedy.reply_due - timedelta(days=back))
    take_step(actor, remedy, Step.REPLIED, replied, today=today)
    hearing = days.next_working_day(replied + timedelta(days=10))
    if remedy.is_suit:
        data = {"hearing_on": hearing.isoformat()}
        take_step(actor, remedy, Step.HEARING, replied + timedelta(days=1), data=data, today=today)
    column, decided = one.column, min(date(year, 12, 26), hearing + timedelta(days=14 + rng.randrange(20)))
    if column == "pending":
        column, decided = (
            "upheld",
            days.next_working_day(date(year + 1, 3, 2) + timedelta(days=rng.randrange(30))),
        )
    choices = ENDINGS[column]
    # 维持 is a reconsideration's word, 驳回诉讼请求 a court's.
    result = choices[int(remedy.is_suit)] if column == "upheld" else choices[rng.randrange(len(choices))]
    if decided + timedelta(days=4) > today:
        return
    outcome = Outcome(
        result=result, decided_on=decided, served_on=decided + timedelta(days=2),
        document=f"{remedy.number.removesuffix('号')}决定书" if not remedy.is_suit else remedy.number,
        correction_reason=REASONS.get(result, ""),
    )  # fmt: skip
    record_result(actor, remedy, outcome, today=today)
    if result in LESSONS:
        take_step(
            actor,
            remedy,
            Step.LESSON,
            decided + timedelta(days=3),
            data={"lesson": LESSONS[result]},
            today=today,
        )
    take_step(actor, remedy, Step.CLOSED, decided + timedelta(days=4), today=today)


def pending_this_week(organ: Organ, today: date) -> list[Remedy]:
    """One reconsideration to answer in two working days, and one suit whose period ends later, about recent answers."""
    days = calendar()
    made = []
    for kind, before in ((Kind.RECONSIDERATION, 8), (Kind.SUIT_DIRECT, 7)):
        received = today
        for _ in range(before):
            received -= timedelta(days=1)
            while not days.is_working_day(received):
                received -= timedelta(days=1)
        case = (
            cases_of(organ)
            .filter(answered_on__lt=received, answered_on__year__gte=today.year - 1, remedies__isnull=True)
            .exclude(row__startswith="refused_")
            .exclude(status__in=[status.value for status in OPEN_STATUSES])
            .select_related("organ", "applicant")
            .order_by("-answered_on", "pk")
            .first()
        )
        if case is None:
            continue
        actor = actor_at(case.organ)
        told = Notified(
            kind=kind,
            received_on=received,
            authority=authority_of(case.organ, kind) or organ.name,
            number=f"（{today.year}）演示{'行复' if kind == Kind.RECONSIDERATION else '行初'}{900 + len(made)}号",
            application=case,
            handler=actor if actor is not SYSTEM else None,
        )
        made.append(register_remedy(actor, case.organ, told, today=today))
    return [remedy for remedy in made if remedy.state == State.NOTIFIED]
