"""A document that is not to be published is named on no public list, in no history and in no file made of them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.normative.models import CleanUp, Document
from gongkai.normative.services import cleanup
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ

pytestmark = pytest.mark.django_db
SECRET = "不公开的决定"


def _withheld(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(
        title=SECRET, published_on=None, published_at=None, disclosure="closed", disclosure_reason="条例第十六条",
    )  # fmt: skip


@pytest.fixture
def organ(db: None) -> Organ:
    return make_organ("丙区人民政府", slug="bing")


def _clean_up(organ: Organ) -> tuple[CleanUp, Document, Document]:
    kept, ended = make_document(organ, "甲"), make_document(organ, "乙")
    row = cleanup.start_clean_up(SYSTEM, organ, title="清理", basis="通知", until=timezone.localdate())
    decision = make_document(organ, "清理决定", issued=timezone.localdate() - timedelta(days=1))
    for item in row.items.select_related("clean_up__organ", "document"):
        verdict = "repeal" if item.document_id == ended.pk else "keep"
        cleanup.give_verdict(SYSTEM, item, verdict, "被取代" if verdict == "repeal" else "")
    cleanup.approve_clean_up(SYSTEM, cleanup.submit_clean_up(SYSTEM, row))
    return cleanup.apply_clean_up(SYSTEM, row, decision, timezone.localdate()), kept, decision


def test_not_in_the_result_of_a_clean_up(client: Client, organ: Organ) -> None:
    row, kept, decision = _clean_up(organ)
    url = f"/policies/clean-ups/{row.pk}"
    assert kept.title in client.get(f"{url}/").content.decode()
    _withheld(kept)
    assert SECRET not in client.get(f"{url}/").content.decode()
    sheet = load_workbook(io.BytesIO(client.get(f"{url}.xlsx").content)).active
    assert sheet is not None
    assert SECRET not in str([cell.value for line in sheet for cell in line])
    _withheld(decision)
    page = client.get(f"{url}/").content.decode()
    assert SECRET not in page
    assert "依据：" not in page


def test_not_in_the_history_of_another(client: Client, organ: Organ) -> None:
    row, _, decision = _clean_up(organ)
    ended = row.items.get(verdict="repeal").document
    page = f"/policies/{ended.pk}/"
    assert decision.title in client.get(page).content.decode()
    _withheld(decision)
    shown = client.get(page)
    assert shown.status_code == 200
    assert SECRET not in shown.content.decode()
