"""Must be shown: a unit compiles, is returned, mends, submits; the county rolls up 30 units, signs, publishes.

The unit and the county work in a real browser; the other 29 units hand theirs in through the services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.core.cache import cache

from gongkai.applications.notices import muted
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.reports import selectors
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.flow import rollup
from gongkai.reports.flow.acts import act
from gongkai.reports.flow.collecting import open_collection
from gongkai.reports.flow.outside import submit_file
from gongkai.reports.models import AnnualReport, Collection, Scope, State, StatisticEntry
from gongkai.reports.narrative.services import save_section
from tests.browser.looking import violations
from tests.reports.flow.county import PASSWORD, PERMITS, person, printed

pytestmark = pytest.mark.browser
YEAR = 2025
FINES = "t2.penalty.decisions"
TEXTS = {
    "1": "本机关按照条例要求做好政府信息公开各项工作。",
    "5": "存在的主要问题：一是部分信息公开不够及时，二是解读形式单一。下一步将完善发布提醒制度，增加图表解读。",
    "6": "本年度未收取信息处理费。",
}


def entry(organ: Organ, key: str, amount: int) -> None:
    StatisticEntry.objects.update_or_create(
        organ=organ, year=YEAR, month=0, key=key, defaults={"amount": amount, "source": "审批系统"}
    )


def written(row: AnnualReport) -> AnnualReport:
    for key, text in TEXTS.items():
        save_section(SYSTEM, row, key, text)
    return row


@pytest.fixture
def county(browser: Any, transactional_db: None) -> Organ:
    """A county with 30 units; 28 have been received, one handed in a file, the thirtieth is the clerk's."""
    cache.clear()
    gov = organ_services.create_organ(
        SYSTEM, None, kind="government", name="河东县人民政府", slug="hd", region_code="640302"
    )
    organ_services.save_site_profile(
        SYSTEM, site_name="河东县政府信息公开", organ=gov, sponsor="河东县人民政府", site_code="6403020001",
        icp="宁ICP备00000000号-1", police="宁公网安备 64030200000000 号", phone="12345", email="xxgk@hd.example",
    )  # fmt: skip
    units = [
        organ_services.create_organ(
            SYSTEM, gov, kind="department", name=f"河东县第{n:02d}局", slug=f"hd-{n:02d}"
        )
        for n in range(1, 31)
    ]
    person(gov, "director", Role.DIRECTOR)
    person(gov, "leader", Role.LEADER)
    person(units[0], "clerk", Role.EDITOR)
    person(units[0], "head", Role.LEADER)
    made = open_collection(
        SYSTEM, gov, YEAR, submit_by=date(2026, 1, 20), publish_by=date(2026, 1, 31),
        rollup_by=date(2026, 3, 31), units=units[:29], outside=[units[29]],
    )  # fmt: skip
    entry(units[0], PERMITS, 40)
    with muted():
        for n, unit in enumerate(units[1:29], 2):
            entry(unit, PERMITS, n)
            entry(unit, FINES, 1)
            row = written(start_draft(SYSTEM, unit, YEAR, Scope.OWN))
            for name in ("check", "send", "approve", "receive"):
                row = act(SYSTEM, row, name)
        apart = made.units.get(organ=units[29])
        act(SYSTEM, submit_file(SYSTEM, apart, printed(units[29].name, {PERMITS: 500})), "receive")
    return gov


class Desk:
    """One person at the desk."""

    def __init__(self, page: Any, site: str) -> None:
        self.page, self.site = page, site

    def open(self, path: str) -> None:
        answer = self.page.goto(self.site + path)
        assert answer.status == 200, path

    def click(self, name: str) -> None:
        """A link or button by its whole name."""
        pattern = re.compile(f"^\\s*{re.escape(name)}\\s*$")
        found = self.page.locator("main a, main button, main summary").filter(has_text=pattern)
        found.first.click()
        self.page.wait_for_load_state("domcontentloaded")

    def does(self, name: str, note: str = "") -> None:
        """An act: the link on 办理, the note, the button."""
        self.click(name)
        if note:
            self.page.fill("textarea[name=note]", note)
        self.click(name)
        self.page.wait_for_url(re.compile(r"/flow/\d+/$"))

    @property
    def state(self) -> str:
        return str(self.page.inner_text(".fl-way [aria-current=step]")).strip()


@contextmanager
def at_desk(browser: Any, site: str, username: str, width: int = 1280) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/desk/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/desk/(?!login)"))
    yield Desk(page, site)
    context.close()


def test_from_the_unit_to_the_public_page(
    county: Organ, browser: Any, live_server: Any, tmp_path: Any
) -> None:
    site = str(live_server.url)
    shots = tmp_path
    unit = Organ.objects.get(slug="hd-01")

    # The clerk compiles, writes, checks and sends.
    with at_desk(browser, site, "clerk") as clerk:
        clerk.page.get_by_text("河东县第01局 2025 年度报告：编制并报送").first.click()
        clerk.page.wait_for_url(re.compile("/compile/"))
        clerk.click("生成草稿")
        clerk.page.wait_for_url(re.compile(r"/workbench/\d+/"))
        row = AnnualReport.objects.get(organ=unit)
        for key, text in TEXTS.items():
            clerk.open(f"/desk/annual-reports/text/{row.pk}/?section={key}")
            clerk.page.fill("#nt-text", text)
            clerk.click("保存")
        clerk.open(f"/desk/annual-reports/flow/{row.pk}/")
        clerk.does("自检")
        clerk.does("送单位签审")
        assert clerk.state == "单位签审"

    # The head signs on a phone; the county returns; the ledger is mended; it goes up again.
    with at_desk(browser, site, "head", 390) as head:
        head.open(f"/desk/annual-reports/flow/{row.pk}/")
        head.click("签审并报送")
        assert "您第一次看" in head.page.inner_text("main")
        assert head.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert violations(head.page, "document.querySelector('main .fl')") == []
        head.page.screenshot(path=shots / "sign-phone.png", full_page=True)
        head.click("签审并报送")
    with at_desk(browser, site, "director") as office:
        collection = Collection.objects.get()
        office.open(f"/desk/report-collections/board/{collection.pk}/?state=submitted")
        assert violations(office.page, "document.querySelector('main .fl')") == []
        office.page.screenshot(path=shots / "board.png", full_page=True)
        office.page.get_by_text("接收或退回").first.click()
        office.does("退回", "行政许可应为 41 件，请核对")
    with at_desk(browser, site, "clerk") as clerk:
        clerk.page.get_by_text("已退回，改好再报送").first.click()
        assert "行政许可应为 41 件" in clerk.page.inner_text("main")
        entry(unit, PERMITS, 41)
        clerk.does("自检")
        clerk.does("送单位签审")
    with at_desk(browser, site, "head", 390) as head:
        head.open(f"/desk/annual-reports/flow/{row.pk}/")
        head.click("签审并报送")
        assert head.page.locator(".fl-changes tbody tr").count() == 1
        assert head.page.inner_text(".fl-changes tbody tr").split()[-2:] == ["40", "41"]
        head.click("签审并报送")
        head.page.wait_for_url(re.compile(r"/flow/\d+/$"))

    # The county receives, rolls up 30 units, explains the one difference.
    with at_desk(browser, site, "director") as office:
        office.open(f"/desk/annual-reports/flow/{row.pk}/")
        office.does("接收")
        entry(unit, FINES, 3)  # came after the unit had signed
        office.open(f"/desk/annual-reports/compile/?organ={county.pk}&year={YEAR}&scope=region")
        office.click("生成草稿")
        office.page.wait_for_url(re.compile(r"/workbench/\d+/"))
        total = written(AnnualReport.objects.get(organ=county))
        office.open(f"/desk/annual-reports/rollup/{total.pk}/?cell={PERMITS}")
        assert office.page.locator(".fl-drill tbody tr").count() == 30 + 2
        assert "已接收 30 / 30 个单位" in office.page.inner_text("main")
        assert violations(office.page, "document.querySelector('main .fl')") == []
        office.page.screenshot(path=shots / "rollup.png", full_page=True)
        office.open(f"/desk/annual-reports/flow/{total.pk}/")
        office.does("自检")
        office.click("完成汇总")
        office.click("完成汇总")
        assert "1 格与各单位之和不符" in office.page.inner_text("main")
        office.open(f"/desk/annual-reports/rollup/{total.pk}/")
        office.page.fill(".fl-diffs textarea", "第01局签发后补录行政处罚 3 件")
        office.click("记下")
        office.open(f"/desk/annual-reports/flow/{total.pk}/")
        office.does("完成汇总")
        office.page.screenshot(path=shots / "flow.png", full_page=True)
    with at_desk(browser, site, "leader", 390) as leader:
        leader.open(f"/desk/annual-reports/flow/{total.pk}/")
        leader.does("签发")
    with at_desk(browser, site, "director") as office:
        office.open(f"/desk/annual-reports/flow/{total.pk}/")
        office.click("公布")
        assert "已逾期" in office.page.inner_text("main")  # 31 March has passed: it says so and lets it pass
        office.page.check("input[name=looked]")
        office.click("公布")
        office.page.wait_for_url(re.compile(r"/flow/\d+/$"))
        assert office.state == "公布"

    # What everyone sees, on the page and in the file.
    permits = 41 + sum(range(2, 30)) + 500
    total.refresh_from_db()
    assert total.state == State.PUBLISHED
    assert [line.key for line in rollup.lines(total, Collection.objects.get()) if line.difference] == [FINES]
    assert selectors.as_report(total).amount(PERMITS) == permits == 975
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/reports/hd/{YEAR}/")
    page.screenshot(path=shots / "public.png", full_page=True)
    assert "975" in page.inner_text("article")
    assert "31" in page.inner_text("article")  # 28 fines and the 3 that came late
    data = page.request.get(f"{site}/reports/hd/{YEAR}/report.pdf").body()
    (shots / "report.pdf").write_bytes(data)
    pdf = pypdfium2.PdfDocument(BytesIO(data))
    text = "".join(one.get_textpage().get_text_range() for one in pdf)
    assert "975" in text
    assert TEXTS["6"] in text.replace("\r\n", "")
    context.close()
