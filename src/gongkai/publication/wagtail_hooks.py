"""What this app registers with the desk, and what it closes in the page editor."""

from __future__ import annotations

from typing import Any

from django.db.models.lookups import In
from django.db.models.sql import Query
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.publication.desk import today  # noqa: F401  (registers the providers of 今天)
from gongkai.publication.desk.arranging import ColumnStateView, MoveView
from gongkai.publication.desk.budgeting import BudgetsView
from gongkai.publication.desk.carriers import BoardView, CarrierView
from gongkai.publication.desk.chooser import chooser_viewset
from gongkai.publication.desk.columns import ColumnAdd, ColumnEdit, ColumnList, CompletenessView
from gongkai.publication.desk.documents import DocumentsView
from gongkai.publication.desk.explorer import ItemPages
from gongkai.publication.desk.guides import GuidesView
from gongkai.publication.desk.intake.urls import urlpatterns as intake_urls
from gongkai.publication.desk.interpretations import InterpretationView
from gongkai.publication.desk.items import DueView, ItemList, ItemView, StartView
from gongkai.publication.desk.releases import ReleasesView
from gongkai.publication.desk.topics import TopicList, TopicView
from gongkai.publication.desk.viewsets import GrassrootsViewSet
from gongkai.publication.models import ColumnPage, DisclosurePage, FramePage
from gongkai.publication.review.desk import hooks as _review  # noqa: F401  (registers its own hooks)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [chooser_viewset, GrassrootsViewSet(), ItemPages("publication_pages")]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        *intake_urls,
        path("publication/items/", ItemList.as_view(), name="publication_items"),
        path("publication/items/new/", StartView.as_view(), name="publication_start"),
        path("publication/items/<int:pk>/", ItemView.as_view(), name="publication_item"),
        path(
            "publication/items/<int:pk>/interpretation/",
            InterpretationView.as_view(),
            name="publication_interpretation",
        ),
        path("publication/items/<int:pk>/column/", MoveView.as_view(), name="publication_move"),
        path("publication/due/", DueView.as_view(), name="publication_due"),
        path("publication/columns/", ColumnList.as_view(), name="publication_columns"),
        path("publication/columns/<int:pk>/", ColumnEdit.as_view(), name="publication_column"),
        path(
            "publication/columns/<int:pk>/state/", ColumnStateView.as_view(), name="publication_column_state"
        ),
        path("publication/columns/add/<int:organ>/", ColumnAdd.as_view(), name="publication_column_add"),
        path("publication/documents/", DocumentsView.as_view(), name="publication_documents"),
        path("publication/budgets/", BudgetsView.as_view(), name="publication_budgets"),
        path("publication/guides/", GuidesView.as_view(), name="publication_guides"),
        path("publication/topics/", TopicList.as_view(), name="publication_topics"),
        path("publication/topics/<int:pk>/", TopicView.as_view(), name="publication_topic"),
        path("publication/completeness/", CompletenessView.as_view(), name="publication_completeness"),
        path("publication/releases/", ReleasesView.as_view(), name="publication_releases"),
        path("publication/releases/<int:pk>/", CarrierView.as_view(), name="publication_carrier"),
        path("publication/releases/<int:pk>/board.pdf", BoardView.as_view(), name="publication_board"),
    ]


for _item in (
    Item("publication", "写稿", "publication_start", "edit", 10, allowed("publication", "add")),
    Item("publication", "稿件", "publication_items", "doc-full", 20, allowed("publication")),
    Item("publication", "逾期与即将到期", "publication_due", "warning", 30, allowed("publication")),
    Item("publication", "栏目维护", "publication_columns", "list-ul", 40, allowed("publication")),
    Item(
        "publication", "文件同步", "publication_documents", "doc-full", 35, allowed("publication", "change")
    ),
    Item("publication", "专题", "publication_topics", "folder-open-inverse", 45, allowed("publication")),
    Item("publication", "公开指南", "publication_guides", "help", 47, allowed("publication")),
    Item("publication", "预决算公开", "publication_budgets", "table", 52, allowed("publication")),
    Item("publication", "完整度", "publication_completeness", "table", 50, allowed("publication")),
    Item("publication", "渠道对账", "publication_releases", "site", 60, allowed("publication")),
    Item("publication", "标准目录", "grassroots-catalogue:index", "list-ol", 70, allowed("publication")),
):
    register_item(_item)


@hooks.register("insert_editor_js")
def paste_from_word() -> str:
    """What comes from Word is cleaned by the same rules as everywhere before the editor sees it."""
    return format_html(
        '<script src="{}" data-clean="{}" defer></script>',
        static("publication/paste.js"),
        reverse("publication_clean"),
    )


# --- the page editor ----------------------------------------------------------------------------------------------


@hooks.register("construct_page_action_menu")
def no_direct_publication(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Publication follows review; the editor saves and submits."""
    menu_items[:] = [i for i in menu_items if i.name not in ("action-publish", "action-unpublish")]


def _refuse(request: HttpRequest, page: Page, text: str) -> HttpResponse:
    messages.error(request, text)
    if isinstance(page, DisclosurePage) and page.pk:
        return HttpResponseRedirect(reverse("publication_item", args=[page.pk]))
    return HttpResponseRedirect(reverse("publication_items"))


@hooks.register("before_publish_page")
def publish_by_service_only(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Also for the unlimited administrator: a page of ours is never published from the editor."""
    if isinstance(page, (DisclosurePage, FramePage)):
        return _refuse(request, page, "稿件要经过审核才能公开。内容已保存，请送审。")
    return None


@hooks.register("before_unpublish_page")
def withdraw_by_service_only(request: HttpRequest, page: Page) -> HttpResponse | None:
    if isinstance(page.specific, (DisclosurePage, FramePage)):
        return _refuse(request, page.specific, "撤回要写明理由，请在稿件的办理页撤回。")
    return None


@hooks.register("before_delete_page")
def nothing_public_is_deleted(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Only drafts that were never public go."""
    found = page.specific
    if isinstance(found, FramePage) or (isinstance(found, DisclosurePage) and found.published_at):
        return _refuse(request, found, "公开过的信息和栏目不能删除。不再适用的，请撤回或者标注失效。")
    return None


@hooks.register("after_edit_page")
def lists_follow_a_draft(request: HttpRequest, page: Page) -> None:
    """A draft that was never public is changed in its revision only; lists and clock read the row."""
    if isinstance(page, DisclosurePage) and page.published_at is None:
        page.fill()
        names = ("kind", "formed_on", "due_on", "document_number", "attribute")
        DisclosurePage.objects.filter(pk=page.pk).update(**{n: getattr(page, n) for n in names})
        Page.objects.filter(pk=page.pk).update(title=page.title)


@hooks.register("before_edit_page")
def frames_have_their_own_screens(request: HttpRequest, page: Page) -> HttpResponse | None:
    if isinstance(page, ColumnPage):
        return HttpResponseRedirect(reverse("publication_column", args=[page.pk]))
    if isinstance(page, FramePage):
        return HttpResponseRedirect(reverse("publication_columns"))
    return None


@hooks.register("construct_explorer_page_queryset")
def whole_columns_need_no_sieve(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    """Below a page of the user's own every page is the user's: the sieve over the keys of the whole tree is left out.

    Two seconds at 300,000 items, and it lets everything pass. It stays where the user's pages are only part of the list.
    """
    if request.GET.get("search_all"):
        return pages
    own = PagePermissionPolicy().instances_with_direct_explore_permission(request.user)
    if not any(parent_page.path.startswith(page.path) for page in own):
        return pages
    pages = pages.all()
    where = pages.query.where
    where.children = [c for c in where.children if not (isinstance(c, In) and isinstance(c.rhs, Query))]
    return pages


@hooks.register("before_move_page")
@hooks.register("before_copy_page")
def pages_stay(request: HttpRequest, page: Page, *args: Any) -> HttpResponse | None:
    """An item has one home; its address and its number were given for good."""
    if isinstance(page.specific, (DisclosurePage, FramePage)):
        return _refuse(request, page.specific, "稿件和栏目不能移动或者复制。其他地方要用，请从专题引用。")
    return None
