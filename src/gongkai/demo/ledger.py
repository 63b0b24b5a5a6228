"""Cases for the demonstration, made through the services like any other case.

:func:`ledger_from_report` makes the cases behind a published table 3: compiled again they give the same cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import Any

from django.utils import timezone

from gongkai.annualreport.model import Report, Scope
from gongkai.annualreport.schema import APPLICANT_KINDS, OUTCOME_ROWS
from gongkai.applications import selectors, services
from gongkai.applications.models import Application
from gongkai.applications.policies import action_for
from gongkai.applications.services.assignment import set_theme
from gongkai.applications.services.extension import request_extension
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.applications.table3 import table3
from gongkai.applications.themes import propose
from gongkai.demo.context import DemoContext
from gongkai.demo.stories import Story, pick_channel, tell
from gongkai.law.case import (
    ApplicantKind,
    Archived,
    Channel,
    Corrected,
    Event,
    Extended,
    Received,
    Withdrawn,
    fold,
)
from gongkai.law.case import Registered as RegisteredEvent
from gongkai.organs.models import Organ, User, WorkOffice
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

#: Starts that are tried for a story before giving up.
TRIES = 40


@dataclass(frozen=True)
class Desk:
    """Who handles the cases of an organ: who works on them, who signs, who agrees to an extension, who may undo."""

    organ: Organ
    handler: Any
    signer: Any
    head: Any
    director: Any

    def actor(self, event: Event, online: bool) -> Any:
        """Who takes this step; None for the applicant."""
        if isinstance(event, (Withdrawn, Corrected)) and online:
            return None
        if isinstance(event, Archived):
            return SYSTEM  # archived on paper before the platform: its archive holds no file
        if isinstance(event, Extended):
            return self.head
        return {"approve": self.signer, "assign": self.director}.get(action_for(event.kind), self.handler)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = DemoContext.data("ledger.yaml")
    return data


def desk_of(organ: Organ) -> Desk:
    """The people of ``organ`` or of the organ above it; the platform itself where nobody is named."""
    handler = signer = None
    above = [organ.path[:end] for end in range(len(organ.path), 0, -Organ.steplen)]
    for path in above:
        seats = list(
            User.objects.filter(memberships__organ__path=path, is_active=True)
            .order_by("pk")
            .values_list("pk", "memberships__role")
        )
        by_role = {role: pk for pk, role in reversed(seats)}
        handler = handler or by_role.get(Role.EDITOR) or by_role.get(Role.OFFICER)
        signer = (
            signer or by_role.get(Role.LEADER) or by_role.get(Role.REVIEWER) or by_role.get(Role.DIRECTOR)
        )
    people = User.objects.in_bulk([pk for pk in (handler, signer) if pk])
    heads = WorkOffice.objects.select_related("head").in_bulk(field_name="organ_id")
    root = organ.get_root()
    head, director = (heads[one.pk].head if one.pk in heads else SYSTEM for one in (organ, root))
    return Desk(organ, people.get(handler, SYSTEM), people.get(signer, SYSTEM), head, director)


# what is asked for ------------------------------------------------------------------------------------


def place_of(organ: Organ, rng: Random) -> str:
    """A village or township to ask about."""
    if organ.kind == Organ.Kind.TOWNSHIP:
        names = [village.label for village in organ.get_children()]
        return rng.choice(names) if names else organ.label
    towns = ("清河镇", "柳湾镇", "杏林镇", "安和镇", "双桥镇", "石门镇", "枣园镇", "东岭乡")
    return rng.choice(towns)


def description(organ: Organ, row: str, year: int, rng: Random) -> str:
    """What is asked for, fitting the organ and the outcome."""
    data = _data()
    texts = data["asked"].get(row)
    if row == "unavailable_not_held" and rng.random() < 0.4:
        texts = None
    if texts is None:
        last = organ.slug.rpartition("-")[2]
        key = "town" if organ.kind == Organ.Kind.TOWNSHIP else last
        texts = data["subjects"].get(key, data["subjects"]["any"])
    text = rng.choice(texts).format(place=place_of(organ, rng), year=year - rng.choice((0, 1, 1, 2, 3)))
    return (
        f"申请公开{text}。"
        if text[:2] not in ("反映", "举报", "查询", "再次", "提供", "确认", "公开")
        else f"{text}。"
    )


def applicant(kind: ApplicantKind, rng: Random) -> ApplicantData:
    """A made-up applicant; about sixty people in all, so that some come again."""
    number = rng.randrange(60)
    data = _data()
    contact = {
        "phone": f"1000000{number:04d}",
        "email": f"sqr{number}@applicant.example",
        "address": f"利通区例示路 {number + 1} 号（演示地址）",
        "postcode": "751100",
    }
    surname = data["surnames"][number % len(data["surnames"])]
    if kind is ApplicantKind.NATURAL:
        born = f"{1955 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}"
        return ApplicantData(
            kind,
            f"{surname}例{'一二三四五六七八九'[number % 9]}",
            "居民身份证",
            f"000000{born}{number:04d}",
            **contact,
        )
    names = data["organisations"][kind.value]
    name = names[number % len(names)]
    return ApplicantData(
        kind, name, "统一社会信用代码", f"00000000EXAMPLE{names.index(name):03d}",
        representative=f"{surname}例一", contact_person=f"{surname}例二", **contact,
    )  # fmt: skip


# writing ----------------------------------------------------------------------------------------------


def write(
    desk: Desk,
    story: Story,
    text: str,
    person: ApplicantData,
    *,
    today: date | None = None,
    register: bool = True,
    papers: Any = None,
) -> Application:
    """Put ``story`` on record at ``desk`` up to ``today``, every step through the services and by whoever takes it.

    ``papers`` (``applications.demo_papers.Papers``) writes the letters and files that go with the steps.
    """
    today = today or timezone.localdate()
    day = story.start
    online = story.channel is Channel.ONLINE
    # Who applied by e-mail is answered by e-mail: the letter must then name the internet channel of reconsideration.
    route = {Channel.ONLINE: "在本网站下载", Channel.EMAIL: "发送至电子邮箱"}.get(story.channel, "邮寄")
    form = "纸质" if route == "邮寄" else "电子文件"
    filing = Filing(story.channel, text, submitted_on=day, form_wanted=form, route_wanted=route)
    case, _code = services.file_application(
        None if online else desk.handler, desk.organ, person, filing, today=day
    )
    for event in story.events[1:]:
        if event.on > today:
            break
        actor = desk.actor(event, online)
        if papers is not None and papers.takes(desk, case, event):
            pass
        elif actor is None:
            services.act_as_applicant(case, event, today=today)
        else:
            if isinstance(event, Extended):
                actor = _asked(desk, case, event)
            services.act(actor, case, event, today=today)
        if isinstance(event, Received) and register:
            services.register_application(
                desk.handler, case, handler=getattr(desk.handler, "pk", None) and desk.handler,
                on=max(event.on, story.received_on), today=today,
            )  # fmt: skip
        if papers is not None:
            papers.follow(desk, case, event)
    set_theme(desk.handler, case, propose(text) or "其他")
    return case


def _asked(desk: Desk, case: Application, event: Extended) -> Any:
    """Who agrees to the extension that the handler asks for; the platform itself where one person would do both."""
    if SYSTEM in (desk.handler, desk.head) or desk.handler.pk == desk.head.pk:
        return SYSTEM
    request_extension(desk.handler, case, days=event.days, reason=event.reason, today=event.on)
    return desk.head


# a published table ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Wanted:
    row: str  # "" for a case still open at the end of the year
    column: str
    carried: bool


def ledger_from_report(
    report: Report,
    organ: Organ,
    year: int,
    rng: Random,
    *,
    organs: Sequence[Organ] | None = None,
    today: date | None = None,
) -> list[Application]:
    """Make the cases that table 3 of ``report`` counts for ``year`` at ``organ`` and, for a region, below it.

    ``organs``: where the cases lie, the first most often (default: the organ and, for a region, its departments,
    townships and offices); ``today``: nothing later is put on record. Cases already there (carried over from a year made before) are counted and only the rest is made, in the order in
    which they were received. Raises ValueError where the table contradicts itself (new + carried in ≠ closed + carried
    out for a kind of applicant) or more cases exist than it counts.
    """
    wanted = _wanted(report, organ, year)
    rng.shuffle(wanted)
    places = list(organs or _places(report, organ))
    policy, calendar = selectors.policy_for(organ), selectors.calendar()
    today = today or timezone.localdate()
    stories: list[tuple[Story, Organ]] = []
    for number, one in enumerate(wanted):
        place = places[0] if rng.random() < 0.3 else rng.choice(places)
        stories.append((_fitting(one, year, number, len(wanted), rng, calendar, policy, today), place))
    stories.sort(key=lambda pair: (pair[0].received_on, pair[0].start))
    desks = {place.pk: desk_of(place) for _, place in stories}
    return [
        write(
            desks[place.pk],
            story,
            description(place, story.row, story.start.year, rng),
            applicant(story.applicant, rng),
            today=today,
        )
        for story, place in stories
    ]


def _places(report: Report, organ: Organ) -> list[Organ]:
    if report.scope is not Scope.REGION:
        return [organ]
    kinds = (Organ.Kind.DEPARTMENT, Organ.Kind.TOWNSHIP, Organ.Kind.OFFICE)
    below = organ.get_descendants().filter(kind__in=kinds, vertical=False).order_by("path")
    return [organ, *Organ.objects.filter(pk__in=below.values("pk")).order_by("path")]


def _wanted(report: Report, organ: Organ, year: int) -> list[_Wanted]:
    there = table3(organ, year)
    rows = [row.key for row in OUTCOME_ROWS if f"t3.{row.key}.total" in there]
    out: list[_Wanted] = []
    for column in APPLICANT_KINDS:

        def left(row: str, column: str = column) -> int:
            key = f"t3.{row}.{column}"
            number = int(report.amount(key) or 0) - there[key]
            if number < 0:
                raise ValueError(f"{organ.name}{year}年已有 {there[key]} 件，多于报告中“{key}”的数。")
            return number

        closed = [row for row in rows for _ in range(left(row))]
        new, carried, still = left("new"), left("carried_in"), left("carried_out")
        if new + carried != len(closed) + still or carried > len(closed):
            raise ValueError(
                f"{organ.name}{year}年表三“{column}”列新收加结转不等于办结加结转下年，无法据此还原办件。"
            )
        # A case from last year is one of the plain ones: what took long would have been closed late.
        closed.sort(key=lambda row: row in ("refused_third_party", "other_unpaid"))
        out += [_Wanted(row, column, n < carried) for n, row in enumerate(closed)]
        out += [_Wanted("", column, False)] * still
    return out


def _fitting(
    one: _Wanted, year: int, number: int, count: int, rng: Random, calendar: Any, policy: Any, today: date
) -> Story:
    """A story that stands in ``year`` as wanted; a start is tried until the law's own fold says so."""
    kind = ApplicantKind(one.column)
    for _ in range(TRIES):
        if one.carried:
            start = date(year - 1, 12, rng.randrange(8, 31))
        elif not one.row:
            start = date(year, 12, rng.randrange(8, 29))
        else:
            share = (number + rng.random()) / max(count, 1)
            start = date.fromordinal(date(year, 1, 4).toordinal() + int(share * 290))
        row = one.row or "granted"
        story = Story(calendar, rng, pick_channel(rng, kind), kind, row, calendar.next_working_day(start))
        features = ("extension",) if row == "partial" and rng.random() < 0.2 else ()
        tell(story, features, signer="分管负责人")
        entry = _entry(story, year, calendar, policy, today)
        if entry == (not one.carried, one.row or None):
            return story
    raise ValueError(f"找不到合适的日期安排 {year} 年的一件“{one.row or '结转'}”。")


def _entry(
    story: Story, year: int, calendar: Any, policy: Any, today: date
) -> tuple[bool, str | None] | None:
    number = RegisteredEvent(on=story.received_on, number="0")
    events = [e for e in (*story.events[:2], number, *story.events[2:]) if e.on <= today]
    entry = fold(events, calendar, policy, today=today).row_for_year(year)
    return None if entry is None else (entry.new, entry.row)
