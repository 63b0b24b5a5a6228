"""The documentation of the open data for people: made from the same description that programs read."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_safe

from gongkai.api import bulk
from gongkai.api.answering import problem
from gongkai.api.catalog import catalog, structured
from gongkai.api.datasets import LICENCE
from gongkai.api.v1 import api
from gongkai.publication import ranges


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    out = []
    for one in operation.get("parameters", []):
        shape = one.get("schema", {})
        default = shape.get("default")
        out.append({
            "name": one["name"],
            "about": shape.get("description") or one.get("description", ""),
            "required": one.get("required", False),
            "default": "" if default in (None, "") else default,
        })  # fmt: skip
    return out


#: An address that answers as it stands, for those that need a parameter.
_EXAMPLES = {"/search": "?q=低保", "/cells": "?key=t3.granted.natural"}


def _example(path: str, method: str) -> str:
    """An address to try in the browser; "" for one that needs an object's key, or that writes."""
    if "{" in path or method != "get":
        return ""
    return path + next((query for end, query in _EXAMPLES.items() if path.endswith(end)), "")


def _operations() -> list[tuple[str, list[dict[str, Any]]]]:
    """The addresses, grouped as they are tagged."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            entry = {
                "method": method.upper(), "path": path, "summary": operation.get("summary", ""),
                "parameters": _parameters(operation), "example": _example(path, method),
            }  # fmt: skip
            groups.setdefault(operation.get("tags", ["其他"])[0], []).append(entry)
    return list(groups.items())


def _block(data: dict[str, Any]) -> SafeString:
    """A data block that no browser executes and no text in it can end."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped for a script block


def _staff(request: HttpRequest) -> bool:
    """Whether somebody of the desk reads. Who has no session is not looked up."""
    user = getattr(request, "user", None)
    known = settings.SESSION_COOKIE_NAME in request.COOKIES and user is not None
    return bool(known and user.has_perm("wagtailadmin.access_admin"))


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The page of the open data interface."""
    column = {
        "name": "数据开放",
        "description": "公开内容和年度报告的开放数据接口",
        "keywords": "开放数据,接口,数据下载",
        "type": "数据发布",
    }
    made = bulk.manifest()
    datasets = made.get("datasets", [])
    context = {
        "column": column, "crumbs": [("数据开放", "")], "groups": _operations(),
        "openapi": reverse("api-v1:openapi-json"), "introduction": api.description, "site": request.build_absolute_uri("/").rstrip("/"),
        "datasets": datasets, "parquet": any(file["format"] == "parquet" for one in datasets for file in one["files"]), "overtaken": bulk.overtaken(made), "updated_at": parse_datetime(made.get("updated_at", "")), "licence": LICENCE,
        "structured": _block(structured(request)), "staff": _staff(request),
    }  # fmt: skip
    response = render(request, "api/docs.html", context)
    if context["staff"]:
        response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The datasets for machines (DCAT)."""
    response = JsonResponse(
        catalog(request),
        json_dumps_params={"ensure_ascii": False},
        content_type="application/ld+json; charset=utf-8",
    )
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=60"
    return response


class _Stored:
    """A file of the storage as ``ranges.respond`` reads it."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.size = found["size"]
        self.name = found["file"]

    def open(self, mode: str) -> Any:
        return default_storage.open(self.name, mode)


def _being_made() -> HttpResponse:
    """Files that hold what was withdrawn meanwhile are not given out."""
    response = problem(503, "有内容已撤下，整包文件正在重新生成，请几分钟后再取。")
    response["Retry-After"] = "300"
    return response


@require_safe
def bulk_file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The present file of a dataset or a part of it; its digest is the ETag, so that the same one is not taken twice and
    one that was broken off goes on (If-Range) only where it is still the same."""
    made = bulk.manifest()
    found = bulk.file_of(made, name, form)
    if found is None:
        raise Http404("没有这个数据文件。")
    if bulk.overtaken(made):
        return _being_made()
    tag = f'"{found["sha256"]}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        same = request.headers.get("If-Range", tag).removeprefix("W/") == tag
        try:
            response = ranges.respond(
                _Stored(found), bulk.TYPES[form], request.headers.get("Range", "") if same else ""
            )
        except FileNotFoundError:
            return _being_made()
        response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["ETag"] = tag
    response["Last-Modified"] = http_date(datetime.fromisoformat(made["updated_at"]).timestamp())
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def bulk_list(request: HttpRequest, what: str) -> HttpResponse:
    """The files for ``wget -i`` (``files.txt``), and their digests for ``sha256sum -c`` (``SHA256SUMS``)."""
    made = bulk.manifest()
    if bulk.overtaken(made):
        return _being_made()
    lines = [
        f"{file['sha256']}  {one['name']}.{file['format']}" if what == "SHA256SUMS"
        else request.build_absolute_uri(reverse("open_data_file", args=[one["name"], file["format"]]))
        for one in made.get("datasets", ())
        for file in one["files"]
    ]  # fmt: skip
    response = HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=60"
    return response


@require_GET
def described(request: HttpRequest) -> HttpResponse:
    """The description for programs."""
    return HttpResponse(_described(api.get_root_path({})), content_type="application/json; charset=utf-8")


@lru_cache(maxsize=8)
def _described(root: str) -> str:
    return json.dumps(api.get_openapi_schema(path_prefix=root), ensure_ascii=False)


def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that the API does not have: said to programs as everything else is."""
    return problem(404, "没有这个接口地址。请对照接口说明（/api/）。")
