"""Registered documents in the columns: one page per document, whose validity follows the register.

A document is published by the register after legality and secrecy review of its own, so its page needs no second review:
one act puts it into the organ's 政策文件 column. From then on every act in the register (repeal, amendment, expiry,
an entry struck out) is said on the page in the same transaction (sheet 05 §3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.html import escape

from gongkai.normative.models import Document
from gongkai.normative.rules.life import Act, standing
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication import search_documents
from gongkai.publication.models import ColumnPage, DisclosurePage, PolicyPage
from gongkai.publication.services.items import MODULE, create_item, facts, make_public, problems
from gongkai.publication.vocab import ENDED, GENRES, TOPICS, ColumnType, Kind, Validity

register_acts({"publication.document.sync": "文件同步到栏目", "publication.document.follow": "文件效力变化"})

#: What the register says → what the page says.
VALIDITY = {
    "pending": Validity.PENDING, "valid": Validity.IN_FORCE, "amended": Validity.AMENDED, "partly": Validity.PARTLY,
    "repealed": Validity.REPEALED, "expired": Validity.EXPIRED,
}  # fmt: skip
#: The acts of which the page names the document they rest on.
ENDING = (Act.REPEALED, Act.DECLARED_VOID)
CHANGING = (*ENDING, Act.AMENDED, Act.PARTLY_ENDED)


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
    page.body = body_of(document)
    page.validity = VALIDITY.get(document.status, "")
    if page.published_at is None:
        page.published_at = document.published_at if page.pk is None else None
        taken = DisclosurePage.objects.filter(index_number=document.index_number).exists()
        page.index_number = document.index_number if document.index_number and not taken else None
    return page


def body_of(document: Document) -> list[tuple[str, str]]:
    """The text as paragraphs; a document that is a file only says where the file is."""
    return _blocks(document.body)


def _blocks(words: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return [("text", text or "<p>正文见文件库中的附件。</p>")]


@transaction.atomic
def sync_document(actor: Any, document: Document, column: ColumnPage | None = None) -> PolicyPage:
    """同步到栏目: the page of a published document, in the organ's 政策文件 column or ``column``. Needs ``change``.

    Again for a document that has its page: text and facts follow the register. Number and time are the document's own.
    Raises PermissionDenied; ValidationError for a document that is not public, or an organ without such a column.
    """
    require(actor, MODULE, "change", document.organ)
    document = Document.objects.select_for_update(of=("self",)).select_related("organ").get(pk=document.pk)
    if document.published_at is None or document.disclosure != "active":
        raise ValidationError("文件还没有公布。请先在文件登记簿办理公布。")
    page = PolicyPage.objects.filter(register_entry=document).first()
    if page is None:
        column = column or policy_column(document.organ)
        if column is None or column.organ_id != document.organ_id:
            raise ValidationError(f"{document.organ.name}没有“政策文件”栏目。请先在栏目维护中开设。")
        page = build_pages([document])[0]
        page.published_at = None  # given by publication itself, from the document
        page = create_item(SYSTEM, column, page)
    else:
        page = page.get_latest_revision_as_object()
        _write(page, document).save_revision(log_action=False)
    found = problems(page)
    if found:
        raise ValidationError(found)
    page = make_public(actor, page, channels=(), reason=f"文件登记簿：{document}"[:200])
    record(actor, "publication.document.sync", page, organ=page.organ, reason=str(document)[:200])
    follow(actor, document)
    for earlier in Document.objects.filter(events__basis=document, pages__isnull=False).distinct():
        follow(actor, earlier)  # what this one ended can name its page now
    return PolicyPage.objects.get(pk=page.pk)


def _cause(document: Document) -> tuple[str, Document | None]:
    """What the page says of the last change that still stands, and the document it rests on."""
    rows = {event.pk: event for event in document.events.select_related("basis").order_by("pk")}
    events = [rows[e.id] for e in standing(row.as_life() for row in rows.values()) if e.act in CHANGING]
    wanted = ENDING if document.status in ("repealed", "expired") else CHANGING
    last = next((e for e in reversed(events) if e.act in wanted), None)
    if document.end_act == Act.EXPIRED.value and document.ended_on and document.status == "expired":
        return f"自{document.ended_on:%Y年%-m月%-d日}起失效", None
    if last is None:
        return "", None
    words = {Act.AMENDED: "修改", Act.PARTLY_ENDED: "部分条款失效", Act.REPEALED: "废止"}
    return f"自{last.on:%Y年%-m月%-d日}起{words.get(Act(last.act), '失效')}", last.basis


def follow(actor: Any, document: Document) -> None:
    """Listener of the register: the document's page says what holds now, in the transaction of the act."""
    if document.published_at is None:
        return
    page = PolicyPage.objects.filter(register_entry=document).select_related("organ").first()
    if page is None:
        return
    note, basis = _cause(document)
    successor = PolicyPage.objects.filter(register_entry=basis).first() if basis else None
    if basis and successor is None:
        note = f"{note}，依据{basis}"
    wanted = {
        "validity": VALIDITY.get(document.status, ""), "superseded_note": note[:200],
        "superseded_by_id": successor.pk if successor and document.status in (*ENDED, "amended") else None,
        "effective_on": document.effective_on, "expires_on": document.valid_until,
    }  # fmt: skip
    text, shown = (
        body_of(document),
        [(b.block_type, str(getattr(b.value, "source", b.value))) for b in page.body],
    )
    # Only what came from the register follows it: a page that people wrote and reviewed keeps their words.
    taken = shown != text and shown in [
        _blocks(body) for body in document.versions.values_list("body", flat=True)
    ]
    if page.published_at and taken:
        page.body = text  # an amendment changed the text: the page shows the one in force
        page.save_revision(log_action=False)
        page = make_public(SYSTEM, page, channels=(), reason="正文随文件修改")
    if all(getattr(page, name) == value for name, value in wanted.items()):
        return
    before = facts(page)
    PolicyPage.objects.filter(pk=page.pk).update(**wanted)
    search_documents.refresh([page.pk])
    page.refresh_from_db()
    record(
        actor, "publication.document.follow", page, organ=page.organ, before=before, after=facts(page),
        reason=note,
    )  # fmt: skip
