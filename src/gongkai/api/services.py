"""Keys of other systems."""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import date, timedelta
from typing import Any

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

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


def authenticate(header: str) -> ApiKey | None:
    """The usable key of an Authorization header; None for any other."""
    scheme, _, text = header.partition(" ")
    prefix = text.strip().partition(".")[0]
    if scheme.lower() != "bearer" or not prefix:
        return None
    key = ApiKey.objects.select_related("organ", "responsible").filter(prefix=prefix[:12]).first()
    # Compared in any case, so that the time of the answer says nothing of which beginnings exist.
    right = secrets.compare_digest(key.digest if key else digest_of(""), digest_of(text.strip()))
    return key if key is not None and right and key.usable and key.organ.is_active else None


def may_send(person: Any, organ: Organ) -> bool:
    """Whether items of ``organ`` may go into review in the name of ``person``, today."""
    return scope_of(person).allows(Module.PUBLICATION, ["add"], organ.path)


def within_rate(key: ApiKey) -> bool:
    """Count one submission of the key; False beyond the limit of the present minute."""
    most, seconds = RATE
    name = f"api-key:{key.pk}:{int(time.time() // seconds)}"
    cache = caches["limits"]
    cache.add(name, 0, seconds + 5)
    try:
        return cache.incr(name) <= most
    except ValueError:  # evicted between the two calls
        return True
