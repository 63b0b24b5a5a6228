"""A matter's papers as one ZIP with a catalogue: the same papers give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2

MANIFEST: Final = "manifest.json"
#: A ZIP entry wants a date; a fixed one, because the real dates stand in the catalogue.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Paper:
    """One member: its path in the package, what it is called, its day as text."""

    path: str
    title: str
    data: bytes
    day: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def as_json(value: Any) -> bytes:
    """``value`` as a member that people and programs read."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def bundle(head: Mapping[str, Any], papers: Sequence[Paper]) -> tuple[bytes, dict[str, Any], int]:
    """(the ZIP, its catalogue, pages of all PDFs). ``head`` stands in the catalogue before the members; everything in it and
    every path and title is kept outside the encryption, so none may name a person."""
    members = [
        {
            "path": p.path, "title": p.title, "date": p.day, "sha256": p.digest, "size": len(p.data),
            "pages": count_pages(p.data) if p.path.endswith(".pdf") else 0,
        }
        for p in papers
    ]  # fmt: skip
    manifest = {**head, "members": members}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for path, data in [(MANIFEST, as_json(manifest)), *((p.path, p.data) for p in papers)]:
            info = zipfile.ZipInfo(path, _EPOCH)
            info.external_attr, info.create_system = 0o600 << 16, 3
            package.writestr(info, data)
    return out.getvalue(), manifest, sum(m["pages"] for m in members)


def count_pages(data: bytes) -> int:
    """Pages of a PDF, 0 for what cannot be opened as one."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()
