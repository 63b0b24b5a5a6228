"""An application under way is kept on the server, sealed under a token that only the applicant's browser holds.

So nothing typed or uploaded is lost by an error, a closed window or a flat battery, and whoever reads the database without
the cookie reads nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gongkai.applications.models import Draft, DraftFile
from gongkai.applications.public import uploads

COOKIE = "apply_draft"
KEEP_DAYS = 14
PATH = "/apply/"
_NONCE = 12


def new_token() -> str:
    return secrets.token_urlsafe(24)


def token_of(request: HttpRequest) -> str:
    """The browser's token, "" when it has none that could be ours."""
    token = request.COOKIES.get(COOKIE, "")
    return token if 24 <= len(token) <= 64 and token.replace("-", "").replace("_", "").isalnum() else ""


def set_cookie(request: HttpRequest, response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE, token, max_age=KEEP_DAYS * 86400, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure()
    )  # fmt: skip


@dataclass(frozen=True)
class KeptFile:
    """A file of the draft as the form shows it."""

    pk: int
    kind: str
    name: str
    size: int


class DraftBox:
    """The draft of one browser for one organ."""

    def __init__(self, token: str, slug: str) -> None:
        self._digest = hashlib.sha256(f"gongkai.draft\x00{slug}\x00{token}".encode()).hexdigest()
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"gongkai.draft.key\x00{slug}".encode())
        self._cipher = AESGCM(derive.derive(token.encode()))

    def _seal(self, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def _open(self, sealed: bytes) -> bytes:
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)

    def row(self) -> Draft | None:
        return Draft.objects.filter(token_digest=self._digest, expires_at__gt=timezone.now()).first()

    def save(self, values: dict[str, Any]) -> Draft:
        """Keep ``values`` for another fortnight."""
        purge()
        row, _ = Draft.objects.update_or_create(
            token_digest=self._digest,
            defaults={
                "sealed": self._seal(json.dumps(values, ensure_ascii=False).encode()),
                "expires_at": timezone.now() + timedelta(days=KEEP_DAYS),
            },
        )
        return row

    def values(self) -> dict[str, Any]:
        """What was typed; empty when there is no draft (any more)."""
        row = self.row()
        if row is None:
            return {}
        try:
            return json.loads(self._open(bytes(row.sealed)))  # type: ignore[no-any-return]
        except (InvalidTag, ValueError):
            return {}

    def add_file(self, kind: str, name: str, content: bytes) -> None:
        """Keep a file whose content was checked. Raises ValidationError beyond the number allowed."""
        from django.core.exceptions import ValidationError

        row = self.row() or self.save({})
        if row.files.count() >= uploads.MAX_FILES:
            raise ValidationError(f"附件最多 {uploads.MAX_FILES} 个，“{name}”没有添加。请先删除不需要的。")
        DraftFile.objects.create(
            draft=row,
            kind=kind,
            file=ContentFile(self._seal(content), name="x"),
            sealed_name=self._seal(name.encode()),
            size=len(content),
        )

    def files(self) -> list[KeptFile]:
        row = self.row()
        if row is None:
            return []
        return [
            KeptFile(f.pk, f.kind, self._open(bytes(f.sealed_name)).decode(), f.size) for f in row.files.all()
        ]

    def read(self, pk: int) -> bytes:
        """The plain content of one of this draft's files. Raises DraftFile.DoesNotExist."""
        found = DraftFile.objects.get(pk=pk, draft__token_digest=self._digest)
        with found.file.open("rb") as handle:
            return self._open(handle.read())

    def remove(self, pk: int) -> bool:
        found = DraftFile.objects.filter(pk=pk, draft__token_digest=self._digest).first()
        if found is None:
            return False
        found.file.delete(save=False)
        found.delete()
        return True

    def clear(self) -> None:
        """Nothing is left of the draft, in the database or in the storage."""
        for row in Draft.objects.filter(token_digest=self._digest):
            _delete(row)


def _delete(row: Draft) -> None:
    for kept in row.files.all():
        kept.file.delete(save=False)
    row.delete()


def purge() -> int:
    """Delete drafts past their day with their files; how many."""
    old = list(Draft.objects.filter(expires_at__lte=timezone.now())[:50])
    for row in old:
        _delete(row)
    return len(old)
