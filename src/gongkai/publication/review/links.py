"""Links in an item that lead nowhere. Our own are looked up in the database; others are asked only where the setting
``PUBLICATION_CHECK_LINKS`` allows it, a few, briefly, and never an address inside the office's network."""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from wagtail.models import Page

from gongkai.publication.models import Attachment, DisclosurePage
from gongkai.publication.review.scan import Hit, Severity

MAX_ASKED: Final = 20
TIMEOUT: Final = 4
_HREF: Final = re.compile(r'href="([^"]+)"')


def _targets(page: DisclosurePage) -> Iterator[str]:
    for block in page.body:
        if block.block_type == "link" and block.value.get("url"):
            yield block.value["url"]
        elif block.block_type == "text":
            yield from _HREF.findall(block.value.source)


def dead_links(page: DisclosurePage) -> list[Hit]:
    """Hits for links that lead nowhere."""
    hosts = {urlsplit(getattr(settings, "WAGTAILADMIN_BASE_URL", "")).hostname}
    asked, found = 0, []
    for url in dict.fromkeys(_targets(page)):
        parts = urlsplit(url)
        if parts.scheme not in ("", "http", "https"):
            continue
        if not parts.hostname or parts.hostname in hosts:
            dead = not _inside(parts.path)
        else:
            if not settings.PUBLICATION_CHECK_LINKS or asked >= MAX_ASKED:
                continue
            asked += 1
            dead = not _outside(url)
        if dead:
            found.append(Hit("link", "正文链接", url[:200], Severity.WARN, "链接打不开，请更正或者删去。"))
    return found


def _inside(path: str) -> bool:
    if not path.startswith("/"):
        return not path  # a mere anchor
    if path.startswith("/gov/"):
        home = Page.objects.filter(depth=2).values_list("url_path", flat=True).first() or "/"
        return Page.objects.filter(url_path=home.rstrip("/") + path.rstrip("/") + "/", live=True).exists()
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.url_name == "attachment" and "publication" in match.namespaces:
        return Attachment.objects.filter(pk=match.args[0] if match.args else match.kwargs.get("pk")).exists()
    return True


def _outside(url: str) -> bool:
    """Whether a public address answers. The address that was judged is the one that is connected to."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)[0][4][0]
        if not ipaddress.ip_address(address).is_global:
            return True  # not ours to ask
        wire = socket.create_connection((address, port), timeout=TIMEOUT)
        if parts.scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=parts.hostname)
        link = http.client.HTTPConnection(str(parts.hostname), port, timeout=TIMEOUT)
        link.sock = wire
        link.request("HEAD", parts.path or "/", headers={"Host": str(parts.netloc)})
        status = link.getresponse().status
        link.close()
    except (OSError, http.client.HTTPException):
        return False
    return status not in (404, 410)
