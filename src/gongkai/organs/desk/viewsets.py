"""The desk of organs and people: 机构, 公开工作机构, 人员与职责, 队伍备案册, 交接单, 审计, 站点信息."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.organs import services
from gongkai.organs.desk import acts, forms
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn, TimeColumn, TreeTitleColumn
from gongkai.organs.models import Handover, Membership, Organ, Person, WorkOffice
from gongkai.organs.roles import Role
from gongkai.organs.selectors import ROSTER_PERIOD_DAYS
from gongkai.organs.services.structure import OFFICE_FIELDS, PROFILE_FIELDS


class OrganFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label="类别", choices=Organ.Kind.choices)
    status = django_filters.ChoiceFilter(label="状态", choices=Organ.Status.choices)
    parent = django_filters.ModelChoiceFilter(
        label="隶属于", queryset=Organ.objects.filter(numchild__gt=0), method="below"
    )

    class Meta:
        model = Organ
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        from gongkai.organs.models.organ import subtree

        return queryset.filter(subtree(value.path))


class OrganIndexView(generic.IndexView):
    """In the order of the tree unless the user sorts."""

    default_ordering = "path"

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "path"]


class OrganViewSet(ScopedModelViewSet):
    model = Organ
    name = "organs"
    icon = "list-ul"
    index_view_class = OrganIndexView
    inspect_view_enabled = True
    list_per_page = 50
    list_display: ClassVar = [
        TreeTitleColumn("name", label="名称", sort_key="name"),
        Column("get_kind_display", label="类别", sort_key="kind", width="10%"),
        Column("phone", label="联系电话", width="14%"),
        Column("email", label="电子邮箱", width="20%"),
        Column("get_status_display", label="状态", sort_key="status", width="8%"),
    ]
    list_export: ClassVar = [
        "name",
        "short_name",
        "get_kind_display",
        "credit_code",
        "region_code",
        "address",
        "hours",
        "phone",
        "fax",
        "postcode",
        "email",
        "head",
        "get_status_display",
        "valid_from",
        "valid_to",
    ]
    export_headings: ClassVar = {"get_kind_display": "类别", "get_status_display": "状态"}
    export_filename = "机构"
    search_fields: ClassVar = ["name", "short_name", "keywords", "names__name"]
    filterset_class = OrganFilter
    inspect_view_fields: ClassVar = [
        "name",
        "short_name",
        "kind",
        "slug",
        "credit_code",
        "region_code",
        "status",
        "valid_from",
        "valid_to",
        "successor",
        "address",
        "hours",
        "phone",
        "fax",
        "postcode",
        "email",
        "head",
        "duties",
        "keywords",
        "vertical",
        "reconsideration_authority",
        "reconsideration_text",
        "court",
        "profile_reviewed_on",
    ]
    acts: ClassVar = {
        "rename": acts.RenameAct,
        "move": acts.MoveAct,
        "merge": acts.MergeAct,
        "abolish": acts.AbolishAct,
    }
    empty_text = "这里是您管理的机构。点“新增机构”登记第一个，也可以先在筛选中清除条件。"

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.OrganEditForm if for_update else forms.OrganCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.create_organ(user, **form.cleaned_data)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        changes = {
            k: v for k, v in form.cleaned_data.items() if k in PROFILE_FIELDS and k in form.changed_data
        }
        return services.update_profile(user, form.instance, **changes)


class WorkOfficeViewSet(ScopedModelViewSet):
    model = WorkOffice
    name = "work-offices"
    icon = "mail"
    list_per_page = 50
    list_select_related = ("organ", "head", "backup")
    list_display: ClassVar = [
        TitleColumn("organ", label="机构", sort_key="organ__path"),
        Column("head", label="负责人"),
        Column("backup", label="代理负责人"),
        Column("phone", label="联系电话"),
        Column("channels_text", label="接收渠道"),
    ]
    list_export: ClassVar = [
        "organ",
        "name",
        "head",
        "backup",
        "phone",
        "email",
        "address",
        "hours",
        "channels_text",
    ]
    export_headings: ClassVar = {"channels_text": "接收渠道"}
    export_filename = "公开工作机构"
    search_fields: ClassVar = ["organ__name", "name", "head__name", "backup__name"]
    empty_text = "每个机关都要有公开工作机构、负责人和代理负责人（条例第四条）。点“新增公开工作机构”登记。"

    @property
    def index_view_class(self) -> type:
        return TreeOrderedIndexView

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.WorkOfficeForm if for_update else forms.WorkOfficeCreateForm

    def _fields(self, form: Any) -> dict[str, Any]:
        return {k: v for k, v in form.cleaned_data.items() if k in OFFICE_FIELDS}

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return services.save_work_office(user, form.cleaned_data["organ"], **self._fields(form))

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.save_work_office(user, form.instance.organ, **self._fields(form))


class TreeOrderedIndexView(generic.IndexView):
    """Ledgers of organs follow the order of the tree."""

    default_ordering = "organ__path"

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "organ__path"]


class PersonFilter(WagtailFilterSet):
    role = django_filters.ChoiceFilter(label="职责", choices=Role.choices, method="with_role")
    is_active = django_filters.ChoiceFilter(
        label="账号", choices=[("1", "启用"), ("0", "停用")], method="with_state"
    )

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = []

    def with_role(self, queryset: Any, name: str, value: str) -> Any:
        holders = Membership.objects.active().filter(role=value).values("user")
        return queryset.filter(pk__in=holders)

    def with_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(is_active=value == "1")


class PersonViewSet(ScopedModelViewSet):
    model = Person
    name = "people"
    icon = "user"
    list_prefetch_related = ("memberships__organ",)
    list_per_page = 50
    list_display: ClassVar = [
        TitleColumn("name", label="姓名", sort_key="name"),
        Column("username", label="账号", sort_key="username"),
        Column("duties", label="在任职责"),
        Column("state", label="账号状态", accessor=lambda p: "启用" if p.is_active else "停用"),
        TimeColumn("last_login", label="最近登录", sort_key="last_login"),
    ]
    list_export: ClassVar = ["name", "username", "duties", "phone", "email"]
    export_headings: ClassVar = {"username": "账号", "duties": "在任职责", "email": "电子邮箱"}
    export_filename = "人员与职责"
    search_fields: ClassVar = ["name", "username", "phone"]
    filterset_class = PersonFilter
    acts: ClassVar = {"password": acts.PasswordAct, "disable": acts.DisableAct, "enable": acts.EnableAct}
    empty_text = "这里是在您管理的机构任职的人。点“新增人员”登记账号和第一项职责。"

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.PersonEditForm if for_update else forms.PersonCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        values = dict(form.cleaned_data)
        return services.create_person(user, values.pop("organ"), **values)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.update_person(user, form.instance, **form.cleaned_data)


class MembershipFilter(WagtailFilterSet):
    organ = django_filters.ModelChoiceFilter(
        label="机构（含下级）", queryset=Organ.objects.all(), method="below"
    )
    role = django_filters.ChoiceFilter(label="职责", choices=Role.choices)
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[("active", "在岗"), ("left", "已离岗"), ("stale", "久未核对")],
        method="with_state",
    )

    class Meta:
        model = Membership
        fields: ClassVar = ["role"]

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        from gongkai.organs.models.organ import subtree

        return queryset.filter(subtree(value.path, "organ__"))

    def with_state(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        if value == "left":
            return queryset.filter(valid_to__lt=today)
        active = queryset.active(today)
        if value == "active":
            return active
        limit = today - timedelta(days=ROSTER_PERIOD_DAYS)
        return active.filter(models.Q(reviewed_on__isnull=True) | models.Q(reviewed_on__lt=limit))


class MembershipViewSet(ScopedModelViewSet):
    model = Membership
    name = "roster"
    icon = "group"
    index_view_class = TreeOrderedIndexView
    list_per_page = 50
    list_select_related = ("user", "organ")
    list_display: ClassVar = [
        TitleColumn("user", label="姓名", sort_key="user__name"),
        Column("organ", label="机构", sort_key="organ__path"),
        Column("get_role_display", label="职责", sort_key="role"),
        DayColumn("valid_from", label="任职日期", sort_key="valid_from"),
        DayColumn("valid_to", label="离岗日期", sort_key="valid_to"),
        DayColumn("filed_on", label="备案日期", sort_key="filed_on"),
        DayColumn("reviewed_on", label="最近核对", sort_key="reviewed_on"),
    ]
    list_export: ClassVar = [
        "organ",
        "user",
        "get_role_display",
        "user.phone",
        "valid_from",
        "valid_to",
        "filed_on",
        "reviewed_on",
        "note",
    ]
    export_headings: ClassVar = {"get_role_display": "职责", "user.phone": "联系电话", "user": "姓名"}
    export_filename = "队伍备案册"
    search_fields: ClassVar = ["user__name", "organ__name"]
    filterset_class = MembershipFilter
    acts: ClassVar = {"review": acts.ReviewAct, "end": acts.EndAct}
    empty_text = "备案册记录谁在哪个机构担任什么职责。点“新增任职”登记；人员离岗时办理交接，不删除。"

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.MembershipEditForm if for_update else forms.MembershipCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        values = form.cleaned_data
        return services.grant_membership(
            user,
            values["user"],
            values["organ"],
            values["role"],
            on=values["valid_from"],
            until=values["valid_to"],
            filed_on=values["filed_on"],
            note=values["note"],
        )

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return services.update_membership(user, form.instance, **form.cleaned_data)


class HandoverViewSet(ScopedModelViewSet):
    model = Handover
    name = "handovers"
    icon = "resubmit"
    inspect_view_enabled = True
    list_select_related = ("membership__user", "membership__organ", "to_user")
    list_display: ClassVar = [
        TitleColumn("membership", label="离岗任职"),
        Column("to_user", label="接手人"),
        Column("count", label="事项", accessor=lambda h: f"{len(h.items)} 项"),
        TimeColumn("at", label="交接时间"),
    ]
    inspect_view_fields: ClassVar = ["membership", "to_user", "at", "items"]
    form_fields: ClassVar[list[str]] = []
    empty_text = "有人离岗并把手上的事交给他人时，这里会留下交接单。离岗在“队伍备案册”办理。"

    @property
    def inspect_view_class(self) -> type:
        return HandoverInspectView


class HandoverInspectView(generic.InspectView):
    def get_items_display_value(self) -> str:
        rows = [format_html("{}：{}", item["kind"], item["label"]) for item in self.object.items]
        return format_html("<br>".join(["{}"] * len(rows)), *rows) if rows else "无"
