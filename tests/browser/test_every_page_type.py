"""Every type of public page, found by walking the site: axe, width, and three clicks to everything."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from gongkai.publication import services
from gongkai.publication.testing import make_column, make_item
from tests.reports.world import World

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Beside what is linked: pages behind a form or a fault.
MORE = (
    "/search/?q=利通区",
    "/search/?q=没有这种东西",
    "/nothing/",
    "/feedback/?path=/reports/ltq/2025/&asked=1",
)


def links_of(page: str) -> list[str]:
    """Internal links of a page, without fragments."""
    found = (unescape(link).split("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', page))
    return [link for link in found if not link.startswith(("/desk/", "/care/"))]


def walk() -> dict[str, int]:
    """Address → clicks from the home page, of every HTML page there is."""
    client, depth, todo = Client(), {"/": 0}, ["/"]
    shown: dict[str, int] = {}
    for url in todo:
        response = client.get(url)
        kind = response.get("Content-Type", "")
        if response.status_code != 200 or "text/html" not in kind or "Content-Disposition" in response:
            continue
        shown[url] = depth[url]
        for link in links_of(response.content.decode()):
            if link not in depth:
                depth[link] = depth[url] + 1
                todo.append(link)
    return shown


def types_of(urls: dict[str, int]) -> list[str]:
    """One address of each type: of each view, and of each template of the tree of pages."""
    one: dict[str, str] = {}
    client = Client()
    for url in urls:
        name = resolve(urlsplit(url).path).view_name
        if name in ("wagtail_serve", "portal:item"):
            name = client.get(url).templates[0].name or name
        one.setdefault(name, url)
    return sorted(one.values())


@pytest.fixture
def county(world: World) -> list[str]:
    """The small county with a section, a column and items; one address of each page type."""
    services.sync_sections()
    column = make_column(world.ltq, code="gzdt")
    make_item(column, title="关于公布招生安排的通知", body=[("text", "<h2>一、时间</h2><p>五月一日起。</p>")])
    return [*types_of(walk()), *MORE]


def open_page(
    browser: Any, site: str, *, width: int = 1280, scheme: str = "light", care: bool = False
) -> Any:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
    )
    if care:
        context.add_cookies([{"name": "care", "value": "1", "url": site}])
    return context.new_page()


@pytest.mark.parametrize(
    ("width", "scheme", "care"),
    [
        (1280, "light", False),
        (390, "light", False),
        (1280, "dark", False),
        (390, "dark", True),
        (1280, "light", True),
    ],
)
def test_every_type_passes_axe(
    county: list[str], site: str, browser: Any, width: int, scheme: str, care: bool
) -> None:
    page = open_page(browser, site, width=width, scheme=scheme, care=care)
    wrong: dict[str, list[str]] = {}
    for url in county:
        page.goto(site + url)
        page.evaluate(AXE)
        found = page.evaluate(
            "async (tags) => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']})).violations",
            RULES,
        )
        said = [f"{v['id']}: {v['nodes'][0]['html'][:140]} ({len(v['nodes'])})" for v in found]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            said.append(f"宽 {wide}")
        if said:
            wrong[url] = said
    page.context.close()
    assert wrong == {}


def test_everything_lies_within_three_clicks(county: list[str]) -> None:
    """Further pages of a list, and older states of a document, are not counted: they are the same page again."""
    far = {url: clicks for url, clicks in walk().items() if clicks > 3 and "?" not in url}
    assert far == {}
