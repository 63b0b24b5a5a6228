"""Desk pages beside the lists: read a file, register what was issued before, import a register, open an attachment."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from gongkai.applications.filetypes import clean_name, recognise
from gongkai.applications.services.files import download, max_bytes, read_upload
from gongkai.normative import importing, reading, services
from gongkai.normative.desk import forms
from gongkai.normative.models import Attachment, Document
from gongkai.normative.policies import MODULE
from gongkai.normative.services import held
from gongkai.normative.views import MEDIA
from gongkai.organs.desk.base import add_errors, limit_choices
from gongkai.organs.scope import scope_of


class AddingPage(WagtailAdminTemplateMixin, FormView):
    """For those who may add documents somewhere."""

    label = ""
    explanation = ""
    submit = ""
    template_name = "desk/act.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, ["add"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_page_title(self) -> str:
        return self.label

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("documents:index"), "label": "文件登记簿"},
            {"url": "", "label": self.label},
        ]

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        limit_choices(form, self.request.user, policy_registry.get_by_type(Document), ["add"])
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            explanation=self.explanation,
            submit_label=self.submit,
            page_title=self.label,
            cancel_url=reverse("documents:index"),
        )


class ReadView(AddingPage):
    """A file in, the add form filled in."""

    label = "从文件读取"
    submit = "读取"
    explanation = "上传可编辑的 Word 或者 PDF，系统读出标题、文号、日期和正文，填入登记表由您核对，文件本身随登记一并保存。"
    form_class = forms.ReadForm
    template_name = "normative/desk/upload_act.html"

    def form_valid(self, form: Any) -> HttpResponse:
        upload = form.cleaned_data["file"]
        try:
            data = read_upload(upload, max_bytes())
            found = reading.read_document(data)
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_invalid(form)
        before = self.request.session.get("normative.read") or {}
        if before.get("file"):
            held.let_go(before["file"])
        self.request.session["normative.read"] = {
            "initial": {
                "title": found.title,
                "body": found.body,
                "formed_on": found.formed_on.isoformat() if found.formed_on else None,
                "term": "fixed" if found.until else "open",
                "category": "normative" if found.clauses >= 3 else "policy",
            },
            "file": held.hold(clean_name(upload.name or "文件", recognise(data)), data),
            # A draft is what led to the document; what bears a number is the document.
            "keep_as": (Attachment.Kind.ORIGINAL if found.number else Attachment.Kind.EVIDENCE).value,
        }
        seen = [
            f"文号 {found.number}（印发时填写）" if found.number else "",
            f"施行日期 {found.effective_on}" if found.effective_on else "",
            f"有效期至 {found.until}" if found.until else "",
            f"条文 {found.clauses} 条" if found.clauses else "",
        ]
        messages.success(self.request, "已读取，请核对后保存。" + "；".join(filter(None, seen)))
        return redirect(reverse("documents:add") + "?read=1")


class RegisterView(AddingPage):
    """补登 one document."""

    label = "补登已印发文件"
    submit = "登记"
    explanation = "登记平台启用以前印发、或者没有走起草环节的文件。文号按原样填写，不再编号；已经废止的一并填写失去效力的日期。"
    form_class = forms.RegisterForm

    def form_valid(self, form: Any) -> HttpResponse:
        values = dict(form.cleaned_data)
        organ = values.pop("organ")
        try:
            made = services.register_existing(self.request.user, organ, services.Existing(**values))
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_invalid(form)
        messages.success(self.request, f"已登记《{made.title}》。")
        return redirect(reverse("documents:inspect", args=[made.pk]))


class ImportView(AddingPage):
    """A spreadsheet in, a report of every line left out."""

    label = "从 Excel 导入登记簿"
    submit = "导入"
    explanation = "先试导入，看哪些行不能导入、为什么；改好以后勾选“正式导入”。已经登记的文号不会重复导入。"
    form_class = forms.ImportForm
    template_name = "normative/desk/import.html"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            data = read_upload(form.cleaned_data["file"], max_bytes())
            outcome = importing.import_register(
                self.request.user, data, dry_run=not form.cleaned_data["really"]
            )
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, outcome=outcome))


def import_template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    if not scope_of(request.user).allows(MODULE, ["add"]):
        raise PermissionDenied
    return download(importing.template(), "文件登记簿导入表.xlsx", MEDIA["xlsx"])


def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A file of a document, for those who may see it."""
    policy: Any = policy_registry.get_by_type(Document)
    visible = policy.instances_user_has_any_permission_for(request.user, ["view"])
    found = Attachment.objects.filter(pk=file, document=pk, document__in=visible.values("pk")).first()
    if found is None:
        raise Http404("没有这份文件，或不在您的机构范围内。")
    return download(found.file.open("rb"), found.name, found.media_type)
