"""The register of documents: what is published, every version of its text, its relations; clean-ups and catalogue issues."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from gongkai.api.closed import OneOf, listed
from gongkai.api.limits import tagged
from gongkai.api.listing import Absolute, Listing, newest_first, one_of, organ_of
from gongkai.api.paging import decode
from gongkai.api.params import FAILS, Cursor, Limit, Number, Slug, Year
from gongkai.normative import selectors, slots
from gongkai.normative.models import (
    CatalogueIssue,
    CatalogueItem,
    CleanUp,
    CleanUpItem,
    Document,
    DocumentVersion,
)
from gongkai.normative.models.document import VALIDITIES, Category, Topic

router = Router(tags=["政策文件"])

CategoryCode = Annotated[
    str, OneOf(lambda: Category.values), Query("", description=f"类别：{listed(Category.choices)}")
]
TopicCode = Annotated[
    str, OneOf(lambda: Topic.values), Query("", description=f"主题分类：{listed(Topic.choices)}")
]
StatusCode = Annotated[
    str, OneOf(lambda: dict(VALIDITIES)), Query("", description=f"效力：{listed(VALIDITIES)}")
]


class PolicyOut(Schema):
    """A published document of the register."""

    id: int = Field(description="编号")
    key: str = Field(description="对象编号，与 changes 一致")
    title: str = Field(description="标题")
    number: str = Field(description="发文字号")
    index_number: str = Field(description="索引号")
    organ: str = Field(description="制发机关的代号")
    organ_name: str = Field(description="制发机关")
    category: str = Field(description="类别")
    genre: str = Field(description="体裁")
    topic: str = Field(description="主题分类")
    keywords: str = Field(description="主题词")
    audience: str = Field(description="适用对象")
    summary: str = Field(description="内容概述")
    formed_on: date | None = Field(description="成文日期")
    issued_on: date | None = Field(description="印发日期")
    published_on: date = Field(description="公布日期")
    effective_on: date | None = Field(description="施行日期")
    valid_until: date | None = Field(description="有效期至")
    ended_on: date | None = Field(description="失去效力日期")
    status: str = Field(description="效力代码")
    status_name: str = Field(description="效力")
    interpreted_on: date | None = Field(description="解读发布日期")
    url: str = Field(description="网页地址")


class VersionOut(Schema):
    """The text as it stood from a day on."""

    document: int = Field(description="文件编号")
    version: int = Field(description="版本，第 1 版为印发时")
    valid_from: date = Field(description="起始日期")
    note: str = Field(description="说明")
    body: str = Field(description="正文")


class RelationOut(Schema):
    relation: str = Field(description="关系")
    title: str = Field(description="相关文件的标题")
    number: str = Field(description="发文字号")
    url: str = Field(description="网页地址；没有公布的为空")
    note: str = Field(description="说明")


class ActOut(Schema):
    on: date = Field(description="日期")
    act: str = Field(description="事项")
    basis: str = Field(description="依据的文件，没有为空")
    note: str = Field(description="说明")


class ExplanationOut(Schema):
    title: str = Field(description="标题")
    form: str = Field(description="形式")
    on: date | None = Field(description="日期")
    url: str = Field(description="网页地址")


class DocumentFile(Schema):
    name: str = Field(description="文件名")
    kind: str = Field(description="类别")
    url: str = Field(description="下载地址")
    media_type: str = Field(description="类型")
    size: int = Field(description="字节数")
    sha256: str = Field(description="文件的 SHA-256")


class PolicyDetail(PolicyOut):
    """A document with its text, versions, relations, life, interpretations and files."""

    joint_organs: list[str] = Field(description="联合制发机关")
    body: str = Field(description="现行正文")
    versions: list[VersionOut] = Field(description="各版文本，最早的在前")
    relations: list[RelationOut] = Field(description="修改、废止、依据、解读关系")
    history: list[ActOut] = Field(description="办理记录，按日期")
    interpretations: list[ExplanationOut] = Field(description="解读")
    files: list[DocumentFile] = Field(description="文件")
    formats: dict[str, str] = Field(description="各种格式的下载地址")


class PolicyList(Schema):
    policies: list[PolicyOut] = Field(description="政策文件，最新公布的在前")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class CleanUpOut(Schema):
    """The result of a clean-up."""

    id: int = Field(description="编号")
    key: str = Field(description="对象编号，与 changes 一致")
    organ: str = Field(description="组织机关的代号")
    title: str = Field(description="名称")
    until: date = Field(description="清理截至印发日期")
    applied_on: date = Field(description="生效日期")
    decision: str = Field(description="清理决定")
    url: str = Field(description="网页地址")


class VerdictOut(Schema):
    clean_up: int = Field(description="清理的编号")
    document: int | None = Field(description="文件编号；没有公布的为 null")
    title: str = Field(description="标题")
    number: str = Field(description="发文字号")
    organ: str = Field(description="制发机关的代号")
    issued_on: date | None = Field(description="印发日期")
    verdict: str = Field(description="清理结果：继续有效、修改、废止、失效")
    reason: str = Field(description="理由")


class CleanUpList(Schema):
    clean_ups: list[CleanUpOut] = Field(description="清理结果")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class VerdictList(Schema):
    verdicts: list[VerdictOut] = Field(description="清理结果的各件")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class IssueOut(Schema):
    """A published issue of the catalogue of documents."""

    id: int = Field(description="编号")
    key: str = Field(description="对象编号，与 changes 一致")
    organ: str = Field(description="机关代号")
    title: str = Field(description="名称")
    year: int = Field(description="年份")
    issue: int = Field(description="期号")
    period_from: date = Field(description="起")
    period_to: date = Field(description="止")
    count: int = Field(description="文件数")
    published_at: datetime = Field(description="公布时间")
    digest: str = Field(description="各行的 SHA-256")
    url: str = Field(description="网页地址")


class LineOut(Schema):
    catalogue: int = Field(description="目录的编号")
    position: int = Field(description="序号")
    index_number: str = Field(description="索引号")
    title: str = Field(description="标题")
    number: str = Field(description="发文字号")
    organ_name: str = Field(description="制发机关")
    category: str = Field(description="类别")
    formed_on: date | None = Field(description="成文日期")
    published_on: date | None = Field(description="公布日期")


class IssueList(Schema):
    catalogues: list[IssueOut] = Field(description="文件公开目录")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


class LineList(Schema):
    catalogue_lines: list[LineOut] = Field(description="目录的各行，公布后不变")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


# rows ---------------------------------------------------------------------------------------------------------------


def _policy(row: Document, absolute: Absolute) -> dict[str, Any]:
    return {
        "id": row.pk, "key": f"document:{row.pk}", "title": row.title, "number": row.number,
        "index_number": row.index_number, "organ": row.organ.slug, "organ_name": row.organ.name,
        "category": row.get_category_display(), "genre": row.get_genre_display(), "topic": row.get_topic_display(),
        "keywords": row.keywords, "audience": row.audience, "summary": row.summary, "formed_on": row.formed_on,
        "issued_on": row.issued_on, "published_on": row.published_on, "effective_on": row.effective_on,
        "valid_until": row.valid_until, "ended_on": row.ended_on, "status": row.status,
        "status_name": row.get_status_display(), "interpreted_on": row.interpreted_on,
        "url": absolute(row.get_absolute_url()),
    }  # fmt: skip


def _version(row: DocumentVersion, absolute: Absolute) -> dict[str, Any]:
    return {
        "document": row.document_id, "version": row.version, "valid_from": row.valid_from, "note": row.note,
        "body": row.body,
    }  # fmt: skip


def _clean_up(row: CleanUp, absolute: Absolute) -> dict[str, Any]:
    decision = row.decision
    return {
        "id": row.pk, "key": f"cleanup:{row.pk}", "organ": row.organ.slug, "title": row.title, "until": row.until,
        "applied_on": row.applied_on, "decision": str(decision) if decision and selectors.may_name(decision) else "",
        "url": absolute(f"/policies/clean-ups/{row.pk}/"),
    }  # fmt: skip


def _verdict(row: CleanUpItem, absolute: Absolute) -> dict[str, Any]:
    document = row.document
    return {
        "clean_up": row.clean_up_id, "document": document.pk if document.published_on else None, "title": document.title,
        "number": document.number, "organ": document.organ.slug, "issued_on": document.issued_on,
        "verdict": row.get_verdict_display(), "reason": row.reason,
    }  # fmt: skip


def _issue(row: CatalogueIssue, absolute: Absolute) -> dict[str, Any]:
    return {
        "id": row.pk, "key": f"catalogue:{row.pk}", "organ": row.organ.slug, "title": str(row), "year": row.year,
        "issue": row.issue, "period_from": row.period_from, "period_to": row.period_to, "count": row.count,
        "published_at": row.published_at, "digest": row.digest, "url": absolute(f"/policies/catalogues/{row.pk}/"),
    }  # fmt: skip


def _line(row: CatalogueItem, absolute: Absolute) -> dict[str, Any]:
    return {
        "catalogue": row.issue_id, "position": row.position, "index_number": row.index_number, "title": row.title,
        "number": row.number, "organ_name": row.organ_name, "category": row.category, "formed_on": row.formed_on,
        "published_on": row.published_on,
    }  # fmt: skip


def _verdicts() -> QuerySet[CleanUpItem]:
    return selectors.verdicts().filter(clean_up__state=CleanUp.State.APPLIED).order_by("pk")


POLICIES = Listing(
    "policies", "政策文件", "已公布的规范性文件和其他政策文件，含效力和期限。", PolicyOut,
    lambda: selectors.public_documents().defer("body"), _policy,
)  # fmt: skip
VERSIONS = Listing(
    "versions", "政策文件各版正文", "已公布文件的每一版文本。", VersionOut,
    lambda: DocumentVersion.objects.filter(document__published_on__isnull=False).order_by("pk"), _version,
)  # fmt: skip
CLEAN_UPS = Listing(
    "clean-ups", "文件清理结果", "已执行的文件清理。", CleanUpOut,
    lambda: selectors.published_clean_ups().order_by("-pk"), _clean_up,
)  # fmt: skip
VERDICTS = Listing(
    "verdicts", "文件清理结果（各件）", "每次清理中各件文件的结果。", VerdictOut, _verdicts, _verdict
)
ISSUES = Listing(
    "catalogues", "文件公开目录", "已公布的各期文件公开目录。", IssueOut,
    lambda: selectors.published_issues().order_by("-pk"), _issue,
)  # fmt: skip
LINES = Listing(
    "catalogue-lines", "文件公开目录（各行）", "各期目录的每一行。", LineOut,
    lambda: CatalogueItem.objects.filter(issue__state=CatalogueIssue.State.PUBLISHED).order_by("pk"), _line,
)  # fmt: skip


# addresses ----------------------------------------------------------------------------------------------------------


@router.get("/policies", response={200: PolicyList, **FAILS}, summary="政策文件，最新公布的在前")
@decorate_view(tagged)
def policies(
    request: HttpRequest,
    organ: Slug = "",
    category: CategoryCode = "",
    topic: TopicCode = "",
    status: StatusCode = "",
    year: Year = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    rows = POLICIES.rows()
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    given = {"category": category, "topic": topic, "status": status}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if year is not None:
        rows = rows.filter(published_on__gte=date(year, 1, 1), published_on__lte=date(year, 12, 31))
    if cursor:
        day, pk = decode(cursor, int, int)
        if not 1 <= day <= date.max.toordinal():
            decode("")
        last = date.fromordinal(day)
        rows = rows.filter(Q(published_on__lte=last) & ~Q(published_on=last, pk__gte=pk))
    return POLICIES.page(request, rows, limit, lambda row: (row.published_on.toordinal(), row.pk))


@router.get(
    "/policies/{int:number}", response={200: PolicyDetail, **FAILS}, summary="一份政策文件，含各版正文和关系"
)
@decorate_view(tagged)
def policy(request: HttpRequest, number: Number) -> Any:
    row, absolute = one_of(selectors.public_documents(), pk=number), request.build_absolute_uri
    url = row.get_absolute_url()
    return {
        **_policy(row, absolute), "joint_organs": [organ.name for organ in selectors.joint_organs(row)],
        "body": row.body,
        "versions": [_version(v, absolute) for v in row.versions.order_by("version")],
        "relations": [
            {"relation": r.word, "title": r.title, "number": r.number, "url": absolute(r.url) if r.url else "", "note": r.note}
            for r in selectors.relations(row)
        ],
        "history": [
            {"on": e.on, "act": e.get_act_display(), "basis": str(e.basis) if e.basis else "", "note": _note(e)}
            for e in selectors.history(selectors.events_of(row))
        ],
        "interpretations": [
            {"title": i.title, "form": i.form, "on": i.on, "url": absolute(i.url)}
            for i in slots.links(slots.INTERPRETATIONS, row)
        ],
        "files": [
            {
                "name": f.name, "kind": f.get_kind_display(), "url": absolute(f"{url}files/{f.pk}/"),
                "media_type": f.media_type, "size": f.size, "sha256": f.digest,
            }
            for f in selectors.files_of(row) if f.is_public
        ],
        "formats": {form: absolute(f"{url.rstrip('/')}.{form}") for form in ("pdf", "docx", "json")},
    }  # fmt: skip


def _note(event: Any) -> str:
    """As the page of the document has it: what was written at issue and publication stays inside."""
    return "" if event.act in ("issued", "published") else event.note


@router.get("/clean-ups", response={200: CleanUpList, **FAILS}, summary="文件清理结果")
@decorate_view(tagged)
def clean_ups(request: HttpRequest, organ: Slug = "", cursor: Cursor = "", limit: Limit = 50) -> Any:
    return CLEAN_UPS.page(
        request, newest_first(CLEAN_UPS.rows(), cursor, organ), limit, lambda row: (row.pk,)
    )


@router.get("/clean-ups/{int:number}", response={200: CleanUpOut, **FAILS}, summary="一次文件清理")
@decorate_view(tagged)
def clean_up(request: HttpRequest, number: Number) -> Any:
    return _clean_up(one_of(CLEAN_UPS.rows(), pk=number), request.build_absolute_uri)


@router.get(
    "/clean-ups/{int:number}/verdicts", response={200: VerdictList, **FAILS}, summary="一次文件清理的各件"
)
@decorate_view(tagged)
def verdicts(request: HttpRequest, number: Number, cursor: Cursor = "", limit: Limit = 100) -> Any:
    rows = VERDICTS.rows().filter(clean_up=one_of(CLEAN_UPS.rows(), pk=number))
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor, int)[0])
    return VERDICTS.page(request, rows, limit, lambda row: (row.pk,))


@router.get("/catalogues", response={200: IssueList, **FAILS}, summary="文件公开目录")
@decorate_view(tagged)
def catalogues(
    request: HttpRequest, organ: Slug = "", year: Year = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    return ISSUES.page(
        request, newest_first(ISSUES.rows(), cursor, organ, year), limit, lambda row: (row.pk,)
    )


@router.get("/catalogues/{int:number}", response={200: IssueOut, **FAILS}, summary="一期文件公开目录")
@decorate_view(tagged)
def catalogue(request: HttpRequest, number: Number) -> Any:
    return _issue(one_of(ISSUES.rows(), pk=number), request.build_absolute_uri)


@router.get(
    "/catalogues/{int:number}/lines", response={200: LineList, **FAILS}, summary="一期文件公开目录的各行"
)
@decorate_view(tagged)
def lines(request: HttpRequest, number: Number, cursor: Cursor = "", limit: Limit = 100) -> Any:
    rows = LINES.rows().filter(issue=one_of(ISSUES.rows(), pk=number)).order_by("position")
    if cursor:
        rows = rows.filter(position__gt=decode(cursor, int)[0])
    return LINES.page(request, rows, limit, lambda row: (row.position,))
