"""Topics, columns, the standard catalogue and the tables of reports are found, and are nobody's news."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongkai.annualreport.model import from_numbers
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.portal import home
from gongkai.portal.export import export_site
from gongkai.portal.selectors import public_hits
from gongkai.publication import search_standards
from gongkai.publication import services as publication
from gongkai.publication.models import ColumnPage, GrassrootsItem, OrganSection
from gongkai.publication.testing import make_catalogue_item, make_column, make_item
from gongkai.reports.search_documents import table_lines
from gongkai.search import indexing
from gongkai.search.finding import Filters, find
from gongkai.search.models import SearchDoc
from tests.reports.world import World, build

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.django_db


def found(text: str, filters: Filters | None = None) -> list[SearchDoc]:
    positions = find(text, filters, today=TODAY).positions
    rows = SearchDoc.objects.in_bulk(list(positions))
    return [rows[position] for position in positions]


@pytest.fixture
def organ(db: Any) -> Organ:
    return make_organ("某区人民政府", slug="mou")


def test_a_number_of_a_table_finds_its_report(db: Any) -> None:
    build()
    doc = found("行政处罚 3163")[0]
    assert (doc.kind, doc.url) == ("report", "/reports/ltq/2025/")
    assert "行政处罚 3163" in doc.body


def test_rows_of_noughts_are_left_out_and_the_others_bear_their_headings() -> None:
    report = from_numbers({"t2.penalty.decisions": 3163, "t4.reconsideration.corrected": 1})
    lines = table_lines(report)
    assert len(lines) == 2
    assert lines[0] == "行政处罚 3163 （本年处理决定数量）；"
    assert "结果纠正 1" in lines[1]
    assert table_lines(from_numbers({})) == []


def test_a_domain_of_the_standard_catalogue_is_found_by_its_rows(organ: Organ) -> None:
    row = make_catalogue_item(organ)
    row.content = "避难场所、物资储备"
    row.save()
    (doc,) = found("避难场所")
    assert doc.key == search_standards.key(organ.pk, row.domain)
    assert doc.kind == "catalogue"
    assert doc.url == f"/disclosure/catalogue/?domain={row.domain}"
    assert doc.title.startswith("某区人民政府")
    assert doc.title.endswith("领域基层政务公开标准目录")
    assert found("避难场所", Filters(organ=organ.pk)) == [doc]
    indexing.refresh()
    assert [d.key for d in found("避难场所")] == [doc.key]


def test_a_row_that_moves_or_goes_is_followed(organ: Organ) -> None:
    row, other = make_catalogue_item(organ, "甲事项"), make_catalogue_item(organ, "乙事项")
    old = search_standards.key(organ.pk, row.domain)
    domains = [key for key, _ in GrassrootsItem._meta.get_field("domain").flatchoices if key != row.domain]
    row.domain = domains[0]
    row.save()
    new = search_standards.key(organ.pk, row.domain)
    assert "甲事项" not in SearchDoc.objects.get(key=old).body
    assert "甲事项" in SearchDoc.objects.get(key=new).body
    row.delete()
    other.delete()
    assert not SearchDoc.objects.filter(key__startswith="standard:").exists()


def _topic(organ: Organ) -> Any:
    publication.sync_sections()
    section = OrganSection.objects.get(organ=organ)
    return publication.create_topic(
        SYSTEM, section, title="营商环境专题", slug="yshj", introduction="汇集优化营商环境的政策。"
    )


def test_a_topic_is_found_as_long_as_it_is_shown(organ: Organ) -> None:
    topic = _topic(organ)
    (doc,) = found("优化营商环境的政策")
    assert (doc.title, doc.kind, doc.url) == ("营商环境专题", "topic", "/gov/mou/yshj/")
    publication.update_topic(SYSTEM, topic, title="便民服务专题")
    assert found("便民服务专题")[0].key == doc.key
    topic.live = False
    topic.save()
    assert found("便民服务专题") == []


def test_a_column_is_found_once_it_holds_something_and_stands_below_it(organ: Organ) -> None:
    column = make_column(organ, code="zxgz", title="专项工作")
    assert found("专项工作") == []
    page = make_item(column, title="专项工作进展")
    keys = [doc.key for doc in found("专项工作")]
    assert keys == [f"page:{page.pk}", f"column:{column.pk}"]
    doc = SearchDoc.objects.get(key=f"column:{column.pk}")
    assert doc.url == ColumnPage.objects.get(pk=column.pk).get_url()
    assert doc in found("专项工作", Filters(organ=organ.pk))
    publication.withdraw(SYSTEM, page, reason="数据有误")
    assert found("专项工作") == []


def test_the_index_built_anew_is_the_one_that_was_kept(organ: Organ) -> None:
    _topic(organ)
    make_item(make_column(organ), title="一条信息")
    make_catalogue_item(organ)
    assert indexing.refresh() == (0, 0)


def test_lists_are_no_news_and_no_documents(client: Client, organ: Organ) -> None:
    _topic(organ)
    make_catalogue_item(organ)
    page = make_item(make_column(organ, code="zxgz", title="专项工作"), title="专项工作进展")
    assert [line.title for line in home.newest()] == [page.title]
    assert [line.title for line in home.newest_of(organ)] == [page.title]
    assert [hit.title for hit in public_hits("专项工作", 5)] == [page.title]
    listed = client.get("/sitemap-public.xml").content.decode()
    assert "?domain=" not in listed
    column = SearchDoc.objects.get(kind="column")
    assert f"{column.url}</loc>" not in listed
    assert f"{column.url}</loc>" in client.get("/sitemap-sections.xml").content.decode()
    feed = client.get("/feeds/organ/mou.json")
    assert feed.status_code == 200
    titles = [one["title"] for one in feed.json()["items"]]
    assert column.title not in titles
    assert not [title for title in titles if "标准目录" in title]


def test_columns_are_always_exported_anew(tmp_path: Path) -> None:
    world: World = build()
    publication.sync_sections()
    column = make_column(world.ltq, code="zxgz", title="专项工作")
    make_item(column, title="专项工作进展")
    make_catalogue_item(world.ltq)
    assert export_site(tmp_path).broken == []
    make_item(column, title="专项工作又有进展")
    assert export_site(tmp_path).broken == []
    url = SearchDoc.objects.get(key=f"column:{column.pk}").url
    assert "专项工作又有进展" in (tmp_path / "current" / url.strip("/") / "index.html").read_text()
