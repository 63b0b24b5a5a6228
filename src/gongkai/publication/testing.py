"""Factories of this app (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import register_factory
from gongkai.publication import services
from gongkai.publication.models import (
    Attachment,
    ColumnPage,
    DisclosurePage,
    GrassrootsItem,
    OrganSection,
    WatchWord,
)
from gongkai.publication.review.services import save_word


def make_column(organ: Organ, **fields: Any) -> ColumnPage:
    """A column of ``organ``; its section is made on the way."""
    if not OrganSection.objects.filter(organ=organ).exists():
        services.sync_sections()
    number = ColumnPage.objects.filter(organ=organ).count()
    values = {
        "code": f"c{number}",
        "title": "工作动态",
        "content_class": "news",
        "column_type": "news",
        **fields,
    }
    return services.create_column(SYSTEM, OrganSection.objects.get(organ=organ), **values)


def make_item(
    column: ColumnPage, *, publish: bool = True, actor: Any = SYSTEM, **fields: Any
) -> DisclosurePage:
    """An item with everything publication asks for."""
    values = {
        "title": "关于测试事项的通知", "formed_on": timezone.localdate() - timedelta(days=1), "summary": "测试事项。",
        "body": [("text", "<p>正文。</p>")], **fields,
    }  # fmt: skip
    page = services.create_item(actor, column, DisclosurePage(**values))
    return services.publish(SYSTEM, page) if publish else page


def make_attachment(organ: Organ, marker: str = "附件") -> Attachment:
    """A text file."""
    return services.add_attachment(SYSTEM, organ, f"{marker}.txt", f"{marker}内容".encode())


def make_catalogue_item(organ: Organ, marker: str = "事项") -> GrassrootsItem:
    """A row of the standard catalogue."""
    serial = GrassrootsItem.objects.filter(organ=organ).count() + 1
    return services.save_grassroots_item(
        SYSTEM,
        GrassrootsItem(
            organ=organ, domain="budget", serial=serial, item1=f"{marker}", item2="二级", content="内容", basis="条例",
            period="二十个工作日", responsible="财政部门", channels=["政府网站"], levels=["县级"],
        ),
    )  # fmt: skip


def make_word(organ: Organ, marker: str = "词语") -> WatchWord:
    """A line of the organ's word list."""
    number = WatchWord.objects.filter(organ=organ).count()
    return save_word(SYSTEM, WatchWord(organ=organ, text=f"{marker}{number}"))


register_factory(GrassrootsItem, make_catalogue_item)
register_factory(WatchWord, make_word)
