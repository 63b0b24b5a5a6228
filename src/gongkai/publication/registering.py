"""The page of a document and its entry in the register: joined by number, and the page says what the register says.

A document that ends must be marked on the page where it was published (sheet 05 §3); nobody has to remember to.
"""

from __future__ import annotations

from typing import Any, Final

from gongkai.normative.models import Document, DocumentEvent
from gongkai.normative.rules.numbers import NumberError, normalise
from gongkai.organs.scope import SYSTEM
from gongkai.publication.models import DisclosurePage, PolicyPage
from gongkai.publication.vocab import Validity

#: The register's word for a document's validity → the page's.
_VALIDITIES: Final = {
    "pending": Validity.PENDING, "valid": Validity.IN_FORCE, "amended": Validity.AMENDED, "partly": Validity.PARTLY,
    "repealed": Validity.REPEALED, "expired": Validity.EXPIRED,
}  # fmt: skip


def join(page: DisclosurePage) -> None:
    """Ties a published policy page to the entry of its organ with the same number, and takes over its validity."""
    if not isinstance(page, PolicyPage) or not page.document_number:
        return
    if page.register_entry_id is None:
        try:
            number = normalise(page.document_number)
        except NumberError:
            return
        entry = Document.objects.filter(organ=page.organ_id, number=number).order_by("-pk").first()
        if entry is None:
            return
        PolicyPage.objects.filter(pk=page.pk).update(register_entry=entry)
        page.register_entry = entry
    say(page.register_entry)
    # What this document ended may have been published before it was.
    ended = DocumentEvent.objects.filter(basis=page.register_entry_id).select_related("document")
    for event in ended:
        say(event.document)


def say(document: Document) -> None:
    """Puts the document's validity on its pages, with what took its place. Pages that already say so are left alone."""
    from gongkai.publication.services.items import mark_superseded

    validity = _VALIDITIES.get(document.status)
    if validity is None:
        return
    pages = list(PolicyPage.objects.filter(register_entry=document.pk).select_related("organ"))
    if not pages:
        return
    event = document.events.filter(basis__isnull=False).order_by("-pk").first()
    successor = (
        PolicyPage.objects.filter(register_entry=event.basis_id, shown=True).first() if event else None
    )
    note = (event.note if event else "")[:200]
    for page in pages:
        if (page.validity, page.superseded_by_id) != (validity, successor.pk if successor else None):
            mark_superseded(SYSTEM, page, by=successor, validity=validity, note=note or page.superseded_note)


def document_saved(sender: Any, instance: Document, created: bool, **_: Any) -> None:
    """``post_save`` of the register."""
    if not created:
        say(instance)
