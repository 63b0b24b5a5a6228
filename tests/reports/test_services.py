"""Recording, publishing, correcting and judging: permission, immutability, audit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.annualreport.values import Kind, Value
from gongkai.demo import figures
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import SYSTEM
from gongkai.reports import selectors, services
from gongkai.reports.codec import (
    finding_data,
    finding_from_data,
    report_digest,
    report_from_text,
    report_text,
)
from gongkai.reports.models import AnnualReport, FindingVerdict, ReportCell, State, Verdict
from tests.reports.world import World, at, draft


@pytest.mark.parametrize("code", figures.CODES)
def test_a_report_survives_its_text(code: str) -> None:
    report = figures.get(code)
    back = report_from_text(report_text(report))
    assert back.values == report.values
    assert [(s.number, s.heading, s.text) for s in back.sections] == [
        (s.number, s.heading, s.text) for s in report.sections
    ]
    assert (back.organ, back.year, back.title, back.scope, back.source_name) == (
        report.organ, report.year, report.title, report.scope, report.source_name,
    )  # fmt: skip
    assert report_text(back) == report_text(report)


def test_findings_survive_their_data(world: World) -> None:
    findings = selectors.findings_of(world.reports["LT25"])
    assert len(findings) > 3
    assert [finding_from_data(finding_data(f)) for f in findings] == findings
    assert [finding_from_data(finding_data(f)).identity for f in findings] == [f.identity for f in findings]


def test_recording_keeps_text_digest_and_cells(world: World) -> None:
    row = world.reports["LT25"]
    assert row.digest == report_digest(row.document)
    assert services.verify_digest(row)
    cells = {c.key: c for c in ReportCell.objects.filter(report=row)}
    assert len(cells) == 200
    assert cells["t2.fee.amount"].value == Decimal("1523.86")
    assert cells["t3.new.total"].value == 29
    assert {c.year for c in cells.values()} == {2025}


def test_cells_keep_blank_text_and_absent_apart(world: World) -> None:
    report = figures.get("LT25")
    report.values["t3.new.natural"] = Value(Kind.TEXT, None, "若干")
    report.values["t3.new.business"] = Value(Kind.BLANK, None, " ")
    del report.values["t3.new.research"]
    row = services.record_report(SYSTEM, report, world.dept, 2025)
    kinds = {
        c.key: (c.kind, c.value) for c in ReportCell.objects.filter(report=row, key__startswith="t3.new.")
    }
    assert kinds["t3.new.natural"] == ("text", None)
    assert kinds["t3.new.business"] == ("blank", 0)
    assert kinds["t3.new.research"] == ("absent", None)


def test_forty_digits_do_not_break_the_projection(world: World) -> None:
    report = figures.get("LT25")
    report.values["t3.new.natural"] = Value(Kind.NUMBER, 10**39, str(10**39))
    row = services.record_report(SYSTEM, report, world.dept, 2025)
    cell = ReportCell.objects.get(report=row, key="t3.new.natural")
    assert cell.value is None
    assert cell.raw == str(10**39)
    assert selectors.as_report(row).value("t3.new.natural").number == 10**39


@pytest.mark.parametrize("field", ["digest", "published_at", "year"])
def test_a_published_report_cannot_be_changed(world: World, field: str) -> None:
    row = AnnualReport.objects.get(pk=world.reports["LT25"].pk)
    setattr(row, field, {"digest": "0" * 64, "published_at": timezone.now(), "year": 2020}[field])
    with pytest.raises(ValidationError, match="已经公布"):
        row.save()


def test_one_version_in_force(world: World) -> None:
    row = draft(world, year=2023)
    AnnualReport.objects.filter(pk=row.pk).update(year=2025, version=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnualReport.objects.filter(pk=row.pk).update(state=State.PUBLISHED, published_at=timezone.now())


def test_a_correction_is_a_new_version_and_the_old_one_stays(world: World) -> None:
    old = world.reports["LT25"]
    report = figures.get("LT25")
    with pytest.raises(ValidationError, match="更正了什么"):
        services.record_report(world.director, report, world.ltq, 2025)
    report.values["t2.normative.valid"] = Value(Kind.NUMBER, 28, "28")
    new = services.record_report(
        world.director, report, world.ltq, 2025, correction="现行有效件数误填，改为 28。"
    )
    assert (new.version, new.state) == (2, State.DRAFT)
    services.publish_report(world.director, new)
    old.refresh_from_db()
    assert old.state == State.SUPERSEDED
    assert old.published_at == at("2026-03-12 09:45")
    assert selectors.public_version("ltq", 2025).pk == new.pk
    assert selectors.public_version("ltq", 2025, 1).pk == old.pk
    acts = list(AuditEntry.objects.order_by("-pk").values_list("act", flat=True)[:3])
    assert acts == ["report.publish", "report.supersede", "report.record"]


def test_an_unpublished_version_is_replaced_only_on_request(world: World) -> None:
    first = draft(world)
    report = figures.get("LT24")
    with pytest.raises(ValidationError, match="未公布"):
        services.record_report(world.director, report, world.ltq, 2023)
    second = services.record_report(world.director, report, world.ltq, 2023, replace=True)
    assert second.pk == first.pk
    assert second.version == 1
    assert ReportCell.objects.filter(report=second).count() == 200


@pytest.mark.parametrize(
    ("who", "organ", "allowed"),
    [
        ("director", "ltq", True), ("director", "dept", True), ("director", "bgq", False),
        ("editor", "dept", True), ("editor", "ltq", False), ("leader", "ltq", False),
        ("stranger", "ltq", False), ("stranger", "bgq", True),
    ],
)  # fmt: skip
def test_who_may_record(world: World, who: str, organ: str, allowed: bool) -> None:
    def act() -> AnnualReport:
        return services.record_report(getattr(world, who), figures.get("LT25"), getattr(world, organ), 2022)

    if allowed:
        assert act().year == 2022
    else:
        with pytest.raises(PermissionDenied):
            act()
        assert not AnnualReport.objects.filter(year=2022).exists()


@pytest.mark.parametrize(
    ("who", "allowed"), [("director", True), ("editor", False), ("leader", False), ("stranger", False)]
)
def test_who_may_publish(world: World, who: str, allowed: bool) -> None:
    row = draft(world)
    if allowed:
        assert services.publish_report(getattr(world, who), row).state == State.PUBLISHED
    else:
        with pytest.raises(PermissionDenied):
            services.publish_report(getattr(world, who), row)


def test_publication_time_is_never_in_the_future_nor_within_the_year(world: World) -> None:
    row = draft(world)
    with pytest.raises(ValidationError, match="将来"):
        services.publish_report(SYSTEM, row, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ValidationError, match="该年结束后"):
        services.publish_report(SYSTEM, row, at=at("2023-12-31 23:59"))


def test_a_tampered_text_is_not_published(world: World) -> None:
    row = draft(world)
    AnnualReport.objects.filter(pk=row.pk).update(document=row.document.replace("29", "92", 1))
    with pytest.raises(ValidationError, match="摘要不符"):
        services.publish_report(SYSTEM, row)


def test_discarding_needs_a_reason_and_spares_what_was_published(world: World) -> None:
    row = draft(world)
    with pytest.raises(ValidationError, match="理由"):
        services.discard_report(world.director, row, "  ")
    services.discard_report(world.director, row, "选错了文件")
    assert not AnnualReport.objects.filter(year=2023).exists()
    assert AuditEntry.objects.filter(act="report.discard", reason="选错了文件").exists()
    with pytest.raises(ValidationError, match="不能删除"):
        services.discard_report(world.director, world.reports["LT25"], "不要了")


# --- verdicts -------------------------------------------------------------------------------------------------------


def first_error(row: AnnualReport) -> str:
    return next(f.identity for f in selectors.findings_of(row) if f.severity.value == "error")


def test_a_dismissed_error_no_longer_counts_and_survives_rechecking(world: World) -> None:
    row = world.reports["LT25"]
    row.refresh_from_db()
    before = row.errors
    assert before > 0
    identity = first_error(row)
    services.judge_finding(
        world.director, row, identity, Verdict.DISMISSED, reason="清理文件另有 6 件，见正文"
    )
    assert AnnualReport.objects.get(pk=row.pk).errors == before - 1
    services.recheck([row])
    assert AnnualReport.objects.get(pk=row.pk).errors == before - 1
    # Typeset anew as a corrected version: the verdict stands for the same finding.
    again = services.record_report(SYSTEM, figures.get("LT25"), world.ltq, 2025, correction="排版更正")
    assert again.errors == before - 1


def test_a_confirmed_error_still_counts(world: World) -> None:
    row = world.reports["LT25"]
    row.refresh_from_db()
    services.judge_finding(world.director, row, first_error(row), Verdict.CONFIRMED)
    assert AnnualReport.objects.get(pk=row.pk).errors == row.errors


def test_a_waived_error_counts_again_after_its_day(world: World) -> None:
    row = world.reports["LT25"]
    identity = first_error(row)
    until = timezone.localdate() + timedelta(days=3)
    verdict = services.judge_finding(
        world.director, row, identity, Verdict.WAIVED, reason="等法制审核", until=until
    )
    assert selectors.settled(verdict, until)
    assert not selectors.settled(verdict, until + timedelta(days=1))


def test_the_newest_verdict_is_in_force_and_none_is_lost(world: World) -> None:
    row = world.reports["LT25"]
    identity = first_error(row)
    services.judge_finding(world.director, row, identity, Verdict.DISMISSED, reason="无误")
    services.judge_finding(world.director, row, identity, Verdict.CONFIRMED)
    assert selectors.verdicts_of(row)[identity].verdict == Verdict.CONFIRMED
    assert len(selectors.verdict_history(row)[identity]) == 2


@pytest.mark.parametrize(
    ("verdict", "more", "message"),
    [
        ("dismissed", {}, "理由"),
        ("waived", {"reason": "等"}, "哪一天"),
        ("waived", {"reason": "等", "until": timezone.localdate}, "今天以后"),
        ("其他", {}, "请选择"),
    ],
)
def test_a_verdict_says_what_it_must(world: World, verdict: str, more: dict, message: str) -> None:
    row = world.reports["LT25"]
    values = {k: v() if callable(v) else v for k, v in more.items()}
    with pytest.raises(ValidationError, match=message):
        services.judge_finding(world.director, row, first_error(row), verdict, **values)
    assert not FindingVerdict.objects.exists()


def test_a_verdict_on_nothing_is_refused(world: World) -> None:
    with pytest.raises(ValidationError, match="不在了"):
        services.judge_finding(world.director, world.reports["LT25"], "0" * 16, Verdict.CONFIRMED)


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_another_organs_finding_is_not_theirs_to_judge(world: World, who: str) -> None:
    row = world.reports["LT25"]
    with pytest.raises(PermissionDenied):
        services.judge_finding(getattr(world, who), row, first_error(row), Verdict.CONFIRMED)


def test_the_year_after_is_checked_anew_when_a_year_arrives(world: World) -> None:
    """利通区 2025 without 2024 has no year-on-year findings; publishing 2024 brings them."""
    report = figures.get("LT25")
    alone = services.publish_report(SYSTEM, services.record_report(SYSTEM, report, world.dept, 2025))
    before = AnnualReport.objects.get(pk=alone.pk).errors
    earlier = services.record_report(SYSTEM, figures.get("LT24"), world.dept, 2024)
    services.publish_report(SYSTEM, earlier)
    assert AnnualReport.objects.get(pk=alone.pk).errors > before
