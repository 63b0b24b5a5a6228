"""Forms of the report desk. They collect; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.reports.models import FIRST_YEAR, Verdict
from gongkai.reports.services import MODULE
from gongkai.reports.uploads import MAX_FILE


class UploadForm(forms.Form):
    """The file, and the year before's where it is not on the platform."""

    report = forms.FileField(
        label="年度报告文件",
        help_text="网页（HTML）、DOCX、PDF、XLSX、OFD、文本或本平台导出的 JSON、CSV，不超过 20 MB。先读取给您看，确认后才保存。",
        error_messages={
            "required": "还没有选择文件。",
            "empty": "文件是空的，没有任何内容。请确认导出完整后再试。",
        },
    )

    def clean_report(self) -> Any:
        upload = self.cleaned_data["report"]
        if upload.size > MAX_FILE:
            raise forms.ValidationError(
                f"文件过大：{upload.size / 1048576:.0f} MB，上限 20 MB。请去掉图片和附件后再试。"
            )
        return upload


class SaveForm(forms.Form):
    """Whose report of which year it is; proposed from the file, decided by a person."""

    item = forms.TypedChoiceField(label="保存哪一份", coerce=int, widget=forms.RadioSelect)
    organ = forms.ModelChoiceField(queryset=Organ.objects.none(), label="机关")
    year = forms.TypedChoiceField(label="报告年度", coerce=int)
    replace = forms.BooleanField(
        label="替换已有的未公布版本", required=False, help_text="该机关这一年已有未公布的报告时勾选。"
    )
    correction = forms.CharField(
        label="更正说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="该机关这一年的报告已经公布时必填：更正了什么、为什么。随更正版一并公开。",
    )

    def __init__(self, *args: Any, user: Any, items: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item, organ, year = self.fields["item"], self.fields["organ"], self.fields["year"]
        assert isinstance(item, forms.TypedChoiceField)
        assert isinstance(organ, forms.ModelChoiceField)
        assert isinstance(year, forms.TypedChoiceField)
        item.choices = items
        if len(items) == 1:
            item.widget = forms.HiddenInput()
            item.initial = 0
        organ.queryset = Organ.objects.filter(scope_of(user).condition("", MODULE, ["add"])).order_by("path")
        this = timezone.localdate().year
        year.choices = [(y, f"{y} 年") for y in range(this, FIRST_YEAR - 1, -1)]


class VerdictForm(forms.Form):
    """确认, 驳回 with a reason, 暂缓 with a reason and a day."""

    finding = forms.CharField(max_length=16, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=Verdict.choices)
    reason = forms.CharField(max_length=500, required=False)
    until = forms.DateField(required=False)


class PublishForm(forms.Form):
    """Publishing cannot be undone; the person says they looked."""

    looked = forms.BooleanField(
        label="已核对表格和文字，未处理的错误（如有）已知情",
        error_messages={"required": "公布后不能撤回，请先核对并勾选。"},
    )
    at = forms.DateTimeField(
        label="首次公布时间",
        required=False,
        help_text="补录以往年度的报告时填写当时的公布时间（如 2024-01-28 10:30）；现在首次公布的留空。",
        error_messages={"invalid": "时间格式应为 2024-01-28 10:30。"},
    )


class DiscardForm(forms.Form):
    reason = forms.CharField(label="删除的理由", max_length=500)
