"""Letters in the desk: addresses, menu items, and what is returned to its drafter on 今天."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import path, reverse
from wagtail import hooks

from gongkai.applications.desk.letters import printing, views
from gongkai.applications.desk.letters.viewsets import LetterTemplateViewSet, LetterViewSet
from gongkai.applications.models import Letter
from gongkai.organs.desk import today as board
from gongkai.organs.desk.menu import Item, allowed, register_item

SHOWN = 8


@hooks.register("register_admin_viewset")
def letter_viewsets() -> list[Any]:
    return [LetterViewSet(), LetterTemplateViewSet()]


@hooks.register("register_admin_urls")
def letter_urls() -> list[Any]:
    return [
        path("letter/<int:pk>/", views.LetterView.as_view(), name="applications_letter"),
        path(
            "letter/<int:pk>/preview/", views.LetterPreviewView.as_view(), name="applications_letter_preview"
        ),
        path("letter/<int:pk>/pdf/", printing.LetterPdfView.as_view(), name="applications_letter_pdf"),
        path("letter/<int:pk>/docx/", printing.LetterDocxView.as_view(), name="applications_letter_docx"),
        path("applications/outgoing/", printing.OutgoingView.as_view(), name="applications_outgoing"),
        path(
            "applications/<int:pk>/letters/add/",
            views.LetterAddView.as_view(),
            name="applications_letter_add",
        ),
        path(
            "applications/<int:pk>/letters/add/<str:kind>/",
            views.LetterDraftView.as_view(),
            name="applications_letter_draft",
        ),
    ]


@board.register
def returned_letters(user: Any, today: date) -> Iterable[board.Task]:
    """Drafts of mine that came back with an opinion."""
    if not getattr(user, "pk", None):
        return
    rows = (
        Letter.objects.filter(drafted_by=user, state=Letter.State.DRAFT)
        .exclude(review_opinion="")
        .defer("body", "data")
        .select_related("application__organ")
        .order_by("pk")[:SHOWN]
    )
    for letter in rows:
        case = letter.application
        yield board.Task(
            board.Kind.FIX,
            f"退回修改：{letter.title}（{case}）",
            reverse("applications_letter", args=[letter.pk]),
            reason=letter.review_opinion,
            organ=case.organ.label,
            due=case.due_on,
        )


for _item in (
    Item("applications", "文书", "letters:index", "mail", 40, allowed("applications")),
    Item("applications", "待发文书", "applications_outgoing", "mail", 50, allowed("applications")),
    Item(
        "applications",
        "文书模板",
        "letter-templates:index",
        "doc-full",
        95,
        allowed("applications", "assign"),
    ),
):
    register_item(_item)
