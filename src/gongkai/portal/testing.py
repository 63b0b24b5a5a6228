"""Factories of this app (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from itertools import count

from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.testing import register_factory
from gongkai.portal.models import PageFeedback

_serial = count(1)


def make_feedback(organ: Organ, marker: str = "页面") -> PageFeedback:
    """A page of ``organ`` that did not help three readers."""
    return PageFeedback.objects.create(
        path=f"/test/{next(_serial)}/", title=f"{marker}标题", organ=organ, unhelpful=3, unclear=2,
        last_on=timezone.localdate(),
    )  # fmt: skip


register_factory(PageFeedback, make_feedback)
