"""这页有用吗: counting answers, and dealing with pages that do not help.

The form lies on cached pages and on pages that are files, so it cannot carry a token of one reader. The answer is
protected by where it comes from instead (``same_origin``), and all it can do is to add one to a counter.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from gongkai.applications.public.limits import address
from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import SiteProfile
from gongkai.organs.roles import Module
from gongkai.organs.scope import require
from gongkai.portal.models import PageFeedback
from gongkai.portal.places import Place

MODULE = Module.CHANNELS
#: (answers, seconds) for one address.
RATE = (30, 3600)
DAY = 24 * 3600
COUNTERS = ("helpful", "unhelpful", *(reason.value for reason in PageFeedback.Reason))

register_acts({"portal.feedback.settle": "处理页面评价"})


def same_origin(request: HttpRequest) -> bool:
    """Whether a form of our own sent the request. Browsers state it; one that states nothing is not believed."""
    stated = request.headers.get("Sec-Fetch-Site")
    if stated is not None:
        return stated == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(source) and urlsplit(source).netloc == request.get_host()


def _who(request: HttpRequest) -> str:
    # Neither an address nor what it answered is written anywhere as it is.
    return hashlib.sha256(f"{settings.SECRET_KEY}\x00feedback\x00{address(request)}".encode()).hexdigest()[
        :32
    ]


def within_rate(request: HttpRequest) -> bool:
    """Count one answer of this address; False when it is beyond the limit of the present hour."""
    most, seconds = RATE
    cache = caches["limits"]
    key = f"feedback:{_who(request)}:{int(time.time() // seconds)}"
    cache.add(key, 0, seconds + 5)
    try:
        return cache.incr(key) <= most
    except ValueError:  # evicted between the two calls
        return True


def first_time(request: HttpRequest, path: str, what: str) -> bool:
    """Whether this address has not said ``what`` of the page today."""
    digest = hashlib.sha256(path.encode()).hexdigest()[:32]
    return bool(caches["limits"].add(f"feedback:{_who(request)}:{digest}:{what}", 1, DAY))


@transaction.atomic
def count(place: Place, counter: str) -> None:
    """Add one to a counter of the page. Raises ValueError for a counter that does not exist."""
    if counter not in COUNTERS:
        raise ValueError(counter)
    organ = place.organ or SiteProfile.current().organ
    if organ is None:  # nobody would see it
        return
    today = timezone.localdate()
    PageFeedback.objects.get_or_create(
        path=place.url, defaults={"title": place.title, "organ": organ, "last_on": today}
    )
    PageFeedback.objects.filter(path=place.url).update(
        **{counter: F(counter) + 1}, title=place.title, organ=organ, last_on=today
    )


@transaction.atomic
def settle(actor: Any, row: PageFeedback, note: str) -> PageFeedback:
    """Says what was done about a page; its counters begin anew. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "change", row.organ)
    if len(note.strip()) < 4:
        raise ValidationError({"note": "请写明做了什么，例如“补上办理地点和电话”。"})
    row = PageFeedback.objects.select_for_update().get(pk=row.pk)
    before = snapshot(row)
    for name in COUNTERS:
        setattr(row, name, 0)
    row.handled_on, row.handled_by, row.handled_note = timezone.localdate(), actor, note.strip()[:300]
    row.save()
    record(
        actor, "portal.feedback.settle", row, organ=row.organ, before=before, after=snapshot(row), reason=note
    )
    return row
