"""Forms of the organ desk. They collect; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils import timezone
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from gongkai.organs.models import Membership, Organ, Person, SiteProfile, WorkOffice
from gongkai.organs.roles import Role
from gongkai.organs.services.structure import OFFICE_FIELDS, PROFILE_FIELDS


class OrganChoiceField(forms.ModelChoiceField):
    """Organs as an indented tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return "　" * (obj.depth - 1) + obj.label


class PersonChoiceField(forms.ModelChoiceField):
    """People who can log in, with their duties are told apart by name and account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.filter(is_active=True), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.username}）"


def day_field(label: str, help_text: str = "", required: bool = True, today: bool = True) -> forms.DateField:
    """A date with the desk's calendar, today by default."""
    initial = timezone.localdate if today else None
    return forms.DateField(
        label=label, help_text=help_text, required=required, initial=initial, widget=AdminDateInput
    )


class OrganCreateForm(WagtailAdminModelForm):
    parent = OrganChoiceField(label="隶属于", required=False, empty_label="（顶层机构，仅全站系统管理员）")
    field_order = ["parent", "kind", "name", "short_name", "slug"]

    class Meta:
        model = Organ
        fields = [
            "kind",
            "name",
            "short_name",
            "slug",
            "credit_code",
            "region_code",
            "valid_from",
            "vertical",
        ]


class OrganEditForm(WagtailAdminModelForm):
    class Meta:
        model = Organ
        fields = list(PROFILE_FIELDS)
        widgets = {"duties": forms.Textarea(attrs={"rows": 5})}


class RenameForm(forms.Form):
    name = forms.CharField(label="新名称", max_length=120)
    short_name = forms.CharField(label="新简称", max_length=40, required=False)
    on = day_field("启用日期", "自这一天起使用新名称；此前的文件、办件和报告仍显示原名称。")
    basis = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号。")


class MoveForm(forms.Form):
    parent = OrganChoiceField(label="改为隶属于")
    reason = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号。")


class MergeForm(forms.Form):
    target = OrganChoiceField(label="并入")
    on = day_field("合并日期")
    basis = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号。")


class AbolishForm(forms.Form):
    on = day_field("撤销日期")
    basis = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号。")
    successor = OrganChoiceField(label="承接职能的机构", required=False, empty_label="（无）")


class WorkOfficeForm(WagtailAdminModelForm):
    head = PersonChoiceField(label="负责人", required=False, help_text="批准延期答复（条例第三十三条）。")
    backup = PersonChoiceField(label="代理负责人", required=False, help_text="负责人不在时代为办理。")

    class Meta:
        model = WorkOffice
        fields = list(OFFICE_FIELDS)


class WorkOfficeCreateForm(WorkOfficeForm):
    organ = OrganChoiceField(label="机构")
    field_order = ["organ", "name"]

    class Meta(WorkOfficeForm.Meta):
        fields = ["organ", *OFFICE_FIELDS]


def _password_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="".join(password_validators_help_texts()),
    )


class PersonCreateForm(WagtailAdminModelForm):
    organ = OrganChoiceField(label="任职机构")
    role = forms.ChoiceField(label="职责", choices=Role.choices)
    on = day_field("任职日期")
    filed_on = day_field("备案日期", required=False, today=False)
    password = _password_field("初始密码")
    field_order = ["name", "username", "organ", "role"]

    class Meta:
        model = Person
        fields = ["name", "username", "phone", "email"]
        labels = {"username": "账号", "email": "电子邮箱"}
        help_texts = {"username": "登录用，字母、数字和 @ . + - _，定下后不改。"}


class PersonEditForm(WagtailAdminModelForm):
    class Meta:
        model = Person
        fields = ["name", "phone", "email"]
        labels = {"email": "电子邮箱"}


class PasswordForm(forms.Form):
    password = _password_field("新密码")
    again = forms.CharField(
        label="再输一次", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "两次输入的密码不一致。")
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200)


class MembershipCreateForm(WagtailAdminModelForm):
    user = PersonChoiceField(label="人员")
    organ = OrganChoiceField(label="机构")
    field_order = ["user", "organ", "role"]

    class Meta:
        model = Membership
        fields = ["user", "organ", "role", "valid_from", "valid_to", "filed_on", "note"]
        labels = {"valid_to": "截止日期"}
        help_texts = {"valid_to": "临时任职填写；到期自动失效。"}


class MembershipEditForm(WagtailAdminModelForm):
    class Meta:
        model = Membership
        fields = ["filed_on", "note"]


class ReviewForm(forms.Form):
    on = day_field("核对日期")


class EndForm(forms.Form):
    on = day_field("最后一天")
    to_user = PersonChoiceField(label="接手人", required=False, empty_label="（名下没有未办事项时可不选）")
    reason = forms.CharField(label="说明", max_length=200, required=False)


class SiteProfileForm(WagtailAdminModelForm):
    organ = OrganChoiceField(label="主办机构", required=False, empty_label="（未指定）")

    class Meta:
        model = SiteProfile
        exclude: list[str] = []
        field_classes: dict[str, Any] = {}
