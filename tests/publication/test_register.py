"""Interpretations reach the register of documents, and the scans stand before a document's publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from gongkai.normative import services as register
from gongkai.normative.models import Document
from gongkai.normative.services.files import add_file
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication import services
from gongkai.publication.models import ColumnPage, DisclosurePage, InterpretationPage, PolicyPage
from gongkai.publication.testing import make_column

pytestmark = pytest.mark.django_db
ELEMENTS = dict.fromkeys(("background", "aims", "content", "standards", "benefits", "differences"), "写明")
#: Made up; its check digit is right.
IDENTITY = "410311199003071238"


@pytest.fixture
def organ() -> Organ:
    return make_organ("某区人民政府", slug="mou")


@pytest.fixture
def column(organ: Organ) -> ColumnPage:
    return make_column(organ)


def _policy(column: ColumnPage, document: Document, **fields: Any) -> DisclosurePage:
    page = PolicyPage(
        title=document.title,
        formed_on=document.formed_on,
        summary="救助",
        body=[("text", "<p>正文</p>")],
        **fields,
    )
    return services.publish(SYSTEM, services.create_item(SYSTEM, column, page))


def _talk(column: ColumnPage, policy: DisclosurePage, title: str = "一图读懂") -> InterpretationPage:
    return InterpretationPage(
        title=title,
        formed_on=timezone.localdate(),
        summary="解读",
        document=policy,
        form="picture",
        **ELEMENTS,
    )


@pytest.mark.parametrize("by_number", [True, False])
def test_the_first_interpretation_is_noted_and_shown_beside_the_document(
    column: ColumnPage, by_number: bool
) -> None:
    row = make_document(column.organ, number="某政规发〔2026〕3号")
    link = {"document_number": row.number} if by_number else {"register_entry": row}
    policy = _policy(column, row, **link)
    assert Document.objects.get(pk=row.pk).interpreted_on is None
    talk = services.publish(SYSTEM, services.create_item(SYSTEM, column, _talk(column, policy)))
    assert Document.objects.get(pk=row.pk).interpreted_on == timezone.localdate()
    page = Client().get(row.get_absolute_url()).content.decode()
    assert talk.public_url in page
    assert "一图读懂" in page
    services.withdraw(SYSTEM, talk, reason="内容有误")
    assert "一图读懂" not in Client().get(row.get_absolute_url()).content.decode()
    # What was published was published: the lag stays as measured.
    assert Document.objects.get(pk=row.pk).interpreted_on == timezone.localdate()


def test_imported_interpretations_count_from_their_own_day(column: ColumnPage) -> None:
    row = make_document(column.organ)
    policy = _policy(column, row, register_entry=row)
    talk = _talk(column, policy)
    talk.published_at = timezone.now() - timedelta(days=4)
    services.bulk_add(SYSTEM, column, [talk], source="旧网站")
    assert Document.objects.get(pk=row.pk).interpreted_on == timezone.localtime(talk.published_at).date()


def test_an_identity_number_in_text_or_file_stops_the_document(organ: Organ) -> None:
    row = register.create_draft(
        SYSTEM, organ, category="policy", title="关于公布救助名单的通知", body=f"张某，身份证号{IDENTITY}。"
    )
    row = register.issue(SYSTEM, row, on=timezone.localdate())
    with pytest.raises(ValidationError) as refused:
        register.publish(SYSTEM, row, secrecy_reviewed=True)
    assert "居民身份证号码" in str(refused.value)
    assert IDENTITY not in str(refused.value)
    register.update_document(SYSTEM, row, body="名单见附件。", reason="删去身份证号码")
    add_file(SYSTEM, row, "evidence", ContentFile(f"底稿 {IDENTITY}".encode(), name="底稿.txt"))
    wrong = add_file(SYSTEM, row, "attachment", ContentFile(f"名单 {IDENTITY}".encode(), name="名单.txt"))
    with pytest.raises(ValidationError, match="居民身份证号码"):
        register.publish(SYSTEM, row, secrecy_reviewed=True)
    wrong.delete()
    assert register.publish(SYSTEM, row, secrecy_reviewed=True).published_on == timezone.localdate()


def test_what_is_public_takes_in_no_identity_number_afterwards(organ: Organ) -> None:
    row = make_document(organ, "甲", issued=timezone.localdate() - timedelta(days=9))
    director = make_user(organ, "director")
    text = f"第一条　张某，身份证号{IDENTITY}。"
    for change in (
        lambda: register.amend(director, row, on=timezone.localdate(), body=text, note="改"),
        lambda: register.update_document(director, row, body=text, reason="漏字"),
        lambda: add_file(
            director, row, "attachment", ContentFile(f"名单 {IDENTITY}".encode(), name="名单.txt")
        ),
        lambda: register.register_existing(
            director,
            organ,
            register.Existing(
                "乙", "policy", timezone.localdate(), published_on=timezone.localdate(), body=text
            ),
        ),
    ):
        with pytest.raises(ValidationError, match="居民身份证号码") as refused:
            change()
        assert IDENTITY not in str(refused.value)
    row = Document.objects.get()
    assert (IDENTITY in row.body, row.files.count(), row.status) == (False, 0, "valid")
    add_file(director, row, "evidence", ContentFile(f"底稿 {IDENTITY}".encode(), name="底稿.txt"))
    # What was let out with its legal reason stays: a change elsewhere is not stopped by it.
    Document.objects.filter(pk=row.pk).update(body=text)
    register.update_document(director, Document.objects.get(), body=f"{text}第二条　补充。", reason="漏字")
    draft = register.Existing("丙", "policy", timezone.localdate(), body=text)
    assert register.register_existing(director, organ, draft).published_on is None
