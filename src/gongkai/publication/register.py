"""What publication does for the register of documents: interpretations are noted there and shown beside the document, and
the scans of the review stand before its publication too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.signals import page_published

from gongkai.normative import prechecks, slots
from gongkai.normative.models import Attachment, Document
from gongkai.normative.services import mark_interpreted
from gongkai.organs.prepared import Prepared
from gongkai.organs.scope import SYSTEM, scope_of
from gongkai.publication.models import DisclosurePage, InterpretationPage, PolicyPage
from gongkai.publication.paths import url_of
from gongkai.publication.review.scan import Hit, Piece, Severity, scan_file, scan_pieces
from gongkai.publication.review.scan.model import KINDS
from gongkai.publication.review.words import words_for
from gongkai.publication.services.interpreting import interpretation_column
from gongkai.publication.vocab import Form


def document_of(page: InterpretationPage) -> Document | None:
    """The registered document that ``page`` explains: the one its policy page shows, else the one of that organ and 文号."""
    if page.document_id is None:
        return None
    linked = PolicyPage.objects.filter(pk=page.document_id, register_entry__isnull=False)
    row = linked.select_related("register_entry__organ").first()
    if row is not None:
        return row.register_entry
    shown = DisclosurePage.objects.filter(pk=page.document_id).exclude(document_number="")
    found = shown.values("organ", "document_number").first()
    if found is None:
        return None
    rows = Document.objects.filter(organ=found["organ"], number=found["document_number"])
    return rows.select_related("organ").first()


def note_interpretations(pages: Iterable[Any]) -> None:
    """Notes in the register what was published; a later interpretation of the same document changes nothing."""
    for page in pages:
        if not isinstance(page, InterpretationPage) or page.published_at is None:
            continue
        document = document_of(page)
        if document is not None:
            day = timezone.localtime(page.published_at).date()
            mark_interpreted(SYSTEM, document, day, note=f"《{page.title}》"[:300])


def _published(sender: Any, instance: Any, **_: Any) -> None:
    note_interpretations([instance])


def _explaining(of: Q) -> Any:
    rows = InterpretationPage.objects.filter(of, shown=True).order_by("published_at")
    return rows.values_list("title", "url_path", "form", "published_at")[:20]


def _entered(pk: int) -> Q:
    return Q(document__in=PolicyPage.objects.filter(register_entry=pk).values("pk"))


def _numbered(organ: int, number: str) -> Q:
    return Q(document__in=DisclosurePage.objects.filter(organ=organ, document_number=number).values("pk"))


_BY_ENTRY = Prepared(lambda pk: _explaining(_entered(pk)), int)
_BY_NUMBER = Prepared(
    lambda pk, organ, number: _explaining(_entered(pk) | _numbered(organ, number)), int, int, str
)


def interpretations(document: Document) -> Iterator[slots.SideLink]:
    """What the document's page shows beside it. One query."""
    if document.number:
        rows = _BY_NUMBER.all(document.pk, document.organ_id, document.number)
    else:
        rows = _BY_ENTRY.all(document.pk)
    for title, path, form, published in rows:
        on = timezone.localtime(published).date() if published else None
        yield slots.SideLink(title, url_of(path), str(Form(form).label), on)


def desk_links(document: Document, user: Any) -> Iterator[slots.SideLink]:
    """On the desk: the document's item, and 写解读 for whoever may write it. Two queries at most."""
    scope = scope_of(user)
    page = PolicyPage.objects.filter(register_entry=document.pk).select_related("organ").first()
    if page is None or not scope.allows("publication", ["view"], page.organ.path):
        return
    yield slots.SideLink("公开稿件", reverse("publication_item", args=[page.pk]))
    if interpretation_column(user, page.organ) is not None:
        yield slots.SideLink("写解读", reverse("publication_interpretation", args=[page.pk]))


def objections(document: Document) -> list[str]:
    """What blocks the publication of ``document``: the scan of its text and of the files that go out with it."""
    words = words_for(document.organ)
    named = (("标题", document.title), ("内容概述", document.summary), ("正文", document.body))
    hits = scan_pieces([Piece(place, text) for place, text in named if text], words)
    for file in document.files.exclude(kind=Attachment.Kind.EVIDENCE) if document.pk else ():
        hits += _file(file, words)
    blocking = [hit for hit in hits if hit.severity == Severity.BLOCK]
    return [f"{hit.place}：{KINDS[hit.kind]}“{hit.text}”。{hit.advice}" for hit in blocking]


def _file(file: Attachment, words: Any) -> list[Hit]:
    try:
        with file.file.open("rb") as stream:
            data = stream.read()
    except OSError:
        place = f"附件“{file.name}”"
        return [Hit("unread", place, "文件不在了", Severity.BLOCK, "请移除以后重新上传这个附件。")]
    return scan_file(file.name, data, file.media_type, words, file.text)


def setup() -> None:
    """Called when the app is ready, after its receivers: they give the time that is noted."""
    page_published.connect(_published, dispatch_uid="publication.register")
    slots.register(slots.INTERPRETATIONS, interpretations)
    slots.register_desk(desk_links)
    prechecks.register(objections)
