"""The public pages of reports: only what is published, the same for everyone, in a bounded number of queries."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from django.test import Client

from gongkai.annualreport.readers import read
from gongkai.annualreport.values import Kind, Value
from gongkai.demo import figures
from gongkai.organs.scope import SYSTEM
from gongkai.reports import services
from gongkai.reports.models import AnnualReport
from tests.reports.world import World, draft


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def test_list_and_filters(client: Client, world: World) -> None:
    page = text(client, "/reports/")
    assert page.count('name="r"') == 3
    assert text(client, "/reports/?year=2024").count('name="r"') == 1
    assert text(client, "/reports/?organ=bgq").count('name="r"') == 1
    assert text(client, "/reports/?q=北关 2025").count('name="r"') == 1
    assert "没有符合条件的年度报告" in text(client, "/reports/?year=2008")
    assert text(client, "/reports/?year=abc&page=zzz").count('name="r"') == 3


def test_the_list_shows_figures_and_stays_within_its_queries(
    client: Client, world: World, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(8):
        page = text(client, "/reports/")
    assert '<td class="n" data-l="新收">29</td>' in page


def test_a_report_page_shows_the_official_tables_and_everything_around(client: Client, world: World) -> None:
    page = text(client, "/reports/ltq/2025/")
    assert re.search(r'data-cell="t2.fee.amount"[^>]*>1523.86</td>', page)
    assert page.count('data-cell="') == 200
    for words in (
        "二、主动公开政府信息情况",
        "同年其他机关",
        "逐年比较",
        "SHA-256",
        "[R/OL]",
        "国办公开办函〔2021〕30号",
    ):
        assert words in page
    for name, content in (
        ("ArticleTitle", "利通区人民政府2025年政府信息公开工作年度报告"), ("PubDate", "2026-03-12 09:45"),
        ("ContentSource", "利通区人民政府"), ("ColumnName", "年度报告"), ("SiteIDCode", "6403020001"),
    ):  # fmt: skip
        assert f'<meta name="{name}" content="{content}">' in page
    # Findings are the office's business; the public page shows the report as published.
    assert "gk-error" not in page


def test_a_report_page_stays_within_its_queries(
    client: Client, world: World, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(8):
        text(client, "/reports/ltq/2025/")


@pytest.mark.parametrize("tail", ["", "report.pdf", "v1/", "v1/report.json"])
def test_a_draft_is_not_public_in_any_form(client: Client, world: World, tail: str) -> None:
    draft(world)
    page = text(client, f"/reports/ltq/2023/{tail}", 404)
    assert "秘密" not in page
    client.force_login(world.stranger, backend="django.contrib.auth.backends.ModelBackend")
    text(client, f"/reports/ltq/2023/{tail}", 404)


def test_a_draft_is_in_no_list_search_map_or_comparison(client: Client, world: World) -> None:
    draft(world)
    for url in (
        "/", "/reports/", "/reports/?q=秘密", "/search/?q=秘密", "/organs/ltq/", "/sitemap/", "/sitemap.xml",
        "/reports/compare/?r=ltq.2023&r=ltq.2025",
    ):  # fmt: skip
        page = text(client, url)
        assert "未公布的秘密草稿" not in page, url
        assert "/reports/ltq/2023/" not in page, url


@pytest.mark.parametrize(
    ("format", "media"),
    [
        ("pdf", "application/pdf"), ("json", "application/json"), ("csv", "text/csv; charset=utf-8"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("html", "text/html; charset=utf-8"),
    ],
)  # fmt: skip
def test_downloads_are_the_report_under_its_chinese_name(
    client: Client, world: World, format: str, media: str
) -> None:
    response = client.get(f"/reports/ltq/2025/report.{format}")
    assert response["Content-Type"] == media
    name = unquote(response["Content-Disposition"].split("utf-8''")[1])
    assert name == f"利通区人民政府2025年政府信息公开工作年度报告.{format}"
    assert read(response.content)[0].amounts() == figures.get("LT25").amounts()
    again = client.get(f"/reports/ltq/2025/report.{format}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_format_or_report(client: Client, world: World) -> None:
    for url in (
        "/reports/ltq/2025/report.exe",
        "/reports/ltq/1999/",
        "/reports/none/2025/",
        "/reports/ltq/2025/v9/",
    ):
        assert "没有这个页面" in text(client, url, 404)


def test_a_correction_keeps_the_old_version_readable(client: Client, world: World) -> None:
    before = client.get("/reports/ltq/2025/report.json")
    report = figures.get("LT25")
    report.values["t2.normative.valid"] = Value(Kind.NUMBER, 28, "28")
    row = services.record_report(SYSTEM, report, world.ltq, 2025, correction="现行有效件数误填")
    services.publish_report(SYSTEM, row)
    page = text(client, "/reports/ltq/2025/")
    assert "更正说明：现行有效件数误填" in page
    assert re.search(r'data-cell="t2.normative.valid"[^>]*>28</td>', page)
    old = text(client, "/reports/ltq/2025/v1/")
    assert "已被替换" in old
    assert re.search(r'data-cell="t2.normative.valid"[^>]*>34</td>', old)
    assert "/reports/ltq/2025/v1/report.pdf" in old
    assert client.get("/reports/ltq/2025/report.json")["ETag"] != before["ETag"]
    assert client.get("/reports/ltq/2025/v1/report.json").content == before.content


def test_years_side_by_side_with_the_same_figures_in_table_and_chart(client: Client, world: World) -> None:
    page = text(client, "/reports/ltq/2025/")
    data = json.loads(re.search(r'data-chart="([^"]+)"', page)[1].replace("&quot;", '"'))
    assert data["columns"] == ["2024 年", "2025 年"]
    assert data["values"][data["rows"].index("本年新收申请")] == [38, 29]
    row = re.search(r'<th scope="row">本年新收申请</th>(.*?)</tr>', page, re.S)[1]
    assert re.findall(r'class="n">(\d+)', row) == ["38", "29"]
    assert "（−9）" in row
    assert page.count('class="bar bar-1"') == len(data["rows"])


def test_compare_any_two_to_six(client: Client, world: World, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        page = text(client, "/reports/compare/?r=ltq.2025&r=bgq.2025")
    assert "利通区政府 2025" in page
    assert "北关区政府 2025" in page
    assert "文字变化" in page
    assert "请先到" in text(client, "/reports/compare/?r=ltq.2025")
    assert "请先到" in text(client, "/reports/compare/?r=nonsense&r=..2025&r=a.b")
    many = "&".join(f"r=x.{year}" for year in range(2010, 2020))
    assert "一次最多比较 6 份" in text(client, f"/reports/compare/?{many}")


def test_hostile_words_in_a_report_stay_words(client: Client, world: World) -> None:
    report = figures.get("LT25")
    report.title = '<script>alert("x")</script>2022年政府信息公开工作年度报告'
    report.sections[1].text += '\n<img src=x onerror="alert(1)">'
    report.values["t3.new.natural"] = Value(Kind.TEXT, None, '"><svg onload=alert(1)>')
    row = services.publish_report(SYSTEM, services.record_report(SYSTEM, report, world.dept, 2022))
    for url in (row.get_absolute_url(), "/reports/", "/", "/reports/compare/?r=ltq-czj.2022&r=ltq.2025"):
        page = text(client, url)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
    assert AnnualReport.objects.get(pk=row.pk).title.startswith("<script>")
