"""An applicant who sees no screen follows the case: query, 补正 with an error first, answer, opinion — keys only, with and without script."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.applications import services
from gongkai.applications.models import Application, Letter, Rating
from gongkai.law.case import CorrectionRequested, Decided, Received, Searched, Served, ServiceWay, Signed
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from tests.applications.public_world import filed, make_organ

pytestmark = pytest.mark.browser


def act(application: Application, *events: Any) -> None:
    for event in events:
        services.act(SYSTEM, application, event)


def answer(application: Application) -> None:
    today = timezone.localdate()
    act(
        application,
        Searched(on=today, places="室", found=True),
        Decided(on=today, outcome="granted", variant="provided"),
    )
    Letter.objects.create(application=application, kind="granted.provided", number="清资公开答〔2026〕1号", title="政府信息公开答复书",
                          body="正文", state="signed", signed_at=timezone.now(), digest="x", dated=today)  # fmt: skip
    act(application, Signed(on=today, signed_by="局长", letter_no="清资公开答〔2026〕1号"),
        Served(on=today, way=ServiceWay.ELECTRONIC, confirmed_on=today))  # fmt: skip


class Reader:
    """Tab, typing and Enter; what a screen reader would say of the place."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Go on with Tab until the place is called ``name``: its label, or its text."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.here() == name:
                return
        raise AssertionError(f"Tab 走不到“{name}”")

    def here(self) -> str:
        return str(self.page.evaluate(
            "() => { const e = document.activeElement, l = e.labels && e.labels[0]; return (l || e).textContent.trim().split('\\n')[0]; }"
        ))  # fmt: skip

    def press(self, name: str) -> None:
        """Go to the link or button and press it, until the next page is there."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False])
def test_from_the_query_to_the_opinion(world: Any, site: str, browser: Any, script: bool) -> None:
    organ: Organ = make_organ()
    application, code = filed(Client())
    today = timezone.localdate()
    act(application, Received(on=today, confirmed_on=today))
    services.register_application(SYSTEM, application)
    act(application, CorrectionRequested(on=today, items=("写明年度",), served_on=today, days=10))
    context = browser.new_context(java_script_enabled=script, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/apply/track/")
    reader = Reader(page)
    reader.to("回执号")
    page.keyboard.insert_text(application.receipt)
    reader.to("查询码")
    page.keyboard.insert_text(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.title().startswith(f"请您补正：向{organ.name}的申请")

    reader.press("提交补正")
    assert "写明年度" in page.locator("main").aria_snapshot()
    reader.press("提交补正")  # nothing was typed
    assert page.title().startswith("需要修改：提交补正")
    assert page.locator("[role=alert] h2").inner_text() == "有 1 处需要修改，已填写的内容都在"
    if script:
        assert page.evaluate("document.activeElement.id") == "problems"
    reader.to("请填写补正内容。")
    page.keyboard.press("Enter")
    assert reader.here().startswith("补正内容")  # the way from the summary leads into the field
    field = page.get_by_role("textbox", name="补正内容")
    assert field.get_attribute("aria-invalid") == "true"
    said = [
        page.locator(f"#{one}").inner_text()
        for one in (field.get_attribute("aria-describedby") or "").split()
    ]
    assert "请填写补正内容。" in said
    page.keyboard.insert_text("2025年度")
    reader.press("提交补正")
    assert "补正已提交" in page.get_by_role("status").inner_text()

    answer(application)
    page.reload()
    assert page.title().startswith("已答复：")
    reader.press("评价这次办理")
    reader.to("很满意")
    page.keyboard.press("ArrowDown")
    assert reader.here() == "满意"
    reader.press("提交评价")
    assert "谢谢您的评价" in page.get_by_role("status").inner_text()
    assert Rating.objects.get(application=application).score
    context.close()
