"""The search in a real browser: accessibility at both widths and in the dark, offers by keyboard, and without script."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.search import indexing, vocabulary
from gongkai.search.projection import Entry
from tests.browser.looking import violations

pytestmark = pytest.mark.browser
MAX_HTML = 100_000


@pytest.fixture
def decades(site: str) -> str:
    days = [date(1990 + year, 3, 1) for year in range(30)]
    indexing.put(
        [
            Entry(key=f"t:{day.year}", kind="policy", title=f"{day.year}年停水公告", url="/", day=day)
            for day in days
        ]
    )
    return site


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_more_values_of_a_facet_by_keyboard_and_without_script(
    decades: str, browser: Any, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    answer = page.goto(f"{decades}/search/?q=停水公告")
    assert len(answer.body()) < MAX_HTML
    old = page.locator(".facet a", has_text="1990 年")
    assert old.is_hidden()
    page.locator(".facet-more > summary").focus()
    page.keyboard.press("Enter")
    assert old.is_visible()
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{decades}/search/?q=停水公告")
    page.locator(".facet-more > summary").click()
    page.locator(".facet a", has_text="1990 年").click()
    assert "找到 1 条" in page.locator(".found").inner_text()
    chosen = page.locator(".facet a[aria-current=true]")
    assert chosen.is_visible()
    assert page.locator(".follow a").first.get_attribute("href").endswith("&year=1990")
    context.close()


@pytest.fixture
def county(site: str) -> str:
    organ = Organ.objects.filter(kind="government").order_by("path").first()
    assert organ is not None
    for number in range(12):
        year = 2024 + number % 2
        make_document(
            organ, f"第{number}份", issued=date(year, 3, 1), number=f"测政规发〔{year}〕{number + 1}号"
        )
    vocabulary.learn()
    return site


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_results_and_no_results_pass_axe(county: str, browser: Any, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    for q in ("临时救助", "地窖氡气", "20261103ABCDEF", ""):
        answer = page.goto(f"{county}/search/?q={q}")
        assert answer.status == 200
        assert len(answer.body()) < MAX_HTML
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()


def test_offers_are_chosen_by_keyboard(county: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{county}/search/")
    page.locator("#q").press_sequentially("linshi")
    page.wait_for_selector("#offers li")
    page.keyboard.press("ArrowDown")
    first = page.locator("#offers li[aria-selected=true]")
    assert page.locator("#q").get_attribute("aria-activedescendant") == first.get_attribute("id")
    page.keyboard.press("Escape")
    assert page.locator("#offers").is_hidden()
    assert page.locator("#q").input_value() == "linshi"
    page.locator("#q").press_sequentially("j")
    page.wait_for_selector("#offers li")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#offers li[aria-selected=true]").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#q").input_value() == chosen
    assert page.locator(".hit, .answer").count() == 10
    page.close()


@pytest.mark.parametrize("care", [False, True])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_box_of_every_page_offers_words_and_nothing_of_them_is_cut_off(
    county: str, browser: Any, width: int, care: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    if care:
        page.goto(f"{county}/care/on/?next=/")
    page.goto(f"{county}/organs/")
    page.locator("#q-head").press_sequentially("linshi")
    page.wait_for_selector("#offers li")
    assert page.locator("#q-head").get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    box = page.locator("#offers").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    # Nothing of the page lies over the last of them.
    over = "(r => document.elementFromPoint(r.left + 9, r.bottom - 9).closest('#offers') !== null)"
    assert page.evaluate(f"{over}(document.querySelector('#offers').getBoundingClientRect())")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/search/?q=" in page.url
    context.close()


def test_everything_works_without_script(county: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{county}/search/")
    page.fill("#q", "linshijiuzhu")
    page.press("#q", "Enter")
    assert "临时救助" in page.locator(".found").inner_text()
    page.locator(".to-filters a").click()
    assert page.url.endswith("#filters")
    page.locator(".facet a").first.click()
    assert page.locator(".facet a[aria-current=true]").count() == 1
    context.close()
