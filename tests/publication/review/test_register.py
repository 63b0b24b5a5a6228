"""A page says what the register says of its document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.normative.models import Document
from gongkai.normative.services import Existing, bulk_register
from gongkai.normative.services.changing import repeal, strike
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


def test_a_document_registered_after_its_page_is_found_and_what_it_says_counts(world: Any) -> None:
    page = published(world.column, "旧规定", "甲教发[2026]6号")
    PolicyPage.objects.filter(pk=page.pk).update(expires_on=timezone.localdate() + timedelta(days=400))
    other = published(world.foreign, "别区的", "甲教发〔2026〕6号")
    words = str(page.body)
    entry = make_document(world.dept, "旧", number="甲教发〔2026〕6号")
    page = PolicyPage.objects.get(pk=page.pk)
    assert (page.register_entry, page.validity) == (entry, "in_force")
    assert str(page.body) == words, "joined, not overwritten"
    assert page.expires_on is not None, "the register knows no end: what was written stays"
    assert PolicyPage.objects.get(pk=other.pk).register_entry is None
    rows = [
        Existing(title="新", number="甲教发〔2026〕7号", category="normative", issued_on=timezone.localdate())
    ]
    late = published(world.column, "新规定", "甲教发〔2026〕7号")
    made, _ = bulk_register(SYSTEM, world.dept, rows)
    assert PolicyPage.objects.get(pk=late.pk).register_entry == made[0]


def test_every_page_of_the_document_follows_and_a_strike_takes_it_back(world: Any) -> None:
    old = make_document(world.dept, "旧", number="甲教发〔2026〕8号")
    new = make_document(world.dept, "新", number="甲教发〔2026〕9号")
    pages = [published(world.column, title, "甲教发〔2026〕8号").pk for title in ("全文", "另一栏目的全文")]
    successor = published(world.column, "新规定", "甲教发〔2026〕9号")
    event = repeal(SYSTEM, Document.objects.get(pk=old.pk), on=timezone.localdate(), basis=new)
    said = PolicyPage.objects.filter(pk__in=pages).values_list("validity", "superseded_by")
    assert list(said) == [("repealed", successor.pk)] * 2
    strike(SYSTEM, event, reason="登记有误")
    said = PolicyPage.objects.filter(pk__in=pages).values_list("validity", "superseded_by", "superseded_note")
    assert list(said) == [("in_force", None, "")] * 2


def test_imported_pages_are_tied_too(world: Any) -> None:
    entry = make_document(world.dept, "旧", number="甲教发〔2026〕10号")
    repeal(SYSTEM, Document.objects.get(pk=entry.pk), on=timezone.localdate(), note="依据某文件")
    page = PolicyPage(
        title="旧站的规定", document_number="甲教发﹝2026﹞10号", formed_on=timezone.localdate() - timedelta(days=30),
        summary="概述。", body=[("text", "<p>正文。</p>")], published_at=timezone.now() - timedelta(days=20),
    )  # fmt: skip
    services.bulk_add(SYSTEM, world.column, [page], source="旧站")
    assert PolicyPage.objects.get(pk=page.pk).validity == "repealed"
