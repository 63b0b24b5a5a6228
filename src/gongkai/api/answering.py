"""What every answer of the API has in common: HEAD beside GET, refusals as problems in Chinese, none of them kept by a cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI

View = Callable[..., HttpResponse]


def problem(status: int, said: str) -> HttpResponse:
    """An error as the description has it: what is wrong and what to do."""
    response = JsonResponse({"detail": said}, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def patterns(api: NinjaAPI) -> Any:
    """The addresses of ``api`` with their answers put right."""
    found, app, namespace = api.urls
    for pattern in found:
        pattern.callback = _answering(pattern.callback)
    return found, app, namespace


def _answering(view: View) -> View:
    @wraps(view)  # with its marks, such as that it needs no token of a form
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The framework knows no HEAD; whoever asks for the headers alone gets those of GET (RFC 9110, 9.3.2).
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = _not_allowed(request, response["Allow"])
        elif response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        if head:
            request.method = "HEAD"
            length = str(len(response.content))
            response.content = b""
            response["Content-Length"] = length
        return response

    return answering


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    methods = [*allowed.split(", "), *(["HEAD"] if "GET" in allowed else [])]
    said = f"这个地址不接受 {request.method}，可用：{'、'.join(methods)}。请对照接口说明（/api/）。"
    response = problem(405, said)
    response["Allow"] = ", ".join(methods)
    return response
