"""The documentation of the open data for people: made from the same description that programs read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

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
    context = {
        "column": column, "crumbs": [("数据开放", "")], "groups": _operations(),
        "openapi": reverse("api-v1:openapi-json"), "about": api.description,
    }  # fmt: skip
    return render(request, "api/docs.html", context)
