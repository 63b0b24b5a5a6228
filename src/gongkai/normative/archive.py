"""归档 of an issued document: its text as it stood in each version, its files, its life, filed in ``records``."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from gongkai.applications.letters.pdf import pdf_of
from gongkai.normative import selectors
from gongkai.normative.files import document_json, sheet_of
from gongkai.normative.models import Document
from gongkai.normative.rules.clauses import parse_clauses
from gongkai.normative.services.core import allow
from gongkai.organs.scope import require
from gongkai.records import services as records
from gongkai.records.desk.links import register_link
from gongkai.records.matters import Matter, Secrecy
from gongkai.records.models import ArchiveFile
from gongkai.records.policies import MODULE as RECORDS
from gongkai.records.selectors import files_of
from gongkai.records.services.bundling import Paper, as_json, bundle

OBJECT_TYPE = Document._meta.label_lower


def archive_document(
    actor: Any, document: Document, *, retention: str | None = None, secrecy: str | None = None
) -> ArchiveFile:
    """File an issued document with all its versions, files and acts; once more after a later act as a supplementary volume.

    ``retention`` and ``secrecy`` follow the organ's table and the document's 公开属性 unless given. Needs ``change`` in
    normative and ``add`` in records. Raises PermissionDenied; ValidationError for a document not issued, one with nothing new
    since it was filed, or a stored file that is missing or changed.
    """
    allow(actor, "change", document)
    require(actor, RECORDS, "add", document.organ)
    if not document.is_issued or document.issued_on is None:
        raise ValidationError("文件印发以后才能归档。")
    held = list(files_of(OBJECT_TYPE, document.pk))
    events = _events(document)
    if held and held[-1].manifest.get("events") == len(events):
        raise ValidationError(f"已归档为 {held[-1].number}，此后没有新的办理记录，不必再归档。")
    prior = {m["sha256"] for row in held for m in row.manifest.get("members", ())}
    papers = [p for p in _papers(document, events) if p.digest not in prior]
    head = {
        "format": "gongkai-document-file/1",
        "document": document.number or document.index_number or str(document.pk),
        "organ": document.organ.name,
        "volume": len(held) + 1,
        "events": len(events),
    }
    package, manifest, pages = bundle(head, papers)
    title = f"{document.title}（{document.number}）" if document.number else document.title
    level = Secrecy.OPEN if document.disclosure == "active" else Secrecy.INTERNAL
    return records.file_away(
        actor, organ=document.organ, year=document.issued_on.year, matter=Matter.DOCUMENT, object_type=OBJECT_TYPE,
        object_id=document.pk, title=f"{title[:180]}（补充卷 {len(held)}）" if held else title, package=package,
        manifest=manifest, pages=pages, retention=retention, secrecy=secrecy or level,
        file_name=f"文件 {document.pk}.zip", supplement=bool(held),
    )  # fmt: skip


def _events(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "事项": e.get_act_display(),  # type: ignore[attr-defined]
            "日期": e.on,
            "施行日期": e.effective,
            "有效期至": e.until,
            "依据": str(e.basis) if e.basis else "",
            "撤销": e.strikes_id,
            "编号": e.pk,
            "说明": e.note,
            "要点": e.detail,
            "登记人": e.by_name,
            "登记时间": e.at.isoformat(),
        }
        for e in document.events.select_related("basis").order_by("pk")  # type: ignore[attr-defined]
    ]


def _papers(document: Document, events: list[dict[str, Any]]) -> list[Paper]:
    day = document.issued_on.isoformat() if document.issued_on else ""
    versions = list(document.versions.order_by("version"))  # type: ignore[attr-defined]
    facts = document_json(document, parse_clauses(document.body), selectors.relations(document))
    papers = [
        Paper("0 办理经过.json", "办理经过（数据）", as_json(events), day),
        Paper("0 文件信息.json", "文件信息（数据）", as_json(facts), day),
    ]
    for row in versions:
        name, since = f"1 文本/{row.version:02d} 第{row.version}版.pdf", row.valid_from.isoformat()
        papers.append(Paper(name, f"文本第 {row.version} 版", _text(document, row.body), since))
    if not versions and document.body:
        papers.append(Paper("1 文本/01 正文.pdf", "正文", _text(document, document.body), day))
    for number, row in enumerate(document.files.order_by("kind", "pk"), 1):  # type: ignore[attr-defined]
        ending = row.name.rpartition(".")[2].lower()
        ending = f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""
        label = row.get_kind_display()
        papers.append(
            Paper(
                f"2 附件/{number:02d} {label}{ending}", label, _bytes(row), row.uploaded_at.date().isoformat()
            )
        )
    return papers


def _text(document: Document, body: str) -> bytes:
    """A version as it was issued: what became of the document since is not printed on it."""
    return pdf_of([replace(sheet_of(document, body), draft="")], head=True, created=document.published_at)


def _bytes(row: Any) -> bytes:
    try:
        with row.file.open("rb") as stored:
            data = bytes(stored.read())
    except FileNotFoundError:
        raise ValidationError(f"存储中找不到“{row.name}”，请从备份恢复后再归档。") from None
    if hashlib.sha256(data).hexdigest() != row.digest:
        raise ValidationError(f"“{row.name}”与上传时的摘要不符，请查明原因后再归档。")
    return data


register_link(OBJECT_TYPE, "打开文件", lambda pk: reverse("documents:inspect", args=[pk]))
