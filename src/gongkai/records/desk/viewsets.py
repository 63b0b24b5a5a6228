"""The archive's ledgers: 档案, 档案盒, 借阅, 移交清册, 到期鉴定, 全宗, 保管期限."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.records import services
from gongkai.records.desk import acts
from gongkai.records.desk.filing import PaperForm
from gongkai.records.desk.filters import FileFilter, LoanFilter
from gongkai.records.desk.forms import TransferForm
from gongkai.records.desk.links import link_of
from gongkai.records.models import (
    Appraisal,
    ArchiveFile,
    Fonds,
    Loan,
    PaperBox,
    RetentionRule,
    TransferList,
)

#: The class of a cell that is not broken: numbers and dates.
ONE_LINE = "gk-nowrap"


class ToInspect(generic.EditView):
    """What is kept is not edited; the list's link shows it."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = self.scoped_viewset.get_url_name("inspect")  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse(name, args=[kwargs["pk"]]))


class KeptViewSet(ScopedModelViewSet):
    """A ledger whose rows are shown, acted on, and never edited."""

    edit_view_class = ToInspect
    inspect_view_enabled = True
    form_fields: ClassVar[list[str]] = []
    list_per_page = 50


class WhereColumn(Column):
    """The box, and who has the file now."""

    def get_value(self, instance: ArchiveFile) -> str:
        return where(instance, instance.open_loans)  # type: ignore[attr-defined]


def where(row: ArchiveFile, loans: list[Loan]) -> str:
    """Where a file is, in words."""
    place = row.location or ("纸质，尚未装盒" if row.paper_only else "只有电子档案")
    for loan in loans:
        late = "，逾期未还" if loan.due_on < timezone.localdate() else ""
        place += f"；{loan.borrower}借（{loan.get_form_display()}），应还 {loan.due_on}{late}"
    return place


class PeriodColumn(Column):
    """30年，至 2056-12-31."""

    def get_value(self, instance: ArchiveFile) -> str:
        until = instance.retention_until
        period = instance.get_retention_display()
        return format_html("{}<br>至 {}", period, until.isoformat()) if until else period


class FileInspectView(generic.InspectView):
    def get_object_id_display_value(self) -> str:
        link = link_of(self.object)
        return format_html('<a href="{}">{}</a>', link[1], link[0]) if link else self.object.object_id

    def get_box_display_value(self) -> str:
        return where(self.object, list(self.object.loans.filter(returned_on=None)))

    def get_retention_until_display_value(self) -> str:
        until = self.object.retention_until
        return until.isoformat() if until else "永久"

    def get_closed_on_display_value(self) -> str:
        on = self.object.closed_on
        return f"{on}，台账中的个人信息已按期清除，查阅须经批准" if on else "未封存"

    def get_manifest_display_value(self) -> str:
        rows = self.object.manifest.get("members", ())
        if not rows:
            return "只有纸质" if self.object.paper_only else "单份文件"
        return format_html(
            "<ol>{}</ol>",
            format_html_join(
                "",
                "<li>{}{}</li>",
                ((m["title"], f"，{m['pages']} 页" if m.get("pages") else "") for m in rows),
            ),
        )


class PaperCreateView(generic.CreateView):
    """补登纸质档案: what has a page on the platform is filed there and not here."""

    page_title = "补登纸质档案"

    def get_success_url(self) -> str:
        return reverse("records-files:inspect", args=[self.object.pk])


class FilesIndexView(generic.IndexView):
    add_item_label = "补登纸质档案"


class ArchiveFileViewSet(KeptViewSet):
    model = ArchiveFile
    index_view_class = FilesIndexView
    add_view_class = PaperCreateView
    name = "records-files"
    url_prefix = "records/files"
    icon = "folder-open-inverse"
    inspect_view_class = FileInspectView
    inspect_view_fields: ClassVar = [
        "number", "title", "object_id", "organ", "fonds", "matter", "year", "retention", "retention_source",
        "retention_until", "secrecy", "box", "state", "closed_on", "pages", "size", "digest", "manifest", "archived_by", "archived_at",
    ]  # fmt: skip
    list_select_related = ("organ", "box")
    list_prefetch_related = (
        Prefetch("loans", queryset=Loan.objects.filter(returned_on=None), to_attr="open_loans"),
    )
    list_display: ClassVar = [
        TitleColumn("number", label="档号", sort_key="number", classname=ONE_LINE),
        Column("title", label="题名", width="28%"),
        Column("organ.label", label="归档单位"),
        Column("get_matter_display", label="门类", sort_key="matter", classname=ONE_LINE),
        Column("year", label="年度", sort_key="year"),
        PeriodColumn("period", label="保管期限", sort_key="retention_until", classname=ONE_LINE),
        WhereColumn("where", label="纸质位置、借阅"),
        Column("get_state_display", label="状态", classname=ONE_LINE),
    ]
    list_export: ClassVar = [
        "number", "title", "organ.name", "get_matter_display", "year", "get_retention_display", "retention_until",
        "get_secrecy_display", "pages", "location", "get_state_display", "digest",
    ]  # fmt: skip
    export_headings: ClassVar = {
        "organ.name": "归档单位",
        "get_matter_display": "门类",
        "get_retention_display": "保管期限",
        "get_secrecy_display": "密级",
        "location": "纸质位置",
        "get_state_display": "状态",
    }
    export_filename = "档案目录"
    search_fields: ClassVar = ["number", "title"]
    search_backend_name = None
    filterset_class = FileFilter
    acts: ClassVar = {
        "open": acts.OpenAct,
        "verify": acts.VerifyAct,
        "lend": acts.LendAct,
        "appraise": acts.AppraiseAct,
    }
    empty_text = (
        "办结的申请在办件页点“归档”，文件登记簿、年度报告在各自页面归档；归档后的案卷都在这里，按档号编目。"
        "平台上没有的纸质材料点“补登纸质档案”。"
    )

    def get_form_class(self, for_update: bool = False) -> type:
        return PaperForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.file_paper(user, **form.values())


class PaperBoxViewSet(ScopedModelViewSet):
    model = PaperBox
    name = "records-boxes"
    url_prefix = "records/boxes"
    icon = "folder"
    form_fields: ClassVar = ["fonds", "number", "year", "retention", "shelf", "note"]
    list_per_page = 50
    list_select_related = ("fonds",)
    list_display: ClassVar = [
        TitleColumn("number", label="盒号", sort_key="number"),
        Column("year", label="年度", sort_key="year"),
        Column("get_retention_display", label="保管期限"),
        Column("shelf", label="存放位置"),
        Column("fonds.name", label="全宗"),
    ]
    empty_text = "一盒放一个全宗、一个年度、一种保管期限的档案。点“新增”设一个盒，再到“装盒”把档案放进去。"

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.save_box(user, form.instance)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.save_box(user, form.instance)


class LoanViewSet(KeptViewSet):
    model = Loan
    name = "records-loans"
    url_prefix = "records/loans"
    icon = "user"
    inspect_view_fields: ClassVar = [
        "archive_file", "form", "borrower", "unit", "purpose", "out_on", "due_on", "returned_on", "condition", "lent_by",
    ]  # fmt: skip
    list_select_related = ("archive_file__organ",)
    list_display: ClassVar = [
        TitleColumn("archive_file.number", label="档号", classname=ONE_LINE),
        Column("archive_file.title", label="题名", width="28%"),
        Column("get_form_display", label="载体", classname=ONE_LINE),
        Column("borrower", label="借阅人"),
        DayColumn("out_on", label="借出", sort_key="out_on", classname=ONE_LINE),
        DayColumn("due_on", label="应还", sort_key="due_on", classname=ONE_LINE),
        DayColumn("returned_on", label="归还", sort_key="returned_on", classname=ONE_LINE),
    ]
    list_export: ClassVar = [
        "archive_file.number", "archive_file.title", "get_form_display", "borrower", "unit", "purpose", "out_on",
        "due_on", "returned_on", "condition",
    ]  # fmt: skip
    export_headings: ClassVar = {
        "archive_file.number": "档号",
        "archive_file.title": "题名",
        "get_form_display": "载体",
    }
    export_filename = "借阅登记"
    filterset_class = LoanFilter
    acts: ClassVar = {"return": acts.ReturnAct}
    empty_text = "借出档案在“档案”里点一份档案的“借出”登记；登记后在这里办理归还。"


class TransferInspectView(generic.InspectView):
    """A list with its files and its printed forms."""

    def get_files_display_value(self) -> str:
        rows = self.object.files.order_by("number")
        items = format_html_join("", "<li>{}　{}</li>", ((r.number, r.title) for r in rows[:200]))
        more = rows.count() - 200
        note = f"另有 {more} 件，见清册。" if more > 0 else ""
        return format_html("<ol>{}</ol>{}", items, note)

    @property
    def header_more_buttons(self) -> list[Any]:
        pk = self.object.pk
        return [
            *super().header_more_buttons,
            Button(
                "打印清册（PDF）",
                url=reverse("records_transfer_print", args=[pk, "pdf"]),
                icon_name="print",
                priority=20,
            ),
            Button(
                "导出清册（Excel）",
                url=reverse("records_transfer_print", args=[pk, "xlsx"]),
                icon_name="download",
                priority=21,
            ),
        ]


class TransferListViewSet(KeptViewSet):
    model = TransferList
    name = "records-transfers"
    url_prefix = "records/transfers"
    icon = "doc-full"
    inspect_view_class = TransferInspectView
    inspect_view_fields: ClassVar = [
        "number", "fonds", "recipient", "basis", "state", "handed_by", "handed_on", "taken_by", "taken_on", "created_by",
        "created_at", "files",
    ]  # fmt: skip
    list_select_related = ("fonds",)
    list_display: ClassVar = [
        TitleColumn("number", label="编号"),
        Column("recipient", label="接收单位"),
        Column("fonds.name", label="全宗"),
        Column("get_state_display", label="状态"),
        DayColumn("taken_on", label="接收日期"),
    ]
    acts: ClassVar = {"sign": acts.SignAct}
    empty_text = "向档案馆移交时，点“新增”按全宗、年度和期限编制清册，打印后双方签字，再登记签收。"

    def get_form_class(self, for_update: bool = False) -> type:
        return TransferForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        data = form.cleaned_data
        return services.make_transfer_list(
            user, data["fonds"], form.chosen(), recipient=data["recipient"], basis=data["basis"]
        )


class AppraisalViewSet(KeptViewSet):
    model = Appraisal
    name = "records-appraisals"
    url_prefix = "records/appraisals"
    icon = "clipboard-list"
    inspect_view_fields: ClassVar = [
        "archive_file", "verdict", "retention", "reason", "state", "proposed_by", "proposed_at", "decided_by",
        "decided_at", "opinion",
    ]  # fmt: skip
    list_select_related = ("archive_file__organ", "proposed_by", "decided_by")
    list_display: ClassVar = [
        TitleColumn("archive_file.number", label="档号", classname=ONE_LINE),
        Column("archive_file.title", label="题名", width="28%"),
        Column("get_verdict_display", label="意见"),
        Column("proposed_by", label="鉴定人"),
        Column("get_state_display", label="状态"),
        Column("decided_by", label="复核人"),
    ]
    list_export: ClassVar = [
        "archive_file.number", "archive_file.title", "get_verdict_display", "reason", "proposed_by", "proposed_at",
        "get_state_display", "decided_by", "decided_at", "opinion",
    ]  # fmt: skip
    export_headings: ClassVar = {
        "archive_file.number": "档号",
        "archive_file.title": "题名",
        "get_verdict_display": "意见",
        "get_state_display": "状态",
    }
    export_filename = "鉴定登记"
    acts: ClassVar = {"agree": acts.AgreeAct, "refuse": acts.RefuseAct}
    empty_text = "保管期满的档案在“档案”里点“到期鉴定”提出意见，由另一人在这里复核。"


class ApproveCreateView(generic.CreateView):
    permission_required = "approve"


class ApproveEditView(generic.EditView):
    permission_required = "approve"


class FondsViewSet(ScopedModelViewSet):
    model = Fonds
    name = "records-fonds"
    url_prefix = "records/fonds"
    icon = "home"
    add_view_class = ApproveCreateView
    edit_view_class = ApproveEditView
    form_fields: ClassVar = ["organ", "code", "name"]
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("code", label="全宗号"),
        Column("name", label="全宗名称"),
        Column("organ.name", label="立档单位"),
    ]
    empty_text = (
        "点“新增”登记本机构的全宗号（由同级国家档案馆给定）。没有登记的，首次归档时按机构代号自动设立。"
    )

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.save_fonds(user, form.instance)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.save_fonds(user, form.instance)


class RetentionRuleViewSet(ScopedModelViewSet):
    model = RetentionRule
    name = "records-retention"
    url_prefix = "records/retention"
    icon = "date"
    add_view_class = ApproveCreateView
    edit_view_class = ApproveEditView
    form_fields: ClassVar = ["organ", "matter", "retention", "source"]
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("get_matter_display", label="门类"),
        Column("organ.name", label="机构（连同下级）"),
        Column("get_retention_display", label="保管期限"),
        Column("source", label="依据"),
    ]
    empty_text = "没有设置的按默认：依申请公开 30 年，公开文件、年度报告永久，监督检查 10 年。请按本机关经批准的保管期限表设置。"

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.save_retention(user, form.instance)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.save_retention(user, form.instance)
