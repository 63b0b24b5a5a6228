"""渠道对账: totals by channel and class, what waits for confirmation, counts from elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from wagtail.admin import messages

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ
from gongkai.publication import selectors, services
from gongkai.publication.desk.base import MODULE, PublicationView
from gongkai.publication.models import Release
from gongkai.publication.vocab import Channel, ContentClass


class ImportForm(forms.Form):
    """A count without items."""

    year = forms.IntegerField(label="年度", min_value=2008, max_value=2100)
    channel = forms.ChoiceField(label="渠道", choices=Channel.choices)
    content_class = forms.ChoiceField(label="信息类别", choices=ContentClass.choices)
    count = forms.IntegerField(label="条数", min_value=1, max_value=10_000_000)
    source = forms.CharField(
        label="数据来源", max_length=200, help_text="写明出自哪里，例如：原网站后台统计。"
    )


class ConfirmForm(forms.Form):
    release = forms.IntegerField()
    on = forms.DateField(required=False)
    url = forms.CharField(max_length=500, required=False)
    reason = forms.CharField(max_length=200, required=False)


class ReleasesView(PublicationView):
    """Both breakdowns are sums over the same rows, so they cannot disagree with the total."""

    template_name = "publication/desk/releases.html"
    page_title = "渠道对账"
    header_icon = "site"

    def chosen(self) -> tuple[Any, Organ | None, int]:
        organs = Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["view"]), section__isnull=False
        ).order_by("path")
        get, home = self.request.GET, home_organ(self.request.user)
        organ = organs.filter(pk=int(get["organ"][:15])).first() if get.get("organ", "").isdecimal() else None
        organ = organ or (organs.filter(pk=home.pk).first() if home else None) or organs.first()
        year = (
            int(get["year"])
            if get.get("year", "").isdecimal() and len(get["year"]) == 4
            else timezone.localdate().year
        )
        return organs, organ, year

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organs, organ, year = self.chosen()
        context: dict[str, Any] = {"organs": organs, "organ": organ, "year": year}
        if organ is not None:
            totals = selectors.release_totals(organ, year)
            waiting = Release.objects.filter(self.organs("view"), state=Release.State.PLANNED)
            channel = self.request.GET.get("channel", "")
            if channel in Channel.values:
                waiting = waiting.filter(channel=channel)
            context |= {
                "totals": totals,
                "by_channel": [(Channel(k).label, n) for k, n in totals.by_channel.items()],
                "by_class": [(ContentClass(k).label, n) for k, n in totals.by_class.items()],
                "waiting": waiting.select_related("page", "organ").order_by("-pk")[:100],
                "channels": [c for c in Channel.choices if c[0] != Channel.PORTAL],
                "channel": channel,
                "may_import": self.may("publish", organ),
                "may_change": self.may("change", organ),
                "form": ImportForm(initial={"year": year}),
            }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _, organ, _ = self.chosen()
        if organ is None:
            raise Http404
        if request.POST.get("act") == "import":
            form = ImportForm(request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form), status=422)
            services.import_counts(request.user, organ, **form.cleaned_data)
            messages.success(request, "已登记。")
        else:
            try:
                self._settle(request)
            except ValidationError as error:
                return self.render_to_response(self.get_context_data(errors=error.messages), status=422)
        return HttpResponseRedirect(request.get_full_path())

    def _settle(self, request: HttpRequest) -> None:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            raise ValidationError("日期请写成 2026-06-30 的样子。")
        data = form.cleaned_data
        row = (
            Release.objects.filter(self.organs("change"), pk=data["release"]).select_related("organ").first()
        )
        if row is None:
            raise Http404("没有这条发布记录，或不在您的机构范围内。")
        if request.POST.get("act") == "cancel":
            services.cancel_release(request.user, row, reason=data["reason"])
            messages.success(request, "已取消。")
        else:
            services.confirm_release(
                request.user, row, on=data["on"] or timezone.localdate(), url=data["url"]
            )
            messages.success(request, "已确认发布。")
