"""Sections follow the organ tree, page permissions follow memberships, columns are kept by their owners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.utils.text import slugify
from wagtail.models import GroupPagePermission, Site

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.roles import Module, allows
from gongkai.organs.scope import require
from gongkai.organs.services.sync import PREFIX
from gongkai.publication import search_frames
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    DisclosureRoot,
    OrganSection,
    TopicEntry,
    TopicPage,
)
from gongkai.publication.services.tree import insert_pages
from gongkai.publication.vocab import ColumnType, ContentClass, Fixed

MODULE = Module.PUBLICATION
ROOT_SLUG = "gov"
#: Villages publish village affairs, which is not government information (sheet 05 §11).
WITHOUT_SECTION = frozenset({Organ.Kind.VILLAGE})

register_acts(
    {
        "publication.column.create": "开设栏目",
        "publication.column.update": "修改栏目",
        "publication.topic.create": "开设专题",
        "publication.topic.update": "修改专题",
        "publication.topic.add": "条目列入专题",
        "publication.topic.remove": "条目移出专题",
    }
)


def root() -> DisclosureRoot:
    """The page above all sections, made on first use."""
    found = DisclosureRoot.objects.first()
    if found is None:
        home = Site.objects.select_related("root_page").get(is_default_site=True).root_page
        found = home.add_child(instance=DisclosureRoot(title="政府信息公开", slug=ROOT_SLUG, live=True))
    return found


@transaction.atomic
def sync_sections() -> int:
    """Gives every organ in force its section, under the section of the organ above it; renames follow.

    Returns how many were made. Sections of organs that ended stay: what they published stays where it was.
    """
    top = root()
    sections = {s.organ_id: s for s in OrganSection.objects.select_related("organ")}
    by_path: dict[str, OrganSection] = {s.organ.path: s for s in sections.values()}
    made = 0
    organs = (
        Organ.objects.filter(status=Organ.Status.ACTIVE).exclude(kind__in=WITHOUT_SECTION).order_by("path")
    )
    for organ in organs:
        section = sections.get(organ.pk)
        if section is None:
            parent = by_path.get(organ.path[: -Organ.steplen]) or top
            # The parent in hand has an old count of children after each sibling; treebeard reads the last child.
            parent = type(parent).objects.get(pk=parent.pk)
            section = parent.add_child(
                instance=OrganSection(
                    title=organ.name, slug=_free_slug(parent, organ), organ=organ, live=True
                )
            )
            by_path[organ.path] = section
            _fixed_columns(section, organ)
            made += 1
        elif section.title != organ.name:
            section.title = section.draft_title = organ.name
            section.save()
    sync_page_permissions()
    return made


@transaction.atomic
def follow_organ(organ: Organ) -> None:
    """Listener of the organ tree: a new organ has its section at once, a renamed one its new name on it.

    A section never moves: addresses were given for good. Lists of units follow the organs (see ``views``).
    """
    if not getattr(settings, "SECTIONS_FOLLOW_ORGANS", True):
        return
    section = OrganSection.objects.filter(organ=organ).first()
    if section is None:
        if not organ.is_active or organ.kind in WITHOUT_SECTION:
            return
        above = organ.get_parent()
        found = OrganSection.objects.filter(organ=above).first() if above else None
        parent = found or root()
        section = parent.add_child(
            instance=OrganSection(title=organ.name, slug=_free_slug(parent, organ), organ=organ, live=True)
        )
        _fixed_columns(section, organ)
    elif section.title != organ.name:
        before, section.title = section.title, organ.name
        section.draft_title = organ.name
        section.save()
        for column in ColumnPage.objects.filter(organ=organ):
            if column.description == f"{before}{column.title}":
                ColumnPage.objects.filter(pk=column.pk).update(description=f"{organ.name}{column.title}")
    for group in Group.objects.filter(name__startswith=f"{PREFIX}{organ.pk}:"):
        provision(group, organ, group.name.rpartition(":")[2])


def _free_slug(parent: Any, organ: Organ) -> str:
    """The organ's slug, unless a column beside it has that address."""
    taken = parent.get_children().filter(slug=organ.slug).exists()
    return f"{organ.slug}-{organ.pk}" if taken else str(organ.slug)


def _fixed_columns(section: OrganSection, organ: Organ) -> None:
    columns = [
        ColumnPage(
            title=fixed.label, slug=fixed.value, organ=organ, code=fixed.value, fixed=fixed, live=True,
            content_class=ContentClass.STATUTORY if fixed == Fixed.STATUTORY else ContentClass.OVERVIEW,
            column_type=ColumnType.DISCLOSURE,
            default_kind=fixed.value if fixed in (Fixed.GUIDE, Fixed.SYSTEM) else "general",
            description=f"{organ.name}{fixed.label}", keywords=f"政府信息公开,{fixed.label}",
        )
        for fixed in Fixed
    ]  # fmt: skip
    insert_pages(ColumnPage, columns, section)


def provision(group: Group, organ: Organ, role: str) -> None:
    """Page permissions of the group of ``role`` at ``organ``: drafters add and change below the organ's section.

    Nobody gets Wagtail's right to publish: publication is a service, after review.
    """
    section = OrganSection.objects.filter(organ=organ).first()
    wanted = {"add_page", "change_page"} if section and allows(role, MODULE, "add") else set()
    held = GroupPagePermission.objects.filter(group=group)
    keep = held.filter(page=section, permission__codename__in=wanted)
    held.exclude(pk__in=keep.values("pk")).delete()
    missing = wanted - set(keep.values_list("permission__codename", flat=True))
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=missing):
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)


@transaction.atomic
def sync_page_permissions() -> int:
    """Sets the page permissions of all duty groups from the table of roles; returns the number of groups."""
    organs = Organ.objects.in_bulk()
    groups = list(Group.objects.filter(name__startswith=PREFIX))
    for group in groups:
        organ_id, _, role = group.name.removeprefix(PREFIX).partition(":")
        organ = organs.get(int(organ_id))
        if organ is not None:
            provision(group, organ, role)
    return len(groups)


# --- columns ------------------------------------------------------------------------------------------------------

COLUMN_FIELDS = (
    "title", "code", "statutory_item", "domain", "content_class", "column_type", "default_kind", "period",
    "owner_person", "update_rule", "update_days", "update_note", "description", "keywords", "audience", "retention",
)  # fmt: skip


def _check_fields(fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(COLUMN_FIELDS)
    if unknown:
        raise TypeError(f"not a field of a column: {', '.join(sorted(unknown))}")


def create_column(actor: Any, parent: OrganSection | ColumnPage, **fields: Any) -> ColumnPage:
    """Opens a column under a section or another column. Raises ValidationError, PermissionDenied."""
    return create_columns(actor, parent, [fields])[0]


@transaction.atomic
def create_columns(
    actor: Any, parent: OrganSection | ColumnPage, wanted: Sequence[dict[str, Any]]
) -> list[ColumnPage]:
    """Opens several columns at once; each is checked and entered in the trail by itself."""
    require(actor, MODULE, "add", parent.organ)
    columns = []
    for fields in wanted:
        _check_fields(fields)
        column = ColumnPage(organ=parent.organ, live=True, **fields)
        column.slug = slugify(column.code) or f"c{len(columns)}"
        column.description = column.description or f"{parent.organ.name}{column.title}"
        column.keywords = column.keywords or column.title
        _clean_column(column)
        columns.append(column)
    taken = set(parent.get_children().values_list("slug", flat=True))
    for column in columns:
        if column.slug in taken:
            raise ValidationError({"code": f"这里已有网址为“{column.slug}”的栏目，请换一个栏目代码。"})
        taken.add(column.slug)
    insert_pages(ColumnPage, columns, parent)
    for column in columns:
        record(actor, "publication.column.create", column, organ=column.organ, after=_plain(column))
    return columns


@transaction.atomic
def update_column(actor: Any, column: ColumnPage, **fields: Any) -> ColumnPage:
    """Changes what is said of a column; name and basis of the four fixed ones stay. Raises ValidationError."""
    require(actor, MODULE, "change", column.organ)
    _check_fields(fields)
    if column.fixed and "title" in fields and fields["title"] != column.title:
        raise ValidationError({"title": "四个固定栏目的名称是统一的，不能修改。"})
    before = _plain(column)
    for name, value in fields.items():
        setattr(column, name, value)
    column.draft_title = column.title
    _clean_column(column)
    column.save()
    record(
        actor, "publication.column.update", column, organ=column.organ, before=before, after=_plain(column)
    )
    return column


def _plain(column: ColumnPage) -> dict[str, Any]:
    return {name: value for name, value in snapshot(column).items() if name in COLUMN_FIELDS}


def _clean_column(column: ColumnPage) -> None:
    if column.update_rule == "days" and not column.update_days:
        raise ValidationError({"update_days": "定期更新的栏目要填写更新周期（天）。"})
    taken = ColumnPage.objects.filter(organ=column.organ, code=column.code).exclude(pk=column.pk)
    if taken.exists():
        raise ValidationError({"code": "这个机构已有同代码的栏目。"})


def refresh_column(column_id: int) -> None:
    """Counts anew what is public in a column; called in the transaction of whatever changed it."""
    found = DisclosurePage.objects.filter(column_id=column_id, shown=True).aggregate(
        n=Count("pk"), latest=Max("published_at")
    )
    rows = ColumnPage.objects.filter(pk=column_id)
    turned = rows.filter(live_count__gt=0).exists() != bool(found["n"])
    rows.update(live_count=found["n"], latest_at=found["latest"])
    if turned:  # the search knows the columns that hold something
        search_frames.refresh_columns([column_id])


# --- topics -------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_topic(
    actor: Any,
    section: OrganSection,
    *,
    title: str,
    slug: str,
    introduction: str = "",
    promise_days: int = 30,
) -> TopicPage:
    """Opens a topic under a section."""
    require(actor, MODULE, "add", section.organ)
    if section.get_children().filter(slug=slug).exists():
        raise ValidationError({"slug": f"这里已有网址代号为“{slug}”的页面，请换一个。"})
    topic = TopicPage(
        title=title,
        slug=slug,
        organ=section.organ,
        introduction=introduction,
        promise_days=promise_days,
        live=True,
    )
    OrganSection.objects.get(pk=section.pk).add_child(instance=topic)
    record(actor, "publication.topic.create", topic, organ=topic.organ, reason=title)
    return topic


TOPIC_FIELDS = ("title", "introduction", "promise_days")


@transaction.atomic
def update_topic(actor: Any, topic: TopicPage, **fields: Any) -> TopicPage:
    """Changes what is said of a topic; its address stays. Raises PermissionDenied, TypeError for another field."""
    require(actor, MODULE, "change", topic.organ)
    if set(fields) - set(TOPIC_FIELDS):
        raise TypeError("not a field of a topic")
    before = {name: getattr(topic, name) for name in TOPIC_FIELDS}
    for name, value in fields.items():
        setattr(topic, name, value)
    topic.draft_title = topic.title
    topic.save()
    after = {name: getattr(topic, name) for name in TOPIC_FIELDS}
    record(actor, "publication.topic.update", topic, organ=topic.organ, before=before, after=after)
    return topic


@transaction.atomic
def remove_from_topic(actor: Any, topic: TopicPage, page: DisclosurePage) -> None:
    """Takes an item off a topic; the item itself stays as it is. Raises ValidationError where it is not listed."""
    require(actor, MODULE, "change", topic.organ)
    if not TopicEntry.objects.filter(topic=topic, page=page).delete()[0]:
        raise ValidationError("这一条不在专题里。")
    record(actor, "publication.topic.remove", topic, organ=topic.organ, reason=page.title[:100])


@transaction.atomic
def add_to_topic(actor: Any, topic: TopicPage, page: DisclosurePage, material: str) -> TopicEntry:
    """Lists an item in a topic; its home stays its column."""
    require(actor, MODULE, "change", topic.organ)
    if material not in TopicEntry.Material.values:
        raise ValidationError("请选择材料类型。")
    if not page.shown:
        raise ValidationError("只能列入正在公开的信息。请先公开这一条。")
    entry, _ = TopicEntry.objects.update_or_create(
        topic=topic, page=page, defaults={"material": material, "sort_order": topic.entries.count()}
    )
    record(actor, "publication.topic.add", topic, organ=topic.organ, reason=page.title[:100])
    return entry


__all__ = [
    "add_to_topic", "create_column", "create_topic", "provision", "refresh_column", "root",
    "sync_page_permissions", "sync_sections", "update_column",
]  # fmt: skip
