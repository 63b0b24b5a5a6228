"""Items of disclosure in the search: text, tables, files, what each kind says of itself; interpretations by their document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from django.db.models import prefetch_related_objects
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.signals import page_published, page_slug_changed, page_unpublished

from gongkai.normative.models import Document
from gongkai.normative.search_documents import refresh as put_documents
from gongkai.publication import presenting
from gongkai.publication.models import DisclosurePage, InterpretationPage, PolicyPage
from gongkai.publication.vocab import Kind
from gongkai.search import answers, indexing
from gongkai.search.projection import Entry, Projection, register, register_places

#: Kind of item → kind in the search; all others are "item".
_KINDS = {Kind.POLICY: "policy", Kind.INTERPRETATION: "interpretation", Kind.NEWS: "news"}
#: The search's word for a validity where it differs from the item's.
_VALIDITY = {"in_force": "valid"}
_KEY = "page:"
_DOCUMENT = "document:"
_BLOCK = re.compile(r"<(?=/?(?:p|h\d|li|ul|ol|br|hr|div|t[rdh])\b)")


def key(page: DisclosurePage) -> str:
    """The key under which the search knows an item."""
    return f"{_KEY}{page.pk}"


def plain(html: str) -> str:
    """The words of a piece of HTML: paragraphs stay apart, marks inside a sentence do not part it."""
    return unescape(strip_tags(_BLOCK.sub("\n<", html))).strip()


def _block_text(kind: str, value: Any) -> str:
    if isinstance(value, str):
        return plain(value)
    if not isinstance(value, dict):
        return ""
    if kind == "table":
        rows = [value.get("table_caption") or "", *(
            " ".join(str(cell) for cell in row if cell not in (None, "")) for row in value.get("data") or ()
        )]  # fmt: skip
        return "\n".join(filter(None, rows))
    texts = [plain(v) for name, v in value.items() if isinstance(v, str) and name != "url"]
    return "\n".join(filter(None, texts))


def body_text(page: DisclosurePage) -> str:
    """Everything written in the body. No query: the files in it are in the uses."""
    return "\n".join(_block_text(block["type"], block["value"]) for block in page.body.raw_data)


def _own_text(page: DisclosurePage) -> str:
    """What the kind's own fields say."""
    parts = [*presenting.card(page), *presenting.elements(page), *presenting.own_facts(page)]
    parts += [*presenting.agenda(page), *presenting.guide(page)]
    return "\n".join(f"{name} {value}" for name, value in parts)


def entry(page: DisclosurePage) -> Entry | None:
    """A public item (of its own kind, see ``specific``) as the search knows it; None for what is not shown, and for the
    page of a document that the register publishes itself: one thing is found once."""
    if not page.shown or page.published_at is None:
        return None
    if isinstance(page, PolicyPage) and page.register_entry and page.register_entry.published_on:
        return None
    files = [use.attachment for use in page.attachment_uses.all()]
    return Entry(
        key=key(page),
        kind=_KINDS.get(Kind(page.kind), "item"),
        title=page.title,
        url=page.public_url,
        day=timezone.localdate(page.published_at),
        organ_id=page.organ_id,
        column_id=page.column_id,
        number=page.document_number,
        keywords=" ".join(filter(None, (page.keywords, page.audience, page.index_number))),
        summary=page.summary,
        body="\n".join([body_text(page), _own_text(page), *(f"{f.name}\n{f.text}" for f in files)]),
        validity=_VALIDITY.get(page.validity, page.validity),
        topic=page.topic_class,
        extra={"kind": page.get_kind_display()},
        beside=_beside(page),
    )


def _beside(page: DisclosurePage) -> str:
    """Marks what the page shows and nobody searches: its source or its genre changed when it was published again, an
    interpretation found its document or another place in a series."""
    again = page.last_published_at if page.last_published_at != page.first_published_at else None
    marks: list[Any] = [again] if again else []
    if isinstance(page, InterpretationPage):
        marks += [page.series, page.issue_number, page.document_id, page.document_title]
    return " ".join(map(str, marks)) if any(marks) else ""


def entries() -> Iterator[Entry]:
    """All public items, in batches of bounded queries."""
    last = 0
    while True:
        pages = list(_shown().filter(pk__gt=last).order_by("pk")[:300])
        if not pages:
            return
        last = pages[-1].pk
        yield from of_pages(pages)


def _shown() -> Any:
    return DisclosurePage.objects.filter(shown=True).specific()


def of_pages(pages: list[Any]) -> Iterable[Entry]:
    """The entries of specific ``pages``; a bounded number of queries for all of them."""
    prefetch_related_objects(pages, "attachment_uses__attachment")
    prefetch_related_objects([p for p in pages if isinstance(p, PolicyPage)], "register_entry")
    return [found for page in pages if (found := entry(page)) is not None]


def refresh(pks: Iterable[int]) -> None:
    """Brings the search up to what the items ``pks`` are now. For what signals do not tell: bulk and ``update``."""
    wanted = set(pks)
    found = list(of_pages(list(_shown().filter(pk__in=wanted))))
    indexing.put(found)
    have = {one.key for one in found}
    indexing.drop(f"{_KEY}{pk}" for pk in wanted if f"{_KEY}{pk}" not in have)
    # Documents that the register publishes stand in the columns of their pages.
    put_documents(
        PolicyPage.objects.filter(pk__in=wanted, register_entry__isnull=False).values("register_entry")
    )


def _page_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, DisclosurePage):
        refresh([instance.pk])


def columns_of(keys: list[str]) -> dict[str, int]:
    """The columns of documents that the register publishes: those of their pages. One query, none without documents."""
    pks = [key.removeprefix(_DOCUMENT) for key in keys if key.startswith(_DOCUMENT)]
    if not pks:
        return {}
    rows = PolicyPage.objects.filter(register_entry__in=pks, shown=True).order_by("-pk")
    return {f"{_DOCUMENT}{entry}": column for entry, column in rows.values_list("register_entry", "column")}


def _column_moved(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A column or section with another address takes its items along."""
    if not isinstance(instance, DisclosurePage):
        refresh(DisclosurePage.objects.filter(path__startswith=instance.path).values_list("pk", flat=True))


def _deleted(sender: Any, instance: DisclosurePage, **kwargs: Any) -> None:
    indexing.drop([key(instance)])


def _document_changed(sender: Any, instance: Document, created: bool, **kwargs: Any) -> None:
    # The page of a document steps back when the register publishes the document, and comes forward when it does not.
    if not created:
        pages = list(PolicyPage.objects.filter(register_entry=instance.pk).values_list("pk", flat=True))
        if pages:
            refresh(pages)


def related(doc: Any) -> list[answers.Link]:
    """The interpretations of a document found, and the document of an interpretation. At most two queries."""
    kind, _, pk = doc.key.partition(":")
    if kind == "document":
        pages = PolicyPage.objects.filter(register_entry=pk).values("pk")
        return _interpretations(InterpretationPage.objects.filter(document__in=pages))
    if kind != "page":
        return []
    links = _interpretations(InterpretationPage.objects.filter(document=pk))
    if doc.kind == "interpretation":
        for page in DisclosurePage.objects.filter(interpretations=pk, shown=True)[:3]:
            links.append(answers.Link("解读的文件", page.title, page.public_url))
    return links


def _interpretations(rows: Any) -> list[answers.Link]:
    found = rows.filter(shown=True).defer("body").order_by("published_at")[:3]
    return [answers.Link(page.get_form_display(), page.title, page.public_url) for page in found]


def _nothing() -> tuple[Entry, ...]:
    return ()


def setup() -> None:
    """Called when the app is ready. All kinds of items come from one walk, that of ``item``."""
    register(Projection("interpretation", "政策解读", _nothing, order=20, weight=1.05))
    register(Projection("item", "公开信息", entries, order=30))
    register(Projection("news", "工作动态", _nothing, order=50, weight=0.85))
    page_published.connect(_page_changed, dispatch_uid="publication.search.published")
    page_unpublished.connect(_page_changed, dispatch_uid="publication.search.unpublished")
    page_slug_changed.connect(_column_moved, dispatch_uid="publication.search.moved")
    post_delete.connect(_deleted, sender=DisclosurePage, dispatch_uid="publication.search.deleted")
    post_save.connect(_document_changed, sender=Document, dispatch_uid="publication.search.document")
    answers.register_related(related)
    register_places(columns_of)
