"""Factories of this app (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.api.models import ApiKey
from gongkai.api.services import create_key
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import register_factory


def make_key(organ: Organ, marker: str = "办公") -> ApiKey:
    """A usable key of ``organ``."""
    return create_key(SYSTEM, organ, f"{marker}系统", timezone.localdate() + timedelta(days=30))[0]


register_factory(ApiKey, make_key)
