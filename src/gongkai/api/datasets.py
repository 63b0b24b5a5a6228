"""The datasets of the open data page: everything public, each list whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from gongkai.api.listing import CHUNK, Listing
from gongkai.api.lists import documents, publication, reports
from gongkai.normative.models import Attachment, Relation
from gongkai.organs.models import Organ
from gongkai.publication.models import AttachmentUse, InterpretationPage
from gongkai.reports.models import AnnualReport, ReportCell, State
from gongkai.search.models import SearchDoc, Withdrawn
from gongkai.search.projection import listing_kinds

LICENCE: Final = "公开数据可自由使用、传播和再加工，请注明来源；数据以原网页为准。"
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A list of everything of one sort: its columns with their meaning, and its rows. ``types``: the columns that are not
    text, so that a file in which one of them is empty has the same columns as the next."""

    name: str
    title: str
    about: str
    columns: dict[str, str]
    rows: Callable[[], Iterator[Row]]
    types: dict[str, type] = field(default_factory=dict)


def whole(listing: Listing) -> Dataset:
    """A list of the interface as a file."""
    return Dataset(listing.name, listing.title, listing.about, listing.columns, listing.every, listing.types)


def plain(value: Any) -> Any:
    """A value as CSV and JSON have it: days and moments as ISO 8601, decimals with their places."""
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else format(value, "f")


def _items() -> Iterator[Row]:
    rows = SearchDoc.objects.order_by("position").exclude(kind__in=listing_kinds())
    yield from rows.values_list(
        "key", "kind", "title", "number", "organ__slug", "organ__name", "column", "day", "validity", "topic", "summary", "url",
        "updated_at",
    ).iterator(chunk_size=CHUNK)  # fmt: skip


def _texts() -> Iterator[Row]:
    rows = SearchDoc.objects.order_by("position").exclude(kind__in=listing_kinds()).exclude(body="")
    yield from rows.values_list("key", "title", "body").iterator(chunk_size=CHUNK)


def _withdrawn() -> Iterator[Row]:
    rows = Withdrawn.objects.order_by("at", "id")
    yield from rows.values_list("key", "kind", "organ__slug", "column", "url", "at").iterator(
        chunk_size=CHUNK
    )


def _organs() -> Iterator[Row]:
    for organ in Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path").iterator(chunk_size=CHUNK):
        wrong = organ.contact_errors()
        yield (
            organ.slug, organ.name, organ.get_kind_display(), organ.credit_code or "", organ.region_code or "",
            organ.address, "" if "联系电话" in wrong else organ.phone, "" if "电子邮箱" in wrong else organ.email,
        )  # fmt: skip


def _relations() -> Iterator[Row]:
    """Both sides public, or the other side outside the register; then what explains what."""
    rows = Relation.objects.filter(done=True, source__published_on__isnull=False).order_by("pk")
    words = dict(Relation.Kind.choices)
    fields = ("source", "kind", "target", "target__title", "target__published_on", "target_text", "note")
    for source, kind, target, title, published, text, note in rows.values_list(*fields).iterator(
        chunk_size=CHUNK
    ):
        if published or text:
            yield (
                f"document:{source}",
                words[kind],
                f"document:{target}" if target else "",
                title or text,
                note,
            )
    pages = InterpretationPage.objects.filter(shown=True, document__shown=True).order_by("pk")
    fields = ("pk", "document", "document__title", "document__policypage__register_entry__published_on",
              "document__policypage__register_entry")  # fmt: skip
    for pk, document, title, published, entry in pages.values_list(*fields).iterator(chunk_size=CHUNK):
        yield f"page:{pk}", "解读", f"document:{entry}" if published else f"page:{document}", title, ""


def _attachments() -> Iterator[Row]:
    uses = AttachmentUse.objects.filter(page__shown=True).order_by("pk").select_related("attachment")
    for use in uses.defer("attachment__text").iterator(chunk_size=CHUNK):
        file = use.attachment
        yield (
            f"page:{use.page_id}",
            file.name,
            file.media_type,
            file.size,
            file.digest,
            file.get_absolute_url(),
        )
    files = Attachment.objects.filter(document__published_on__isnull=False).order_by("pk").defer("text")
    for own in files.exclude(kind=Attachment.Kind.EVIDENCE).iterator(chunk_size=CHUNK):
        url = reverse("normative:attachment", args=[own.document_id, own.pk])
        yield f"document:{own.document_id}", own.name, own.media_type, own.size, own.digest, url


def _reports() -> Iterator[Row]:
    rows = AnnualReport.objects.filter(state=State.PUBLISHED).order_by("year", "pk")
    yield from rows.values_list(
        "organ__slug", "organ__name", "year", "version", "title", "edition", "digest", "published_at"
    ).iterator(chunk_size=CHUNK)


def _cells() -> Iterator[Row]:
    rows = ReportCell.objects.filter(report__state=State.PUBLISHED).order_by("pk")
    yield from rows.values_list("report__organ__slug", "year", "key", "value", "kind", "raw").iterator(
        chunk_size=CHUNK
    )


DATASETS: Final = (
    Dataset("items", "公开内容总表", "本站公开的全部文件、解读、信息、目录和报告，每条一行。", {
        "key": "对象编号", "kind": "种类", "title": "标题", "number": "文号", "organ": "机关代号", "organ_name": "机关",
        "column": "栏目编号", "day": "日期", "validity": "效力", "topic": "主题", "summary": "概述", "url": "网址",
        "updated_at": "更新时间",
    }, _items, {"column": int, "day": date, "updated_at": datetime}),
    Dataset("texts", "公开内容正文", "公开内容总表各条的正文，含可提取的附件文字；超过六万字的只取开头，文件的全文见各版正文。", {
        "key": "对象编号", "title": "标题", "body": "正文",
    }, _texts),
    whole(publication.DISCLOSURES),
    whole(documents.POLICIES),
    whole(documents.VERSIONS),
    Dataset("relations", "文件关系", "已公布文件的修改、废止、依据关系，以及解读与文件的关系。", {
        "source": "对象编号", "relation": "关系", "target": "相关对象的编号，登记簿以外的为空", "title": "相关文件的标题", "note": "说明",
    }, _relations),
    Dataset("attachments", "附件清单", "公开内容的附件，含网址和摘要值。", {
        "key": "对象编号", "name": "文件名", "media_type": "类型", "size": "字节数", "sha256": "文件的 SHA-256", "url": "下载地址",
    }, _attachments, {"size": int}),
    whole(documents.CLEAN_UPS),
    whole(documents.VERDICTS),
    whole(documents.ISSUES),
    whole(documents.LINES),
    Dataset("organs", "机关名录", "在册机关和公开的联系方式。", {
        "slug": "机关代号", "name": "名称", "kind": "类别", "credit_code": "统一社会信用代码", "region_code": "行政区划代码",
        "address": "地址", "phone": "电话", "email": "邮箱",
    }, _organs),
    whole(publication.COLUMNS),
    whole(publication.TOPICS),
    whole(publication.STANDARDS),
    Dataset("reports", "年度报告", "已公布的政府信息公开工作年度报告。", {
        "organ": "机关代号", "organ_name": "机关", "year": "年度", "version": "版次", "title": "标题", "edition": "格式版本",
        "digest": "摘要", "published_at": "公布时间",
    }, _reports, {"year": int, "version": int, "published_at": datetime}),
    Dataset("cells", "年度报告数据", "年度报告表格的每个单元格，格的含义见接口 /cells/names。", {
        "organ": "机关代号", "year": "年度", "key": "单元格", "value": "数值", "kind": "性质", "raw": "原文",
    }, _cells, {"year": int, "value": Decimal}),
    whole(reports.YEARBOOKS),
    Dataset("withdrawn", "撤下清单", "曾经公开、已经撤下的内容，请删除所存的副本。", {
        "key": "对象编号", "kind": "种类", "organ": "机关代号", "column": "栏目编号", "url": "原网址", "at": "撤下时间",
    }, _withdrawn, {"column": int, "at": datetime}),
)  # fmt: skip
