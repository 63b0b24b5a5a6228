"""Downloading a file of a case, taking one in, removing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.applications import selectors
from gongkai.applications.models import Application, CaseFile, FileKind
from gongkai.applications.policies import MODULE
from gongkai.applications.services import files as service
from gongkai.organs.desk.base import add_errors
from gongkai.organs.scope import scope_of


def find_application(user: Any, pk: int) -> Application:
    """The application among those ``user`` may see. Raises Http404, so that nobody learns which exist."""
    found = selectors.visible_to(user).select_related("organ", "applicant").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这件申请，或不在您的机构范围内。")
    return found


def find_file(user: Any, pk: int) -> CaseFile:
    """The file, where its case is visible to ``user``. Raises Http404."""
    visible = selectors.visible_to(user).values("pk")
    rows = CaseFile.objects.select_related("application__organ", "application__applicant", "derived_from")
    found = rows.filter(pk=pk, application__in=visible).first()
    if found is None:
        raise Http404("没有这份文件，或不在您的机构范围内。")
    return found


def case_url(application: Application) -> str:
    """Address of the case screen (the desk's first page while there is none)."""
    try:
        return reverse("applications_case", args=[application.pk])
    except NoReverseMatch:
        return reverse("wagtailadmin_home")


def may(user: Any, action: str, application: Application) -> bool:
    return scope_of(user).allows(MODULE, [action], application.organ.path)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="查阅事由",
        max_length=200,
        min_length=service.MIN_REASON,
        help_text="例如：核对申请人身份；对原件作区分处理。查阅人、时间和事由记入审计记录。",
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the act."""


class CaseFormView(WagtailAdminTemplateMixin, FormView):
    """A form about one case, on the desk's page for an act."""

    template_name = "desk/act.html"
    header_icon = "doc-full"
    submit_label = "确定"
    explanation = ""
    danger = False
    application: Application

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": case_url(self.application), "label": str(self.application)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_success_url(self) -> str:
        return case_url(self.application)

    def perform(self, cleaned: dict[str, Any]) -> str:
        """Calls the service; returns the sentence to show."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            done = self.perform(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "explanation": self.explanation,
                "danger": self.danger,
                "submit_label": self.submit_label,
                "cancel_url": case_url(self.application),
                **kwargs,
            }
        )


class FileView(CaseFormView):
    """A download; of a guarded kind only after saying why."""

    form_class = ReasonForm
    page_title = "查阅受控文件"
    submit_label = "下载"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.file = find_file(request.user, kwargs["pk"])
        self.application = self.file.application
        self.explanation = (
            f"“{self.file.name}”属于{self.file.get_kind_display()}，含有个人信息或者不宜扩散的内容。"
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if service.needs_reason(self.file):
            return super().get(request, *args, **kwargs)
        try:
            return self._send("")
        except ValidationError as problem:
            messages.error(request, "；".join(problem.messages))
            return HttpResponseRedirect(case_url(self.application))

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self._send(form.cleaned_data["reason"])
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_invalid(form)

    def _send(self, reason: str) -> HttpResponse:
        content = service.open_file(self.request.user, self.file, reason)
        return service.download(content, self.file.name, self.file.media_type)


class AddForm(forms.Form):
    kind = forms.ChoiceField(label="类别")
    file = forms.FileField(
        label="文件", help_text="PDF、DOCX、XLSX、OFD、JPG、PNG、TIF、TXT，每个不超过 20 MB。"
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        service.check_upload(upload)
        return upload


class AddView(CaseFormView):
    """收入文件: one file into the case. The desk form is multipart, so it has a template of its own."""

    template_name = "applications/desk/files/add.html"
    form_class = AddForm
    page_title = "收入案卷文件"
    submit_label = "收入案卷"
    explanation = "文件按内容识别类型；带宏、带密码的和压缩包不能收入。"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.application = find_application(request.user, kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        kinds = [
            (kind.value, str(kind.label))
            for kind in FileKind
            if may(self.request.user, "approve" if kind is FileKind.RELEASED else "change", self.application)
            and kind is not FileKind.REDACTED  # made by the redaction page only
        ]
        return {**super().get_form_kwargs(), "kinds": kinds}

    def perform(self, cleaned: dict[str, Any]) -> str:
        row = service.store_file(self.request.user, self.application, cleaned["kind"], cleaned["file"])
        return f"已收入“{row.name}”。"


class RemoveForm(forms.Form):
    reason = forms.CharField(label="移除理由", max_length=200, min_length=service.MIN_REASON)


class RemoveView(CaseFormView):
    """Taking a wrongly filed document out."""

    form_class = RemoveForm
    page_title = "移除文件"
    submit_label = "移除"
    danger = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.file = find_file(request.user, kwargs["pk"])
        self.application = self.file.application
        self.explanation = (
            f"“{self.file.name}”的内容将从存储中删除，不能恢复；案卷中保留文件名、摘要和移除理由。"
        )

    def perform(self, cleaned: dict[str, Any]) -> str:
        service.remove_file(self.request.user, self.file, cleaned["reason"])
        return f"已移除“{self.file.name}”。"
