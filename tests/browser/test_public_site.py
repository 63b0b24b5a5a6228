"""The public site in a real browser: checking a report, by keyboard, with and without script; print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gongkai.annualreport.values import Kind, Value
from gongkai.annualreport.writers import write
from gongkai.demo import figures
from tests.browser.looking import violations

pytestmark = pytest.mark.browser

PAGES = {
    "首页": "/", "搜索": "/search/?q=利通区", "搜索无果": "/search/?q=没有", "机构": "/organs/", "机构页": "/organs/ltq/",
    "联系方式": "/contact/", "找错": "/errors/", "无障碍": "/accessibility/", "网站地图": "/sitemap/", "年报列表": "/reports/",
    "年报": "/reports/ltq/2025/", "核验": "/reports/verify/", "比较": "/reports/compare/?r=ltq.2024&r=ltq.2025", "历年": "/reports/ltq/", "网站年度报表": "/reports/website/",
    "出错": "/nothing/",
}  # fmt: skip
WIDTHS = (1280, 390)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    report = figures.get("XG25")
    report.values["t3.granted.natural"] = Value(Kind.NUMBER, 999, "999")
    path = tmp_path / "错误年报.docx"
    path.write_bytes(write(report, "docx"))
    return path


def check(page: Any, file: Path) -> None:
    page.set_input_files("#v-report", str(file))
    page.click("[data-submit]")
    page.wait_for_selector(".result")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("care", [False, True])
def test_the_result_passes_axe(site: str, browser: Any, wrong: Path, width: int, care: bool) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    if care:
        page.goto(site + "/care/on/?next=/")
    page.goto(site + "/reports/verify/")
    check(page, wrong)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_with_script_the_result_appears_in_place_and_marks_lead_both_ways(
    site: str, browser: Any, wrong: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/reports/verify/")
    page.evaluate("window.stillHere = true")
    check(page, wrong)
    assert page.evaluate("window.stillHere") is True
    assert page.evaluate("document.activeElement.id") == "answer"
    mark = page.locator("#cell-t3-granted-natural .gk-mark")
    mark.click()
    shown = page.locator(".finding.is-shown")
    assert shown.count() == 1
    shown.locator("a[href='#cell-t3-granted-natural']").first.click()
    assert "is-shown" in page.locator("#cell-t3-granted-natural").get_attribute("class")
    assert page.url.endswith("/reports/verify/")
    context.close()


def test_a_dropped_file_is_checked(site: str, browser: Any, wrong: Path) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/reports/verify/")
    content = write(figures.get("LT25"), "html").decode()
    transfer = page.evaluate_handle(
        "(text) => { const d = new DataTransfer(); d.items.add(new File([text], '年报.html', {type: 'text/html'})); return d; }",
        content,
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(".result")
    assert "利通区人民政府2025年" in page.inner_text("#answer")
    context.close()


def test_a_lost_connection_is_said_and_the_file_is_still_there(site: str, browser: Any, wrong: Path) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/reports/verify/")
    page.set_input_files("#v-report", str(wrong))
    context.set_offline(True)
    page.click("[data-submit]")
    page.wait_for_function("document.querySelector('[data-status]').textContent.includes('没有送达')")
    context.set_offline(False)
    page.click("[data-submit]")
    page.wait_for_selector(".result")
    context.close()


def test_without_script_everything_works(site: str, browser: Any, wrong: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.goto(site + "/")
    page.fill("#q", "利通区 2025")
    page.press("#q", "Enter")
    page.click("text=利通区人民政府2025年政府信息公开工作年度报告")
    assert page.locator("table.gk-table").count() == 3
    assert page.locator("figure.chart svg .bar").count() > 4
    page.goto(site + "/reports/verify/")
    check(page, wrong)
    assert page.locator("#cell-t3-granted-natural.gk-error").count() == 1
    with page.expect_download() as download:
        page.click("button[value='findings.xlsx']")
    assert download.value.suggested_filename.endswith(".xlsx")
    page.click("button[value='keep']")
    page.wait_for_selector(".kept-address")
    page.click("text=立即删除")
    assert "已删除" in page.inner_text("#verify")
    context.close()


def test_the_checking_page_by_keyboard_alone(site: str, browser: Any, wrong: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/reports/verify/")
    walked = []
    for _ in range(40):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return {what: e.id || e.name || e.textContent.trim().slice(0, 12), ring: parseFloat(s.outlineWidth),
                    style: s.outlineStyle, height: e.getBoundingClientRect().height}; }"""
        )
        walked.append(here)
        if here["what"] == "核验":
            break
    names = [step["what"] for step in walked]
    assert names[0] == "跳到正文"
    assert names.index("v-report") < names.index("核验")
    assert all(step["ring"] >= 3 and step["style"] != "none" for step in walked), walked
    page.set_input_files("#v-report", str(wrong))
    page.focus("[data-submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".result")
    # From the answer's heading the first finding's link is a few steps away and works with Enter.
    for _ in range(12):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.getAttribute('href')") or "").startswith("#cell-"):
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.cell")
    context.close()


def test_large_text_is_large_and_nothing_is_lost(site: str, browser: Any) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 900}, java_script_enabled=False, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(site + "/reports/ltq/2025/")
    page.click("text=关怀版")
    assert page.url == site + "/reports/ltq/2025/"
    size = page.locator(".doc-section p").first.evaluate("e => getComputedStyle(e).fontSize")
    assert size == "24px"
    assert page.locator("td[data-cell]").count() == 200
    for name, path in PAGES.items():
        page.goto(site + path)
        wide = page.locator("html").evaluate("e => e.scrollWidth")
        assert wide <= 390, f"{name} 横向溢出"
    context.close()


def test_targets_are_large_enough_on_a_phone(site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, locale="zh-CN")
    page = context.new_page()
    small = {}
    for name, path in PAGES.items():
        page.goto(site + path)
        heights = page.evaluate(
            "() => [...document.querySelectorAll('button, .btn, summary, .site-nav a, .util a, .side li a, .foot-links a')]"
            ".map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(([, h]) => h && h < 43.5)"
        )
        if heights:
            small[name] = heights
    context.close()
    assert small == {}


@pytest.mark.parametrize("width", [390, 900])
def test_labels_stay_beside_the_figures_while_table_three_scrolls(
    site: str, browser: Any, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/reports/ltq/2025/")
    edges = page.evaluate(
        """() => { const t = document.querySelector('.gk-t3'); t.closest('.gk-scroll').scrollLeft = 120;
        const first = t.querySelector('th[rowspan="22"]').getBoundingClientRect();
        const second = t.querySelector('th[rowspan="8"]').getBoundingClientRect();
        const third = t.querySelector('#cell-t3-refused_law-natural').parentElement.querySelector('th').getBoundingClientRect();
        return [first.right - second.left, second.right - third.left, third.right]; }"""
    )
    assert edges[0] <= 1.5  # no label lies over its neighbour
    assert edges[1] <= 1.5
    assert edges[2] < width * 0.62  # and the figures have room
    context.close()


@pytest.mark.parametrize("care", [False, True])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_words_of_the_chart_are_legible_and_whole(
    site: str, browser: Any, width: int, care: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    if care:
        page.goto(site + "/care/on/?next=/")
    page.goto(site + "/reports/ltq/2025/")
    words = page.evaluate(
        """() => { const frame = document.querySelector('.chart').getBoundingClientRect();
        return [...document.querySelectorAll('.drawn .axis, .drawn .value')].map(e => { const r = document.createRange();
        r.selectNodeContents(e); const b = r.getBoundingClientRect();
        return [parseFloat(getComputedStyle(e).fontSize), b.left - frame.left, frame.right - b.right]; }); }"""
    )
    assert len(words) == 21
    least, most = (18, 30) if care else (12, 20)
    assert all(least <= size <= most and left >= 0 and right >= 0 for size, left, right in words), words
    assert page.locator(".drawn").get_attribute("aria-label").startswith("申请与办理结果")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_interactive_chart_comes_when_asked(site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.goto(site + "/reports/ltq/2025/")
    assert page.evaluate("typeof window.echarts") == "undefined"
    page.click("text=打开可互动的图表")
    page.wait_for_selector(".echart canvas")
    context.close()
    assert problems == []


def test_the_printed_report_leaves_the_frame_away(site: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(site + "/reports/ltq/2025/")
    page.emulate_media(media="print")
    for selector in (".util", ".site-nav", ".side", ".search"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("table.gk-t3").is_visible()
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_workbench_passes_axe_and_a_corner_opens_its_finding(
    site: str, world: Any, browser: Any, width: int
) -> None:
    from django.test import Client

    client = Client()
    client.force_login(world.director, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"].value
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/desk/annual-reports/workbench/{world.reports['LT25'].pk}/")
    assert violations(page, "'.wb'") == []
    page.locator("#cell-t2-normative-valid .gk-mark").click()
    card = page.locator(".finding.is-shown")
    assert card.count() == 1
    card.locator("summary", has_text="处理").first.click()
    card.locator("input[value=dismissed]").check()
    card.locator("textarea").fill("另有清理目录六件，见第一部分")
    card.locator("button").click()
    page.wait_for_selector(".is-settled")
    assert "另有清理目录六件" in page.inner_text(".is-settled")
    context.close()
