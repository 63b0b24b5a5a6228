"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks

from gongkai.organs.desk.menu import Item, register_item
from gongkai.search.desk.views import IndexView, StatisticsView
from gongkai.search.desk.viewsets import EmptyViewSet, SynonymViewSet
from gongkai.search.policies import may


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [SynonymViewSet(), EmptyViewSet()]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("search/statistics/", StatisticsView.as_view(), name="search_statistics"),
        path("search/index/", IndexView.as_view(), name="search_index"),
    ]


def _visible(request: HttpRequest) -> bool:
    return may(request.user, "view")


for _item in (
    Item("channels", "没有结果的搜索", "search-empty:index", "search", 10, _visible),
    Item("channels", "同义词", "search-synonyms:index", "link", 20, _visible),
    Item("channels", "搜索统计", "search_statistics", "list-ol", 30, _visible),
    Item("channels", "搜索索引", "search_index", "cogs", 40, _visible),
):
    register_item(_item)
