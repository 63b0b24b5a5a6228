"""Putting a package into storage before the transaction, and reading it back."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from gongkai.records import sealing
from gongkai.records.models import ArchiveFile
from gongkai.records.models.files import new_path

_SPOOL = 32 << 20


def _storage() -> Storage:
    return cast(Storage, ArchiveFile._meta.get_field("file").storage)  # type: ignore[union-attr]


@dataclass
class Staged:
    """A package already stored, encrypted, and not yet in the catalogue. Leaving the ``with`` without having been filed
    removes it again."""

    name: str
    key: str
    digest: str
    size: int
    filed: bool = False

    def __enter__(self) -> Staged:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is not None or not self.filed:
            _storage().delete(self.name)


class _Measured:
    """Digest and size of what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.hash, self.size = source, hashlib.sha256(), 0

    def read(self, count: int = -1) -> bytes:
        data = self.source.read(count)
        self.hash.update(data)
        self.size += len(data)
        return data


def stage(package: bytes | Path) -> Staged:
    """Encrypt and store ``package``. Call it before the transaction begins, so that no lock waits for a disk."""
    key = sealing.new_key()
    with _opened(package) as source, tempfile.SpooledTemporaryFile(_SPOOL) as out:
        measured = _Measured(source)
        for piece in sealing.seal(cast(BinaryIO, measured), key):
            out.write(piece)
        out.seek(0)
        name = _storage().save(new_path(), File(cast(IO[bytes], out)))
    return Staged(name, key, measured.hash.hexdigest(), measured.size)


@contextmanager
def _opened(package: bytes | Path) -> Iterator[BinaryIO]:
    if isinstance(package, Path):
        with package.open("rb") as handle:
            yield handle
    else:
        yield io.BytesIO(package)


@contextmanager
def plain(archive_file: ArchiveFile) -> Iterator[BinaryIO]:
    """The file's bytes, decrypted and checked against the digest of the catalogue. No permission is asked here.

    Raises ValidationError where they are gone or not what was filed.
    """
    if archive_file.state == ArchiveFile.State.DESTROYED:
        raise ValidationError("这份档案已鉴定销毁，只保留目录。", code="destroyed")
    out = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115  (closed below, or by who took it over)
    digest = hashlib.sha256()
    try:
        try:
            with _storage().open(archive_file.file.name) as stored:
                for piece in sealing.unseal(cast(BinaryIO, stored), archive_file.file_key):
                    digest.update(piece)
                    out.write(piece)
        except FileNotFoundError:
            raise ValidationError("存储中找不到这份档案的电子文件，请从备份恢复。", code="missing") from None
        except sealing.SealError as problem:
            raise ValidationError(
                f"电子文件{problem}，请从备份恢复并报告保密和档案部门。", code="changed"
            ) from None
        if digest.hexdigest() != archive_file.digest:
            raise ValidationError("电子文件与归档时的摘要不符，请从备份恢复并查明原因。", code="changed")
        out.seek(0)
        yield cast(BinaryIO, out)
    finally:
        out.close()


def as_download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A response that the browser saves and never shows, guesses at or keeps."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
