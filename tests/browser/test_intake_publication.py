"""A clerk brings in a document on a telephone, pastes from Word into the editor, and imports a sheet; axe agrees."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.organs.models import Organ
from gongkai.organs.testing import make_user
from gongkai.publication.models import ColumnPage, DisclosurePage, IntakeDraft
from gongkai.publication.testing import make_column
from tests.browser.looking import violations
from tests.publication.intake import files

pytestmark = pytest.mark.browser
PASTED = "<p style='mso-outline-level:1'>一、条件</p><p><font color=red>年满<del>五</del>六周岁。</font></p><table><tr><td>甲</td></tr></table>"


@pytest.fixture
def column(site: str) -> ColumnPage:
    organ = Organ.objects.filter(kind="government").order_by("path").first()
    assert organ is not None
    clerk = make_user(organ, "editor", username="intake-clerk")
    clerk.set_password("test")
    clerk.save()
    return make_column(organ, code="intake-test", title="通知公告")


def desk(site: str, browser: Any, width: int) -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{site}/desk/login/")
    page.fill("[name=username]", "intake-clerk")
    page.fill("[name=password]", "test")
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/")
    return page


def check(page: Any, width: int) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} 横向溢出"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_file_becomes_a_draft(site: str, browser: Any, column: ColumnPage, width: int) -> None:
    page = desk(site, browser, width)
    page.goto(f"{site}/desk/publication/intake/")
    check(page, width)
    page.select_option("[name=column]", label="通知公告")
    page.set_input_files("[name=file]", {"name": "通知.docx", "mimeType": "", "buffer": files.docx()})
    page.click("text=上传并读取")
    page.wait_for_selector("text=确认来稿")
    assert page.input_value("[name=document_number]") == "甲教发〔2026〕12号"
    check(page, width)
    with page.expect_response(lambda answer: answer.status == 204):
        page.fill("[name=keywords]", "招生 入学")
    page.reload()
    assert page.input_value("[name=keywords]") == "招生 入学", "kept without a press of any button"
    page.click("text=成稿，去编辑")
    page.wait_for_url("**/edit/")
    assert DisclosurePage.objects.get(title__contains="义务教育招生").column == column
    assert IntakeDraft.objects.get().state == "done"


def test_paste_into_the_editor_is_cleaned(site: str, browser: Any, column: ColumnPage) -> None:
    page = desk(site, browser, 1280)
    page.goto(f"{site}/desk/publication/intake/paste/")
    check(page, 1280)
    page.goto(f"{site}/desk/pages/add/publication/disclosurepage/{column.pk}/")
    page.locator(
        "[data-streamfield-stream-container] button[title], [data-streamblock-menu-outer] button"
    ).first.click()
    page.get_by_text("正文", exact=True).last.click()
    editor = page.locator(".public-DraftEditor-content").first
    editor.click()
    editor.evaluate(
        """(node, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "x");
            node.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        PASTED,
    )
    page.wait_for_selector(".gk-paste-note")
    assert "修订中已删除的文字" in page.inner_text(".gk-paste-note")
    assert "1 个表格没有放进来" in page.inner_text(".gk-paste-note")
    assert editor.locator("h2").inner_text() == "一、条件"
    assert "年满六周岁。" in editor.inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_sheet_is_tried_and_imported(site: str, browser: Any, column: ColumnPage, width: int) -> None:
    page = desk(site, browser, width)
    page.goto(f"{site}/desk/publication/imports/")
    check(page, width)
    rows = [
        ["信息标题", "栏目", "成文日期", "正文"],
        *([f"第{n}号公告", "通知公告", "2026-05-06", "正文"] for n in range(5)),
        ["", "", "昨天", ""],
    ]
    page.set_input_files("[name=file]", {"name": "旧站.xlsx", "mimeType": "", "buffer": files.xlsx(rows)})
    page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_selector("text=各列是什么")
    check(page, width)
    page.click("text=试运行")
    page.wait_for_selector("text=导入 5 条")
    check(page, width)
    page.click("text=导入 5 条")
    page.wait_for_selector("text=导入完成")
    assert DisclosurePage.objects.filter(column=column.pk).count() == 5
