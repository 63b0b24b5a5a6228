"""Tags and filters of the public pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.portal import about as abouts
from gongkai.portal import site

register = template.Library()
WEEKDAYS = "一二三四五六日"


@register.simple_tag(takes_context=True)
def frame(context: Context) -> site.Frame:
    """The page's frame: site profile, navigation, large-text mode, date."""
    return site.frame(context.get("request"))


@register.simple_tag(takes_context=True)
def about(context: Context) -> abouts.About | None:
    """What the page is about: its foot, its feeds, its data for machines."""
    return abouts.about(context, context.get("request"))


@register.simple_tag(takes_context=True)
def structured(context: Context) -> str:
    """The page's data in the terms of schema.org; "" where there is nothing to say."""
    request, shown = context.get("request"), context.get("frame")
    return abouts.structured(request, shown.site, context.get("about")) if request and shown else ""


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月30日（周一）; empty for nothing."""
    if not value:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def minute(value: datetime | None) -> str:
    """YYYY-MM-DD HH:MM in Shanghai, as the page rules ask."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def mark_terms(text: str, terms: Sequence[str]) -> SafeString:
    """``text`` escaped, with the searched words marked."""
    words = sorted((re.escape(term) for term in terms if term), key=len, reverse=True)
    if not words:
        return escape(text)
    out, at = [], 0
    for match in re.finditer("|".join(words), text, re.IGNORECASE):
        out += [escape(text[at : match.start()]), "<mark>", escape(match[0]), "</mark>"]
        at = match.end()
    out.append(escape(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every part is escaped above


@register.filter
def title_lines(title: str) -> SafeString:
    """A report's title in pieces that break only between them: 机关2025年 / 政府信息公开工作年度报告."""
    pieces = re.split(r"(?<=年)(?=政府信息公开)|(?<=度)(?=政府信息公开)", title)
    return mark_safe("".join(f'<span class="keep">{escape(piece)}</span>' for piece in pieces))  # noqa: S308
