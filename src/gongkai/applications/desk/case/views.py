"""The case screen, the form of each act, notes, corrections and assignment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from gongkai.applications import selectors
from gongkai.applications.desk.case import screen, words
from gongkai.applications.desk.case.access import find_case, must
from gongkai.applications.desk.case.guide import GUIDES
from gongkai.applications.forms_acts import ActForm, day_input
from gongkai.applications.models import Application, EventRecord
from gongkai.applications.policies import action_for
from gongkai.applications.services import act, register_application
from gongkai.applications.services.assignment import handlers
from gongkai.applications.services.notes import add_note
from gongkai.law.case import CaseState, Event, Kind, RecordCorrected
from gongkai.organs.desk.base import add_errors

REFUSED = 422  # the form came back: the act was not done


def parse_expected(request: HttpRequest) -> int | None:
    """The number of events on the screen the person acted from."""
    raw = request.POST.get("expected", "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else None


@method_decorator(never_cache, name="dispatch")
class CasePage(View):
    """A page about one case: ``self.case``, ``self.state``; found among those the user may see."""

    template_name = ""
    needs = "view"
    title = ""
    case: Application
    rows: list[EventRecord]
    state: CaseState

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.case = find_case(request.user, kwargs["pk"])
        must(request.user, self.needs, self.case)
        self.rows, self.state = screen.read(self.case)

    @property
    def user(self) -> Any:
        return self.request.user

    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        base = {
            "case": self.case,
            "state": self.state,
            "page_title": self.title or str(self.case),
            "deadline": screen.deadline(self.state),
            "case_url": reverse("applications_case", args=[self.case.pk]),
        }
        return TemplateResponse(self.request, self.template_name, {**base, **context}, status=status)

    def back(self) -> HttpResponse:
        return redirect("applications_case", self.case.pk)


class CaseView(CasePage):
    """发生了什么 | 是什么 | 下一步."""

    template_name = "applications/desk/case.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(screen.build(self.user, self.case, self.rows, self.state))


class FormPage(CasePage):
    """A form about one case. Nothing typed is lost: a refusal, also by somebody having acted meanwhile, shows it again."""

    template_name = "applications/desk/case_form.html"
    needs = "change"
    submit_label = "登记"
    danger = False

    def make_form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def perform(self, form: Any, expected: int | None) -> str:
        """Calls the service; returns the sentence to show."""
        raise NotImplementedError

    def more(self, form: Any) -> dict[str, Any]:
        """Further context of the page."""
        return {}

    def form_page(self, form: Any, status: int = 200, newer: list[Any] | None = None) -> HttpResponse:
        base = {
            "form": form,
            "submit_label": self.submit_label,
            "danger": self.danger,
            "expected": self.case.events_count,
            "newer": newer or [],
        }
        return self.page({**base, **self.more(form)}, status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.form_page(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        newer = self._newer()
        if not form.is_valid() or newer:
            return self.form_page(form, REFUSED, newer)
        try:
            done = self.perform(form, parse_expected(request))
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_page(form, REFUSED)
        messages.success(request, done)
        return self.back()

    def _newer(self) -> list[EventRecord]:
        """What others recorded since the form was opened; the person looks at it and confirms again."""
        expected = parse_expected(self.request)
        if expected is None or expected >= self.case.events_count:
            return []
        return [row for row in self.rows if row.position > expected]

    def told(self, what: str, state: CaseState) -> str:
        """已登记“检索”。答复期限 11月30日（周一）."""
        due = f"答复期限 {words.short_day(state.due_on)}。" if state.is_open and state.due_on else ""
        return f"已登记“{what}”，现为“{state.status_label}”。{due}"


class RegisterForm(forms.Form):
    """The number is given by the service; only the day and the person are chosen."""

    on = forms.DateField(label="登记日期", widget=day_input())
    handler = forms.ChoiceField(label="承办人", required=False)

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = handlers(case.organ)
        self.people = {str(user.pk): user for user, _ in offered}
        options = [(str(user.pk), label) for user, label in offered]
        self.fields["handler"].choices = [("", "（暂不分派）"), *options]  # type: ignore[attr-defined]

    def clean_handler(self) -> Any:
        return self.people.get(self.cleaned_data["handler"])


class ActView(FormPage):
    """The generated form of one act."""

    kind: Kind

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        try:
            self.kind = Kind(kwargs["kind"])
        except ValueError:
            raise Http404("没有这种办理事项。") from None
        if self.kind is Kind.SUBMITTED:
            raise Http404("提交申请在“收件登记”办理。")
        self.needs = "change" if self.kind is Kind.EXTENDED else action_for(self.kind)
        self.title = self.submit_label = words.VERBS[self.kind]
        super().setup(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = screen.act_url(self.case, self.kind)
        if own != reverse("applications_act", args=[self.case.pk, self.kind.value]):
            return redirect(own)
        return super().dispatch(request, *args, **kwargs)

    def make_form(self, data: Any = None) -> forms.Form:
        if self.kind is Kind.REGISTERED:
            start = {"on": self.state.today, "handler": str(self.case.handler_id or self.user.pk)}
            return RegisterForm(data, case=self.case, initial=start)
        form = ActForm(
            data,
            kind=self.kind,
            state=self.state,
            actor=self.user,
            policy=selectors.policy_for(self.case.organ),
            initial=self._preset(),
        )
        form.add_items(screen.requested_items(self.state))
        return form

    def _preset(self) -> dict[str, Any]:
        """A decision reached by the seven questions comes with the outcome and the path in the address."""
        query = self.request.GET
        if self.kind is not Kind.DECIDED or "outcome" not in query:
            return {}
        return {"outcome": query["outcome"][:80], "evidence": query.get("path", "")[:200]}

    def more(self, form: Any) -> dict[str, Any]:
        verdict = self.state.acts[self.kind]
        guide = GUIDES[self.kind]
        refused = (
            None if verdict else (words.sentence(verdict.reason), verdict.cite.short if verdict.cite else "")
        )
        extra: dict[str, Any] = {"guide": guide, "refused": refused}
        if self.kind is Kind.DECIDED:
            extra["barred"] = barred_outcomes(self.state)
        if self.kind is Kind.SIGNED:
            extra["letters"] = [
                row for row in screen.letters(screen.letter_rows(self.case)) if not row.removed
            ]
        return extra

    def perform(self, form: Any, expected: int | None) -> str:
        if self.kind is Kind.REGISTERED:
            cleaned = form.cleaned_data
            state = register_application(self.user, self.case, handler=cleaned["handler"], on=cleaned["on"])
            return f"已登记为 {self.case.number}，现为“{state.status_label}”。"
        state = act(self.user, self.case, form.event(), expected=expected)
        return self.told(words.VERBS[self.kind], state)


def barred_outcomes(state: CaseState) -> list[tuple[str, str, str]]:
    """(outcome, why it cannot be decided now, article) for those that are not open, grouped where all say the same."""
    return [
        (
            words.outcome_label(*key),
            words.sentence(verdict.reason),
            verdict.cite.short if verdict.cite else "",
        )
        for key, verdict in state.outcomes.items()
        if not verdict
    ]


class PickView(CasePage):
    """更正记录: first which one."""

    template_name = "applications/desk/case_pick.html"
    needs = "assign"
    title = "更正记录"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        entries = screen.timeline(self.rows, self.state)
        verdict = self.state.acts[Kind.RECORD_CORRECTED]
        return self.page({"entries": entries, "guide": GUIDES[Kind.RECORD_CORRECTED], "open": bool(verdict)})


class CorrectView(FormPage):
    """One record and what it should have said; left as it is and “撤销” ticked, it is struck out."""

    template_name = "applications/desk/case_form.html"
    needs = "assign"
    title = "更正记录"
    submit_label = "更正"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        position = kwargs["position"]
        if not 1 <= position <= len(self.state.events):
            raise Http404("没有这条记录。")
        self.position = position
        raw = self.rows[position - 1].event()
        current = self.state.events[position - 1]
        if isinstance(raw, RecordCorrected):
            raise Http404("更正记录本身有误的，请再次更正它所指的那一条。")
        self.current: Event = current if current is not None else raw

    def make_form(self, data: Any = None) -> forms.Form:
        form = ActForm(
            data, kind=self.current.kind, state=self.state, actor=self.user, of=self.current,
            policy=selectors.policy_for(self.case.organ),
        )  # fmt: skip
        form.add_items(screen.requested_items(self.state))
        if self.current.kind is Kind.REGISTERED:
            form.fields["number"].disabled = True  # type: ignore[attr-defined]
            form.fields["number"].help_text = "编号不能改动。"
        form.fields["correction_strike"] = forms.BooleanField(
            label="撤销这条记录（事情没有发生过）", required=False, help_text="勾选后，上面的内容不起作用。"
        )
        form.fields["correction_reason"] = forms.CharField(
            label="更正的原因", max_length=400, widget=forms.Textarea(attrs={"rows": 2})
        )
        return form

    def more(self, form: Any) -> dict[str, Any]:
        was = [words.Detail("日期", words.day(self.current.on)), *words.details(self.current)]
        return {
            "guide": GUIDES[Kind.RECORD_CORRECTED],
            "was": was,
            "was_label": f"第 {self.position} 条“{self.current.label}”",
        }

    def perform(self, form: Any, expected: int | None) -> str:
        cleaned = form.cleaned_data
        replacement = None if cleaned["correction_strike"] else form.event()
        if replacement is not None and replacement == self.current:
            raise ValidationError("没有改动任何内容。")
        event = RecordCorrected(
            on=timezone.localdate(),
            target=self.position,
            reason=cleaned["correction_reason"],
            replacement=replacement,
            by=str(self.user)[:60],
        )
        state = act(self.user, self.case, event, expected=expected)
        return self.told("更正记录", state)


class NoteView(CasePage):
    """An internal note, posted from the case screen."""

    needs = "change"
    template_name = "applications/desk/case.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        text = request.POST.get("text", "")
        try:
            add_note(self.user, self.case, text)
        except ValidationError as problem:
            context = screen.build(self.user, self.case, self.rows, self.state)
            return self.page({**context, "note_text": text, "note_error": problem.messages[0]}, REFUSED)
        messages.success(request, "已记下备注。")
        return redirect(reverse("applications_case", args=[self.case.pk]) + "#notes")
