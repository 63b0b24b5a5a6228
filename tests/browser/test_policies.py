"""The policy library in a real browser: accessibility at both widths, and a document repealed by a later one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.normative import services
from gongkai.normative.models import Document
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_user
from tests.browser.looking import MAX_WEIGHT, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def documents(site: str) -> tuple[Document, Document]:
    organ = Organ.objects.filter(kind="government").order_by("path").first()
    assert organ is not None
    old = make_document(organ, "旧", issued=date(2022, 5, 10), number="测政规发〔2022〕1号")
    new = make_document(organ, "新", issued=date(2025, 3, 1), number="测政规发〔2025〕2号")
    services.amend(
        SYSTEM, old, on=date(2023, 1, 1), note="修改第一条",
        body="第一条　为进一步规范临时救助，制定本规定。\n第二条　本规定自印发之日起施行。",
    )  # fmt: skip
    return old, new


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_every_page_passes_axe(
    site: str, browser: Any, documents: tuple[Document, Document], width: int, scheme: str
) -> None:
    old, new = documents
    services.repeal(SYSTEM, old, on=date(2025, 4, 1), basis=new)
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme=scheme
    )
    page = context.new_page()
    found: dict[str, Any] = {}
    for path in (
        "/policies/", "/policies/?on=2024-06-01&q=救助", f"/policies/{old.pk}/", f"/policies/{new.pk}/",
        "/policies/in-force/", "/policies/catalogues/", "/policies/clean-ups/",
        f"/policies/compare/?a={old.pk}.1&b={old.pk}.2",
    ):  # fmt: skip
        answer = page.goto(site + path)
        assert len(answer.body()) < MAX_WEIGHT, path
        if problems := violations(page):
            found[path] = problems
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} 横向溢出"
    assert found == {}
    context.close()


def test_a_clerk_repeals_and_the_reader_is_led_on(
    site: str, browser: Any, documents: tuple[Document, Document]
) -> None:
    old, new = documents
    clerk = make_user(old.organ, "director", username="policies-clerk")
    clerk.set_password("test")
    clerk.save()
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{site}/desk/login/")
    page.fill("[name=username]", "policies-clerk")
    page.fill("[name=password]", "test")
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/")
    page.goto(f"{site}/desk/documents-register/repeal/{old.pk}/")
    page.fill("[name=on]", "2025-04-01")
    page.keyboard.press("Escape")
    page.fill("[name=basis]", "测政规发[2025]2号")
    page.click(".gk-act button[type=submit]")
    page.wait_for_url(f"**/inspect/{old.pk}/")
    reader = browser.new_context(
        viewport={"width": 390, "height": 900}, locale="zh-CN", java_script_enabled=False
    ).new_page()
    reader.goto(f"{site}/policies/{old.pk}/")
    top = reader.locator(".notice-bad").first
    assert "已废止" in top.inner_text()
    top.locator("a").click()
    assert reader.url.endswith(f"/policies/{new.pk}/")
    assert reader.locator(".pol-stamp").inner_text().endswith("有效")
