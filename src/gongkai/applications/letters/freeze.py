"""The digest that freezes a signed letter, and whether it still holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from gongkai.applications.models import Letter


def digest_of(letter: Letter, files: Iterable[str]) -> str:
    """SHA-256 over what is printed: kind, number, date, title, addressee, text, and the digests of the attachments."""
    parts = {
        "application": letter.application_id,
        "kind": letter.kind,
        "number": letter.number,
        "dated": letter.dated.isoformat() if letter.dated else "",
        "title": letter.title,
        "addressee": letter.details["addressee"],
        "body": letter.body,
        "attachments": sorted(files),
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def attachment_digests(letter: Letter) -> list[str]:
    """SHA-256 of each attached file, sorted."""
    return sorted(letter.attachments.values_list("digest", flat=True))


def intact(letter: Letter) -> bool:
    """Whether a signed letter is still what was signed; True for one that is not signed yet, and for one whose text was
    cleared after the retention period (what is left of it is its digest)."""
    if letter.anonymised_at is not None:
        return not letter.body
    return not letter.frozen or letter.digest == digest_of(letter, attachment_digests(letter))
