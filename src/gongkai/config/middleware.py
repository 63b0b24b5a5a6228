"""What is added to every response."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty

from gongkai.api.answering import problem
from gongkai.organs.addresses import mounted
from gongkai.portal.errors import bad_request


class PolicyMiddleware(CSPMiddleware):
    """The two content security policies, the public site's and the desk's (Wagtail's pages carry inline scripts).

    Each is written once; an answer that asks for changes of its own gets the library's way.
    """

    OWN = tuple(
        f"_csp_{what}{only}" for what in ("config", "update", "replace", "exempt") for only in ("", "_ro")
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self.public = build_policy()
        self.desk = build_policy(update=dict(settings.DESK_CONTENT_SECURITY_POLICY))

    def process_request(self, request: HttpRequest) -> None:
        """No page asks for a nonce."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        headers, desk = response.headers, request.path.startswith(settings.DESK_PREFIX)
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        if settings.DEBUG or any(name in response.__dict__ for name in self.OWN):
            if desk and not hasattr(response, "_csp_update"):
                response._csp_update = dict(settings.DESK_CONTENT_SECURITY_POLICY)  # type: ignore[attr-defined]
            return super().process_response(request, response)  # type: ignore[return-value]
        headers.setdefault(HEADER, self.desk if desk else self.public)
        return response


class LazySessionMiddleware(SessionMiddleware):
    """A reader without a session has none made for each page, until something asks for it."""

    def process_request(self, request: HttpRequest) -> None:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            super().process_request(request)
        else:
            request.session = SimpleLazyObject(self.SessionStore)  # type: ignore[assignment]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        if _unasked(getattr(request, "session", None)):
            return response
        return super().process_response(request, response)


class LazyMessageMiddleware(MessageMiddleware):
    """Messages are looked for when somebody asks for them: most readers of a public page have none and leave none."""

    def process_request(self, request: HttpRequest) -> None:
        request._messages = SimpleLazyObject(lambda: default_storage(request))  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        if _unasked(getattr(request, "_messages", None)):
            return response
        return super().process_response(request, response)


def _unasked(found: object) -> bool:
    """Whether it would be made when asked for, and nobody did."""
    return type(found) is SimpleLazyObject and found._wrapped is empty  # type: ignore[attr-defined]


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
            said = "请求里有空字符（%00），请去掉后重新提交。"
            refused = SuspiciousOperation("NUL")
            program = request.path.startswith("/api/")
            response: HttpResponse = problem(422, said) if program else bad_request(request, refused)
        else:
            response = mounted(self.get_response, request)
        if response.get("Content-Type", "").startswith("text/html"):
            if response.has_header("Vary"):
                patch_vary_headers(response, ["Cookie"])
            else:
                response.headers["Vary"] = "Cookie"
        return response
