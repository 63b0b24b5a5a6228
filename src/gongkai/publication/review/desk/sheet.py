"""审核单: one version with everything a reviewer needs to judge it, and the acts on it."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.admin import messages

from gongkai.publication import selectors as items
from gongkai.publication.models import (
    Attachment,
    Conclusion,
    DisclosurePage,
    Flow,
    Mark,
    ReviewForm,
    ScanOverride,
    Step,
)
from gongkai.publication.review import people, scanning, selectors, services, versions, workflow
from gongkai.publication.review.desk.base import ReviewDesk
from gongkai.publication.review.paper import filename, pdf
from gongkai.publication.review.scan.model import KINDS, Severity
from gongkai.publication.services.files import MAX_BYTES

MARK_ROWS, PROOF_ROWS = range(4), range(3)


class SecrecyForm(forms.Form):
    """The fields of a secrecy conclusion; what is missing the service says."""

    conclusion = forms.CharField(required=False, max_length=8)
    basis = forms.CharField(required=False, max_length=300)
    note = forms.CharField(required=False, max_length=300)
    next_review_on = forms.DateField(
        required=False, error_messages={"invalid": "下次复核日期写成 2026-11-30。"}
    )


class SheetView(ReviewDesk):
    """The form on screen; each act is one button."""

    template_name = "publication/review/sheet.html"
    page_title = "审核单"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form_row(self.kwargs["pk"])
        page = form.page.specific
        form.page = page
        latest = page.get_latest_revision_as_object()
        shown = form.revision.as_object() if form.revision_id else latest
        sent, files = versions.attachments_of(shown), versions.attachments_of(latest)
        base, base_name = self.base_of(form, page)
        user, reviewing = self.request.user, form.state == ReviewForm.State.REVIEWING
        why = people.refusal(user, form) if reviewing else ""
        writing = form.state in ("blocked", "returned") and self.may("add", form.organ, "publication")
        return super().get_context_data(
            **kwargs,
            form=form, item=page, latest=latest,
            changed=(form.state in ReviewForm.OPEN and versions.digest_of(latest) != form.digest)
            or (form.state == "approved" and versions.digest_of(latest) != form.digest),
            sections=versions.compare(base, shown), base_name=base_name,
            files=files if writing else sent, may_replace=writing,
            steps=self.steps(form), acts=self.acts(form),
            may_sign=reviewing and not why and self.may("approve", form.organ), why=why,
            gates=people.gates_of(form) if reviewing else (), proof=people.proof_of(form) if reviewing else None,
            conclusions=Conclusion.choices, mark_rows=self.rows("mark", MARK_ROWS),
            proof_rows=self.rows("proof", PROOF_ROWS),
            signed=self.request.POST.getlist("gates"),
            interpretations=items.interpretations_of(page) if page.kind == "policy" else [],
            needs_interpretation=page.kind == "policy",
            may_override=form.state == "blocked" and self.may("approve", form.organ)
            and user.pk not in people.authors(form),
            may_submit=writing,
            may_recall=form.state in ReviewForm.OPEN and (form.emergency_at is None or not page.shown)
            and (user.pk in (form.submitted_by_id, page.drafter_id)
                 or self.may("assign", form.organ, "publication")),
            may_release=form.state == "approved" and self.may("approve", form.organ),
            edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]), today=timezone.localdate(),
            **self.scan(form, [f for f in sent if f in files]),
        )  # fmt: skip

    def rows(self, name: str, numbers: range) -> list[tuple[int, str, str]]:
        """The empty lines of the return form, or what was typed into them."""
        post = self.request.POST
        return [(n, post.get(f"{name}_quote_{n}", ""), post.get(f"{name}_comment_{n}", "")) for n in numbers]

    @staticmethod
    def base_of(form: ReviewForm, page: DisclosurePage) -> tuple[DisclosurePage | None, str]:
        """The version to compare with: the one last reviewed in an earlier round, else the published one."""
        earlier = form.acts.filter(round__lt=form.round, revision__isnull=False).order_by("-pk").first()
        if earlier is not None and earlier.revision_id != form.revision_id:
            return earlier.revision.as_object(), "上一稿"
        if page.live and page.live_revision_id and page.live_revision_id != form.revision_id:
            return page.live_revision.as_object(), "已公开的版本"
        return None, ""

    @staticmethod
    def steps(form: ReviewForm) -> list[tuple[str, str]]:
        """(name, done/now/later) of the flow's steps."""
        steps = list(workflow.STEPS[form.flow])
        over = form.state in ("approved", "done")
        here = steps.index(Step(form.step)) if form.step else -1
        return [
            (
                s.label,
                "done" if over or n < here else "now" if n == here and form.state == "reviewing" else "later",
            )
            for n, s in enumerate(steps)
        ]

    @staticmethod
    def acts(form: ReviewForm) -> Any:
        return form.acts.select_related("by").prefetch_related("gates", "marks")

    @staticmethod
    def scan(form: ReviewForm, files: list[Attachment]) -> dict[str, Any]:
        """The scan of the version: what is still open, what was let pass, the rest; risk words by themselves. A hit in one
        of ``files`` leads to it."""
        run = scanning.latest_run(form.page, form.digest)
        passed = {
            o.key: o
            for o in ScanOverride.objects.filter(page=form.page_id, digest=form.digest).select_related("by")
        }
        hits = [
            {
                **h,
                "kind_label": KINDS[h["kind"]],
                "label": Severity(h["severity"]).label,
                "passed": passed.get(h["key"]),
                "file": next((f.pk for f in files if h["place"].startswith(f"附件“{f.name}”")), None),
            }
            for h in (run.hits if run else [])
        ]
        risk = [h for h in hits if h["kind"] == "risk"]
        return {
            "stopped": {h["file"] for h in hits if h["severity"] == "block" and not h["passed"]},
            "run": run, "hits": [h for h in hits if h["kind"] != "risk"], "risk": risk,
            "open_blocks": sum(1 for h in hits if h["severity"] == "block" and not h["passed"]),
        }  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_row(self.kwargs["pk"])
        act = request.POST.get("act", "")
        handler = getattr(self, f"act_{act}", None) if act in ACTS else None
        if handler is None:
            return HttpResponse("请选择要办理的事项。", status=422)
        try:
            done = handler(request, form)
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, typed=request.POST, act=act)
            return self.render_to_response(context, status=422)
        except PermissionDenied as refused:
            context = self.get_context_data(
                errors=[str(refused) or "您的职责不包括这项操作。"], typed=request.POST, act=act
            )
            return self.render_to_response(context, status=403)
        messages.success(request, done)
        return HttpResponseRedirect(request.path)

    @staticmethod
    def act_approve(request: HttpRequest, form: ReviewForm) -> str:
        post = request.POST
        gates = {g: post.get(f"remark_{g}", "") for g in post.getlist("gates")}
        secrecy: dict[str, Any] = {}
        if form.step == Step.SECRECY:
            fields = SecrecyForm(post)
            if not fields.is_valid():
                raise ValidationError([text for texts in fields.errors.values() for text in texts])
            secrecy = fields.cleaned_data
        done = services.approve(
            request.user, form, gates=gates, proofread=bool(post.get("proofread")), opinion=post.get("opinion", ""),
            publish_now=post.get("hold") is None, **secrecy,
        )  # fmt: skip
        if done.state == ReviewForm.State.DONE:
            return "终审通过，已公开。" if done.flow == Flow.PUBLISH else "审核全部通过，已办结。"
        if done.state == ReviewForm.State.APPROVED:
            return "终审通过，等待公开。"
        return f"已签署，送{Step(done.step).label}。"

    @staticmethod
    def act_return(request: HttpRequest, form: ReviewForm) -> str:
        post = request.POST
        pairs = {
            name: [
                (post.get(f"{name}_quote_{n}", "").strip(), post.get(f"{name}_comment_{n}", "").strip())
                for n in rows
            ]
            for name, rows in (("mark", MARK_ROWS), ("proof", PROOF_ROWS))
        }
        services.send_back(
            request.user, form, opinion=post.get("opinion", ""), marks=[p for p in pairs["mark"] if any(p)],
            corrections=[p for p in pairs["proof"] if any(p)], take_off_for=post.get("take_off_for", ""),
        )  # fmt: skip
        return (
            "已退回拟稿人修改，公开页已撤下。"
            if post.get("take_off_for", "").strip()
            else "已退回拟稿人修改。"
        )

    @staticmethod
    def act_override(request: HttpRequest, form: ReviewForm) -> str:
        post = request.POST
        services.override(
            request.user,
            form,
            post.get("key", ""),
            basis=post.get("basis", ""),
            reason=post.get("reason", ""),
        )
        return "已放行这一处，并记入审计。"

    @staticmethod
    def act_recall(request: HttpRequest, form: ReviewForm) -> str:
        services.recall(request.user, form, reason=request.POST.get("reason", ""))
        return "已撤回送审，可以继续修改。"

    @staticmethod
    def act_submit(request: HttpRequest, form: ReviewForm) -> str:
        done = services.submit(request.user, form.page, reply=request.POST.get("reply", ""))
        return said(done)

    @staticmethod
    def act_replace(request: HttpRequest, form: ReviewForm) -> str:
        old, file = request.POST.get("old", ""), request.FILES.get("file")
        if file is None or not old.isdecimal():
            raise ValidationError("请选择改好的文件。")
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(f"附件过大，上限 {MAX_BYTES // 1048576} MB。请压缩后重新上传。")
        kept = services.replace_file(request.user, form, int(old[:15]), file.name or "", file.read())
        return f"已换上“{kept.name}”。请点“重新送审”。"

    @staticmethod
    def act_release(request: HttpRequest, form: ReviewForm) -> str:
        if typed := request.POST.get("at", ""):
            try:
                at = parse_datetime(typed[:20])
            except ValueError:  # well written, but no day of any calendar
                at = None
            if at is None:
                raise ValidationError("定时公开的时间写成 2026-11-30 09:00。")
            services.schedule(request.user, form, timezone.make_aware(at) if timezone.is_naive(at) else at)
            return f"已定于 {at:%Y-%m-%d %H:%M} 公开。"
        services.release_approved(request.user, form)
        return "已公开。"


ACTS = ("approve", "return", "override", "recall", "submit", "release", "replace")


def said(form: ReviewForm) -> str:
    """What to tell the one who sent in."""
    if form.state == ReviewForm.State.BLOCKED:
        return "扫描发现必须处理的内容，没有送出。请看下面的位置，修改后重新送审。"
    return f"已送{Step(form.step).label}。"


class SubmitView(ReviewDesk):
    """送审 of an item (POST), from the item's page or the editor."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = item_of(self, self.kwargs["pk"])
        return submitted(request, page)


def item_of(view: ReviewDesk, pk: int) -> DisclosurePage:
    """An item of the user's organs. Raises Http404."""
    page = DisclosurePage.objects.filter(view.organs(), pk=pk).select_related("organ").first()
    if page is None:
        raise Http404("没有这条稿件，或不在您的机构范围内。")
    return page


def submitted(request: HttpRequest, page: DisclosurePage) -> HttpResponse:
    """Sends in and shows the form; what is missing is said on the item's page."""
    try:
        form = services.submit(request.user, page)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return HttpResponseRedirect(reverse("publication_item", args=[page.pk]))
    (messages.warning if form.state == ReviewForm.State.BLOCKED else messages.success)(request, said(form))
    return HttpResponseRedirect(reverse("review_sheet", args=[form.pk]))


class EmergencyView(ReviewDesk):
    """紧急发布: who, why, on what ground; the review afterwards is owed."""

    template_name = "publication/review/emergency.html"
    page_title = "紧急发布"
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = item_of(self, self.kwargs["pk"])
        if not self.may("publish", page.organ, "publication"):
            raise PermissionDenied
        return super().get_context_data(**kwargs, item=page)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page, post = item_of(self, self.kwargs["pk"]), request.POST
        try:
            form = services.publish_emergency(
                request.user, page, reason=post.get("reason", ""), basis=post.get("basis", "")
            )
        except ValidationError as error:
            return self.render_to_response(
                self.get_context_data(errors=error.messages, typed=post), status=422
            )
        messages.success(request, f"已紧急发布，须在 {form.review_due:%Y-%m-%d} 前补审。")
        return HttpResponseRedirect(reverse("review_sheet", args=[form.pk]))


class PaperView(ReviewDesk):
    """审签单 as PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_row(self.kwargs["pk"])
        paper = io.BytesIO(pdf(form))
        return FileResponse(paper, filename=filename(form), content_type="application/pdf")  # type: ignore[return-value]


class FileView(ReviewDesk):
    """A file of the version under review, as a download."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_row(self.kwargs["pk"])
        latest = form.page.specific.get_latest_revision_as_object()
        files = versions.attachments_of(form.revision.as_object() if form.revision_id else latest)
        if form.state in ("blocked", "returned"):
            files += versions.attachments_of(latest)  # what was put in since
        for file in files:
            if file.pk == self.kwargs["file"]:
                return FileResponse(file.file.open("rb"), as_attachment=True, filename=file.name)  # type: ignore[return-value]
        raise Http404("这一稿里没有这个附件。")


def marks_of(page_id: int) -> list[Mark]:
    """Passages marked on the newest form, while it lies with the drafter."""
    form = selectors.form_of(page_id)
    if form is None or form.state != ReviewForm.State.RETURNED:
        return []
    act = form.acts.filter(kind="return").order_by("-pk").first()
    return list(act.marks.all()) if act else []
