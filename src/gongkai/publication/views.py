"""Serving the public pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def serve(page: Any, request: HttpRequest) -> HttpResponse:
    """The public view of a page of the tree."""
    return render(request, "publication/item.html", {"page": page})
