"""A page says what the register says of its document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.normative.models import Document
from gongkai.normative.services.changing import repeal
from gongkai.normative.testing import make_document
from gongkai.organs.scope import SYSTEM
from gongkai.publication import services
from gongkai.publication.models import ColumnPage, DisclosurePage, PolicyPage

pytestmark = pytest.mark.django_db


def published(column: ColumnPage, title: str, number: str) -> PolicyPage:
    page = PolicyPage(
        title=title, document_number=number, formed_on=timezone.localdate() - timedelta(days=30), summary="概述。",
        body=[("text", "<p>正文。</p>")],
    )  # fmt: skip
    page = services.publish(SYSTEM, services.create_item(SYSTEM, column, page))
    return PolicyPage.objects.get(pk=page.pk)


@pytest.mark.parametrize("page_first", [True, False])
def test_a_repeal_in_the_register_marks_the_page(world: Any, client: Any, page_first: bool) -> None:
    today = timezone.localdate()
    old = make_document(world.dept, "旧", number="甲教发〔2026〕3号")
    new = make_document(world.dept, "新", number="甲教发〔2026〕4号", issued=today)
    page = published(world.column, "旧规定", "甲教发[2026]3号")
    assert page.register_entry == old
    assert page.validity == "in_force"
    if page_first:
        successor = published(world.column, "新规定", "甲教发〔2026〕4号")
    repeal(SYSTEM, Document.objects.get(pk=old.pk), on=today, basis=new)
    if not page_first:
        assert DisclosurePage.objects.get(pk=page.pk).superseded_by is None
        successor = published(world.column, "新规定", "甲教发〔2026〕4号")
    page.refresh_from_db()
    assert (page.validity, page.superseded_by_id) == ("repealed", successor.pk)
    said = client.get(page.public_url).content.decode()
    assert "已废止" in said
    assert "新规定" in said


def test_only_the_organs_own_entry_is_joined(world: Any) -> None:
    make_document(world.gov, "上级", number="甲教发〔2026〕3号")
    assert published(world.column, "规定", "甲教发〔2026〕3号").register_entry is None
    assert published(world.column, "无号", "").register_entry is None


def test_an_act_in_the_register_leaves_the_words_of_a_page_that_people_wrote(world: Any) -> None:
    old = make_document(world.dept, "旧", number="甲教发〔2026〕5号")
    page = published(world.column, "旧规定", "甲教发〔2026〕5号")
    page.refresh_from_db()
    before = str(page.body)
    repeal(SYSTEM, Document.objects.get(pk=old.pk), on=timezone.localdate(), note="不再适用")
    page = PolicyPage.objects.get(pk=page.pk)
    assert page.validity == "repealed"
    assert str(page.body) == before
