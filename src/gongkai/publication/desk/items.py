"""稿件: the list, one item with its acts, 逾期与即将到期."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages

from gongkai.applications.selectors import calendar
from gongkai.normative.models import Category
from gongkai.publication import selectors, services
from gongkai.publication.clock import due_of
from gongkai.publication.desk.base import PublicationView
from gongkai.publication.models import ColumnPage, DisclosurePage, PolicyPage, Release, ReviewForm
from gongkai.publication.review.selectors import form_of, refusal_of
from gongkai.publication.vocab import Channel, State, Validity

PER_PAGE = 50
#: Beyond this many the list says "more than": counting a nation's items exactly helps nobody.
COUNTED = 10_000
LINE = (
    "pk", "title", "state", "kind", "due_on", "published_at", "late", "formed_on", "organ__name", "organ__short_name",
    "column__title", "drafter__name",
)  # fmt: skip


class ItemList(PublicationView):
    """All items of the user's organs, newest first; ``mine`` shows what the user drafted."""

    template_name = "publication/desk/items.html"
    page_title = "稿件"

    def rows(self) -> Any:
        rows = DisclosurePage.objects.order_by("-pk")
        keys = self.organ_keys()
        if keys is not None:
            rows = rows.filter(organ__in=keys)
        get = self.request.GET
        if get.get("mine"):
            rows = rows.filter(drafter=self.request.user.pk)
        if get.get("state") in State.values:
            rows = rows.filter(state=get["state"])
        if get.get("column", "").isdecimal():
            rows = rows.filter(column=int(get["column"][:15]))
        words = get.get("q", "").split()[:4]
        for word in words:
            rows = rows.filter(title__icontains=word[:40])
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows, get = self.rows(), self.request.GET
        count = rows.order_by()[: COUNTED + 1].count()
        before = get.get("before", "")
        if before.isdecimal():
            rows = rows.filter(pk__lt=int(before[:15]))
        # First the keys alone, from the index; the joins only for the lines that are shown.
        keys = list(rows.values_list("pk", flat=True)[: PER_PAGE + 1])
        found = list(DisclosurePage.objects.filter(pk__in=keys).order_by("-pk").values(*LINE))
        query = get.copy()
        query.pop("before", None)
        today = timezone.localdate()
        for line in found:
            line["state_label"] = State(line["state"]).label
            line["overdue"] = line["published_at"] is None and line["due_on"] and line["due_on"] < today
        return super().get_context_data(
            **kwargs,
            lines=found[:PER_PAGE],
            older=found[PER_PAGE - 1]["pk"] if len(found) > PER_PAGE else None,
            count=count, counted=COUNTED, states=State.choices, query=query.urlencode(), get=get,
        )  # fmt: skip


class StartView(PublicationView):
    """写稿: choose the column; the editor opens with the right kind."""

    template_name = "publication/desk/start.html"
    page_title = "写稿"
    actions = ("add",)
    header_icon = "edit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        q = self.request.GET.get("q", "").strip()[:40]
        columns = selectors.columns(self.organs("add")).exclude(fixed__in=["statutory", "annual"])
        if q:
            columns = columns.filter(title__icontains=q)
        groups: dict[Any, list[Any]] = {}
        for column in columns[:400]:
            groups.setdefault(column.organ, []).append((column, add_url(column)))
        return super().get_context_data(**kwargs, groups=list(groups.items()), q=q)


def add_url(column: ColumnPage) -> str:
    """Where the editor opens for a new item of ``column``."""
    models = {
        "policy": "policypage", "interpretation": "interpretationpage", "meeting": "meetingpage", "budget": "budgetpage",
        "motion": "motionpage", "task": "keytaskpage", "leader": "leaderpage", "guide": "guidepage",
    }  # fmt: skip
    model = models.get(column.default_kind, "disclosurepage")
    return reverse("wagtailadmin_pages:add", args=["publication", model, column.pk])


class ActForm(forms.Form):
    """The acts on one item."""

    act = forms.ChoiceField(choices=[(a, a) for a in ("withdraw", "release", "supersede", "register")])
    reason = forms.CharField(max_length=300, required=False)
    channels = forms.MultipleChoiceField(choices=Channel.choices, required=False)
    validity = forms.ChoiceField(choices=Validity.choices, required=False)
    successor = forms.CharField(max_length=60, required=False)
    category = forms.CharField(max_length=12, required=False)


def review_of(page: DisclosurePage, may_add: bool) -> dict[str, Any]:
    """Where the review of ``page`` stands, and whether it can be sent in now."""
    review = form_of(page.pk)
    busy = review is not None and review.state == ReviewForm.State.REVIEWING
    fresh = not page.live or page.has_unpublished_changes
    refused = refusal_of(page.pk) if page.pk else None
    return {
        "refused": refused,
        "review": review,
        "review_busy": busy,
        "may_submit": may_add and not busy and fresh,
    }


class ItemView(PublicationView):
    """One item: where it stands, its clock with the reason, what it lacks, its releases, and what can be done."""

    template_name = "publication/desk/item.html"
    page_title = "稿件"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_items"), "label": "稿件"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": "办理"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.item(self.kwargs["pk"]).specific
        latest = page.get_latest_revision_as_object()
        releases = list(page.releases.select_related("by"))
        taken = {r.channel for r in releases if r.state != Release.State.CANCELLED}
        change = self.may("change", page.organ)
        context = {
            "item": page,
            "clock": due_of(latest),
            "problems": services.problems(latest),
            "releases": releases,
            "channels": [c for c in Channel.choices if c[0] not in taken],
            "may_edit": self.may("add", page.organ),
            "may_publish": self.may("publish", page.organ),
            **review_of(page, self.may("add", page.organ)),
            "may_release": page.shown and change,
            "may_supersede": page.shown and change and getattr(page, "register_entry_id", None) is None,
            "register": getattr(page, "register_entry", None),
            "categories": Category.choices,
            "may_register": isinstance(page, PolicyPage)
            and page.published_at is not None
            and page.register_entry_id is None
            and self.may("add", page.organ, "normative"),
            "validities": Validity.choices,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            "interpretations": selectors.interpretations_of(page),
        }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.item(self.kwargs["pk"])
        form = ActForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(errors=["请选择要办理的事项。"]), status=422)
        data = form.cleaned_data
        try:
            done = self.perform(request.user, page, data)
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, typed=data)
            return self.render_to_response(context, status=422)
        messages.success(request, done)
        return HttpResponseRedirect(request.path)

    @staticmethod
    def perform(user: Any, page: DisclosurePage, data: dict[str, Any]) -> str:
        """Calls the service; returns what to say."""
        if data["act"] == "withdraw":
            services.withdraw(user, page, reason=data["reason"])
            return "已撤回，原网址显示撤回理由。"
        if data["act"] == "register":
            document = services.register_page(user, page, data["category"])
            return f"已登记到文件登记簿：{document}。以后的修改、废止在登记簿办理。"
        if data["act"] == "supersede":
            by = successor_of(page, data["successor"].strip())
            services.mark_superseded(user, page, by=by, validity=data["validity"], note=data["reason"])
            return "已标注，公开页顶部显示。"
        if not data["channels"]:
            raise ValidationError("请至少选择一个渠道。")
        for channel in data["channels"]:
            services.release(user, page, channel)
        return "已送往所选渠道，等待确认发布。"


def successor_of(page: DisclosurePage, number: str) -> DisclosurePage | None:
    """The public item with that index or document number; None where nothing was typed. Raises ValidationError."""
    if not number:
        return None
    found = list(
        DisclosurePage.objects.filter(Q(index_number=number) | Q(document_number=number), shown=True).exclude(
            pk=page.pk
        )[:2]
    )
    if len(found) != 1:
        raise ValidationError(
            f"没有找到索引号或者发文字号为“{number}”的公开信息，请核对。"
            if not found
            else f"“{number}”对应不止一条信息，请改填索引号。"
        )
    return found[0]


class DueView(PublicationView):
    """逾期与即将到期: drafts past or near their day, items that came late this year, neglected columns."""

    template_name = "publication/desk/due.html"
    page_title = "逾期与即将到期"
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        until = calendar().add_working_days(today, 5)
        waiting = [(p, p.due_on < today) for p in selectors.unpublished(self.organs(), until)[:200]]
        late = selectors.late_items(self.organs(), today.year)
        return super().get_context_data(
            **kwargs,
            waiting=waiting,
            late=selectors.lines(late[:100]),
            late_count=late.count(),
            columns=selectors.troubled_columns(self.organs(), today)[:300],
            year=today.year,
        )
