"""栏目维护, 完整度."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages

from gongkai.law import catalogue
from gongkai.organs.desk.base import add_errors
from gongkai.organs.models import Organ, User
from gongkai.organs.scope import scope_of
from gongkai.publication import selectors, services
from gongkai.publication.desk.base import MODULE, PublicationView
from gongkai.publication.desk.items import add_url
from gongkai.publication.models import ColumnPage
from gongkai.publication.services.sections import COLUMN_FIELDS
from gongkai.publication.vocab import Fixed


class ColumnForm(forms.ModelForm):
    """A column as its keeper fills it in."""

    title = forms.CharField(label="栏目名称", max_length=60)

    class Meta:
        model = ColumnPage
        fields = COLUMN_FIELDS

    def __init__(self, *args: Any, organ: Organ, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_person"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            # A village's columns are often kept by its township or the county's office.
            memberships__organ__in=[organ, *organ.get_ancestors()],
            is_active=True,
        ).distinct()
        if self.instance.fixed:
            self.fields["title"].disabled = self.fields["code"].disabled = True
        labels = {p.key: p.title for p in _periods()}
        self.fields["period"] = forms.ChoiceField(
            label="公开期限", choices=list(labels.items()), initial="general"
        )

    def _post_clean(self) -> None:
        """The service checks; the form only reads."""


def _periods() -> list[Any]:
    from gongkai.law.publication import periods

    return list(periods().values())


class ColumnList(PublicationView):
    """栏目维护: owner, update rule, state of each column."""

    template_name = "publication/desk/columns.html"
    page_title = "栏目维护"
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, get = timezone.localdate(), self.request.GET
        organs = Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["view"]), section__isnull=False
        )
        organs = organs.order_by("path")
        chosen = (
            organs.filter(pk=int(get["organ"][:15])).first()
            if get.get("organ", "").isdecimal()
            else organs.first()
        )
        found = selectors.columns(Q(organ=chosen)) if chosen else []
        states = [(selectors.state_of(c, today), add_url(c)) for c in found]
        may = chosen is not None and self.may("add", chosen)
        closed = ColumnPage.objects.filter(organ=chosen, live=False).order_by("path") if chosen else []
        return super().get_context_data(
            **kwargs,
            organs=organs,
            chosen=chosen,
            states=states,
            may_add=may,
            closed=closed,
            may_close=chosen is not None and self.may("assign", chosen),
        )


class ColumnEdit(PublicationView):
    """One column's form."""

    template_name = "publication/desk/column_form.html"
    page_title = "修改栏目"
    actions = ("change",)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_columns"), "label": "栏目维护"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": self.page_title}]

    def context(self, form: ColumnForm, organ: Organ) -> dict[str, Any]:
        return self.get_context_data(form=form, organ=organ)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        column = self.column(kwargs["pk"])
        form = ColumnForm(instance=column, organ=column.organ)
        return self.render_to_response(self.context(form, column.organ))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        column = self.column(kwargs["pk"])
        form = ColumnForm(request.POST, instance=column, organ=column.organ)
        if form.is_valid():
            try:
                services.update_column(request.user, self.column(kwargs["pk"]), **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, "栏目已保存。")
                return HttpResponseRedirect(f"{reverse('publication_columns')}?organ={column.organ_id}")
        return self.render_to_response(self.context(form, column.organ), status=422)


class ColumnAdd(ColumnEdit):
    """开设栏目 of an organ, below 法定主动公开内容 or beside it."""

    page_title = "开设栏目"
    actions = ("add",)

    def organ(self) -> Organ:
        found = Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["add"]), pk=self.kwargs["organ"]
        ).first()
        if found is None or selectors.section_of(found) is None:
            raise Http404("没有这个机构的专栏，或不在您的机构范围内。")
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organ = self.organ()
        return self.render_to_response(self.context(ColumnForm(organ=organ), organ))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organ = self.organ()
        form = ColumnForm(request.POST, organ=organ)
        if form.is_valid():
            # News is no statutory content: 专栏姓专 (sheet 05 §1).
            news = form.cleaned_data["content_class"] == "news"
            parent = (
                selectors.section_of(organ)
                if news
                else ColumnPage.objects.get(organ=organ, fixed=Fixed.STATUTORY)
            )
            try:
                services.create_column(request.user, parent, **form.cleaned_data)  # type: ignore[arg-type]
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, "栏目已开设。")
                return HttpResponseRedirect(f"{reverse('publication_columns')}?organ={organ.pk}")
        return self.render_to_response(self.context(form, organ), status=422)


class CompletenessView(PublicationView):
    """完整度: organ × item of articles 20 and 21."""

    template_name = "publication/desk/completeness.html"
    page_title = "法定主动公开完整度"
    header_icon = "table"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organs = Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["view"]),
            section__isnull=False,
            status="active",
        ).order_by("path")
        town = self.request.GET.get("level") == "town"
        kinds = ("township", "subdistrict")
        organs = organs.filter(kind__in=kinds) if town else organs.exclude(kind__in=kinds)
        rows = selectors.completeness(organs[:200], timezone.localdate())
        items = catalogue.items_for("乡级" if town else "县级")
        heads = [(i.id.replace("county.", "").replace("township.", ""), i.title) for i in items]
        return super().get_context_data(**kwargs, rows=rows, heads=heads, town=town)
