"""年报核验: anyone drops a report, sees the findings in place, takes them away. Nothing is kept unless asked.

Between two requests the result travels in the page itself, compressed and signed, so that downloads need no storage.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.annualreport.output import Checked
from gongkai.annualreport.readers import Unreadable
from gongkai.annualreport.schema import EDITIONS
from gongkai.annualreport.writers import FORMATS
from gongkai.reports import clients, findings_files, keeping, presenting, sandbox, uploads
from gongkai.reports.codec import finding_from_data, report_from_text
from gongkai.reports.files import DOWNLOADS

COLUMN = {
    "name": "年报核验",
    "description": "核验政府信息公开工作年度报告的勾稽关系、文表一致和跨年衔接",
    "keywords": "年度报告,核验,勾稽关系",
    "type": "服务",
}
SALT = "gongkai.reports.verify"
PARCEL_SECONDS = 4 * 3600
CHECKS_PER_MINUTE = 20
ACTS_PER_MINUTE = 60
#: What a form may send back; see DATA_UPLOAD_MAX_MEMORY_SIZE.
MAX_PARCEL = 4 * 1024 * 1024
KEEPS_PER_HOUR = 20


@never_cache
@csrf_exempt  # the size is looked at before the token makes Django read the body; see _guarded
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and after POST the form with the result below it."""
    if request.method != "POST":
        sandbox.warm()
        return _page(request)
    if uploads.declared_too_large(request):
        return _refuse(request, _too_large_words(request), 413)
    request.gongkai_uploads = uploads.bound(request)  # type: ignore[attr-defined]
    return _bounded(_guarded, request)


def _bounded(view: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    try:
        return view(request)
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        return _refuse(
            request,
            "提交的内容超过上限：文件每个不超过 20 MB，粘贴的文字不超过 100 万字。请减少后再试。",
            413,
        )


@csrf_protect
def _guarded(request: HttpRequest) -> HttpResponse:
    handler: uploads.BoundedMemoryHandler = request.gongkai_uploads  # type: ignore[attr-defined]
    if not clients.allowed(request, "verify", CHECKS_PER_MINUTE, 60):
        response = _refuse(
            request, f"核验得太频繁：同一网络地址每分钟最多 {CHECKS_PER_MINUTE} 份。请过一分钟再试。", 429
        )
        response["Retry-After"] = "60"
        return response
    current, previous = _files(request)
    if handler.too_large:
        return _refuse(
            request,
            f"“{handler.too_large}”太大，上限 20 MB。请去掉图片和附件，只保留年度报告正文后再试。",
            413,
        )
    if current is None:
        return _refuse(request, "还没有选择文件，也没有粘贴文字。请选一份年度报告再核验。", 422)
    started = time.monotonic()
    try:
        result = sandbox.check_files(current, previous)
    except Unreadable as error:
        return _refuse(request, str(error), 422)
    except sandbox.SandboxError as error:
        return _refuse(request, str(error), 503 if isinstance(error, sandbox.Busy) else 422)
    result["names"] = [name for name, _ in (current, previous) if name] if previous else [current[0]]
    return _page(request, result=_result(result, seconds=time.monotonic() - started))


def _files(request: HttpRequest) -> tuple[tuple[str, bytes] | None, tuple[str, bytes] | None]:
    """(name, bytes) of the report and of the year before's; the pasted text where no file was chosen."""
    report, before = request.FILES.get("report"), request.FILES.get("previous")
    current = (report.name or "", report.read()) if report else None
    text = request.POST.get("text", "")[: uploads.MAX_TEXT]
    if current is None and text.strip():
        current = ("粘贴的文字", text.encode("utf-8", "replace"))
    previous = (before.name or "", before.read()) if before else None
    if current is None and previous is not None:  # a single file in the wrong box
        current, previous = previous, None
    return current, previous


def _too_large_words(request: HttpRequest) -> str:
    try:
        size = f"{int(request.META.get('CONTENT_LENGTH') or 0) / 1048576:.0f} MB"
    except ValueError:
        size = "大小不明"
    return f"文件过大：{size}，每个文件上限 20 MB。请去掉图片和附件，只保留年度报告正文后再试。"


def _refuse(request: HttpRequest, message: str, status: int) -> HttpResponse:
    # The text typed is given back; a browser keeps no chosen file, which the message of the page says.
    text = "" if status == 413 else request.POST.get("text", "")[: uploads.MAX_TEXT]
    return _page(request, problem=message, text=text, status=status)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "column": COLUMN,
        "crumbs": [(COLUMN["name"], "")],
        "keep_days": keeping.KEEP_DAYS,
        "tables_css_digest": presenting.TABLES_CSS_DIGEST,
        **more,
    }
    return render(request, "reports/verify.html", context, status=status)


# --- result -------------------------------------------------------------------------------------------------------


def _result(data: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
    """What the template needs of a check's answer, and the parcel that carries it on."""
    items = []
    for index, checked in enumerate(_checked(data)):
        report = checked.report
        assert report is not None
        prefix = f"r{index}-" if index else ""
        items.append(
            {
                "index": index,
                "shown": presenting.show(report, checked.findings, prefix=prefix),
                "unreadable": presenting.unreadable(report),
                "organ": report.organ,
                "year": report.year,
                "edition": EDITIONS[report.edition.id],
                "name": report.source_name,
                "format": report.source_format,
            }
        )
    parcel = signing.dumps(_parcel(data), salt=SALT, compress=True)
    return {
        "items": items,
        "notes": data["notes"],
        "previous": data["previous"],
        "seconds": seconds,
        "parcel": parcel if len(parcel) <= MAX_PARCEL else "",
        "downloads": DOWNLOADS,
    }


def _parcel(data: dict[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ("items", "notes", "previous", "names")}


def _checked(data: dict[str, Any]) -> list[Checked]:
    out = []
    for item in data["items"]:
        report = report_from_text(item["report"])
        findings = [finding_from_data(f) for f in item["findings"]]
        out.append(Checked(report.source_name or report.name, report, findings))
    return out


@never_cache
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Take a result away (findings or the report itself in some format), or keep it for a few days."""
    if not clients.allowed(request, "verify-act", ACTS_PER_MINUTE, 60):
        response = _page(request, problem="操作太频繁，请过一分钟再试。", status=429)
        response["Retry-After"] = "60"
        return response
    packed = request.POST.get("parcel", "")
    try:
        data: dict[str, Any] = signing.loads(packed, salt=SALT, max_age=PARCEL_SECONDS)
    except signing.BadSignature:
        return _page(request, problem="这个核验结果已经过期（超过 4 小时）或不完整，请重新核验。", status=410)
    what = request.POST.get("do", "")
    if what == "keep":
        if not clients.allowed(request, "verify-keep", KEEPS_PER_HOUR, 3600) or keeping.full():
            return _page(request, problem="暂存的结果太多，请过一小时再试，或直接下载。", status=429)
        token, _expires = keeping.keep(data)
        return HttpResponseRedirect(reverse("reports:kept", args=[token]))
    return _take(request, data, what)


def _take(request: HttpRequest, data: dict[str, Any], what: str) -> HttpResponse:
    """``findings.<format>`` for all reports of the result, ``report.<format>.<index>`` for one of them."""
    kind, _, rest = what.partition(".")
    checked = _checked(data)
    if kind == "findings" and rest in findings_files.FORMATS:
        media, make = findings_files.FORMATS[rest]
        name = f"核验结果 {checked[0].report.name if checked[0].report else ''}.{rest}"
        return _attachment(make(checked), media, name)
    format, _, index = rest.partition(".")
    if (
        kind == "report"
        and format in FORMATS
        and re.fullmatch("[0-9]{1,3}", index)
        and int(index) < len(data["items"])
    ):
        item = int(index)
        try:
            content = sandbox.render(data["items"][item]["report"], format)
        except (Unreadable, sandbox.SandboxError) as error:
            return _page(request, problem=str(error), status=503)
        report = checked[item].report
        name = f"{report.name if report else '年度报告'}（按统一格式重排）{FORMATS[format][1]}"
        return _attachment(content, FORMATS[format][0], name)
    return _page(request, problem="没有这种下载。请从页面上的按钮选择。", status=400)


def _attachment(content: bytes, media: str, name: str) -> HttpResponse:
    clean = "".join(ch for ch in name if ch.isprintable() and ch not in '\\/:*?"<>|')[:120]
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, clean) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """A kept result by its secret address; POST deletes it at once."""
    if request.method == "POST":
        keeping.forget(token)
        return _page(request, done="已删除，这个链接不再有效。")
    found = keeping.fetch(token)
    if found is None:
        return _page(request, problem="这个链接已经到期或已被删除。需要时请重新核验。", status=404)
    data, expires = found
    data.setdefault("names", [])
    address = request.build_absolute_uri()
    response = _page(request, result=_result(data), kept_until=expires, address=address)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
