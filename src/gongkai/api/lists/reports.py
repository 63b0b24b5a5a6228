"""Annual reports one by one with their versions and text, and the yearly forms of the website."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema
from ninja.decorators import decorate_view

from gongkai.api import reading
from gongkai.api.limits import tagged
from gongkai.api.listing import Absolute, Listing, newest_first, one_of
from gongkai.api.params import FAILS, Cursor, Limit, OrganSlug, PathYear, Slug, Year
from gongkai.api.schemas import ReportOut
from gongkai.reports import selectors
from gongkai.reports.models import AnnualReport, Yearbook
from gongkai.reports.yearbook.files import FORMATS

router = Router(tags=["年度报告"])


class SectionOut(Schema):
    number: int = Field(description="部分，一至六为 1—6，之前的文字为 0")
    heading: str = Field(description="标题")
    text: str = Field(description="文字（表格见 cells）")


class OlderOut(Schema):
    version: int = Field(description="版次")
    published_at: datetime | None = Field(description="公布时间")
    digest: str = Field(description="全文的 SHA-256")
    correction: str = Field(description="更正说明，首版为空")
    url: str = Field(description="网页地址")


class ReportDetail(ReportOut):
    """A report in force with its text and the versions before it."""

    sections: list[SectionOut] = Field(description="各部分的文字")
    cells: str = Field(description="全部单元格的接口地址")
    versions: list[OlderOut] = Field(description="各版，最新的在前")


class YearbookOut(Schema):
    """政府网站工作年度报表 in force (国办函〔2018〕12号)."""

    key: str = Field(description="对象编号，与 changes 一致")
    organ: str = Field(description="机关代号")
    organ_name: str = Field(description="机关")
    year: int = Field(description="年度")
    version: int = Field(description="版次")
    correction: str = Field(description="更正说明，首版为空")
    digest: str = Field(description="内容的 SHA-256")
    published_at: datetime = Field(description="公布时间")
    url: str = Field(description="网页地址")


class FormLine(Schema):
    part: str = Field(description="部分")
    key: str = Field(description="项目代码")
    label: str = Field(description="项目")
    value: str = Field(description="内容")
    source: str = Field(description="数据来源")


class YearbookDetail(YearbookOut):
    lines: list[FormLine] = Field(description="各项")
    files: dict[str, str] = Field(description="各种格式的下载地址")


class YearbookList(Schema):
    yearbooks: list[YearbookOut] = Field(description="网站年度报表，最新年度在前")
    next: str | None = Field(description="下一页的地址；最后一页为 null")


def _yearbook(row: Yearbook, absolute: Absolute) -> dict[str, Any]:
    return {
        "key": f"yearbook:{row.organ_id}-{row.year}", "organ": row.organ.slug, "organ_name": row.organ.name,
        "year": row.year, "version": row.version, "correction": row.correction, "digest": row.digest,
        "published_at": row.published_at, "url": absolute(row.get_absolute_url()),
    }  # fmt: skip


YEARBOOKS = Listing(
    "yearbooks", "政府网站工作年度报表", "已公布的政府网站工作年度报表。", YearbookOut,
    lambda: Yearbook.objects.filter(in_force=True).select_related("organ").defer("document").order_by("-pk"), _yearbook,
)  # fmt: skip


@router.get(
    "/reports/{organ}/{int:year}", response={200: ReportDetail, **FAILS}, summary="一份年度报告，含文字和各版"
)
@decorate_view(tagged)
def report(request: HttpRequest, organ: OrganSlug, year: PathYear) -> Any:
    try:
        row = selectors.public_version(organ, year, None)
    except AnnualReport.DoesNotExist:
        raise Http404("没有这份年度报告。") from None
    absolute = request.build_absolute_uri
    cells = f"{reverse('api-v1:cells')}?organ={row.organ.slug}&year={row.year}"
    return {
        **reading.report(request, row), "cells": absolute(cells),
        "sections": [
            {"number": s.number, "heading": s.heading, "text": s.text} for s in selectors.as_report(row).sections
        ],
        "versions": [
            {
                "version": v.version, "published_at": v.published_at, "digest": v.digest, "correction": v.correction,
                "url": absolute(v.get_absolute_url()),
            }
            for v in selectors.versions(row)
        ],
    }  # fmt: skip


@router.get("/yearbooks", response={200: YearbookList, **FAILS}, summary="政府网站工作年度报表")
@decorate_view(tagged)
def yearbooks(
    request: HttpRequest, organ: Slug = "", year: Year = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    return YEARBOOKS.page(
        request, newest_first(YEARBOOKS.rows(), cursor, organ, year), limit, lambda row: (row.pk,)
    )


@router.get(
    "/yearbooks/{organ}/{int:year}", response={200: YearbookDetail, **FAILS}, summary="一份网站年度报表"
)
@decorate_view(tagged)
def yearbook(request: HttpRequest, organ: OrganSlug, year: PathYear) -> Any:
    rows = Yearbook.objects.filter(in_force=True).select_related("organ")
    row, absolute = one_of(rows, organ__slug=organ, year=year), request.build_absolute_uri
    return {
        **_yearbook(row, absolute),
        "lines": [
            {"part": part["title"], **{name: str(line[name]) for name in ("key", "label", "value", "source")}}
            for part in row.document["parts"]
            for line in part["lines"]
        ],
        "files": {
            form: absolute(reverse("reports:yearbook_file", args=[row.organ.slug, row.year, form])) for form in FORMATS
        },
    }  # fmt: skip
