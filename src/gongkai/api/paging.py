"""Pages by cursor: stable while new things arrive, and as quick on the last page as on the first."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError

MAX_LIMIT = 200


def encode(*values: Any) -> str:
    """A cursor that holds ``values``; opaque, but no secret."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, *types: type) -> list[Any]:
    """The values of a cursor. Raises HttpError 422 for one that we did not make."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(types):
            raise ValueError
        if not all(type(value) is kind for value, kind in zip(values, types, strict=True)):
            raise ValueError
        if not all(value.isprintable() for value in values if isinstance(value, str)):
            raise ValueError  # half of a character, or one that PostgreSQL refuses: no database takes the text
        if any(isinstance(value, int) and value.bit_length() > 63 for value in values):
            raise ValueError  # no number of any database
    except (ValueError, binascii.Error, RecursionError):
        raise HttpError(422, "cursor 无法识别。请原样使用上一页返回的 next 地址。") from None
    return values


def next_url(request: HttpRequest, cursor: str) -> str:
    """The address of the next page: this one with another cursor."""
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
