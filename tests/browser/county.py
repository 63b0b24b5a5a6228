"""A small county that has one of everything the public can see, and the addresses of its page types."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve
from django.utils import timezone

from gongkai.demo.context import DemoContext
from gongkai.normative import services as documents
from gongkai.normative.models import Document
from gongkai.normative.services.catalogue import make_issue, publish_issue
from gongkai.normative.services.cleanup import (
    apply_clean_up,
    approve_clean_up,
    give_verdict,
    start_clean_up,
    submit_clean_up,
)
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.publication import demo, services
from gongkai.publication.demo_pages import Builder
from gongkai.publication.models import DisclosurePage, KeyTaskPage, OrganSection, PolicyPage
from tests.reports.world import World

#: Columns filled with one item each, as the demonstration fills its own.
OF_EACH = 1


def fill(world: World) -> None:
    """Items of every kind, documents in every state, a topic, the standard catalogue, lists and their issues."""
    context = DemoContext(actor=SYSTEM, log=lambda text: None)
    data = context.data(demo.FILE)
    for spec in (*data["every"], *data["government"], data["news"]):
        spec["n"] = OF_EACH
    data["talks"]["topics"], data["talks"]["who"] = data["talks"]["topics"][:1], data["talks"]["who"][:1]
    services.sync_sections()
    builder = Builder(data, context.today)
    demo.fill_section(OrganSection.objects.select_related("organ").get(organ=world.ltq), data, builder)
    demo.add_talks(data, builder, context)
    demo.add_topic(data)
    demo.add_catalogue(data)
    _ends(world.ltq)
    _documents(world.ltq)


def _ends(organ: Organ) -> None:
    """One item withdrawn, one taken out of force, one task with its progress."""
    services.withdraw(
        SYSTEM, DisclosurePage.objects.filter(organ=organ, kind="news").first(), reason="内容有误。"
    )
    services.mark_superseded(
        SYSTEM, PolicyPage.objects.filter(organ=organ).first(), note="自2025年1月1日起废止"
    )
    task = KeyTaskPage.objects.filter(organ=organ).first()
    task.progress.create(on=timezone.localdate() - timedelta(days=3), percent=60, text="主体工程完工。")


def _documents(organ: Organ) -> None:
    """In force, amended (two texts), repealed by a later one; the clean-up that kept them; an issue of the catalogue."""
    old = make_document(organ, "旧", issued=date(2022, 5, 10), number="利政规发〔2022〕1号")
    amended = make_document(organ, "改", issued=date(2023, 5, 10), number="利政规发〔2023〕1号")
    new = make_document(organ, "新", issued=date(2025, 3, 1), number="利政规发〔2025〕2号")
    documents.amend(
        SYSTEM, amended, on=date(2024, 1, 1), note="修改第一条",
        body="第一条　为进一步规范临时救助，制定本规定。\n第二条　本规定自印发之日起施行。",
    )  # fmt: skip
    documents.repeal(SYSTEM, old, on=date(2025, 4, 1), basis=new)
    publish_issue(
        SYSTEM, make_issue(SYSTEM, organ, period_from=date(2025, 1, 1), period_to=date(2025, 3, 31))
    )
    campaign = start_clean_up(SYSTEM, organ, title="文件清理", basis="清理通知", until=date(2025, 1, 31))
    for item in campaign.items.select_related("document", "clean_up"):
        give_verdict(SYSTEM, item, "keep")
    apply_clean_up(SYSTEM, approve_clean_up(SYSTEM, submit_clean_up(SYSTEM, campaign)), new, date(2025, 5, 1))


# --- the types ----------------------------------------------------------------------------------------------------


def links_of(page: str) -> list[str]:
    """Internal links of a page to other pages: without fragments, files, the desk and the switch of the text size."""
    found = (unescape(link).split("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', page))
    pages = (
        link
        for link in found
        if "." not in urlsplit(link).path and not (link.startswith("/search/") and "&" in link)
    )
    return [
        link
        for link in pages
        if not link.startswith(("/desk/", "/care/", "/share/", "/errors/?", "/disclosure/files/"))
    ]


def walk() -> dict[str, tuple[int, str]]:
    """Address → clicks from the home page and type, of every HTML page there is."""
    client, depth, todo = Client(), {"/": 0}, ["/"]
    shown: dict[str, tuple[int, str]] = {}
    for url in todo:
        response = client.get(url)
        kind = response.get("Content-Type", "")
        if response.status_code != 200 or "text/html" not in kind or "Content-Disposition" in response:
            continue
        shown[url] = depth[url], _type(url, response)
        for link in links_of(response.content.decode()):
            if link not in depth:
                depth[link] = depth[url] + 1
                todo.append(link)
    return shown


def _type(url: str, response: Any) -> str:
    """The view, the template, and what it shows where one template serves many kinds."""
    path = urlsplit(url).path
    name = resolve(path).view_name
    context = response.context or {}
    page, row = context.get("page"), context.get("row")
    parts = [
        name
        if name not in ("wagtail_serve", "portal:item")
        else "".join(t.name or "" for t in response.templates[:1])
    ]
    # The engine of the most read pages tells a test neither template nor context.
    if name == "portal:item" and (item := DisclosurePage.objects.filter(url_path__endswith=path).first()):
        page = item.specific
        parts = ["publication/card.html" if "card=1" in url else "publication/item.html"]
    if name == "normative:document":
        row = Document.objects.get(pk=resolve(path).kwargs["pk"])
    if isinstance(page, DisclosurePage):
        parts += [page.kind, getattr(page, "form", ""), page.validity, "明白卡" if "card=1" in url else ""]
    elif isinstance(row, Document):
        parts.append(row.status)
    return " ".join(filter(None, parts))


def types_of(found: dict[str, tuple[int, str]]) -> dict[str, str]:
    """Type → the address of one page of it."""
    one: dict[str, str] = {}
    for url, (_, kind) in found.items():
        one.setdefault(kind, url)
    return one
