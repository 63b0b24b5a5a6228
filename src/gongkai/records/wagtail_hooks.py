"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path
from wagtail import hooks

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.records.desk import today  # noqa: F401  (registers the providers of 今天)
from gongkai.records.desk.views import BoxingView, TransferPrintView
from gongkai.records.desk.viewsets import (
    AppraisalViewSet,
    ArchiveFileViewSet,
    FondsViewSet,
    LoanViewSet,
    PaperBoxViewSet,
    RetentionRuleViewSet,
    TransferListViewSet,
)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [
        ArchiveFileViewSet(),
        PaperBoxViewSet(),
        LoanViewSet(),
        TransferListViewSet(),
        AppraisalViewSet(),
        FondsViewSet(),
        RetentionRuleViewSet(),
    ]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("records/boxing/", BoxingView.as_view(), name="records_boxing"),
        re_path(
            r"^records/transfers/print/(?P<pk>\d+)\.(?P<format>pdf|xlsx)$",
            TransferPrintView.as_view(),
            name="records_transfer_print",
        ),
    ]


for _item in (
    Item("records", "档案", "records-files:index", "folder-open-inverse", 210, allowed("records")),
    Item("records", "借阅", "records-loans:index", "user", 220, allowed("records")),
    Item("records", "装盒", "records_boxing", "folder", 230, allowed("records", "change")),
    Item("records", "档案盒", "records-boxes:index", "folder", 235, allowed("records")),
    Item("records", "移交清册", "records-transfers:index", "doc-full", 240, allowed("records")),
    Item("records", "到期鉴定", "records-appraisals:index", "clipboard-list", 250, allowed("records")),
    Item("records", "全宗", "records-fonds:index", "home", 260, allowed("records", "approve")),
    Item("records", "保管期限", "records-retention:index", "date", 270, allowed("records", "approve")),
):
    register_item(_item)
