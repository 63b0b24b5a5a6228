"""Documents in the search: text, files, number, validity, the organs that issued it together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.urls import reverse

from gongkai.normative.models import Attachment, Document, Relation
from gongkai.normative.selectors import public_documents
from gongkai.search import answers, indexing
from gongkai.search.projection import Entry, Projection, follow, register

KIND = "policy"
_KEY = "document:"


def key(document: Document) -> str:
    """The key under which the search knows a document."""
    return f"{_KEY}{document.pk}"


def entry(document: Document) -> Entry | None:
    """A published document as the search knows it; None for one that is not public."""
    if document.published_on is None:
        return None
    files = [file for file in document.files.all() if file.is_public]
    return Entry(
        key=key(document),
        kind=KIND,
        title=document.title,
        url=document.get_absolute_url(),
        day=document.published_on,
        organ_id=document.organ_id,
        organ_ids=tuple(sorted(organ.pk for organ in document.joint_organs.all())),
        number=document.number,
        keywords=" ".join(filter(None, (document.keywords, document.audience, document.index_number))),
        summary=document.summary,
        body="\n".join([document.body, *(f"{file.name}\n{file.text}" for file in files)]),
        validity=document.status,
        topic=document.get_topic_display(),
        extra={"category": document.get_category_display(), "genre": document.get_genre_display()},
    )


def entries() -> Iterator[Entry]:
    """All published documents."""
    rows = public_documents().prefetch_related("joint_organs", "files")
    yield from _entries(rows.iterator(chunk_size=300))


def _entries(rows: Iterable[Document]) -> Iterator[Entry]:
    for row in rows:
        found = entry(row)
        if found:
            yield found


def put(documents: list[Document]) -> None:
    """After a bulk write, which sends no signal."""
    prefetch_related_objects(documents, "joint_organs", "files")
    indexing.put(_entries(documents))


def _refresh(document: Document) -> None:
    # Read anew: the instance at hand may hold relations as they were before the change.
    row = public_documents().filter(pk=document.pk).first()
    if row is not None:
        indexing.put(_entries([row]))


def _file_changed(sender: Any, instance: Attachment, **kwargs: Any) -> None:
    _refresh(instance.document)


def _organs_changed(sender: Any, instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        _refresh(instance)


def related(doc: Any) -> list[answers.Link]:
    """What the register says belongs to a document found: what explains it, and what it explains. One query."""
    if not doc.key.startswith(_KEY):
        return []
    pk = int(doc.key.removeprefix(_KEY))
    rows = Relation.objects.filter(kind=Relation.Kind.EXPLAINS).select_related("source", "target")
    links = []
    for row in rows.filter(target=pk, source__published_on__isnull=False)[:3]:
        links.append(answers.Link("解读", row.source.title, _url(row.source)))
    for row in rows.filter(source=pk, target__published_on__isnull=False)[:3]:
        if row.target is not None:
            links.append(answers.Link("解读的文件", row.target.title, _url(row.target)))
    return links


def _url(document: Document) -> str:
    return reverse("normative:document", args=[document.pk])


def setup() -> None:
    """Called when the app is ready."""
    register(Projection(KIND, "政策文件", entries, order=10, weight=1.15))
    follow(Document, entry, key)
    for signal in (post_save, post_delete):
        signal.connect(_file_changed, sender=Attachment, dispatch_uid=f"normative.search.file.{id(signal)}")
    m2m_changed.connect(
        _organs_changed, sender=Document.joint_organs.through, dispatch_uid="normative.search.organs"
    )
    answers.register_related(related)
