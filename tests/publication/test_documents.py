"""A registered document and its page are one: published once, and what ends the document is said on the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.normative import services as register
from gongkai.normative.models import Document
from gongkai.normative.services.core import refresh_statuses
from gongkai.normative.testing import make_document
from gongkai.organs.scope import SYSTEM
from gongkai.publication import indexing, services
from gongkai.publication.models import ColumnPage, PolicyPage, Release
from gongkai.publication.testing import make_column

pytestmark = pytest.mark.django_db


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
    document = make_document(world.dept, "甲", issued=timezone.localdate() - timedelta(days=9))
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
    old = make_document(world.dept, "旧", issued=timezone.localdate() - timedelta(days=90))
    new = make_document(world.dept, "新", issued=timezone.localdate() - timedelta(days=5))
    page = services.sync_document(world.editor, old)
    with transaction.atomic():
        register.repeal(SYSTEM, old, on=timezone.localdate(), basis=new)
        page.refresh_from_db()
        assert page.validity == "repealed"
        transaction.set_rollback(True)
    page.refresh_from_db()
    assert page.validity == "in_force"
    event = register.repeal(SYSTEM, old, on=timezone.localdate(), basis=new)
    page.refresh_from_db()
    assert (page.validity, page.superseded_by) == ("repealed", None)
    assert str(new.title) in page.superseded_note  # no page to lead to yet: named in words
    assert (
        f'<a href="{new.get_absolute_url()}">《{new.title}》</a>'
        in client.get(page.public_url).content.decode()
    )
    successor = services.sync_document(world.editor, new)
    text = client.get(page.public_url).content.decode()
    assert "已废止" in text
    assert successor.public_url in text
    register.strike(SYSTEM, event, reason="登记有误")
    page.refresh_from_db()
    assert (page.validity, page.superseded_by, page.superseded_note) == ("in_force", None, "")


def test_a_later_day_and_an_amendment_reach_the_page(world: Any, policies: ColumnPage) -> None:
    document = make_document(world.dept, issued=timezone.localdate() - timedelta(days=50))
    page = services.sync_document(world.editor, document)
    register.amend(SYSTEM, document, on=timezone.localdate(), body="第一条　改过的文本。", note="按新规定")
    page = PolicyPage.objects.get(pk=page.pk)
    assert page.validity == "amended"
    assert "改过的文本" in str(page.body)
    assert page.published_at == document.published_at
    register.repeal(SYSTEM, document, on=timezone.localdate() + timedelta(days=10), note="某号文件")
    page.refresh_from_db()
    assert page.validity == "amended"
    refresh_statuses(timezone.localdate() + timedelta(days=10))
    page.refresh_from_db()
    assert page.validity == "repealed"


def test_a_slip_mended_in_the_register_reaches_its_page_and_a_begun_draft_stays(
    world: Any, policies: ColumnPage
) -> None:
    document = make_document(world.dept, issued=timezone.localdate() - timedelta(days=50))
    page = services.sync_document(world.editor, document)
    begun = page.get_latest_revision_as_object()
    begun.summary = "正在改的概述"
    begun.save_revision(user=world.editor)
    register.update_document(SYSTEM, document, body="第一条　录入更正。", reason="漏字")
    page = PolicyPage.objects.get(pk=page.pk)
    assert "录入更正" in str(page.body)
    assert page.has_unpublished_changes
    latest = page.get_latest_revision()
    assert (latest.user, latest.as_object().summary) == (world.editor, "正在改的概述")


def test_a_page_that_people_wrote_is_tied_and_not_doubled_by_sync(world: Any, policies: ColumnPage) -> None:
    page = PolicyPage(
        title="手写的", document_number="甲教发[2026]31号", formed_on=timezone.localdate() - timedelta(days=9), summary="概述",
        body=[("text", "<p>人写的正文。</p>")],
    )  # fmt: skip
    page = services.publish(SYSTEM, services.create_item(SYSTEM, policies, page))
    document = make_document(world.dept, number="甲教发〔2026〕31号")
    assert services.sync_document(world.editor, document).pk == page.pk
    page = PolicyPage.objects.get()
    assert (page.title, page.register_entry) == ("手写的", document)
    assert "人写的正文" in str(page.body)


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
        first = indexing.take(world.dept, timezone.localdate().year)[0]
        serial = int(first[-5:])
        document = make_document(world.dept)
        type(document).objects.filter(pk=document.pk).update(
            index_number=indexing.generator()(world.dept, timezone.localdate().year, serial + 1)
        )
        found = indexing.take(world.dept, timezone.localdate().year, 2)
    assert [int(n[-5:]) for n in found] == [serial + 2, serial + 3]


def test_a_published_page_is_entered_into_the_register_on_its_own_screen(
    world: Any, policies: ColumnPage
) -> None:
    page = PolicyPage(
        title="人写的办法", document_number="甲教发[2026]41号", formed_on=timezone.localdate() - timedelta(days=9), summary="概述",
        effective_on=timezone.localdate() - timedelta(days=8), body=[("text", "<h2>总则</h2><p>第一条　人写的。</p>")],
    )  # fmt: skip
    page = services.publish(SYSTEM, services.create_item(SYSTEM, policies, page))
    url = reverse("publication_item", args=[page.pk])
    client = world.client(world.editor)
    assert "登记到文件登记簿" in client.get(url).content.decode()
    bad = client.post(url, {"act": "register", "category": "poem"})
    assert (bad.status_code, "请选择文件的类别" in bad.content.decode()) == (422, True)
    with pytest.raises(PermissionDenied):
        services.register_page(world.stranger, page)
    assert client.post(url, {"act": "register", "category": "normative"}).status_code == 302
    page = PolicyPage.objects.get()
    entry = page.register_entry
    assert entry is not None
    assert (entry.number, entry.category, entry.body) == (
        "甲教发〔2026〕41号",
        "normative",
        "总则\n第一条　人写的。",
    )
    assert (entry.published_on, entry.effective_on) == (
        timezone.localdate(),
        timezone.localdate() - timedelta(days=8),
    )
    assert (page.validity, page.title) == ("in_force", "人写的办法")
    assert client.post(url, {"act": "register"}).status_code == 422, "once"
    assert reverse("documents:inspect", args=[entry.pk]) in client.get(url).content.decode()
    register.repeal(SYSTEM, entry, on=timezone.localdate(), note="不再适用")
    page = PolicyPage.objects.get()
    assert page.validity == "repealed"
    assert "人写的" in str(page.body)


def test_no_page_leads_to_an_entry_that_is_not_public(world: Any, policies: ColumnPage, client: Any) -> None:
    """A link that leads nowhere keeps a new export from taking the place of the old one."""
    document = make_document(world.dept, "甲", issued=timezone.localdate() - timedelta(days=9))
    page = services.sync_document(world.editor, document)
    assert document.get_absolute_url() in client.get(page.public_url).content.decode()
    Document.objects.filter(pk=document.pk).update(published_at=None, published_on=None)
    text = client.get(page.public_url).content.decode()
    assert client.get(document.get_absolute_url()).status_code == 404
    assert document.get_absolute_url() not in text
