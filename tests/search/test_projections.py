"""What the apps above put into the index: it follows publication, withdrawal, validity, files, the organs that issued."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.normative import services as documents
from gongkai.normative.models import Attachment, Document, Relation
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.publication import services as publication
from gongkai.publication.models import InterpretationPage, PolicyPage
from gongkai.publication.testing import make_attachment, make_column, make_item
from gongkai.search import answers, indexing, pages
from gongkai.search.finding import Filters, find
from gongkai.search.models import EmptyQuery, QueryStat, SearchDoc, Withdrawn

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.django_db


def keys(text: str, filters: Filters | None = None) -> list[str]:
    found = find(text, filters, today=TODAY)
    rows = SearchDoc.objects.in_bulk(list(found.positions))
    return [rows[position].key for position in found.positions]


@pytest.fixture
def organ(db: Any) -> Organ:
    return make_organ("某区人民政府", slug="mou")


def test_a_registered_document_is_found_and_follows_its_validity(organ: Organ) -> None:
    row = make_document(organ)
    key = f"document:{row.pk}"
    assert keys("临时救助")[:1] == [key]
    assert SearchDoc.objects.get(key=key).validity == "valid"
    documents.declare_void(SYSTEM, row, on=timezone.localdate(), note="任务已完成")
    doc = SearchDoc.objects.get(key=key)
    assert doc.validity == Document.objects.get(pk=row.pk).status
    assert doc.validity in ("repealed", "expired")


def test_a_draft_is_not_found(organ: Organ) -> None:
    documents.create_draft(
        SYSTEM,
        organ,
        on=timezone.localdate(),
        category="normative",
        title="尚在起草的燃气办法",
        body="第一条",
    )
    assert keys("燃气办法") == []


def test_a_joint_document_is_found_under_each_organ(organ: Organ) -> None:
    other = make_organ("外区人民政府", slug="wai")
    row = make_document(organ)
    assert keys("临时救助", Filters(organ=other.pk)) == []
    row.joint_organs.add(other)
    assert keys("临时救助", Filters(organ=other.pk)) == [f"document:{row.pk}"]
    row.joint_organs.remove(other)
    assert keys("临时救助", Filters(organ=other.pk)) == []


def test_the_text_of_files_is_found_and_process_papers_are_not(organ: Organ) -> None:
    row = make_document(organ)
    made = {"file": "x", "media_type": "text/plain", "size": 1}
    Attachment.objects.create(
        document=row, kind="attachment", name="申请表.docx", digest="a", text="家庭收入申报栏", **made
    )
    Attachment.objects.create(
        document=row, kind="evidence", name="会签单.docx", digest="b", text="内部意见若干", **made
    )
    assert keys("收入申报栏") == [f"document:{row.pk}"]
    assert keys("内部意见若干") == []


def test_items_come_and_go(organ: Organ) -> None:
    column = make_column(organ)
    file = make_attachment(organ, "配租名单")
    page = make_item(
        column, title="保障性住房配租结果", summary="配租。",
        body=[("text", "<p>共<b>三十二</b>户入围。</p>"), ("download", {"file": file, "name": ""})],
    )  # fmt: skip
    key = f"page:{page.pk}"
    assert keys("三十二户入围") == [key]
    assert keys("配租名单内容") == [key]
    publication.mark_superseded(SYSTEM, page, note="已经更正")
    assert SearchDoc.objects.get(key=key).validity == "repealed"
    publication.withdraw(SYSTEM, page, reason="数据有误")
    assert keys("户入围") == []
    assert Withdrawn.objects.filter(key=key).exists()
    publication.publish(SYSTEM, page)
    assert keys("户入围") == [key]


def test_bulk_loads_are_found_and_drafts_among_them_are_not(organ: Organ) -> None:
    column = make_column(organ)
    day = timezone.localdate() - timedelta(days=3)
    made = [
        PolicyPage(
            title=f"第{n}号批量文件", formed_on=day, summary="批量", body=[("text", "<p>批量正文</p>")]
        )
        for n in range(3)
    ]
    made[0].published_at = timezone.now()
    publication.bulk_add(SYSTEM, column, made, source="测试", publish=False)
    assert keys("批量文件") == [f"page:{made[0].pk}"]


def test_one_document_is_found_once_and_leads_to_its_interpretation(organ: Organ) -> None:
    row = make_document(organ)
    column = make_column(organ)
    policy = publication.create_item(
        SYSTEM,
        column,
        PolicyPage(
            title=row.title, formed_on=row.formed_on or TODAY, summary="救助", register_entry=row,
            body=[("text", "<p>正文</p>")],
        ),
    )  # fmt: skip
    policy = publication.publish(SYSTEM, policy)
    assert keys("临时救助") == [f"document:{row.pk}"]
    elements = dict.fromkeys(
        ("background", "aims", "content", "standards", "benefits", "differences"), "写明"
    )
    talk = publication.create_item(
        SYSTEM,
        column,
        InterpretationPage(
            title="临时救助一图读懂", formed_on=TODAY - timedelta(days=2), summary="解读", document=policy, **elements
        ),
    )  # fmt: skip
    talk = publication.publish(SYSTEM, talk)
    links = answers.related(SearchDoc.objects.get(key=f"document:{row.pk}"))
    assert [(link.title, link.url) for link in links] == [("临时救助一图读懂", talk.public_url)]
    back = answers.related(SearchDoc.objects.get(key=f"page:{talk.pk}"))
    assert [link.label for link in back] == ["解读的文件"]


def test_relations_of_the_register_are_links(organ: Organ) -> None:
    row, reading = make_document(organ), make_document(organ, "解读稿")
    Relation.objects.create(source=reading, kind="explains", target=row, done=True)
    links = answers.related(SearchDoc.objects.get(key=f"document:{row.pk}"))
    assert [(link.label, link.title) for link in links] == [("解读", reading.title)]


def test_looking_at_everything_again_changes_nothing(organ: Organ) -> None:
    make_document(organ)
    make_item(make_column(organ))
    assert indexing.refresh() == (0, 0)
    SearchDoc.objects.filter(key__startswith="page:").update(digest="")
    assert indexing.refresh() == (1, 0)


@pytest.mark.parametrize(
    "typed", ["20261103ABCDEF", " 20261103 abcdef", "回执号20261103-ABCDEF", "利通公开申〔2026〕12号", "利通公开申[2026]12"]
)  # fmt: skip
def test_a_case_number_leads_to_the_tracking_page_and_is_not_kept(
    client: Client, db: Any, typed: str
) -> None:
    answer = client.get(reverse("portal:search"), {"q": typed})
    assert reverse("apply:track") in answer.content.decode()
    assert not QueryStat.objects.exists()
    assert not EmptyQuery.objects.exists()


@pytest.mark.parametrize("typed", ["申请公开", "利政发〔2025〕12号", "申请表", "2026年依申请公开统计"])
def test_words_are_no_case_number(db: Any, typed: str) -> None:
    assert answers.hint(typed) is None


def test_nothing_found_fills_in_the_application(client: Client, organ: Organ) -> None:
    answer = client.get(reverse("portal:search"), {"q": "地窖氡气监测"}).content.decode()
    start = f"{reverse('apply:start')}?q=%E5%9C%B0%E7%AA%96%E6%B0%A1%E6%B0%94%E7%9B%91%E6%B5%8B"
    assert start in answer
    form = client.get(reverse("apply:form", args=[organ.slug]), {"q": "地窖氡气监测"}).content.decode()
    assert "地窖氡气监测</textarea>" in form


def test_the_first_hit_stands_once_with_whom_to_ask(client: Client, organ: Organ) -> None:
    Organ.objects.filter(pk=organ.pk).update(phone="0953-2012345")
    for number in range(3):
        make_document(organ, f"第{number}份")
    page = client.get(reverse("portal:search"), {"q": "临时救助"}).content.decode()
    result = pages.build("临时救助", Filters(), "", None, TODAY)
    assert result.lead is not None
    assert len(result.hits) == result.found.total - 1
    assert page.count(f'href="{result.lead.url}"') == 1
    assert "问谁" in page
    assert "0953-2012345" in page
    assert '<ol class="hits" start="2">' in page


def test_nothing_within_a_facet_leads_back_to_everything(client: Client, organ: Organ) -> None:
    make_document(organ, "第一份")
    page = client.get(reverse("portal:search"), {"q": "临时救助", "year": "1999"}).content.decode()
    assert "在全部内容里找" in page
    assert 'href="?q=%E4%B8%B4%E6%97%B6%E6%95%91%E5%8A%A9"' in page


def test_the_empty_page_says_how_to_begin(client: Client, db: Any) -> None:
    assert "怎样搜" in client.get(reverse("portal:search")).content.decode()
    assert "怎样搜" not in client.get(reverse("portal:search"), {"q": "什么也没有"}).content.decode()


def test_a_page_of_results_is_a_bounded_number_of_queries(
    organ: Organ, django_assert_max_num_queries: Any
) -> None:
    column = make_column(organ)
    for number in range(12):
        make_document(organ, f"第{number}份")
        make_item(column, title=f"临时救助第{number}期")
    pages.build("临时救助", Filters(), "", None, TODAY)
    with django_assert_max_num_queries(14):
        page = pages.build("临时救助", Filters(), "", None, TODAY)
    assert page.found.total == 24
