"""这页有用吗, and passing a page on: two small pages that need no script."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.portal import feedback, site
from gongkai.portal.models import PageFeedback
from gongkai.portal.places import page_at, shared_at
from gongkai.portal.qr import svg
from gongkai.portal.site import page_context

#: A longer address fits no code that a telephone reads.
MOST_CODED = 1200
ANSWERS = {"yes": "helpful", "no": "unhelpful"}


@csrf_exempt  # the page with the form may be a file or come from a cache: the origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def page_feedback(request: HttpRequest) -> HttpResponse:
    """Takes an answer, then says thanks and, for a page that did not help, asks why."""
    values = request.POST if request.method == "POST" else request.GET
    place = page_at(values.get("path", ""))
    if place is None:
        raise Http404("没有这个页面。")
    if request.method != "POST":
        asked = request.GET.get("asked") == "1"
        return _thanks(request, place.url, place.title, ask=asked)
    if not feedback.same_origin(request):
        return _thanks(
            request,
            place.url,
            place.title,
            problem="这份评价不是从本网站的页面提交的，没有计入。",
            status=403,
        )
    if not feedback.within_rate(request):
        return _thanks(
            request, place.url, place.title, problem="提交得太频繁，没有计入。请一小时后再试。", status=429
        )
    counter = ANSWERS.get(values.get("helpful", ""), "")
    reason = values.get("reason", "")
    what = counter or (reason if reason in PageFeedback.Reason.values else "")
    if not what:
        return _thanks(
            request, place.url, place.title, problem="请选择一项再提交。", ask=not counter, status=400
        )
    # One voice per page and day: a second click changes nothing and is thanked all the same.
    if feedback.first_time(request, place.url, "answer" if counter else "reason"):
        feedback.count(place, what)
    query = {"path": place.url, **({"asked": "1"} if counter == "unhelpful" else {})}
    return HttpResponseRedirect(f"{reverse('portal:feedback')}?{urlencode(query)}", status=303)


def _thanks(
    request: HttpRequest, path: str, title: str, *, problem: str = "", ask: bool = False, status: int = 200
) -> HttpResponse:
    context = page_context(
        site.FEEDBACK,
        path=path,
        page_title=title,
        problem=problem,
        ask=ask,
        reasons=PageFeedback.Reason.choices,
    )
    response = render(request, "portal/feedback.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """The address of a page to pass on, with its QR code drawn here, and the feeds to follow."""
    place = shared_at(request.GET.get("p", ""))
    if place is None:
        raise Http404("没有这个页面。")
    url = request.build_absolute_uri(place.url)
    context = page_context(
        site.SHARE,
        page_title=place.title,
        path=place.url,
        address=url,
        qr=svg(url) if len(url) <= MOST_CODED else "",
        kind=place.kind,
        followed=place.followed,
        organ=place.organ,
    )
    return render(request, "portal/share.html", context)
