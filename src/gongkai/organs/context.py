"""Template context that every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gongkai.organs.models import SiteProfile


def site_profile(request: HttpRequest) -> dict[str, Any]:
    """``site_profile`` (read from the database only when a template uses it) and ``demo_mode``."""
    return {"site_profile": SimpleLazyObject(SiteProfile.current), "demo_mode": settings.DEMO}
