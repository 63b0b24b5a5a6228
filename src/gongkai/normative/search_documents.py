"""Documents in the search: text, files, number, validity, the organs that issued it together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.urls import reverse
from django.utils import timezone

from gongkai.normative.models import Attachment, CatalogueIssue, CleanUp, Document, Relation
from gongkai.normative.selectors import public_documents, published_clean_ups, published_issues
from gongkai.search import answers, indexing
from gongkai.search.projection import Entry, Projection, follow, register

KIND = "policy"
#: Catalogue issues and clean-up results.
LISTS = "catalogue"
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


def refresh(pks: Any) -> None:
    """Brings the search up to what the published ones of the documents ``pks`` (keys, or a query for them) are now."""
    # Read anew: an instance at hand may hold relations as they were before the change.
    rows = list(public_documents().filter(pk__in=pks))
    if rows:
        put(rows)


def _file_changed(sender: Any, instance: Attachment, **kwargs: Any) -> None:
    refresh([instance.document_id])


def _organs_changed(sender: Any, instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        refresh([instance.pk])


# lists that are published as such ------------------------------------------------------------------------------------


def _issue_key(row: CatalogueIssue) -> str:
    return f"catalogue:{row.pk}"


def issue_entry(row: CatalogueIssue) -> Entry | None:
    """A published catalogue issue; None while it is being made."""
    if row.state != CatalogueIssue.State.PUBLISHED or row.published_at is None:
        return None
    return Entry(
        key=_issue_key(row),
        kind=LISTS,
        title=str(row),
        url=reverse("normative:catalogue", args=[row.pk]),
        day=timezone.localdate(row.published_at),
        organ_id=row.organ_id,
        keywords="政府文件公开目录 政府信息公开目录",
        summary=f"{row.period_from} 至 {row.period_to} 公布的文件，共 {row.count} 件。",
    )


def _clean_up_key(row: CleanUp) -> str:
    return f"cleanup:{row.pk}"


def clean_up_entry(row: CleanUp) -> Entry | None:
    """The result of a clean-up that was carried out; None before."""
    if row.state != CleanUp.State.APPLIED or row.applied_on is None:
        return None
    return Entry(
        key=_clean_up_key(row),
        kind=LISTS,
        title=row.title,
        url=reverse("normative:clean_up", args=[row.pk]),
        day=row.applied_on,
        organ_id=row.organ_id,
        keywords="文件清理结果 继续有效 修改 废止 失效",
        summary=f"清理截至 {row.until} 印发的规章、行政规范性文件，结果自 {row.applied_on} 起生效。",
    )


def list_entries() -> Iterator[Entry]:
    """All published catalogue issues and clean-up results."""
    yield from filter(None, map(issue_entry, published_issues().iterator(chunk_size=300)))
    yield from filter(None, map(clean_up_entry, published_clean_ups().iterator(chunk_size=300)))


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
    register(Projection(LISTS, "目录清单", list_entries, order=45))
    follow(CatalogueIssue, issue_entry, _issue_key)
    follow(CleanUp, clean_up_entry, _clean_up_key)
    for signal in (post_save, post_delete):
        signal.connect(_file_changed, sender=Attachment, dispatch_uid=f"normative.search.file.{id(signal)}")
    m2m_changed.connect(
        _organs_changed, sender=Document.joint_organs.through, dispatch_uid="normative.search.organs"
    )
    answers.register_related(related)
