"""What the site says when a request cannot be answered: what happened, what to do next, and what was typed, to be copied."""

from __future__ import annotations

import re
import sys
from urllib.parse import urlsplit

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from gongkai.organs.faults import database_away

#: What people write, as against what a form sends along: it holds a Chinese sign.
_WRITTEN = re.compile(r"[\u3400-\u9fff]")
#: More than anybody types, less than would make the page heavy.
MOST_TYPED = 60_000
RETRY_SECONDS = 60

#: What the web server in front answers by itself: heading, what happened, what to do. The export writes each as a page
#: (``413.html``), which it gives with the status of that number (deploy/nginx/gongkai.conf).
SAID = {
    400: ("请求不完整", "网址或浏览器送来的内容有误，没有处理。", "请回到首页重新查找。"),
    403: ("不提供这个目录的列表", "这个网址是一个目录，不是网页。", "请回到首页重新查找，或到网站地图里找。"),
    405: ("这个网址不接受提交", "这次提交没有处理。", "请按浏览器的返回键回到刚才的页面，从页面上的按钮提交。"),
    413: ("提交的内容过大", "超过了网站一次能接收的大小，这次提交没有处理。", "请按浏览器的返回键回到刚才的页面，压缩附件后重新提交。"),
    414: ("网址过长", "网址或搜索的文字太长，没有处理。", "请缩短搜索的文字，或回到首页重新查找。"),
    429: ("操作过于频繁", "短时间内来自您的网络地址的请求太多，这一次没有处理。", "请过一分钟再试。正在填写表格的，请按浏览器的返回键回到刚才的页面，先把已填写的内容保存下来。"),
    502: ("这项功能暂时不能使用", "网站正在维护，或者出了故障。公开的文件和报告不受影响，标题检索照常可用。", "请过几分钟再试。正在提交表格的，这次没有处理，请按浏览器的返回键回到刚才的页面，先把已填写的内容保存下来。"),
}  # fmt: skip


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """``handler400``: a body beyond the limits is 413 and says the limits, everything else 400."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return _page(request, 413)
    return _page(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``: 503 where the database does not answer, which passes; everything else 500."""
    if database_away(sys.exc_info()[1]):
        response = _page(request, 503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer holds."""
    return _page(request, 403, "403_csrf.html")


@require_safe
def said(request: HttpRequest, status: int) -> HttpResponse:
    """What the web server says by itself, for the export alone."""
    if status not in SAID or not getattr(request, "gongkai_static", False):
        raise Http404
    heading, explanation, advice = SAID[status]
    words = {"status": status, "heading": heading, "explanation": explanation, "advice": advice}
    page = get_template("portal/error.html")
    return HttpResponse(page.render({"request": request, "without_application": True, **words}))


def _page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """The page without session, messages or user: whatever failed may be just these."""
    typed = _typed(request)
    retry = request.get_full_path() if request.method == "GET" and status >= 500 else ""
    # Where what was typed cannot be shown, the browser's own way back keeps it; opening the page anew would not.
    again = _again(request) if typed or status == 403 else ""
    context = {"request": request, "again": again, "typed": typed, "retry": retry}
    text = get_template(template or f"{status}.html").render(context)
    return HttpResponse(text, status=status, headers={"Cache-Control": "no-store"})


def _ours(request: HttpRequest, address: str) -> bool:
    try:
        return urlsplit(address).netloc == request.get_host()
    except (SuspiciousOperation, ValueError):  # a host that is not ours, an address that is none
        return False


def _again(request: HttpRequest) -> str:
    """The page of ours from which a form was sent, "" where there is none."""
    came_from = request.headers.get("Referer", "")
    if request.method != "POST" or not _ours(request, came_from):
        return ""
    parts = urlsplit(came_from)
    # One slash alone: two would begin the name of another host.
    return f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def _typed(request: HttpRequest) -> str:
    """What was written into a form of ours, for its writer to copy. Another site's form gets nothing shown here."""
    if request.method != "POST" or not _ours(request, request.headers.get("Origin", "")):
        return ""
    try:
        sent = [value for name in request.POST for value in request.POST.getlist(name)]
    except (SuspiciousOperation, MultiPartParserError, RawPostDataException, OSError):
        return ""
    return "\n\n".join(value.strip() for value in sent if _WRITTEN.search(value))[:MOST_TYPED]


__all__ = ["SAID", "bad_request", "csrf_failure", "said", "server_error"]
