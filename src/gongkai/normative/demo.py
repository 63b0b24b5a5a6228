"""The demonstration register: 利通区 with 34 normative documents in force of 80, repeals, amendments, a clean-up, the 83
documents of 2025 in the government's and its office's name and four catalogue issues; the other regions as their reports say.

Titles and texts are invented. 2024 closes with the published 31 (7 issued, 18 repealed); 2025 issues 6 and ends 9 as
published and therefore closes with 28: the printed 34 is the report's mistake, not the register's (check Y-ROLL).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.demo.documents import Writer, documents_from_report, mark_of, material, random_day
from gongkai.normative import services
from gongkai.normative.models import Category, Document, NormativeSettings, Relation
from gongkai.normative.services.catalogue import make_issue, publish_issue
from gongkai.normative.services.cleanup import (
    apply_clean_up,
    approve_clean_up,
    give_verdict,
    start_clean_up,
    submit_clean_up,
)
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM

NORMATIVE = Category.NORMATIVE.value
#: Issued before 2024 and in force when it began, issued and ended before it, the two published years, and since.
OLD_STOCK, OLD_ENDED = 42, 17
YEARS = ((2024, 7, 18), (2025, 6, 9), (2026, 8, 2))
#: Documents of any kind in the government's and the office's name.
ALL_OF = {2024: (43, 54), 2025: (40, 43)}


def load(context: DemoContext) -> None:
    """Builds the register. Deterministic for a given day."""
    rng = random.Random(20251231)  # noqa: S311  (a demonstration, the same every time)
    organ, office = context.organ("ltq"), context.organ("ltq-office")
    for row, marks in ((organ, "利政规发 利政发 利政函"), (office, "利政办规发 利政办发 利政办函")):
        NormativeSettings.objects.create(organ=row, marks=marks, filing_days=15)
    writers = _writers(organ, office, rng)
    _stock(writers, rng, context.today)
    for year, issued, ended in YEARS:
        if year <= context.today.year:
            _year(writers, rng, year, issued, ended, context.today)
    for year, (own, by_office) in ALL_OF.items():
        _general(organ, rng, year, own, context.today)
        _general(office, rng, year, by_office, context.today)
    _amend_some(organ, rng, context.today)
    _catalogues(organ)
    _interpreted(organ, rng, context.today)
    _in_hand(context, organ, rng)
    for slug, code in (("xgq-office", "XG25"), ("bgq", "BG25"), ("syq", "SY25")):
        documents_from_report(figures.get(code), context.organ(slug), 2025, rng, context.today)
    in_force = services.refresh_statuses(context.today)
    context.log(f"文件 {Document.objects.count()} 件，其中效力随日期变化 {in_force} 件")


def _writers(organ: Organ, office: Organ, rng: random.Random) -> list[Writer]:
    """The government makes most, its office and four departments the rest."""
    slugs = ("ltq-czj", "ltq-nyj", "ltq-zjj", "ltq-mzj")
    units = [organ, organ, office, *Organ.objects.filter(slug__in=slugs).order_by("path")]
    made: dict[int, Writer] = {}
    used: set[str] = set()
    for unit in units:
        made.setdefault(unit.pk, Writer(unit, rng, mark_of(unit), used))
    return [made[unit.pk] for unit in units]


def _register(
    writers: list[Writer], rng: random.Random, days: list[date], today: date, about: str = "", **more: Any
) -> list[Document]:
    by_writer: dict[int, tuple[Writer, list[Any]]] = {}
    for day in sorted(days):
        writer = rng.choice(writers)
        row = writer.normative(day, today=today, about=about)
        for name, value in more.items():
            setattr(row, name, value)
        by_writer.setdefault(writer.organ.pk, (writer, []))[1].append(row)
    made: list[Document] = []
    for writer, rows in by_writer.values():
        documents, skipped = services.bulk_register(SYSTEM, writer.organ, rows, today=today)
        if skipped:
            raise ValueError(skipped[0][1])
        made += documents
    return made


def _stock(writers: list[Writer], rng: random.Random, today: date) -> None:
    """What there was when 2024 began; 17 had ended before."""
    days = [random_day(rng, date(2016, 3, 1), date(2023, 12, 20)) for _ in range(OLD_STOCK)]
    _register(writers, rng, days, today)
    for _ in range(OLD_ENDED):
        issued = random_day(rng, date(2014, 3, 1), date(2020, 6, 30))
        ended = random_day(rng, issued + timedelta(days=700), date(2023, 12, 20))
        _register(
            writers,
            rng,
            [issued],
            today,
            ended_on=ended,
            end_act="repealed",
            end_note="经清理，已不适应实际需要",
        )


def _year(writers: list[Writer], rng: random.Random, year: int, issued: int, ended: int, today: date) -> None:
    """One year's issues and ends. Half of the ends by documents that replace them, the rest by a clean-up decision."""
    last = min(date(year, 12, 20), today)
    stock = list(
        Document.objects.filter(category=NORMATIVE, ended_on__isnull=True, issued_on__lt=date(year - 1, 1, 1))
        .filter(organ__path__startswith=writers[0].organ.path)
        .select_related("organ")
        .order_by("issued_on", "pk")
    )
    replaced = 0
    by_organ = {writer.organ.pk: writer for writer in writers}
    # The first ones come early enough in the year to be in force before it ends.
    for day in sorted(random_day(rng, date(year, 1, 8), last - timedelta(days=45)) for _ in range(issued)):
        if replaced >= max(1, ended // 3) or day > last - timedelta(days=45):
            _register(writers, rng, [day], today)
            continue
        old = stock.pop(0)
        new = _register([by_organ[old.organ_id]], rng, [day], today, about=old.keywords)[0]
        assert new.effective_on is not None
        services.repeal(
            SYSTEM, old, on=new.effective_on, basis=new, note="有关内容由新的规定代替", today=today
        )
        replaced += 1
    rest = ended - replaced
    if year == 2024:
        _clean_up(writers[0].organ, rest, today)
        return
    for document in stock[:rest]:
        day = random_day(rng, date(year, 2, 1), last)
        services.declare_void(SYSTEM, document, on=day, note="适用期已过、任务已完成", today=today)


def _clean_up(organ: Organ, count: int, today: date) -> None:
    """The campaign of 2024, from verdicts to the decision that carried them out."""
    campaign = start_clean_up(
        SYSTEM, organ, title="2024年行政规范性文件清理", basis="关于开展行政规范性文件清理工作的通知",
        until=date(2024, 8, 31), subtree=True,
    )  # fmt: skip
    items = list(campaign.items.select_related("document", "clean_up").order_by("document__issued_on", "pk"))
    for n, item in enumerate(items):
        if n < count:
            verdict, reason = (("repeal", "主要内容与现行上位规定不一致") if n % 2 else ("void", "适用期已过或者调整对象已消失"))  # fmt: skip
        else:
            verdict, reason = ("amend", "部分条款需要按机构改革后的职责调整") if n % 9 == 0 else ("keep", "")
        give_verdict(SYSTEM, item, verdict, reason)
    approve_clean_up(SYSTEM, submit_clean_up(SYSTEM, campaign))
    decision = services.register_existing(
        SYSTEM,
        organ,
        services.Existing(
            title="关于公布行政规范性文件清理结果的决定",
            category=Category.POLICY.value,
            issued_on=date(2024, 11, 18),
            published_on=date(2024, 11, 19),
            number="利政发〔2024〕61号",
            body="经清理，区人民政府决定：\n一、对不符合现行规定的行政规范性文件予以废止。\n二、对适用期已过或者调整对象已经消失的行政规范性文件宣布失效。\n三、其余行政规范性文件继续有效。\n本决定自2024年12月1日起施行。",
            fields={"genre": "decision", "topic": "02", "drafter": "利通区司法局"},
        ),
        today=today,
    )
    apply_clean_up(SYSTEM, campaign, decision, date(2024, 12, 1), today=today)


def _general(organ: Organ, rng: random.Random, year: int, total: int, today: date) -> None:
    """Notices, opinions, replies up to ``total`` documents of the year in the organ's name."""
    there = Document.objects.filter(organ=organ, issued_on__year=year).count()
    writer = Writer(organ, rng, mark_of(organ, "发"))
    days = sorted(random_day(rng, date(year, 1, 5), date(year, 12, 26)) for _ in range(total - there))
    rows = [writer.general(day, public=rng.random() < 0.55, today=today) for day in days]
    _, skipped = services.bulk_register(SYSTEM, organ, rows, today=today)
    if skipped:
        raise ValueError(skipped[0][1])


def _amend_some(organ: Organ, rng: random.Random, today: date) -> None:
    """Three documents amended with a second version of the text, one ended in part, one with a term that soon runs out."""
    alive = list(
        Document.objects.filter(
            organ=organ, category=NORMATIVE, ended_on__isnull=True, effective_on__lt=date(2024, 1, 1)
        )
        .select_related("organ")
        .order_by("-issued_on")[:4]
    )
    for n, document in enumerate(alive[:3]):
        text = document.body.replace("每年向社会公开一次", "每半年向社会公开一次").replace(
            "各乡镇人民政府负责本辖区内的具体工作。",
            "各乡镇人民政府负责本辖区内的具体工作，并明确专人负责政策咨询。",
        )
        services.amend(
            SYSTEM, document, on=date(2024, 6, 1) + timedelta(days=120 * n), body=text,
            note="按机构改革后的职责修改第五条、第八条", today=today,
        )  # fmt: skip
    for document in alive[3:4]:
        services.end_in_part(
            SYSTEM, document, on=date(2025, 3, 1), clauses="第八条", note="资金管理另有规定", today=today
        )


def _catalogues(organ: Organ) -> None:
    """Four issues of 2025, one a quarter."""
    for first, last in (((1, 1), (3, 31)), ((4, 1), (6, 30)), ((7, 1), (9, 30)), ((10, 1), (12, 31))):
        start, end = date(2025, *first), date(2025, *last)
        publish_issue(SYSTEM, make_issue(SYSTEM, organ, period_from=start, period_to=end, subtree=True))


def _interpreted(organ: Organ, rng: random.Random, today: date) -> None:
    """Most of what was published since 2024 was interpreted, some with the document, some late."""
    rows = Document.objects.filter(organ__path__startswith=organ.path, category=NORMATIVE).select_related(
        "organ"
    )
    for document in rows.filter(published_on__gte=date(2024, 1, 1)).order_by("published_on", "pk"):
        lag = rng.choice((0, 0, 1, 2, 3, 6, 11, None))
        if lag is not None and document.published_on:
            day = min(document.published_on + timedelta(days=lag), today)
            services.mark_interpreted(SYSTEM, document, day, note="政策解读")


def _in_hand(context: DemoContext, organ: Organ, rng: random.Random) -> None:
    """What the clerk finds on the desk today: drafts at each stage, one issued and not published, one with a trial term."""
    today = context.today
    clerk = get_user_model().objects.filter(username="ltq-office").first() or context.actor
    subjects = material()["subjects"]
    drafts = []
    for n, subject in enumerate(rng.sample(subjects, 4)):
        drafts.append(
            services.create_draft(
                clerk, organ, on=today - timedelta(days=60 - n), category=NORMATIVE, term="open",
                title=f"关于印发《利通区{subject['name']}管理办法（修订）》的通知", topic=subject["topic"],
                drafter=f"利通区{subject['drafter']}", audience=subject["audience"], keywords=subject["name"],
                body="第一条　为规范有关工作，根据有关规定，结合本区实际，制定本办法。\n第二条　本区行政区域内的有关活动，适用本办法。\n第三条　本办法自印发之日起施行。",
            )
        )  # fmt: skip
    for draft in drafts[1:]:
        services.consult(
            clerk, draft, started=today - timedelta(days=55), ended=today - timedelta(days=25), opinions=rng.randint(3, 24),
            adopted=2, channel="区人民政府网站",
        )  # fmt: skip
    for draft in drafts[2:]:
        services.review(
            clerk, draft, received_on=today - timedelta(days=22), finished_on=today - timedelta(days=10),
            reviewer="利通区司法局", opinion="未发现与上位规定不一致之处",
        )  # fmt: skip
    services.deliberate(clerk, drafts[3], on=today - timedelta(days=6), meeting="区人民政府常务会议")
    old = Document.objects.filter(
        organ=organ, category=NORMATIVE, ended_on__isnull=True, published_on__isnull=False
    )
    target = old.select_related("organ").order_by("issued_on").first()
    if target is not None:
        services.relate(clerk, drafts[3], Relation.Kind.REPEALS, target=target, note="由修订后的办法代替")
    _fresh(context, organ, clerk)


def _fresh(context: DemoContext, organ: Organ, clerk: Any) -> None:
    """A policy document issued the other day, published at once; another that waits for publication."""
    today = context.today
    body = "现将有关事项通知如下。\n一、加强组织领导。\n二、明确责任分工。\n三、按时报送进展。"
    for title, days, out in (
        ("关于做好冬季清洁取暖保障工作的通知", 3, True),
        ("关于进一步规范村级公益事业项目管理的意见", 9, False),
    ):
        document = services.create_draft(
            clerk, organ, on=today - timedelta(days=days + 6), category=Category.POLICY.value, title=title, body=body,
            topic="17", drafter="利通区民政局", keywords="民生保障",
        )  # fmt: skip
        day = today - timedelta(days=days)
        services.issue(clerk, document, on=day, mark="利政发")
        if out:
            at = timezone.now() - timedelta(days=days - 1)
            services.publish(SYSTEM, document, secrecy_reviewed=True, at=at)
