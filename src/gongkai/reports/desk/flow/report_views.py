"""办理 of one report: where it stands, what may be done next, each act with what the person should see first."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.reports import selectors
from gongkai.reports.desk.flow.forms import ActForm
from gongkai.reports.desk.views import ReportPage
from gongkai.reports.flow import acts, changes, signsheet, texts, windows
from gongkai.reports.flow.machine import ACTS, Act
from gongkai.reports.flow.standing import Standing, standing_of, steps_of
from gongkai.reports.models import AnnualReport, CollectionReminder, CollectionUnit, State

_LATER = {State.SUPERSEDED: State.PUBLISHED, State.RETURNED: State.DRAFT}


def way_of(row: AnnualReport, standing: Standing) -> list[tuple[str, str]]:
    """(label, done | here | ahead) of the states on this report's way."""
    path = [State.DRAFT, State.CHECKED, State.AGGREGATED if standing.own else State.SIGNING]
    path += [State.SUBMITTED, State.RECEIVED] if standing.above else [State.SIGNED]
    path.append(State.PUBLISHED)
    here = _LATER.get(State(row.state), State(row.state))
    # A report that went another way (imported, collection closed since) shows its own state in its place.
    place = path.index(here) if here in path else len(path) - 2
    return [
        (str(state.label), "done" if i < place else "here" if i == place else "ahead")
        for i, state in enumerate(path)
    ]


class FlowView(BaseObjectMixin, ReportPage):
    """办理: the way, the dates, the acts, the record."""

    template_name = "reports/desk/flow/flow.html"
    permission_required = "view"
    header_icon = "list-ol"
    edit_url_name: str | None = None

    def get_page_title(self) -> str:
        return "办理"

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs("办理", str(self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        standing = standing_of(row)
        today = timezone.localdate()
        steps = steps_of(row)
        found = windows.windows(row, standing.above, standing.own)
        returned = [s for s in steps if s.to_state == State.RETURNED]
        return super().get_context_data(
            **kwargs,
            object=self.object,
            way=way_of(row, standing),
            offers=acts.offers(self.request.user, row, standing),
            windows=[(w, w.words(today), w.left(today) < 0) for w in found],
            steps=[(s, signsheet.act_label(s.act)) for s in reversed(steps)],
            standing=standing,
            returned=returned[-1] if returned and row.state == State.RETURNED else None,
            reminder=_reminder(row) if row.state in texts.draft.LIVE_STATES else None,
            errors=len(texts.open_errors(row)),
            may_archive=self.may("change", row),
        )


def _reminder(row: AnnualReport) -> CollectionReminder | None:
    unit = CollectionUnit.objects.filter(organ=row.organ_id, collection__year=row.year)
    return CollectionReminder.objects.filter(unit__in=unit).select_related("by").order_by("-id").first()


class FlowActView(BaseObjectMixin, ReportPage):
    """One act. Before signing: the numbers that changed, the findings, the digest. Made for a phone as well."""

    template_name = "reports/desk/flow/act.html"
    permission_required = "view"
    edit_url_name: str | None = None
    act: Act
    standing: Standing

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["act"] not in ACTS:
            raise Http404("没有这种办理。")
        self.act = ACTS[kwargs["act"]]
        self.standing = standing_of(self.object)

    def get_page_title(self) -> str:
        return self.act.label

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.crumbs(self.act.label, str(self.object))[:-1],
            {"url": reverse("annual-reports:flow", args=[self.object.pk]), "label": "办理"},
            {"url": "", "label": self.act.label, "sublabel": str(self.object)},
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        offer = next(
            (o for o in acts.offers(request.user, self.object, self.standing) if o.act == self.act), None
        )
        if offer is None:
            if self.object.state in self.act.sources:
                raise PermissionDenied
            messages.error(request, f"报告现在是“{self.object.get_state_display()}”，不能{self.act.label}。")
            return HttpResponseRedirect(reverse("annual-reports:flow", args=[self.object.pk]))
        if offer.problem:
            messages.error(request, offer.problem)
            return HttpResponseRedirect(reverse("annual-reports:flow", args=[self.object.pk]))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        report = selectors.as_report(row)
        kwargs["act"] = self.act  # the address's own word for it comes in under the same name
        kwargs.setdefault("form", ActForm(act=self.act, initial={"digest": row.digest}))
        own, above = self.standing.own, self.standing.above
        late = windows.late_words(row, timezone.localdate(), above, own) if self.act.name == "publish" else []
        findings = selectors.findings_of(row, report)
        verdicts = selectors.verdicts_of(row)
        return super().get_context_data(
            **kwargs,
            object=self.object,
            looks=self.act.action in ("approve", "publish"),
            figures=signsheet.key_figures(row),
            since=changes.since_last_look(report, steps_of(row), self.request.user),
            open=[f for f in findings if not selectors.settled(verdicts.get(f.identity))],
            settled=[
                (f, verdicts[f.identity]) for f in findings if selectors.settled(verdicts.get(f.identity))
            ],
            late=late,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ActForm(request.POST, act=self.act)
        if form.is_valid():
            data = form.cleaned_data
            # A living text has no lasting digest: only who signs or publishes a frozen one is held to it.
            digest = data["digest"] if self.act.action in ("approve", "publish") else ""
            try:
                row = acts.act(
                    request.user,
                    self.object,
                    self.act.name,
                    data.get("note", ""),
                    digest=digest,
                    at=data.get("at"),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"已{self.act.label}。")
                return HttpResponseRedirect(reverse("annual-reports:flow", args=[row.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignSheetView(BaseObjectMixin, ReportPage):
    """签发单 as PDF."""

    permission_required = "view"
    edit_url_name: str | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(signsheet.pdf(self.object), content_type="application/pdf")
        response["Content-Disposition"] = (
            content_disposition_header(True, signsheet.filename(self.object)) or "attachment"
        )
        response["Cache-Control"] = "private, no-store"
        return response
