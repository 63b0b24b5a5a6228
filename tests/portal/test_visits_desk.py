"""访问量 on the desk: what it adds up, who sees what, what it costs, what can be taken away."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.services import create_person
from gongkai.portal.models import VisitTotal
from gongkai.portal.visits import ledger, selectors
from gongkai.portal.visits.rules import Address, Kind, Section, address_of
from gongkai.publication.testing import make_column, make_item
from tests.reports.world import PASSWORD, World

HOME = Address("/", Kind.PAGE, Section.HOME)
TODAY = date(2026, 3, 20)


@pytest.fixture
def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Visits of 利通区, of its department, and of 北关区, on days of February and March 2026."""
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    column = make_column(world.dept, code="yjs", title="财政预决算")
    item = make_item(column, title="财政局部门预算公开说明")
    counts: dict[tuple[date, Address], int] = {}
    for path, number in (
        ("/", 10), (item.public_url, 5), ("/reports/bgq/2025/", 7), ("/reports/bgq/2025/report.pdf", 2),
        (column.url, 3),
    ):  # fmt: skip
        address = address_of(path)
        assert address is not None
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 20)):
            counts[day, address] = number
    ledger.add(counts, TODAY)
    return world


def desk(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(user: Any, query: str = "") -> str:
    answer = desk(user).get(reverse("visits") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_screen_says_what_is_counted_and_adds_up_the_month(counted: World) -> None:
    answer = desk(counted.director).get(reverse("visits"))
    text = answer.content.decode()
    assert "计的是浏览量，不是人数" in text
    assert answer.context["figures"] == {"total": 36, "disclosure": 16, "files": 0}
    assert [(line.label, line.views) for line in answer.context["lines"] if line.views] == [
        ("1日", 18),
        ("20日", 18),
    ]
    assert "财政预决算" in text
    assert "北关区" not in text
    whole = desk(counted.director).get(reverse("visits") + "?year=2026&month=").context
    assert [line.views for line in whole["lines"]] == [0, 18, 36, *[0] * 9]


def test_columns_organs_and_pages(counted: World) -> None:
    admin = counted.director
    admin.is_superuser = True
    admin.save()
    assert "财政预决算" in page(admin)
    organs = desk(admin).get(reverse("visits") + "?year=2026&month=3&by=organs").context["cells"]
    assert [row[1:] for row in organs] == [(20, 0), (16, 0), (14, 4)]
    pages = desk(admin).get(reverse("visits") + "?year=2026&month=3&by=pages").context["cells"]
    assert [row[3] for row in pages] == [20, 14, 10, 6, 4]
    assert pages[4][2] == "下载"
    assert pages[2][0] == "财政局部门预算公开说明"
    early = desk(admin).get(reverse("visits") + "?year=2026&month=&by=pages").context
    assert early["table_span"].month == 3, "of a whole year the last month so far"


def test_an_organ_sees_its_own_pages_only(counted: World) -> None:
    text = page(counted.editor)
    assert "财政预决算" in text
    assert "首页</th>" not in text
    assert desk(counted.editor).get(reverse("visits")).context["figures"]["total"] == 16
    foreign = (
        desk(counted.editor).get(reverse("visits") + f"?organ={counted.bgq.pk}&year=2026&month=3").context
    )
    assert foreign["organ"] is None
    assert foreign["figures"]["total"] == 16
    for by in ("columns", "organs", "pages"):
        assert "北关区" not in page(counted.editor, f"?year=2026&month=3&by={by}")
        csv = desk(counted.editor).get(reverse("visits") + f"?year=2026&month=3&by={by}&export=csv")
        assert "北关区" not in csv.content.decode()
    assert desk(counted.stranger).get(reverse("visits")).context["figures"] == {
        "total": 14, "disclosure": 14, "files": 4,
    }  # fmt: skip


def test_who_has_no_part_in_the_platform_is_refused(counted: World) -> None:
    village = create_person(
        SYSTEM,
        counted.ltq,
        username="village",
        name="村",
        role=Role.VILLAGE,
        password=PASSWORD,
        on=date(2020, 1, 1),
    )
    assert desk(village).get(reverse("visits")).status_code in (302, 403)
    assert "访问量</" not in desk(village).get(reverse("wagtailadmin_home")).content.decode()
    assert Client().get(reverse("visits")).status_code == 302


def test_tables_are_taken_away_whole(counted: World) -> None:
    client = desk(counted.director)
    address = reverse("visits") + "?year=2026&month=3&by=pages"
    book = client.get(f"{address}&export=xlsx")
    sheet = load_workbook(BytesIO(book.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[1] == ("页面", "机构", "种类", "次数", "网址")
    assert [row[3] for row in rows[2:]] == [20, 10, 6]
    csv = client.get(f"{address}&export=csv").content.decode("utf-8-sig").splitlines()
    assert csv[0] == "页面,机构,种类,次数,网址"
    assert len(csv) == 4
    assert client.get(f"{address}&export=exe").status_code == 404


@pytest.mark.parametrize(
    "query", ["?year=abc&month=13&by=x&p=-1&organ=x", "?year=1&month=0", "?year=2026&p=999", "?organ="]
)
def test_whatever_stands_in_the_address_the_screen_comes(counted: World, query: str) -> None:
    assert "计的是浏览量" in page(counted.director, query)


def test_before_the_first_visit_it_says_so(world: World) -> None:
    assert "还没有访问量" in page(world.director)


def test_the_cost_does_not_grow_and_lists_are_paged(counted: World) -> None:
    client = desk(counted.director)
    client.get(reverse("visits"))
    costs = {}
    for by in ("columns", "organs", "pages"):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("visits") + f"?year=2026&month=3&by={by}")
        costs[by] = len(asked)
    counts = {
        (date(2026, 3, n % 19 + 1), Address(f"/reports/ltq/x{n}/", Kind.PAGE, Section.REPORTS)): n + 1
        for n in range(120)
    }
    ledger.add(counts, TODAY)
    organs = Organ.objects.filter(path__startswith=counted.ltq.path)
    VisitTotal.objects.bulk_create(
        VisitTotal(day=TODAY, organ=organs[0], section=Section.COLUMNS, column=f"k{n}", views=n)
        for n in range(120)
    )
    for by, cost in costs.items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse("visits") + f"?year=2026&month=3&by={by}")
        assert len(asked) <= cost, by
        assert len(answer.context["cells"]) <= 50
    assert costs["columns"] <= 24
    text = page(counted.director, "?year=2026&month=3&by=pages&p=2")
    assert "第 2 页，共 3 页" in text


def test_what_was_rolled_up_is_shown_by_the_year(counted: World, settings: Any) -> None:
    settings.VISITS_KEEP_MONTHS = 1
    ledger.roll_up(TODAY + timedelta(days=31))
    text = page(counted.director, "?year=2026&month=2")
    assert "已按月合并" in text
    lines = selectors.by_month(selectors.EVERYTHING, 2026)
    assert [line.views for line in lines][:3] == [0, 25, 50]
