"""What the public page of one item or column reads: prepared queries, each as narrow as the page.

These are the pages that everybody reads; what is asked for each of them is written once (``organs.prepared``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Page

from gongkai.normative.selectors import public_documents
from gongkai.organs.addresses import address
from gongkai.organs.prepared import Prepared
from gongkai.organs.selectors import beside
from gongkai.publication.models import (
    Attachment,
    AttachmentUse,
    ColumnPage,
    DisclosurePage,
    InterpretationPage,
    PolicyPage,
)
from gongkai.publication.paths import url_of, urls_of
from gongkai.publication.vocab import ColumnType, Form

#: What an editor needs of a page and no reader.
UNSHOWN = (
    "draft_title", "seo_title", "search_description", "go_live_at", "expire_at", "expired", "locked", "locked_at",
    "locked_by", "locale", "alias_of", "translation_key", "show_in_menus", "first_published_at",
    "last_published_at", "latest_revision_created_at", "has_unpublished_changes", "latest_revision", "live_revision",
    "owner", "drafter",
)  # fmt: skip
#: What the ledgers keep of an item.
OF_LEDGERS = (
    "content_class",
    "due_on",
    "late",
    "state",
    "attribute_reason",
    "domain",
    "imported_from",
    "withdrawn_reason",
)


@cache
def _item(model: type[DisclosurePage]) -> Prepared[DisclosurePage]:
    def build(pk: int) -> QuerySet[DisclosurePage]:
        found = model.objects.filter(pk=pk, shown=True, live=True)
        if issubclass(model, PolicyPage):
            entry = public_documents().filter(pk=OuterRef("register_entry"))
            found = found.annotate(entry_shown=Exists(entry))
        # In no order: the tree's own would have the one row sorted.
        return found.select_related("organ").defer(*UNSHOWN, *OF_LEDGERS, *beside("organ")).order_by()[:1]

    return Prepared(build, int)


def public_item(model: type[DisclosurePage], pk: int) -> DisclosurePage | None:
    """The item as its own kind, with its organ; None for one that is not public. One query."""
    return _item(model).first(pk)


_COLUMN = Prepared(
    lambda pk: (
        ColumnPage.objects.filter(pk=pk, live=True)
        .select_related("organ")
        .defer(*UNSHOWN[:-1])
        .order_by()[:1]
    ),
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


#: What a face is made of, besides the title.
_OF_COLUMN = ("description", "keywords", "column_type", "organ__name", "path")
_FACE = Prepared(lambda pk: ColumnPage.objects.filter(pk=pk).values_list("title", *_OF_COLUMN), int)


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


def entry_url(page: DisclosurePage) -> str:
    """Where the register shows the document of ``page``; "" for none, and while it is not published there.

    No query for what ``public_item`` found, one for a page that comes from elsewhere (a preview).
    """
    pk = page.register_entry_id if isinstance(page, PolicyPage) else None
    if pk is None:
        return ""
    shown = vars(page).get("entry_shown")
    return address("normative:document", pk) if (_ENTRY.first(pk) if shown is None else shown) else ""


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
    return [Explanation(title, url_of(path), str(Form(form).label)) for title, path, form in found]


@cache
def _way(steps: int) -> Prepared[tuple[Any, ...]]:
    return Prepared(
        lambda *paths: (
            Page.objects.filter(path__in=paths)
            .order_by("path")  # one below the other, and the order of an index
            .values_list(
                "title", "url_path", "pk", "path", *(f"columnpage__{name}" for name in _OF_COLUMN[:-1])
            )
        ),
        *[str] * steps,
    )


def _steps(path: str) -> list[tuple[Any, ...]]:
    # The first two steps are the tree's root and the home page, which begins every trail by itself.
    paths = [path[:end] for end in range(3 * Page.steplen, len(path) + 1, Page.steplen)]
    return _way(len(paths)).all(*paths) if paths else []


def way_to(path: str) -> list[tuple[str, str]]:
    """Title and address of every page from the top of the disclosure pages down to the one at ``path``. One query."""
    return _addressed(_steps(path))


def _addressed(steps: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return list(zip([step[0] for step in steps], urls_of([step[1] for step in steps]), strict=True))


def place_of(page: DisclosurePage) -> tuple[ColumnFace, list[tuple[str, str]]]:
    """The column of an item and the way to it. One query; two for an item that does not lie below its column (a preview)."""
    found = _steps(page.path[: -Page.steplen]) if page.path else []
    if not found or found[-1][2] != page.column_id:
        face = column_face(page.column_id)
        return face, way_to(face.path)
    title, _, _, path, description, keywords, kind, organ = found[-1]
    face = ColumnFace(title, description, keywords, str(ColumnType(kind).label), organ, path)
    return face, _addressed(found)


__all__ = [
    "ColumnFace",
    "Explanation",
    "column_face",
    "explanations_of",
    "files_of",
    "place_of",
    "public_column",
    "public_item",
    "way_to",
]  # fmt: skip
