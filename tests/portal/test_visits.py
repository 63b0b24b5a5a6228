"""访问量: what the application counts of what it answers, and what it never counts or keeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ, SiteProfile
from gongkai.portal.models import PageViews, VisitedPage, VisitLog, VisitTotal
from gongkai.portal.visits import counting, ledger
from gongkai.portal.visits.places import places_of
from gongkai.portal.visits.rules import ROBOTS, Address, Kind, Section, address_of, is_robot
from gongkai.publication.testing import make_attachment, make_column, make_item
from tests.reports.world import World

BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0"
REPORT = "/reports/ltq/2025/"


@pytest.fixture
def counter(settings: Any, monkeypatch: pytest.MonkeyPatch) -> counting.Counter:
    """The middleware switched on, with a counter of the test's own; nothing writes but the test."""
    settings.VISITS_COUNT = True
    found = counting.Counter()
    monkeypatch.setattr(counting, "COUNTER", found)
    return found


def reader(**more: str) -> Client:
    return Client(HTTP_USER_AGENT=BROWSER, **more)


def views() -> dict[str, int]:
    return dict(PageViews.objects.values_list("page__path", "views"))


# --- what counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("/", "/"), ("//index.html", "/"), ("/gov/ltq/gzdt/x/", "/gov/ltq/gzdt/x/"),
        ("/policies//index.html", "/policies/"), ("/policies/page-3.html", "/policies/"), ("/apply/mine/3/", "/apply/"),
        ("/apply/ltq/", "/apply/"), ("/search/", "/search/"), ("/reports/verify/kept/秘密/", "/reports/verify/"),
        ("/disclosure/files/7/", "/disclosure/files/7/"), ("/disclosure/files/7/发放表.xlsx", "/disclosure/files/7/"),
        ("/policies/5/files/9/原文.pdf", "/policies/5/files/9/"), ("/policies/5.pdf", "/policies/5.pdf"),
        ("/reports/ltq/2025/report.docx", "/reports/ltq/2025/report.docx"), ("/api/files/items.csv", "/api/files/items.csv"),
        ("/api/", "/api/"),
    ],
)  # fmt: skip
def test_addresses_are_counted_without_what_a_reader_wrote(path: str, counted: str) -> None:
    found = address_of(path)
    assert found is not None
    assert found.path == counted


@pytest.mark.parametrize(
    "path",
    [
        "/desk/", "/static/a.css", "/api/v1/items", "/feeds/all.json", "/search/suggest.json", "/healthz", "/robots.txt",
        "/sitemap.xml", "/sitemap-1.xml", "/disclosure/number/", "/disclosure/files/7", "/share/", "/feedback/", "/care/on/",
        "/documents/1/", "/apply/receipt.pdf", "/reports/tables.css", "/gov/a", "/gov/\u202ea/", "/gov/" + "x" * 400 + "/",
        "/errors/", "/_util/", "/unknown/", "", "/page-3.htm", "/policies/../../etc/",
    ],
)  # fmt: skip
def test_what_is_no_public_page_is_not_counted(path: str) -> None:
    found = address_of(path)
    assert found is None or (path == "/policies/../../etc/" and found.section is Section.POLICIES)


def test_every_public_address_is_counted_or_left_out_on_purpose() -> None:
    """A new part of the site must say whether its visits count."""
    left_out = {
        "healthz", "desk", "documents", "feeds", "errors", "robots.txt", "sitemap.xml", "feedback", "share", "care", "_util",
        "sitemap-<slug:section>.xml", "<int:status>.html", "oai", "", "((?:[\\w\\-]+",
    }  # fmt: skip
    heads = {_pattern(entry).split("/")[0].removeprefix("^") for entry in _flat(get_resolver().url_patterns)}
    missing = {head for head in heads - left_out if address_of(f"/{head}/") is None}
    assert missing == set()


def _flat(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        text = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _flat(entry.url_patterns, text)
        else:
            yield text, entry


def _pattern(entry: tuple[str, URLPattern]) -> str:
    return entry[0]


@pytest.mark.parametrize(
    "agent",
    [
        "", "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "curl/8.5.0",
        "Mozilla/5.0 (compatible; bingbot/2.0)", "python-requests/2.32", "Sogou web spider/4.0", "Go-http-client/1.1",
        "Mozilla/5.0 HeadlessChrome/126.0", "YisouSpider", "zabbix 6.0",
    ],
)  # fmt: skip
def test_what_calls_itself_a_program_is_one(agent: str) -> None:
    assert is_robot(agent)
    assert not is_robot(BROWSER)
    assert not is_robot(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
    )


def test_nginx_knows_the_same_programs() -> None:
    text = (Path(__file__).parents[2] / "deploy/nginx/gongkai.conf").read_text(encoding="utf-8")
    assert f'"~*{"|".join(ROBOTS)}"  1;' in text


# --- the application ----------------------------------------------------------------------------------------------


def test_visits_are_counted_by_day_and_address_and_nothing_else(
    world: World, counter: counting.Counter
) -> None:
    item = make_item(make_column(world.ltq, code="gzdt"))
    for path in (REPORT, REPORT + "?from=张三", item.public_url, "/", "/search/?q=张三", "/apply/"):
        assert reader().get(path).status_code == 200
    assert VisitedPage.objects.count() == 0, "nothing is written before its time"
    assert counter.flush() == 6
    assert views() == {REPORT: 2, item.public_url: 1, "/": 1, "/search/": 1, "/apply/": 1}
    page = VisitedPage.objects.get(path=item.public_url)
    assert (page.organ, page.section, page.column, page.title) == (
        world.ltq, Section.COLUMNS, "gzdt", item.title,
    )  # fmt: skip
    assert {field.name for model in (VisitedPage, PageViews, VisitTotal) for field in model._meta.fields} == {
        "id", "path", "kind", "section", "organ", "column", "title", "day", "page", "views", "month",
    }  # fmt: skip
    assert "张三" not in str(list(VisitedPage.objects.values()))


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/reports/ltq/2025/", "利通区人民政府 2025 年度报告"), ("/reports/ltq/", "利通区人民政府年度报告"),
        ("/reports/ltq/2025/report.pdf", "利通区人民政府 2025 年度报告（下载）"),
        ("/reports/website/ltq/2025/", "利通区人民政府 2025 年网站年度报表"), ("/organs/ltq/", "利通区人民政府"),
        ("/sitemap/ltq/", "网站地图：利通区人民政府"), ("/policies/", "政策文件库"), ("/policies/999999/", "/policies/999999/"),
        ("/gov/nowhere/", "/gov/nowhere/"), (f"/policies/{10**11}/", f"/policies/{10**11}/"),
    ],
)  # fmt: skip
def test_each_address_has_an_organ_and_a_name(world: World, path: str, title: str) -> None:
    address = address_of(path)
    assert address is not None
    place = places_of([address])[address]
    assert (place.organ_id, place.title) == (world.ltq.pk, title)


def test_errors_redirects_heads_and_programs_are_no_visits(world: World, counter: counting.Counter) -> None:
    client = reader()
    client.get("/reports/ltq/1999/")
    client.get("/reports")
    client.head(REPORT)
    client.get(REPORT, HTTP_X_ASKED_BY="HEAD")
    client.post("/feedback/")
    client.get("/robots.txt")
    client.get("/desk/login/")
    client.get("/api/v1/kinds")
    Client().get(REPORT)
    Client(HTTP_USER_AGENT="Baiduspider").get(REPORT)
    assert counter.flush() == 0
    client.get(REPORT, HTTP_X_ASKED_BY="GET")
    assert counter.flush() == 1


def test_answers_from_memory_and_unchanged_ones_count_and_ask_no_database(
    world: World, counter: counting.Counter, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gongkai.portal import caching

    settings.PAGE_CACHE_SECONDS = 60
    monkeypatch.setattr(caching.time, "monotonic", lambda: 1000.0)
    client = reader()
    tag = client.get(REPORT)["ETag"]
    with CaptureQueriesContext(connection) as asked:
        client.get(REPORT)
        assert client.get(REPORT, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert len(asked) == 0
    assert counter.flush() == 3


def test_downloads_are_told_apart_and_pictures_are_part_of_their_page(
    world: World, counter: counting.Counter
) -> None:
    column = make_column(world.dept, code="tzgg")
    attached, picture = make_attachment(world.dept), make_attachment(world.dept, "图")
    type(picture).objects.filter(pk=picture.pk).update(media_type="image/png")
    blocks = [("download", {"file": f, "name": ""}) for f in (attached, picture)]
    make_item(column, body=[("text", "<p>正文。</p>"), *blocks])
    document = make_document(world.ltq)
    counts = {
        (timezone.localdate(), address): 3
        for path in (attached.get_absolute_url(), picture.get_absolute_url(), f"/policies/{document.pk}.pdf")
        if (address := address_of(path))
    }
    assert ledger.add(counts) == 6
    found = dict(VisitTotal.objects.values_list("section", "kind"))
    assert found == {Section.COLUMNS: Kind.FILE, Section.POLICIES: Kind.FILE}
    row = VisitTotal.objects.get(section=Section.COLUMNS)
    assert (row.organ, row.column, row.views) == (world.dept, "tzgg", 3)
    assert not VisitedPage.objects.filter(path=picture.get_absolute_url()).exists()


def test_the_site_reading_itself_for_an_export_is_no_visit(world: World, counter: counting.Counter) -> None:
    from gongkai.portal.export.addresses import Address as Link
    from gongkai.portal.export.fetching import Application

    assert Application("http://localhost").get(Link(REPORT)).status == 200
    assert counter.flush() == 0


def test_a_site_without_an_organ_takes_the_first_one(db: None) -> None:
    assert ledger.add({(date(2026, 1, 5), Address("/", Kind.PAGE, Section.HOME)): 1}, date(2026, 1, 6)) == 0
    first = Organ.add_root(name="甲区人民政府", short_name="甲区", slug="jia", kind="government")
    SiteProfile.objects.filter(pk=1).update(organ=None)
    assert ledger.add({(date(2026, 1, 5), Address("/", Kind.PAGE, Section.HOME)): 1}, date(2026, 1, 6)) == 1
    assert VisitTotal.objects.get().organ == first


# --- the counter --------------------------------------------------------------------------------------------------

HOME = Address("/", Kind.PAGE, Section.HOME)


def test_threads_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    monkeypatch.setattr(ledger, "add", lambda counts: written.append(sum(counts.values())) or 0)
    counter = counting.Counter()

    def visit() -> None:
        for _ in range(5000):
            counter.add(HOME)

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        counter.flush()
    counter.flush()
    assert sum(written) == 40000


def test_a_database_that_refuses_loses_no_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    counter, written = counting.Counter(), []

    def refuse(counts: Any) -> int:
        counter.add(HOME)  # meanwhile
        raise DatabaseError("locked")

    monkeypatch.setattr(ledger, "add", refuse)
    counter.add(HOME)
    assert counter.flush() == 0
    monkeypatch.setattr(ledger, "add", lambda counts: written.append(dict(counts)) or 2)
    assert counter.flush() == 2
    assert list(written[0].values()) == [2]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(counting, "MOST", 3)
    monkeypatch.setattr(ledger, "add", lambda counts: sum(counts.values()))
    counter = counting.Counter()
    for n in range(10):
        counter.add(Address(f"/gov/{n}/", Kind.PAGE, Section.COLUMNS))
    counter.add(Address("/gov/0/", Kind.PAGE, Section.COLUMNS))
    with caplog.at_level("ERROR"):
        assert counter.flush() == 7
    assert "4 次没有计入" in caplog.text


def test_the_day_is_that_of_shanghai_and_changes_at_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    clock = [dt.datetime(2026, 3, 1, 15, 59, 50, tzinfo=dt.UTC).timestamp()]
    monkeypatch.setattr(counting.time, "time", lambda: clock[0])
    written: list[date] = []
    monkeypatch.setattr(ledger, "add", lambda counts: written.extend(day for day, _ in counts) or 0)
    counter = counting.Counter()
    counter.add(HOME)
    clock[0] += 9
    counter.add(HOME)
    clock[0] += 1
    counter.add(HOME)
    counter.flush()
    assert written == [date(2026, 3, 1), date(2026, 3, 2)]


class WritingByItself(TransactionTestCase):
    """The thread of a worker writes with a connection of its own, and gives it back."""

    def test_it_writes(self) -> None:
        Organ.add_root(name="甲区人民政府", short_name="甲区", slug="jia", kind="government")
        with self.settings(VISITS_FLUSH_SECONDS=0.05):
            counter = counting.Counter()
            counter.add(HOME)
            counter.start()
            counter.start()
            for _ in range(100):
                if VisitTotal.objects.exists():
                    break
                threading.Event().wait(0.05)
            assert VisitTotal.objects.get().views == 1
            assert sum(thread.name == "visits" for thread in threading.enumerate()) == 1
            counter.add(HOME)
            counter.close()
            assert VisitTotal.objects.get().views == 2


# --- the ledger ---------------------------------------------------------------------------------------------------


def test_counts_are_added_and_both_tables_agree(world: World) -> None:
    day = timezone.localdate()
    other = Address(REPORT, Kind.PAGE, Section.REPORTS)
    for _ in range(2):
        ledger.add({(day, HOME): 2, (day, other): 3, (day - timedelta(days=1), HOME): 4})
    assert PageViews.objects.count() == 3
    assert sum(PageViews.objects.values_list("views", flat=True)) == 18
    assert sum(VisitTotal.objects.values_list("views", flat=True)) == 18


def test_the_number_of_queries_does_not_grow_with_the_addresses(world: World) -> None:
    column = make_column(world.ltq, code="gzdt")
    items = [make_item(column, title=f"关于事项{n}的通知") for n in range(6)]
    day = timezone.localdate()
    costs = []
    for some in (items[:1], items[1:]):
        addresses = [address_of(item.public_url) for item in some]
        with CaptureQueriesContext(connection) as asked:
            ledger.add({(day, a): 1 for a in addresses if a})
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12
    with CaptureQueriesContext(connection) as asked:
        ledger.add({(day, a): 1 for item in items if (a := address_of(item.public_url))})
    assert len(asked) <= 5, "known addresses cost a look and two statements"


def test_old_days_become_months_and_nothing_is_lost(world: World, settings: Any) -> None:
    settings.VISITS_KEEP_MONTHS = 2
    today, old, young = date(2026, 6, 15), date(2026, 3, 30), date(2026, 4, 1)
    assert ledger.first_kept(today) == young
    report = Address(REPORT, Kind.PAGE, Section.REPORTS)
    ledger.add(
        {(old, HOME): 5, (date(2026, 3, 31), HOME): 6, (old, report): 7, (young, HOME): 8}, date(2026, 4, 2)
    )
    call = ledger.roll_up
    assert call(today) == (1, 3)
    assert call(today) == (0, 0)
    rows = set(VisitTotal.objects.values_list("day", "month", "section", "views"))
    assert rows == {
        (date(2026, 3, 1), True, "home", 11), (date(2026, 3, 1), True, "reports", 7), (young, False, "home", 8),
    }  # fmt: skip
    assert set(VisitedPage.objects.values_list("path", flat=True)) == {"/"}
    ledger.add({(old, HOME): 1}, today)  # a late log
    assert VisitTotal.objects.get(month=True, section="home").views == 12
    assert not PageViews.objects.filter(day__lt=young).exists()


def test_the_command_says_what_it_did(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.add({(date(2020, 1, 1), HOME): 1}, date(2020, 1, 2))
    call_command("roll_up_visits")
    assert "已合并 1 个月，清除逐页明细 1 行" in capsys.readouterr().out


def test_no_table_of_visits_can_hold_a_person() -> None:
    """Whole days and public addresses: no field for an address of a network, a cookie, a program or a time of day."""
    for model in (VisitedPage, PageViews, VisitTotal):
        for field in model._meta.fields:
            assert not isinstance(
                field, (models.DateTimeField, models.GenericIPAddressField, models.JSONField)
            )
    assert VisitLog._meta.get_field("head").max_length == 64
