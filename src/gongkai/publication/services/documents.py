"""Registered documents in the columns: one page per document, whose validity follows the register.

A document is published by the register after legality and secrecy review of its own, so its page needs no second review:
one act puts it into the organ's 政策文件 column. From then on it follows the register (see ``following``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from lxml import html as lxml_html

from gongkai.normative.models import Category, Document
from gongkai.normative.services import Existing, register_existing
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.models import ColumnPage, DisclosurePage, PolicyPage
from gongkai.publication.services.following import VALIDITY, blocks_of, follow, holds_registers_words
from gongkai.publication.services.items import MODULE, create_item, make_public, problems
from gongkai.publication.vocab import GENRES, TOPICS, ColumnType, Kind

register_acts({"publication.document.sync": "文件同步到栏目"})


def policy_column(organ: Organ) -> ColumnPage | None:
    """The organ's column for documents; None where it has none."""
    columns = ColumnPage.objects.filter(
        Q(default_kind=Kind.POLICY) | Q(column_type=ColumnType.POLICY), organ=organ, fixed="", live=True
    )
    return columns.select_related("organ").order_by("path").first()


def unlinked_documents(organs: Q) -> QuerySet[Document]:
    """Published documents without a page, the newest first; ``organs`` with prefix organ__."""
    found = Document.objects.filter(organs, published_at__isnull=False, disclosure="active", pages=None)
    return found.select_related("organ").defer("body").order_by("-published_on", "-pk")


def build_pages(documents: Iterable[Document]) -> list[PolicyPage]:
    """Unsaved pages with everything that the register knows, for ``bulk_add`` or :func:`sync_document`."""
    return [_write(PolicyPage(register_entry=document), document) for document in documents]


@transaction.atomic
def register_page(actor: Any, page: DisclosurePage, category: str = "") -> Document:
    """登记到文件登记簿: what was published in a column without going through the register gets its entry, with the facts and
    the words of the page (``category`` as it is counted in table 2); from then on it can be amended and repealed. Needs ``add`` in the register.

    Raises PermissionDenied; ValidationError for what is no public document, has its entry, or contradicts the register.
    """
    page = page.specific
    if not isinstance(page, PolicyPage) or page.published_at is None:
        raise ValidationError("只有已经公开的政策文件可以登记到文件登记簿。")
    if category and category not in Category.values:
        raise ValidationError("请选择文件的类别。")
    if page.register_entry_id is not None:
        raise ValidationError("这件文件已经在登记簿里。")
    words = [line for block in page.body for line in paragraphs(block)]
    row = Existing(
        title=page.title, number=page.document_number, formed_on=page.formed_on, issued_on=page.formed_on,
        category=category or (Category.NORMATIVE if page.normative else Category.POLICY), effective_on=page.effective_on,
        until=page.expires_on, published_on=timezone.localtime(page.published_at).date(), body="\n".join(words),
        fields={"summary": page.summary, "keywords": page.keywords}, reviewed=True,
    )  # fmt: skip
    document = register_existing(actor, page.organ, row)
    PolicyPage.objects.filter(pk=page.pk).update(register_entry=document)
    follow(actor, [document])
    return document


def paragraphs(block: Any) -> list[str]:
    """The words of a block of the body that belong to the document's own text."""
    if block.block_type != "text":
        return []
    root = lxml_html.fromstring(f"<div>{block.value.source or ' '}</div>")
    lines = [node.text_content().strip() for node in root.iter("p", "h2", "h3", "h4", "li")]
    return [line for line in lines if line]


def _write(page: PolicyPage, document: Document) -> PolicyPage:
    """Puts the document's own facts on ``page`` (not saved)."""
    genre, topic = document.get_genre_display(), document.get_topic_display()
    page.title = document.title[:255]
    page.document_number, page.keywords = document.number, document.keywords
    page.genre = genre if genre in GENRES else ""
    page.topic_class = topic if topic in TOPICS else ""
    page.audience = document.audience[:60]
    page.summary = document.summary or f"{document.organ.name}印发的《{document.title}》。"[:500]
    page.formed_on = document.formed_on or document.issued_on
    page.effective_on, page.expires_on = document.effective_on, document.valid_until
    page.normative, page.attribute, page.facet = document.is_binding, "proactive", "decision"
    page.body = blocks_of(document.body)
    page.validity = VALIDITY.get(document.status, "")
    if page.published_at is None:
        page.published_at = document.published_at if page.pk is None else None
        taken = DisclosurePage.objects.filter(index_number=document.index_number).exists()
        page.index_number = document.index_number if document.index_number and not taken else None
    return page


@transaction.atomic
def sync_document(actor: Any, document: Document, column: ColumnPage | None = None) -> PolicyPage:
    """同步到栏目: the page of a published document, in the organ's 政策文件 column or ``column``. Needs ``change``.

    Again for a document that has its page: text and facts follow the register, unless people wrote and reviewed the page;
    then it keeps their words and is only tied. Number and time are the document's own.
    Raises PermissionDenied; ValidationError for a document that is not public, or an organ without such a column.
    """
    require(actor, MODULE, "change", document.organ)
    document = Document.objects.select_for_update(of=("self",)).select_related("organ").get(pk=document.pk)
    if document.published_at is None or document.disclosure != "active":
        raise ValidationError("文件还没有公布。请先在文件登记簿办理公布。")
    follow(actor, [document])  # finds a page of that number that was there before
    page = PolicyPage.objects.filter(register_entry=document).first()
    if page is None:
        column = column or policy_column(document.organ)
        if column is None or column.organ_id != document.organ_id:
            raise ValidationError(f"{document.organ.name}没有“政策文件”栏目。请先在栏目维护中开设。")
        page = build_pages([document])[0]
        page.published_at = None  # given by publication itself, from the document
        page = create_item(SYSTEM, column, page)
    elif not holds_registers_words(page, document):
        return page
    else:
        page = page.get_latest_revision_as_object()
        _write(page, document).save_revision(log_action=False)
    found = problems(page)
    if found:
        raise ValidationError(found)
    page = make_public(actor, page, channels=(), reason=f"文件登记簿：{document}"[:200])
    record(actor, "publication.document.sync", page, organ=page.organ, reason=str(document)[:200])
    return PolicyPage.objects.get(pk=page.pk)
