"""Shuts the stock desk addresses that do not know organs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import permission_denied

from gongkai.desk.closed import is_closed
from gongkai.organs.scope import scope_of


class ClosedDeskMiddleware:
    """Refuses what ``closed.py`` lists, unless the user works without limits."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not request.path.startswith(settings.DESK_PREFIX):
            return None
        if not is_closed(match.namespaces, match.url_name):
            return None
        if not request.user.is_authenticated or scope_of(request.user).everything:
            return None
        return permission_denied(request)
