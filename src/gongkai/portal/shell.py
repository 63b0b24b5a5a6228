"""What stands around every page, made once for all readers to whom it is the same.

Head, header and footer are one Django template (``portal/base.html``), which most pages extend. What it shows depends on
the site, the day, the large-text mode and the place in the navigation: for each of these it is made once, with marks
where a page puts its own, and cut there. The most read pages (``portal.typesetting``) stand between the pieces.
"""

from __future__ import annotations

import re
import secrets
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString

from gongkai.organs import moments
from gongkai.organs.addresses import prefix
from gongkai.portal import site

#: The places of a page's own, in the order in which they come.
PLACES = ("title", "meta", "styles", "about_head", "crumbs", "messages", "main", "about_foot")
#: Letters and digits only, which what escapes and quotes leaves as they are; drawn anew at each start, so that no text of
#: the site's own can hold a mark.
_DRAWN = secrets.token_hex(8)
_MARKS = {place: f"x{_DRAWN}x{place}xENDx" for place in PLACES}
_MARK = re.compile(f"x{_DRAWN}x([a-z_]+)xENDx")
#: Where the switch of the large-text mode leads back to.
_HERE = f"x{_DRAWN}HERE"


@lru_cache(maxsize=64)
def _pieces(
    mount: str, found: site.Site, today: date, care: bool, static: bool, path: str
) -> tuple[SafeString, ...]:
    """The shell cut at its marks, one piece more than places. Raises RuntimeError where the template lost a place."""
    asked = SimpleNamespace(
        path=path, method="GET", COOKIES={site.CARE_COOKIE: "1"} if care else {}, GET={}, resolver_match=None,
        gongkai_static=static, get_full_path=lambda: _HERE,
    )  # fmt: skip
    made = (
        get_template("portal/shell.html").render({"request": asked, "marks": _MARKS}).replace(_HERE, "\x00")
    )
    cut = _MARK.split(made)
    if tuple(cut[1::2]) != PLACES:
        raise RuntimeError("portal/base.html has no place for something that a page brings.")
    return tuple(map(SafeString, cut[::2]))


def shell(request: HttpRequest) -> list[SafeString]:
    """The pieces between which ``PLACES`` come, for this reader and this address."""
    make = _pieces.__wrapped__ if settings.DEBUG else _pieces
    care = request.COOKIES.get(site.CARE_COOKIE) == "1"
    static = bool(getattr(request, "gongkai_static", False))
    pieces = make(prefix(), site.site(), moments.today(), care, static, site.place(request.path))
    here = quote(site.here(request), safe="/")
    return [SafeString(piece.replace("\x00", here)) if "\x00" in piece else piece for piece in pieces]


def messages(request: HttpRequest) -> SafeString | str:
    """The messages that wait for the reader; only who was here before has any."""
    if not request.COOKIES:
        return ""
    waiting: Any = get_messages(request)
    return get_template("portal/parts/messages.html").render({"messages": waiting})


__all__ = ["PLACES", "messages", "shell"]
