"""Addresses and menu of intake, registered with the desk by ``hooks``."""

from __future__ import annotations

from django.urls import path

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.publication.desk.intake.drafts import DraftView, PasteView, UploadView, clean_for_editor
from gongkai.publication.desk.intake.imports import ImportList, ImportRun, ReportView, TemplateView

urlpatterns = [
    path("publication/intake/", UploadView.as_view(), name="publication_intake"),
    path("publication/intake/paste/", PasteView.as_view(), name="publication_paste"),
    path("publication/intake/clean/", clean_for_editor, name="publication_clean"),
    path("publication/intake/<int:pk>/", DraftView.as_view(), name="publication_intake_draft"),
    path("publication/imports/", ImportList.as_view(), name="publication_imports"),
    path("publication/imports/template/", TemplateView.as_view(), name="publication_import_template"),
    path("publication/imports/<int:pk>/", ImportRun.as_view(), name="publication_import"),
    path("publication/imports/<int:pk>/report/", ReportView.as_view(), name="publication_import_report"),
]

for _item in (
    Item("publication", "新增（上传文件）", "publication_intake", "upload", 5, allowed("publication", "add")),
    Item("publication", "粘贴整理", "publication_paste", "clipboard-list", 15, allowed("publication", "add")),
    Item("publication", "批量导入", "publication_imports", "table", 65, allowed("publication", "add")),
):
    register_item(_item)
