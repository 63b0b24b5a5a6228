"""A file that was read into the form and waits for the document it belongs to."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from gongkai.normative.models import Attachment, Document
from gongkai.normative.services.files import add_file

FOLDER = "normative-held"
#: What nobody registered within this time is thrown away.
KEPT = timedelta(days=2)


def hold(name: str, data: bytes) -> dict[str, str]:
    """Keeps ``data`` outside the web root; what is returned goes into the session and to :func:`keep_held`."""
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))
    return {"path": path, "name": name[:200], "sha256": hashlib.sha256(data).hexdigest()}


def let_go(held: dict[str, str]) -> None:
    """Throws the file away."""
    if held["path"].startswith(f"{FOLDER}/"):
        default_storage.delete(held["path"])


def keep_held(actor: Any, document: Document, held: dict[str, str], kind: str) -> Attachment | None:
    """The file becomes an attachment of ``document`` (nothing with an empty ``kind``), and is no longer held.

    Raises ValidationError where it was thrown away meanwhile; PermissionDenied.
    """
    if not kind:
        let_go(held)
        return None
    try:
        with default_storage.open(held["path"]) as stored:
            data = stored.read()
    except OSError:
        raise ValidationError("读取的文件已经过期，请在登记以后用“上传文件”上传。") from None
    made = add_file(actor, document, kind, ContentFile(data, name=held["name"]))
    let_go(held)
    return made


def clear_held(now: Any = None) -> int:
    """Throws away what was held longer than two days; how many."""
    before, gone = (now or timezone.now()) - KEPT, 0
    if not default_storage.exists(FOLDER):
        return 0
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < before:
            default_storage.delete(f"{FOLDER}/{name}")
            gone += 1
    return gone
