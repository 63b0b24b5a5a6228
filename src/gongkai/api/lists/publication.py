"""Columns, items of disclosure with their catalogue metadata, topics, the standard catalogue of grassroots disclosure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError

from gongkai.api.closed import OneOf, listed
from gongkai.api.limits import tagged
from gongkai.api.listing import Absolute, Listing, one_of, organ_of
from gongkai.api.paging import decode
from gongkai.api.params import FAILS, ColumnNumber, Cursor, Limit, Number, Slug, Year, word
from gongkai.publication import presenting, selectors
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    GrassrootsItem,
    InterpretationPage,
    TopicPage,
)
from gongkai.publication.paths import url_of
from gongkai.publication.search_documents import body_text
from gongkai.publication.vocab import Kind, domain_choices

router = Router(tags=["公开栏目"])

ItemKind = Annotated[
    str, OneOf(lambda: Kind.values), Query("", description=f"内容种类：{listed(Kind.choices)}")
]
Domain = Annotated[
    str,
    OneOf(lambda: dict(domain_choices())),
    Query("", description=f"基层政务公开的领域：{listed(domain_choices())}"),
]


class ColumnOut(Schema):
    """A column of an organ's disclosure pages."""

    id: int = Field(description="栏目编号")
    organ: str = Field(description="机关代号")
    code: str = Field(description="栏目代码，报送稿件时使用")
    title: str = Field(description="名称")
    url: str = Field(description="网页地址")
    basis: str = Field(description="法定依据，没有为空")
    domain: str = Field(description="基层公开领域，没有为空")
    count: int = Field(description="已公开的条数")
    latest_at: datetime | None = Field(description="最近更新的时间")
    feed: str = Field(description="订阅地址（Atom）")


class ColumnList(Schema):
    columns: list[ColumnOut] = Field(description="栏目")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class ItemFact(Schema):
    name: str = Field(description="项目")
    value: str = Field(description="内容")


class ItemFile(Schema):
    name: str = Field(description="文件名")
    url: str = Field(description="下载地址")
    media_type: str = Field(description="类型")
    size: int = Field(description="字节数")
    sha256: str = Field(description="文件的 SHA-256")


class Reference(Schema):
    """Something public that this belongs to."""

    relation: str = Field(description="关系")
    title: str = Field(description="标题")
    url: str = Field(description="网页地址；没有网页的为空")


class DisclosureOut(Schema):
    """An item with the metadata of the catalogue (条例第十二条)."""

    id: int = Field(description="编号")
    key: str = Field(description="对象编号，与 changes 一致")
    index_number: str = Field(description="索引号")
    title: str = Field(description="标题")
    kind: str = Field(description="内容种类代码")
    kind_name: str = Field(description="内容种类")
    organ: str = Field(description="发布机构的代号")
    organ_name: str = Field(description="发布机构")
    column: int = Field(description="栏目编号")
    column_title: str = Field(description="栏目名称")
    document_number: str = Field(description="发文字号")
    issuer: str = Field(description="制作机关，与发布机构相同时为空")
    source: str = Field(description="信息来源")
    formed_on: date = Field(description="成文日期")
    published_at: datetime = Field(description="发布时间")
    topic: str = Field(description="主题分类")
    genre: str = Field(description="体裁")
    facet: str = Field(description="五公开")
    domain: str = Field(description="基层公开领域")
    keywords: str = Field(description="主题词")
    audience: str = Field(description="服务对象")
    validity: str = Field(description="有效性")
    effective_on: date | None = Field(description="施行日期")
    expires_on: date | None = Field(description="失效日期")
    summary: str = Field(description="内容概述")
    corrected_at: datetime | None = Field(description="最近更正的时间")
    correction_note: str = Field(description="更正说明")
    url: str = Field(description="网页地址")


class DisclosureDetail(DisclosureOut):
    """An item with its text, what its kind has of its own, files and what belongs to it."""

    body: str = Field(description="正文（纯文本）")
    facts: list[ItemFact] = Field(description="本种类自有的内容，如预决算年度、会议议题、解读要素、指南各项")
    series: str = Field(description="解读的系列，没有为空")
    issue_number: int | None = Field(description="系列中的期号")
    files: list[ItemFile] = Field(description="正文中的文件")
    related: list[Reference] = Field(description="解读、被解读的文件、取代的和被取代的")


class DisclosureList(Schema):
    disclosures: list[DisclosureOut] = Field(description="公开信息，最新在前")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class TopicOut(Schema):
    """A topic: items that have their home elsewhere."""

    id: int = Field(description="编号")
    organ: str = Field(description="机关代号")
    title: str = Field(description="名称")
    introduction: str = Field(description="导语")
    url: str = Field(description="网页地址")
    updated_at: datetime | None = Field(description="最近更新的时间")


class TopicDetail(TopicOut):
    entries: list[Reference] = Field(description="条目，relation 为材料类型")


class TopicList(Schema):
    topics: list[TopicOut] = Field(description="专题")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class StandardOut(Schema):
    """One row of the standard catalogue (国办发〔2019〕54号)."""

    id: int = Field(description="编号")
    organ: str = Field(description="编制机构的代号")
    domain: str = Field(description="领域代码")
    domain_name: str = Field(description="领域")
    serial: int = Field(description="序号")
    item1: str = Field(description="一级事项")
    item2: str = Field(description="二级事项")
    content: str = Field(description="公开内容（要素）")
    basis: str = Field(description="公开依据")
    period: str = Field(description="公开时限")
    responsible: str = Field(description="公开主体")
    channels: str = Field(description="公开渠道和载体，用顿号隔开")
    audience: str = Field(description="公开对象")
    manner: str = Field(description="公开方式")
    levels: str = Field(description="公开层级，用顿号隔开")
    column: int | None = Field(description="对应栏目的编号")


class StandardList(Schema):
    standards: list[StandardOut] = Field(description="标准目录事项")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


# rows ---------------------------------------------------------------------------------------------------------------


def _column(row: ColumnPage, absolute: Absolute) -> dict[str, Any]:
    return {
        "id": row.pk, "organ": row.organ.slug, "code": row.code, "title": row.title, "url": absolute(url_of(row.url_path)),
        "basis": presenting.basis_of(row), "domain": row.get_domain_display(), "count": row.live_count,
        "latest_at": row.latest_at, "feed": absolute(f"/feeds/column/{row.pk}.atom"),
    }  # fmt: skip


def _item(row: DisclosurePage, absolute: Absolute) -> dict[str, Any]:
    # The page of a document that the register publishes is known to the search, and to the changes, as the document.
    entry = (
        getattr(getattr(row, "policypage", None), "register_entry_id", None) if row.kind == "policy" else None
    )
    return {
        "id": row.pk, "key": f"document:{entry}" if entry else f"page:{row.pk}", "index_number": row.index_number or "",
        "title": row.title, "kind": row.kind, "kind_name": row.get_kind_display(), "organ": row.organ.slug,
        "organ_name": row.organ.name, "column": row.column_id, "column_title": row.column.title,
        "document_number": row.document_number, "issuer": row.issuer if row.issuer != row.organ.name else "",
        "source": row.shown_source, "formed_on": row.formed_on, "published_at": row.published_at,
        "topic": row.topic_class, "genre": row.genre, "facet": row.get_facet_display(),
        "domain": row.get_domain_display(), "keywords": row.keywords, "audience": row.audience,
        "validity": row.get_validity_display(), "effective_on": row.effective_on, "expires_on": row.expires_on,
        "summary": row.summary, "corrected_at": row.corrected_at, "correction_note": row.correction_note,
        "url": absolute(row.public_url),
    }  # fmt: skip


def _topic(row: TopicPage, absolute: Absolute) -> dict[str, Any]:
    return {
        "id": row.pk, "organ": row.organ.slug, "title": row.title, "introduction": row.introduction,
        "url": absolute(url_of(row.url_path)), "updated_at": row.last_published_at,
    }  # fmt: skip


def _standard(row: GrassrootsItem, absolute: Absolute) -> dict[str, Any]:
    column = row.column
    return {
        "id": row.pk, "organ": row.organ.slug, "domain": row.domain, "domain_name": row.get_domain_display(),
        "serial": row.serial, "item1": row.item1, "item2": row.item2, "content": row.content, "basis": row.basis,
        "period": row.period, "responsible": row.responsible, "channels": "、".join(map(str, row.channels)),
        "audience": row.audience, "manner": row.manner, "levels": "、".join(map(str, row.levels)),
        "column": column.pk if column is not None and column.live else None,
    }  # fmt: skip


COLUMNS = Listing(
    "columns", "公开栏目", "各机关信息公开专栏的栏目。", ColumnOut,
    lambda: ColumnPage.objects.filter(live=True).select_related("organ").order_by("pk"), _column,
)  # fmt: skip
DISCLOSURES = Listing(
    "disclosures", "公开信息（目录元数据）", "栏目里的全部公开信息，含索引号、成文日期、体裁、主题等目录元数据。", DisclosureOut,
    lambda: selectors.public_items().select_related("organ", "column", "policypage").defer("body"), _item,
)  # fmt: skip
TOPICS = Listing(
    "topics", "专题", "各机关的专题。", TopicOut,
    lambda: TopicPage.objects.filter(live=True).select_related("organ").order_by("pk"), _topic,
)  # fmt: skip
STANDARDS = Listing(
    "standards", "基层政务公开标准目录", "各领域标准目录的事项。", StandardOut,
    lambda: GrassrootsItem.objects.select_related("organ", "column").order_by("pk"), _standard,
)  # fmt: skip


# addresses ----------------------------------------------------------------------------------------------------------


@router.get("/columns", response={200: ColumnList, **FAILS}, summary="栏目")
@decorate_view(tagged)
def columns(request: HttpRequest, organ: Slug = "", cursor: Cursor = "", limit: Limit = 100) -> Any:
    rows = COLUMNS.rows()
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor, int)[0])
    return COLUMNS.page(request, rows, limit, lambda row: (row.pk,))


@router.get("/columns/{int:number}", response={200: ColumnOut, **FAILS}, summary="一个栏目")
@decorate_view(tagged)
def column(request: HttpRequest, number: Number) -> Any:
    return _column(one_of(COLUMNS.rows(), pk=number), request.build_absolute_uri)


def _before(cursor: str) -> Q:
    text, pk = decode(cursor, str, int)
    try:
        at = parse_datetime(text)
        at = at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):  # a day that no calendar has; a year before the first
        at = None
    if at is None:
        raise HttpError(422, "cursor 无法识别。请原样使用上一页返回的 next 地址。")
    return Q(published_at__lte=at) & ~Q(published_at=at, page_ptr__gte=pk)


@router.get(
    "/disclosures", response={200: DisclosureList, **FAILS}, summary="公开信息（目录元数据），最新在前"
)
@decorate_view(tagged)
def disclosures(
    request: HttpRequest,
    organ: Slug = "",
    column: ColumnNumber = None,
    kind: ItemKind = "",
    domain: Domain = "",
    series: Annotated[str, word("解读的系列，如“政策公开讲”")] = "",
    year: Year = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    rows = DISCLOSURES.rows()
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    given = {"column": column, "kind": kind, "domain": domain, "interpretationpage__series": series}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if year is not None:
        first, after = (timezone.make_aware(datetime(y, 1, 1)) for y in (year, year + 1))
        rows = rows.filter(published_at__gte=first, published_at__lt=after)
    if cursor:
        rows = rows.filter(_before(cursor))
    return DISCLOSURES.page(request, rows, limit, lambda row: (row.published_at.isoformat(), row.pk))


@router.get(
    "/disclosures/{int:number}", response={200: DisclosureDetail, **FAILS}, summary="一条公开信息，含正文"
)
@decorate_view(tagged)
def disclosure(request: HttpRequest, number: Number) -> Any:
    found = one_of(selectors.public_items(), pk=number).specific
    absolute = request.build_absolute_uri
    facts = [*presenting.own_facts(found), *presenting.agenda(found), *presenting.elements(found)]
    facts += [*presenting.card(found), *presenting.guide(found)]
    out = _item(found, absolute)
    entry = getattr(found, "register_entry_id", None)
    return {
        **out, "key": f"document:{entry}" if entry else out["key"], "body": body_text(found),
        "facts": [{"name": name, "value": str(value)} for name, value in facts],
        "series": getattr(found, "series", ""), "issue_number": getattr(found, "issue_number", None),
        "files": [
            {
                "name": f.name, "url": absolute(f.get_absolute_url()), "media_type": f.media_type, "size": f.size,
                "sha256": f.digest,
            }
            for f in (use.attachment for use in found.attachment_uses.select_related("attachment"))
        ],
        "related": list(_related(found, absolute)),
    }  # fmt: skip


def _related(page: DisclosurePage, absolute: Absolute) -> list[dict[str, str]]:
    """Only what is on the portal itself: a relation to anything else says nothing of it."""
    explains = page.document_id if isinstance(page, InterpretationPage) else None
    found = [
        ("解读", DisclosurePage.objects.filter(pk__in=InterpretationPage.objects.filter(document=page.pk).values("pk"))),
        ("解读的文件", DisclosurePage.objects.filter(pk=explains)),
        ("被取代，见", DisclosurePage.objects.filter(pk=page.superseded_by_id)),
        ("取代", DisclosurePage.objects.filter(superseded_by=page.pk)),
    ]  # fmt: skip
    return [
        {"relation": word, "title": line.title, "url": absolute(line.url)}
        for word, rows in found
        for line in selectors.lines(rows.filter(shown=True).order_by("pk")[:100])
    ]


@router.get("/topics", response={200: TopicList, **FAILS}, summary="专题")
@decorate_view(tagged)
def topics(request: HttpRequest, organ: Slug = "", cursor: Cursor = "", limit: Limit = 50) -> Any:
    rows = TOPICS.rows()
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor, int)[0])
    return TOPICS.page(request, rows, limit, lambda row: (row.pk,))


@router.get("/topics/{int:number}", response={200: TopicDetail, **FAILS}, summary="一个专题和它的条目")
@decorate_view(tagged)
def topic(request: HttpRequest, number: Number) -> Any:
    found, absolute = one_of(TOPICS.rows(), pk=number), request.build_absolute_uri
    entries = [
        {"relation": material, "title": line.title, "url": absolute(line.url)}
        for material, lines in presenting.topic_groups(found)
        for line in lines
    ]
    return {**_topic(found, absolute), "entries": entries}


@router.get("/standards", response={200: StandardList, **FAILS}, summary="基层政务公开标准目录")
@decorate_view(tagged)
def standards(
    request: HttpRequest,
    organ: Slug = "",
    domain: Domain = "",
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Any:
    rows = STANDARDS.rows()
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    if domain:
        rows = rows.filter(domain=domain)
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor, int)[0])
    return STANDARDS.page(request, rows, limit, lambda row: (row.pk,))
