"""The proof beside a figure that a person typed: checked by content, kept outside the web root, sent as a download."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import HttpResponse

from gongkai.applications.filetypes import clean_name, recognise
from gongkai.applications.services.files import download

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that passed the check."""

    name: str
    extension: str
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read_evidence(upload: Any) -> Evidence | None:
    """The uploaded file, None for none. Raises ValidationError with what to do for one that may not be kept."""
    if not upload:
        return None
    if upload.size > MOST_BYTES:
        raise ValidationError("佐证材料超过 10 MB，请压缩或拆分后再传。")
    data = upload.read()
    found = recognise(data)
    return Evidence(clean_name(upload.name, found), found.extension, data)


def attach(row: Any, evidence: Evidence | None) -> None:
    """Put ``evidence`` beside the figure; None leaves what is there. The row is saved by the caller."""
    if evidence is None:
        return
    row.evidence_name, row.evidence_digest = evidence.name, evidence.digest
    # The stored name says nothing about the content; the typed one is only ever shown.
    row.evidence.save(f"{evidence.digest[:24]}{evidence.extension}", ContentFile(evidence.data), save=False)


def evidence_response(row: Any) -> HttpResponse:
    """The file as a download. Raises ValidationError where it is not what was handed in."""
    with row.evidence.open("rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != row.evidence_digest:
        raise ValidationError("佐证材料与上传时的摘要不符，可能被改动过。请联系系统管理员。")
    return download(data, row.evidence_name, recognise(data).media_type)
