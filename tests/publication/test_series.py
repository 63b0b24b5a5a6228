"""Series of interpretations: what is public, in the order of its numbers, from every page that belongs to it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.scope import SYSTEM
from gongkai.portal.export.addresses import exportable
from gongkai.publication import search_documents, series, services
from gongkai.publication.models import InterpretationPage
from gongkai.publication.selectors import narrative_facts
from gongkai.publication.testing import make_column, make_item
from gongkai.publication.vocab import ELEMENTS
from gongkai.reports.narrative.publication_fields import _count

pytestmark = pytest.mark.django_db
NAME = "政策公开讲"
URL = f"/disclosure/series/jia/{quote(NAME)}/"


@pytest.fixture
def column(world: Any) -> Any:
    return make_column(
        world.dept, code="zcjd", title="政策解读", content_class="statutory", column_type="interpretation", default_kind="interpretation",
    )  # fmt: skip


def episode(
    column: Any, number: int | None, publish: bool = True, at: Any = None, **fields: Any
) -> InterpretationPage:
    title = fields.pop("title", f"{NAME}第{number}期")
    page = InterpretationPage(
        title=title, summary="讲解。", formed_on=timezone.localdate(), body=[("text", "<p>讲解。</p>")], form="video",
        **dict.fromkeys(ELEMENTS, "写明。"), **{"series": NAME, "issue_number": number, "document_title": "入学办法", **fields},
    )  # fmt: skip
    made = services.create_item(SYSTEM, column, page)
    return services.publish(SYSTEM, made) if publish else made  # type: ignore[return-value]


def test_a_series_lists_what_is_public_by_its_numbers(world: Any, column: Any, client: Any) -> None:
    for number in (2, 11, 1):
        episode(column, number, speaker="张局长")
    episode(column, None, title="开讲预告")
    episode(column, 12, publish=False)
    gone = episode(column, 3)
    services.withdraw(SYSTEM, gone, reason="录制有误。")
    text = client.get(URL).content.decode()
    places = [text.index(f"{NAME}第{number}期<") for number in (11, 2, 1)] + [text.index("开讲预告<")]
    assert places == sorted(places)
    assert f"{NAME}第12期" not in text
    assert f"{NAME}第3期" not in text
    assert "共 4 期" in text
    assert "第 11 期" not in text  # the title says it
    episode(column, 5, title="入学怎样办")
    assert '第 5 期</span>　<a class="plain"' in client.get(URL).content.decode()
    assert "视频解读 · 张局长" in text
    assert "解读的文件：入学办法" in text


def test_a_series_without_a_public_episode_is_not_there(world: Any, column: Any, client: Any) -> None:
    assert "还没有系列解读" in client.get(reverse("publication:series_index")).content.decode()
    episode(column, 1, publish=False)
    assert client.get(URL).status_code == 404
    assert NAME not in client.get(reverse("publication:series_index")).content.decode()


def test_an_episode_leads_to_its_series_and_its_neighbours(world: Any, column: Any, client: Any) -> None:
    first, second, third = (episode(column, number) for number in (1, 2, 3))
    text = client.get(second.public_url).content.decode()
    aside = text[text.index("<h2>系列</h2>") :]
    assert f'href="{URL}"' in aside
    assert f'上一期：<a href="{first.public_url}"' in aside
    assert f'下一期：<a href="{third.public_url}"' in aside
    assert "上一期" not in client.get(first.public_url).content.decode()
    assert "下一期" not in client.get(third.public_url).content.decode()
    alone = episode(column, None, series="", title="单篇解读")
    assert "<h2>系列</h2>" not in client.get(alone.public_url).content.decode()


@pytest.mark.parametrize(
    "name", ["公开/讲", "讲？?什么", "100% 讲", "..", "<b>讲</b>", "讲\x07", "#1", "讲|讲"]
)
def test_names_that_no_address_carries_are_refused(world: Any, column: Any, client: Any, name: str) -> None:
    with pytest.raises(ValidationError, match="系列名称"):
        episode(column, 1, series=name)
    # What is stored already breaks no page: it is no series.
    page = episode(column, 1, title="一期")
    InterpretationPage.objects.filter(pk=page.pk).update(series=name)
    for address in (page.public_url, column.url, "/disclosure/series/", reverse("portal:sitemap")):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "<b>讲" not in answer.content.decode()
    assert series.all_series() == []


@pytest.mark.parametrize("name", ["政策公开讲（第二季）", "“讲”", "局长讲·政策！", "第 2 季", "AI+讲"])
def test_names_with_marks_have_a_page(world: Any, column: Any, client: Any, name: str) -> None:
    page = episode(column, 1, series=name)
    link = re.search(r'href="(/disclosure/series/[^"]+)"', client.get(page.public_url).content.decode())
    assert link is not None
    assert client.get(link[1]).status_code == 200
    assert exportable(link[1]) is not None


def test_blanks_and_line_breaks_make_no_other_series(world: Any, column: Any) -> None:
    assert episode(column, 1, series="  政策\n公开讲 ").series == "政策 公开讲"


def test_each_government_has_its_own(world: Any, column: Any, client: Any) -> None:
    foreign = make_column(
        world.other, code="zcjd", title="政策解读", content_class="statutory", column_type="interpretation", default_kind="interpretation",
    )  # fmt: skip
    ours, theirs = episode(column, 1, title="甲一"), episode(foreign, 2, title="乙二")
    assert "下一期" not in client.get(ours.public_url).content.decode()
    assert "乙二" not in client.get(URL).content.decode()
    assert "乙二" in client.get(f"/disclosure/series/yi/{quote(NAME)}/").content.decode()
    assert client.get(f"/disclosure/series/jia-jyj/{quote(NAME)}/").status_code == 404
    assert {(s.government, s.episodes) for s in series.all_series()} == {
        ("甲区人民政府", 1),
        ("乙区人民政府", 1),
    }
    assert theirs.series == NAME


def test_pages_made_before_are_too_old_when_an_episode_moves(world: Any, column: Any) -> None:
    """The search knows no series: what its entry is made of has to tell all the same."""
    page = episode(column, 3)
    before = search_documents.entry(page)
    page.series, page.issue_number = "另一个系列", 30
    page.save_revision()
    services.publish(SYSTEM, page)
    after = search_documents.entry(InterpretationPage.objects.get(pk=page.pk))
    assert before is not None
    assert after is not None
    assert before.digest() != after.digest()


def test_pages_and_queries_are_bounded(
    world: Any, column: Any, client: Any, django_assert_max_num_queries: Any
) -> None:
    document = make_item(world.column, title="入学办法全文")
    for number in range(1, series.PER_PAGE + 3):
        episode(column, number, document=document)
    url = URL
    client.get(url)
    with django_assert_max_num_queries(4):
        text = client.get(url, {"q": "不缓存"}).content.decode()
    assert text.count("入学办法全文</a>") == series.PER_PAGE
    assert "第 1 页，共 2 页" in text
    assert f"{NAME}第2期" in client.get(url, {"page": 2}).content.decode()


def test_it_is_found_from_the_column_and_the_site_map(world: Any, column: Any, client: Any) -> None:
    episode(column, 1)
    for address in (column.url, reverse("portal:sitemap"), reverse("publication:series_index")):
        assert URL in client.get(address).content.decode(), address
    sitemap = client.get(reverse("portal:sitemap_section", args=["pages"])).content.decode()
    assert reverse("publication:series_index") in sitemap


def test_the_report_counts_the_episodes_of_its_year(world: Any, column: Any) -> None:
    year = timezone.localdate().year
    episode(column, 1)
    episode(column, None, series="", title="单篇解读")
    episode(column, 2, publish=False)
    assert narrative_facts(world.gov, year)["episodes"] == 1
    assert narrative_facts(world.gov, year)["interpretations"] == 2
    assert narrative_facts(world.gov, year - 1)["episodes"] == 0
    assert _count(world.gov, year, True)["系列解读期数"] == 1
    assert _count(world.other, year, True)["系列解读期数"] == 0
