"""Every type of public page, found by walking the site: axe, width, text, targets, keyboard, weight, three clicks to everything.

A page is opened once for each mode and looked at for everything that this mode can show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from gongkai.applications.public.views.common import too_often
from gongkai.demo.context import DemoContext
from gongkai.organs.scope import SYSTEM
from gongkai.publication.models import DisclosurePage
from gongkai.reports.yearbook import demo as yearbook
from tests.browser import county as counties
from tests.browser.looking import COLOURS, focus_problems, small_targets, small_text, too_wide, violations
from tests.reports.world import World

pytestmark = pytest.mark.browser

MAX_HTML = 100 * 1024
MAX_FIRST_VIEW = 350 * 1024
#: Bytes of the page, bytes of all that it loaded, uncompressed; the hosts that were asked.
WEIGHT = """() => {
  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return [all[0].decodedBodySize, all.reduce((sum, e) => sum + e.decodedBodySize, 0),
          [...new Set(all.map(e => new URL(e.name).host))]];
}"""
#: Beside what is linked: pages behind a form or a fault.
MORE = (
    "/search/?q=利通区",
    "/search/?q=没有这种东西",
    "/nothing/",
    "/feedback/?path=/reports/ltq/2025/&asked=1",
    "/apply/?q=财政",
    "/reports/compare/?r=ltq.2024&r=ltq.2025",
    "/policies/?q=救助&on=2024-06-01",
    "/organs/?q=没有",
)
#: Formats, and the few words of a keyboard or a standard that have no Chinese.
LATIN = {
    "Excel",
    "Word",
    "JSON",
    "HTML",
    "DOCX",
    "XLSX",
    "Atom",
    "OpenAPI",
    "Markdown",
    "Shift",
    "DCAT",
    "Cookie",
}
ERRORS = ("400", "403", "403_csrf", "413", "500", "503")


@pytest.fixture
def found(world: World) -> dict[str, tuple[int, str]]:
    """The filled county: address → clicks, type."""
    counties.fill(world)
    yearbook.load(DemoContext(actor=SYSTEM, log=lambda text: None))
    return counties.walk()


@pytest.fixture
def pages(found: dict[str, tuple[int, str]]) -> dict[str, str]:
    """Type → address of everything there is to look at."""
    withdrawn = DisclosurePage.objects.filter(withdrawn_at__isnull=False).first()
    assert withdrawn is not None
    one = counties.types_of(found)
    more = {
        "撤回": withdrawn.public_url,
        "明白卡": one["publication/item.html interpretation text"] + "?card=1",
        "分享": f"/share/?p={one['normative:document valid']}",
    }
    return {**one, **more, **{url: url for url in MORE}}


def one_of_each_template(pages: dict[str, str]) -> list[str]:
    """Where only the look changes, the kinds of items that share a template need not all be seen again."""
    return list({kind.split(" ")[0]: url for kind, url in reversed(pages.items())}.values())


def open_page(
    browser: Any, site: str, *, width: int = 1280, scheme: str = "light", care: bool = False, **more: Any
) -> Any:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="zh-CN",
        **more,
    )
    if care:
        context.add_cookies([{"name": "care", "value": "1", "url": site}])
    page = context.new_page()
    for name, text in _faults(care).items():
        page.route(f"**/fault/{name}/", _answer(text))
    return page


def _answer(text: str) -> Callable[[Any], None]:
    return lambda route: route.fulfill(status=500, content_type="text/html; charset=utf-8", body=text)


def _faults(care: bool) -> dict[str, str]:
    """Pages that no address leads to, as the handlers make them."""
    request = RequestFactory().get("/fault/")
    request.COOKIES["care"] = "1" if care else ""
    texts = {name: render_to_string(f"{name}.html", request=request) for name in ERRORS}
    return {**texts, "429": too_often(request).content.decode()}


def wrong_words(page: Any) -> list[str]:
    """Words that are no Chinese: left-over English, None, undefined."""
    text = re.sub(r"\S+@\S+|https?://\S+|[0-9a-f]{16,}|/\S+|\b\S+\.\S+", " ", page.inner_text("body"))
    return sorted(set(re.findall(r"[A-Za-z]{4,}", text)) - LATIN)


def look_at(
    page: Any, site: str, urls: list[str], look: Callable[[Any, Any], list[str]]
) -> dict[str, list[str]]:
    """Open each address once; ``look`` says what is wrong with it."""
    wrong = {}
    for url in [*urls, *(f"/fault/{name}/" for name in (*ERRORS, "429"))]:
        answer = page.goto(site + url)
        if said := look(page, answer):
            wrong[url] = said
    page.context.close()
    return wrong


def on_a_wide_screen(pages: dict[str, str], site: str, browser: Any) -> Any:
    page = open_page(browser, site)
    console: list[str] = []
    page.on("console", lambda m: console.append(m.text) if m.type in ("error", "warning") else None)

    def look(page: Any, answer: Any) -> list[str]:
        html, whole, hosts = page.evaluate(WEIGHT)
        said = violations(page) + too_wide(page, 1280) + small_targets(page) + focus_problems(page)
        if html > MAX_HTML or whole > MAX_FIRST_VIEW:
            said.append(f"网页 {html} 字节，首屏 {whole} 字节")
        if set(hosts) != {urlsplit(site).netloc}:
            said.append(f"请求了 {hosts}")
        if page.locator("h1").count() != 1:
            said.append(f"{page.locator('h1').count()} 个一级标题")
        if "/api/" not in page.url and (words := wrong_words(page)):
            said.append(f"不是中文：{words}")
        return said

    wrong = look_at(page, site, list(pages.values()), look)
    said = [text for text in console if "status of" not in text]
    return {**wrong, "控制台": said} if said else wrong


def on_a_phone(pages: dict[str, str], site: str, browser: Any) -> Any:
    def look(page: Any, answer: Any) -> list[str]:
        page.set_viewport_size({"width": 390, "height": 900})
        said = violations(page) + too_wide(page, 390) + small_targets(page)
        page.set_viewport_size({"width": 320, "height": 900})  # WCAG 1.4.10
        return said + too_wide(page, 320)

    return look_at(open_page(browser, site, width=390), site, list(pages.values()), look)


def in_large_text_on_a_phone_in_the_dark(pages: dict[str, str], site: str, browser: Any) -> Any:
    def look(page: Any, answer: Any) -> list[str]:
        page.set_viewport_size({"width": 390, "height": 900})
        said = violations(page) + too_wide(page, 390) + small_text(page, 18) + small_targets(page)
        page.set_viewport_size({"width": 320, "height": 900})
        return said + too_wide(page, 320)

    page = open_page(browser, site, width=390, scheme="dark", care=True)
    return look_at(page, site, one_of_each_template(pages), look)


def in_large_text_on_a_wide_screen(pages: dict[str, str], site: str, browser: Any) -> Any:
    def look(page: Any, answer: Any) -> list[str]:
        return violations(page, rules=COLOURS) + too_wide(page, 1280) + small_text(page, 18)

    return look_at(open_page(browser, site, care=True), site, one_of_each_template(pages), look)


def in_the_dark(pages: dict[str, str], site: str, browser: Any) -> Any:
    """Colours are what changes: contrast and nothing else."""
    page = open_page(browser, site, scheme="dark")
    return look_at(page, site, one_of_each_template(pages), lambda page, _: violations(page, rules=COLOURS))


def titles_that_do_not_tell_pages_apart(pages: dict[str, str], *_: Any) -> Any:
    """Whoever has ten tabs open, or hears the title only, knows which page it is."""
    titles: dict[str, list[str]] = {}
    for url in set(pages.values()):
        found = re.search(r"<title>(.*?)</title>", Client().get(url).content.decode(), re.DOTALL)
        titles.setdefault(found[1] if found else "（没有标题）", []).append(url)
    return {title: urls for title, urls in titles.items() if len(urls) > 1}


LOOKS = (
    on_a_wide_screen,
    on_a_phone,
    in_large_text_on_a_phone_in_the_dark,
    in_large_text_on_a_wide_screen,
    in_the_dark,
    titles_that_do_not_tell_pages_apart,
)


def test_every_type_of_page_is_right_in_every_look(
    found: dict[str, tuple[int, str]], pages: dict[str, str], site: str, browser: Any
) -> None:
    """One filled county for all of them: to fill it takes longer than to look."""
    assert len(pages) > 60
    wrong = {look.__name__: look(pages, site, browser) for look in LOOKS}
    # Further pages of a list, and older states of a document, are not counted: they are the same page again.
    wrong["further_than_three_clicks"] = {
        url: clicks for url, (clicks, _) in found.items() if clicks > 3 and "?" not in url
    }
    assert {look: said for look, said in wrong.items() if said} == {}
