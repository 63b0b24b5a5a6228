"""What is added to every response."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from gongkai.portal.views import bad_request


class DeskPolicyMiddleware:
    """Gives the desk its own content security policy (Wagtail's pages carry inline scripts).

    The strict policy of the public site stands unless the path is below ``DESK_PREFIX``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(settings.DESK_PREFIX) and not hasattr(response, "_csp_update"):
            response._csp_update = dict(settings.DESK_CONTENT_SECURITY_POLICY)  # type: ignore[attr-defined]
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response


class PlainRequestMiddleware:
    """Keeps what a caller declares from deciding how we read, and shared caches from mixing readers.

    Every form of ours is UTF-8; a declared charset such as ``zlib`` is no text encoding and broke Django's parser.
    A page looks different with the large-text cookie, so caches must tell the two apart.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            request.encoding = settings.DEFAULT_CHARSET
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # PostgreSQL refuses the character in any text; nobody types it.
            response: HttpResponse = bad_request(request, SuspiciousOperation("NUL"))
        else:
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response
