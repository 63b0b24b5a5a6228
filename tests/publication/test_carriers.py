"""One item, several carriers: what each gets comes from the published version."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from gongkai.publication import carriers, selectors, services
from gongkai.publication.testing import make_item

pytestmark = pytest.mark.django_db
TABLE = {
    "data": [["项目", "金额（万元）"], ["高龄津贴", "12.5"]], "cell": [], "first_row_is_table_header": True,
    "first_col_is_header": False, "table_header_choice": "row", "table_caption": "发放情况",
}  # fmt: skip
BODY = [("text", "<p>第一段说明办理条件。</p><p>第二段说明办理地点。</p>"), ("table", TABLE)]


def _release(world: Any, channel: str, **fields: Any) -> Any:
    page = make_item(world.column, title="高龄津贴发放公示", body=BODY, **fields)
    return services.release(world.editor, page, channel)


def test_the_account_gets_a_draft_that_leads_to_the_page(world: Any) -> None:
    row = _release(world, "new_media")
    editor = world.client(world.editor)
    listed = editor.get(reverse("publication_releases")).content.decode()
    url = reverse("publication_carrier", args=[row.pk])
    assert url in listed
    assert url not in editor.get(reverse("publication_releases"), {"channel": "board"}).content.decode()
    text = editor.get(url).content.decode()
    assert "第一段说明办理条件。" in text
    assert row.page.public_url in text
    assert reverse("publication_board", args=[row.pk]) not in text  # nothing to put up
    sent = {"release": row.pk, "act": "confirm", "url": "https://mp.example.cn/1"}
    editor.post(reverse("publication_releases"), sent)
    row.refresh_from_db()
    assert (row.state, row.url) == ("done", "https://mp.example.cn/1")
    totals = selectors.release_totals(world.dept, row.year)
    assert sum(totals.by_channel.values()) == sum(totals.by_class.values()) == totals.total == 2


def test_a_long_text_is_cut_between_paragraphs_and_says_so(world: Any) -> None:
    page = make_item(world.column, body=[("text", "".join(f"<p>{'长' * 399}。</p>" for _ in range(9)))])
    draft = carriers.draft_of(page.specific, "https://x/1")
    assert draft.shortened
    assert draft.text.count("长" * 399 + "。") == 3
    assert "全文见原文" in draft.text
    assert not carriers.draft_of(make_item(world.column).specific, "https://x/2").shortened


def test_the_board_gets_a_sheet_with_the_table_and_the_code(world: Any) -> None:
    row = _release(world, "board")
    answer = world.client(world.editor).get(reverse("publication_board", args=[row.pk]))
    assert answer["Content-Type"] == "application/pdf"
    with closing(pdfium.PdfDocument(b"".join(answer.streaming_content))) as document:
        text = "".join(p.get_textpage().get_text_range() for p in document)
        assert len(document) == 1
    for words in (
        "高龄津贴发放公示",
        "第二段说明办理地点",
        "12.5",
        "发放情况",
        world.dept.name,
        row.page.index_number,
    ):
        assert words in text
    assert text.count("高龄津贴") == 2  # title and table: the table is not told twice


def test_nobody_else_reaches_it_and_nothing_withdrawn_is_sent_out(world: Any) -> None:
    row = _release(world, "village")
    for name in ("publication_carrier", "publication_board"):
        url = reverse(name, args=[row.pk])
        assert world.client(world.stranger).get(url).status_code == 404
    services.withdraw(world.director, row.page, reason="数据有误")
    for name in ("publication_carrier", "publication_board"):
        assert world.client(world.editor).get(reverse(name, args=[row.pk])).status_code == 404


def test_the_board_loses_no_paragraph_that_looks_like_a_table(world: Any) -> None:
    told = "<p>办公电话｜0953-2012345</p><p>表格“申请表”在大厅领取。</p>"
    page = make_item(
        world.column, body=[("text", told), ("table", {**TABLE, "data": [["名单"], ["单列内容"]]})]
    )
    with closing(pdfium.PdfDocument(carriers.board_pdf(page.specific, "https://x/1"))) as document:
        text = "".join(document[0].get_textpage().get_text_range().split())
    assert "0953-2012345" in text
    assert "在大厅领取" in text
    assert text.count("单列内容") == 1
