"""区域总览 on the desk: who sees what, the four views, the files, a fixed number of queries."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from tests.reports.region.land import YEAR, Land, numbers, person, published

pytestmark = pytest.mark.django_db


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, **query: Any) -> Any:
    return client.get(reverse("annual-reports:region"), {"year": YEAR} | query)


def test_the_table_says_what_is_unusual_and_opens_the_workbench(land: Land) -> None:
    html = page(as_user(land.people["director"])).content.decode()
    assert "河东县第11局" in html
    assert "超过 15%" in html
    assert "应报 13 个单位，12 个已报送或者公布" in html
    row = land.units[10].annual_reports.get()
    assert reverse("annual-reports:edit", args=[row.pk]) in html


@pytest.mark.parametrize(
    ("view", "words"),
    [("spread", "中位数"), ("units", "本机关"), ("findings", "用得太多"), ("nonsense", "第11局")],
)
def test_every_view_opens(land: Land, view: str, words: str) -> None:
    html = page(as_user(land.people["director"]), view=view).content.decode()
    assert (words if view != "units" else "比上年") in html


def test_a_unit_sees_itself_and_a_stranger_nothing(land: Land) -> None:
    editor = page(as_user(land.people["editor"]))
    assert "河东县第1局" in editor.content.decode()
    assert "第2局" not in editor.content.decode()
    stranger = as_user(land.people["stranger"])
    assert "河东县" not in page(stranger).content.decode()
    assert page(stranger, root="hd").status_code == 404
    assert page(stranger, root="hd", export="xlsx").status_code == 404
    assert page(as_user(person(land.gov, "village", Role.VILLAGE))).status_code in (302, 403)


def test_files_have_the_chosen_units_and_no_formula(land: Land) -> None:
    Organ.objects.filter(pk=land.units[0].pk).update(name="=1+1局")
    client = as_user(land.people["director"])
    book = load_workbook(io.BytesIO(page(client, export="xlsx").content))
    names = [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert len(names) == 13
    assert book.worksheets[0]["A2"].data_type == "s"
    assert any("超过 15%" in row[3].value for row in book.worksheets[1].iter_rows(min_row=2))
    rows = list(
        csv.reader(io.StringIO(page(client, export="csv", state="unusual").content.decode("utf-8-sig")))
    )
    assert [row[0] for row in rows[1:]] == ["河东县第11局"]
    every = page(client, export="csv").content.decode("utf-8-sig")
    assert "\n=1+1" not in every


def test_queries_are_the_same_for_more_units(land: Land, django_assert_max_num_queries: Any) -> None:
    client = as_user(land.people["director"])
    page(client)
    for number, at in enumerate(land.units[:6]):
        published(at, YEAR - 1, numbers(30 + number, 20))
    for view in ("table", "spread", "units", "findings"):
        with django_assert_max_num_queries(22):
            page(client, view=view)
