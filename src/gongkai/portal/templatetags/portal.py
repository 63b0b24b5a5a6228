"""Tags and filters of the public pages."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape as html_escape
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString

from gongkai.organs import moments
from gongkai.organs.addresses import prefix
from gongkai.portal import about as abouts
from gongkai.portal import site

register = template.Library()
WEEKDAYS = "一二三四五六日"


@register.simple_tag(takes_context=True)
def frame(context: Context) -> site.Frame:
    """The page's frame: site profile, navigation, large-text mode, date."""
    return site.frame(context.get("request"))


@register.simple_tag
def public_visits() -> str:
    """The address of the public counts of visits, "" where the office does not publish them."""
    return site.address("portal:visits") if settings.VISITS_PUBLIC else ""


@register.simple_tag
def once(name: str, **values: Hashable) -> SafeString:
    """A part of the page that depends on nothing but ``values``: made once for each set of them, whoever reads."""
    if settings.DEBUG:
        return _part(name, values)
    return _made(prefix(), name, tuple(values.items()))


@lru_cache(maxsize=256)
def _made(mount: str, name: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return _part(name, dict(values))


def _part(name: str, values: dict[str, Hashable]) -> SafeString:
    return get_template(name).render(dict(values))


@register.simple_tag(takes_context=True)
def about(context: Context) -> abouts.About | None:
    """What the page is about: its foot, its feeds, its data for machines."""
    return abouts.about(context, context.get("request"))


@register.simple_tag(takes_context=True)
def about_head(context: Context) -> str:
    """The feeds of what the page is about, and its data in the terms of schema.org; "" where there is nothing to say."""
    request, shown = context.get("request"), context.get("frame")
    return abouts.head(request, shown.site, context.get("about")) if request and shown else ""


@register.simple_tag(takes_context=True)
def about_foot(context: Context) -> str:
    """What stands under a page that readers may rate."""
    return abouts.foot(context.get("about"))


@register.simple_tag
def address(name: str, *args: Hashable) -> str:
    """``{% url %}`` remembered: the address of a view never changes while the application runs."""
    return site.address(name, *args)


def _safe(value: object) -> str:
    """``conditional_escape`` without its detours, for what is put together here."""
    return str(value) if isinstance(value, SafeString) else html_escape("" if value is None else str(value))


def _safe_all(values: Sequence[object]) -> list[str]:
    """``_safe`` of each: plain texts, which most are, in one go."""
    if not any(isinstance(value, SafeString) for value in values):
        text = "\x00".join(["" if value is None else str(value) for value in values])
        found = html_escape(text).split("\x00")
        if len(found) == len(values):  # else one of them holds the sign itself
            return found
    return [_safe(value) for value in values]


def _pairs(rows: Iterable[tuple[str, object]]) -> Iterable[tuple[str, str]]:
    """Pairs with both sides safe."""
    flat = _safe_all([side for row in rows for side in row])
    return zip(flat[::2], flat[1::2], strict=True)


@register.simple_tag
def metas(rows: Iterable[tuple[str, object]]) -> SafeString:
    """Meta tags from pairs of name and content, one a line."""
    tags = [f'<meta name="{name}" content="{text}">\n' for name, text in _pairs(rows)]
    return SafeString("".join(tags))  # escaped above


@register.simple_tag
def column_metas(column: Any) -> SafeString:
    """The four tags of the page's column (sheet 05 §3); ``column`` is an object or a dictionary."""
    get = column.get if isinstance(column, dict) else lambda name: getattr(column, name, "")
    return _column_metas(get("name"), get("description"), get("keywords"), get("type"))


@lru_cache(maxsize=1024)
def _column_metas(*values: str) -> SafeString:
    # Always escaped: a text that is marked as safe is equal to one that is not, and would be found under it.
    names = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
    tags = [
        f'<meta name="{name}" content="{html_escape(str(text))}">\n'
        for name, text in zip(names, values, strict=True)
    ]
    return SafeString("".join(tags))  # escaped above


@register.simple_tag
def trail(crumbs: Iterable[tuple[str, str]]) -> SafeString:
    """The way back, the home page first; the place itself has no address."""
    steps = [
        f'<li><a href="{url}">{name}</a></li>\n'
        if url
        else f'<li><span aria-current="page">{name}</span></li>\n'
        for name, url in _pairs([("首页", site.address("portal:home")), *crumbs])
    ]
    # Every step was escaped as it was paired.
    return SafeString(f'<nav class="crumbs" aria-label="所在位置"><ol>\n{"".join(steps)}</ol></nav>\n')


@register.filter
def definitions(rows: Iterable[tuple[str, object]]) -> SafeString:
    """The inside of a ``dl`` from pairs of term and description."""
    return SafeString("".join([f"<dt>{term}</dt><dd>{text}</dd>" for term, text in _pairs(rows)]))


@register.filter
def clauses(text: str) -> SafeString:
    """A short text that breaks between its clauses only, where a line of Chinese could break inside a word."""
    pieces = re.split(r"(?<=[，；：])", text)
    return SafeString("".join([f'<span class="keep">{_safe(piece)}</span>' for piece in pieces if piece]))


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月30日（周一）; empty for nothing."""
    if not value:
        return ""
    day = moments.local(value).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def minute(value: datetime | None) -> str:
    """YYYY-MM-DD HH:MM in Shanghai, as the page rules ask."""
    return moments.minute(value)


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
    return SafeString("".join(out))  # every part is escaped above


@register.filter
def title_lines(title: str) -> SafeString:
    """A report's title in pieces that break only between them: 机关2025年 / 政府信息公开工作年度报告."""
    pieces = re.split(r"(?<=年)(?=政府信息公开)|(?<=度)(?=政府信息公开)", title)
    return SafeString("".join(f'<span class="keep">{escape(piece)}</span>' for piece in pieces))
