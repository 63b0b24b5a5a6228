"""The two ways out. Each function sends one message or raises :class:`NotSent`."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from email.errors import MessageError
from email.headerregistry import Address
from smtplib import SMTPException
from time import time
from typing import Any

from django.core.mail import EmailMessage
from django.utils.html import strip_tags

from gongkai.applications.notices import config
from gongkai.applications.notices.texts import Message

USER_AGENT = "gongkai-notices/1"


class NotSent(Exception):
    """Why not, in words for the log; ``final``: trying again would not help."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


def valid_address(address: str) -> bool:
    """Whether ``address`` is one address and nothing else (a line break would add headers or recipients)."""
    if not address or any(ch in address for ch in "\r\n,;<> \t") or address.count("@") != 1:
        return False
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        return False
    return bool(parsed.username and parsed.domain)


def send_email(address: str, message: Message) -> None:
    """One plain-text mail. Raises NotSent."""
    if not valid_address(address):
        raise NotSent("邮箱地址不正确", final=True)
    mail = EmailMessage(
        subject=strip_tags(message.subject),
        body=message.text,
        from_email=config.sender(),
        to=[address],
        connection=config.mail_connection(),
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send(fail_silently=False)
    except (SMTPException, OSError) as problem:
        # The server's own words may quote the address; the log keeps the kind of failure only.
        raise NotSent(f"邮件服务器未接受：{type(problem).__name__}") from None


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """What the receiver checks: HMAC-SHA256 over the time stamp, a dot and the body."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was configured to go and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def send_webhook(phone: str, message: Message, *, key: str, template: str) -> None:
    """POST a signed JSON message. Raises NotSent; a refusal of the message itself (4xx) is final."""
    target = config.webhook()
    if target is None:
        raise NotSent("没有设置消息接口", final=True)
    url, secret = target
    body = json.dumps(
        {"id": key, "template": template, "phone": phone, "title": message.subject, "text": message.text},
        ensure_ascii=False,
    ).encode()
    stamp = str(int(time()))
    request = urllib.request.Request(  # noqa: S310  (scheme checked by config.webhook)
        url,
        data=body,
        method="POST",
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": USER_AGENT,
            "X-Gongkai-Timestamp": stamp,
            "X-Gongkai-Signature": f"sha256={signature(secret, stamp, body)}",
            "Idempotency-Key": key,
        },
    )
    try:
        with _OPENER.open(request, timeout=config.TIMEOUT) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as problem:
        final = 400 <= problem.code < 500 and problem.code not in (408, 425, 429)
        raise NotSent(f"消息接口返回 {problem.code}", final=final) from None
    except (OSError, ValueError) as problem:
        raise NotSent(f"消息接口无法连接：{type(problem).__name__}") from None
