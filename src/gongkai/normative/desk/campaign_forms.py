"""Forms of clean-ups, catalogue issues and settings."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from gongkai.normative.desk.fields import DocumentField
from gongkai.normative.models import CatalogueIssue, CleanUp, NormativeSettings
from gongkai.organs.desk.forms import OrganChoiceField, day_field


class CleanUpForm(WagtailAdminModelForm):
    organ = OrganChoiceField(label="组织机关")

    class Meta:
        model = CleanUp
        fields = ["organ", "title", "basis", "until", "subtree"]
        widgets = {"until": AdminDateInput}


class CatalogueForm(WagtailAdminModelForm):
    organ = OrganChoiceField(label="机关")

    class Meta:
        model = CatalogueIssue
        fields = ["organ", "period_from", "period_to", "subtree"]
        widgets = {"period_from": AdminDateInput, "period_to": AdminDateInput}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ApplyForm(forms.Form):
    wants_instance = True
    decision = DocumentField(label="清理决定")
    on = day_field("自哪一天起生效")

    def __init__(self, *args: Any, instance: CleanUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].organ = instance.organ  # type: ignore[attr-defined]


class SettingsForm(WagtailAdminModelForm):
    class Meta:
        model = NormativeSettings
        exclude = ["organ"]


class SettingsCreateForm(SettingsForm):
    organ = OrganChoiceField(label="机构", help_text="对该机构及其下级有效；机关代字只对本机构有效。")
    field_order = ["organ"]

    class Meta(SettingsForm.Meta):
        exclude: list[str] = []
