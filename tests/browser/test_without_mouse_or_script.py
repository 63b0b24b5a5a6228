"""The public pages by keyboard alone, without script, and on paper."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.normative.models import Document
from gongkai.normative.testing import make_document
from gongkai.portal.models import PageFeedback
from gongkai.publication.models import DisclosurePage
from gongkai.publication.testing import make_catalogue_item, make_column, make_item
from tests.reports.world import World

pytestmark = pytest.mark.browser

#: What Tab stops at, in the order of the document; a group of radio buttons is one stop.
STOPS = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const groups = new Set();
  return [...document.querySelectorAll(wanted)].filter(e => {
    if (e.tabIndex < 0 || e.disabled || !e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    const first = !groups.has(e.name);
    groups.add(e.name);
    return first;
  }).map((e, n) => { e.dataset.stop = e.type === 'radio' ? e.name : String(n); return e.dataset.stop; });
}"""
HERE = (
    "() => { const e = document.activeElement; return e.type === 'radio' ? e.name : e.dataset.stop || ''; }"
)


@pytest.fixture
def item(world: World) -> str:
    make_document(world.ltq, number="利政规发〔2026〕1号")
    column = make_column(world.ltq, code="gzdt")
    return make_item(column, title="关于停水检修的通知").public_url


def test_tab_goes_through_the_page_in_its_order_and_out_again(item: str, site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    for path in ("/", item, "/policies/", "/reports/ltq/2025/", "/search/?q=利通区", "/apply/ltq-czj/"):
        page.goto(site + path)
        stops = page.evaluate(STOPS)
        walked: list[str] = []
        for _ in range(len(stops) + 12):  # a field for a date has several stops of its own
            page.keyboard.press("Tab")
            here = page.evaluate(HERE)
            if walked and here in ("", stops[0]):  # out of the document, not round and round inside it
                break
            if here not in walked[-1:]:
                walked.append(here)
        assert walked == stops, path
    context.close()


def test_the_first_stop_leads_to_the_text(item: str, site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 700}, locale="zh-CN")
    page = context.new_page()
    page.goto(site + item)
    page.keyboard.press("Tab")
    assert page.locator(".skip").is_visible()
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    context.close()


@pytest.mark.parametrize(
    ("path", "field", "words", "landed"),
    [
        ("/", "#q", "救助", "/search/?q="),
        ("/policies/", "#f-q", "救助", "/policies/?q="),
        ("/organs/", "#f-q", "财政", "/organs/?q="),
        ("/disclosure/catalogue/", "#word", "低保", "/disclosure/catalogue/?"),
        ("/apply/", "#q", "财政", "/apply/?q="),
        ("/reports/", "#f-q", "利通区", "/reports/?"),
    ],
)
def test_enter_sends_a_form_without_script(
    item: str, site: str, browser: Any, path: str, field: str, words: str, landed: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(site + path)
    page.fill(field, words)
    page.press(field, "Enter")
    page.wait_for_url(f"**{landed}**")
    assert page.input_value(field) == words
    context.close()


def test_choices_and_opinions_need_no_script(item: str, site: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/policies/")
    page.select_option("#f-validity", "in_force")
    page.click(".pol-row button")
    assert "validity=in_force" in page.url
    assert page.locator(".pol-list li").count() == 1
    page.click("text=清除条件")
    assert page.input_value("#f-validity") == ""
    page.goto(site + item)
    page.click("text=没有用")
    page.check("[name=reason][value=unclear]")
    page.click(".feedback-why button")
    assert "谢谢" in page.inner_text("h1")
    page.click("text=回到原页")
    assert page.url == site + item
    row = PageFeedback.objects.get()
    assert (row.unhelpful, row.unclear) == (1, 1)
    context.close()


def test_paper_takes_the_text_and_leaves_the_frame(item: str, site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.emulate_media(media="print")
    for path in (item, f"/policies/{Document.objects.get().pk}/"):
        page.goto(site + path)
        for selector in (".util", ".site-nav", ".crumbs", ".search", ".side ul", ".page-foot", ".jump"):
            assert not any(e.is_visible() for e in page.locator(selector).all()), (path, selector)
        assert page.locator("article h1").is_visible()
        assert page.get_by_text("索引号", exact=True).first.is_visible(), path
    # The stamp is as wide as its word.
    stamp = page.locator(".pol-stamp").bounding_box()
    assert stamp["width"] < 120
    context.close()


def test_the_standard_catalogue_fits_a_sheet_on_its_side(item: str, site: str, browser: Any) -> None:
    organ = DisclosurePage.objects.first().organ
    make_catalogue_item(organ)
    # A4 on its side between its margins, in pixels of paper.
    context = browser.new_context(viewport={"width": 1031, "height": 702}, locale="zh-CN")
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{site}/disclosure/catalogue/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1031
    last = page.locator("table.catalogue th[scope=col]").last.bounding_box()
    assert last["x"] + last["width"] <= 1031
    assert page.evaluate("getComputedStyle(document.body).page") == "wide"
    context.close()
