"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.portal.desk.viewsets import FeedbackViewSet


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [FeedbackViewSet()]


register_item(
    Item(
        "channels", "页面评价", "page-feedback:index", "comment", 300, allowed("channels", "assign", "change")
    )
)
