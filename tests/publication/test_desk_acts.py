"""Topics, validity, drafts that know their column, parts of a video, links that leave, figures for the report."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gongkai.organs.scope import SYSTEM
from gongkai.publication import ranges, selectors, services
from gongkai.publication.blocks import is_government
from gongkai.publication.models import ColumnPage, DisclosurePage, TopicEntry, TopicPage
from gongkai.publication.testing import make_item
from gongkai.reports.narrative import ledgerfields
from gongkai.reports.narrative.publication_fields import KEYS

pytestmark = pytest.mark.django_db


def test_a_topic_is_opened_filled_and_emptied_on_the_desk(world: Any, client: Any) -> None:
    editor = world.client(world.editor)
    data = {
        "organ": world.dept.pk,
        "title": "营商环境",
        "slug": "yshj",
        "introduction": "导语。",
        "promise_days": "30",
    }
    editor.post(reverse("publication_topics"), data)
    topic = TopicPage.objects.get(slug="yshj")
    assert topic.organ == world.dept
    again = editor.post(reverse("publication_topics"), data)
    assert again.status_code == 422
    assert "请换一个" in again.content.decode()
    page = make_item(world.column, title="营商环境新举措")
    url = reverse("publication_topic", args=[topic.pk])
    assert "营商环境新举措" in editor.get(url, {"q": "举措"}).content.decode()
    editor.post(url, {"act": "add", "page": page.pk, "material": "case"})
    assert "营商环境新举措" in client.get(topic.url).content.decode()
    assert editor.post(url, {"act": "add", "page": page.pk, "material": "x"}).status_code == 422
    editor.post(url, {"act": "save", "title": "优化营商环境", "introduction": "", "promise_days": "15"})
    editor.post(url, {"act": "remove", "page": page.pk})
    topic.refresh_from_db()
    assert topic.title == "优化营商环境"
    assert not TopicEntry.objects.exists()
    assert world.client(world.stranger).get(url).status_code == 404


def test_validity_is_marked_on_the_desk_with_what_took_its_place(world: Any) -> None:
    old = make_item(world.column, title="旧规定")
    new = make_item(world.column, title="新规定", document_number="甲教发〔2026〕2号")
    url, editor = reverse("publication_item", args=[old.pk]), world.client(world.editor)
    wrong = {
        "act": "supersede",
        "validity": "repealed",
        "successor": "甲教发〔2026〕9号",
        "reason": "自今日起废止",
    }
    answer = editor.post(url, wrong)
    assert answer.status_code == 422
    assert "自今日起废止" in answer.content.decode()  # nothing typed is lost
    editor.post(url, wrong | {"successor": "甲教发〔2026〕2号"})
    old.refresh_from_db()
    assert (old.validity, old.superseded_by) == ("repealed", new)
    stranger = world.client(world.stranger)
    assert stranger.post(url, wrong).status_code == 404


def test_a_draft_begins_as_what_its_column_holds(world: Any) -> None:
    services.update_column(world.director, world.column, default_kind="livelihood")
    url = reverse("wagtailadmin_pages:add", args=["publication", "disclosurepage", world.column.pk])
    text = world.client(world.editor).get(url).content.decode()
    assert '<option value="livelihood" selected>' in text


@given(size=st.integers(1, 500), first=st.integers(0, 600), last=st.integers(0, 600))
def test_a_part_lies_within_the_file(size: int, first: int, last: int) -> None:
    try:
        span = ranges.span_of(f"bytes={first}-{last}", size)
    except ValueError:
        assert first >= size
        return
    if span is None:
        assert last < first
    else:
        assert span == (first, min(last, size - 1))


def test_a_video_can_be_read_in_parts(world: Any, client: Any) -> None:
    content = bytes(range(65, 91)) * 40
    file = services.add_attachment(SYSTEM, world.dept, "a.txt", content)
    page = make_item(world.column, body=[("text", "<p>文</p>"), ("download", {"file": file, "name": "附件"})])
    url = file.get_absolute_url()
    whole = client.get(url)
    assert whole["Accept-Ranges"] == "bytes"
    assert b"".join(whole.streaming_content) == content
    part = client.get(url, headers={"Range": "bytes=3-7"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 3-7/{len(content)}"
    assert b"".join(part.streaming_content) == content[3:8]
    tail = client.get(url, headers={"Range": "bytes=-5"})
    assert b"".join(tail.streaming_content) == content[-5:]
    assert client.get(url, headers={"Range": "bytes=99999-"}).status_code == 416
    assert client.get(url, headers={"Range": "bytes=0-1,5-6"}).status_code == 200
    services.withdraw(world.director, page, reason="有误")
    assert client.get(url, headers={"Range": "bytes=0-1"}).status_code == 404


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://www.gov.cn/a", True), ("https://wuzhong.gov.cn", True), ("https://localhost/x", True),
        ("https://www.gov.cn.example.com/", False), ("https://example.com/?x=.gov.cn", False), ("https://agov.cn/", False),
    ],
)  # fmt: skip
def test_a_link_that_leaves_says_so(world: Any, client: Any, url: str, own: bool) -> None:
    assert is_government(url) is own
    page = make_item(world.column, body=[("text", "<p>文</p>"), ("link", {"text": "对方", "url": url})])
    assert ("离开政府网站" in client.get(page.public_url).content.decode()) is not own


def test_thresholds_are_a_setting(world: Any, settings: Any) -> None:
    column = ColumnPage.objects.get(pk=world.column.pk)
    assert selectors.limit_of(column) == 10
    settings.PUBLICATION_STALE_DAYS = {"news": 7}
    assert selectors.limit_of(column) == 7


def test_the_report_knows_what_was_released_by_organ_and_below(world: Any) -> None:
    page: DisclosurePage = make_item(world.column)
    year = page.published_at.year
    names = set(KEYS)
    own = ledgerfields.figures(world.gov, year, False, names)
    below = ledgerfields.figures(world.gov, year, True, names)
    assert (own["主动公开发布总数"], below["主动公开发布总数"]) == (0, 1)
    assert below["政府门户网站发布数"] == below["政务动态类信息发布数"] == 1
    assert set(below) == names
