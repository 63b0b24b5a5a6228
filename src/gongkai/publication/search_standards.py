"""The standard catalogue in the search: one entry for each domain of an organ, with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models.signals import post_delete, post_save, pre_save
from django.urls import reverse

from gongkai.normative.search_documents import LISTS
from gongkai.publication.models import GrassrootsItem
from gongkai.publication.vocab import domain_choices
from gongkai.search import indexing
from gongkai.search.projection import Entry, register_entries

#: Rows of one domain that are kept: the longest catalogues of the domains have some eighty.
MAX_ROWS = 300
#: Where an instance keeps the domain that it stood in before it was saved.
_BEFORE = "_standard_before"


def key(organ: int, domain: str) -> str:
    """The key under which the search knows the domain of an organ."""
    return f"standard:{organ}-{domain}"


def _text(row: GrassrootsItem) -> str:
    named = " ".join(filter(None, (row.item1, row.item2)))
    parts = (f"{named}：{row.content}", f"依据：{row.basis}", f"公开主体：{row.responsible}", row.period)
    return f"{'，'.join(' '.join(part.split()) for part in parts if part)}。"


def entry(rows: list[GrassrootsItem]) -> Entry:
    """The rows of one organ and domain, in the order of the catalogue, as the search knows them.

    As a column, it bears its organ's name in its title and is no row of what the organ published last.
    """
    first = rows[0]
    name = dict(domain_choices()).get(first.domain, first.domain)
    return Entry(
        key=key(first.organ_id, first.domain),
        kind=LISTS,
        title=f"{first.organ.name}{name}领域基层政务公开标准目录",
        url=f"{reverse('publication:grassroots')}?{urlencode({'domain': first.domain})}",
        organ_ids=(first.organ_id,),
        keywords="基层政务公开标准目录 公开事项 公开标准",
        summary=f"{name}领域公开的事项、内容、依据、时限、主体和渠道，共 {len(rows)} 项。",
        body="\n".join(_text(row) for row in rows[:MAX_ROWS]),
    )


def _rows() -> Any:
    return GrassrootsItem.objects.select_related("organ").order_by("organ", "domain", "serial")


def entries() -> Iterator[Entry]:
    """All domains of all organs; one query."""
    for _, rows in groupby(_rows().iterator(chunk_size=500), key=lambda row: (row.organ_id, row.domain)):
        yield entry(list(rows))


def refresh(organ: int, domain: str) -> None:
    """Brings the search up to what a domain's catalogue is now. For what signals do not tell: bulk writes."""
    rows = list(_rows().filter(organ=organ, domain=domain))
    if rows:
        indexing.put([entry(rows)])
    else:
        indexing.drop([key(organ, domain)])


def _remember(sender: Any, instance: GrassrootsItem, raw: bool = False, **kwargs: Any) -> None:
    if raw or instance.pk is None:
        return
    setattr(instance, _BEFORE, sender.objects.filter(pk=instance.pk).values_list("organ", "domain").first())


def _changed(sender: Any, instance: GrassrootsItem, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    before = instance.__dict__.pop(_BEFORE, None)
    # A row that moved to another domain leaves the one it stood in.
    for organ, domain in {
        (instance.organ_id, instance.domain),
        before or (instance.organ_id, instance.domain),
    }:
        refresh(organ, domain)


def setup() -> None:
    """Called when the app is ready. The kind is that of the lists of documents: one choice for the reader."""
    register_entries(entries)
    pre_save.connect(_remember, sender=GrassrootsItem, dispatch_uid="publication.search.standard.before")
    post_save.connect(_changed, sender=GrassrootsItem, dispatch_uid="publication.search.standard.saved")
    post_delete.connect(_changed, sender=GrassrootsItem, dispatch_uid="publication.search.standard.deleted")
