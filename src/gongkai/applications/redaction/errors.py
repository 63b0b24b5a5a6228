"""Why a redaction was not made."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class RedactionError(ValidationError):
    """The redacted file was not made; the message says what to do. Never half a redaction."""
