"""文书 and 文书模板 as ledgers of the desk."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.applications.desk.letters.forms import TemplateForm
from gongkai.applications.letters import templating
from gongkai.applications.letters.context import forbidden
from gongkai.applications.letters.fields import FIELDS
from gongkai.applications.letters.kinds import CHOICES, LETTER_KINDS, label_of
from gongkai.applications.letters.layout import sample_sheet
from gongkai.applications.models import Letter, LetterTemplate
from gongkai.applications.policies import MODULE
from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn, TimeColumn
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import scope_of


class LetterFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=Letter.State.choices)
    kind = django_filters.ChoiceFilter(label="种类", choices=CHOICES)
    organ = django_filters.ModelChoiceFilter(
        label="机关（含下级）", queryset=Organ.objects.order_by("path"), method="below"
    )

    class Meta:
        model = Letter
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "application__organ__"))


class LetterIndexView(generic.IndexView):
    default_ordering = "-pk"

    def rows(self, queryset: Any) -> Any:
        return queryset.defer("body", "data")

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "-pk", "dated", "-dated"]


class ToLetter(generic.EditView):
    """The letter has its own page."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("applications_letter", args=[int(kwargs["pk"])]))


class LetterViewSet(ScopedModelViewSet):
    """Letters are drafted from their case, so nothing is added here."""

    model = Letter
    name = "letters"
    url_prefix = "applications/letters"
    icon = "mail"
    index_view_class = LetterIndexView
    edit_view_class = ToLetter
    filterset_class = LetterFilter
    form_fields: ClassVar[list[str]] = []
    list_per_page = 50
    list_select_related = ("application__organ",)
    list_display: ClassVar = [
        TitleColumn("title", label="标题", get_url=lambda row: reverse("applications_letter", args=[row.pk])),
        Column("number", label="文号", sort_key="number", width="18%"),
        Column("application", label="办件", width="18%"),
        Column("addressee", label="主送", width="12%"),
        Column("get_state_display", label="状态", sort_key="state", width="9%"),
        DayColumn("dated", label="成文日期", sort_key="dated", width="11%"),
    ]
    search_fields: ClassVar = ["title", "number", "application__number"]
    empty_text = "这里是您管理的机关的文书。打开一件申请，点“拟写文书”开始。"

    def get_urlpatterns(self) -> list[Any]:
        """Without the generic add and delete."""
        return [p for p in super().get_urlpatterns() if p.name not in {"add", "delete", "copy"}]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_index_view_kwargs(**kwargs), "add_url_name": None, "delete_url_name": None}


def _field_list(kind: str = "") -> list[tuple[str, list[Any]]]:
    """Field list by source, without what this kind may not show."""
    hidden = (
        forbidden(LETTER_KINDS[kind]) - set(LETTER_KINDS[kind].asks) if kind in LETTER_KINDS else frozenset()
    )
    groups: dict[str, list[Any]] = {}
    for field in FIELDS.values():
        if field.name not in hidden:
            groups.setdefault(field.source, []).append(field)
    return list(groups.items())


class TemplateFormMixin:
    """Field list beside the editor; a new template begins with the built-in wording of the kind in the address."""

    template_name = "applications/desk/letter_template_form.html"
    request: HttpRequest

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()  # type: ignore[misc]
        kind = self.request.GET.get("kind", "")
        if kind in LETTER_KINDS and not getattr(self, "object", None):
            used = LETTER_KINDS[kind].wording
            initial |= {"kind": kind, "title": used.title, "body": used.body}
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        row = getattr(self, "object", None)
        kind = row.kind if row is not None and row.pk else self.request.GET.get("kind", "")
        return context | {
            "field_groups": _field_list(kind),
            "kinds": CHOICES,
            "starting": row is None or not row.pk,
            "chosen": kind,
        }


class TemplateIndexView(generic.IndexView):
    """Offers adding and editing only to those who may."""

    def _assigns(self) -> bool:
        return scope_of(self.request.user).allows(MODULE, ["assign"])

    def get_add_url(self) -> str | None:
        return super().get_add_url() if self._assigns() else None

    def get_edit_url(self, instance: models.Model) -> str | None:
        return super().get_edit_url(instance) if self._assigns() else None

    def get_delete_url(self, instance: models.Model) -> str | None:
        return super().get_delete_url(instance) if self._assigns() else None


class TemplateCreateView(TemplateFormMixin, generic.CreateView):
    permission_required = "assign"


class TemplateEditView(TemplateFormMixin, generic.EditView):
    permission_required = "assign"


class TemplateDeleteView(generic.DeleteView):
    permission_required = "assign"

    def delete_action(self) -> None:
        templating.remove_template(self.request.user, self.object)


class PreviewAct(ActView):
    """样张: the template with sample values."""

    label = "样张"
    icon = "view"
    permission_required = "view"
    template_name = "applications/desk/letter_template_preview.html"
    form_class = forms.Form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        title, text = templating.preview_template(row.kind, row.title, row.body)
        return super().get_context_data(**kwargs, sheet=sample_sheet(title, text, row.organ.name))

    def perform(self, cleaned: dict[str, Any]) -> Any:
        """Looking changes nothing."""


class LetterTemplateViewSet(ScopedModelViewSet):
    """An office's wording for itself and the organs below; deleting one goes back to the built-in wording."""

    model = LetterTemplate
    name = "letter-templates"
    icon = "doc-full"
    index_view_class = TemplateIndexView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    delete_view_class = TemplateDeleteView
    list_select_related = ("organ", "updated_by")
    list_display: ClassVar = [
        TitleColumn(
            "title", label="标题", get_url=lambda row: reverse("letter-templates:edit", args=[row.pk])
        ),
        Column("kind", label="种类", accessor=lambda row: label_of(row.kind), width="30%"),
        Column("organ", label="机构", width="18%"),
        Column("updated_by", label="修改人", width="10%"),
        TimeColumn("updated_at", label="修改时间", width="14%"),
    ]
    search_fields: ClassVar = ["title"]
    acts: ClassVar = {"preview": PreviewAct}
    empty_text = "还没有自己的模板，全部文书使用内置正文。需要改写某一种文书时，点“新增文书模板”。"

    def get_form_class(self, for_update: bool = False) -> type:
        return TemplateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return templating.save_template(
            user, **{k: form.cleaned_data[k] for k in ("organ", "kind", "title", "body")}
        )

    def perform_update(self, user: Any, form: Any) -> models.Model:
        data = {k: form.cleaned_data[k] for k in ("organ", "kind", "title", "body")}
        return templating.save_template(
            user, **data, template=LetterTemplate.objects.get(pk=form.instance.pk)
        )
