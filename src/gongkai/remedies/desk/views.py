"""One remedy's page, the notice, the steps, the result, corrections, and what is handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from gongkai.applications.desk.ledger.words import case_url
from gongkai.applications.services.files import download
from gongkai.organs.desk.base import add_errors
from gongkai.organs.scope import require, scope_of
from gongkai.remedies import drafts, evidence, selectors
from gongkai.remedies.course import Course, fold, possible
from gongkai.remedies.desk import words
from gongkai.remedies.desk.forms import STEP_FORMS, CorrectForm, RegisterForm, ResultForm, StepForm
from gongkai.remedies.kinds import REOPENING, Step
from gongkai.remedies.models import Remedy, RemedyStep
from gongkai.remedies.policies import MODULE
from gongkai.remedies.services import correct_step, record_result, register_remedy, reopen_case, take_step

REFUSED = 422  # the form came back: nothing was done
RELATED = (
    "organ",
    "application__organ",
    "application__applicant",
    "earlier",
    "reconsideration",
    "later",
    "handler",
)


def find_remedy(user: Any, pk: int) -> Remedy:
    """The remedy among those ``user`` may see. Raises Http404, so that nobody learns which exist elsewhere."""
    found = selectors.visible_to(user).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        if not scope_of(user).allows(MODULE, ["view"]):
            raise PermissionDenied("您的职责不包括复议诉讼。")
        raise Http404("没有这件复议诉讼，或不在您的机构范围内。")
    return found


@method_decorator(never_cache, name="dispatch")
class RemedyPage(View):
    """A page about one remedy: ``self.remedy``, its steps and course."""

    template_name = ""
    needs = "view"
    title = ""
    remedy: Remedy
    rows: list[RemedyStep]
    course: Course

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.remedy = find_remedy(request.user, kwargs["pk"])
        require(request.user, MODULE, self.needs, self.remedy.organ)
        self.rows = list(self.remedy.steps.order_by("position"))
        self.course = fold(row.taken() for row in self.rows)

    def may(self, action: str) -> bool:
        return scope_of(self.request.user).allows(MODULE, [action], self.remedy.organ.path)

    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        base = {
            "remedy": self.remedy,
            "page_title": self.title or str(self.remedy),
            "period": words.period(self.remedy, timezone.localdate()),
            "remedy_url": words.remedy_url(self.remedy.pk),
        }
        return TemplateResponse(self.request, self.template_name, {**base, **context}, status=status)

    def back(self) -> HttpResponse:
        return redirect(words.remedy_url(self.remedy.pk))


#: The verb of each step's button, the one that usually comes next first.
VERBS = {
    Step.REPLIED: "登记答复举证",
    Step.HEARING: "登记审理安排",
    Step.RESULTED: "登记结果",
    Step.SERVED: "登记收到文书",
    Step.EFFECTIVE: "登记生效",
    Step.COMPLIED: "登记履行",
    Step.LESSON: "写警示分析",
    Step.CLOSED: "结案",
}
LEADS = {
    Step.REPLIED: "答复书（答辩状）和证据、依据已提交复议机关或者人民法院的日期。逾期不提供证据的，视为没有证据。",
    Step.HEARING: "复议机关通知听证、听取意见，人民法院通知开庭，或者程序转换。",
    Step.SERVED: "收到复议决定书、判决书、裁定书的日期。上诉期限从次日起算。",
    Step.EFFECTIVE: "复议决定书送达即生效；一审裁判在上诉期满没有上诉时生效。",
    Step.COMPLIED: "决定或者裁判要求的内容已经做到的日期。重新答复的申请在送达后自动登记。",
    Step.LESSON: "为什么被纠正、以后应当怎样做。警示会在同主题申请的办理页提示承办人。",
    Step.CLOSED: "结果已生效，要求履行的内容已经履行。",
}


class DetailView(RemedyPage):
    """发生了什么 | 是什么 | 下一步."""

    template_name = "remedies/desk/detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        remedy, can_work = self.remedy, self.may("change")
        case = remedy.application
        sees_case = case is not None and scope_of(request.user).allows(
            "applications", ["view"], case.organ.path
        )
        appeal = (
            selectors.appeal_of(remedy) if not hasattr(remedy, "later") and not remedy.closed_on else None
        )
        return self.page(
            {
                "timeline": words.timeline(self.rows),
                "acts": self._acts() if can_work else [],
                "can_work": can_work,
                "can_assign": self.may("assign"),
                "appeal": appeal,
                "cautions": selectors.cautions(remedy),
                "case_url": case_url(case.pk) if case and sees_case else "",
                "reopens": can_work and self._reopens(),
                "suits": list(remedy.suits.order_by("pk")),
                "later": getattr(remedy, "later", None),
                "reply_title": drafts.title_of(remedy),
                "ledger_url": reverse("remedies-ledger:index"),
            }
        )

    def _acts(self) -> list[dict[str, Any]]:
        return [
            {
                "label": VERBS[step],
                "url": reverse("remedies_result", args=[self.remedy.pk])
                if step is Step.RESULTED
                else reverse("remedies_step", args=[self.remedy.pk, step.value]),
                "first": index == 0,
            }
            for index, step in enumerate(possible(self.course))
        ]

    def _reopens(self) -> bool:
        """Whether the result orders a new answer that the case has not begun."""
        remedy = self.remedy
        if remedy.application is None or remedy.result not in REOPENING or remedy.complied_on:
            return False
        return not remedy.application.is_open


class FormPage(RemedyPage):
    """A form about one remedy. Nothing typed is lost: a refusal shows it again."""

    template_name = "remedies/desk/form.html"
    needs = "change"
    submit_label = "登记"
    lead = ""

    def make_form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def perform(self, form: Any, expected: int | None) -> str:
        """Calls the service; returns the sentence to show."""
        raise NotImplementedError

    def form_page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "submit_label": self.submit_label,
            "lead": self.lead,
            "expected": self.remedy.steps_count,
            "back_url": words.remedy_url(self.remedy.pk),
        }
        return self.page(context, status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.form_page(self.make_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.form_page(form, REFUSED)
        raw = request.POST.get("expected", "")
        expected = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else None
        try:
            done = self.perform(form, expected)
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_page(form, REFUSED)
        messages.success(request, done)
        return self.back()


class StepView(FormPage):
    """A step with its day."""

    step: Step

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if kwargs["step"] not in {s.value for s in VERBS} or kwargs["step"] == Step.RESULTED:
            raise Http404("没有这种办理事项。")
        self.step = Step(kwargs["step"])
        self.title = self.submit_label = VERBS[self.step]
        self.lead = LEADS[self.step]
        super().setup(request, *args, **kwargs)

    def make_form(self, data: Any = None) -> forms.Form:
        start = {"on": timezone.localdate(), "correction_reason": self.remedy.correction_reason}
        return STEP_FORMS.get(self.step, StepForm)(data, initial=start)

    def perform(self, form: Any, expected: int | None) -> str:
        c = form.cleaned_data
        take_step(
            self.request.user, self.remedy, self.step, c["on"], data=form.data_of(), note=c["note"],
            expected=expected,
        )  # fmt: skip
        return f"已{VERBS[self.step]}，现为“{self.remedy.get_state_display()}”。"


class ResultView(FormPage):
    """The decision, and with it the case opened again."""

    title = submit_label = "登记结果"
    lead = "照决定书、裁判文书填写。责令重新答复、责令履行的，涉及的申请随之重新办理，答复期限从收到文书的次日起算。"

    def make_form(self, data: Any = None) -> forms.Form:
        return ResultForm(data, remedy=self.remedy, initial={"served_on": timezone.localdate()})

    def perform(self, form: Any, expected: int | None) -> str:
        outcome = form.outcome()
        record_result(
            self.request.user, self.remedy, outcome, note=form.cleaned_data["note"], expected=expected
        )
        again = outcome.reopen and outcome.result in REOPENING and self.remedy.application
        return "已登记结果，涉及的申请已重新办理。" if again else "已登记结果。"


class ReopenView(FormPage):
    """重新办理 by itself, where it was not done with the result."""

    title = submit_label = "重新办理涉及的申请"
    lead = "决定或者裁判要求重新答复：该申请的答复期限重新计算，不计入新收，也不改动已办结年度的统计。"

    def make_form(self, data: Any = None) -> forms.Form:
        return forms.Form(data)

    def perform(self, form: Any, expected: int | None) -> str:
        state = reopen_case(self.request.user, self.remedy)
        return "已重新办理。" if state else "该申请尚在办理，不需要重新办理。"


class CorrectView(FormPage):
    """A wrong day, or a step that did not happen."""

    needs = "assign"
    title = "更正记录"
    submit_label = "更正"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        entries = {entry.position: entry for entry in words.timeline(self.rows)}
        entry = entries.get(kwargs["position"])
        if entry is None or not entry.correctable:
            raise Http404("没有可更正的这条记录。")
        self.position = entry.position
        self.lead = f"第 {entry.position} 条“{entry.label}”，{entry.on}。原记录保留，更正另记一条。"

    def make_form(self, data: Any = None) -> forms.Form:
        return CorrectForm(data, initial={"on": self.rows[self.position - 1].on})

    def perform(self, form: Any, expected: int | None) -> str:
        c = form.cleaned_data
        on = None if c["strike"] else c["on"]
        correct_step(self.request.user, self.remedy, self.position, c["reason"], on=on, expected=expected)
        return f"已更正，现为“{self.remedy.get_state_display()}”。"


class RegisterView(View):
    """登记收到的通知."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request.user, MODULE, "add")

    def _page(self, form: RegisterForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "page_title": "登记复议诉讼",
            "submit_label": "登记",
            "lead": "照收到的通知填写。登记后自动计算答复、举证期限，并列入“今天”。",
            "back_url": reverse("remedies-ledger:index"),
        }
        return TemplateResponse(self.request, "remedies/desk/form.html", context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        start = {"received_on": timezone.localdate(), "kind": request.GET.get("kind", "reconsideration")}
        if request.GET.get("case", "").isdecimal():
            from gongkai.applications.selectors import visible_to as visible_cases

            case = visible_cases(request.user).filter(pk=int(request.GET["case"])).first()
            if case is not None:
                start |= {"case_number": case.number or case.receipt, "organ": case.organ_id}
        return self._page(RegisterForm(user=request.user, initial=start))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RegisterForm(request.POST, user=request.user)
        if not form.is_valid():
            return self._page(form, REFUSED)
        try:
            remedy = register_remedy(request.user, form.cleaned_data["organ"], form.told())
        except ValidationError as problem:
            add_errors(form, problem)
            return self._page(form, REFUSED)
        messages.success(request, f"已登记。答复举证期限 {remedy.reply_due}：{remedy.due_reason}。")
        return redirect(words.remedy_url(remedy.pk))


class EvidenceForm(forms.Form):
    """Whether what is guarded goes in; then why is asked and written down."""

    guarded = forms.BooleanField(
        label="收入身份证明、授权委托书和被申请信息原件", required=False,
        help_text="只在复议机关、人民法院要求时收入；涉及秘密、隐私的，先商请不公开质证。",
    )  # fmt: skip
    reason = forms.CharField(label="收入的事由", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("guarded") and len((cleaned.get("reason") or "").strip()) < 4:
            self.add_error("reason", "请写明收入的事由，将记入审计。")
        return cleaned


class EvidenceView(FormPage):
    """证据材料: what will be in it, then the ZIP."""

    template_name = "remedies/desk/evidence.html"
    title = "证据材料"
    submit_label = "下载证据材料"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.remedy.application is None:
            raise Http404("没有关联本系统的申请，无法生成证据材料。")

    def make_form(self, data: Any = None) -> forms.Form:
        return EvidenceForm(data)

    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return super().page({**context, "members": evidence.listing(self.remedy)}, status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = EvidenceForm(request.POST)
        if not form.is_valid():
            return self.form_page(form, REFUSED)
        reason = form.cleaned_data["reason"].strip() if form.cleaned_data["guarded"] else ""
        try:
            made = evidence.bundle(request.user, self.remedy, reason=reason)
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_page(form, REFUSED)
        return download(made, f"{evidence.name_of(self.remedy)}.zip", "application/zip")


class DraftView(RemedyPage):
    """行政复议答复书 or 答辩状 with the case's facts, as an editable document or as it prints."""

    needs = "change"
    TYPES = {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
    }

    def get(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        if form not in self.TYPES:
            raise Http404("只有文档和 PDF 两种格式。")
        content = drafts.draft(request.user, self.remedy, form, today=timezone.localdate())
        return download(content, f"{drafts.title_of(self.remedy)}（草稿）.{form}", self.TYPES[form])
