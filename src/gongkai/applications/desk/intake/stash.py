"""Scans of a form that could not be saved yet: kept sealed for the clerk's own session, so that nothing is uploaded twice."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.applications import vault

FOLDER = "intake"
KEPT_HOURS = 48
_SESSION = "gongkai_intake_files"
_NONCE = 12


def keep(session: Any, kind: str, upload: Any) -> dict[str, Any]:
    """Seal ``upload`` and note it in the session. Returns the note: token, kind, name, size."""
    token = secrets.token_hex(16)
    upload.seek(0)
    content = upload.read()
    name, key = vault.keys()[0]
    nonce = secrets.token_bytes(_NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, token.encode())
    default_storage.save(f"{FOLDER}/{token}", ContentFile(sealed))
    note = {"token": token, "key": name, "kind": kind, "name": upload.name[:150], "size": len(content)}
    session[_SESSION] = [*session.get(_SESSION, []), note]
    return note


def kept(session: Any) -> list[dict[str, Any]]:
    """The notes of this session whose files are still there."""
    return [n for n in session.get(_SESSION, []) if default_storage.exists(f"{FOLDER}/{n['token']}")]


def fetch(session: Any, tokens: Iterable[str]) -> list[tuple[str, SimpleUploadedFile]]:
    """(kind, file) for those of ``tokens`` that belong to this session."""
    wanted, keys = set(tokens), dict(vault.keys())
    found = []
    for note in kept(session):
        if note["token"] not in wanted or note["key"] not in keys:
            continue
        with default_storage.open(f"{FOLDER}/{note['token']}") as source:
            raw = source.read()
        try:
            content = AESGCM(keys[note["key"]]).decrypt(raw[:_NONCE], raw[_NONCE:], note["token"].encode())
        except InvalidTag:
            continue
        found.append((note["kind"], SimpleUploadedFile(note["name"], content)))
    return found


def clear(session: Any, tokens: Iterable[str] | None = None) -> None:
    """Forget the files of this session (those of ``tokens``, all when None)."""
    gone = {n["token"] for n in session.get(_SESSION, [])} if tokens is None else set(tokens)
    for token in gone & {n["token"] for n in session.get(_SESSION, [])}:
        if default_storage.exists(f"{FOLDER}/{token}"):
            default_storage.delete(f"{FOLDER}/{token}")
    session[_SESSION] = [n for n in session.get(_SESSION, []) if n["token"] not in gone]


def purge(now: datetime | None = None) -> int:
    """Delete what nobody came back for. Returns how many files."""
    limit = (now or timezone.now()) - timedelta(hours=KEPT_HOURS)
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    old = [name for name in names if default_storage.get_modified_time(f"{FOLDER}/{name}") < limit]
    for name in old:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(old)
