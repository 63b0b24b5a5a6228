"""What review registers with the desk and puts into the page editor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.models import Page

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.publication.models import DisclosurePage, ReviewForm
from gongkai.publication.review import selectors
from gongkai.publication.review.desk import today  # noqa: F401  (registers the providers of 今天)
from gongkai.publication.review.desk.lists import AgainView, FormList, TimesView, WaitingView
from gongkai.publication.review.desk.sheet import (
    EmergencyView,
    FileView,
    PaperView,
    SheetView,
    SubmitView,
    submitted,
)
from gongkai.publication.review.desk.words import WordViewSet

BUTTON = "action-send-to-review"


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [WordViewSet()]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("publication/review/", WaitingView.as_view(), name="review_list"),
        path("publication/review/forms/", FormList.as_view(), name="review_forms"),
        path("publication/review/times/", TimesView.as_view(), name="review_times"),
        path("publication/review/again/", AgainView.as_view(), name="review_again"),
        path("publication/review/<int:pk>/", SheetView.as_view(), name="review_sheet"),
        path("publication/review/<int:pk>/paper/", PaperView.as_view(), name="review_paper"),
        path("publication/review/<int:pk>/files/<int:file>/", FileView.as_view(), name="review_file"),
        path("publication/items/<int:pk>/submit/", SubmitView.as_view(), name="review_submit"),
        path("publication/items/<int:pk>/emergency/", EmergencyView.as_view(), name="review_emergency"),
    ]


for _item in (
    Item("publication", "待我审核", "review_list", "check", 22, allowed("review")),
    Item("publication", "审签单", "review_forms", "doc-full", 24, allowed("review")),
    Item("publication", "不公开信息复核", "review_again", "view", 62, allowed("review", "approve")),
    Item("publication", "审核时长", "review_times", "time", 64, allowed("review", "approve", "assign")),
    Item("publication", "用词词库", "watch-words:index", "openquote", 66, allowed("review", "assign")),
):
    register_item(_item)


class SendItem(ActionMenuItem):
    """送审: saves, then sends in."""

    name = BUTTON
    label = "送审"
    icon_name = "resubmit"


@hooks.register("register_page_action_menu_item")
def send_item() -> ActionMenuItem:
    return SendItem(order=5)


@hooks.register("construct_page_action_menu")
def no_stock_workflow(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Wagtail's own workflow acts would pass by the form."""
    page = context.get("page")
    ours = page is None or isinstance(page, DisclosurePage)
    menu_items[:] = [
        i
        for i in menu_items
        if i.name
        not in ("action-submit", "action-restart-workflow", "action-cancel-workflow", "action-unpublish")
        and not (i.name == BUTTON and not ours)
    ]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def send_after_saving(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The button of the editor: what was sent back goes by the form, where the drafter answers the marks."""
    if not isinstance(page, DisclosurePage) or BUTTON not in request.POST:
        return None
    form = selectors.form_of(page.pk)
    if form is not None and form.state == ReviewForm.State.RETURNED:
        return HttpResponseRedirect(reverse("review_sheet", args=[form.pk]))
    return submitted(request, page)
