"""A township's document from the clerk's file to the portal and to its end, by clicks alone.

Uploaded with its table, stopped by the scan, corrected, signed on telephones, public, entered into the register and repealed
by the document that takes its place. Everybody logs in with their own password. The reviewers' screens are 390 pixels wide.
"""

from __future__ import annotations

import io
import os
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from docx import Document as Paper

from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication import services as items
from gongkai.publication.models import DisclosurePage, OrganSection
from tests.browser.looking import violations
from tests.publication.review.samples import XLSX, id_number, workbook
from tests.reports.world import World

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("GONGKAI_REVIEW_PICTURES", "")
TITLE = "清河镇农业生产补贴发放办法"
REVISED = "清河镇农业生产补贴发放办法（修订）"
NUMBER, NEW_NUMBER = "清政发〔2026〕8号", "清政发〔2026〕9号"
PHONE, DESK = (390, 844), (1280, 900)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def day(back: int) -> str:
    return f"{timezone.localdate() - timedelta(days=back):%Y-%m-%d}"


def paper(title: str, number: str, back: int, amount: str) -> bytes:
    """A township's document as it comes from the word processor; it says nothing of its keywords."""
    signed = timezone.localdate() - timedelta(days=back)
    lines = (
        "清河镇人民政府文件", number, title, "各村民委员会：",
        "第一条　为规范农业生产补贴发放，保障种粮农户利益，根据有关规定，结合本镇实际，制定本办法。",
        f"第二条　补贴对象为本镇从事粮食生产的农户。补贴标准为每亩{amount}元。",
        "第三条　补贴资金通过惠农一卡通发放到户。", "清河镇人民政府", f"{signed:%Y年%-m月%-d日}",
    )  # fmt: skip
    book = Paper()
    book.core_properties.author = ""
    for line in lines:
        book.add_paragraph(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def spoilt() -> bytes:
    """The table with a number in a cell of a hidden sheet; the same bytes each time."""
    return workbook(id_number())


def upload(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": XLSX if name.endswith("xlsx") else DOCX, "buffer": data}


class Desk:
    """One person's browser, logged in."""

    def __init__(self, browser: Any, site: str, user: Any, size: tuple[int, int]) -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.set_default_timeout(30000)
        self.site = site
        self.go("/desk/login/")
        self.page.fill("[name=username]", user.username)
        self.page.fill("[name=password]", "test")
        self.press("登录")
        self.page.wait_for_url(re.compile(r"/desk/(?!login)"))

    def go(self, path: str) -> None:
        self.page.goto(self.site + path, wait_until="load")

    def menu(self, group: str, entry: str) -> None:
        """The desk's own menu."""
        self.page.locator("#wagtail-sidebar").get_by_role("button", name=group, exact=True).click()
        self.follow(entry, self.page.locator("#wagtail-sidebar"))

    def press(self, name: str | re.Pattern[str], within: Any = None) -> None:
        """A button that leads to another page."""
        exact = isinstance(name, str)
        with self.page.expect_navigation(wait_until="load"):
            (within or self.page).get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str | re.Pattern[str], within: Any = None) -> None:
        exact = isinstance(name, str)
        with self.page.expect_navigation(wait_until="load"):
            (within or self.page.locator("#main")).get_by_role("link", name=name, exact=exact).first.click()

    def type(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]:visible").fill(value)

    def sees(self, *texts: str) -> None:
        said = self.page.inner_text("body")
        for text in texts:
            assert text in said, f"没有“{text}”：{self.page.url}\n{said[:2500]}"

    def look(self, name: str, *, axe: bool = True) -> None:
        """Axe, no sideways scrolling, and a picture where a folder is named."""
        self.page.wait_for_timeout(400)
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        assert not axe or not violations(self.page), name
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def township(world: World) -> dict[str, Any]:
    """A township with its column and everyone who has a hand in an item."""
    gov = Organ.objects.filter(depth=1).first()
    assert gov is not None
    town = make_organ("清河镇人民政府", gov, kind=Organ.Kind.TOWNSHIP, slug="qinghe")
    items.sync_sections()
    items.create_column(
        SYSTEM, OrganSection.objects.get(organ=town), title="政策文件", code="zcwj", content_class="statutory",
        column_type="policy", default_kind="policy",
    )  # fmt: skip
    people = {
        "editor": make_user(town, Role.EDITOR, "黄强"),
        "first": make_user(town, Role.REVIEWER, "镇审核人"),
        "second": make_user(gov, Role.DIRECTOR, "政务公开办主任"),
        "secrecy": make_user(gov, Role.SECRECY, "保密审查员"),
        "final": make_user(gov, Role.LEADER, "分管领导"),
    }
    return {"town": town, **people}


def brought_in(clerk: Desk) -> None:
    """新增（上传文件）: the document and its table; what was read is confirmed, what is missing typed."""
    clerk.menu("主动公开", "新增（上传文件）")
    clerk.page.select_option("[name=column]", label="政策文件")
    clerk.page.set_input_files("[name=file]", upload("补贴办法.docx", paper(TITLE, NUMBER, 2, "四十")))
    clerk.page.set_input_files("[name=extras]", upload("补贴测算表.xlsx", spoilt()))
    clerk.look("intake-upload")
    clerk.press("上传并读取")
    read = {n: clerk.page.input_value(f"[name={n}]") for n in ("title", "document_number", "formed_on")}
    assert read == {"title": TITLE, "document_number": NUMBER, "formed_on": day(2)}
    clerk.sees("补贴标准为每亩四十元", "补贴测算表.xlsx", "原件")
    clerk.type(keywords="农业 补贴", summary="规定农业生产补贴的对象、标准和发放方式。")
    clerk.look("intake-confirm")
    clerk.press("成稿，去编辑")
    clerk.page.wait_for_selector("text=补贴测算表.xlsx")
    clerk.look("editor", axe=False)


def stopped_and_mended(clerk: Desk) -> None:
    """送审 from the editor; the scan names the place; the corrected table goes in on the same page."""
    clerk.page.locator("footer .w-dropdown__toggle").click()
    clerk.press("送审")
    clerk.sees("扫描拦下", "隐藏工作表“附表2” A12 单元格", "640***********", "居民身份证号码")
    assert id_number() not in clerk.page.content()
    clerk.look("blocked")
    assert not DisclosurePage.objects.get(title=TITLE).shown
    row = clerk.page.get_by_role("listitem").filter(
        has=clerk.page.get_by_role("link", name="补贴测算表.xlsx")
    )
    clerk.page.locator(".rv-hit-block").get_by_role("link", name="换上改好的文件").click()
    row.locator("input[type=file]").set_input_files(upload("补贴测算表.xlsx", spoilt()))
    clerk.press("换上", row)
    clerk.sees("没有改动")
    row.locator("input[type=file]").set_input_files(upload("补贴测算表.xlsx", workbook()))
    clerk.press("换上", row)
    clerk.sees("已换上“补贴测算表.xlsx”")
    clerk.look("replaced")
    clerk.press("重新送审")
    clerk.sees("审核中")


def sign(desk: Desk, name: str, button: str) -> None:
    """Opens what waits from the list, reads it, ticks every line and signs."""
    desk.go("/desk/publication/review/")
    desk.look(f"waiting-{name}")
    desk.follow(re.compile(TITLE))
    desk.sees(TITLE, "补贴标准为每亩四十元", "补贴测算表.xlsx")
    form = desk.page.locator("form.rv-sign")
    for box in form.locator("input[name=gates]").all():
        box.check()
    if form.locator("input[name=proofread]").count():
        form.locator("input[name=proofread]").check()
    if name == "secrecy":
        form.locator("input[name=conclusion][value=open]").check()
        form.locator("input[name=basis]").fill("不涉及国家秘密、工作秘密和个人隐私")
    desk.look(f"sign-{name}")
    desk.press(button, form)
    assert "没有办成" not in desk.page.inner_text("body")
    desk.look(f"signed-{name}")


def seen_by_the_public(visitor: Any, town: Organ, public: DisclosurePage) -> None:
    meta = {
        m.get_attribute("name"): m.get_attribute("content") for m in visitor.locator("head meta[name]").all()
    }
    assert meta["ArticleTitle"] == TITLE
    assert meta["PubDate"] == f"{timezone.localtime(public.published_at):%Y-%m-%d %H:%M}"
    assert meta["ContentSource"] == town.name
    assert meta["ColumnName"] == "政策文件"
    assert meta["ColumnType"] == "政策文件"
    assert meta["Keywords"] == "农业 补贴"
    assert {"SiteName", "SiteDomain", "SiteIDCode", "ColumnDescription", "ColumnKeywords", "Url"} <= set(meta)
    said = visitor.inner_text("main")
    assert public.index_number in said
    assert {"补贴办法.docx", "补贴测算表.xlsx"} <= set(re.findall(r"补贴\S+?\.(?:docx|xlsx)", said))


def superseded(clerk: Desk, public: DisclosurePage) -> None:
    """The clerk enters the old document into the register and drafts the new one from its file, up to its issue."""
    clerk.go(f"/desk/publication/items/{public.pk}/")
    clerk.page.select_option("[name=category]", label="行政规范性文件")
    clerk.press("登记到文件登记簿")
    clerk.look("item-registered")
    clerk.menu("信息管理", "文件登记簿")
    clerk.look("register", axe=False)  # two searches of Wagtail's own bear one name
    clerk.page.locator("header .w-dropdown__toggle").first.click()
    clerk.follow("从文件读取", clerk.page)
    clerk.page.set_input_files("[name=file]", upload("修订稿.docx", paper(REVISED, NEW_NUMBER, 0, "五十")))
    clerk.press("读取")
    clerk.sees("已读取")
    clerk.page.select_option("[name=category]", "normative")
    clerk.type(interpretation_exemption="修订个别条款，内容简明")
    clerk.page.locator("[name=interpretation_required]").uncheck()
    clerk.look("document-add", axe=False)
    clerk.press("保存")
    clerk.sees(REVISED, "印发以前还要完成")
    act(
        clerk,
        "登记征求意见",
        exempt=True,
        reason="只调整标准，依法不公开征求意见",
        started=day(12),
        ended=day(12),
    )
    act(clerk, "登记合法性审核", received_on=day(9), finished_on=day(2), reviewer="司法所", opinion="合法")
    act(clerk, "登记集体审议", on=day(1), meeting="镇党政联席会议")
    act(clerk, "登记关系", kind="repeals", target="清政发[2026]8号")
    clerk.look("document-ready")
    act(clerk, "登记编号印发", on=day(0), formed_on=day(0), number=NEW_NUMBER)
    clerk.sees("废止", TITLE)
    clerk.look("document-issued")


def act(desk: Desk, label: str, **fields: Any) -> None:
    desk.follow(label)
    for name, value in fields.items():
        field = desk.page.locator(f"[name={name}]")
        if value is True:
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.press("Tab")
    desk.look(f"act-{label}", axe=False)  # the calendar of Wagtail
    desk.press(label, desk.page.locator("#main"))
    assert "/inspect/" in desk.page.url, desk.page.inner_text("body")[:2500]


def test_from_the_township_to_the_portal_and_its_end(
    township: dict[str, Any], site: str, browser: Any
) -> None:
    clerk = Desk(browser, site, township["editor"], DESK)
    brought_in(clerk)
    stopped_and_mended(clerk)
    for name, button in (
        ("first", "签署通过"),
        ("second", "签署通过"),
        ("secrecy", "签署通过"),
        ("final", "签署并公开"),
    ):
        desk = Desk(browser, site, township[name], PHONE)
        sign(desk, name, button)
        desk.close()

    public = DisclosurePage.objects.get(title=TITLE)
    assert public.shown
    visitor = browser.new_page(viewport={"width": 1280, "height": 900})
    visitor.goto(site + public.public_url)
    seen_by_the_public(visitor, township["town"], public)

    superseded(clerk, public)
    ended(clerk, visitor, public, Desk(browser, site, township["first"], DESK))
    visitor.close()
    clerk.close()


def ended(clerk: Desk, visitor: Any, public: DisclosurePage, reviewer: Desk) -> None:
    """What the public reads on the old page: the end at once, the new document as soon as it is public itself."""
    visitor.reload()
    notice = visitor.inner_text(".item-notice")
    assert "已废止" in notice
    assert NEW_NUMBER in notice, "not public itself yet: named, not linked"

    # The new document is made public by those entitled; then the old page leads to it.
    reviewer.menu("信息管理", "文件登记簿")
    reviewer.follow(REVISED)
    act(reviewer, "公布", secrecy_reviewed=True)
    reviewer.close()
    visitor.reload()
    visitor.locator(".item-notice a").click()
    assert REVISED in visitor.inner_text("h1")
    clerk.menu("主动公开", "文件同步")
    clerk.look("sync")
    clerk.press(re.compile("^同步到栏目"))
    visitor.goto(clerk.site + public.public_url)
    successor = DisclosurePage.objects.get(title=REVISED)
    assert visitor.locator(".item-notice a").get_attribute("href").endswith(successor.public_url)
    if SHOTS:
        visitor.screenshot(path=f"{SHOTS}/repealed.png", full_page=True)
    visitor.locator(".item-notice a").click()
    assert visitor.inner_text("h1") == REVISED
    assert NEW_NUMBER in visitor.inner_text("main")
