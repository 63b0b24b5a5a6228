"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from gongkai.organs.desk import tasks  # noqa: F401  (registers the providers of 今天)
from gongkai.organs.desk.audit import AuditViewSet
from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.organs.desk.site import SiteProfileView, may_edit_site
from gongkai.organs.desk.viewsets import (
    HandoverViewSet,
    MembershipViewSet,
    OrganViewSet,
    PersonViewSet,
    WorkOfficeViewSet,
)
from gongkai.organs.models import SiteProfile


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[Any]:
    return [
        OrganViewSet(),
        WorkOfficeViewSet(),
        PersonViewSet(),
        MembershipViewSet(),
        HandoverViewSet(),
        AuditViewSet(),
    ]


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [path("site-profile/", SiteProfileView.as_view(), name="site_profile")]


for _item in (
    Item("system", "机构", "organs:index", "list-ul", 10, allowed("organs")),
    Item("system", "公开工作机构", "work-offices:index", "mail", 20, allowed("organs")),
    Item("system", "人员与职责", "people:index", "user", 30, allowed("people")),
    Item("system", "队伍备案册", "roster:index", "group", 40, allowed("people")),
    Item("system", "交接单", "handovers:index", "resubmit", 50, allowed("people")),
    Item(
        "system",
        "站点信息",
        "site_profile",
        "site",
        60,
        lambda r: may_edit_site(r.user, SiteProfile.current()),
    ),
    Item("system", "审计", "audit:index", "history", 70, allowed("audit")),
):
    register_item(_item)
