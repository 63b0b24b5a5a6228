"""One ZIP of a case: the same contents give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import pypdfium2

from gongkai.applications.archive import pages
from gongkai.applications.archive.contents import (
    SECTIONS,
    Contents,
    about,
    events,
    fingerprint,
    letter_name,
    read,
)
from gongkai.applications.letters.pdf import render_pdf
from gongkai.applications.models import Application, CaseFile
from gongkai.applications.services.files import content_of

MANIFEST: Final = "manifest.json"
BOUND: Final = "合订本.pdf"
FORMAT: Final = "gongkai-case-file/1"
#: A ZIP entry wants a date; a fixed one, because the real dates stand in the catalogue.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class CasePackage:
    """A built package: the ZIP at ``path`` (removed when the ``with`` ends), its catalogue, and what it was built from."""

    path: Path
    manifest: dict[str, Any]
    pages: int
    fingerprint: str


@dataclass
class _Member:
    path: str
    title: str
    date: str
    digest: str
    size: int
    pages: int
    source: bytes | CaseFile

    def entry(self) -> dict[str, Any]:
        return {
            "path": self.path, "title": self.title, "date": self.date, "sha256": self.digest, "size": self.size,
            "pages": self.pages,
        }  # fmt: skip


@contextmanager
def build_case_file(
    application: Application, *, volume: int = 1, prior: frozenset[str] = frozenset()
) -> Iterator[CasePackage]:
    """Build the case's package; no permission is asked and nothing is changed.

    ``volume`` above 1 with the digests of what earlier volumes hold (``prior``) makes a supplementary volume: what is new, and
    the catalogue and the records anew. Raises ValidationError where the case is not whole (see ``contents.read``) or a stored
    file is missing or changed.
    """
    before = fingerprint(application)
    contents = read(application, prior)
    members = _members(contents)
    bound = _front(contents, members, volume)
    manifest = {
        "format": FORMAT,
        "case": application.number or application.receipt,
        "organ": application.organ.name,
        "volume": volume,
        "events": contents.chain,
        "members": [m.entry() for m in [*bound, *members]],
    }
    with tempfile.TemporaryDirectory(prefix="gongkai-archive-") as folder:
        path = Path(folder) / "case.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as out:
            text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
            _put(out, MANIFEST, io.BytesIO(text.encode()))
            for member in [*bound, *members]:
                with _opened(member.source) as source:
                    _put(out, member.path, source)
        yield CasePackage(path, manifest, sum(m.pages for m in members), before)


@contextmanager
def _opened(source: bytes | CaseFile) -> Iterator[BinaryIO]:
    handle = io.BytesIO(source) if isinstance(source, bytes) else content_of(source)
    try:
        yield handle
    finally:
        handle.close()


def _put(out: zipfile.ZipFile, name: str, source: BinaryIO) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o600 << 16
    info.create_system = 3  # the same bytes wherever it is built
    with out.open(info, "w", force_zip64=True) as target:
        while piece := source.read(_PIECE):
            target.write(piece)


def _members(contents: Contents) -> list[_Member]:
    """Letters and files, in the order of the sections, without what earlier volumes hold."""
    found: list[_Member] = []
    for place, (section, kinds) in enumerate(SECTIONS.items(), 1):
        if section == "送达凭证":
            found += _letters(contents)
        rows = [f for kind in kinds for f in contents.files if f.kind == kind]
        folder = f"{place if place < 3 else 4} {section}"
        for number, row in enumerate(rows, 1):
            name = f"{folder}/{number:02d} {row.get_kind_display()}{_ending(row)}"
            found.append(
                _Member(
                    name, row.get_kind_display(), row.uploaded_at.date().isoformat(), row.digest, row.size,
                    _file_pages(row), row,
                )
            )  # fmt: skip
    return [m for m in found if m.digest not in contents.prior]


def _letters(contents: Contents) -> list[_Member]:
    found = []
    for number, letter in enumerate(contents.letters, 1):
        title = letter_name(letter) + ("（作废）" if letter.state == letter.State.VOID else "")
        day = letter.dated.isoformat() if letter.dated else ""
        found.append(_made(f"3 文书/{number:02d} {title}.pdf", title, day, render_pdf(letter)))
    return found


def _front(contents: Contents, members: list[_Member], volume: int) -> list[_Member]:
    """卷内目录, 办理过程, 案卷信息 and the bound copy."""
    day = contents.records[-1].on.isoformat() if contents.records else ""
    rows = [(str(n), m.title, m.date, str(m.pages or ""), m.digest[:16]) for n, m in enumerate(members, 1)]
    cover, process = pages.cover(contents, rows, volume), pages.process(contents)
    return [
        _made("0 卷内目录.pdf", "卷内目录", day, pages.set_pdf(contents, [cover])),
        _made("0 办理过程.pdf", "办理过程", day, pages.set_pdf(contents, [process])),
        _made("0 办理过程.json", "办理过程（数据）", day, _json(events(contents))),
        _made(
            "0 案卷信息.json", "案卷信息（数据）", day, _json(about(contents) | {"文件": _names(contents)})
        ),
        _made(BOUND, "合订本", day, pages.set_pdf(contents, [cover, process], with_letters=True)),
    ]


def _names(contents: Contents) -> list[dict[str, Any]]:
    """What each file was called and what was done to it; names may hold a person's, so they stay inside."""
    return [
        {"类别": f.get_kind_display(), "文件名": f.name, "摘要": f.digest, "处理说明": f.detail}  # type: ignore[attr-defined]
        for f in contents.files
    ]


def _made(path: str, title: str, day: str, data: bytes) -> _Member:
    number = _count(data) if path.endswith(".pdf") else 0
    return _Member(path, title, day, hashlib.sha256(data).hexdigest(), len(data), number, data)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def _ending(row: CaseFile) -> str:
    """The ending of a file's name as far as it is a plain one."""
    ending = Path(row.name).suffix
    return ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= 6 else ""


def _file_pages(row: CaseFile) -> int:
    if row.media_type != "application/pdf":
        return 1 if row.media_type.startswith("image/") else 0
    with content_of(row) as handle:
        return _count(handle.read())


def _count(data: bytes) -> int:
    """Pages of a PDF, 0 for one that cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()
