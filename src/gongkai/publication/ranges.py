"""Parts of a file (RFC 9110 §14): without them a browser cannot seek in a video, and some play none at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
CHUNK = 1 << 16


def span_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for no range, several, or one that cannot be read (the whole file is sent).

    Raises ValueError for a range beyond the file's end.
    """
    match = _RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        start, end = max(size - int(last), 0), size - 1
        if int(last) == 0:
            raise ValueError(header)
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size:
        raise ValueError(header)
    return start, end


def _part(file: Any, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0:
            chunk = file.read(min(CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk


def respond(field: Any, media_type: str, header: str) -> HttpResponseBase:
    """The file, or the part of it that ``header`` (Range) asks for: 200, 206 or 416."""
    size = field.size
    try:
        span = span_of(header, size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response: HttpResponseBase
    if span is None:
        response = FileResponse(field.open("rb"), content_type=media_type)
    else:
        start, end = span
        response = StreamingHttpResponse(
            _part(field.open("rb"), start, end - start + 1), status=206, content_type=media_type
        )
        response["Content-Length"] = str(end - start + 1)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response
