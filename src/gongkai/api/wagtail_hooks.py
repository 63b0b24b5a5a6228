"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gongkai.api.desk import today  # noqa: F401 - puts its lines on the board
from gongkai.api.desk.viewsets import ApiKeyViewSet
from gongkai.organs.desk.menu import Item, allowed, register_item


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [ApiKeyViewSet()]


register_item(Item("system", "接口密钥", "api-keys:index", "key", 400, allowed("people", "add")))
