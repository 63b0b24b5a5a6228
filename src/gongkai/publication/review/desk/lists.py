"""待我审核, 审签单, 审核时长, 不公开信息复核."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from wagtail.admin import messages

from gongkai.organs.scope import scope_of
from gongkai.publication.models import Rereview, ReviewForm
from gongkai.publication.review import selectors, services
from gongkai.publication.review.desk.base import MODULE, ReviewDesk

PER_PAGE = 30


class WaitingView(ReviewDesk):
    """What waits for the user: to sign, to answer for, to mend."""

    template_name = "publication/review/waiting.html"
    page_title = "待我审核"
    trail = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        signs = scope_of(user).allows(MODULE, ["approve"])
        waiting = selectors.waiting(user)
        return super().get_context_data(
            **kwargs,
            signs=signs,
            waiting=waiting[:PER_PAGE],
            count=waiting.count(),
            blocked=selectors.blocked(self.organs("approve"), user)[:PER_PAGE] if signs else [],
            mine=selectors.returned_to(user)[:PER_PAGE],
            emergencies=selectors.unreviewed_emergencies(self.organs())[:PER_PAGE],
            today=timezone.localdate(),
        )


class FormList(ReviewDesk):
    """All forms of the user's organs, newest first."""

    template_name = "publication/review/forms.html"
    page_title = "审签单"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        get = self.request.GET
        rows = ReviewForm.objects.filter(self.organs()).select_related("organ", "submitted_by")
        if get.get("state") in ReviewForm.State.values:
            rows = rows.filter(state=get["state"])
        for word in get.get("q", "").split()[:4]:
            rows = rows.filter(title__icontains=word[:40])
        page = Paginator(rows.order_by("-pk"), PER_PAGE).get_page(get.get("p"))
        query = get.copy()
        query.pop("p", None)
        states = ReviewForm.State.choices
        return super().get_context_data(**kwargs, rows=page, states=states, get=get, query=query.urlencode())


class TimesView(ReviewDesk):
    """How long the steps take, and what has been lying too long."""

    template_name = "publication/review/times.html"
    page_title = "审核时长"
    header_icon = "time"
    SPANS = ((30, "近三十日"), (90, "近九十日"), (365, "近一年"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("days", "")
        days = int(asked) if asked in {str(d) for d, _ in self.SPANS} else 90
        since = timezone.localdate() - timedelta(days=days)
        return super().get_context_data(
            **kwargs,
            rows=selectors.durations(self.organs(prefix="form__organ__"), since),
            slow=selectors.slow(self.organs())[:PER_PAGE],
            spans=self.SPANS,
            days=days,
        )


class AgainForm(forms.Form):
    """A re-evaluation."""

    form = forms.IntegerField()
    result = forms.ChoiceField(
        choices=Rereview.Result.choices, error_messages={"required": "请选择复核结论。"}
    )
    basis = forms.CharField(max_length=300, error_messages={"required": "请写明依据和理由。"})
    next_review_on = forms.DateField(required=False, error_messages={"invalid": "日期写成 2026-11-30。"})


class AgainView(ReviewDesk):
    """What was not disclosed, by the day it must be looked at again (条例第十八条)."""

    template_name = "publication/review/again.html"
    page_title = "不公开信息复核"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Paginator(selectors.due_again(self.organs()), PER_PAGE).get_page(self.request.GET.get("p"))
        for row in rows:
            row.may = self.may("approve", row.organ)
        return super().get_context_data(
            **kwargs, rows=rows, today=timezone.localdate(), results=Rereview.Result.choices
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AgainForm(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError([text for texts in form.errors.values() for text in texts])
            data = form.cleaned_data
            row = self.form_row(data.pop("form"))
            services.rereview(request.user, row, **data)
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, typed=request.POST)
            return self.render_to_response(context, status=422)
        messages.success(request, "已复核。")
        return HttpResponseRedirect(request.path)
