"""Which addresses become files, and which ones stay with the living application. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

#: What only the application can answer: forms, searches, whatever depends on who asks.
LIVING = (
    "/apply/", "/search/", "/desk/", "/care/", "/reports/verify/", "/reports/compare/", "/policies/compare/",
    "/api/", "/feeds/search.", "/healthz", "/disclosure/number/", "/errors/", "/feedback/", "/documents/", "/_util/", "/oai",
)  # fmt: skip
STATIC = "/static/"
_PAGE = re.compile(r"^[1-9]\d{0,5}$")
#: No name of a file of ours has these; all else (Chinese marks, blanks) is a name like any other.
_PARTS = re.compile(r"""^[^\x00-\x1f\x7f\\?#<>&"'*|]+$""")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the site: its path, and the page of a list that it asks for (1 where it asks for none)."""

    path: str
    page: int = 1

    @property
    def url(self) -> str:
        """What the application is asked for."""
        return self.path if self.page == 1 else f"{self.path}?page={self.page}"

    @property
    def file(self) -> str:
        """Where an HTML page lies in the export: ``/x/`` at ``x/index.html``, its third page at ``x/page-3.html``."""
        path = unquote(self.path).lstrip("/")
        if path and not path.endswith("/"):
            return path
        return f"{path}index.html" if self.page == 1 else f"{path}page-{self.page}.html"

    @property
    def href(self) -> str:
        """How exported pages link to it."""
        if self.page == 1 or not self.path.endswith("/"):
            return self.path
        return f"{self.path}page-{self.page}.html"


def living(path: str, prefix: str = "/desk/") -> bool:
    """Whether only the application can answer ``path``."""
    return path.startswith(prefix) or any(path.startswith(start) for start in LIVING)


def exportable(link: str, base: str = "/") -> Address | None:
    """The address behind a link of a page, None for another site, a part of the page, or the living application.

    A list narrowed by a query (facets, dates) stays with the application; its plain pages become files.
    """
    link = link.strip()
    if not link or link.startswith(("#", "mailto:", "tel:", "data:", "javascript:", "//")):
        return None
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = parts.path or base
    if not path.startswith("/") or living(path) or not _safe(path):
        return None
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not query:
        return Address(path)
    if len(query) == 1 and query[0][0] == "page" and _PAGE.match(query[0][1]) and path.endswith("/"):
        return Address(path, int(query[0][1]))
    return None


def _safe(path: str) -> bool:
    """No way out of the folder, nothing hidden: the path becomes a file name."""
    parts = unquote(path).split("/")
    return all(not part or (_PARTS.match(part) and not part.startswith(".")) for part in parts)
