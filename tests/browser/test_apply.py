"""Applying in a real browser: accessibility at both widths, by keyboard alone, without script, nothing lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gongkai.applications.models import Application
from tests.applications.public_world import ID, PDF
from tests.browser.looking import MAX_WEIGHT, small_text, violations

pytestmark = pytest.mark.browser

PAGES = ("/apply/", "/apply/?q=财政", "/apply/guide/", "/apply/privacy/", "/apply/track/", "/apply/ltq-czj/")
SMALL_TARGETS = """() => [...document.querySelectorAll('main a.btn, main button, main input:not([type=hidden]), main select, main summary, main label.check')]
  .filter(e => e.offsetParent && !e.closest('.trap') && !e.matches('.visually-hidden, .check input') && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 120))"""


def context_of(browser: Any, width: int, **more: Any) -> Any:
    return browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **more)


def fill(page: Any) -> None:
    page.fill("[name=description]", "2025年度部门预算")
    page.check("[name=form_wanted][value=电子文件]")
    page.check("[name=route_wanted][value=在本网站下载]")
    page.check("[name=kind][value=natural]")
    page.fill("[name=name]", "王小明")
    page.fill("[name=identity_number]", ID)
    page.fill("[name=phone]", "13800000000")


def file_it(page: Any, site: str) -> None:
    page.goto(site + "/apply/ltq-czj/")
    fill(page)
    page.wait_for_timeout(3500)  # a person takes longer than the three seconds
    page.click("button.btn-main[value=submit]")
    page.wait_for_selector("#query-code")


@pytest.mark.parametrize(
    ("width", "care", "scheme"),
    [(1280, False, "light"), (390, False, "light"), (390, True, "light"), (1280, False, "dark")],
)
def test_every_page_passes_axe(site: str, browser: Any, width: int, care: bool, scheme: str) -> None:
    context = context_of(browser, width, color_scheme=scheme)
    page = context.new_page()
    if care:
        page.goto(site + "/care/on/?next=/")
    found: dict[str, Any] = {}

    def look(name: str) -> None:
        if problems := violations(page):
            found[name] = problems
        if small := page.evaluate(SMALL_TARGETS):
            found[f"{name} 太小"] = small
        if care and (little := small_text(page, 18)):
            found[f"{name} 字小"] = little
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} 横向溢出"

    for path in PAGES:
        page.goto(site + path)
        look(path)
    page.goto(site + "/apply/ltq-czj/")
    page.check("[name=kind][value=business]")
    page.click("button.btn-main[value=submit]")
    page.wait_for_selector("#problems")
    assert page.evaluate("document.activeElement.id") == "problems"
    look("错误")
    file_it(page, site)
    look("回执")
    page.goto(site + "/apply/mine/1/")
    look("进度")
    for name in ("withdraw", "contact"):
        page.goto(f"{site}/apply/mine/1/{name}/")
        look(name)
    page.goto(site + "/apply/mine/")
    look("我的申请")
    context.close()
    assert found == {}


def test_the_form_is_completed_by_keyboard_alone(site: str, browser: Any) -> None:
    context = context_of(browser, 1280)
    page = context.new_page()
    page.goto(site + "/apply/ltq-czj/")

    def to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if name in page.evaluate("[document.activeElement.name, document.activeElement.textContent]"):
                ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring != "none"
                return
        raise AssertionError(f"Tab 走不到 {name}")

    for name, typed in (
        ("description", "2025年度部门预算"),
        ("form_wanted", " "),
        ("route_wanted", "ArrowDown"),
    ):
        to(name)
        page.keyboard.press(typed) if typed in (" ", "ArrowDown") else page.keyboard.insert_text(typed)
    for name, typed in (("name", "王小明"), ("identity_number", ID), ("phone", "13800000000"), ("address", "某街 1 号"),
                        ("email", "w@example.cn")):  # fmt: skip
        if name == "address":
            continue
        to(name)
        page.keyboard.insert_text(typed)
    page.wait_for_timeout(2500)
    to("address")
    page.keyboard.insert_text("某街 1 号")
    to("提交申请")
    page.keyboard.press("Enter")
    page.wait_for_selector("#query-code")
    assert Application.objects.count() == 1
    context.close()


def test_without_script_an_organisation_files_and_follows_its_case(
    site: str, browser: Any, tmp_path: Path
) -> None:
    proof = tmp_path / "执照.pdf"
    proof.write_bytes(PDF)
    context = context_of(browser, 390, java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/apply/?q=财政")
    page.click("a[aria-label^='向利通区财政局申请']")
    assert page.is_visible("text=法人或者其他组织填写")
    assert page.is_visible("text=自然人填写")
    page.check("[name=kind][value=research]")
    page.fill("[name=org_name]", "某某研究院")
    page.set_input_files("#id_identity_file", str(proof))
    page.click("button.btn-main[value=submit]")
    assert page.is_visible("#problems")
    assert page.input_value("[name=org_name]") == "某某研究院"
    assert page.is_visible("text=执照.pdf")
    page.fill("[name=credit_code]", "91350100M000100Y43")
    page.fill("[name=contact_person]", "李四")
    page.fill("[name=phone]", "0953-2012345")
    page.fill("[name=description]", "2025年度部门预算")
    page.check("[name=form_wanted][value=纸质]")
    page.check("[name=route_wanted][value=当面领取]")
    page.wait_for_timeout(3200)
    page.click("button.btn-main[value=submit]")
    code, receipt = page.inner_text("#query-code"), page.inner_text("#receipt-number")
    assert not page.is_visible("text=复制")
    context.close()
    other = context_of(browser, 390, java_script_enabled=False)
    page = other.new_page()
    page.goto(site + "/apply/track/")
    page.fill("[name=receipt]", receipt)
    page.fill("[name=code]", code)
    page.click("form.apply button.btn-main")
    assert "等待确认收到" in page.inner_text("main")
    assert receipt not in page.url
    page.click("text=撤回申请")
    page.click("text=确认撤回")
    assert "申请已撤回" in page.inner_text("main")
    other.close()
    assert Application.objects.get().status == "closed"


def test_pressing_twice_makes_one(site: str, browser: Any) -> None:
    context = context_of(browser, 1280)
    page = context.new_page()
    page.goto(site + "/apply/ltq-czj/")
    fill(page)
    page.wait_for_timeout(3200)
    page.dblclick("button.btn-main[value=submit]")
    page.wait_for_selector("#query-code")
    assert Application.objects.count() == 1
    assert re.fullmatch(r"\w{5} \w{5}", page.inner_text("#query-code"))
    page.go_back()
    page.goto(site + "/apply/ltq-czj/")
    assert page.input_value("[name=name]") == ""  # nothing of the filed one is left on a shared computer
    context.close()


def test_pages_are_light_and_quiet(site: str, browser: Any) -> None:
    context = context_of(browser, 1280)
    page = context.new_page()
    asked: list[Any] = []
    console: list[str] = []
    page.on("response", lambda response: asked.append(response))  # noqa: PLW0108 - playwright cannot wrap a builtin
    page.on("console", lambda m: console.append(m.text) if m.type in ("error", "warning") else None)
    for path in PAGES:
        asked.clear()
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        assert sum(len(r.body()) for r in asked) < MAX_WEIGHT
    context.close()
    assert console == []
