"""What the public pages show, put together from selectors: meta tags, way back, definition lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from gongkai.normative.selectors import successor
from gongkai.organs import moments
from gongkai.organs.addresses import absolute, address
from gongkai.organs.words import word_of
from gongkai.publication import selectors, series, sheet, vocab
from gongkai.publication.models import (
    BudgetPage,
    ColumnPage,
    DisclosurePage,
    InterpretationPage,
    KeyTaskPage,
    LeaderPage,
    MeetingPage,
    MotionPage,
    OrganSection,
    PolicyPage,
    TopicEntry,
    TopicPage,
)
from gongkai.publication.paths import url_of


@dataclass(frozen=True, slots=True)
class Meta:
    """The four tags of a column (sheet 05 §3)."""

    name: str
    description: str
    keywords: str
    type: str


ROOT_META = Meta("信息公开", "各机关的政府信息公开专栏", "政府信息公开,信息公开专栏", "信息公开目录")
GRASSROOTS_META = Meta(
    "基层政务公开标准目录", "二十六个领域基层政务公开标准目录", "基层政务公开,标准目录", "信息公开目录"
)


def section_meta(page: OrganSection) -> Meta:
    name = page.organ.name
    return Meta("政府信息公开", f"{name}政府信息公开专栏", f"政府信息公开,{name}", "信息公开目录")


def column_meta(page: ColumnPage) -> Meta:
    return face_meta(sheet.column_face(page.pk))


def face_meta(face: sheet.ColumnFace) -> Meta:
    """The tags of a column from what its pages say of it."""
    description = face.description or f"{face.organ}{face.title}"
    return Meta(face.title, description, face.keywords or face.title, face.type)


def topic_meta(page: TopicPage) -> Meta:
    return Meta(page.title, page.introduction[:120] or page.title, page.title, vocab.ColumnType.TOPIC.label)


def crumbs(page: Page) -> list[tuple[str, str]]:
    """The way back, the place itself without an address. One query."""
    found = sheet.way_to(page.path)
    found[-1] = (found[-1][0], "")
    return found


def doors(page: OrganSection, fixed: list[ColumnPage]) -> list[dict[str, str]]:
    """The four fixed sub-columns in their order, then the way to apply."""
    about = {
        "guide": "有哪些信息、怎样获取、找谁。",
        "system": "法律、法规和本机关的公开制度。",
        "statutory": "条例第二十条、第二十一条要求公开的内容。",
        "annual": "历年政府信息公开工作年度报告。",
    }
    order = {f.value: n for n, f in enumerate(vocab.Fixed)}
    found = [
        {"name": c.title, "url": url_of(c.url_path), "about": about[c.fixed]}
        for c in sorted(fixed, key=lambda c: order[c.fixed])
    ]
    apply = {
        "name": "依申请公开",
        "url": reverse("apply:form", args=[page.organ.slug]),
        "about": "没有公开的，在这里申请。",
    }
    return [*found, apply]


def basis_of(page: ColumnPage) -> str:
    """The item of articles 20 and 21 that the column answers to."""
    return dict(vocab.statutory_choices()).get(page.statutory_item, "")


def leaders(page: ColumnPage) -> list[LeaderPage]:
    """Leaders by rank."""
    return list(LeaderPage.objects.filter(column=page.pk, shown=True).defer("body").order_by("rank", "pk"))


# --- an item ------------------------------------------------------------------------------------------------------


def facts(page: DisclosurePage) -> list[tuple[str, str]]:
    """The display block (sheet 05 §10): what is known, in the usual order."""
    rows = [
        ("索引号", page.index_number),
        ("主题分类", page.topic_class),
        ("发布机构", page.organ.name),
        ("制作机关", page.issuer if page.issuer != page.organ.name else ""),
        ("联合发文", getattr(page, "joint_issuers", "")),
        ("发文字号", page.document_number),
        ("体裁", page.genre),
        ("成文日期", page.formed_on.isoformat()),
        ("发布日期", moments.day(page.published_at)),
        ("施行日期", page.effective_on.isoformat() if page.effective_on else ""),
        ("失效日期", page.expires_on.isoformat() if page.expires_on else ""),
        ("有效性", word_of(page, "validity")),
        ("公开方式", word_of(page, "attribute")),
        ("五公开", word_of(page, "facet")),
        ("服务对象", page.audience),
        ("主题词", page.keywords),
    ]
    return [(name, value) for name, value in rows if value]


def own_facts(page: DisclosurePage) -> list[tuple[str, str]]:
    """What only this kind has."""
    rows: list[tuple[str, Any]] = []
    if isinstance(page, MeetingPage):
        rows = [
            ("会议", page.meeting),
            ("届次", page.session),
            ("召开日期", page.held_on),
            ("主持人", page.chair),
        ]
    elif isinstance(page, BudgetPage):
        rows = [
            ("年度", page.fiscal_year), ("阶段", page.get_stage_display()), ("层次", page.get_level_display()),
            ("单位", page.unit), ("批准（批复）日期", page.approved_on),
        ]  # fmt: skip
    elif isinstance(page, MotionPage):
        rows = [
            ("类别", page.get_body_kind_display()), ("届次", page.session), ("编号", page.number), ("案由", page.subject),
            ("办理结果", page.result), ("答复日期", page.replied_on),
        ]  # fmt: skip
    elif isinstance(page, KeyTaskPage):
        rows = [
            ("类型", page.get_task_type_display()), ("年度", page.year), ("牵头单位", page.lead), ("目标", page.target),
            ("完成时限", page.target_on),
        ]  # fmt: skip
    elif isinstance(page, InterpretationPage):
        rows = [("形式", word_of(page, "form")), ("解读人", page.speaker)]
    elif isinstance(page, LeaderPage):
        rows = [("职务", page.post), ("分工", page.duties), ("简历", page.resume)]
    return [(name, f"{value}") for name, value in rows if value]


def agenda(page: DisclosurePage) -> list[tuple[str, str]]:
    """Topics of a meeting, each with what was decided."""
    if not isinstance(page, MeetingPage):
        return []
    topics, results = page.agenda.splitlines(), page.outcome.splitlines()
    return [
        (topic, results[n] if n < len(results) else "") for n, topic in enumerate(topics) if topic.strip()
    ]


def elements(page: DisclosurePage) -> list[tuple[str, str]]:
    """The six elements of an interpretation that are written."""
    if not isinstance(page, InterpretationPage):
        return []
    return [(name, getattr(page, field)) for field, name in vocab.ELEMENTS.items() if getattr(page, field)]


def card(page: DisclosurePage) -> list[tuple[str, str]]:
    """The plain-language card: who, how, where, until when, what changed, whom to ask."""
    if not isinstance(page, InterpretationPage):
        return []
    rows = [
        ("谁能享受", page.who), ("得到什么", page.benefits), ("怎么办", page.how), ("到哪办", page.where),
        ("何时止", page.until), ("和过去比变了什么", page.differences), ("问谁", page.ask),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]


def guide(page: DisclosurePage) -> list[tuple[str, str]]:
    from gongkai.law.catalogue import GUIDE_REQUIRED

    if page.FIXED_KIND != vocab.Kind.GUIDE:
        return []
    return [(label, getattr(page, key)) for key, label in GUIDE_REQUIRED.items() if getattr(page, key)]


def item_context(page: DisclosurePage, request: HttpRequest) -> dict[str, Any]:
    """Everything an item page shows."""
    document = page.document_id if isinstance(page, InterpretationPage) else None
    documents = selectors.lines(DisclosurePage.objects.filter(pk=document, shown=True)) if document else []
    successor_page = superseding(page)
    face, way = sheet.place_of(page)
    url = absolute(request, url_of(page.url_path))
    return {
        "page": page,
        "column": face_meta(face),
        "crumbs": [*way, ("正文", "")],
        "url": url,
        "tags": metas(page, url, _first_image(page, request)),
        "facts": facts(page),
        "own_facts": own_facts(page),
        "agenda": agenda(page),
        "elements": elements(page),
        "card": card(page),
        "guide": guide(page),
        "progress": list(page.progress.all()) if isinstance(page, KeyTaskPage) else [],
        "interpretations": sheet.explanations_of(page),
        "series": series.place_of(page) if isinstance(page, InterpretationPage) else None,
        "documents": documents,
        "register": sheet.entry_url(page),
        "superseding": successor_page,
        "validity": word_of(page, "validity"),
        "notice": page.ended or successor_page is not None or page.validity in ("amended", "partly"),
        "document_title": page.document_title if isinstance(page, InterpretationPage) else "",
        "files": sheet.files_of(page),
        "apply": address("apply:form", page.organ.slug),
    }


def superseding(page: DisclosurePage) -> tuple[str, str] | None:
    """(title, address) of what took the place of ``page``: its page, else the register's page of the document."""
    by = page.superseded_by if page.superseded_by_id else None
    if by is not None:
        return (by.title, by.public_url) if by.shown else None
    entry = page.register_entry if isinstance(page, PolicyPage) and page.ended else None
    basis = successor(entry) if entry is not None else None
    if basis is None or basis.published_at is None:
        return None
    return basis.title, basis.get_absolute_url()


def metas(page: DisclosurePage, url: str, image: str) -> list[tuple[str, str]]:
    """The tags of an article (sheet 05 §3), in the order of the sheet."""
    return [
        ("ArticleTitle", page.title),
        ("PubDate", moments.minute(page.published_at)),
        ("ContentSource", page.shown_source),
        ("Keywords", page.keywords),
        ("Author", page.author or page.organ.name),
        ("Description", page.summary),
        ("Image", image),
        ("Url", url),
    ]


def _first_image(page: DisclosurePage, request: HttpRequest) -> str:
    for block in page.body:
        if block.block_type == "picture" and block.value.get("file"):
            return absolute(request, block.value["file"].get_absolute_url())
    return ""


def topic_groups(page: TopicPage) -> list[tuple[str, list[selectors.Line]]]:
    """Public items of a topic by kind of material. Two queries."""
    entries = list(page.entries.order_by("sort_order").values_list("page_id", "material"))
    found = {
        line.pk: line
        for line in selectors.lines(selectors.public_items().filter(pk__in=[pk for pk, _ in entries]))
    }
    return [
        (str(material.label), [found[pk] for pk, kind in entries if kind == material and pk in found])
        for material in TopicEntry.Material
    ]
