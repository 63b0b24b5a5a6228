"""Acts on clean-up campaigns and catalogue issues, and the page where verdicts are given."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin

from gongkai.normative.desk import campaign_forms as forms
from gongkai.normative.models import CatalogueIssue, CleanUp, CleanUpItem
from gongkai.normative.services import catalogue, cleanup
from gongkai.organs.desk.base import ActView

State = CleanUp.State


class NoForm(django_forms.Form):
    """Nothing to fill in."""


class SubmitAct(ActView):
    label = "送审"
    icon = "arrow-right"
    form_class = NoForm
    explanation = "全部文件都有清理意见以后送审。送审后不能再改意见，除非退回。"
    success = "已送审。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.state == State.OPEN)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return cleanup.submit_clean_up(self.request.user, self.object)


class ReturnAct(ActView):
    label = "退回"
    icon = "undo"
    permission_required = "approve"
    form_class = forms.ReasonForm
    explanation = "退回各单位修改清理意见。"
    success = "已退回。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.state == State.SUBMITTED)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return cleanup.return_clean_up(self.request.user, self.object, cleaned["reason"])


class ApproveAct(ReturnAct):
    label = "审定"
    icon = "check"
    form_class = NoForm
    explanation = "审定清理意见。审定以后以一份清理决定执行。"
    success = "已审定。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return cleanup.approve_clean_up(self.request.user, self.object)


class ApplyAct(ActView):
    label = "执行清理结果"
    icon = "success"
    danger = True
    permission_required = "approve"
    form_class = forms.ApplyForm
    explanation = "废止和失效的文件一次全部生效，继续有效的逐件记下，清单随即公布；有一件不能办理的，全部不执行。此操作不能撤回。"
    success = "清理结果已执行。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.state == State.APPROVED)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return cleanup.apply_clean_up(self.request.user, self.object, cleaned["decision"], cleaned["on"])


class WorkView(BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView):
    """清理工作台: every document with its verdict and reason; what was changed is saved together."""

    template_name = "normative/desk/clean_up.html"
    any_permission_required = ("view", "change")
    model: Any = CleanUp
    label = "清理工作台"
    icon = "edit"
    header_icon = "clipboard-list"
    permission_required = "view"
    index_url_name: str | None = None
    edit_url_name: str | None = None
    inspect_url_name: str | None = None

    @staticmethod
    def offered(instance: Any) -> bool:
        return True

    def get_page_title(self) -> str:
        return "清理工作台"

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("clean-ups:index"), "label": "文件清理"},
            {"url": "", "label": str(self.object)},
        ]

    def items(self) -> list[CleanUpItem]:
        rows = self.object.items.select_related("document__organ").defer("document__body")
        found = list(rows.order_by("unit", "document__issued_on", "pk"))
        for item in found:  # what was typed and refused is shown again
            item.verdict, item.reason = getattr(self, "typed", {}).get(item.pk, (item.verdict, item.reason))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = self.policy.user_has_permission_for_instance(self.request.user, "change", self.object)  # type: ignore[attr-defined]
        context = super().get_context_data(**kwargs)
        context |= {
            "campaign": self.object,
            "items": self.items(),
            "verdicts": CleanUpItem.Verdict.choices,
            "editable": may and self.object.state == State.OPEN,
            "counts": [(label, cleanup.progress(self.object).get(v, 0)) for v, label in [("", "未定"), *CleanUpItem.Verdict.choices]],
            "act_buttons": [b for b in self.scoped_viewset.act_buttons(self.request.user, self.object) if b.label != self.label],  # type: ignore[attr-defined]
            "errors": getattr(self, "errors", {}),
        }  # fmt: skip
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Saves the verdicts that changed; a wrong one is shown beside its line and the rest is kept."""
        self.errors: dict[int, str] = {}
        self.typed: dict[int, tuple[str, str]] = {}
        saved = 0
        for item in self.items():
            verdict, reason = (
                request.POST.get(f"v{item.pk}", ""),
                request.POST.get(f"r{item.pk}", "").strip()[:300],
            )
            if not verdict or (verdict, reason) == (item.verdict, item.reason):
                continue
            try:
                with transaction.atomic():
                    cleanup.give_verdict(request.user, item, verdict, reason)
                saved += 1
            except ValidationError as problem:
                self.errors[item.pk] = "；".join(problem.messages)
                self.typed[item.pk] = (verdict, reason)
        if self.errors:
            messages.error(request, f"有 {len(self.errors)} 件没有保存，原因写在各行。")
            return self.render_to_response(self.get_context_data())
        messages.success(request, f"已保存 {saved} 件清理意见。")
        return redirect(reverse("clean-ups:work", args=[self.object.pk]))


class RefreshAct(ActView):
    label = "重新生成"
    icon = "rotate"
    form_class = NoForm
    explanation = "按登记簿现在的内容重新生成这一期的条目。"
    success = "已重新生成。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.state == CatalogueIssue.State.DRAFT)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return catalogue.refresh_issue(self.request.user, self.object)


class PublishIssueAct(RefreshAct):
    label = "公布目录"
    icon = "view"
    permission_required = "approve"
    explanation = "公布以后条目固定，不能再改；遗漏的文件列入下一期。"
    success = "目录已公布。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return catalogue.publish_issue(self.request.user, self.object)


CLEAN_UP_ACTS = {
    "work": WorkView,
    "submit": SubmitAct,
    "return": ReturnAct,
    "approve": ApproveAct,
    "apply": ApplyAct,
}
CATALOGUE_ACTS = {"refresh": RefreshAct, "publish": PublishIssueAct}
