"""Columns are closed without hiding anything, drafts get into the right one, somebody answers for each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.desk.today import gather
from gongkai.organs.scope import SYSTEM
from gongkai.publication import keeping, selectors, services
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    KeyTaskPage,
    OrganSection,
    TaskProgress,
)
from gongkai.publication.review.services import submit
from gongkai.publication.testing import make_column, make_item

pytestmark = pytest.mark.django_db


def test_an_empty_column_closes_and_opens_again(world: Any, client: Any) -> None:
    column = make_column(world.dept, code="cjcl", title="筹资筹劳")
    url, director = reverse("publication_column_state", args=[column.pk]), world.client(world.director)
    today = timezone.localdate()
    assert column.pk in {s.column.pk for s in selectors.troubled_columns(Q(organ__in=[world.dept]), today)}
    listed = reverse("publication_columns") + f"?organ={world.dept.pk}"
    assert url in director.get(listed).content.decode()
    assert director.post(url, {"reason": " "}).status_code == 422
    assert director.post(url, {"reason": "与别的栏目合并"}).status_code == 302
    assert client.get(column.url).status_code == 404
    assert column.pk not in {
        s.column.pk for s in selectors.troubled_columns(Q(organ__in=[world.dept]), today)
    }
    assert "已停用的栏目" in director.get(listed).content.decode()
    assert director.post(url, {"act": "reopen"}).status_code == 302
    assert client.get(column.url).status_code == 200


def test_closing_hides_no_duty_and_no_page(world: Any) -> None:
    page = make_item(world.column)
    with pytest.raises(ValidationError, match="网址不能失效"):
        services.close_column(world.director, world.column, reason="合并")
    draft = make_item(make_column(world.dept, code="b"), publish=False, actor=world.editor)
    with pytest.raises(ValidationError, match="没办完的稿件"):
        services.close_column(world.director, draft.column, reason="合并")
    fixed = ColumnPage.objects.get(organ=world.dept, fixed="guide")
    with pytest.raises(ValidationError, match="固定栏目"):
        services.close_column(world.director, fixed, reason="合并")
    owed = make_column(
        world.gov, code="czxx", title="财政信息", statutory_item="20.7", content_class="statutory"
    )
    services.close_column(world.director, owed, reason="暂不使用")
    (row,) = selectors.completeness([world.gov], timezone.localdate())
    assert next(c for c in row.cells if c.item == "20.7").state == "due"
    assert DisclosurePage.objects.get(pk=page.pk).shown


def test_only_who_arranges_closes(world: Any) -> None:
    column = make_column(world.dept, code="b", title="空栏目")
    url = reverse("publication_column_state", args=[column.pk])
    for user in (world.editor, world.stranger, world.reviewer):
        with pytest.raises(PermissionDenied):
            services.close_column(user, column, reason="合并")
        world.client(user).post(url, {"reason": "合并"})
    column.refresh_from_db()
    assert column.live


def test_a_draft_goes_into_another_column_of_its_organ(world: Any) -> None:
    other = make_column(
        world.dept,
        code="jy",
        title="义务教育",
        content_class="grassroots",
        domain="education",
        default_kind="general",
    )
    other = ColumnPage.objects.get(pk=other.pk)
    page = make_item(world.column, publish=False, actor=world.editor)
    url, editor = reverse("publication_move", args=[page.pk]), world.client(world.editor)
    assert url in editor.get(reverse("publication_item", args=[page.pk])).content.decode()
    assert editor.post(url, {"column": ""}).status_code == 422
    assert editor.post(url, {"column": world.foreign.pk}).status_code == 404
    assert editor.post(url, {"column": other.pk}).status_code == 302
    page = DisclosurePage.objects.get(pk=page.pk)
    assert (page.column, page.content_class) == (other, "grassroots")
    assert page.path.startswith(other.path)
    page = services.publish(SYSTEM, page)
    assert page.column_id == other.pk  # no revision carries the old column back
    assert page.url_path.startswith(other.url_path)
    other.refresh_from_db()
    assert other.live_count == 1


def test_what_is_public_or_under_review_stays_where_it_is(world: Any) -> None:
    other = make_column(world.dept, code="b")
    with pytest.raises(ValidationError, match="网址不变"):
        services.move_draft(world.editor, make_item(world.column), other)
    draft = make_item(world.column, publish=False, actor=world.editor)
    with pytest.raises(ValidationError, match="本机构"):
        services.move_draft(world.editor, draft, world.foreign)
    with pytest.raises(PermissionDenied):
        services.move_draft(world.stranger, draft, other)
    assert world.client(world.stranger).get(reverse("publication_move", args=[draft.pk])).status_code == 404
    submit(world.editor, draft)
    with pytest.raises(ValidationError, match="正在审核"):
        services.move_draft(world.editor, draft, other)


def test_the_desk_says_which_columns_nobody_keeps(world: Any) -> None:
    today = timezone.localdate()
    assert any("没有责任人" in t.title for t in gather(world.director, today))
    assert not any("没有责任人" in t.title for t in gather(world.editor, today))
    ColumnPage.objects.update(owner_person=world.editor)
    assert not keeping.ownerless_columns(Q()).exists()
    world.editor.is_active = False
    world.editor.save()
    assert keeping.ownerless_columns(Q()).exists()  # a keeper who left keeps nothing


def test_a_topic_is_held_to_its_promise(world: Any) -> None:
    section, today = OrganSection.objects.get(organ=world.dept), timezone.localdate()
    topic = services.create_topic(world.editor, section, title="营商环境", slug="yshj", promise_days=30)
    assert any("还没有列入信息" in t.title for t in gather(world.editor, today))
    services.add_to_topic(world.editor, topic, make_item(world.column), "case")
    assert not keeping.stale_topics(Q(), today)
    assert keeping.stale_topics(Q(), today + timedelta(days=30)) == []
    ((found, days),) = keeping.stale_topics(Q(), today + timedelta(days=31))
    assert (found, days) == (topic, 31)
    assert not any("营商环境" in t.title for t in gather(world.stranger, today + timedelta(days=40)))


def test_a_key_task_past_its_day_asks_for_its_progress(world: Any) -> None:
    today = timezone.localdate()
    page = KeyTaskPage(
        title="新建养老服务站", summary="任务。", formed_on=today, year=today.year, lead="民政局", target="二十四个",
        target_on=today, body=[("text", "<p>任务。</p>")],
    )  # fmt: skip
    page.progress.add(TaskProgress(on=today, percent=60, text="建成十五个"))
    page = services.publish(SYSTEM, services.create_item(SYSTEM, world.column, page))
    assert not keeping.overdue_tasks(Q(), today).exists()  # its last day is still its day
    later = today + timedelta(days=1)
    assert any("新建养老服务站" in t.title and "60%" in t.reason for t in gather(world.editor, later))
    assert not any("新建养老服务站" in t.title for t in gather(world.stranger, later))
    TaskProgress.objects.create(task=page, on=later, percent=100, text="全部建成")
    assert not keeping.overdue_tasks(Q(), later).exists()
