"""The workbench, the import and the two acts on a report."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.annualreport.organs import same_organ
from gongkai.annualreport.readers import Unreadable
from gongkai.organs.desk.base import ActView
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.reports import presenting, sandbox, selectors, services
from gongkai.reports.codec import finding_from_data, report_from_text
from gongkai.reports.desk import forms
from gongkai.reports.desk.compiling.worksheet import compiled_context
from gongkai.reports.desk.pages import ReportPage
from gongkai.reports.models import AnnualReport, Verdict

SALT = "gongkai.reports.import"
IMPORT_SECONDS = 4 * 3600


class WorkbenchView(BaseObjectMixin, ReportPage):
    """报告工作台: the printed tables with findings in their cells, and a verdict for each finding."""

    template_name = "reports/desk/workbench.html"
    permission_required = "view"
    header_icon = "table"
    edit_url_name: str | None = None

    def get_page_title(self) -> str:
        return "工作台"

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs("工作台", str(self.object))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = forms.VerdictForm(request.POST)
        identity = request.POST.get("finding", "")[:16]
        if not form.is_valid():
            return self._again(request, identity, "请选择处理方式；日期写成 2026-06-30 的样子。")
        data = form.cleaned_data
        try:
            services.judge_finding(
                request.user,
                self.object,
                identity,
                data["verdict"],
                reason=data["reason"],
                until=data["until"],
            )
        except ValidationError as error:
            return self._again(request, identity, "；".join(error.messages))
        messages.success(request, "已记下处理意见。")
        return HttpResponseRedirect(f"{request.path}#finding-{identity}")

    def _again(self, request: HttpRequest, identity: str, problem: str) -> HttpResponse:
        """The page with what was typed still in place and the reason beside it."""
        typed = {key: request.POST.get(key, "")[:500] for key in ("verdict", "reason", "until")}
        context = self.get_context_data(problem=problem, problem_at=identity, typed=typed)
        return self.render_to_response(context, status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: AnnualReport = self.object
        report = selectors.as_report(row)
        findings = selectors.findings_of(row, report)
        compiled, links, adjusted = compiled_context(row)
        shown = presenting.show(report, findings, links=links, adjusted=adjusted)
        history = selectors.verdict_history(row)
        today = timezone.localdate()
        user = self.request.user
        may = scope_of(user).allows
        return super().get_context_data(
            **kwargs,
            object=row,
            shown=shown,
            compiled=compiled,
            cards=_cards(shown.findings, history, today),
            open=selectors.open_counts(findings, {k: v[0] for k, v in history.items()}),
            remarks=presenting.unreadable(report),
            may_judge=may("reports", ["change"], row.organ.path),
            may_publish=services.may_publish_now(row) and may("reports", ["publish"], row.organ.path),
            may_discard=row.state in services.OPEN_STATES and may("reports", ["delete"], row.organ.path),
            verdicts=Verdict.choices,
            intact=services.verify_digest(row),
        )


def _cards(
    findings: list[presenting.ShownFinding], history: dict[str, list[Any]], today: Any
) -> list[dict[str, Any]]:
    """The list beside the tables, consequences behind their cause, settled ones last."""
    flat: list[tuple[presenting.ShownFinding, int]] = []

    def walk(items: list[presenting.ShownFinding], depth: int) -> None:
        for item in items:
            flat.append((item, depth))
            walk(item.below, depth + 1)

    walk(findings, 0)
    cards = []
    for item, depth in flat:
        said = history.get(item.finding.identity, [])
        current = said[0] if said else None
        settled = selectors.settled(current, today)
        lapsed = current is not None and current.verdict == Verdict.WAIVED and not settled
        cards.append(
            {
                "f": item,
                "depth": depth,
                "verdict": current,
                "said": said,
                "settled": settled,
                "lapsed": lapsed,
            }
        )
    return sorted(cards, key=lambda card: bool(card["settled"]))


class ImportView(ReportPage):
    """Read a file, show every cell as it was read with the findings, save only when a person says so."""

    template_name = "reports/desk/import.html"
    permission_required = "add"
    page_title = "导入报告"
    header_icon = "upload"
    add_url_name: str | None = None

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs("导入报告")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("upload", forms.UploadForm())
        return super().get_context_data(**kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sandbox.warm()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "parcel" in request.POST:
            return self._save(request)
        upload = forms.UploadForm(request.POST, request.FILES)
        if not upload.is_valid():
            return self.render_to_response(self.get_context_data(upload=upload), status=422)
        file = upload.cleaned_data["report"]
        try:
            data = sandbox.check_files((file.name, file.read()))
        except (Unreadable, sandbox.SandboxError) as error:
            upload.add_error("report", str(error))
            return self.render_to_response(self.get_context_data(upload=upload), status=422)
        data["user"] = request.user.pk
        return self._preview(data)

    def _preview(
        self, data: dict[str, Any], save: forms.SaveForm | None = None, status: int = 200
    ) -> HttpResponse:
        items = [_preview_item(i, item) for i, item in enumerate(data["items"])]
        choices = [(item["index"], item["report"].name) for item in items]
        save = save or forms.SaveForm(user=self.request.user, items=choices, initial=self._proposed(items[0]))
        context = self.get_context_data(
            items=items, save=save, parcel=signing.dumps(data, salt=SALT, compress=True)
        )
        return self.render_to_response(context, status=status)

    def _proposed(self, item: dict[str, Any]) -> dict[str, Any]:
        """The organ and year the file speaks of, where the user may choose them."""
        report = item["report"]
        initial: dict[str, Any] = {"item": 0, "year": report.year}
        if report.organ:
            mine = Organ.objects.filter(scope_of(self.request.user).condition("", services.MODULE, ["add"]))
            exact = mine.filter(name=report.organ).first()
            initial["organ"] = exact or next(
                (o for o in mine.order_by("path")[:500] if same_organ(o.name, report.organ)), None
            )
        return initial

    def _save(self, request: HttpRequest) -> HttpResponse:
        try:
            data: dict[str, Any] = signing.loads(request.POST["parcel"], salt=SALT, max_age=IMPORT_SECONDS)
        except signing.BadSignature:
            upload = forms.UploadForm()
            messages.error(request, "读取结果已过期（超过 4 小时），请重新选择文件。")
            return self.render_to_response(self.get_context_data(upload=upload), status=410)
        if data.get("user") != request.user.pk:
            raise PermissionDenied
        reports = [report_from_text(item["report"]) for item in data["items"]]
        form = forms.SaveForm(
            request.POST, user=request.user, items=[(i, r.name) for i, r in enumerate(reports)]
        )
        if form.is_valid():
            values = form.cleaned_data
            try:
                row = services.record_report(
                    request.user,
                    reports[values["item"]],
                    values["organ"],
                    values["year"],
                    correction=values["correction"],
                    replace=values["replace"],
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, "已保存，尚未公布。请在工作台逐条处理核验问题。")
                return HttpResponseRedirect(reverse("annual-reports:edit", args=[row.pk]))
        return self._preview(data, form, status=422)


def _preview_item(index: int, item: dict[str, Any]) -> dict[str, Any]:
    report = report_from_text(item["report"])
    findings = [finding_from_data(f) for f in item["findings"]]
    prefix = f"r{index}-" if index else ""
    cells = presenting.read_cells(report)
    return {
        "index": index,
        "report": report,
        "shown": presenting.show(report, findings, prefix=prefix),
        "remarks": presenting.unreadable(report),
        "cells": cells,
        "doubtful": [cell for cell in cells if cell.doubtful],
    }


class PublishAct(ActView):
    label = "公布"
    icon = "globe"
    permission_required = "publish"
    form_class = forms.PublishForm
    danger = True
    explanation = (
        "公布后任何人都能看到和下载这一版，内容和公布时间不能再改；发现错误只能发布更正版，旧版仍可查。"
    )
    success = "已公布。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return services.may_publish_now(instance)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.publish_report(self.request.user, self.object, at=cleaned["at"])


class DiscardAct(ActView):
    label = "删除未公布的版本"
    icon = "bin"
    permission_required = "delete"
    form_class = forms.DiscardForm
    danger = True
    explanation = "只能删除从未公布的版本。删除后内容不能恢复，审计记录中保留其摘要值和删除理由。"
    success = "已删除。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return instance.state in services.OPEN_STATES

    def perform(self, cleaned: dict[str, Any]) -> Any:
        services.discard_report(self.request.user, self.object, cleaned["reason"])
