"""A county with something public and something hidden of every sort that the open data know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from gongkai.normative.models import Attachment, CatalogueIssue, CleanUp, Document, DocumentVersion, Relation
from gongkai.normative.services import catalogue, cleanup
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.publication import vocab
from gongkai.publication.models import (
    BudgetPage,
    ColumnPage,
    DisclosurePage,
    InterpretationPage,
    PolicyPage,
    TopicEntry,
    TopicPage,
)
from gongkai.publication.services.items import create_item, publish, withdraw
from gongkai.publication.testing import make_catalogue_item, make_column, make_item
from gongkai.reports.models import AnnualReport, ReportCell, State, Yearbook
from gongkai.search import indexing

#: In the title, the text or the name of everything that is not public.
SECRET = "秘而不宣"


@dataclass
class County:
    organ: Organ
    column: ColumnPage
    items: list[DisclosurePage]
    documents: list[Document]
    clean_up: CleanUp
    issue: CatalogueIssue
    topic: TopicPage
    report: AnnualReport
    yearbook: Yearbook
    #: Addresses of details that answer nothing.
    hidden: list[str]


def _page(model: Any, column: ColumnPage, **fields: Any) -> Any:
    values = {
        "formed_on": timezone.localdate() - timedelta(days=1), "summary": "概述。", "body": [("text", "<p>正文。</p>")], **fields,
    }  # fmt: skip
    return create_item(SYSTEM, column, model(**values))


def _hide(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(
        title=SECRET, body=SECRET, summary=SECRET, published_on=None, published_at=None, disclosure="request",
        disclosure_reason="依申请公开",
    )  # fmt: skip
    DocumentVersion.objects.filter(document=document).update(body=SECRET)
    indexing.drop([f"document:{document.pk}"])


def _clean_up(organ: Organ, name: str) -> CleanUp:
    return cleanup.start_clean_up(SYSTEM, organ, title=name, basis="通知", until=timezone.localdate())


def _report(organ: Organ, year: int, state: str, title: str, text: str) -> AnnualReport:
    row = AnnualReport.objects.create(
        organ=organ, year=year, edition="2021", state=state, title=title, document=text, digest="0" * 64,
        published_at=timezone.now() if state == State.PUBLISHED else None,
    )  # fmt: skip
    ReportCell.objects.create(
        report=row, key="t3.new.total", year=year, value=3, kind="number", raw=title[:9]
    )
    return row


def _yearbook(organ: Organ, version: int, text: str, **more: Any) -> Yearbook:
    document = {
        "organ": organ.name, "year": 2025, "site": {},
        "parts": [{"title": "信息发布", "lines": [
            {"key": "total", "label": "总数", "value": text, "source": "台账", "counted": True},
        ]}],
    }  # fmt: skip
    return Yearbook.objects.create(
        organ=organ, year=2025, version=version, document=document, digest=str(version) * 64, published_at=timezone.now(),
        correction="" if version == 1 else "更正总数", **more,
    )  # fmt: skip


def build(report_text: str) -> County:
    """``report_text``: the canonical JSON of some report."""
    organ = make_organ("丙区人民政府", slug="bing")
    column = make_column(organ, code="czys", title="财政预决算")
    policy = publish(
        SYSTEM, _page(PolicyPage, column, title="关于补贴的通知", document_number="丙政发〔2026〕1号")
    )
    items = [
        policy,
        publish(SYSTEM, _page(BudgetPage, column, title="2026年部门预算", fiscal_year=2026)),
        publish(
            SYSTEM,
            _page(
                InterpretationPage,
                column,
                title="补贴政策公开讲",
                document=policy,
                series="政策公开讲",
                issue_number=3,
                **dict.fromkeys(vocab.ELEMENTS, "写明。"),
            ),
        ),
        make_item(column, title="=1+1 公式标题"),
    ]
    draft = _page(DisclosurePage, column, title=f"{SECRET}草稿", summary=SECRET)
    gone = make_item(column, title=f"{SECRET}撤下", summary=SECRET)
    withdraw(SYSTEM, gone, reason="内容有误")
    hidden_explanation = _page(InterpretationPage, column, title=f"{SECRET}解读", document=policy)
    documents = [make_document(organ, "甲"), make_document(organ, "乙")]
    done = _clean_up(organ, "2026年清理")
    secret = make_document(organ, SECRET)
    running = _clean_up(organ, f"{SECRET}清理")
    for item in done.items.select_related("clean_up__organ"):
        cleanup.give_verdict(SYSTEM, item, "keep")
    cleanup.approve_clean_up(SYSTEM, cleanup.submit_clean_up(SYSTEM, done))
    cleanup.apply_clean_up(
        SYSTEM, done, make_document(organ, "决定", issued=timezone.localdate()), timezone.localdate()
    )
    Relation.objects.create(source=documents[0], target=secret, kind="based_on", done=True)
    Relation.objects.create(source=secret, target=documents[0], kind="amends", done=True, note=SECRET)
    for document, kind in ((documents[0], "evidence"), (documents[0], "attachment"), (secret, "attachment")):
        name = SECRET if kind == "evidence" or document is secret else "附件.txt"
        Attachment.objects.create(
            document=document, kind=kind, file=ContentFile(b"1", name="x"), name=name, text=name, media_type="text/plain",
            size=1, digest="1" * 64,
        )  # fmt: skip
    _hide(secret)
    today = timezone.localdate()
    issue = catalogue.make_issue(
        SYSTEM, organ, period_from=today - timedelta(days=60), period_to=today - timedelta(days=20)
    )
    catalogue.publish_issue(SYSTEM, issue)
    unpublished = catalogue.make_issue(
        SYSTEM, organ, period_from=today - timedelta(days=10), period_to=today + timedelta(days=1)
    )
    topics = [
        organ.section.add_child(instance=TopicPage(title=title, slug=slug, organ=organ, live=live))
        for title, slug, live in (("营商环境", "yshj", True), (f"{SECRET}专题", "mm", False))
    ]
    for page in (items[0], gone):
        TopicEntry.objects.create(topic=topics[0], page=page)
    shut = make_column(organ, code="shut", title=f"{SECRET}栏目")
    ColumnPage.objects.filter(pk=shut.pk).update(live=False)
    make_catalogue_item(organ)
    report = _report(organ, 2025, State.PUBLISHED, "丙区2025年年度报告", report_text)
    _report(organ, 2024, State.DRAFT, f"{SECRET}报告", report_text)
    old = _yearbook(organ, 1, SECRET)
    old.in_force = False
    old.save(update_fields=["in_force"])
    hidden = [f"disclosures/{page.pk}" for page in (draft, gone, hidden_explanation)]
    hidden += [f"policies/{secret.pk}", f"clean-ups/{running.pk}", f"clean-ups/{running.pk}/verdicts"]
    hidden += [f"catalogues/{unpublished.pk}", f"catalogues/{unpublished.pk}/lines", f"topics/{topics[1].pk}"]
    hidden += [f"columns/{shut.pk}", "reports/bing/2024", "yearbooks/bing/2024"]
    hidden += [f"items/page:{draft.pk}", f"items/page:{gone.pk}", f"items/document:{secret.pk}"]
    return County(
        organ, column, items, documents, done, issue, topics[0], report, _yearbook(organ, 2, "12"), hidden
    )
