"""标准目录: rows of the grassroots catalogue."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column

from gongkai.law import catalogue
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.publication.models import GrassrootsItem
from gongkai.publication.services import save_grassroots_item
from gongkai.publication.vocab import domain_choices


class GrassrootsForm(WagtailAdminModelForm):
    channels = forms.MultipleChoiceField(
        label="公开渠道和载体",
        widget=forms.CheckboxSelectMultiple,
        choices=[(c, c) for c in catalogue.channels()],
    )
    levels = forms.MultipleChoiceField(
        label="公开层级", widget=forms.CheckboxSelectMultiple, choices=[(v, v) for v in ("县级", "乡级")]
    )
    audience = forms.ChoiceField(label="公开对象", choices=[(v, v) for v in ("全社会", "特定群体")])
    manner = forms.ChoiceField(label="公开方式", choices=[(v, v) for v in ("主动", "依申请")])

    class Meta:
        model = GrassrootsItem
        fields = [
            "organ", "domain", "serial", "item1", "item2", "content", "basis", "period", "responsible", "channels",
            "audience", "manner", "levels",
        ]  # fmt: skip


class GrassrootsFilter(WagtailFilterSet):
    domain = django_filters.ChoiceFilter(label="领域", choices=domain_choices)

    class Meta:
        model = GrassrootsItem
        fields: ClassVar[list[str]] = []


class GrassrootsViewSet(ScopedModelViewSet):
    model = GrassrootsItem
    name = "grassroots-catalogue"
    url_prefix = "publication/catalogue"
    icon = "list-ol"
    filterset_class = GrassrootsFilter
    list_display: ClassVar = [
        Column("get_domain_display", label="领域"), "serial", "item1", "item2", Column("responsible", label="公开主体"),
    ]  # fmt: skip
    list_export: ClassVar = [
        "domain",
        "serial",
        "item1",
        "item2",
        "content",
        "basis",
        "period",
        "responsible",
    ]
    list_per_page = 50
    ordering: ClassVar = ["domain", "serial"]
    empty_text = "标准目录逐项列明二十六个领域公开什么、依据什么、何时公开。点“添加标准目录事项”开始。"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return GrassrootsForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return save_grassroots_item(user, form.save(commit=False))

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return save_grassroots_item(user, form.save(commit=False))
