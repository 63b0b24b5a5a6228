"""What every answer of the API has in common: HEAD beside GET, refusals as problems in Chinese, none of them kept by a cache."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.log import log_response
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from gongkai.api.refusing import operation, unknown_parameters
from gongkai.organs.faults import database_away

RETRY_SECONDS = 60
View = Callable[..., HttpResponse]


def problem(status: int, said: str) -> HttpResponse:
    """An error as the description has it: what is wrong and what to do."""
    response = JsonResponse({"detail": said}, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


class ChineseJSON(JSONRenderer):
    """Chinese as it is, which people read too and which is half as long. Half of a character, which a body may hold as an
    escape and a refusal may name, becomes a question mark: no encoding has it."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return json.dumps(data, cls=self.encoder_class, ensure_ascii=False).encode("utf-8", "replace")


def patterns(api: NinjaAPI) -> Any:
    """The addresses of ``api`` with their answers put right."""
    found, app, namespace = api.urls
    for pattern in found:
        pattern.callback = answering_as(api, pattern.callback)
    return found, app, namespace


def _asked(api: NinjaAPI, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse:
    """The answer of ``view``; a refusal where a parameter is none of the address."""
    found = operation(api, request) if request.GET else None
    # What needs a key says nothing before it was shown, not even to a key in the wrong place.
    public = found is not None and not found.get("security")
    odd = unknown_parameters(found, list(request.GET)) if found and public else ""
    return problem(422, odd) if odd else view(request, *args, **kwargs)


def answering_as(api: NinjaAPI, view: View) -> View:
    """``view`` with its answers put right."""

    @wraps(view)  # with its marks, such as that it needs no token of a form
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The framework knows no HEAD; whoever asks for the headers alone gets those of GET (RFC 9110, 9.3.2).
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            response = _asked(api, request, view, args, kwargs)
        except Exception as fault:  # programs read no pages
            if settings.DEBUG:
                raise
            response = _failed(request, fault)
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


def _failed(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A fault of ours: 503 where the database does not answer, which passes; everything else 500. Logged as Django does."""
    got_request_exception.send(sender=NinjaAPI, request=request)
    if database_away(fault):
        response = problem(503, "数据库暂时没有应答，请过一分钟再试；写入的请求没有保存，可以原样重发。")
        response["Retry-After"] = str(RETRY_SECONDS)
    else:
        response = problem(
            500, "服务器出错，已经记录下来，这次请求没有处理。请稍后再试，仍然不行的，请联系网站主办单位。"
        )
    log_response(
        "%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=fault
    )
    return response


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    methods = [*allowed.split(", "), *(["HEAD"] if "GET" in allowed else [])]
    said = f"这个地址不接受 {request.method}，可用：{'、'.join(methods)}。请对照接口说明（/api/）。"
    response = problem(405, said)
    response["Allow"] = ", ".join(methods)
    return response
