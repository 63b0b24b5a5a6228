"""The public frame: what every page must carry, no dead link, search, modes, error pages."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings

from gongkai.organs import services as organ_services
from gongkai.organs.models import SiteProfile
from gongkai.organs.scope import SYSTEM
from gongkai.portal import selectors, site
from gongkai.portal.templatetags import portal as tags
from tests.reports.world import World

PAGES = (
    "/", "/search/", "/search/?q=利通区", "/search/?q=没有这种东西", "/organs/", "/organs/ltq/", "/contact/", "/errors/",
    "/accessibility/", "/sitemap/", "/reports/", "/reports/?year=2025", "/reports/ltq/2025/", "/reports/verify/",
    "/reports/compare/", "/reports/compare/?r=ltq.2024&r=ltq.2025", "/nothing/here/",
)  # fmt: skip


def html(client: Client, url: str) -> str:
    return client.get(url).content.decode()


@pytest.mark.parametrize("url", PAGES)
def test_every_page_carries_what_the_inspection_looks_for(client: Client, world: World, url: str) -> None:
    page = html(client, url)
    for words in (
        "主办单位", "网站标识码", "6403020001", "ICP 备案号", "宁ICP备00000000号-1", "公安备案号",
        "宁公网安备 64030200000000 号", "我为政府网站找错", "网站地图", "联系方式", "关怀版",
    ):  # fmt: skip
        assert words in page, words
    assert '<html lang="zh-CN"' in page
    for name, content in (("SiteName", "利通区人民政府"), ("SiteIDCode", "6403020001")):
        assert f'<meta name="{name}" content="{content}">' in page
    assert '<meta name="SiteDomain"' in page
    if "nothing" not in url:
        for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
            assert re.search(f'<meta name="{name}" content="[^"]+">', page), name
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert 'class="skip" href="#main"' in page


@pytest.mark.parametrize("url", PAGES)
def test_nothing_inline_and_nothing_from_elsewhere(client: Client, world: World, url: str) -> None:
    """What the strict policy forbids is not there in the first place."""
    response = client.get(url)
    page = response.content.decode()
    assert "style=" not in page
    assert "<style" not in page
    # A data block is not executed and the policy does not concern it.
    assert not re.search(r'<script(?![^>]*\bsrc=)(?! type="application/ld\+json")', page)
    assert not re.search(r"\son\w+=", page)
    assert not re.findall(r'(?:src|action)="(?:https?:)?//', page)
    assert not re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="(?:https?:)?//', page)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_no_link_leads_nowhere(client: Client, world: World) -> None:
    """Walk every internal link from the home page on."""
    seen: set[str] = set()
    todo = ["/"]
    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        response = client.get(url)
        if url.startswith(("/care/", "/desk/")):
            assert response.status_code == 302, url
            continue
        assert response.status_code == 200, url
        if "text/html" not in response["Content-Type"] or "attachment" in response.get(
            "Content-Disposition", ""
        ):
            continue
        page = response.content.decode()
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        for link in re.findall(r'<a [^>]*href="([^"]+)"', page):
            link = unescape(link)
            if link.startswith("#"):
                assert link[1:] in ids, (url, link)
            elif link.startswith("?"):
                todo.append(url.split("?")[0] + link)
            elif link.startswith("/"):
                todo.append(link.split("#")[0])
    assert len(seen) > 30


def test_ids_are_unique(client: Client, world: World) -> None:
    for url in PAGES:
        ids = re.findall(r'\bid="([^"]+)"', html(client, url))
        assert len(ids) == len(set(ids)), url


def test_home_has_the_box_first_then_the_ways_in_then_what_has_a_date(
    client: Client, world: World, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(7):
        page = html(client, "/")
    order = [page.index(w) for w in ('id="q"', 'class="ways"', "最近公开", "近期日程", "按机关找")]
    assert order == sorted(order)
    assert "北关区人民政府2025年政府信息公开工作年度报告" in page


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 1, 1), [(date(2026, 1, 31), 30), (date(2026, 3, 31), 89)]),
        (date(2026, 1, 31), [(date(2026, 1, 31), 0), (date(2026, 3, 31), 59)]),
        (date(2026, 2, 1), [(date(2026, 3, 31), 58), (date(2027, 1, 31), 364)]),
        (date(2026, 3, 31), [(date(2026, 3, 31), 0), (date(2027, 1, 31), 306)]),
        (date(2026, 4, 1), [(date(2027, 1, 31), 305), (date(2027, 3, 31), 364)]),
        (date(2028, 2, 29), [(date(2028, 3, 31), 31), (date(2029, 1, 31), 337)]),
    ],
)
def test_statutory_dates(today: date, expected: list[tuple[date, int]]) -> None:
    """条例 第四十九条: 31 January for departments, 31 March for governments, each for the year before."""
    dates = selectors.statutory_dates(today)
    assert [(d.day, d.days) for d in dates] == expected
    assert all(str(d.day.year - 1) in d.what for d in dates)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("利通区 2025", ["利通区人民政府2025年政府信息公开工作年度报告"]),
        ("利通区 ２０２４年", ["利通区人民政府2024年政府信息公开工作年度报告"]),
        ("财政局", ["利通区财政局"]),
        ("北关区年报", ["北关区人民政府2025年政府信息公开工作年度报告"]),
        ("%", []),
        ("_", []),
        ("没有这种东西", []),
    ],
)
def test_search(client: Client, world: World, query: str, found: list[str]) -> None:
    response = client.get("/search/", {"q": query})
    result = response.context["result"]
    shown = [*([result.lead] if result.card else []), *result.hits]
    titles = [re.sub("<.*?>", "", hit.title) for hit in shown]
    assert titles[: len(found)] == found
    assert ("没有找到" in response.content.decode()) is not bool(found)


def test_a_search_that_finds_nothing_leads_to_an_application(client: Client, world: World) -> None:
    page = client.get("/search/", {"q": "没有这种东西"}).content.decode()
    assert "/apply/?q=" in page


def test_a_withdrawn_version_leaves_the_search(client: Client, world: World) -> None:
    response = client.get("/search/", {"q": "利通区年度报告"})
    urls = [hit.url for hit in response.context["result"].hits]
    assert len(urls) == len(set(urls))
    assert not any("/v" in url for url in urls)


def test_what_was_searched_is_words(client: Client, world: World) -> None:
    page = client.get("/search/", {"q": '<script>alert(1)</script>" onfocus=x'}).content.decode()
    assert "<script>alert" not in page
    assert (
        tags.mark_terms("<b>利通</b>区", ["利通", "<b>"])
        == "<mark>&lt;b&gt;</mark><mark>利通</mark>&lt;/b&gt;区"
    )


def test_an_organ_without_usable_mail_shows_none(client: Client, world: World) -> None:
    type(world.dept).objects.filter(pk=world.dept.pk).update(email="xxgk@.163.com")
    page = html(client, "/organs/ltq-czj/")
    assert "xxgk@.163.com" not in page
    assert "0953-2012345" in page
    assert "xxgk@.163.com" not in html(client, "/contact/")


def test_an_organ_that_was_merged_names_its_heir(client: Client, world: World) -> None:
    organ_services.merge_organs(SYSTEM, [world.dept], world.ltq, on=date(2026, 1, 1), basis="测试")
    page = html(client, "/organs/ltq-czj/")
    assert "职责由利通区人民政府承接" in page
    assert "利通区财政局" not in html(client, "/organs/")


def test_large_text_mode_is_the_same_page(client: Client, world: World) -> None:
    plain = html(client, "/reports/ltq/2025/")
    assert 'class="care"' not in plain
    response = client.get("/care/on/?next=/reports/ltq/2025/")
    assert response["Location"] == "/reports/ltq/2025/"
    large = html(client, "/reports/ltq/2025/")
    assert '<html lang="zh-CN" class="care">' in large
    assert "退出关怀版" in large
    strip = re.compile(r"<html.*?</header>", re.S)
    assert strip.sub("", plain) == strip.sub("", large)
    client.get("/care/off/?next=/")
    assert 'class="care"' not in html(client, "/")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_mode_switch_leads_back_here_only(client: Client, world: World, target: str) -> None:
    assert client.get("/care/on/", {"next": target})["Location"] == "/"


def test_site_map_xml_and_robots(client: Client, world: World) -> None:
    assert "sitemap-pages.xml" in html(client, "/sitemap.xml")
    xml = html(client, "/sitemap-public.xml") + html(client, "/sitemap-pages.xml")
    for path in ("/reports/ltq/2025/", "/reports/ltq/2024/", "/organs/ltq-czj/", "/reports/verify/"):
        assert f"<loc>http://testserver{path}</loc>" in xml

    robots = html(client, "/robots.txt")
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    assert "Disallow: /desk/" in robots
    assert "Disallow: /\n" not in robots


def test_error_pages_are_ours_and_say_what_to_do(client: Client, world: World) -> None:
    missing = client.get("/nothing/")
    assert missing.status_code == 404
    assert "没有这个页面" in missing.content.decode()
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/reports/verify/act/", {"do": "keep"})
    assert refused.status_code == 403
    assert "页面停留太久" in refused.content.decode()


@override_settings(DEBUG=False)
def test_the_error_page_needs_no_request(world: World) -> None:
    from django.views.defaults import bad_request, permission_denied, server_error

    request = RequestFactory().get("/x/")
    for view, args, words in (
        (server_error, (), "网站出了问题"),
        (permission_denied, (Exception("x"),), "不能查看这个页面"),
        (bad_request, (Exception("x"),), "请求不完整"),
    ):
        page = view(request, *args).content.decode()
        assert words in page
        assert "网站标识码" in page


def test_a_body_beyond_the_limits_says_the_limits(world: World) -> None:
    from django.core.exceptions import RequestDataTooBig

    from gongkai.portal.errors import bad_request

    response = bad_request(RequestFactory().get("/x/"), RequestDataTooBig("x"))
    assert response.status_code == 413
    assert "20\u00a0MB" in response.content.decode()
    assert bad_request(RequestFactory().get("/x/"), ValueError("x")).status_code == 400


def test_a_site_without_a_profile_still_has_its_frame(client: Client, db: None) -> None:
    SiteProfile.objects.all().delete()
    page = html(client, "/")
    assert "还没有公开的内容" in page
    assert "（待填报）" in page
    assert site.site().name
    assert settings.PUBLIC_URL.split("://")[-1] in page


def test_dates_are_written_as_offices_write_them() -> None:
    assert tags.cn_date(date(2026, 11, 30)) == "2026年11月30日（周一）"
    assert tags.cn_date(None) == ""
    assert tags.title_lines("利通区2025年政府信息公开工作年度报告").count("keep") == 2
    assert tags.clauses("没有<公开>的，在这里申请") == (
        '<span class="keep">没有&lt;公开&gt;的，</span><span class="keep">在这里申请</span>'
    )
