"""Sections, columns and items of the demonstration county, written from building blocks, always the same.

Dates run over the last three years; some columns are stale or empty, some items late, some still drafts past their
day: what the desk warns of must be there to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gongkai.demo.context import DemoContext
from gongkai.normative.models import Document
from gongkai.organs.models import Organ, User
from gongkai.organs.scope import SYSTEM
from gongkai.publication import services
from gongkai.publication.demo_pages import Builder
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    GrassrootsItem,
    OrganSection,
    PolicyPage,
    Release,
    TopicEntry,
)
from gongkai.publication.review import demo as reviews
from gongkai.publication.services.following import follow
from gongkai.publication.vocab import Channel, domain_choices

FILE = "publication.yaml"
SOURCE = "演示数据"
#: Documents that each organ's 政策文件 column shows at the start.
DOCUMENTS = 24
TOWNS = (Organ.Kind.TOWNSHIP, Organ.Kind.SUBDISTRICT)


def load(context: DemoContext) -> None:
    """Builds everything of this app; every write through the services."""
    data = context.data(FILE)
    services.sync_sections()
    context.log(f"信息公开专栏 {OrganSection.objects.count()} 个")
    builder = Builder(data, context.today)
    for section in OrganSection.objects.select_related("organ").order_by("path"):
        fill_section(section, data, builder)
    context.log(f"栏目 {ColumnPage.objects.count()} 个，公开信息 {DisclosurePage.objects.count()} 条")
    add_talks(data, builder, context)
    _ends(context)
    add_topic(data)
    add_catalogue(data)
    _releases(data, context)
    reviews.load(context)


def _specs(section: OrganSection, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    organ = section.organ
    yield from data["every"]
    if organ.kind == Organ.Kind.GOVERNMENT:
        yield from data["government"]
    elif organ.kind in TOWNS:
        yield from data["town"]
    elif organ.slug in data["fields"]:
        field = data["fields"][organ.slug]
        kind_class = "grassroots" if field["domain"] else "statutory"
        yield {"code": "zdly", "class": kind_class, "type": "disclosure", "n": 5, **field}


def fill_section(section: OrganSection, data: dict[str, Any], builder: Builder) -> None:
    columns = {c.fixed: c for c in ColumnPage.objects.filter(organ=section.organ).exclude(fixed="")}
    organ = section.organ
    services.bulk_add(SYSTEM, columns["guide"], builder.guide(organ), source=SOURCE)
    services.bulk_add(SYSTEM, columns["system"], builder.systems(organ), source=SOURCE)
    owner = _keeper(organ)
    # Six hundred columns at once: an audited change of each would take longer than all the rest.
    ColumnPage.objects.filter(pk__in=[c.pk for c in columns.values()]).update(owner_person=owner)
    specs = list(_specs(section, data))
    made = services.create_columns(SYSTEM, columns["statutory"], [_fields(spec, owner) for spec in specs])
    news = services.create_columns(SYSTEM, section, [_fields(data["news"], owner)])
    for column, spec in zip((*made, *news), (*specs, data["news"]), strict=True):
        pages = _registered(column, builder) if spec["kind"] == "policy" else []
        pages = pages or builder.pages(column, spec)
        services.bulk_add(SYSTEM, column, [p for p in pages if p.published_at], source=SOURCE)
        services.bulk_add(
            SYSTEM, column, [p for p in pages if not p.published_at], source=SOURCE, publish=False
        )


def _keeper(organ: Organ) -> User | None:
    """Who keeps an organ's columns: its editor, else its officer or director, else the county's office."""
    people = User.objects.filter(is_active=True, is_demo=True)
    for at in (organ, *reversed(organ.get_ancestors())):
        for role in ("editor", "officer", "director"):
            found = people.filter(memberships__organ=at, memberships__role=role).first()
            if found is not None:
                return found
    return None


def _registered(column: ColumnPage, builder: Builder) -> list[DisclosurePage]:
    """The column of an organ whose documents are in the register shows those, the newest of them and some that ended."""
    found = services.unlinked_documents(Q(organ=column.organ)).defer(None)
    alive, ended = found.filter(ended_on__isnull=True), found.filter(ended_on__isnull=False)
    pages = services.build_pages([*reversed(alive[:DOCUMENTS]), *ended[: DOCUMENTS // 4]])
    if pages:
        builder.policies[column.organ_id] = list(pages[: len(pages) - len(ended[: DOCUMENTS // 4])])
    return list(pages)


def _fields(spec: dict[str, Any], owner: User | None) -> dict[str, Any]:
    """What a column's line in the data file says, as its fields."""
    days = spec.get("days")
    return {
        "code": spec["code"], "title": spec["title"], "statutory_item": spec.get("item", ""),
        "domain": spec.get("domain", ""), "content_class": spec["class"], "column_type": spec["type"],
        "default_kind": spec["kind"], "period": spec.get("period", "general"), "owner_person": owner,
        "update_rule": "days" if days else "steady", "update_days": days, "update_note": spec.get("note", ""),
    }  # fmt: skip


def add_talks(data: dict[str, Any], builder: Builder, context: DemoContext) -> None:
    """政策公开讲: nine episodes, told in words; there is no recording in a demonstration, and the page says so."""
    column = ColumnPage.objects.get(organ__slug="ltq", code="zcjd")
    services.bulk_add(SYSTEM, column, builder.talks(column.organ), source=SOURCE)
    drawn = data["explained"]["picture"]
    content = context.file(drawn["file"])
    picture = services.add_attachment(SYSTEM, column.organ, f"{drawn['title']}.png", content)
    services.bulk_add(SYSTEM, column, builder.explained(column.organ, picture), source=SOURCE)
    context.log(f"“{data['talks']['name']}” {len(data['talks']['topics'])} 期")


def _ends(context: DemoContext) -> None:
    """An older document gives way to a newer one; one item was withdrawn."""
    for slug in ("ltq", "ltq-jyj", "ltq-mzj"):
        found = list(
            PolicyPage.objects.filter(organ__slug=slug, shown=True, register_entry=None).order_by(
                "published_at"
            )[:2]
        )
        if len(found) == 2:
            services.mark_superseded(
                SYSTEM, found[0], by=found[1], note=f"自{found[1].formed_on:%Y年%-m月%-d日}起废止"
            )
    ended = Document.objects.filter(ended_on__isnull=False, pages__isnull=False)
    follow(SYSTEM, list(ended.distinct().select_related("organ").prefetch_related("events")))
    page = DisclosurePage.objects.filter(organ__slug="ltq-wlj", kind="news", shown=True).first()
    if page is not None:
        services.withdraw(SYSTEM, page, reason="活动时间有误，更正后另行发布。")


def add_topic(data: dict[str, Any]) -> None:
    spec = data["topic"]
    section = OrganSection.objects.get(organ__slug="ltq")
    topic = services.create_topic(SYSTEM, section, **spec)
    wanted = {
        TopicEntry.Material.POLICY: ("policy", 3), TopicEntry.Material.PLAN: ("plan", 3),
        TopicEntry.Material.CASE: ("news", 3), TopicEntry.Material.RESULT: ("statistics", 2),
    }  # fmt: skip
    for material, (kind, n) in wanted.items():
        for page in DisclosurePage.objects.filter(kind=kind, shown=True, organ__slug="ltq").order_by(
            "-published_at"
        )[:n]:
            services.add_to_topic(SYSTEM, topic, page, material)


def add_catalogue(data: dict[str, Any]) -> None:
    spec = data["grassroots"]
    organ = Organ.objects.get(slug="ltq")
    names = dict(domain_choices())
    from gongkai.law.catalogue import domains

    owners = {d.key: d.owner for d in domains()}
    homes = {c.domain: c for c in ColumnPage.objects.filter(organ=organ).exclude(domain="")}
    for domain, rows in spec["rows"].items():
        if domain not in names:
            raise KeyError(domain)
        for serial, (item1, item2, content) in enumerate(rows, 1):
            services.save_grassroots_item(
                SYSTEM,
                GrassrootsItem(
                    organ=organ, domain=domain, serial=serial, item1=item1, item2=item2, content=content,
                    basis=spec["basis"], period=spec["period"], responsible=owners[domain], channels=spec["channels"],
                    levels=spec["levels"], column=homes.get(domain),
                ),
            )  # fmt: skip


def _releases(data: dict[str, Any], context: DemoContext) -> None:
    """The published totals of 2024: what has no item here is entered as a count with its source."""
    from gongkai.publication.selectors import release_totals

    spec = data["releases"]
    organ = Organ.objects.get(slug=spec["organ"])
    have = release_totals(organ, spec["year"]).by_channel
    for channel, total in spec["channels"].items():
        services.import_counts(
            SYSTEM, organ, year=spec["year"], channel=channel, content_class=spec["class_by_channel"][channel],
            count=total - have[channel], source=spec["source"],
        )  # fmt: skip
    year = context.today.year
    pages = DisclosurePage.objects.filter(organ__slug="ltq", shown=True, published_at__year=year).order_by(
        "-published_at"
    )
    for number, page in enumerate(pages.select_related("organ")[:24]):
        day = timezone.localtime(page.published_at).date()
        channel = (Channel.NEW_MEDIA, Channel.BOARD)[number % 2]
        services.release(SYSTEM, page, channel, done_on=day if number > 5 else None)
    context.log(
        f"{spec['year']} 年各渠道发布 {release_totals(organ, spec['year']).total:,} 条；发布记录 {Release.objects.count()} 行"
    )
