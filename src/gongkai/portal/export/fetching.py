"""Asking the application for its own pages, without a server, and finding the links in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from selectolax.lexbor import LexborHTMLParser

from gongkai.portal.export.addresses import STATIC, Address

_CSS_URL = re.compile(rb"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_NAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)")
_ATTRIBUTES = (
    ("a", "href"),
    ("link", "href"),
    ("img", "src"),
    ("script", "src"),
    ("source", "src"),
    ("video", "src"),
    ("track", "src"),
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer of the application."""

    status: int
    kind: str
    body: bytes
    filename: str = ""
    location: str = ""

    @property
    def html(self) -> bool:
        return self.kind.startswith("text/html")


class Application:
    """The application, asked as a visitor without cookies would ask it."""

    def __init__(self, base: str) -> None:
        self.parts = urlsplit(base)
        self.handler = WSGIHandler()
        self.factory = RequestFactory(
            SERVER_NAME=self.parts.hostname or "localhost", SERVER_PORT=str(self._port())
        )

    def _port(self) -> int:
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)

    def get(self, address: Address) -> Fetched:
        """The answer at ``address``."""
        if address.path.startswith(STATIC):
            return _static(address.path)
        request = self.factory.get(address.url, secure=self.parts.scheme == "https")
        request.gongkai_static = True  # type: ignore[attr-defined]
        response = self.handler.get_response(request)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        # Not response.close(): that says the request is over and may close the database in the middle of the work.
        if (file := getattr(response, "file_to_stream", None)) is not None:
            file.close()
        name = _NAME.search(response.get("Content-Disposition", ""))
        return Fetched(
            response.status_code, response.get("Content-Type", ""), body, unquote(name.group(1)) if name else "",
            response.get("Location", ""),
        )  # fmt: skip


def _static(path: str) -> Fetched:
    """A static file from where it was collected, or from the sources where nothing was collected yet."""
    name = path.removeprefix(settings.STATIC_URL)
    try:
        with staticfiles_storage.open(name) as file:
            return Fetched(200, "", file.read())
    except (FileNotFoundError, ValueError):
        found = finders.find(name)
        if not isinstance(found, str):
            return Fetched(404, "", b"")
        with open(found, "rb") as file:
            return Fetched(200, "", file.read())


def links_of(body: bytes, kind: str, path: str) -> list[str]:
    """The links in a page or style sheet, as they are written (those of a style sheet made absolute)."""
    if kind.startswith("text/html"):
        tree = LexborHTMLParser(body.decode("utf-8"))
        return [
            value
            for tag, attribute in _ATTRIBUTES
            for node in tree.css(f"{tag}[{attribute}]")
            if (value := node.attributes.get(attribute))
            if not (tag == "link" and node.attributes.get("rel") in ("search", "canonical"))
        ]
    if path.endswith(".css"):
        return [
            urljoin(path, link.decode()) for link in _CSS_URL.findall(body) if not link.startswith(b"data:")
        ]
    return []
