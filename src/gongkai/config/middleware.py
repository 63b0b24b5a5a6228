"""What is added to every response."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


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
