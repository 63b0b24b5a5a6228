"""访问量 for the public, where the office publishes it: a page and the same counts as data."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.portal.site import VISITS, page_context
from gongkai.portal.visits import dataset

_CLOSED: Final = "本站没有公开访问量。"


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """The finished months, and the files by column."""
    if not settings.VISITS_PUBLIC:
        raise Http404(_CLOSED)
    months = dataset.months(timezone.localdate())
    context = page_context(VISITS, months=months, explained=dataset.ABOUT, forms=list(dataset.FORMATS))
    return render(request, "portal/visits.html", context)


@require_safe
def visits_file(request: HttpRequest, form: str) -> HttpResponse:
    """By month and column, as CSV or JSON."""
    if not settings.VISITS_PUBLIC or form not in dataset.FORMATS:
        raise Http404(_CLOSED)
    media, make = dataset.FORMATS[form]
    response = HttpResponse(make(timezone.localdate()), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="visits.{form}"'
    response["Cache-Control"] = "public, max-age=3600"
    return response
