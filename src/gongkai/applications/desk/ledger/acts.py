"""Acts on a line of the ledger: 分派, 归类主题, 拆分."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from gongkai.applications.desk.ledger.words import case_url
from gongkai.applications.models import Application
from gongkai.applications.services import register_application, split_application
from gongkai.applications.services.assignment import assign, handlers, set_theme
from gongkai.applications.themes import THEME_CHOICES, propose
from gongkai.organs.desk.base import ActView

EARLY = ("submitted", "processing")


class AssignForm(forms.Form):
    """Only those who can work on the case are offered."""

    wants_instance = True
    handler = forms.ChoiceField(label="承办人", required=False)
    reason = forms.CharField(
        label="说明", max_length=200, required=False, help_text="改派时写明原因，例如人员调整。"
    )

    def __init__(self, *args: Any, instance: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user, _ in handlers(instance.organ)}
        options = [(str(user.pk), label) for user, label in handlers(instance.organ)]
        self.fields["handler"].choices = [("", "（暂不分派）"), *options]  # type: ignore[attr-defined]
        self.initial.setdefault("handler", str(instance.handler_id or ""))

    def clean_handler(self) -> Any:
        return self.people.get(self.cleaned_data["handler"])


class ThemeForm(forms.Form):
    """Proposed from the words of the request."""

    wants_instance = True
    theme = forms.ChoiceField(label="主题", choices=[("", "（不归类）"), *THEME_CHOICES], required=False)

    def __init__(self, *args: Any, instance: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("theme", instance.theme or propose(instance.description))


class SplitForm(forms.Form):
    """One line, one 件."""

    wants_instance = True
    parts = forms.CharField(
        label="申请事项（每行一项）",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="第一行留在本件；其余各行另立一件，申请人、渠道和收到日期与本件相同，期限分别计算。",
    )
    register = forms.BooleanField(label="同时为新拆出的各件登记编号", required=False, initial=True)

    def __init__(self, *args: Any, instance: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("parts", "\n".join(propose_parts(instance)))

    def clean_parts(self) -> list[str]:
        parts = [" ".join(line.split()) for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        if len(parts) < 2:
            raise ValidationError("拆分至少要有两个申请事项，每行写一项。")
        if len(parts) > 30:
            raise ValidationError(f"一次最多拆成 30 件，现有 {len(parts)} 项。")
        same = {part for part in parts if parts.count(part) > 1}
        if same:
            raise ValidationError(f"有重复的事项：{'；'.join(sorted(same))[:100]}。")
        return parts


_MARK = re.compile(
    r"(?:^|[\n；;])\s*(?:[（(]?\d{1,2}[）)、.．]|[（(]?[一二三四五六七八九十]{1,2}[）)、.．])\s*"
)


def propose_parts(case: Application) -> list[str]:
    """The items the request seems to have: as recorded at submission, else by its own numbering, else one."""
    first = case.records.filter(kind="submitted").first()
    items = list((first.data.get("items") if first else None) or ())
    if len(items) > 1:
        return items
    found = [part.strip(" ；;。\n") for part in _MARK.split(case.description) if part.strip(" ；;。\n")]
    return found if len(found) > 1 else [" ".join(case.description.split())]


class CaseAct(ActView):
    """Returns to the case afterwards."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        return redirect(case_url(self.object.pk)) if response.status_code == 302 else response


class AssignAct(CaseAct):
    label = "分派"
    icon = "user"
    permission_required = "assign"
    form_class = AssignForm
    explanation = "承办人会在“今天”看到这件申请。只列出可以办理本机关申请的人员。"
    success = "已分派。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, Application) and instance.status != "archived"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return assign(self.request.user, self.object, cleaned["handler"], reason=cleaned["reason"])


class ThemeAct(CaseAct):
    label = "归类主题"
    icon = "tag"
    form_class = ThemeForm
    explanation = "主题用于统计和查找应公开的信息，不影响办理。"
    success = "已归类。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return set_theme(self.request.user, self.object, cleaned["theme"])


class SplitAct(CaseAct):
    label = "拆分"
    icon = "collapse-down"
    permission_required = "assign"
    form_class = SplitForm
    explanation = "一事一申请：一份申请写了几件互不相干的事，拆成几件分别登记、分别答复。拆分后不能合并。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, Application) and instance.status in EARLY and instance.events_count <= 3

    def perform(self, cleaned: dict[str, Any]) -> Any:
        user = self.request.user
        self.made = split_application(user, self.object, cleaned["parts"])
        if cleaned["register"] and self.object.received_on:
            for case in self.made:
                if case.serial is None:
                    register_application(user, case, handler=self.object.handler)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            names = "、".join(str(case) for case in self.made[1:])
            messages.success(self.request, f"已拆成 {len(self.made)} 件；新立：{names}。")
        return response

    @property
    def success(self) -> str:
        return f"本件保留第一项：{self.object.summary(30)}"


__all__ = ["AssignAct", "SplitAct", "ThemeAct", "propose_parts"]
