"""What people type: statistics, opening balances, overrides; who may, what is refused, what is kept."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from gongkai.applications.models import Applicant, Application
from gongkai.organs.models import AuditEntry
from gongkai.reports.compiling.cells import Origin, compile_cells, records_behind
from gongkai.reports.compiling.draft import current_report, freeze, start_draft
from gongkai.reports.compiling.evidence import evidence_response, read_evidence
from gongkai.reports.compiling.live import cells_now
from gongkai.reports.compiling.openings import continuity, save_openings
from gongkai.reports.compiling.overrides import set_override, withdraw_override
from gongkai.reports.compiling.statistics import gaps, save_statistics
from gongkai.reports.models import CellOverride, Scope, State, StatisticEntry
from tests.reports.world import World

LICENCE, FEE = "t2.licence.decisions", "t2.fee.amount"


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return SimpleUploadedFile("登记簿.png", out.getvalue())


def test_statistics_add_up_over_months_and_units(world: World) -> None:
    save_statistics(
        world.editor, world.dept, 2023, {(LICENCE, 1): Decimal(7), (LICENCE, 2): Decimal(5)}, source="甲"
    )
    save_statistics(
        world.director, world.ltq, 2023, {(LICENCE, 0): Decimal(3), (FEE, 0): Decimal("0.1")}, source="乙"
    )
    own, region = (compile_cells(world.ltq, 2023, subtree) for subtree in (False, True))
    assert (own[LICENCE].value, region[LICENCE].value) == (3, 15)
    assert region[FEE].value == Decimal("0.1")
    assert region[LICENCE].origin is Origin.STATISTICS
    assert records_behind(world.ltq, 2023, True, LICENCE).rows.count() == 3
    assert gaps(world.dept, 2023)[LICENCE] == list(range(3, 13))
    assert LICENCE not in gaps(world.ltq, 2023)
    entry = AuditEntry.objects.filter(act="statistic.save").order_by("pk").first()
    assert entry is not None
    assert entry.organ == world.dept


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ({(LICENCE, 0): Decimal(3)}, "按月填报，又填了全年数"),
        ({(LICENCE, 2): Decimal("1.5")}, "应为整数"),
        ({(LICENCE, 2): Decimal(-1)}, "不小于 0"),
        ({(LICENCE, 2): Decimal("NaN")}, "不小于 0"),
        ({(LICENCE, 13): Decimal(1)}, "月份"),
        ({("t2.normative.issued", 2): Decimal(1)}, "不是要填报的项目"),
        ({("t3.new.natural", 0): Decimal(1)}, "不是要填报的项目"),
        ({(FEE, 1): Decimal("0.0000001")}, "六位"),
    ],
)
def test_statistics_that_are_refused(world: World, amounts: dict, said: str) -> None:
    save_statistics(world.editor, world.dept, 2023, {(LICENCE, 1): Decimal(7)}, source="甲")
    with pytest.raises(ValidationError, match=said):
        save_statistics(world.editor, world.dept, 2023, amounts, source="甲")
    assert StatisticEntry.objects.count() == 1


def test_months_may_be_exchanged_for_the_year_in_one_act(world: World) -> None:
    save_statistics(world.editor, world.dept, 2023, {(LICENCE, 1): Decimal(7)}, source="甲")
    changed = save_statistics(
        world.editor, world.dept, 2023, {(LICENCE, 1): None, (LICENCE, 0): Decimal(9)}, source="甲"
    )
    assert changed == 2
    assert compile_cells(world.dept, 2023, False)[LICENCE].value == 9
    assert save_statistics(world.editor, world.dept, 2023, {(LICENCE, 0): Decimal(9)}, source="甲") == 0


def test_who_may_enter_statistics(world: World) -> None:
    for user, organ in ((world.editor, world.ltq), (world.stranger, world.dept)):
        with pytest.raises(PermissionDenied):
            save_statistics(user, organ, 2023, {(LICENCE, 1): Decimal(7)}, source="甲")


def test_an_override_is_shown_kept_and_moves_the_sums(world: World) -> None:
    row = start_draft(world.director, world.ltq, 2023, Scope.OWN)
    evidence = read_evidence(picture())
    kept = set_override(
        world.director, row, "t3.new.natural", Decimal(4), reason="启用前 4 件", evidence=evidence
    )
    cells = cells_now(row)
    assert (cells["t3.new.natural"].value, cells["t3.new.natural"].computed) == (4, 0)
    assert cells["t3.new.natural"].adjusted
    assert cells["t3.new.total"].value == 4
    assert current_report(row).amount("t3.new.total") == 4
    assert evidence_response(kept)["Content-Disposition"].startswith("attachment")
    set_override(world.director, row, "t3.new.natural", Decimal(5), reason="启用前 5 件")
    assert CellOverride.objects.filter(report=row).count() == 2
    withdraw_override(world.director, row, "t3.new.natural")
    assert cells_now(row)["t3.new.natural"].value == 0
    with pytest.raises(ValidationError, match="撤销"):
        withdraw_override(world.director, row, "t3.new.natural")


def test_overrides_that_are_refused(world: World) -> None:
    row = start_draft(world.director, world.ltq, 2023, Scope.OWN)
    for key, value, reason in (
        ("t3.new.natural", Decimal(4), " "), ("t3.new.natural", Decimal("1.5"), "甲"), ("t3.x.natural", Decimal(4), "甲"),
        ("t3.new.natural", Decimal(0), "甲"), ("t3.new.natural", Decimal(-1), "甲"),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            set_override(world.director, row, key, value, reason=reason)
    with pytest.raises(PermissionDenied):
        set_override(world.editor, row, "t3.new.natural", Decimal(4), reason="甲")
    set_override(world.director, row, "t3.new.natural", Decimal(4), reason="甲")
    with transaction.atomic():
        freeze(world.director, row)
        row.state = State.SUBMITTED
        row.save()
    with pytest.raises(ValidationError, match="固定"):
        set_override(world.director, row, "t3.new.natural", Decimal(5), reason="甲")
    with pytest.raises(ValidationError, match="固定"):
        withdraw_override(world.director, row, "t3.new.natural")
    with pytest.raises(ValidationError, match="固定"):
        set_override(world.director, world.reports["LT25"], "t3.new.natural", Decimal(5), reason="甲")


def test_a_program_is_no_evidence(world: World) -> None:
    with pytest.raises(ValidationError, match="可执行程序"):
        read_evidence(SimpleUploadedFile("登记簿.pdf", b"MZ" + b"\0" * 200))


def test_opening_balances_carry_cases_in_and_out(world: World) -> None:
    amounts = {"t3.carried_in.natural": 3, "t3.granted.natural": 2, "t3.carried_out.natural": 1}
    with pytest.raises(PermissionDenied):
        save_openings(world.director, world.bgq, 2023, amounts, reason="纸质登记簿")
    assert save_openings(world.director, world.ltq, 2023, amounts, reason="纸质登记簿") == 3
    cells = compile_cells(world.ltq, 2023, True)
    assert cells["t3.carried_in.total"].value == 3
    assert cells["t3.total.natural"].value == 2
    assert cells["t3.carried_in.natural"].origin is Origin.OPENING
    assert records_behind(world.ltq, 2023, True, "t3.carried_in.total").openings.count() == 1
    with pytest.raises(ValidationError, match="多于上年结转"):
        save_openings(world.director, world.ltq, 2023, {"t3.partial.natural": 1}, reason="纸质登记簿")
    with pytest.raises(ValidationError, match="不能填期初数"):
        save_openings(world.director, world.ltq, 2023, {"t3.new.natural": 1}, reason="纸质登记簿")


def test_no_opening_balance_where_the_ledger_ran_before(world: World) -> None:
    person = Applicant.objects.create(kind="natural", masked_name="张**", name="张三三")
    Application.objects.create(
        organ=world.ltq, applicant=person, receipt="R1", code_digest="", channel="online", description="甲",
        column="natural", row="granted", year_new=2022, year_closed=2022, number="公开申〔2022〕1号",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="2023 年以前收到并办结"):
        save_openings(world.director, world.ltq, 2023, {"t3.carried_in.natural": 3}, reason="甲")


def test_continuity_with_last_years_report_column_by_column(world: World) -> None:
    values = {key: cell.value for key, cell in compile_cells(world.ltq, 2026, True).items()}
    lines = {line.label: line for line in continuity(world.ltq, 2026, values)}
    assert (lines["自然人"].before, lines["自然人"].now, lines["自然人"].holds) == (1, 0, False)
    assert lines["商业企业"].holds
