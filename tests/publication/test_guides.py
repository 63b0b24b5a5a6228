"""The guide in versions: begun from the one in force, taking its place, held against the organ's own data."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.desk.today import gather
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.publication import services
from gongkai.publication.models import ColumnPage, DisclosurePage, GuidePage

pytestmark = pytest.mark.django_db


def _guide(organ: Organ, **fields: Any) -> GuidePage:
    column = ColumnPage.objects.get(organ=organ, fixed="guide")
    values = {
        "title": "指南", "summary": "指南。", "formed_on": timezone.localdate(), "version": 1, "classification": "分类一",
        "arrangement": "编排", "access": "获取", "office_name": "办公室", "office_address": "一号路", "office_hours": "上班时间",
        "phone": "0953-1234567", "fax": "0953-1234568", "internet": "a@b.cn", **fields,
    }  # fmt: skip
    return services.publish(SYSTEM, services.create_item(SYSTEM, column, GuidePage(**values)))  # type: ignore[return-value]


def test_a_new_version_begins_with_the_words_of_the_old_and_todays_data(world: Any, client: Any) -> None:
    old = _guide(world.dept)
    Organ.objects.filter(pk=world.dept.pk).update(phone="0953-7654321")
    editor, url = world.client(world.editor), reverse("publication_guides")
    assert "与机构资料不一致：联系电话" in editor.get(url).content.decode()
    assert any("公开指南与机构资料不一致" in t.title for t in gather(world.editor, timezone.localdate()))
    answer = editor.post(url, {"organ": world.dept.pk})
    draft = GuidePage.objects.get(published_at__isnull=True)
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    latest = draft.get_latest_revision_as_object()
    assert (latest.version, latest.classification, latest.phone) == (2, "分类一", "0953-7654321")
    editor.post(url, {"organ": world.dept.pk})
    assert GuidePage.objects.filter(published_at__isnull=True).count() == 1
    new = services.publish(SYSTEM, draft)
    old.refresh_from_db()
    assert old.superseded_by_id == new.pk
    assert new.public_url in client.get(old.public_url).content.decode()
    assert services.current_guides(Q(organ=world.dept))[world.dept.pk].pk == new.pk
    assert not any("不一致" in t.title for t in gather(world.editor, timezone.localdate()))


def test_a_guide_of_another_organ_or_an_older_version_takes_no_place(world: Any) -> None:
    first, other = _guide(world.dept, version=3), _guide(world.gov)
    late = _guide(world.dept, version=2)
    for page in (first, other, late):
        assert DisclosurePage.objects.get(pk=page.pk).superseded_by_id is None
    assert services.current_guides(Q())[world.dept.pk].pk == first.pk


def test_an_organ_that_says_nothing_contradicts_nothing(world: Any) -> None:
    Organ.objects.filter(pk=world.dept.pk).update(phone="", address="", hours="", fax="", email="")
    assert services.outdated_parts(GuidePage.objects.get(pk=_guide(world.dept).pk)) == []


def test_only_who_writes_there_begins_a_version(world: Any) -> None:
    _guide(world.dept)
    url = reverse("publication_guides")
    assert world.dept.label not in world.client(world.stranger).get(url).content.decode()
    for user in (world.stranger, world.reviewer):
        assert world.client(user).post(url, {"organ": world.dept.pk}).status_code == 404
    assert world.client(world.editor).post(url, {"organ": "x"}).status_code == 404
    assert not GuidePage.objects.filter(published_at__isnull=True).exists()


def test_the_list_takes_the_same_queries_for_more_organs(
    world: Any, django_assert_max_num_queries: Any
) -> None:
    client, url = world.client(world.director), reverse("publication_guides")
    client.get(url)
    with django_assert_max_num_queries(25):
        client.get(url)
