"""The page of a village by its township, of a township with its villages; the ways to both from the home page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from gongkai.organs import services as organs
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.publication import services
from gongkai.publication.testing import make_column, make_item
from tests.reports.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world: World) -> Organ:
    return organs.create_organ(
        SYSTEM, world.ltq, kind="township", name="利通区清河镇人民政府", short_name="清河镇", slug="ltq-qinghe",
        phone="0953-2012399",
    )  # fmt: skip


@pytest.fixture
def village(town: Organ) -> Organ:
    return organs.create_organ(
        SYSTEM, town, kind="village", name="清河镇上庄村", short_name="上庄村", slug="ltq-qinghe-01"
    )


def tree(client: Client, url: str) -> LexborHTMLParser:
    response = client.get(url)
    assert response.status_code == 200
    return LexborHTMLParser(response.content.decode())


def links(page: LexborHTMLParser, where: str) -> list[str | None]:
    return [node.attributes.get("href") for node in page.css(f"{where} a")]


def text(page: LexborHTMLParser) -> str:
    return page.css_first("main").text()


def test_a_village_leads_up_to_its_township_and_shows_what_of_it_concerns_it(
    client: Client, town: Organ, village: Organ
) -> None:
    services.sync_sections()
    column = make_column(town, code="cw", title="农田水利")
    make_item(column, title="上庄村渠道维修情况")
    make_item(column, title="镇政府工作安排")
    page = tree(client, "/organs/ltq-qinghe-01/")
    main = text(page)
    assert "所属机关：利通区清河镇人民政府" in main
    assert "/organs/ltq-qinghe/" in links(page, "main")
    assert links(page, "nav.crumbs")[1:] == ["/organs/", "/organs/ltq/", "/organs/ltq-qinghe/"]
    assert page.css_first("section[aria-labelledby=naming]").text().count("上庄村渠道维修情况") == 1
    assert "镇政府工作安排" not in page.css_first("section[aria-labelledby=naming]").text()
    assert "镇政府工作安排" in page.css_first("section[aria-labelledby=place]").text()
    assert "/gov/ltq/ltq-qinghe/" in links(page, "section[aria-labelledby=place]")
    assert "年度报告" not in main


def test_a_village_without_contact_gives_that_of_its_township(client: Client, village: Organ) -> None:
    page = tree(client, "/organs/ltq-qinghe-01/")
    side = page.css_first("aside.side").text()
    assert "由利通区清河镇人民政府受理" in side
    assert "0953-2012399" in side
    assert "尚未登记" not in side
    assert "/apply/ltq-qinghe/" in links(page, "aside.side")
    Organ.objects.filter(pk=village.pk).update(phone="0953-2019999")
    side = tree(client, "/organs/ltq-qinghe-01/").css_first("aside.side").text()
    assert "0953-2019999" in side
    assert "没有登记电话" not in side


def test_a_village_keeps_to_a_few_queries(
    client: Client, village: Organ, town: Organ, django_assert_max_num_queries: Any
) -> None:
    services.sync_sections()
    client.get("/organs/ltq-qinghe-01/")
    with django_assert_max_num_queries(30):
        client.get("/organs/ltq-qinghe-01/")


def test_a_township_lists_its_villages_and_a_department_its_government(
    client: Client, town: Organ, village: Organ
) -> None:
    page = tree(client, "/organs/ltq-qinghe/")
    units = page.css_first("section[aria-labelledby=units]")
    assert "村（社区）" in units.text()
    assert "/organs/ltq-qinghe-01/" in links(page, "section[aria-labelledby=units]")
    assert "上级机关：利通区人民政府" in text(page)
    assert "没有登记电话" not in text(page)
    assert "下级机构" in text(tree(client, "/organs/ltq/"))


def test_villages_stand_beside_the_organs_near_the_entrances(
    client: Client, world: World, town: Organ
) -> None:
    assert "?kind=village" not in client.get("/").content.decode()
    organs.create_organ(SYSTEM, town, kind="village", name="清河镇上庄村", slug="ltq-qinghe-01")
    page = tree(client, "/")
    assert links(page, "section.home-top > p")[-4:] == [
        "/organs/?kind=government", "/organs/?kind=department", "/organs/?kind=township", "/organs/?kind=village",
    ]  # fmt: skip
