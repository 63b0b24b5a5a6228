"""Forms of the desk: the notice, the steps, the result, a correction, the mapping of table 4."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet

from gongkai.applications.forms_acts import day_input
from gongkai.applications.selectors import visible_to as visible_cases
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import scope_of
from gongkai.remedies.kinds import (
    DEFAULT_GROUPS,
    REOPENING,
    UNDECIDED,
    Group,
    Instance,
    Kind,
    Procedure,
    Result,
    State,
    Step,
)
from gongkai.remedies.models import Remedy, RemedySettings
from gongkai.remedies.policies import MODULE
from gongkai.remedies.selectors import authority_of, due_condition, visible_to
from gongkai.remedies.services import Notified, Outcome


def organs_for(user: Any, *actions: str) -> QuerySet[Organ]:
    """The organs where ``user`` may do one of ``actions`` with remedies."""
    return Organ.objects.filter(scope_of(user).condition("", MODULE, actions)).order_by("path")


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RegisterForm(forms.Form):
    """What the notice says. The case is found by its number, so that no list of all cases is needed."""

    organ = forms.ModelChoiceField(label="被申请人或者被告", queryset=Organ.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="类别", choices=Kind.choices, widget=forms.RadioSelect)
    instance = forms.ChoiceField(
        label="审级", required=False, choices=[("", "（行政复议不填）"), *Instance.choices],
        help_text="行政诉讼不填的按一审。",
    )  # fmt: skip
    received_on = forms.DateField(
        label="收到通知之日",
        widget=day_input(),
        help_text="收到复议申请书副本、起诉状副本的日子，期限从次日起算。",
    )
    procedure = forms.ChoiceField(label="程序", choices=Procedure.choices, required=False)
    reply_until = forms.DateField(
        label="人民法院确定的举证期限", required=False, widget=day_input(),
        help_text="只有人民法院另行确定了期限的才填（不超过十五日）。",
    )  # fmt: skip
    authority = forms.CharField(
        label="复议机关或者人民法院", required=False, max_length=120, help_text="不填的按机构资料带出。"
    )
    number = forms.CharField(label="案号", required=False, max_length=80)
    case_number = forms.CharField(
        label="涉及的申请", required=False, max_length=60, help_text="填本系统的申请编号或者回执号。"
    )
    case_text = forms.CharField(
        label="启用本系统前的申请", required=False, max_length=120, help_text="查不到的填原编号或者事由。"
    )
    applicant_name = forms.CharField(
        label="复议申请人或者原告", required=False, max_length=60,
        help_text="与申请的申请人相同的不填。加密保存，列表只显示姓氏。",
    )  # fmt: skip
    earlier_number = forms.CharField(
        label="上一审级的案号",
        required=False,
        max_length=80,
        help_text="二审、再审填写，同一诉讼只统计一次。",
    )
    before_number = forms.CharField(
        label="起诉前的复议案号", required=False, max_length=80, help_text="复议后起诉的填写。"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["organ"].queryset = organs_for(user, "add")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        organ, number = cleaned.get("organ"), (cleaned.get("case_number") or "").strip()
        cleaned["application"] = None
        if number:
            found = visible_cases(self.user).filter(Q(number=number) | Q(receipt=number.upper()))
            cleaned["application"] = found.select_related("organ", "applicant").first()
            if cleaned["application"] is None:
                self.add_error(
                    "case_number", "没有查到这个编号的申请。启用本系统前的，请填在“启用本系统前的申请”里。"
                )
        elif not (cleaned.get("case_text") or "").strip():
            self.add_error("case_number", "请填写涉及的申请；启用本系统前的，填在下一栏。")
        for name, key in (("earlier_number", "earlier"), ("before_number", "reconsideration")):
            cleaned[key] = self._found(cleaned.get(name), name, organ)
        if organ and not cleaned.get("authority"):
            cleaned["authority"] = authority_of(organ, cleaned.get("kind", ""))
            if not cleaned["authority"]:
                self.add_error("authority", "机构资料里没有登记，请填写通知上的机关名称。")
        return cleaned

    def _found(self, number: str | None, field: str, organ: Organ | None) -> Remedy | None:
        if not number or organ is None:
            return None
        rows = visible_to(self.user).filter(organ=organ, number=number.strip())
        kinds = Q(kind=Kind.RECONSIDERATION)
        found = rows.filter(kinds if field == "before_number" else ~kinds).order_by("-pk").first()
        if found is None:
            self.add_error(field, f"没有查到案号为“{number}”的记录，请先登记它或者核对案号。")
        elif field == "earlier_number" and hasattr(found, "later"):
            self.add_error(field, "这一审级之后已经登记了下一审级。")
        return found

    def told(self) -> Notified:
        """The notice. Only after is_valid."""
        c = self.cleaned_data
        suit = c["kind"] != Kind.RECONSIDERATION
        return Notified(
            kind=c["kind"], instance=(c["instance"] or Instance.FIRST) if suit else "", received_on=c["received_on"],
            procedure=c["procedure"] or Procedure.ORDINARY, reply_until=c["reply_until"], authority=c["authority"],
            number=c["number"], application=c["application"], case_text="" if c["application"] else c["case_text"],
            applicant_name=c["applicant_name"], earlier=c["earlier"], reconsideration=c["reconsideration"], handler=self.user,
        )  # fmt: skip


class StepForm(forms.Form):
    """A step that is only a day and a remark."""

    on = forms.DateField(label="日期", widget=day_input())
    note = forms.CharField(label="说明", required=False, max_length=500, widget=_lines(2))

    def data_of(self) -> dict[str, Any]:
        """What is kept with the step, besides day and remark."""
        return {}


class HearingForm(StepForm):
    hearing_on = forms.DateField(
        label="开庭或者听证日期", required=False, widget=day_input(), help_text="书面审理的不填。"
    )
    procedure = forms.ChoiceField(
        label="改为",
        required=False,
        choices=[("", "程序不变"), *Procedure.choices],
        help_text="审理中转换程序的才选。",
    )
    field_order: ClassVar = ["on", "hearing_on", "procedure", "note"]

    def data_of(self) -> dict[str, Any]:
        day: date | None = self.cleaned_data["hearing_on"]
        data = {"hearing_on": day.isoformat()} if day else {}
        return data | (
            {"procedure": self.cleaned_data["procedure"]} if self.cleaned_data["procedure"] else {}
        )


class LessonForm(StepForm):
    correction_reason = forms.CharField(
        label="被纠正的原因", required=False, max_length=1000, widget=_lines()
    )
    lesson = forms.CharField(
        label="警示", max_length=1000, widget=_lines(4),
        help_text="写给以后办同类申请的人：应当怎样做。会在同主题申请的办理页提示，不要写当事人的个人信息。",
    )  # fmt: skip
    field_order: ClassVar = ["on", "correction_reason", "lesson", "note"]

    def data_of(self) -> dict[str, Any]:
        return {k: self.cleaned_data[k] for k in ("lesson", "correction_reason") if self.cleaned_data[k]}


STEP_FORMS: dict[Step, type[StepForm]] = {Step.HEARING: HearingForm, Step.LESSON: LessonForm}


class ResultForm(forms.Form):
    """What the decision or judgment says."""

    decided_on = forms.DateField(label="作出日期", widget=day_input())
    served_on = forms.DateField(label="收到文书日期", required=False, widget=day_input())
    result = forms.ChoiceField(label="结果", choices=[("", "请选择"), *Result.choices])
    document = forms.CharField(label="决定书或者裁判文书号", required=False, max_length=120)
    redo_days = forms.IntegerField(
        label="责令重新答复的期限（工作日）", required=False, min_value=1, max_value=120,
        help_text="文书写明了期限的填写；没有写明的，按法定期限重新计算。",
    )  # fmt: skip
    compliance_due = forms.DateField(
        label="其他内容的履行期限", required=False, widget=day_input(), help_text="例如限期公开某件信息。"
    )
    reopen = forms.BooleanField(
        label="同时重新办理涉及的申请", required=False, initial=True,
        help_text="责令重作、责令履行的，登记后该申请重新计算答复期限，不计入新收，也不改动已办结年度的统计。",
    )  # fmt: skip
    correction_reason = forms.CharField(
        label="被纠正的原因", required=False, max_length=1000, widget=_lines()
    )
    note = forms.CharField(label="说明", required=False, max_length=500, widget=_lines(2))

    def __init__(self, *args: Any, remedy: Remedy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remedy = remedy
        if remedy.application is None or remedy.application.is_open:
            del self.fields["reopen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reopen") and cleaned.get("result") in REOPENING and not cleaned.get("document"):
            self.add_error("document", "重新办理要依据文书，请填写文书号（行政复议法第六十四条）。")
        return cleaned

    def outcome(self) -> Outcome:
        """The outcome. Only after is_valid."""
        c = self.cleaned_data
        return Outcome(
            result=c["result"], decided_on=c["decided_on"], served_on=c["served_on"], document=c["document"],
            redo_days=c["redo_days"], compliance_due=c["compliance_due"], correction_reason=c["correction_reason"],
            reopen=bool(c.get("reopen")),
        )  # fmt: skip


class CorrectForm(forms.Form):
    """A wrong day mended, or the record struck."""

    on = forms.DateField(label="正确的日期", required=False, widget=day_input())
    strike = forms.BooleanField(label="撤销这条记录（事情没有发生过，或者要重新登记）", required=False)
    reason = forms.CharField(label="更正的理由", max_length=400, widget=_lines(2))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("strike") and not cleaned.get("on"):
            self.add_error("on", "请填写正确的日期，或者勾选撤销。")
        return cleaned


class SettingsForm(forms.ModelForm):
    """One choice for each result; what equals the default is not kept."""

    class Meta:
        model = RemedySettings
        fields: ClassVar = ["organ", "first_year", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.mapping()
        for value, label in Result.choices:
            self.fields[f"g_{value}"] = forms.ChoiceField(
                label=label, choices=Group.choices, initial=now[value], required=False,
                help_text=f"默认：{Group(DEFAULT_GROUPS[value]).label}",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = {value: cleaned.get(f"g_{value}") or DEFAULT_GROUPS[value] for value in Result.values}
        self.instance.groups = {k: str(v) for k, v in chosen.items() if v != DEFAULT_GROUPS[k]}
        return cleaned


class LedgerFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label="类别", choices=Kind.choices)
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "尚未审结"), *State.choices], method="by_state"
    )
    result = django_filters.ChoiceFilter(label="结果", choices=Result.choices)
    group = django_filters.ChoiceFilter(label="统计归类", choices=Group.choices)
    due = django_filters.ChoiceFilter(
        label="期限",
        choices=[("overdue", "已逾期"), ("due3", "三日内到期"), ("due5", "五日内到期")],
        method="by_due",
    )
    year = django_filters.NumberFilter(label="年份（收到或者审结）", method="by_year")
    organ = django_filters.ModelChoiceFilter(
        label="机构（含下级）", queryset=Organ.objects.order_by("path"), method="below"
    )
    case = django_filters.NumberFilter(label="申请", field_name="application", widget=forms.HiddenInput)
    cell = django_filters.CharFilter(label="表四单元格", method="by_cell", widget=forms.HiddenInput)

    class Meta:
        model = Remedy
        fields: ClassVar[list[str]] = []

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(state__in=UNDECIDED) if value == "open" else queryset.filter(state=value)

    def by_due(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(due_condition(value, timezone.localdate()))

    def by_year(self, queryset: Any, name: str, value: Any) -> Any:
        if self.data.get("cell"):
            return queryset  # the cell's own condition takes the year
        return queryset.filter(Q(year_received=int(value)) | Q(year_closed=int(value)))

    def by_cell(self, queryset: Any, name: str, value: str) -> Any:
        from gongkai.remedies.table4 import condition

        year = str(self.data.get("year", ""))
        try:
            return queryset.filter(
                condition(value, int(year)), Q(organ__vertical=False) | Q(organ=self.data.get("organ"))
            )
        except (KeyError, ValueError):
            return queryset.none()

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "organ__"))
