"""Before filing: whom to ask, what is public already, how it works, the form on paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gongkai.applications.public import finder, limits, paper
from gongkai.applications.public.views.common import context, too_often, who
from gongkai.applications.services.files import download
from gongkai.law.case import clocks
from gongkai.law.fees import tariff, yuan
from gongkai.law.tariff import Scale
from gongkai.organs.models import Organ

MAX_QUERY = 80


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The finder: who holds it, and what is public already."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    organs = finder.organs_for(query)
    more = {
        "q": query,
        "organs": organs,
        "hits": finder.already_public(query),
        "all_organs": [] if organs else _directory(),
    }
    return render(request, "applications/public/start.html", context(**more))


def _directory() -> list[Organ]:
    return list(finder.active()[:60])


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """申请须知: who, what, how long, what it costs — the figures from the law's own data."""
    rates = tariff()
    more = {
        "answer_days": clocks.ANSWER_WD,
        "notice_days": clocks.CORRECTION_NOTICE_WD,
        "opinion_days": clocks.OPINION_WD,
        "payment_days": clocks.PAYMENT_WD,
        "count_lines": _tiers(rates.by_count),
        "page_lines": _tiers(rates.by_pages),
    }
    return render(request, "applications/public/guide.html", context(("申请须知", ""), **more))


def _tiers(scale: Scale) -> list[tuple[str, str]]:
    """(span, rate) of each tier in words."""
    out = []
    for tier in scale.tiers:
        span = (
            f"第 {tier.first} {scale.unit}以上"
            if tier.last is None
            else f"第 {tier.first} 至 {tier.last} {scale.unit}"
        )
        rate = f"每{scale.unit} {yuan(tier.rate)}" if tier.rate else "不收费"
        if tier.step:
            rate += f"起，每增加 {tier.step} {scale.unit}提高 {yuan(tier.increase)}"
        out.append((span, rate))
    return out


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "applications/public/privacy.html", context(("个人信息处理告知", "")))


@require_safe
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """The application form to print: ``pdf`` or ``docx``, with the organ's name when asked for one."""
    if kind not in paper.FORMATS:
        raise Http404
    if not limits.count("paper", who(request)):
        return too_often(request)
    slug = request.GET.get("organ", "")[:60]
    organ = get_object_or_404(Organ, slug=slug) if slug else None
    media, make = paper.FORMATS[kind]
    return download(make(organ), f"政府信息公开申请表.{kind}", media)
