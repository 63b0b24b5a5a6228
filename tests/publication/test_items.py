"""Publication as one act: who may, what it gives, what can never change afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from gongkai.organs.scope import SYSTEM
from gongkai.publication import indexing, services
from gongkai.publication.blocks import figure_columns
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    InterpretationPage,
    OrganSection,
    PolicyPage,
    Release,
)
from gongkai.publication.services import gate
from gongkai.publication.testing import make_attachment, make_item
from gongkai.publication.triggers import install_triggers

pytestmark = pytest.mark.django_db


def test_publication_gives_number_time_clock_release_and_counts(world: Any) -> None:
    draft = make_item(world.column, publish=False, actor=world.editor)
    assert draft.index_number is None
    assert not draft.live
    assert draft.drafter == world.editor
    page = services.publish(SYSTEM, draft, channels=["board"])
    assert page.index_number.endswith(f"/{timezone.localdate().year}-00001")
    assert page.shown
    assert page.live
    assert page.state == "published"
    assert page.late is False
    assert {r.channel: r.state for r in page.releases.all()} == {"portal": "done", "board": "planned"}
    column = ColumnPage.objects.get(pk=world.column.pk)
    assert column.live_count == 1
    assert column.latest_at == page.published_at


def test_only_who_may_publish_publishes(world: Any) -> None:
    draft = make_item(world.column, publish=False, actor=world.editor)
    for actor in (world.editor, world.reviewer, world.stranger):
        with pytest.raises(PermissionDenied):
            services.publish(actor, draft)
    with pytest.raises(PermissionDenied):
        services.publish(world.editor, draft, approval="审签〔2026〕1号")
    for actor in (world.reviewer, world.director):  # the right alone is not enough: there is no such form
        with pytest.raises(ValidationError, match="审签单"):
            services.publish(actor, draft, approval="审签〔2026〕1号")
    assert services.publish(SYSTEM, draft).shown


def test_numbers_have_no_gaps_whatever_fails(world: Any) -> None:
    bad = make_item(world.column, publish=False, summary="", attribute="withheld")
    with pytest.raises(ValidationError) as refusal:
        services.publish(SYSTEM, bad)
    assert len(refusal.value.messages) == 2
    first, draft = make_item(world.column), make_item(world.column, publish=False)
    with pytest.raises(ValidationError):
        # The portal release exists by then: the whole act fails, its number with it.
        services.publish(SYSTEM, draft, channels=["portal"])
    second = services.publish(SYSTEM, draft)
    assert [int(p.index_number[-5:]) for p in (first, second)] == [1, 2]


def test_a_revision_never_brings_back_number_time_or_state(world: Any) -> None:
    page = make_item(world.column)
    number, at = page.index_number, page.published_at
    page.title, page.index_number, page.published_at = "改正后", "X/1", timezone.now() - timedelta(days=400)
    page.save_revision()
    page = services.publish(SYSTEM, DisclosurePage.objects.get(pk=page.pk))
    assert (page.title, page.index_number, page.published_at) == ("改正后", number, at)
    with gate.opened(page):
        page.revisions.order_by("pk").first().publish(skip_permission_checks=True)  # from before publication
    again = DisclosurePage.objects.get(pk=page.pk)
    assert (again.index_number, again.published_at, again.shown) == (number, at, True)


def test_the_database_refuses_a_forged_publication_time(world: Any) -> None:
    page = make_item(world.column)
    install_triggers()
    for change in ({"published_at": timezone.now() - timedelta(days=9)}, {"index_number": "000/2020-00001"}):
        with pytest.raises(Exception, match="不能修改"), transaction.atomic():
            DisclosurePage.objects.filter(pk=page.pk).update(**change)
    with pytest.raises(Exception, match="不能修改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE publication_disclosurepage SET published_at = NULL")


def test_late_is_measured_from_formation(world: Any) -> None:
    page = make_item(world.column, formed_on=date(2026, 1, 30))
    # The example of the law's own rule: twenty working days over the Spring Festival.
    assert page.due_on == date(2026, 3, 5)
    assert page.late


def test_withdrawal_keeps_the_number_and_answers_410_without_the_text(world: Any, client: Any) -> None:
    page = make_item(world.column, title="写错的通知", body=[("text", "<p>原来的正文</p>")])
    with pytest.raises(ValidationError):
        services.withdraw(world.director, page, reason=" ")
    with pytest.raises(PermissionDenied):
        services.withdraw(world.editor, page, reason="有误")
    gone = services.withdraw(world.director, page, reason="日期有误")
    answer = client.get(page.public_url)
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "日期有误" in text
    assert "原来的正文" not in text
    assert gone.index_number == page.index_number
    assert gone.state == "withdrawn"
    assert ColumnPage.objects.get(pk=world.column.pk).live_count == 0


def test_what_is_superseded_says_so(world: Any, client: Any) -> None:
    old, new = make_item(world.column, title="旧办法"), make_item(world.column, title="新办法")
    services.mark_superseded(world.editor, old, by=new, note="自今日起废止")
    text = client.get(old.public_url).content.decode()
    assert "已废止" in text
    assert new.public_url in text
    assert "自今日起废止" in text
    with pytest.raises(ValidationError):
        services.mark_superseded(world.editor, old, by=old)


def test_bulk_path_makes_the_same_as_the_slow_one(world: Any) -> None:
    when = timezone.now() - timedelta(days=1)
    common = {"formed_on": date(2026, 1, 5), "summary": "概述"}
    pages = [PolicyPage(title=f"文件{n}", published_at=when, **common) for n in range(3)]
    pages += [DisclosurePage(title=f"动态{n}", **common) for n in range(3)]
    services.bulk_add(SYSTEM, world.column, pages, source="旧站")
    slow = make_item(world.column)
    assert Page.find_problems() == ([], [], [], [], [])
    assert sorted(int(p.index_number[-5:]) for p in DisclosurePage.objects.all()) == [1, 2, 3, 4, 5, 6, 7]
    assert Release.objects.filter(channel="portal", state="done").count() == 7
    policy = PolicyPage.objects.get(title="文件1")
    assert policy.get_parent().pk == world.column.pk
    assert policy.imported_from == "旧站"
    assert slow.path > policy.path
    assert ColumnPage.objects.get(pk=world.column.pk).live_count == 7
    secret = DisclosurePage(title="密", attribute="withheld", **common)
    with pytest.raises(ValidationError):
        services.bulk_add(SYSTEM, world.column, [secret], source="x")


def test_sections_follow_the_organs(world: Any) -> None:
    assert OrganSection.objects.get(organ=world.dept).get_parent().specific.organ == world.gov
    fixed = ColumnPage.objects.filter(organ=world.dept).exclude(fixed="").order_by("path")
    assert [c.title for c in fixed] == [
        "政府信息公开指南",
        "政府信息公开制度",
        "法定主动公开内容",
        "政府信息公开年报",
    ]
    assert services.sync_sections() == 0
    with pytest.raises(ValidationError):
        services.update_column(world.director, fixed[0], title="指南")


def test_interpretation_says_what_is_missing_and_its_lag(world: Any) -> None:
    today = timezone.localdate()
    page = InterpretationPage(
        title="解读", formed_on=today, summary="解读", document=make_item(world.column), background="背景"
    )
    page = services.create_item(world.editor, world.column, page)
    with pytest.raises(ValidationError, match="目标任务、主要内容、执行标准、惠民举措、新旧政策差异"):
        services.publish(SYSTEM, page)
    for field in ("aims", "content", "standards", "benefits", "differences"):
        setattr(page, field, "有")
    page.save_revision()
    assert services.publish(SYSTEM, page).specific.lag_days() == 0


def test_files_are_judged_by_content_and_served_only_while_public(world: Any, client: Any) -> None:
    file = services.add_attachment(world.editor, world.dept, "附表.exe", "内容".encode())
    assert file.name == "附表.txt"
    assert file.text == "内容"
    with pytest.raises(ValidationError):
        services.add_attachment(world.editor, world.dept, "a.pdf", b"MZ\x90\x00")
    with pytest.raises(PermissionDenied):
        services.add_attachment(world.stranger, world.dept, "a.txt", b"x")
    assert client.get(file.get_absolute_url()).status_code == 404
    page = make_item(world.column, body=[("download", {"file": file, "name": ""})])
    answer = client.get(file.get_absolute_url())
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    services.withdraw(world.director, page, reason="有误")
    assert client.get(file.get_absolute_url()).status_code == 404


def test_files_of_items_added_in_bulk_are_served_once_they_are_public(world: Any, client: Any) -> None:
    when = timezone.now() - timedelta(days=3)
    shown, kept = make_attachment(world.column.organ, "公开"), make_attachment(world.column.organ, "未公开")
    common = {"formed_on": date(2026, 1, 5), "summary": "概述"}
    pages = [
        DisclosurePage(title=f.name, body=[("download", {"file": f, "name": ""})], published_at=at, **common)
        for f, at in ((shown, when), (kept, None))
    ]
    services.bulk_add(SYSTEM, world.column, pages[:1], source="旧站")
    services.bulk_add(SYSTEM, world.column, pages[1:], source="旧站", publish=False)
    assert client.get(shown.get_absolute_url()).status_code == 200
    assert client.get(kept.get_absolute_url()).status_code == 404


def test_an_index_number_begins_with_the_region_of_the_government_above(world: Any) -> None:
    world.gov.region_code = "640302"
    world.gov.save()
    assert indexing.national(world.dept, 2026, 3) == f"640302-{world.dept.pk:03d}/2026-00003"
    world.dept.credit_code = "11640302MB0000001X"
    assert indexing.national(world.dept, 2026, 3).startswith("11640302MB0000001X/")


@pytest.mark.parametrize(
    ("rows", "head", "found"),
    [
        ([["项目", "金额"], ["收入", "10,401"], ["支出", "—"]], True, [1]),
        ([["项目", "增长"], ["收入", "-3.5%"], ["支出", "2.0%"]], True, [1]),
        ([["2025", "一月"], ["2026", "二月"]], False, [0]),
        ([["项目", "标准"], ["登记费", "每件 80 元"]], True, []),
        ([["项目", "空"], ["登记费", ""]], True, []),
        ([], True, []),
    ],
)
def test_columns_of_figures_are_known(rows: list[list[str]], head: bool, found: list[int]) -> None:
    assert figure_columns({"data": rows, "first_row_is_table_header": head}) == found


@pytest.mark.parametrize("name", ["index.html", "a.js", "../x.html", "片\u202elmth.html", ""])
@pytest.mark.parametrize(
    ("data", "ending"), [(b"\0\0\0\x18ftypmp42", ".mp4"), (b"WEBVTT\n\n<script src=a.js></script>", ".vtt")]
)
def test_what_looks_like_a_video_or_captions_becomes_no_web_page(
    world: Any, name: str, data: bytes, ending: str
) -> None:
    kept = services.add_attachment(world.editor, world.dept, name, data)
    assert kept.name.endswith(ending)
    assert not {"/", "\u202e"} & set(kept.name)
    assert ".html" not in kept.name
    assert ".js" not in kept.name


def test_captions_in_another_encoding_are_refused_with_a_sentence(world: Any) -> None:
    with pytest.raises(ValidationError, match="UTF-8"):
        services.add_attachment(
            world.editor, world.dept, "字幕.vtt", b"WEBVTT\n\n" + "字幕".encode("gb18030")
        )
