"""Nothing becomes public without a finished review, whichever way it is tried."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from gongkai.organs import services as organs
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication import services
from gongkai.publication.models import ColumnPage, DisclosurePage, OrganSection
from gongkai.publication.testing import make_item

pytestmark = pytest.mark.django_db


def still_hidden(page: DisclosurePage) -> bool:
    row = DisclosurePage.objects.get(pk=page.pk)
    return not row.live and not row.shown and row.published_at is None and row.index_number is None


@pytest.fixture
def draft(world: Any) -> DisclosurePage:
    return make_item(world.column, publish=False, actor=world.editor)


def test_by_service(world: Any, draft: DisclosurePage) -> None:
    with pytest.raises(ValidationError, match="没有审核通过的审签单"):
        services.publish(world.director, draft)
    assert still_hidden(draft)


def test_by_the_desk(world: Any, draft: DisclosurePage) -> None:
    answer = world.client(world.director).post(
        reverse("publication_item", args=[draft.pk]), {"act": "publish"}
    )
    assert answer.status_code == 422
    assert still_hidden(draft)


def test_by_wagtail_itself(draft: DisclosurePage) -> None:
    with pytest.raises(ValidationError, match="没有审核通过的审签单"):
        draft.get_latest_revision().publish(skip_permission_checks=True)
    assert still_hidden(draft)


def test_by_the_page_editor_of_the_unlimited_administrator(world: Any, draft: DisclosurePage) -> None:
    root = make_user(world.gov, "director", "全站")
    root.is_superuser = True
    root.save()
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    data = {
        "title": draft.title, "slug": draft.slug, "formed_on": "2026-01-05", "kind": "general", "attribute": "proactive",
        "summary": "概述", "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }  # fmt: skip
    world.client(root).post(url, data)
    assert still_hidden(draft)


def test_by_schedule(draft: DisclosurePage) -> None:
    draft.go_live_at = timezone.now() - timedelta(minutes=1)
    revision = draft.save_revision(approved_go_live_at=draft.go_live_at)
    call_command("publish_scheduled")
    assert still_hidden(draft)
    assert "没有审核通过的审签单" in draft.schedule_refusals.get().reasons
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_by_bulk(world: Any) -> None:
    page = DisclosurePage(title="新的", formed_on=date(2026, 1, 5), summary="x")
    with pytest.raises(ValidationError, match="没有审核通过的审签单"):
        services.bulk_add(world.director, world.column, [page], source="表格")
    assert not DisclosurePage.objects.exists()
    old = DisclosurePage(
        title="旧站的",
        formed_on=date(2026, 1, 5),
        summary="x",
        published_at=timezone.now() - timedelta(days=9),
    )
    assert services.bulk_add(world.director, world.column, [old], source="旧站")[0].shown


# --- sections follow the organs -------------------------------------------------------------------------------------


@pytest.fixture
def following(settings: Any) -> None:
    settings.SECTIONS_FOLLOW_ORGANS = True


def test_a_new_organ_can_publish_at_once_and_a_rename_is_seen(world: Any, following: None) -> None:
    organ = make_organ("甲区新设局", world.gov, slug="jia-new")
    section = OrganSection.objects.get(organ=organ)
    assert section.get_parent().specific.organ == world.gov
    assert ColumnPage.objects.filter(organ=organ).exclude(fixed="").count() == 4
    writer = make_user(organ, "editor", "新人")
    assert section.permissions_for_user(writer).can_add_subpage()
    address = section.url_path
    organs.rename_organ(SYSTEM, organ, "甲区更名局", on=timezone.localdate(), basis="某号文件")
    section.refresh_from_db()
    assert section.title == "甲区更名局"
    column = ColumnPage.objects.get(organ=organ, fixed="guide")
    assert column.description.startswith("甲区更名局")
    organs.move_organ(SYSTEM, organ, world.dept, reason="划转")
    section.refresh_from_db()
    assert section.url_path == address  # addresses were given for good
    text = world.client(world.editor).get(OrganSection.objects.get(organ=world.dept).url).content.decode()
    assert section.url in text


def test_whoever_leaves_writes_no_more(world: Any) -> None:
    section = OrganSection.objects.get(organ=world.dept)
    assert section.permissions_for_user(world.editor).can_add_subpage()
    seat = world.editor.memberships.get()
    organs.end_membership(SYSTEM, seat, on=timezone.localdate() - timedelta(days=1), reason="离岗")
    gone = type(world.editor).objects.get(pk=world.editor.pk)
    assert not section.permissions_for_user(gone).can_add_subpage()
