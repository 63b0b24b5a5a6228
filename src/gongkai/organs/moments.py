"""Days and times as the platform's readers live them: its own time zone, whatever else a request has set.

``django.utils.timezone`` asks each time which zone is active for the caller; a public page shows a dozen times, and they
are always those of the platform (``TIME_ZONE``).
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def local(value: datetime) -> datetime:
    """An aware moment in the platform's time zone. Raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError("A moment without a time zone is no moment.")
    return value.astimezone(timezone.get_default_timezone())


def today() -> date:
    """The platform's day."""
    return datetime.now(timezone.get_default_timezone()).date()


def minute(value: datetime | None) -> str:
    """YYYY-MM-DD HH:MM, as the page rules ask; "" for nothing."""
    return local(value).isoformat(" ", "minutes")[:16] if value else ""


def day(value: datetime | None) -> str:
    """YYYY-MM-DD of a moment; "" for nothing."""
    return local(value).isoformat()[:10] if value else ""


__all__ = ["day", "local", "minute", "today"]
