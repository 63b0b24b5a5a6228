"""批量导入: upload, say which column is what, try, import, take the report."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.publication.desk.intake.base import IntakeView
from gongkai.publication.exporting import XLSX
from gongkai.publication.intake import migration, sheets
from gongkai.publication.intake.rows import COLUMNS
from gongkai.publication.models import MigrationRun

#: One press of the button imports for so long; the next press (or the page itself) goes on.
SECONDS = 8.0
SHOWN = 50


def _download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class ImportList(IntakeView):
    """All imports of the user's organs, and the start of a new one."""

    template_name = "publication/desk/intake/imports.html"
    page_title = "批量导入"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organ = self.chosen_organ()
        may_history = organ is not None and self.may("publish", organ)
        context = {
            "organs": self.choosable(), "organ": organ, "columns": self.columns_of(organ)[:300],
            "modes": [m for m in MigrationRun.Mode.choices if may_history or m[0] == MigrationRun.Mode.DRAFT],
            "runs": MigrationRun.objects.filter(self.organs("add")).select_related("organ", "by")[:SHOWN],
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organ, post, file = self.chosen_organ(), request.POST, request.FILES.get("file")
        try:
            if organ is None or file is None:
                raise ValidationError("请选择要导入的表格（xlsx）或者网页的压缩包（zip）。")
            if (file.size or 0) > migration.MAX_BYTES:
                raise ValidationError(f"文件超过 {migration.MAX_BYTES // 1048576} MB，请分成几个文件。")
            run = migration.open_run(
                request.user, organ, file.name or "", file.read(), source=post.get("source", ""), mode=post.get("mode", ""),
                column=self.column_chosen() if post.get("column") else None,
            )  # fmt: skip
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, typed=post)
            return self.render_to_response(context, status=422)
        return HttpResponseRedirect(reverse("publication_import", args=[run.pk]))


class ImportRun(IntakeView):
    """One import, from the mapping to the report."""

    template_name = "publication/desk/intake/import.html"
    page_title = "批量导入"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_imports"), "label": "批量导入"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": "办理"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run(self.kwargs["pk"])
        trial = run.state in (MigrationRun.State.MAPPING, MigrationRun.State.CHECKED)
        left = run.rows.filter(trial=trial).exclude(reason="")
        chosen = {n: key for key, n in run.mapping.get("fields", {}).items()}
        done = run.moved + run.skipped
        context = {
            "run": run,
            "fields": COLUMNS,
            "headings": [(n, name or f"第 {n + 1} 列", chosen.get(n, "")) for n, name in enumerate(run.headings)],
            "columns": self.columns_of(run.organ)[:300], "default": run.mapping.get("column"),
            "reasons": left.order_by().values("reason").annotate(n=Count("pk")).order_by("-n", "reason")[:20],
            "left": left.order_by("line")[:SHOWN], "done": done,
            "notes": run.rows.filter(trial=trial, reason="").exclude(advice="").order_by("line")[:SHOWN],
            "percent": 100 * done // run.total if run.total else 0,
            "remapping": "map" in self.request.GET or run.state == MigrationRun.State.MAPPING,
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.run(self.kwargs["pk"])
        try:
            if request.POST.get("act") == "import":
                run = migration.import_rows(request.user, run, seconds=SECONDS)
                if run.state == MigrationRun.State.DONE:
                    messages.success(request, f"导入完成：导入 {run.moved} 条，未导入 {run.skipped} 条。")
            else:
                column = self.column_chosen() if request.POST.get("column") else None
                migration.set_mapping(request.user, run, self._fields(run), column)
                migration.try_run(request.user, run)
        except ValidationError as error:
            context = self.get_context_data(
                errors=error.messages, remapping=request.POST.get("act") != "import"
            )
            return self.render_to_response(context, status=422)
        return HttpResponseRedirect(reverse("publication_import", args=[run.pk]))

    def _fields(self, run: MigrationRun) -> dict[str, int]:
        fields: dict[str, int] = {}
        for n in range(len(run.headings)):
            key = self.request.POST.get(f"field-{n}", "")
            if key in fields:
                raise ValidationError("两列选了同一个要素，请改掉一个。")
            if key:
                fields[key] = n
        return fields


class ReportView(IntakeView):
    """The report as a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.run(self.kwargs["pk"])
        return _download(migration.report_of(run), f"import-report-{run.pk}.xlsx")


class TemplateView(IntakeView):
    """The workbook to fill in, with the organs and columns of the one chosen."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organ = self.chosen_organ()
        below = self.choosable().filter(path__startswith=organ.path)[:300] if organ else []
        titles = dict.fromkeys(c.title for c in self.columns_of(organ)[:300])
        data = sheets.template([o.name for o in below], titles)
        return _download(
            data, f"import-template-{re.sub('[^a-z0-9-]', '', organ.slug) if organ else 'all'}.xlsx"
        )
