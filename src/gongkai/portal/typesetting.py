"""The engine of the most read pages: Jinja2, which makes Python of a template once instead of walking it each time.

An item and a document are read a thousand times for every other page; in Django's own engine the walk through their
templates took most of the time in which they are made. Their templates lie in ``jinja2/`` of their app and extend
``portal/page.html``; all that stands around them is the Django template of all pages (``portal.shell``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat, linebreaks_filter, linebreaksbr, truncatechars
from django.templatetags.static import static
from django.utils.safestring import SafeString
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from wagtail.rich_text import RichText, expand_db_html

from gongkai.organs import moments
from gongkai.organs.words import word_of
from gongkai.portal import about as abouts
from gongkai.portal import shell, site
from gongkai.portal.templatetags import portal as tags


@pass_context
def _about(context: Context) -> abouts.About | None:
    return abouts.about(context, context.get("request"))


def _about_head(found: abouts.About | None, request: HttpRequest) -> SafeString:
    return abouts.head(request, site.site(), found)


@cache
def _static(path: str) -> str:
    """The address of a file of the site: it changes with a release only."""
    return static(path)


def rich(value: RichText) -> SafeString:
    """A text block as it is shown, without the template that Wagtail puts around nothing."""
    return SafeString(expand_db_html(value.source))


def day(value: date | datetime | None) -> str:
    """YYYY-MM-DD; empty for nothing."""
    return value.isoformat()[:10] if value else ""


def moment(value: datetime | None) -> str:
    """The time in Shanghai as machines read it (ISO 8601); empty for nothing."""
    return moments.local(value).isoformat() if value else ""


def cn_day(value: date | None) -> str:
    """2026年1月2日; empty for nothing."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


#: What one thing is made into; a filter is found as the template is read, a function of the context again at each use.
FILTERS: dict[str, Callable[..., Any]] = {
    "minute": tags.minute, "cn_date": tags.cn_date, "day": day, "cn_day": cn_day, "moment": moment, "definitions": tags.definitions,
    "column_metas": tags.column_metas, "metas": tags.metas, "trail": tags.trail, "shell": shell.shell, "messages": shell.messages,
    "about_head": _about_head, "about_foot": abouts.foot, "static": _static, "rich": rich, "short": truncatechars,
    "filesize": filesizeformat, "linebreaks": linebreaks_filter, "linebreaksbr": linebreaksbr,
}  # fmt: skip
GLOBALS: dict[str, Any] = {
    "about": _about, "once": tags.once, "address": site.address, "word_of": word_of,
}  # fmt: skip


def environment(**options: Any) -> Environment:
    """The engine with the tags and filters of the public pages, by the same functions as in Django's."""
    made = Environment(**options)  # noqa: S701 - Django turns autoescape on
    made.trim_blocks = made.lstrip_blocks = True
    made.filters.update(FILTERS)
    made.globals.update(GLOBALS)
    return made


__all__ = ["environment"]
