"""A township's item from the editor to the portal: stopped by the scan, corrected, signed on phones, repealed later.

Everybody logs in with their own password. The reviewers' screens are 390 pixels wide.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from gongkai.normative.services import Existing, register_existing
from gongkai.normative.services.changing import repeal
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication import services as items
from gongkai.publication.models import DisclosurePage, OrganSection, PolicyPage, ReviewForm
from tests.browser.test_public_site import violations
from tests.publication.review.samples import document, id_number, workbook
from tests.reports.world import World

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("GONGKAI_REVIEW_PICTURES", "")
TITLE = "清河镇农业生产补贴发放办法"
PHONE, DESK = (390, 844), (1280, 900)


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
        self.page.locator("form button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/desk/(?!login)"))

    def go(self, path: str) -> None:
        self.page.goto(self.site + path, wait_until="load")

    def sees(self, *texts: str) -> None:
        said = self.page.inner_text("body")
        for text in texts:
            assert text in said, f"没有“{text}”：{self.page.url}\n{said[:2500]}"

    def look(self, name: str) -> None:
        """Axe, no sideways scrolling, and a picture where a folder is named."""
        self.page.wait_for_timeout(500)
        assert not violations(self.page), name
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def township(world: World) -> dict[str, Any]:
    """A township with its column and everyone who has a hand in an item."""
    gov = Organ.objects.filter(depth=1).first()
    assert gov is not None
    town = make_organ("清河镇人民政府", gov, kind=Organ.Kind.TOWNSHIP, slug="qinghe")
    items.sync_sections()
    column = items.create_column(
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
    return {"town": town, "column": column, **people}


def drafted(desk: Desk, township: dict[str, Any], file: Any, paper: Any) -> DisclosurePage:
    """The item as the ordinary editor makes it: fields typed, files put into the body as its chooser does."""
    column = township["column"]
    desk.go(f"/desk/pages/add/publication/policypage/{column.pk}/")
    desk.page.locator("[name=title]").fill(TITLE)
    desk.page.get_by_role("tab", name="要素").click()
    desk.page.locator("[name=formed_on]").fill(f"{timezone.localdate() - timedelta(days=2):%Y-%m-%d}")
    desk.page.locator("[name=document_number]").fill("清政发〔2026〕8号")
    desk.page.get_by_role("tab", name="公开与分类").click()
    desk.page.locator("[name=summary]").fill("规定农业生产补贴的对象、标准和发放程序。")
    desk.page.locator("[name=keywords]").fill("农业 补贴")
    desk.page.locator(
        "button[type=submit]:not([name]):has-text('保存'), button.action-save:visible"
    ).first.click()
    desk.page.wait_for_url(re.compile(r"/desk/pages/\d+/edit/|/desk/publication/"))
    page = DisclosurePage.objects.get(owner=township["editor"])
    with_files(page, township["editor"], file, paper)
    return page


def with_files(page: DisclosurePage, editor: Any, file: Any, paper: Any) -> None:
    latest = page.specific.get_latest_revision_as_object()
    latest.body = [
        ("text", "<h2>补贴对象</h2><p>本镇从事粮食生产的农户。补贴标准为每亩四十元。</p>"),
        ("download", {"file": paper, "name": ""}),
        ("download", {"file": file, "name": ""}),
    ]
    latest.save_revision(user=editor, log_action=False)


def sign(desk: Desk, page: DisclosurePage, name: str, button: str, *, secrecy: bool = False) -> None:
    """Opens what waits from the list, reads it, ticks every line and signs."""
    desk.go("/desk/publication/review/")
    desk.look(f"waiting-{name}")
    desk.page.get_by_role("link", name=re.compile(TITLE)).first.click()
    desk.page.wait_for_url(re.compile(r"/publication/review/\d+/$"), wait_until="load")
    desk.sees(TITLE, "补贴标准为每亩四十元")
    form = desk.page.locator("form.rv-sign")
    for box in form.locator("input[name=gates]").all():
        box.check()
    if form.locator("input[name=proofread]").count():
        form.locator("input[name=proofread]").check()
    if secrecy:
        form.locator("input[name=conclusion][value=open]").check()
        form.locator("input[name=basis]").fill("不涉及国家秘密、工作秘密和个人隐私")
    desk.look(f"sign-{name}")
    with desk.page.expect_navigation():
        form.get_by_role("button", name=button).click()
    assert "没有办成" not in desk.page.inner_text("body")


def test_from_the_township_to_the_portal_and_its_end(
    township: dict[str, Any], site: str, browser: Any
) -> None:
    editor, town = township["editor"], township["town"]
    paper = items.add_attachment(editor, town, "办法.docx", document(body="农业生产补贴发放办法全文"))
    bad = items.add_attachment(editor, town, "补贴测算表.xlsx", workbook(id_number()))
    clerk = Desk(browser, site, editor, DESK)
    page = drafted(clerk, township, bad, paper)

    # Stopped, with the place named and the number masked.
    clerk.go(f"/desk/publication/items/{page.pk}/")
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="送审").click()
    clerk.sees("扫描拦下", "隐藏工作表“附表2” A12 单元格", "640***********", "居民身份证号码")
    assert id_number() not in clerk.page.content()
    clerk.look("blocked")
    assert not DisclosurePage.objects.get(pk=page.pk).shown

    # The corrected file goes in.
    good = items.add_attachment(editor, town, "补贴测算表.xlsx", workbook())
    with_files(page, editor, good, paper)
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="重新送审").click()
    clerk.sees("审核中")
    form = ReviewForm.objects.get(page=page)
    assert form.state == "reviewing"

    # Three reviewers and the secrecy reviewer, each on a phone.
    for name, button in (
        ("first", "签署通过"),
        ("second", "签署通过"),
        ("secrecy", "签署通过"),
        ("final", "签署并公开"),
    ):
        desk = Desk(browser, site, township[name], PHONE)
        sign(desk, page, name, button, secrecy=name == "secrecy")
        desk.look(f"signed-{name}")
        desk.close()

    # On the portal, with its meta tags.
    public = DisclosurePage.objects.get(pk=page.pk)
    assert public.shown
    visitor = browser.new_page(viewport={"width": 1280, "height": 900})
    visitor.goto(site + public.public_url)
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
    assert public.index_number in visitor.inner_text("main")

    # A superseding document repeals it; its page says so.
    repealed(township, public)
    visitor.goto(site + public.public_url)
    said = visitor.inner_text("main")
    assert "废止" in said
    assert f"{TITLE}（修订）" in said
    visitor.close()
    clerk.close()


def repealed(township: dict[str, Any], old: DisclosurePage) -> None:
    """The register: the revised document, once issued, ends the old one; the pages follow by themselves."""
    town, today = township["town"], timezone.localdate()
    entries = [
        register_existing(
            SYSTEM, town,
            Existing(title=title, number=number, category="normative", issued_on=day, published_on=day, body="第一条　补贴。"),
        )
        for title, number, day in (
            (TITLE, old.document_number, today - timedelta(days=2)), (f"{TITLE}（修订）", "清政发〔2026〕9号", today),
        )
    ]  # fmt: skip
    PolicyPage.objects.filter(pk=old.pk).update(register_entry=entries[0].pk)
    page = PolicyPage(
        title=f"{TITLE}（修订）", document_number="清政发〔2026〕9号", formed_on=today, summary="修订。",
        body=[("text", "<p>修订后的办法。</p>")],
    )  # fmt: skip
    items.publish(SYSTEM, items.create_item(township["editor"], township["column"], page))
    repeal(SYSTEM, entries[0], on=today, basis=entries[1])
    assert DisclosurePage.objects.get(pk=old.pk).validity == "repealed"
