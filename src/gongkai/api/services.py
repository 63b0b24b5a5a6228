"""Keys of other systems."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.api.limits import Allowance, count_call
from gongkai.api.models import ApiKey
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.roles import Module
from gongkai.organs.scope import SYSTEM, require, scope_of

MODULE = Module.PEOPLE
MOST_DAYS = 366
#: (submissions, seconds) for one key.
RATE = (60, 60)

register_acts(
    {
        "api.key.create": "建立接口密钥",
        "api.key.revoke": "停用接口密钥",
        "api.submission.receive": "接口报送稿件",
        "api.submission.mend": "接口改稿",
    }
)


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _facts(key: ApiKey) -> dict[str, Any]:
    """What the trail keeps of a key; never its digest."""
    return {
        "name": key.name,
        "prefix": key.prefix,
        "expires_on": key.expires_on.isoformat(),
        "state": key.state,
        "responsible": key.responsible_id,
    }


@transaction.atomic
def create_key(
    actor: Any, organ: Organ, name: str, expires_on: date, responsible: Any = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown once and kept nowhere. ``responsible``: in whose name items go into review.

    Raises PermissionDenied, ValidationError.
    """
    require(actor, MODULE, "add", organ)
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=MOST_DAYS):
        raise ValidationError({"expires_on": "有效期从今天起，最长一年。"})
    if not name.strip():
        raise ValidationError({"name": "请写明是哪个系统。"})
    if responsible is not None and not may_send(responsible, organ):
        raise ValidationError(
            {"responsible": f"{responsible} 没有在{organ.name}拟稿送审的职责，请另选一人。"}
        )
    prefix = (
        f"{secrets.randbelow(10**10):010d}"  # digits: it is shown on the desk and read out over the telephone
    )
    text = f"{prefix}.{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        organ=organ, name=name.strip(), prefix=prefix, digest=digest_of(text), expires_on=expires_on,
        responsible=responsible, created_by=None if actor is SYSTEM else actor,
    )  # fmt: skip
    record(actor, "api.key.create", key, organ=organ, after=_facts(key))
    return key, text


@transaction.atomic
def revoke_key(actor: Any, key: ApiKey) -> ApiKey:
    """Ends a key at once and for good. Raises PermissionDenied."""
    require(actor, MODULE, "change", key.organ)
    key = ApiKey.objects.select_for_update().select_related("organ").get(pk=key.pk)
    if key.revoked_at is None:
        before = _facts(key)
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(actor, "api.key.revoke", key, organ=key.organ, before=before, after=_facts(key))
    return key


class KeyRefused(Exception):
    """A key that lets nobody in now: ``status`` as HTTP has it, and why, in Chinese with what to do."""

    def __init__(self, status: int, said: str, allowance: Allowance | None = None) -> None:
        super().__init__(said)
        self.status = status
        self.allowance = allowance


def authenticate(header: str) -> ApiKey | None:
    """The usable key of an Authorization header; None for a text that is no key of ours.

    Raises KeyRefused, with the reason, for a key that is ours and has ended: who holds the whole of it may know why.
    """
    scheme, _, text = header.partition(" ")
    prefix = text.strip().partition(".")[0]
    if scheme.lower() != "bearer" or not prefix or "\0" in prefix:
        return None
    key = ApiKey.objects.select_related("organ", "responsible").filter(prefix=prefix[:12]).first()
    # Compared in any case, so that the time of the answer says nothing of which beginnings exist.
    right = secrets.compare_digest(key.digest if key else digest_of(""), digest_of(text.strip()))
    if key is None or not right:
        return None
    ask = "请向本机关政务公开办公室索取新的密钥。"
    if key.revoked_at is not None:
        raise KeyRefused(401, f"密钥已于 {timezone.localtime(key.revoked_at):%Y-%m-%d %H:%M} 停用。{ask}")
    if not key.usable:
        raise KeyRefused(401, f"密钥已过有效期（有效期至 {key.expires_on:%Y-%m-%d}）。{ask}")
    if not key.organ.is_active:
        raise KeyRefused(401, f"“{key.organ.name}”已撤销或合并，它的密钥随之失效。{ask}")
    return key


def may_send(person: Any, organ: Organ) -> bool:
    """Whether items of ``organ`` may go into review in the name of ``person``, today."""
    return scope_of(person).allows(Module.PUBLICATION, ["add"], organ.path)


def count(key: ApiKey) -> Allowance:
    """Count one call of the key in the present minute; what is left. Raises KeyRefused 429 beyond the limit."""
    left = count_call(f"api-key:{key.pk}", RATE)
    if left.exceeded:
        said = f"报送过于频繁：每个密钥每分钟最多 {left.most} 次。请 {left.reset} 秒后重发，幂等键不变。"
        raise KeyRefused(429, said, left)
    return left
