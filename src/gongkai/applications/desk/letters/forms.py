"""Forms of the letter pages. They collect; the services decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.kinds import CHOICES, LetterKind
from gongkai.applications.letters.language import LONGEST
from gongkai.applications.models import CaseFile, Letter, LetterTemplate
from gongkai.applications.models.files import GUARDED_KINDS, FileKind
from gongkai.law.case import CARRIER_LABELS, SERVICE_LABELS, Carrier, ServiceWay
from gongkai.organs.desk.forms import OrganChoiceField, day_field

_HINTS = {
    "未公开的部分": "一行一处：内容概要｜情形｜理由。情形写办理结果的名称，例如“保护第三方合法权益”。",
}


class ValuesForm(forms.Form):
    """The fields a kind of letter asks for."""

    def __init__(
        self, kind: LetterKind, *args: Any, values: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"v{i}": name for i, name in enumerate(kind.asks)}
        for key, name in self.names.items():
            field = FIELDS[name]
            widget = forms.Textarea(attrs={"rows": 3}) if field.long else forms.TextInput()
            self.fields[key] = forms.CharField(
                label=name,
                required=False,
                max_length=8000,
                widget=widget,
                help_text=_HINTS.get(name, field.description),
                initial=(values or {}).get(name, ""),
            )

    def values(self) -> dict[str, str]:
        """Field name → what was typed."""
        return {name: self.cleaned_data.get(key, "") for key, name in self.names.items()}


class TextForm(forms.Form):
    """The text itself, its attachments and whether it goes out online."""

    title = forms.CharField(label="标题", max_length=160)
    body = forms.CharField(
        label="正文",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="一行一段。“｜甲｜乙｜”为表格的一行。“{{ 救济途径 }}”在签发时由系统写入，请保留。",
    )
    online = forms.BooleanField(label="通过互联网送达", required=False)
    attachments = forms.ModelMultipleChoiceField(
        CaseFile.objects.none(), label="附件", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, letter: Letter, *args: Any, with_remedy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_remedy:
            del self.fields["online"]
        hidden = [*GUARDED_KINDS, FileKind.REQUEST, FileKind.SERVICE]
        files = letter.application.files.filter(removed_at=None).exclude(kind__in=hidden)
        if files.exists():
            self.fields["attachments"].queryset = files  # type: ignore[attr-defined]
        else:
            del self.fields["attachments"]


class DeliveryForm(forms.Form):
    """How a letter was served."""

    way = forms.ChoiceField(label="送达方式", choices=[(k.value, v) for k, v in SERVICE_LABELS.items()])
    on = day_field("送达日期", "直接送达为签收之日，邮寄为交寄之日，电子送达为到达之日。")
    carrier = forms.ChoiceField(
        label="承运", choices=[(k.value, v) for k, v in CARRIER_LABELS.items()], initial=Carrier.CHINA_POST
    )
    tracking = forms.CharField(label="邮件号", max_length=40, required=False, help_text="邮寄送达必填。")
    place = forms.CharField(label="送达地点", max_length=200, required=False)
    confirmed_on = forms.DateField(
        label="确认或者签收之日",
        required=False,
        widget=AdminDateInput,
        help_text="电子送达按确认之日计算的，填确认之日；邮寄征求意见书的，填对方签收之日，答复期限从这一天起算。",
    )
    proof = forms.FileField(
        label="送达凭证", required=False, help_text="回证、收寄回执或者发送记录，收入案卷。"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "way" in cleaned:
            cleaned["way"] = ServiceWay(cleaned["way"])
        if "carrier" in cleaned:
            cleaned["carrier"] = Carrier(cleaned["carrier"])
        return cleaned


class TemplateForm(WagtailAdminModelForm):
    """An office's own wording."""

    kind = forms.ChoiceField(label="文书种类", choices=CHOICES)
    organ = OrganChoiceField(label="机构")

    class Meta:
        model = LetterTemplate
        fields = ["organ", "kind", "title", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18})}
        help_texts = {"body": "用 {{ 字段名 }} 插入字段；可选的内容放在 {% 若 字段名 %} 和 {% 完 %} 之间。"}
