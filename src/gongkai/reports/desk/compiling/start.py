"""编制报告: choose organ, year and scope, see what is still missing, begin the draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages

from gongkai.annualreport.schema import EDITION_2019
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.compiling.missing import missing
from gongkai.reports.desk.pages import ReportPage
from gongkai.reports.models import Scope
from gongkai.reports.recording import MODULE

SCOPES = [
    (Scope.OWN.value, "本机关：只统计这一个机关"),
    (Scope.REGION.value, "本地区汇总：连同下级机关，不含垂直领导机关"),
]


class StartForm(forms.Form):
    """What is to be compiled."""

    organ = forms.ModelChoiceField(queryset=Organ.objects.none(), label="机关", empty_label=None)
    year = forms.TypedChoiceField(label="报告年度", coerce=int)
    scope = forms.ChoiceField(label="统计范围", choices=SCOPES, widget=forms.RadioSelect)
    correction = forms.CharField(
        label="更正说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="这一年的报告已经公布时必填：更正了什么、为什么。",
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organ, year = self.fields["organ"], self.fields["year"]
        assert isinstance(organ, forms.ModelChoiceField)
        assert isinstance(year, forms.TypedChoiceField)
        mine = Organ.objects.filter(scope_of(user).condition("", MODULE, ["add"]))
        organ.queryset = (
            mine.filter(status=Organ.Status.ACTIVE).exclude(kind=Organ.Kind.VILLAGE).order_by("path")
        )
        organ.label_from_instance = lambda one: "　" * (one.depth - 1) + one.label  # type: ignore[method-assign]
        this = timezone.localdate().year
        year.choices = [(y, f"{y} 年") for y in range(this, EDITION_2019.first_year - 1, -1)]


class StartView(ReportPage):
    template_name = "reports/desk/compiling/start.html"
    permission_required = "add"
    page_title = "编制报告"
    header_icon = "table"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs("编制报告")

    def _form(self, data: Any = None) -> StartForm:
        organ = home_organ(self.request.user)
        today = timezone.localdate()
        initial = {
            "organ": organ.pk if organ else None,
            # Reports are made in the first quarter; afterwards the running year is what one looks at.
            "year": today.year - 1 if today.month <= 3 else today.year,
            "scope": Scope.REGION if organ and organ.kind == Organ.Kind.GOVERNMENT else Scope.OWN,
        }
        asked = {k: self.request.GET[k] for k in ("organ", "year", "scope") if k in self.request.GET}
        return StartForm(data, user=self.request.user, initial=initial | asked)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                row = start_draft(
                    request.user, data["organ"], data["year"], data["scope"], correction=data["correction"]
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, "已生成草稿。台账变动时草稿随之变动，报送时固定。")
                return HttpResponseRedirect(reverse("annual-reports:edit", args=[row.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.setdefault("form", self._form())
        organs = form.fields["organ"].queryset
        chosen, year, scope = (form[name].value() for name in ("organ", "year", "scope"))
        organ = organs.filter(pk=chosen).first() if str(chosen or "").isdecimal() else None
        context = super().get_context_data(**kwargs)
        if organ is None or not str(year).isdecimal() or not EDITION_2019.first_year <= int(year) <= 2100:
            return context
        wanting = missing(organ, int(year), scope == Scope.REGION)
        return context | {"organ": organ, "year": int(year), "missing": wanting}
