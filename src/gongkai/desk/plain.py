"""Text as people type it: signs that no screen shows and no file can hold come in with pasted text and are taken out once,
before any form sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: Controls but tab and line breaks, the two codes that are no characters, halves of a pair.
_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
#: Where a word processor breaks a line or a page inside a paragraph.
_BREAKS = re.compile("[\x0b\x0c]")
SAID = "提交的内容里有 {} 栏带有看不见的控制字符（多为从文档粘贴时带入），已经去掉，其余内容不变。请看一眼换行是否合适。"


def plain(text: str) -> str:
    """``text`` without invisible signs; a break of a word processor stays one: a line where the text has lines, else a space."""
    if not _SIGNS.search(text):
        return text
    return _SIGNS.sub("", _BREAKS.sub("\n" if "\n" in text else " ", text))


def plain_value(value: str) -> str:
    """The value of a field. Rich text and tables come as JSON, which writes such signs as escapes."""
    value = plain(value)
    if value[:1] not in ("{", "[") or "\\" not in value:
        return value
    try:
        data = json.loads(value)
        cleaned = _walk(data)
    except (ValueError, RecursionError):
        return value  # no JSON after all: the form that reads it says so
    return value if cleaned == data else json.dumps(cleaned, ensure_ascii=False)


def _walk(data: Any) -> Any:
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, list):
        return [_walk(one) for one in data]
    if isinstance(data, dict):
        return {plain(name): _walk(one) for name, one in data.items()}
    return data


def cleaned(data: QueryDict) -> tuple[QueryDict, int]:
    """The form without invisible signs, and how many fields held any; the same object where none did."""
    changed = {name: [plain_value(value) for value in values] for name, values in data.lists()}
    count = sum(
        old != new for name, values in data.lists() for old, new in zip(values, changed[name], strict=True)
    )
    if not count:
        return data, 0
    fresh = QueryDict(mutable=True, encoding=data.encoding)
    for name, values in changed.items():
        fresh.setlist(name, values)
    fresh._mutable = False
    return fresh, count


def _clean_when_read(request: HttpRequest) -> None:
    """A view that checks the token itself first bounds the body and says how uploads are taken: nobody reads before it."""
    load = request._load_post_and_files  # type: ignore[attr-defined]

    def read() -> None:
        load()
        request._post, _ = cleaned(request._post)  # type: ignore[attr-defined]

    request._load_post_and_files = read  # type: ignore[attr-defined]


class PlainTextMiddleware:
    """Every form that is sent in, the desk's and the public's; at the desk a line says what was taken out.

    Programs are told instead (``api.schemas``): what they send is not ours to change.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method != "POST" or request.content_type not in _FORMS or request.path.startswith("/api/"):
            return
        if getattr(view, "csrf_exempt", False):
            _clean_when_read(request)
            return
        request.POST, count = cleaned(request.POST)  # type: ignore[assignment, misc]
        if count and request.path.startswith(settings.DESK_PREFIX) and request.user.is_authenticated:
            messages.info(request, SAID.format(count))
