"""What the home page and the lists of organs choose to show."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from gongkai.normative import services as documents
from gongkai.normative.testing import make_document
from gongkai.organs import services as organs
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.portal import home
from gongkai.publication import services
from gongkai.publication.testing import make_column, make_item
from tests.reports.world import World

pytestmark = pytest.mark.django_db


def line(title: str, path: str, kind: str = "公开信息") -> home.New:
    return home.New(title, "/", kind, path, "", None, path)


def test_the_government_that_runs_the_site_comes_first_and_the_order_stays() -> None:
    runs = Organ(path="0001")
    found = [line("他一", "0002"), line("己一", "0001"), line("他二", "0003"), line("己二", "00010001")]
    chosen = home._own_first(found, lambda n: n.path, runs, 3)
    assert [n.title for n in chosen] == ["他一", "己一", "己二"]
    assert [n.title for n in home._own_first(found, lambda n: n.path, None, 2)] == ["他一", "己一"]


def test_one_busy_office_and_standing_pages_do_not_fill_the_news() -> None:
    found = [line(f"甲{n}", "0001") for n in range(6)]
    found += [line("张三", "0002", "领导信息"), line("乙", "0002", "统计信息")]
    assert [n.title for n in home._varied(found)] == ["甲0", "甲1", "甲2", "乙"]


def test_an_item_is_called_by_its_own_kind(client: Client, world: World) -> None:
    make_item(make_column(world.ltq, code="cw"), title="二〇二六年部门预算", kind="budget")
    make_item(make_column(world.ltq, code="yb"), title="关于停水的通知")
    kinds = {n.title: n.kind for n in client.get("/").context["new"]}
    assert kinds["二〇二六年部门预算"] == "财政预决算"
    assert kinds["关于停水的通知"] == "公开信息"


def test_organs_are_listed_by_kind(client: Client, world: World) -> None:
    organs.create_organ(SYSTEM, world.ltq, kind="village", name="上庄村", slug="ltq-shangzhuang")
    names = lambda kind: [o.name for o in client.get("/organs/", {"kind": kind}).context["page"]]  # noqa: E731
    assert names("village") == ["上庄村"]
    assert names("department") == ["利通区财政局"]
    assert len(names("无此类")) == len(names("")) == 4
    assert "?kind=village" in client.get("/").content.decode()


def test_the_map_of_an_organ_leaves_the_columns_below_it_to_their_own_maps(
    client: Client, world: World
) -> None:
    services.sync_sections()
    make_column(world.ltq, code="own", title="本级栏目")
    make_column(world.dept, code="below", title="部门栏目")
    above = client.get("/sitemap/ltq/").content.decode()
    assert "本级栏目" in above
    assert "部门栏目" not in above
    assert "部门栏目" in client.get("/sitemap/ltq-czj/").content.decode()


def test_a_comparison_can_leave_out_what_is_the_same(client: Client, world: World) -> None:
    row = make_document(world.ltq, issued=date(2022, 5, 10), number="利政规发〔2022〕1号")
    documents.amend(
        SYSTEM, row, on=date(2023, 1, 1), note="修改第一条",
        body="第一条　为进一步规范临时救助，制定本规定。\n第二条　本规定自印发之日起施行。",
    )  # fmt: skip
    address = f"/policies/compare/?a={row.pk}.1&b={row.pk}.2"
    both, changed = (client.get(address + more).content.decode() for more in ("", "&only=changed"))
    assert "第二条" in both
    assert "第二条" not in changed
    assert "进一步" in changed
    assert "显示全部条款" in changed


def test_the_page_of_the_interface_says_what_it_is(client: Client, db: Any) -> None:
    page = client.get("/api/").content.decode()
    assert "读取公开内容不用密钥" in page
    assert "None" not in page


def test_the_news_of_an_organ_are_not_its_standing_pages(client: Client, world: World) -> None:
    column = make_column(world.dept, code="gk")
    make_item(column, title="关于拨付补助资金的公告")
    make_item(column, title="利通区财政局机构职能", kind="profile")
    assert [n.title for n in client.get("/organs/ltq-czj/").context["new"]] == ["关于拨付补助资金的公告"]
