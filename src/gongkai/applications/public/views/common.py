"""What the pages share: column data for the meta tags, private responses, requests read within limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from gongkai.applications.public import limits, uploads

APPLY = {
    "name": "依申请公开",
    "description": "向行政机关申请公开政府信息，查询办理进度",
    "keywords": "依申请公开,政府信息公开申请,申请表,进度查询",
    "type": "依申请公开",
}
View = Callable[..., HttpResponse]


def context(*crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Context of every page: its column and the way back."""
    first = (APPLY["name"], reverse("apply:start") if crumbs else "")
    return {"column": APPLY, "crumbs": [first, *crumbs], **more}


def private(view: View) -> View:
    """Nothing of the page is stored by a browser, a proxy or a search engine, nor printed in an error report."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(sensitive_post_parameters()(wrapped))


def with_uploads(view: View) -> View:
    """Bound the body before the CSRF check reads it."""
    guarded = csrf_protect(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            if uploads.declared_too_large(request):
                return _too_large(request)
            request.apply_uploads = uploads.bound(request)  # type: ignore[attr-defined]
        try:
            return guarded(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return _too_large(request)

    return csrf_exempt(wrapped)


def _too_large(request: HttpRequest) -> HttpResponse:
    words = (
        "一次提交的内容太大，没有处理。请返回上一页，把附件分几次添加，每次不超过两个；已经保存过的内容都在。"
    )
    return render(request, "applications/public/message.html", context(("没有提交", ""), heading="附件太大", text=words), status=413)  # fmt: skip


def too_often(request: HttpRequest, *, saved: bool = False) -> HttpResponse:
    """429 with what to do. ``saved``: what was typed is in the draft; else only the browser still has it."""
    words = "从您的网络地址提交得太频繁，这一次没有处理。请过一个小时再试；急需的，可以打印申请表邮寄或者当面提交。"
    if saved:
        words += "已填写的内容已保存。"
    elif request.method == "POST":
        words += "已填写的内容请按浏览器的返回键回到刚才的页面，先另外保存下来。"
    response = render(request, "applications/public/message.html", context(("稍后再试", ""), heading="请稍后再试", text=words), status=429)  # fmt: skip
    response["Retry-After"] = "3600"
    return response


def who(request: HttpRequest) -> str:
    return limits.address(request)
