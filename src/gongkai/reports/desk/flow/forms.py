"""Forms of the flow desk. They collect; the services decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ
from gongkai.reports.desk.forms import UploadForm
from gongkai.reports.flow import collecting
from gongkai.reports.flow.machine import Act
from gongkai.reports.models import Collection
from gongkai.reports.services import MODULE

DAY = {"invalid": "日期写成 2027-01-20 的样子。", "required": "请填写日期。"}


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        error_messages=DAY,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class ActForm(forms.Form):
    """The note of an act, the digest of the text that was looked at, and what the act asks besides."""

    note = forms.CharField(
        label="意见", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, act: Act, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = act.note_label if act.note else "意见（可不填）"
        if act.name == "correct":
            self.fields["note"].max_length = 500  # type: ignore[attr-defined]
        if act.name == "publish":
            del self.fields["note"]
            self.fields["looked"] = forms.BooleanField(
                label="已核对表格和文字，未处理的错误（如有）已知情",
                error_messages={"required": "公布后不能撤回，请先核对并勾选。"},
            )
            self.fields["at"] = forms.DateTimeField(
                label="首次公布时间",
                required=False,
                help_text="已在别处公布过的，填当时的时间（如 2026-01-28 10:30）；现在首次公布的留空。",
                error_messages={"invalid": "时间格式应为 2026-01-28 10:30。"},
            )


class CollectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """发起收报: whose, which year, by when, from whom."""

    year = forms.TypedChoiceField(label="报告年度", coerce=int)
    submit_by = _day("报送截止", "单位把报告报给您的最后一天。")
    publish_by = _day("单位公布截止", "不晚于次年 1 月 31 日（条例第四十九条第一款）。")
    rollup_by = _day("汇总报告公布截止", "本级政府的不晚于次年 3 月 31 日（条例第四十九条第二款）。")
    kinds = forms.MultipleChoiceField(
        label="应报单位的类别",
        choices=[(kind.value, kind.label) for kind in collecting.USUAL_KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text="所选类别的下级单位全部应报；垂直管理的不计入本地区。发起后可以逐个说明不需报送，也可以增加单位。",
        error_messages={"required": "至少选一类单位。"},
    )
    outside = forms.ModelMultipleChoiceField(
        label="平台外单位（交文件）",
        queryset=Organ.objects.none(),
        required=False,
        help_text="不在平台上编制、交来文件的单位；可多选，也可以以后在看板上改。",
    )

    class Meta:
        model = Collection
        fields = ("organ", "year", "submit_by", "publish_by", "rollup_by", "kinds", "outside", "note")

    def __init__(self, *args: Any, for_user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        self.fields["year"].choices = [(y, f"{y} 年") for y in range(this, this - 4, -1)]  # type: ignore[attr-defined]
        self.fields["organ"].queryset = Organ.objects.order_by("path")  # type: ignore[attr-defined]
        # From July on one prepares for the running year, before that one collects the last.
        year = this if timezone.localdate().month > 6 else this - 1
        home = home_organ(for_user)
        self.initial |= {
            "organ": home.pk if home else None,
            "year": year,
            "kinds": [kind.value for kind in collecting.USUAL_KINDS],
            "submit_by": date(year + 1, 1, 20),
            "publish_by": date(year + 1, 1, 31),
            "rollup_by": date(year + 1, 3, 31),
        }
        scope = scope_of(for_user).condition("", MODULE, ["publish"])
        self.fields["outside"].queryset = Organ.objects.filter(  # type: ignore[attr-defined]
            scope, kind__in=[*collecting.USUAL_KINDS, Organ.Kind.OTHER], status="active", vertical=False
        ).order_by("path")


class DatesForm(forms.Form):
    """New milestones."""

    wants_instance = True
    submit_by = _day("报送截止", "")
    publish_by = _day("单位公布截止", "不晚于次年 1 月 31 日（条例第四十九条第一款）。")
    rollup_by = _day("汇总报告公布截止", "")
    note = forms.CharField(label="填报要求", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, instance: Collection, **kwargs: Any) -> None:
        names = ("submit_by", "publish_by", "rollup_by", "note")
        kwargs["initial"] = {name: getattr(instance, name) for name in names} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class CloseForm(forms.Form):
    """Nothing to fill in: the button is the decision."""


class AddUnitForm(forms.Form):
    """One more unit."""

    wants_instance = True
    organ = forms.ModelChoiceField(queryset=Organ.objects.none(), label="单位")
    outside = forms.BooleanField(label="平台外单位，交文件", required=False)

    def __init__(self, *args: Any, instance: Collection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in Organ.Kind.values if kind != Organ.Kind.VILLAGE]
        rows = collecting.candidates(instance.organ, kinds).exclude(pk__in=instance.units.values("organ_id"))
        self.fields["organ"].queryset = rows  # type: ignore[attr-defined]


class FileForm(UploadForm):
    """The unit's file."""

    confirmed = forms.BooleanField(
        label="文件写的机关名称与单位不一致，已核对，确是这个单位的报告", required=False
    )
