"""The desk's menu: groups in a fixed order; an app puts its items into them, and an empty group is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

Visible = Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Group:
    """One top entry of the menu."""

    key: str
    label: str
    icon: str


GROUPS: Final = (
    Group("today", "工作台", "home"),
    Group("publication", "主动公开", "doc-full-inverse"),
    Group("applications", "依申请公开", "mail"),
    Group("records", "信息管理", "folder-open-inverse"),
    Group("channels", "平台建设", "globe"),
    Group("supervision", "监督保障", "clipboard-list"),
    Group("reports", "年度报告", "table"),
    Group("system", "系统", "cogs"),
)


@dataclass(frozen=True)
class Item:
    """One link: ``url_name`` is reversed when shown; ``visible`` decides per request."""

    group: str
    label: str
    url_name: str
    icon: str = "list-ul"
    order: int = 100
    visible: Visible = field(default=lambda request: True)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_ITEMS: dict[str, Item] = {}


def register_item(item: Item) -> None:
    """Adds a link to a group. Raises KeyError for a group that does not exist."""
    if item.group not in {group.key for group in GROUPS}:
        raise KeyError(item.group)
    _ITEMS[item.url_name] = item


def items_for(request: HttpRequest) -> dict[str, list[Item]]:
    """Group key → the links this user sees, in order; groups without any are left out."""
    shown: dict[str, list[Item]] = {}
    for group in GROUPS:
        items = [i for i in _ITEMS.values() if i.group == group.key and i.visible(request)]
        if items:
            shown[group.key] = sorted(items, key=lambda i: (i.order, i.label))
    return shown


def allowed(module: str, *actions: str) -> Visible:
    """Visible to those who may do one of ``actions`` (default: view) in ``module``."""
    from gongkai.organs.scope import scope_of

    return lambda request: scope_of(request.user).allows(module, actions or ("view",))
