"""Keeping a result of 年报核验 for a few days, readable only by whoever has its address.

The address carries 192 random bits. The row holds their SHA-256 and the result sealed with AES-256-GCM under a key
derived from them: the database alone opens nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zlib
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils import timezone

from gongkai.reports.models import KeptCheck

KEEP_DAYS = 7
MAX_KEPT = 5000
_NONCE = 12


def _digest(token: str) -> str:
    return hashlib.sha256(b"gongkai.kept.id:" + token.encode()).hexdigest()


def _cipher(token: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gongkai.kept.key")
    return AESGCM(derive.derive(token.encode()))


def keep(data: dict[str, Any], *, days: int = KEEP_DAYS) -> tuple[str, datetime]:
    """Seal ``data`` for ``days``; the token for the address, and when it ends."""
    purge()
    token = secrets.token_urlsafe(24)
    nonce = os.urandom(_NONCE)
    plain = zlib.compress(json.dumps(data, ensure_ascii=False).encode())
    sealed = nonce + _cipher(token).encrypt(nonce, plain, None)
    expires = timezone.now() + timedelta(days=days)
    KeptCheck.objects.create(token_digest=_digest(token), sealed=sealed, expires_at=expires)
    return token, expires


def full() -> bool:
    """Whether no more is kept for now: strangers must not fill the disk."""
    purge()
    return KeptCheck.objects.count() >= MAX_KEPT


def fetch(token: str) -> tuple[dict[str, Any], datetime] | None:
    """What was kept under ``token`` and when it ends; None when there is nothing (any more)."""
    row = KeptCheck.objects.filter(token_digest=_digest(token), expires_at__gt=timezone.now()).first()
    if row is None:
        return None
    sealed = bytes(row.sealed)
    try:
        plain = _cipher(token).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except InvalidTag:
        return None
    data: dict[str, Any] = json.loads(zlib.decompress(plain))
    return data, row.expires_at


def forget(token: str) -> bool:
    """Delete what is kept under ``token``; whether there was anything."""
    deleted, _ = KeptCheck.objects.filter(token_digest=_digest(token)).delete()
    return bool(deleted)


def purge() -> int:
    """Delete everything past its day; the number of rows."""
    deleted, _ = KeptCheck.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted
