"""The desk's face: its menu, theme and names."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from gongkai.organs.desk.menu import GROUPS, Item, items_for, register_item

register_item(Item("today", "今天", "wagtailadmin_home", "home", 10))


@hooks.register("construct_main_menu", order=10_000)
def our_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    """Replaces the stock entries by ours: a group with one link is that link's group, one with none is left out."""
    shown = items_for(request)
    menu_items[:] = [
        SubmenuMenuItem(
            group.label,
            Menu(
                items=[
                    MenuItem(
                        i.label, i.url, name=i.url_name.replace(":", "-"), icon_name=i.icon, order=i.order
                    )
                    for i in shown[group.key]
                ]
            ),
            name=group.key,
            icon_name=group.icon,
            order=number,
        )
        for number, group in enumerate(GROUPS)
        if group.key in shown
    ]


@hooks.register("insert_global_admin_css")
def theme() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("construct_homepage_panels")
def no_stock_panels(request: HttpRequest, panels: list[Any]) -> None:
    """今天 has its own page."""
    panels.clear()


@hooks.register("construct_search")
def no_stock_search(request: HttpRequest, search_areas: list[Any]) -> None:
    """The side bar's search box searched pages, pictures and files across organs; ours come with the search app."""
    search_areas.clear()
