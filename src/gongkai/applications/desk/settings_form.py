"""办理口径 as a form: every point the sources leave open, with the default, what it rests on and how sure that is."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any, Final

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

from gongkai.applications.models import OrganSettings
from gongkai.law.case import CasePolicy, PolicyError, policy_from_dict
from gongkai.law.case.policy import DEFAULT_POLICY, POLICY_RULES
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.desk.forms import OrganChoiceField

PREFIX: Final = "policy_"
CERTAINTY: Final = {
    "verified": "有明文依据",
    "memory": "依据待核对",
    "uncertain": "法律没有写明，由机关确定",
}
#: Words for values that are neither numbers nor yes and no.
WORDS: Final[dict[str, dict[str, str]]] = {
    "extension_once_per": {"case": "同一件只延期一次", "clock": "每段期限可延期一次"},
    "electronic_service": {"reached": "到达申请人系统之日", "confirmed": "申请人确认之日"},
    "not_information_row": {k: OUTCOMES[k].short for k in ("unavailable_not_held", "other_other")},
    "archives_row": {k: OUTCOMES[k].short for k in ("unavailable_not_held", "refused_query")},
    "confirm_remedy": {"R2": "可以申请复议或者提起诉讼", "R3": "一般不属于受案范围"},
}


PATTERNS: Final = ("number_pattern", "letter_pattern")
#: Placeholders as stored and as people read and type them.
PLACES: Final = {"{short}": "{代字}", "{mark}": "{文书}", "{year}": "{年份}", "{serial}": "{流水号}"}


def spoken(pattern: str) -> str:
    """A stored pattern in the words of the screen."""
    for stored, word in PLACES.items():
        pattern = pattern.replace(stored, word)
    return pattern


def stored_pattern(pattern: str) -> str:
    """The other way round."""
    for stored, word in PLACES.items():
        pattern = pattern.replace(word, stored)
    return pattern


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "不限"
    if isinstance(value, bool):
        return "是" if value else "否"
    return WORDS.get(name, {}).get(str(value), str(value))


def _field(name: str) -> forms.Field:
    """The form field of one setting; leaving it empty keeps the default."""
    rule, default = POLICY_RULES[name], getattr(DEFAULT_POLICY, name)
    sources = "、".join(source.short for source in rule.source)
    help_text = f"{rule.text}默认：{_shown(name, default)}。{CERTAINTY[rule.certainty]}"
    help_text += f"（{sources}）。" if sources else "。"
    keep = f"沿用默认：{_shown(name, default)}"
    if isinstance(default, bool):
        choices = [("", keep), ("yes", "是"), ("no", "否")]
        return forms.ChoiceField(label=rule.title, choices=choices, required=False, help_text=help_text)
    if name in WORDS:
        choices = [("", keep), *WORDS[name].items()]
        return forms.ChoiceField(label=rule.title, choices=choices, required=False, help_text=help_text)
    widget = forms.NumberInput(attrs={"placeholder": keep, "min": 0, "inputmode": "numeric"})
    return forms.IntegerField(
        label=rule.title, required=False, help_text=help_text, min_value=0, widget=widget
    )


NAMES: Final = tuple(f.name for f in dataclass_fields(CasePolicy) if f.name in POLICY_RULES)


class OrganSettingsForm(WagtailAdminModelForm):
    """The policy is kept sparse: only what differs from the default, so that a better default reaches everyone."""

    fee_group = OrganChoiceField(
        label="收费合并计数到", required=False, empty_label="（本机关单独计数）",
        help_text="内设机构、派出机构对外不独立的，合并到主管机关计件（国办函〔2020〕109号）。",
    )  # fmt: skip

    class Meta:
        model = OrganSettings
        fields = [
            "accepts", "number_pattern", "letter_pattern", "document_mark", "fee_group", "retention_years", "personal_years",
            "appraise_first", "court_name", "online_reconsideration",
        ]  # fmt: skip
        help_texts = {
            "number_pattern": "占位符：{代字}、{年份}、{流水号}。",
            "letter_pattern": "占位符：{代字}、{文书}、{年份}、{流水号}；文书一处填答、补、延等文书代字。",
            "accepts": "关闭后，公众网站不再接收向本机构提交的申请，并提示其他申请方式。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PATTERNS:
            self.initial[name] = spoken(self.initial.get(name) or str(self.fields[name].initial or ""))
        stored = self.instance.policy or {}
        for name in NAMES:
            self.fields[PREFIX + name] = _field(name)
            if name in stored:
                value = stored[name]
                self.initial[PREFIX + name] = ("yes" if value else "no") if isinstance(value, bool) else value

    def clean_number_pattern(self) -> str:
        return stored_pattern(self.cleaned_data["number_pattern"])

    def clean_letter_pattern(self) -> str:
        return stored_pattern(self.cleaned_data["letter_pattern"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        policy: dict[str, Any] = {}
        for name in NAMES:
            value = cleaned.get(PREFIX + name)
            if value in (None, ""):
                continue
            if value in ("yes", "no"):
                value = value == "yes"
            try:
                policy_from_dict({name: value})
            except PolicyError as problem:
                self.add_error(PREFIX + name, f"{problem}。")
                continue
            policy[name] = value
        self.instance.policy = policy
        return cleaned


class OrganSettingsCreateForm(OrganSettingsForm):
    organ = OrganChoiceField(label="机构", help_text="对该机构及其下级有效；下级另有设置的，以下级的为准。")
    field_order = ["organ"]

    class Meta(OrganSettingsForm.Meta):
        fields = ["organ", *OrganSettingsForm.Meta.fields]
