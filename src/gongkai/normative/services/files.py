"""Files of a document: judged by content, outside the web root."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from gongkai.annualreport.readers.words import words_of
from gongkai.applications.filetypes import clean_name, recognise
from gongkai.applications.services.files import max_bytes, read_upload
from gongkai.normative import prechecks
from gongkai.normative.models import Attachment, Document
from gongkai.normative.services.core import allow, locked
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts

register_acts({"document.file.add": "上传文件附件", "document.file.remove": "移除文件附件"})


@transaction.atomic
def add_file(actor: Any, document: Document, kind: str, upload: Any) -> Attachment:
    """Keep an upload with the document. Needs ``change``.

    Raises PermissionDenied; ValidationError for a file too large, of a type not accepted, or there already.
    """
    allow(actor, "change", document)
    row = locked(document)
    data = read_upload(upload, max_bytes())
    found = recognise(data)
    digest = hashlib.sha256(data).hexdigest()
    if row.files.filter(digest=digest).exists():
        raise ValidationError({"file": "这份文件已经上传过。"})
    name = clean_name(getattr(upload, "name", "") or "附件", found)
    made = Attachment(
        document=row, kind=kind, name=name, media_type=found.media_type, size=len(data), digest=digest,
        text=words_of(data, found.media_type),
    )  # fmt: skip
    made.file.save("upload", ContentFile(data), save=False)
    try:
        with prechecks.nothing_new(row, "file") if kind != Attachment.Kind.EVIDENCE else nullcontext():
            made.save()
        audit(actor, "document.file.add", row, organ=row.organ, after={"name": name, "sha256": digest})
    except Exception:
        made.file.delete(save=False)  # nothing in storage without its row
        raise
    return made


@transaction.atomic
def remove_file(actor: Any, attachment: Attachment, reason: str) -> None:
    """Take a wrong file away; of a published document with a reason. Needs ``change``. Raises PermissionDenied, ValidationError."""
    document = locked(attachment.document)
    allow(actor, "change", document)
    if not reason.strip():
        raise ValidationError({"reason": "写明移除的理由。"})
    audit(
        actor, "document.file.remove", document, organ=document.organ,
        before={"name": attachment.name, "sha256": attachment.digest}, reason=reason,
    )  # fmt: skip
    stored, storage = attachment.file.name, attachment.file.storage
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(stored))
