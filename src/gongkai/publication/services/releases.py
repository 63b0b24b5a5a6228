"""Release through channels: one item, several channels, one record each; counts from before or elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.roles import Module
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.models import DisclosurePage, Release
from gongkai.publication.vocab import Channel

MODULE = Module.PUBLICATION
register_acts(
    {
        "publication.release": "渠道发布",
        "publication.release.confirm": "确认渠道发布",
        "publication.release.cancel": "取消渠道发布",
        "publication.release.import": "登记历史发布数",
    }
)
Planned = Release.State.PLANNED


def release(
    actor: Any,
    page: DisclosurePage,
    channel: str,
    *,
    done_on: date | None = None,
    url: str = "",
    evidence: str = "",
) -> Release:
    """Sends a public item to a channel: a draft there until somebody confirms it (or at once with ``done_on``).

    Raises ValidationError when the item is not public or already there.
    """
    require(actor, MODULE, "change", page.organ)
    if not page.shown:
        raise ValidationError("这一条还没有公开，不能发到其他渠道。请先公开。")
    with transaction.atomic():
        if page.releases.filter(channel=channel).exclude(state=Release.State.CANCELLED).exists():
            raise ValidationError(f"这一条已在{Channel(channel).label}发布或者待发布。")
        row = Release(
            organ=page.organ, page=page, channel=channel, content_class=page.content_class,
            state=Release.State.DONE if done_on else Planned, year=(done_on or timezone.localdate()).year,
            released_on=done_on, url=url, evidence=evidence, by=None if actor is SYSTEM else actor,
        )  # fmt: skip
        row.full_clean(exclude=["page", "by"])
        row.save()
        record(actor, "publication.release", row, organ=row.organ, after=snapshot(row))
    return row


@transaction.atomic
def confirm_release(actor: Any, row: Release, *, on: date, url: str = "", evidence: str = "") -> Release:
    """Records that a planned release took place."""
    require(actor, MODULE, "change", row.organ)
    if row.state != Planned:
        raise ValidationError("这条发布记录已经办结。")
    if on > timezone.localdate():
        raise ValidationError({"on": "发布日期不能在今天以后。"})
    before = snapshot(row)
    row.state, row.released_on, row.year = Release.State.DONE, on, on.year
    row.url, row.evidence = url or row.url, evidence or row.evidence
    row.save()
    record(actor, "publication.release.confirm", row, organ=row.organ, before=before, after=snapshot(row))
    return row


@transaction.atomic
def cancel_release(actor: Any, row: Release, *, reason: str) -> Release:
    """Gives up a planned release."""
    require(actor, MODULE, "change", row.organ)
    if row.state != Planned:
        raise ValidationError("只有待发布的可以取消。")
    row.state = Release.State.CANCELLED
    row.save(update_fields=["state"])
    record(actor, "publication.release.cancel", row, organ=row.organ, reason=reason)
    return row


@transaction.atomic
def import_counts(
    actor: Any, organ: Organ, *, year: int, channel: str, content_class: str, count: int, source: str
) -> Release:
    """Enters a number of releases that have no item here (before go-live, another platform), with its source."""
    require(actor, MODULE, "publish", organ)
    row = Release(
        organ=organ, channel=channel, content_class=content_class, year=year, count=count, source=source.strip(),
        released_on=date(year, 12, 31), state=Release.State.DONE, by=None if actor is SYSTEM else actor,
    )  # fmt: skip
    row.full_clean(exclude=["by"])
    row.save()
    record(actor, "publication.release.import", row, organ=organ, after=snapshot(row), reason=source[:300])
    return row
