"""新增（上传文件）, 粘贴整理, and the confirmation that both lead to."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from wagtail.admin import messages

from gongkai.organs.desk.base import add_errors
from gongkai.organs.scope import scope_of
from gongkai.publication.desk.base import MODULE
from gongkai.publication.desk.intake.base import IntakeView
from gongkai.publication.intake import cleaning, services
from gongkai.publication.intake.outline import plain
from gongkai.publication.intake.paste import Cleaned, clean
from gongkai.publication.models import DisclosurePage, IntakeDraft
from gongkai.publication.review.desk.sheet import submitted
from gongkai.publication.services.files import MAX_BYTES
from gongkai.publication.vocab import GENRE_CHOICES, TOPIC_CHOICES

WAITING_SHOWN = 20


class UploadView(IntakeView):
    """Choose a column, give a file; what was begun and not finished stands below."""

    template_name = "publication/desk/intake/upload.html"
    page_title = "新增（上传文件）"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organ = self.chosen_organ()
        columns = list(self.columns_of(organ)[:300])
        waiting = IntakeDraft.objects.filter(self.organs("add"), by=self.request.user.pk, state="waiting")
        last = (
            IntakeDraft.objects.filter(by=self.request.user.pk, organ=organ)
            .values_list("column", flat=True)
            .first()
        )
        context = {
            "organs": self.choosable(), "organ": organ, "columns": [c for c in columns if services.takes_files(c)],
            "given_up": cleaning.restorable().filter(self.organs("add"), by=self.request.user.pk)
            .select_related("column", "organ")[:WAITING_SHOWN],
            "keep_days": settings.PUBLICATION_INTAKE_KEEP_DAYS,
            "waiting": waiting.select_related("column", "organ")[:WAITING_SHOWN], "chosen": last,
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (wanted := request.POST.get("restore", "")).isdecimal():
            return self._restore(request, int(wanted[:15]))
        column, file = self.column_chosen(), request.FILES.get("file")
        errors = []
        if file is None:
            errors = ["请选择要上传的文件。"]
        elif (file.size or 0) > MAX_BYTES:
            errors = [f"文件超过 {MAX_BYTES // 1048576} MB，请压缩或者拆分后再上传。"]
        else:
            try:
                draft = services.read_upload(request.user, column, file.name or "", file.read())
            except ValidationError as error:
                errors = error.messages
            else:
                take_extras(request, draft)
                return HttpResponseRedirect(reverse("publication_intake_draft", args=[draft.pk]))
        context = self.get_context_data(errors=errors, chosen=column.pk, organ=column.organ)
        return self.render_to_response(context, status=422)

    def _restore(self, request: HttpRequest, key: int) -> HttpResponse:
        draft = self.draft(key)
        try:
            cleaning.restore(request.user, draft)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(errors=error.messages), status=422)
        return HttpResponseRedirect(reverse("publication_intake_draft", args=[draft.pk]))


def take_extras(request: HttpRequest, draft: IntakeDraft) -> bool:
    """Adds the chosen files to ``draft``; says which were refused and why. True when none was."""
    uploads, refused = [], []
    for file in request.FILES.getlist("extras"):
        if (file.size or 0) > MAX_BYTES:
            refused.append(f"“{file.name}”没有加上：超过 {MAX_BYTES // 1048576} MB，请压缩或者拆分。")
        else:
            uploads.append((file.name or "", file.read()))
    refused += services.add_files(request.user, draft, uploads)
    for text in refused:
        messages.error(request, text)
    return not refused


class PasteView(IntakeView):
    """粘贴整理: works without script; with it the clipboard's own mark-up comes along."""

    template_name = "publication/desk/intake/paste.html"
    page_title = "粘贴整理"
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organ = self.chosen_organ()
        columns = [c for c in self.columns_of(organ)[:300] if services.takes_files(c)]
        return super().get_context_data(
            **{"organs": self.choosable(), "organ": organ, "columns": columns, **kwargs}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        post = request.POST
        source = post.get("html", "") if post.get("html", "").strip() else post.get("source", "")
        typed = {
            "source": post.get("source", ""),
            "html": post.get("html", ""),
            "title": post.get("title", ""),
        }
        try:
            if post.get("act") == "keep":
                draft = services.read_paste(request.user, self.column_chosen(), source, typed["title"])
                return HttpResponseRedirect(reverse("publication_intake_draft", args=[draft.pk]))
            cleaned = clean(source)
        except (ValidationError, ValueError) as error:
            errors = error.messages if isinstance(error, ValidationError) else [str(error)]
            return self.render_to_response(self.get_context_data(errors=errors, typed=typed), status=422)
        if not cleaned.blocks:
            context = self.get_context_data(errors=["没有粘贴到文字。请在框里粘贴正文。"], typed=typed)
            return self.render_to_response(context, status=422)
        typed["title"] = typed["title"] or cleaned.title
        context = self.get_context_data(
            typed=typed, cleaned=cleaned, preview=preview(cleaned.blocks), words=len(plain(cleaned.blocks))
        )
        return self.render_to_response(context)


def preview(blocks: list[Any], captions: dict[int, str] | None = None) -> list[dict[str, Any]]:
    """Blocks for the template: cleaned text as it is, tables with their number."""
    shown, number = [], 0
    for kind, value in blocks:
        if kind == "text":
            # Made of escaped words and a dozen bare tags by ``outline`` alone.
            shown.append({"html": mark_safe(value)})  # noqa: S308
        elif kind == "table":
            number += 1
            caption = (captions or {}).get(number, value["table_caption"])
            shown.append({"table": value, "number": number, "caption": caption})
    return shown


def clean_for_editor(request: HttpRequest) -> JsonResponse:
    """What the editor's paste hook asks: the text of a paste, cleaned; tables are counted, the editor holds none."""
    if not scope_of(request.user).allows(MODULE, ["add"]):
        raise PermissionDenied
    if request.method != "POST":
        return JsonResponse({"error": "请用粘贴操作。"}, status=405)
    try:
        source = json.loads(request.body.decode("utf-8"))["html"]
        cleaned = clean(source) if isinstance(source, str) else Cleaned([])
    except (ValueError, KeyError, TypeError) as error:
        message = str(error) if type(error) is ValueError else "粘贴的内容读不出来，请改用“粘贴整理”。"
        return JsonResponse({"error": message}, status=422)
    dropped = [f"{d.what} {d.count} 处" for d in cleaned.dropped]
    # The editor has a field for the title; in the body it stays a heading until the clerk decides.
    title = f"<h2>{escape(cleaned.title)}</h2>" if cleaned.title else ""
    return JsonResponse({"html": title + cleaned.html, "tables": cleaned.tables, "dropped": dropped})


class ConfirmForm(forms.Form):
    """The fields as they were read, to be confirmed."""

    title = forms.CharField(label="标题", max_length=255, widget=forms.Textarea(attrs={"rows": 2}))
    document_number = forms.CharField(label="发文字号", max_length=60, required=False)
    issuer = forms.CharField(
        label="制作机关", max_length=120, required=False, help_text="与发布机构相同时可以不填。"
    )
    formed_on = forms.DateField(
        label="成文日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    effective_on = forms.DateField(
        label="施行日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expires_on = forms.DateField(
        label="失效日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    genre = forms.ChoiceField(label="体裁", required=False, choices=[("", "未选"), *GENRE_CHOICES])
    topic_class = forms.ChoiceField(label="主题分类", required=False, choices=[("", "未选"), *TOPIC_CHOICES])
    summary = forms.CharField(
        label="内容概述", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    keywords = forms.CharField(label="主题词", max_length=200, required=False, help_text="用空格隔开。")

    def lines(self, read: dict[str, Any]) -> list[dict[str, Any]]:
        """Each field with how sure the reading was and where it stood."""
        return [{"field": self[name], "read": read.get(name)} for name in self.fields]


class DraftView(IntakeView):
    """确认来稿: fields on one side, body on the other; saved as often as one likes."""

    template_name = "publication/desk/intake/draft.html"
    page_title = "确认来稿"
    header_icon = "tick"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_intake"), "label": "新增（上传文件）"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.draft(self.kwargs["pk"])
        read = draft.reading.get("fields", {})
        initial = {k: v["value"] for k, v in read.items()} | draft.typed
        form = kwargs.pop("form", None) or ConfirmForm(initial=initial)
        captions = _captions(draft.typed)
        context = {
            "draft": draft, "form": form, "lines": form.lines(read), "remarks": draft.reading.get("remarks", []),
            "preview": preview(draft.blocks, captions), "done": draft.state != IntakeDraft.State.WAITING,
            "files": [f.attachment for f in draft.files.select_related("attachment")],
        }  # fmt: skip
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft(self.kwargs["pk"])
        if draft.state != IntakeDraft.State.WAITING:
            messages.error(request, "这份来稿已经办过了，请到“稿件”里找。")
            return HttpResponseRedirect(reverse("publication_items"))
        names = [*ConfirmForm.base_fields, *(k for k in request.POST if k.startswith("caption-"))]
        typed = {name: request.POST.get(name, "")[:2000] for name in names[:400]}
        if request.POST.get("act") == "discard":
            try:
                services.discard(request.user, draft)
            except ValidationError as error:  # confirmed elsewhere in this very moment
                messages.error(request, "".join(error.messages))
                return HttpResponseRedirect(reverse("publication_items"))
            messages.success(request, f"已放弃。{settings.PUBLICATION_INTAKE_KEEP_DAYS} 日内可以在这里恢复。")
            return HttpResponseRedirect(reverse("publication_intake"))
        services.save_typed(request.user, draft, typed)
        act = request.POST.get("act", "")
        if act.startswith("drop-") and act[5:20].isdecimal():
            services.drop_file(request.user, draft, int(act[5:20]))
        taken = take_extras(request, draft)
        if act.startswith("drop-") or act == "attach" or not taken:
            return HttpResponseRedirect(f"{request.path}#files")
        if act == "save":
            if request.headers.get("X-Requested-With") == "fetch":
                return HttpResponse(status=204)
            messages.success(request, "已保存，随时可以回来接着办。")
            return HttpResponseRedirect(reverse("publication_intake"))
        return self._confirm(request, draft, typed)

    def _confirm(self, request: HttpRequest, draft: IntakeDraft, typed: dict[str, str]) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if form.is_valid():
            try:
                page: DisclosurePage = services.confirm(
                    request.user, draft, form.cleaned_data, _captions(typed)
                )
            except ValidationError as error:
                add_errors(form, error)
            else:
                if request.POST.get("act") == "submit":
                    return submitted(request, page)
                messages.success(request, "已存为草稿。请核对正文，然后送审。")
                return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _captions(typed: dict[str, str]) -> dict[int, str]:
    pairs = ((k.removeprefix("caption-"), v) for k, v in typed.items() if k.startswith("caption-"))
    return {int(n): v for n, v in pairs if n.isdecimal() and len(n) < 5}
