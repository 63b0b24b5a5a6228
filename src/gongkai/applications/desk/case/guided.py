"""The pages that lead through an act: the seven questions, the fee, the extension."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.applications import selectors
from gongkai.applications.desk.case import screen, words
from gongkai.applications.desk.case.access import may
from gongkai.applications.desk.case.guide import GUIDES
from gongkai.applications.desk.case.views import REFUSED, CasePage, FormPage, parse_expected
from gongkai.applications.forms_acts import day_input
from gongkai.applications.models import ExtensionRequest
from gongkai.applications.services import extension, feeproposal
from gongkai.law import fees
from gongkai.law.case import Kind
from gongkai.law.outcomes import FACTS, PRECONDITION_LABELS, REMEDY_CLASS_LABELS
from gongkai.law.questions import QUESTIONS, STEP_LABELS, AnswerError, Inquiry, ask
from gongkai.organs.desk.base import add_errors


class QuestionsView(CasePage):
    """七个问题: one at a time; the answers are in the address, so that back, bookmark and no JavaScript all work."""

    template_name = "applications/desk/case_questions.html"
    title = "七个问题"
    needs = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        answers = {key: value for key, value in request.GET.items() if key in QUESTIONS}
        try:
            inquiry = ask(answers, selectors.policy_for(self.case.organ))
        except AnswerError:
            return redirect("applications_questions", self.case.pk)
        path = [self._answered(number, inquiry) for number in range(len(inquiry.path))]
        return self.page(
            {
                "inquiry": inquiry,
                "path": path,
                "seven": self._seven(inquiry),
                "question": inquiry.question,
                "act": self._act(inquiry),
                "reached": self._reached(inquiry, path),
                "remaining": [self._leaf(leaf) for leaf in inquiry.remaining],
                "fallen": self._fallen(inquiry),
                "kept": inquiry.path[:-1] if inquiry.state == "act" else inquiry.path,
            }
        )

    def _answered(self, number: int, inquiry: Inquiry) -> dict[str, str]:
        key, chosen = inquiry.path[number]
        question = QUESTIONS[key]
        label = next(o.label for o in question.options if o.key == chosen)
        again = urlencode(inquiry.path[:number])
        return {
            "step": STEP_LABELS[question.step - 1],
            "text": question.text,
            "answer": label,
            "change": f"?{again}" if again else "?",
        }

    def _seven(self, inquiry: Inquiry) -> list[tuple[int, str, str]]:
        now = inquiry.question.step if inquiry.question else len(STEP_LABELS)
        done = {QUESTIONS[key].step for key, _ in inquiry.path}
        if inquiry.state == "decided":
            now = 0
        state = {
            n: "now" if n == now else "done" if n in done else "" for n in range(1, len(STEP_LABELS) + 1)
        }
        return [(n, label, state[n]) for n, label in enumerate(STEP_LABELS, 1)]

    def _act(self, inquiry: Inquiry) -> dict[str, Any] | None:
        if inquiry.act is None:
            return None
        verdict = self.state.acts[inquiry.act]
        again = urlencode(inquiry.path[:-1])
        return {
            "label": words.VERBS[inquiry.act],
            "advice": inquiry.advice,
            "url": screen.act_url(self.case, inquiry.act) if verdict else "",
            "why": "" if verdict else words.sentence(verdict.reason),
            "cite": "" if verdict or not verdict.cite else verdict.cite.short,
            "again": f"?{again}" if again else "?",
        }

    def _leaf(self, leaf: tuple[str, str]) -> dict[str, str]:
        verdict = self.state.outcomes[leaf]
        return {"label": words.outcome_label(*leaf), "why": "" if verdict else words.sentence(verdict.reason)}

    def _fallen(self, inquiry: Inquiry) -> list[tuple[str, str, str]]:
        return [
            (words.outcome_label(*leaf), one.reason, one.cite.short if one.cite else "")
            for leaf, one in inquiry.fallen.items()
        ]

    def _reached(self, inquiry: Inquiry, path: list[dict[str, str]]) -> dict[str, Any] | None:
        leaf, variant = inquiry.outcome, inquiry.variant
        if leaf is None or variant is None:
            return None
        verdict = self.state.outcomes[leaf]
        override = not verdict and leaf[0] == "granted" and "公共利益" in verdict.reason
        trail = "七个问题：" + "→".join(step["answer"] for step in path)
        query = urlencode({"outcome": "/".join(leaf), "path": trail[:200]})
        decide = reverse("applications_act", args=[self.case.pk, Kind.DECIDED.value]) + "?" + query
        return {
            "label": words.outcome_label(*leaf),
            "grounds": [str(ground) for ground in variant.grounds],
            "facts": [FACTS[key] for key in variant.facts],
            "preconditions": [PRECONDITION_LABELS[p] for p in variant.preconditions],
            "remedy": REMEDY_CLASS_LABELS[variant.remedy],
            "lawful": bool(verdict),
            "why": "" if verdict else words.sentence(verdict.reason),
            "cite": "" if verdict or not verdict.cite else verdict.cite.short,
            "url": decide if verdict or override else "",
            "override": override,
            "withdrawn": leaf == ("other_other", "withdrawn"),
            "withdraw_url": screen.act_url(self.case, Kind.WITHDRAWN),
        }


class FeeForm(forms.Form):
    """What the arithmetic needs, and then the choice."""

    provision = forms.ChoiceField(
        label="以什么形式提供",
        choices=[
            ("paper", "纸质复制件"),
            ("email", "电子邮件"),
            ("electronic", "复制电子数据"),
            ("other-copy", "其他复制"),
            ("on-site", "现场查阅、抄录"),
            ("none", "不提供（不予公开、不存在等）"),
        ],
    )
    already_public = forms.BooleanField(label="只是告知已主动公开信息的获取方式、途径", required=False)
    single = forms.IntegerField(label="A4 及以下单面张数", min_value=0, max_value=100_000, initial=0)
    double = forms.IntegerField(label="A4 及以下双面张数", min_value=0, max_value=100_000, initial=0)
    basis = forms.ChoiceField(
        label="决定",
        required=False,
        widget=forms.RadioSelect,
        choices=[("", "先看测算"), ("count", "按件计收"), ("pages", "按量计收"), ("none", "不收费")],
    )
    reason = forms.CharField(
        label="理由", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="收与不收、按哪一种，都要写明理由。",
    )  # fmt: skip
    on = forms.DateField(label="发出收费通知的日期", widget=day_input(), required=False)
    served_on = forms.DateField(
        label="申请人收到通知的日期", widget=day_input(), required=False, help_text="不填按发出之日。"
    )


class FeeView(FormPage):
    """收费: both bases with their arithmetic; “测算” shows, “决定” records."""

    template_name = "applications/desk/case_fee.html"
    title = "收费测算与通知"
    needs = "change"

    def make_form(self, data: Any = None) -> forms.Form:
        start = {"provision": feeproposal.wanted_form(self.case).value, "on": self.state.today, "basis": ""}
        return FeeForm(data, initial=start)

    def _offered(self, values: dict[str, Any]) -> fees.FeeProposal:
        form = fees.ProvisionForm(values.get("provision") or "none")
        pages = fees.count_pages(values.get("single") or 0, values.get("double") or 0).pages
        return feeproposal.proposal(
            self.case,
            self.tally,
            form=form,
            pages=pages,
            provided=form is not fees.ProvisionForm.NONE,
            already_public=bool(values.get("already_public")),
        )

    @property
    def tally(self) -> feeproposal.Tally:
        if not hasattr(self, "_tally"):
            self._tally = feeproposal.tally(self.case)
        return self._tally

    def more(self, form: Any) -> dict[str, Any]:
        verdict = self.state.acts[Kind.FEE_NOTICED]
        values = getattr(form, "cleaned_data", None) or {**form.initial, "single": 0, "double": 0}
        context: dict[str, Any] = {
            "guide": GUIDES[Kind.FEE_NOTICED],
            "tally": self.tally,
            "refused": None
            if verdict
            else (words.sentence(verdict.reason), verdict.cite.short if verdict.cite else ""),
        }
        try:
            offered = self._offered(values)
        except (ValidationError, fees.FeeError) as problem:
            return {**context, "impossible": getattr(problem, "messages", [str(problem)])[0]}
        options = [
            (o.basis.label, words.yuan(o.amount), o.lines, o.ok, str(o.source)) for o in offered.options
        ]
        return {**context, "options": options, "offer_note": offered.note}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.form_page(form, REFUSED)
        basis = form.cleaned_data["basis"]
        if not basis or "calculate" in request.POST:
            return self.form_page(form)
        newer = self._newer()
        if newer:
            return self.form_page(form, REFUSED, newer)
        try:
            done = self._record(form.cleaned_data, basis)
        except ValidationError as problem:
            add_errors(form, problem)
            return self.form_page(form, REFUSED)
        messages.success(request, done)
        return self.back()

    def _record(self, cleaned: dict[str, Any], basis: str) -> str:
        chosen = None if basis == "none" else fees.Basis(basis)
        state = feeproposal.decide_fee(
            self.user,
            self.case,
            self._offered(cleaned),
            chosen,
            reason=cleaned["reason"],
            on=cleaned["on"] or self.state.today,
            served_on=cleaned["served_on"],
            expected=parse_expected(self.request),
        )
        if state is None:
            return "已记下不收费的决定和理由。"
        return f"已登记收费通知，缴费期限 {words.short_day(state.pay_until)}；等待缴费期间答复期限停止。"


class ExtensionForm(forms.Form):
    """Asking for an extension."""

    days = forms.IntegerField(label="延长几个工作日", min_value=1)
    reason = forms.CharField(
        label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写给申请人看：例如资料年代久远、需逐页甄别，涉及几个科室会核。",
    )  # fmt: skip


class DecideExtensionForm(forms.Form):
    """Deciding it."""

    verdict = forms.ChoiceField(
        label="决定", widget=forms.RadioSelect, choices=[("grant", "同意延期"), ("refuse", "不同意")]
    )
    told_on = forms.DateField(
        label="告知申请人的日期",
        widget=day_input(),
        required=False,
        help_text="同意和告知都要在原期限届满之前。",
    )
    opinion = forms.CharField(
        label="意见", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ExtensionView(FormPage):
    """延期: whoever handles the case asks; the head of the work office decides on the same page."""

    template_name = "applications/desk/case_extension.html"
    title = "延期答复"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.waiting: ExtensionRequest | None = extension.open_request(self.case)
        people = extension.heads(self.case)
        self.decides = (
            self.waiting is not None
            and request.user.pk in {p.pk for p in people}
            and request.user.pk != self.waiting.requested_by_id
            and may(request.user, "approve", self.case)
        )
        self.submit_label = "决定" if self.decides else "提请延期"

    def make_form(self, data: Any = None) -> forms.Form:
        if self.decides:
            return DecideExtensionForm(data, initial={"told_on": self.state.today})
        return ExtensionForm(data, initial={"days": selectors.policy_for(self.case.organ).extension_max_wd})

    def more(self, form: Any) -> dict[str, Any]:
        verdict = self.state.acts[Kind.EXTENDED]
        row = self.waiting
        return {
            "guide": GUIDES[Kind.EXTENDED],
            "refused": None
            if verdict
            else (words.sentence(verdict.reason), verdict.cite.short if verdict.cite else ""),
            "until": words.short_day(verdict.by) if verdict else "",
            "waiting": row,
            "decides": self.decides,
            "mine": row is not None and row.requested_by_id == self.user.pk,
            "heads": "、".join(str(p) for p in extension.heads(self.case)),
            "earlier": self.case.extension_requests.exclude(state="open").select_related(
                "requested_by", "decided_by"
            ),  # type: ignore[attr-defined]
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "recall" in request.POST and self.waiting is not None:
            extension.recall_extension(self.user, self.waiting)
            messages.success(request, "已撤回延期提请。")
            return self.back()
        return super().post(request, **kwargs)

    def perform(self, form: Any, expected: int | None) -> str:
        cleaned = form.cleaned_data
        if not self.decides or self.waiting is None:
            row = extension.request_extension(
                self.user, self.case, days=cleaned["days"], reason=cleaned["reason"]
            )
            return f"已提请延长 {row.days} 个工作日，等待{'、'.join(str(p) for p in extension.heads(self.case))}决定。"
        if cleaned["verdict"] == "refuse":
            extension.refuse_extension(self.user, self.waiting, opinion=cleaned["opinion"])
            return "已记下不同意延期。"
        state = extension.grant_extension(
            self.user,
            self.waiting,
            told_on=cleaned["told_on"] or self.state.today,
            opinion=cleaned["opinion"],
            expected=expected,
        )
        return self.told("延期答复", state)
