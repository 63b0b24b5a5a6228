"""A registered document and its page are one: published once, and what ends the document is said on the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gongkai.normative import services as register
from gongkai.normative.services.core import refresh_statuses
from gongkai.normative.testing import make_document
from gongkai.organs.scope import SYSTEM
from gongkai.publication import indexing, services
from gongkai.publication.models import ColumnPage, PolicyPage, Release
from gongkai.publication.testing import make_column

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def policies(world: Any) -> ColumnPage:
    return make_column(
        world.dept,
        code="zcwj",
        title="政策文件",
        content_class="statutory",
        column_type="policy",
        default_kind="policy",
    )


def test_one_act_puts_a_document_into_its_column_with_its_own_number_and_time(
    world: Any, policies: ColumnPage, client: Any
) -> None:
    document = make_document(world.dept, "甲", issued=TODAY - timedelta(days=9))
    assert list(services.unlinked_documents(Q(organ__pk=world.dept.pk))) == [document]
    with pytest.raises(PermissionDenied):
        services.sync_document(world.stranger, document)
    page = services.sync_document(world.editor, document)
    assert (page.published_at, page.document_number) == (document.published_at, document.number)
    assert page.index_number == document.index_number or not document.index_number
    assert page.column_id == policies.pk
    assert page.validity == "in_force"
    assert page.late is False
    assert Release.objects.filter(page=page, channel="portal").count() == 1
    text = client.get(page.public_url).content.decode()
    assert "第二条" in text
    assert document.get_absolute_url() in text
    again = services.sync_document(world.editor, document)
    assert (again.pk, again.published_at) == (page.pk, page.published_at)
    assert PolicyPage.objects.count() == 1
    assert not services.unlinked_documents(Q())


def test_repeal_is_on_the_page_in_the_same_transaction_and_is_taken_back_with_it(
    world: Any, policies: ColumnPage, client: Any
) -> None:
    old = make_document(world.dept, "旧", issued=TODAY - timedelta(days=90))
    new = make_document(world.dept, "新", issued=TODAY - timedelta(days=5))
    page = services.sync_document(world.editor, old)
    with transaction.atomic():
        register.repeal(SYSTEM, old, on=TODAY, basis=new)
        page.refresh_from_db()
        assert page.validity == "repealed"
        transaction.set_rollback(True)
    page.refresh_from_db()
    assert page.validity == "in_force"
    event = register.repeal(SYSTEM, old, on=TODAY, basis=new)
    page.refresh_from_db()
    assert (page.validity, page.superseded_by) == ("repealed", None)
    assert str(new.title) in page.superseded_note  # no page to lead to yet: named in words
    successor = services.sync_document(world.editor, new)
    text = client.get(page.public_url).content.decode()
    assert "已废止" in text
    assert successor.public_url in text
    register.strike(SYSTEM, event, reason="登记有误")
    page.refresh_from_db()
    assert (page.validity, page.superseded_by, page.superseded_note) == ("in_force", None, "")


def test_a_later_day_and_an_amendment_reach_the_page(world: Any, policies: ColumnPage) -> None:
    document = make_document(world.dept, issued=TODAY - timedelta(days=50))
    page = services.sync_document(world.editor, document)
    register.amend(SYSTEM, document, on=TODAY, body="第一条　改过的文本。", note="按新规定")
    page = PolicyPage.objects.get(pk=page.pk)
    assert page.validity == "amended"
    assert "改过的文本" in str(page.body)
    assert page.published_at == document.published_at
    register.repeal(SYSTEM, document, on=TODAY + timedelta(days=10), note="某号文件")
    page.refresh_from_db()
    assert page.validity == "amended"
    refresh_statuses(TODAY + timedelta(days=10))
    page.refresh_from_db()
    assert page.validity == "repealed"


def test_what_is_not_public_or_has_no_column_is_refused(world: Any) -> None:
    document = make_document(world.dept)
    with pytest.raises(ValidationError, match="没有“政策文件”栏目"):
        services.sync_document(world.editor, document)
    draft = register.create_draft(
        SYSTEM, world.dept, category="policy", title="关于某事的通知", body="一、事项。"
    )
    with pytest.raises(ValidationError, match="还没有公布"):
        services.sync_document(world.editor, draft)


def test_no_item_gets_the_number_of_a_document(world: Any) -> None:
    with transaction.atomic():
        first = indexing.take(world.dept, TODAY.year)[0]
        serial = int(first[-5:])
        document = make_document(world.dept)
        type(document).objects.filter(pk=document.pk).update(
            index_number=indexing.generator()(world.dept, TODAY.year, serial + 1)
        )
        found = indexing.take(world.dept, TODAY.year, 2)
    assert [int(n[-5:]) for n in found] == [serial + 2, serial + 3]
