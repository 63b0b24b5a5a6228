"""The documentation of the open data for people: made from the same description that programs read."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from gongkai.api import bulk
from gongkai.api.catalog import catalog
from gongkai.api.v1 import api


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
    context = {
        "column": column, "crumbs": [("数据开放", "")], "groups": _operations(),
        "openapi": reverse("api-v1:openapi-json"), "introduction": api.description,
        "datasets": made.get("datasets", []), "updated_at": parse_datetime(made.get("updated_at", "")), "licence": bulk.LICENCE,
    }  # fmt: skip
    return render(request, "api/docs.html", context)


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


@require_safe
def bulk_file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The present file of a dataset; its digest is the ETag, so that the same one is not taken twice."""
    found = bulk.file_of(name, form)
    if found is None:
        raise Http404("没有这个数据文件。")
    tag = f'"{found["sha256"]}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        try:
            file = default_storage.open(found["file"])
        except FileNotFoundError:
            raise Http404("数据文件正在更新，请稍后再取。") from None
        response = FileResponse(
            file, as_attachment=True, filename=f"{name}.{form}", content_type=bulk.TYPES[form]
        )
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response
