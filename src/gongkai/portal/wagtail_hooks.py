"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.portal.desk.viewsets import FeedbackViewSet
from gongkai.portal.desk.visits import VisitsView


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [FeedbackViewSet()]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("visits/", VisitsView.as_view(), name="visits")]


register_item(Item("channels", "访问量", "visits", "view", 50, allowed("channels")))
register_item(
    Item(
        "channels", "页面评价", "page-feedback:index", "comment", 300, allowed("channels", "assign", "change")
    )
)
