"""What the public page of one item or column reads: prepared queries, each as narrow as the page.

These are the pages that everybody reads; what is asked for each of them is written once (``organs.prepared``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from wagtail.models import Page

from gongkai.normative.models import Document
from gongkai.normative.selectors import public_documents
from gongkai.organs.prepared import Prepared
from gongkai.publication.models import (
    Attachment,
    AttachmentUse,
    ColumnPage,
    DisclosurePage,
    InterpretationPage,
)
from gongkai.publication.paths import urls_of
from gongkai.publication.vocab import ColumnType, Form

#: What an editor needs of a page and no reader.
UNSHOWN = (
    "draft_title", "seo_title", "search_description", "go_live_at", "expire_at", "expired", "locked", "locked_at",
    "locked_by", "locale", "alias_of", "translation_key", "show_in_menus", "first_published_at",
    "last_published_at", "latest_revision_created_at", "has_unpublished_changes", "latest_revision", "live_revision",
    "owner", "drafter",
)  # fmt: skip


@cache
def _item(model: type[DisclosurePage]) -> Prepared[DisclosurePage]:
    return Prepared(
        lambda pk: (
            model.objects.filter(pk=pk, shown=True, live=True).select_related("organ").defer(*UNSHOWN)[:1]
        ),
        int,
    )


def public_item(model: type[DisclosurePage], pk: int) -> DisclosurePage | None:
    """The item as its own kind, with its organ; None for one that is not public. One query."""
    return _item(model).first(pk)


_COLUMN = Prepared(
    lambda pk: ColumnPage.objects.filter(pk=pk, live=True).select_related("organ").defer(*UNSHOWN[:-1])[:1],
    int,
)


def public_column(pk: int) -> ColumnPage | None:
    """A column with its organ. One query."""
    return _COLUMN.first(pk)


@dataclass(frozen=True, slots=True)
class ColumnFace:
    """What the pages below a column say of it."""

    title: str
    description: str
    keywords: str
    type: str
    organ: str
    path: str


_FACE = Prepared(
    lambda pk: ColumnPage.objects.filter(pk=pk).values_list(
        "title", "description", "keywords", "column_type", "organ__name", "path"
    ),
    int,
)


def column_face(pk: int) -> ColumnFace:
    """The column of an item. One query. Raises ColumnPage.DoesNotExist for none."""
    found = _FACE.first(pk)
    if found is None:
        raise ColumnPage.DoesNotExist
    title, description, keywords, kind, organ, path = found
    return ColumnFace(title, description, keywords, str(ColumnType(kind).label), organ, path)


_FILES = Prepared(
    lambda page: (
        AttachmentUse.objects.filter(page=page).select_related("attachment").defer("attachment__text")
    ),
    int,
)


def files_of(page: DisclosurePage) -> list[Attachment]:
    """The files that the item's body holds, in their order. One query."""
    return [use.attachment for use in _FILES.all(page.pk)] if page.pk else []


@dataclass(frozen=True, slots=True)
class Explanation:
    """An interpretation beside what it explains."""

    title: str
    url: str
    form: str


_ENTRY = Prepared(lambda pk: public_documents().filter(pk=pk).values_list("pk")[:1], int)


def entry_url(pk: int | None) -> str:
    """Where the register shows the document; "" for none, and while it is not published there. One query at most."""
    return Document(pk=pk).get_absolute_url() if pk and _ENTRY.first(pk) else ""


_EXPLAINING = Prepared(
    lambda document: (
        InterpretationPage.objects.filter(document=document, shown=True)
        .order_by("published_at")
        .values_list("title", "url_path", "form")
    ),
    int,
)


def explanations_of(page: DisclosurePage) -> list[Explanation]:
    """What explains ``page``, oldest first. One query."""
    found = _EXPLAINING.all(page.pk) if page.pk else []
    urls = urls_of(path for _, path, _ in found) if found else []
    return [
        Explanation(title, url, str(Form(form).label))
        for (title, _, form), url in zip(found, urls, strict=True)
    ]


@cache
def _way(steps: int) -> Prepared[tuple[str, str]]:
    return Prepared(
        lambda *paths: (
            Page.objects.filter(depth__gt=2, path__in=paths)
            .order_by("depth")
            .values_list("title", "url_path")
        ),
        *[str] * steps,
    )


def way_to(path: str) -> list[tuple[str, str]]:
    """Title and address of every page from the top of the disclosure pages down to the one at ``path``. One query."""
    paths = [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]
    found = _way(len(paths)).all(*paths)
    return list(zip((title for title, _ in found), urls_of(url for _, url in found), strict=True))


__all__ = [
    "ColumnFace",
    "Explanation",
    "column_face",
    "explanations_of",
    "files_of",
    "public_column",
    "public_item",
    "way_to",
]  # fmt: skip
