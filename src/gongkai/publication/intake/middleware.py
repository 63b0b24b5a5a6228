"""Addresses of the site before this one lead to where the item stands now."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from gongkai.publication.paths import url_of


class OldAddressMiddleware:
    """Looks only when nothing else answers: an address of ours always wins, and a page that is found costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        query = request.META.get("QUERY_STRING", "")
        wanted = [f"{request.path}?{query}", f"{request.path}?{unquote(query)}"] if query else []
        found = _find([*wanted, request.path])
        return HttpResponsePermanentRedirect(found) if found else response


def _find(paths: list[str]) -> str:
    """The address of the public item that once stood at the first of ``paths``; "" for none."""
    from gongkai.publication.models import OldAddress

    kept = [p for p in paths if len(p) <= 500 and "\0" not in p]
    rows = OldAddress.objects.filter(path__in=kept, page__shown=True).values_list("path", "page__url_path")
    known = dict(rows)
    return next((url_of(known[p]) for p in kept if p in known), "")
