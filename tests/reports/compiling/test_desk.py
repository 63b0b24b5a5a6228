"""The desk of the compiled report: begin a draft, follow a number to its records, enter statistics, import a sheet."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.organs.desk.today import gather
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.compiling.overrides import set_override
from gongkai.reports.compiling.statistics import save_statistics
from gongkai.reports.models import AnnualReport, CellOverride, OpeningBalance, Scope, Source, StatisticEntry
from tests.reports.test_desk import desk
from tests.reports.world import World

LICENCE = "t2.licence.decisions"
BASE = "/desk/annual-reports"


def test_a_draft_is_begun_from_the_desk_and_says_what_is_missing(world: World) -> None:
    client = desk(world.director)
    page = client.get(f"{BASE}/compile/?organ={world.ltq.pk}&year=2023&scope=region").content.decode()
    assert "统计数据一个都没有填" in page
    assert "没有上一年已公布的报告" in page
    answer = client.post(f"{BASE}/compile/", {"organ": world.ltq.pk, "year": 2023, "scope": "region"})
    row = AnnualReport.objects.get(source=Source.COMPILED)
    assert answer["Location"] == f"{BASE}/workbench/{row.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert f'{BASE}/cell/{row.pk}/t3.new.natural/"' in page
    again = client.post(f"{BASE}/compile/", {"organ": world.ltq.pk, "year": 2023, "scope": "region"})
    assert again.status_code == 422
    assert "未公布的报告" in again.content.decode()


def test_a_number_opens_its_parts_records_and_override(world: World) -> None:
    save_statistics(world.editor, world.dept, 2023, {(LICENCE, 3): Decimal(7)}, source="许可系统")
    row = start_draft(world.director, world.ltq, 2023, Scope.REGION)
    client = desk(world.director)
    page = client.get(f"{BASE}/cell/{row.pk}/{LICENCE}/").content.decode()
    assert "许可系统" in page
    assert "利通区财政局" in page
    sheet = client.get(f"{BASE}/cell/{row.pk}/{LICENCE}/?export=xlsx")
    assert load_workbook(BytesIO(sheet.content)).active.max_row == 3
    assert "由这些数相加" in client.get(f"{BASE}/cell/{row.pk}/t3.total.total/").content.decode()
    wrong = client.post(f"{BASE}/cell/{row.pk}/{LICENCE}/", {"value": "八", "reason": "纸质登记簿"})
    assert wrong.status_code == 422
    assert "纸质登记簿" in wrong.content.decode()
    client.post(f"{BASE}/cell/{row.pk}/{LICENCE}/", {"value": "8", "reason": "纸质登记簿"})
    assert CellOverride.objects.get().value == 8
    bench = client.get(f"{BASE}/workbench/{row.pk}/").content.decode()
    assert 'title="人工调整"' in bench
    book = load_workbook(BytesIO(client.get(f"{BASE}/worksheet/{row.pk}/").content))
    line = next(line for line in book.active.iter_rows(values_only=True) if line[5] == "纸质登记簿")
    assert line[1:3] == (8, 7)
    client.post(f"{BASE}/cell/{row.pk}/{LICENCE}/", {"act": "withdraw"})
    assert CellOverride.objects.get().withdrawn_at is not None


@pytest.mark.parametrize("who", ["stranger", "editor"])
def test_another_organs_numbers_cannot_be_opened(world: World, who: str) -> None:
    row = start_draft(world.director, world.ltq, 2023, Scope.REGION)
    set_override(world.director, row, "t3.new.natural", Decimal(2), reason="秘密理由")
    client = desk(getattr(world, who))
    for tail in (f"cell/{row.pk}/t3.new.natural", f"worksheet/{row.pk}"):
        assert client.get(f"{BASE}/{tail}/").status_code == 404
    answer = client.post(f"{BASE}/cell/{row.pk}/t3.new.natural/", {"value": "9", "reason": "甲"})
    assert answer.status_code == 404
    grid = client.get(f"/desk/statistics/grid/?organ={world.ltq.pk}&year=2023")
    assert grid.status_code in (302, 403)


def test_a_leader_looks_but_does_not_begin_a_draft(world: World) -> None:
    assert desk(world.leader).get(f"{BASE}/compile/").status_code in (302, 403)
    assert desk(world.leader).post(f"{BASE}/compile/", {"organ": world.ltq.pk}).status_code in (302, 403)


def test_the_grid_saves_and_keeps_what_was_typed(world: World) -> None:
    client = desk(world.editor)
    url = f"/desk/statistics/grid/?organ={world.dept.pk}&year=2023"
    assert client.get(url).status_code == 200
    client.post(url, {f"{LICENCE}:1": "1,234", "source": "许可系统"})
    assert StatisticEntry.objects.get().amount == 1234
    page = client.post(url, {f"{LICENCE}:1": "十", f"{LICENCE}:2": "77", "source": "许可系统"})
    assert page.status_code == 422
    assert 'value="77"' in page.content.decode()
    assert StatisticEntry.objects.get().amount == 1234


def test_the_excel_template_goes_round_with_a_dry_run(world: World) -> None:
    client = desk(world.editor)
    where = f"?organ={world.dept.pk}&year=2023"
    book = load_workbook(BytesIO(client.get(f"/desk/statistics/template/{where}").content))
    page = book.active
    row = next(r for r in range(3, page.max_row + 1) if page.cell(r, 1).value == LICENCE)
    page.cell(row, 5).value = 12
    page.cell(row, 6).value = "十二"

    def upload() -> SimpleUploadedFile:
        out = BytesIO()
        book.save(out)
        return SimpleUploadedFile("统计.xlsx", out.getvalue())

    bad = client.post(f"/desk/statistics/import/{where}", {"sheet": upload()})
    assert bad.status_code == 422
    assert f"F{row}" in bad.content.decode()
    page.cell(row, 6).value = 3
    dry = client.post(f"/desk/statistics/import/{where}", {"sheet": upload()})
    assert dry.status_code == 200
    assert not StatisticEntry.objects.exists()
    parcel = dry.context["parcel"]
    other = client.post(f"/desk/statistics/import/?organ={world.ltq.pk}&year=2023", {"parcel": parcel})
    assert other.status_code in (302, 403)
    assert not StatisticEntry.objects.exists()
    client.post(f"/desk/statistics/import/{where}", {"parcel": parcel, "source": "许可系统"})
    assert sorted(StatisticEntry.objects.values_list("month", "amount")) == [(1, 12), (2, 3)]
    assert (
        client.post(
            f"/desk/statistics/import/{where}", {"sheet": SimpleUploadedFile("统计.xlsx", b"MZ" + b"0" * 99)}
        ).status_code
        == 422
    )


def test_opening_balances_on_the_desk(world: World) -> None:
    client = desk(world.director)
    url = f"/desk/opening-balances/grid/?organ={world.ltq.pk}&year=2026"
    assert "不一致" in client.get(url).content.decode()
    client.post(url, {"t3.carried_in.natural": "1", "reason": "2025年度报告表三"})
    assert OpeningBalance.objects.get().amount == 1
    assert "不一致" not in client.get(url).content.decode()


def test_today_names_who_has_not_entered(world: World) -> None:
    save_statistics(world.editor, world.dept, 2025, {(LICENCE, 0): Decimal(7)}, source="许可系统")
    said = [task.title for task in gather(world.director, timezone.localdate()) if "统计数据" in task.title]
    assert said
    assert "利通区财政局" in said[0]
    assert not [task for task in gather(world.stranger, timezone.localdate()) if "统计数据" in task.title]
