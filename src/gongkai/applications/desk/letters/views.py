"""The page of one letter: what it says, what is still missing, and the acts that are mine to do."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.applications import selectors
from gongkai.applications.desk.files.views import case_url, find_application, may
from gongkai.applications.desk.letters.forms import DeliveryForm, TextForm, ValuesForm
from gongkai.applications.letters import checking, context, delivery, services
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.freeze import intact
from gongkai.applications.letters.kinds import LETTER_KINDS, SIGNER_LABELS, To
from gongkai.applications.letters.layout import sheet_of
from gongkai.applications.models import Application, Letter
from gongkai.applications.models.files import FileKind
from gongkai.applications.services.files import store_file
from gongkai.organs.desk.base import add_errors

State = Letter.State
EDITABLE = (State.DRAFT, State.REVIEW)


def find_letter(user: Any, pk: int) -> Letter:
    """The letter, where its case is visible to ``user``. Raises Http404, so that nobody learns which exist."""
    rows = Letter.objects.select_related(
        "application__organ", "application__applicant", "drafted_by", "reviewed_by", "signed_by"
    )
    visible = selectors.visible_to(user).values("pk")
    found = rows.filter(pk=pk, application__in=visible).first()
    if found is None or found.kind not in LETTER_KINDS:
        raise Http404("没有这份文书，或不在您的机构范围内。")
    return found


def act_url(application: Application, kind: str) -> str:
    """Address of the case screen's form for an act, "" while there is none."""
    try:
        return reverse("applications_act", args=[application.pk, kind])
    except NoReverseMatch:
        return ""


class LetterPage(WagtailAdminTemplateMixin, TemplateView):
    """What the letter pages share."""

    header_icon = "mail"
    application: Application

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": case_url(self.application), "label": str(self.application)},
            {"url": "", "label": self.get_page_title()},
        ]


class LetterView(LetterPage):
    """GET shows; POST does one of the acts in ``DOES`` and comes back with what was typed if it is refused."""

    template_name = "applications/desk/letter.html"
    DOES = frozenset({"save", "regenerate", "submit", "pass", "return", "sign", "void", "deliver", "receipt"})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.letter = find_letter(request.user, kwargs["pk"])
        self.application = self.letter.application
        self.kind = LETTER_KINDS[self.letter.kind]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_page_title(self) -> str:
        return self.kind.label

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        does = request.POST.get("act", "")
        if does not in self.DOES:
            return HttpResponse("没有这一操作。", status=400, content_type="text/plain; charset=utf-8")
        typed = self._forms(request)
        try:
            with transaction.atomic():
                done = getattr(
                    self, f"do_{'pass_' if does == 'pass' else 'return_' if does == 'return' else does}"
                )(typed)
        except ValidationError as error:
            self.letter = find_letter(request.user, self.letter.pk)
            target = typed["delivery"] if does == "deliver" else typed["text"]
            if does in ("save", "deliver") and target is not None:
                _put(target, error)
            return self.render_to_response(
                self.get_context_data(problems=error.messages, problem_at=does, **typed), status=422
            )
        messages.success(request, done)
        return HttpResponseRedirect(reverse("applications_letter", args=[self.letter.pk]))

    def _forms(self, request: HttpRequest) -> dict[str, Any]:
        text = values = None
        if self.letter.state in EDITABLE and "body" in request.POST:
            text = TextForm(self.letter, request.POST, with_remedy=self.kind.has_remedy)
            values = ValuesForm(self.kind, request.POST)
        delivered = request.POST.get("act") == "deliver"
        return {
            "text": text,
            "values": values,
            "delivery": DeliveryForm(request.POST, request.FILES) if delivered else None,
        }

    def _save(self, typed: dict[str, Any], regenerate: bool = False) -> None:
        text, values = typed["text"], typed["values"]
        if text is None:
            return
        if not (text.is_valid() and values.is_valid()):
            raise ValidationError([e for form in (text, values) for es in form.errors.values() for e in es])
        data = text.cleaned_data
        services.update_letter(
            self.request.user,
            self.letter,
            title=data["title"],
            body=data["body"],
            values=values.values(),
            online=data.get("online"),
            attachments=data.get("attachments"),
            regenerate=regenerate,
        )

    def do_save(self, typed: dict[str, Any]) -> str:
        self._save(typed)
        return "已保存。"

    def do_regenerate(self, typed: dict[str, Any]) -> str:
        self._save(typed, regenerate=True)
        return "已按填写的内容重新生成正文。"

    def do_submit(self, typed: dict[str, Any]) -> str:
        self._save(typed)
        services.submit_letter(self.request.user, self.letter)
        return {State.SIGNED: "已出具。", State.REVIEW: "已送法制审核。"}.get(
            State(self.letter.state), "已送签。"
        )

    def do_pass_(self, typed: dict[str, Any]) -> str:
        self._save(typed)
        opinion = self.request.POST.get("opinion", "")
        services.review_letter(self.request.user, self.letter, passed=True, opinion=opinion)
        return "审核通过，已送签。"

    def do_return_(self, typed: dict[str, Any]) -> str:
        opinion = self.request.POST.get("opinion", "")
        services.review_letter(self.request.user, self.letter, passed=False, opinion=opinion)
        return "已退回拟稿人。"

    def do_sign(self, typed: dict[str, Any]) -> str:
        expected = self.request.POST.get("expected", "")
        services.sign_letter(
            self.request.user, self.letter, expected=int(expected) if expected.isdecimal() else None
        )
        return f"已签发，文号 {self.letter.number}。" if self.letter.number else "已签发。"

    def do_void(self, typed: dict[str, Any]) -> str:
        services.void_letter(self.request.user, self.letter, reason=self.request.POST.get("reason", ""))
        return "已作废。"

    def do_deliver(self, typed: dict[str, Any]) -> str:
        form = typed["delivery"]
        if not form.is_valid():
            raise ValidationError([e for es in form.errors.values() for e in es])
        data = dict(form.cleaned_data)
        upload = data.pop("proof", None)
        user = self.request.user
        if upload:
            data["proof"] = store_file(user, self.application, FileKind.SERVICE, upload)
        delivery.deliver_letter(user, self.letter, **data)
        return "已登记送达。"

    def do_receipt(self, typed: dict[str, Any]) -> str:
        receipt = delivery.service_receipt(self.request.user, self.letter)
        self.letter = receipt
        return "已出具送达回证，可以下载打印。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter, kind, user = self.letter, self.kind, self.request.user
        today = timezone.localdate()
        state = selectors.state_of(self.application, today)
        typist = may(user, "add", self.application)
        approver = may(user, "approve", self.application)
        mine = letter.drafted_by_id is not None and letter.drafted_by_id == user.pk
        editing = typist if letter.state == State.DRAFT else approver and not mine
        edits = letter.state in EDITABLE and editing
        if edits:
            kwargs["text"] = kwargs.get("text") or self._text_form()
            kwargs["values"] = kwargs.get("values") or ValuesForm(kind, values=letter.details["values"])
        signed = letter.state == State.SIGNED
        delivers = signed and kind.to is not To.FILE and may(user, "change", self.application)
        return super().get_context_data(
            **{
                "letter": letter,
                "kind": kind,
                "sheet": sheet_of(letter, on=today),
                "application": self.application,
                "case_url": case_url(self.application),
                "case": state,
                "history": context.history(self.application, state),
                "signer": SIGNER_LABELS[kind.signer],
                "basis": context.articles(kind.basis),
                "intact": intact(letter),
                "lacking": [] if letter.frozen else checking.problems(letter, self.application, today),
                "edits": edits,
                "submits": letter.state == State.DRAFT and typist,
                "reviews": letter.state == State.REVIEW and approver and not mine,
                "signs": letter.state == State.SIGN and approver and not mine,
                "own_waiting": mine and letter.state in (State.REVIEW, State.SIGN),
                "voids": self._voidable(typist, approver),
                "delivers": delivers,
                "delivery": kwargs.pop("delivery", None) or (DeliveryForm() if delivers else None),
                "deliveries": letter.deliveries.select_related("proof", "recorded_by"),
                "act_url": act_url(self.application, kind.event.value)
                if kind.event and not kind.is_answer and kind.event in state.lawful_acts
                else "",
                "fields": sorted(FIELDS.values(), key=lambda f: f.source),
                **kwargs,
            }
        )

    def _text_form(self) -> TextForm:
        letter = self.letter
        initial = {
            "title": letter.title,
            "body": letter.body,
            "online": letter.details["online"],
            "attachments": list(letter.attachments.values_list("pk", flat=True)),
        }
        return TextForm(letter, initial=initial, with_remedy=self.kind.has_remedy)

    def _voidable(self, typist: bool, approver: bool) -> bool:
        if self.letter.state == State.SIGNED:
            return approver and not self.kind.is_answer and not self.letter.deliveries.exists()
        return self.letter.state != State.VOID and typist


def _put(form: Any, error: ValidationError) -> None:
    if form.is_bound and form.is_valid():
        add_errors(form, error)


class LetterPreviewView(LetterView):
    """What was typed, as it would be printed; nothing is saved."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("applications_letter", args=[self.letter.pk]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letter = self.letter
        if letter.frozen:
            return HttpResponse("文书已经签发。", status=409, content_type="text/plain; charset=utf-8")
        letter.title = request.POST.get("title", "")[:160]
        letter.body = request.POST.get("body", "")[:20000]
        if self.kind.has_remedy:
            letter.keep_details(online=bool(request.POST.get("online")))
        return render(
            request,
            "applications/desk/letter_sheet.html",
            {"sheet": sheet_of(letter, on=timezone.localdate())},
        )


class LetterAddView(LetterPage):
    """拟写文书: the kinds that have their place now, and why the others have not."""

    template_name = "applications/desk/letter_add.html"
    page_title = "拟写文书"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.application = find_application(request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = selectors.state_of(self.application)
        fitting, others = [], []
        for kind in LETTER_KINDS.values():
            reason = kind.why_not(state)
            if not reason:
                fitting.append(kind)
            elif not kind.outcome:
                others.append((kind, reason))
        return super().get_context_data(
            **kwargs,
            application=self.application,
            case_url=case_url(self.application),
            fitting=sorted(fitting, key=lambda k: not k.outcome),
            others=others,
            may_draft=may(self.request.user, "add", self.application),
        )


class LetterDraftView(LetterPage):
    """The fields of one kind; POST makes the draft."""

    template_name = "applications/desk/letter_draft.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.application = find_application(request.user, kwargs["pk"])
        if kwargs["kind"] not in LETTER_KINDS:
            raise Http404("没有这种文书。")
        self.kind = LETTER_KINDS[kwargs["kind"]]
        self.about = request.GET.get("about", "")[:20]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_page_title(self) -> str:
        return f"拟写{self.kind.label}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ValuesForm(self.kind, request.POST)
        problems: list[str] = []
        if form.is_valid():
            try:
                letter = services.draft_letter(
                    request.user, self.application, self.kind.key, values=form.values(), about=self.about
                )
            except ValidationError as error:
                problems = error.messages
            else:
                return HttpResponseRedirect(reverse("applications_letter", args=[letter.pk]))
        return self.render_to_response(self.get_context_data(form=form, problems=problems), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = selectors.state_of(self.application)
        known = context.values_of(self.application, self.kind, state, {}, self.about)
        kwargs.setdefault("form", ValuesForm(self.kind, values=known))
        return super().get_context_data(
            **kwargs
            | {
                "application": self.application,
                "case_url": case_url(self.application),
                "kind": self.kind,
                "refused": self.kind.why_not(state),
                "may_draft": may(self.request.user, "add", self.application),
            }
        )
