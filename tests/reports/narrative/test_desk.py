"""The section editor: writing, fields, conflicts, mending, who may; last year's problems; likeness; history."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from gongkai.demo import figures as seeds
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import SYSTEM
from gongkai.reports.models import AnnualReport, CellOverride, ProblemFollowUp, ReportSection, State
from gongkai.reports.narrative import checking, services
from tests.reports.world import World

pytestmark = pytest.mark.django_db


def desk(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(row: AnnualReport, key: str = "1", page: str = "") -> str:
    return f"/desk/annual-reports/text/{row.pk}/{page}" + (f"?section={key}" if not page else "")


def override(row: AnnualReport, **cells: int) -> None:
    for key, value in cells.items():
        CellOverride.objects.create(report=row, key=key.replace("__", "."), value=value, reason="期初数据")


def base_of(page: str) -> str:
    return re.search(r'name="base" value="([0-9a-f]*)"', page)[1]


def kept(row: AnnualReport, key: str = "1") -> str:
    return ReportSection.objects.get(report=row, key=key).text


def test_a_text_is_written_and_read_with_its_figures(world: World, row: AnnualReport) -> None:
    override(row, t3__new__total=29, t3__new__natural=29)
    client = desk(world.director)
    page = client.get(url(row)).content.decode()
    text = "共收到政府信息公开申请{{新收总数}}件。"
    saved = client.post(url(row), {"text": text, "base": base_of(page), "save": "1"}, follow=True)
    assert kept(row) == text
    shown = saved.content.decode()
    assert re.search(r'href="[^"]+#cell-t3-new-total"[^>]*>29</a>', shown)


def test_a_hand_typed_number_is_found_and_mended_by_its_field(world: World, row: AnnualReport) -> None:
    override(row, t3__new__total=29, t3__new__natural=29)
    client = desk(world.director)
    text = "编制依据{{报告年度}}。\n本年新收政府信息公开申请38件。"
    page = client.post(url(row), {"text": text, "preview": "1"}).content.decode()
    assert "表三总计列“本年新收”" in page or "本年新收" in page
    assert '应为 <strong class="num">29</strong>' in page
    assert not ReportSection.objects.filter(report=row, key="1").exists()  # a look keeps nothing
    at = re.search(r'name="mend" value="(\d+)"', page)[1]
    client.post(url(row), {"text": text, "mend": at})
    assert kept(row) == "编制依据{{报告年度}}。\n本年新收政府信息公开申请{{新收总数}}件。"
    again = client.get(url(row)).content.decode()
    assert 'name="mend"' not in again
    assert "应为 <strong" not in again


def test_two_people_at_one_section_lose_nothing(world: World, row: AnnualReport) -> None:
    mine, theirs = desk(world.director), desk(world.director)
    base = base_of(mine.get(url(row)).content.decode())
    theirs.post(url(row), {"text": "对方先写的。", "base": base, "save": "1"})
    refused = mine.post(url(row), {"text": "我后写的。", "base": base, "save": "1"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "我后写的。</textarea>" in page
    assert "对方先写的。" in page
    assert kept(row) == "对方先写的。"
    mine.post(url(row), {"text": "两人商定的。", "base": base_of(page), "save": "1"})
    assert kept(row) == "两人商定的。"


def test_it_is_kept_by_itself_and_the_trail_stays_small(world: World, row: AnnualReport) -> None:
    client = desk(world.director)
    base = base_of(client.get(url(row)).content.decode())
    for text in ("一", "一段", "一段话。"):
        answer = client.post(url(row), {"text": text, "base": base, "auto": "1"})
        assert answer.status_code == 200
        base = answer["X-Section-Version"]
    stale = client.post(url(row), {"text": "旧窗口", "base": services.version_of("一"), "auto": "1"})
    assert stale.status_code == 409
    assert kept(row) == "一段话。"
    assert all("一段" not in str(e.changes) for e in AuditEntry.objects.filter(act=services.AUTOSAVED))
    client.post(url(row), {"text": "一段话。", "base": base, "save": "1"})
    section = ReportSection.objects.get(report=row, key="1")
    assert [e.changes["text"] for e in services.history(section)] == [["", "一段话。"]]
    assert "一段话。" in client.get(f"{url(row, page='history/')}?section=1").content.decode()


def test_an_unknown_field_is_said_with_the_nearest_name(world: World, row: AnnualReport) -> None:
    page = desk(world.director).post(url(row), {"text": "{{新收总数量}}件", "preview": "1"}).content.decode()
    assert "是不是“新收总数”？" in unescape(page)


def test_a_ready_sentence_goes_under_its_heading(world: World, row: AnnualReport) -> None:
    override(row, t3__new__total=29, t3__new__natural=29)
    client = desk(world.director)
    text = "（一）主动公开。已有的话。\n（二）依申请公开。\n（三）政府信息管理。"
    page = client.get(url(row)).content.decode()
    sentence = re.search(r'name="insert" value="(\d+)"[^>]*写入：2026年，新收政府信息公开申请29件', page)
    client.post(url(row), {"text": text, "insert": sentence[1]})
    lines = kept(row).split("\n")
    assert lines[0] == "（一）主动公开。已有的话。"
    assert lines[1].startswith("（二）依申请公开。{{报告年度}}年，新收政府信息公开申请{{新收总数}}件")
    assert lines[2] == "（三）政府信息管理。"


def test_nothing_is_offered_where_the_ledgers_hold_nothing(world: World, row: AnnualReport) -> None:
    page = desk(world.director).get(url(row)).content.decode()
    assert "申请0件" not in page
    assert "（五）监督保障" in page  # the outline itself is there


@pytest.mark.parametrize("who", ["stranger", "editor"])
@pytest.mark.parametrize("page", ["", "problems/", "likeness/", "history/"])
def test_another_organs_text_is_closed(world: World, row: AnnualReport, who: str, page: str) -> None:
    client = desk(getattr(world, who))
    assert client.get(url(row, page=page)).status_code == 404
    assert client.post(url(row, page=page), {"text": "x", "save": "1"}).status_code == 404
    assert not ReportSection.objects.exists()


def test_who_may_only_look_cannot_write(world: World, row: AnnualReport) -> None:
    from datetime import date

    from gongkai.organs import services as organ_services

    inspector = organ_services.create_person(
        SYSTEM, world.ltq, username="inspector", name="检查员", role="inspector",
        password="long-enough-for-tests", on=date(2020, 1, 1),
    )  # fmt: skip
    client = desk(inspector)
    page = client.get(url(row))
    if page.status_code == 200:
        assert "<textarea" not in page.content.decode()
    assert client.post(url(row), {"text": "x", "save": "1"}).status_code in (302, 403)
    assert not ReportSection.objects.exists()


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SIGNED, State.SIGNING, State.RECEIVED])
def test_a_frozen_report_refuses_writing(world: World, row: AnnualReport, state: str) -> None:
    AnnualReport.objects.filter(pk=row.pk).update(state=state)
    client = desk(world.director)
    page = client.get(url(row)).content.decode()
    assert "<textarea" not in page
    assert "文字已经固定" in page
    answer = client.post(url(row), {"text": "改一改", "save": "1"})
    assert answer.status_code == 422
    assert not ReportSection.objects.filter(report=row).exists()


def test_an_imported_report_is_not_written_here(world: World) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="导入"):
        services.save_section(world.director, world.reports["LT25"], "1", "x")


def test_last_years_problems_are_asked_and_become_a_paragraph(world: World, row: AnnualReport) -> None:
    client = desk(world.director)
    page = client.get(url(row, page="problems/")).content.decode()
    assert "依申请公开办理水平有待进一步提升" in page
    assert "还有 4 个没有填写" in page
    assert client.get(url(row, "5")).content.decode().count("还没有填写整改情况") == 4
    named = re.search(r'name="problem" value="([0-9a-f]{64})"', page)[1]
    refused = client.post(url(row, page="problems/"), {"problem": named, "progress": "solved", "done": " "})
    assert refused.status_code == 422
    assert "请写明采取的措施" in refused.content.decode()
    client.post(
        url(row, page="problems/"), {"problem": named, "progress": "solved", "done": "建立了季度通报。"}
    )
    assert ProblemFollowUp.objects.get(report=row).done == "建立了季度通报。"
    page = client.get(url(row, page="problems/")).content.decode()
    assert "还有 3 个没有填写" in page
    assert "建立了季度通报，已解决" in page
    foreign = client.post(url(row, page="problems/"), {"problem": "0" * 64, "progress": "open", "done": "x"})
    assert foreign.status_code == 422


def test_last_years_problem_said_again_is_shown(world: World, row: AnnualReport) -> None:
    text = "存在问题：一是网站与新媒体发布不同步；二是新设机构的公开指南没有编制。\n改进措施：一是逐单位编制指南。"
    page = desk(world.director).post(url(row, "5"), {"text": text, "preview": "1"}).content.decode()
    assert "“网站与新媒体发布不同步”与上年度报告一字不差" in unescape(page)


def test_likeness_shows_the_sentences_side_by_side(world: World, row: AnnualReport, settings) -> None:
    before = world.reports["LT25"]
    from gongkai.reports.codec import report_from_text

    copied = report_from_text(before.document).section(5).text
    services.save_section(world.director, row, "5", copied)
    page = desk(world.director).get(url(row, page="likeness/")).content.decode()
    assert "相似 100%" in page
    assert page.count("网站与新媒体发布不同步") >= 2
    settings.REPORT_LIKENESS = 1.01
    assert "没有雷同" in desk(world.director).get(url(row, page="likeness/")).content.decode()


@pytest.mark.parametrize(
    ("code", "rule", "words"),
    [("XG25", "NARR-NUMBER", "134"), ("XG25", "NARR-ALL", "100%"), ("LT24", "NARR-NONE", "未发生")],
)
def test_what_real_reports_got_wrong_is_said_while_it_is_typed(
    row: AnnualReport, code: str, rule: str, words: str
) -> None:
    """V1, V2, V3 of the inventory, with the figures of those reports in the tables."""
    report = seeds.get(code)
    row.year, row.organ.name = report.year, report.organ
    cells = {key: Decimal(value) for key, value in report.amounts().items()}
    typed = {str(s.number): s.text for s in report.sections}
    live = checking.as_report(row, cells, typed)
    said = [f for f in checking.findings_in(row, live, "1") if f.rule == rule]
    assert any(words in f.message for f in said), said


def test_the_pages_queries_are_bounded(
    world: World, row: AnnualReport, django_assert_max_num_queries
) -> None:
    client = desk(world.director)
    client.get(url(row))
    with django_assert_max_num_queries(60):
        client.get(url(row))
