"""审计: the trail as a list to filter, open and export; nobody changes it."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.apps import apps
from django.forms import DateInput
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import TimeColumn
from gongkai.organs.models import AuditEntry


class AuditFilter(WagtailFilterSet):
    act = django_filters.ChoiceFilter(label="动作", choices=lambda: sorted(_acts()))
    actor_name = django_filters.CharFilter(label="操作人", lookup_expr="startswith")
    since = django_filters.DateFilter(
        label="起", field_name="at", lookup_expr="date__gte", widget=DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label="止", field_name="at", lookup_expr="date__lte", widget=DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields: ClassVar = ["act"]


def _acts() -> list[tuple[str, str]]:
    from gongkai.organs.audit import ACTS

    return list(ACTS.items())


class AuditViewSet(ScopedModelViewSet):
    model = AuditEntry
    name = "audit"
    icon = "history"
    inspect_view_enabled = True
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("act_label", label="动作"),
        Column("object_label", label="对象"),
        Column("actor_name", label="操作人"),
        Column("organ", label="所属机构"),
        TimeColumn("at", label="时间", sort_key="id"),
    ]
    list_export: ClassVar = ["at", "act_label", "object_label", "actor_name", "organ", "reason", "entry_hash"]
    export_filename = "审计记录"
    filterset_class = AuditFilter
    inspect_view_fields: ClassVar = [
        "at",
        "actor_name",
        "organ",
        "act_label",
        "object_label",
        "reason",
        "changes",
        "before_digest",
        "after_digest",
        "previous_hash",
        "entry_hash",
    ]
    form_fields: ClassVar[list[str]] = []
    empty_text = "机构、人员和站点的每次变更都会在这里留下一条不可修改的记录。"

    @property
    def inspect_view_class(self) -> type:
        return AuditInspectView


#: Fields of the tree and of the database that say nothing to a person.
TECHNICAL = frozenset({"id", "path", "depth", "numchild"})


class AuditInspectView(generic.InspectView):
    """Shows changes as "field: before → after" in the words of the screen."""

    def get_changes_display_value(self) -> str:
        try:
            fields = {f.name: f for f in apps.get_model(self.object.object_type)._meta.concrete_fields}
        except LookupError:
            fields = {}
        rows = [
            format_html(
                "{}：{} → {}",
                fields[name].verbose_name if name in fields else name,
                _shown(fields.get(name), before),
                _shown(fields.get(name), after),
            )
            for name, (before, after) in self.object.changes.items()
            if name not in TECHNICAL
        ]
        return format_html("<br>".join(["{}"] * len(rows)), *rows) if rows else "无"


def _shown(field: Any, value: Any) -> str:
    """A stored value as people read it: yes and no, the label of a choice, the name behind a reference."""
    if value is None or value == "":
        return "（空）"
    if value is True or value is False:
        return "是" if value else "否"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.is_relation:
        found = field.related_model._base_manager.filter(pk=value).first()
        return str(found or value)
    return str(value)
