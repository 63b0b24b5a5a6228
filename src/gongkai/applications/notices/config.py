"""What a site sets about notices, each from Django's settings or else from the environment.

``EMAIL_HOST`` (with ``EMAIL_PORT``, ``EMAIL_HOST_USER``, ``EMAIL_HOST_PASSWORD``, ``EMAIL_USE_TLS``, ``EMAIL_USE_SSL``,
``DEFAULT_FROM_EMAIL``) turns e-mail on; ``NOTICE_WEBHOOK_URL`` with ``NOTICE_WEBHOOK_SECRET`` the message interface;
``NOTICE_QUIET_HOURS`` is the time in which nothing is sent, "21:00-08:00" unless set, "" for none.
"""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.utils import timezone

QUIET = "21:00-08:00"
TIMEOUT = 8.0  # seconds for one attempt
LOCAL = {"localhost", "127.0.0.1", "::1"}


def value(name: str, default: str = "") -> str:
    """A text setting: from Django's settings where it was set there, else from the environment."""
    found = getattr(settings, name, None)
    return str(found) if found not in (None, "") else os.environ.get(name, default)


def email_on() -> bool:
    """Whether e-mail can be sent: a mail server is named, or the site says that its backend delivers."""
    return bool(os.environ.get("EMAIL_HOST")) or getattr(settings, "NOTICE_EMAIL", False) is True


def mail_connection() -> Any:
    """The connection of the configured server; Django's own backend where the settings choose one.

    Raises ImproperlyConfigured for a port that is not a number.
    """
    host = os.environ.get("EMAIL_HOST")
    if not host or getattr(settings, "NOTICE_EMAIL", False):
        return get_connection()
    try:
        port = int(os.environ.get("EMAIL_PORT") or 25)
    except ValueError:
        raise ImproperlyConfigured("EMAIL_PORT 应为整数，例如 465。") from None
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=host,
        port=port,
        username=os.environ.get("EMAIL_HOST_USER", ""),
        password=os.environ.get("EMAIL_HOST_PASSWORD", ""),
        use_tls=_flag("EMAIL_USE_TLS"),
        use_ssl=_flag("EMAIL_USE_SSL"),
        timeout=TIMEOUT,
    )


def sender() -> str:
    """The address that notices come from."""
    return os.environ.get("DEFAULT_FROM_EMAIL") or settings.DEFAULT_FROM_EMAIL


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in ("1", "true", "yes", "on", "是")


def webhook() -> tuple[str, bytes] | None:
    """Address and signing key of the message interface, None where there is none.

    Raises ImproperlyConfigured for an address that is not https (http only on this machine) or a missing key.
    """
    url = value("NOTICE_WEBHOOK_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise ImproperlyConfigured("NOTICE_WEBHOOK_URL 应为 https 地址（本机可用 http）。")
    secret = value("NOTICE_WEBHOOK_SECRET")
    if len(secret) < 16:
        raise ImproperlyConfigured(
            "使用消息接口须设置 NOTICE_WEBHOOK_SECRET，至少 16 个字符，供对方核对签名。"
        )
    return url, secret.encode()


def _quiet() -> tuple[time, time] | None:
    text = (
        value("NOTICE_QUIET_HOURS", QUIET)
        if "NOTICE_QUIET_HOURS" not in os.environ
        else os.environ["NOTICE_QUIET_HOURS"]
    )
    if hasattr(settings, "NOTICE_QUIET_HOURS"):
        text = settings.NOTICE_QUIET_HOURS
    if not text.strip():
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ImproperlyConfigured(
            f"NOTICE_QUIET_HOURS={text!r} 应写作 21:00-08:00，留空表示不设。"
        ) from None
    return (start, end) if start != end else None


def earliest(now: datetime) -> datetime:
    """The first moment from ``now`` on at which something may be sent."""
    hours = _quiet()
    if hours is None:
        return now
    start, end = hours
    local = timezone.localtime(now)
    clock = local.time()
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if not inside:
        return now
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, end))
