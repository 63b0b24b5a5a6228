"""The redaction page in a real browser: blocks drawn with the mouse, the same by keyboard, and what the file then holds."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.applications.letters.layout import sample_sheet
from gongkai.applications.letters.pdf import pdf_of
from gongkai.applications.models import Application, CaseFile
from gongkai.applications.services import file_application
from gongkai.applications.services.files import read_file, store_file
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel
from gongkai.organs.scope import SYSTEM
from tests.applications.redaction_samples import pdf_bytes_unpacked, pdf_text, spellings
from tests.browser.looking import violations
from tests.browser.test_case_journey import Staff
from tests.reports.world import World

pytestmark = pytest.mark.browser

NAME, NUMBER, KEPT = "张三四", "640302198001011234", "每亩补偿标准为四万二千元"
THIRD, PROCESS = "refused_third_party", "refused_process"


@pytest.fixture
def case(world: World) -> Application:
    person = ApplicantData(ApplicantKind.NATURAL, "王小明")
    application, _ = file_application(None, world.dept, person, Filing(Channel.ONLINE, "某方案"))
    return application


def original(case: Application) -> CaseFile:
    text = f"{KEPT}。\n安置户{NAME}。\n证件号码{NUMBER}。\n本方案自批准之日起施行。"
    data = pdf_of([sample_sheet("安置方案", text, "利通区财政局")])
    return store_file(SYSTEM, case, "source", data, name="方案.pdf")


def where(file: CaseFile, word: str) -> tuple[float, float, float, float]:
    """The word's place on its page as parts of width and height: what a person sees and draws around."""
    from gongkai.applications.redaction import find_blocks
    from gongkai.applications.redaction.pages import opened

    data = read_file(SYSTEM, file)
    block = find_blocks(data, word, THIRD)[0]
    with opened(data) as document:
        width, height = document.get_page_size(block.page - 1)
    return block.left / width, block.top / height, block.right / width, block.bottom / height


def draw(page: Any, part: tuple[float, float, float, float]) -> None:
    """Press, move, let go; a little wider than the word."""
    sheet = page.locator(".gk-redact-sheet").first
    sheet.scroll_into_view_if_needed()
    page.locator(".gk-redact-sheet img").first.evaluate("e => e.complete || new Promise(r => e.onload = r)")
    page.evaluate(
        "(y) => { const m = document.querySelector('.gk-redact-sheet'); window.scrollTo(0, m.getBoundingClientRect().top + scrollY + m.clientHeight * y - 300) }",
        part[1],
    )
    box = sheet.bounding_box()
    left, top, right, bottom = part
    page.mouse.move(box["x"] + left * box["width"] - 2, box["y"] + top * box["height"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + (left + right) / 2 * box["width"], box["y"] + bottom * box["height"])
    assert page.locator(".gk-redact-cover").count() > 0
    page.mouse.move(box["x"] + right * box["width"] + 2, box["y"] + bottom * box["height"] + 2)
    with page.expect_navigation():
        page.mouse.up()


def truly_gone(case: Application, *words: str) -> CaseFile:
    """The saved copy holds none of the words in any spelling, and still what is public."""
    copy = case.files.get(kind="redacted")
    data = read_file(SYSTEM, copy)
    text = "".join(pdf_text(data).split())
    unpacked = data + pdf_bytes_unpacked(data)
    assert KEPT in text
    for word in words:
        assert word not in text
        assert not [form for form in spellings(word) if form in unpacked]
    return copy


def test_blocks_are_drawn_with_the_mouse_each_with_its_ground(
    site: str, browser: Any, case: Application
) -> None:
    file = original(case)
    staff = Staff(browser, site, "editor")
    page = staff.go(f"/desk/case-files/{file.pk}/redact/").page
    page.select_option("#id_ground", THIRD)
    draw(page, where(file, NAME))
    staff.sees("已标出 1 处")
    page.select_option("#id_ground", PROCESS)
    draw(page, where(file, NUMBER))
    staff.sees("已标出 2 处").sees("第十五条").sees("第十六条")
    assert page.locator(".gk-redact-sheet .gk-redact-cover").count() == 2
    assert not violations(page)
    staff.click("预览结果").sees("申请人将看到的样子")
    assert not violations(page)
    assert NAME not in page.locator(".gk-redact-preview").text_content()
    staff.click("保存区分处理后的文件")
    copy = truly_gone(case, NAME, NUMBER)
    assert {g["count"] for g in copy.detail["grounds"]} == {1}
    assert len(copy.detail["grounds"]) == 2
    staff.close()


def test_without_a_ground_nothing_is_drawn_and_the_reason_is_said(
    site: str, browser: Any, case: Application
) -> None:
    file = original(case)
    staff = Staff(browser, site, "editor")
    page = staff.go(f"/desk/case-files/{file.pk}/redact/").page
    sheet = page.locator(".gk-redact-sheet").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 90)
    page.mouse.up()
    assert page.locator(".gk-redact-cover").count() == 0
    assert page.evaluate("document.activeElement.id") == "id_ground"
    assert "依据" in page.evaluate("document.getElementById('id_ground').validationMessage")
    staff.close()


def test_the_same_by_keyboard_alone(site: str, browser: Any, case: Application) -> None:
    file = original(case)
    staff = Staff(browser, site, "editor")
    page = staff.go(f"/desk/case-files/{file.pk}/redact/").page

    def to(wanted: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            found = page.evaluate("[document.activeElement.name, document.activeElement.textContent.trim()]")
            if wanted in found:
                return
        raise AssertionError(f"Tab 走不到 {wanted}")

    to("ground")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert page.input_value("#id_ground") == THIRD
    to("words")
    page.keyboard.insert_text(NAME)
    to("查找并标出")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    left, top, right, bottom = where(file, NUMBER)
    to("page")
    for name, value in (
        ("page", "1"), ("left", left * 210), ("top", top * 297), ("right", right * 210), ("bottom", bottom * 297),
    ):  # fmt: skip
        if name != "page":
            to(name)
        page.keyboard.insert_text(value if isinstance(value, str) else f"{value:.1f}")
    to("标出矩形")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    staff.sees("已标出 2 处")
    to("保存区分处理后的文件")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    truly_gone(case, NAME, NUMBER)
    staff.close()


def test_a_spreadsheet_is_told_how(site: str, browser: Any, case: Application, tmp_path: Any) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = NAME
    path = tmp_path / "名单.xlsx"
    book.save(path)
    file = store_file(SYSTEM, case, "source", path.read_bytes(), name="名单.xlsx")
    staff = Staff(browser, site, "editor")
    staff.go(f"/desk/case-files/{file.pk}/redact/").sees("PDF")
    assert f"/applications/{case.pk}/" in staff.page.url
    staff.close()
