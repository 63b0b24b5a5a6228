"""Keys of other systems, and the items that they submit as drafts of an organ."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from datetime import date, timedelta
from typing import Any

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape

from gongkai.api.models import ApiKey, Submission
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.roles import Module
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.models import ColumnPage, DisclosurePage
from gongkai.publication.services.items import create_item

MODULE = Module.PEOPLE
MOST_DAYS = 366
#: (submissions, seconds) for one key.
RATE = (60, 60)

register_acts(
    {
        "api.key.create": "建立接口密钥",
        "api.key.revoke": "停用接口密钥",
        "api.submission.receive": "接口报送稿件",
    }
)


class Refused(Exception):
    """A submission that is not taken: ``status`` as HTTP has it, and why, in Chinese with what to do."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _facts(key: ApiKey) -> dict[str, Any]:
    """What the trail keeps of a key; never its digest."""
    return {
        "name": key.name,
        "prefix": key.prefix,
        "expires_on": key.expires_on.isoformat(),
        "state": key.state,
    }


@transaction.atomic
def create_key(actor: Any, organ: Organ, name: str, expires_on: date) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown once and kept nowhere. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "add", organ)
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=MOST_DAYS):
        raise ValidationError({"expires_on": "有效期从今天起，最长一年。"})
    if not name.strip():
        raise ValidationError({"name": "请写明是哪个系统。"})
    prefix = (
        f"{secrets.randbelow(10**10):010d}"  # digits: it is shown on the desk and read out over the telephone
    )
    text = f"{prefix}.{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        organ=organ, name=name.strip(), prefix=prefix, digest=_digest(text), expires_on=expires_on,
        created_by=None if actor is SYSTEM else actor,
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
    key = ApiKey.objects.select_related("organ").filter(prefix=prefix[:12]).first()
    if key is None or not secrets.compare_digest(key.digest, _digest(text.strip())) or not key.usable:
        return None
    if not key.organ.is_active:
        return None
    return key


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


def _column(key: ApiKey, slug: str, code: str) -> ColumnPage:
    """The column meant. Raises Refused for another organ's, and for one that does not exist."""
    organ = key.organ
    if slug and slug != organ.slug:
        wanted = Organ.objects.filter(slug=slug).first()
        if wanted is None or not wanted.path.startswith(organ.path):
            raise Refused(403, f"这个密钥只能向“{key.organ.name}”及其下级机构报送。")
        organ = wanted
    column = ColumnPage.objects.select_related("organ").filter(organ=organ, code=code, live=True).first()
    if column is None:
        raise Refused(422, f"“{organ.name}”没有代码为“{code}”的栏目，请对照工作台里的栏目代码。")
    return column


@transaction.atomic
def submit(key: ApiKey, idempotency: str, content: dict[str, Any]) -> tuple[Submission, bool]:
    """Put an item as a draft into the organ's column; (submission, whether it is new). Review and publication follow
    as for any draft: a key publishes nothing. Raises Refused."""
    column = _column(key, content["organ"], content["column"])
    # One at a time for a key, so that two copies of one request cannot both be the first.
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    digest = _digest(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str))
    earlier = Submission.objects.select_related("page").filter(key=key, idempotency=idempotency).first()
    if earlier is not None:
        if earlier.digest != digest:
            raise Refused(409, "这个 Idempotency-Key 已用于另一份内容。新内容请换一个键。")
        return earlier, False
    page = DisclosurePage(
        title=content["title"], summary=content["summary"], formed_on=content["formed_on"],
        document_number=content["document_number"], source=content["source"] or key.name, author=content["author"],
        keywords=content["keywords"], kind=column.default_kind if column.default_kind in _PLAIN else "general",
        body=[("text", "".join(f"<p>{escape(p)}</p>" for p in content["paragraphs"]))],
    )  # fmt: skip
    try:
        page = create_item(SYSTEM, column, page)
    except ValidationError as error:
        raise Refused(422, "；".join(error.messages)) from None
    row = Submission.objects.create(key=key, idempotency=idempotency, digest=digest, page=page)
    ApiKey.objects.filter(pk=key.pk).update(last_used_on=timezone.localdate())
    record(
        SYSTEM, "api.submission.receive", page, organ=column.organ, after={"submission": row.pk, "key": key.prefix},
        reason=f"{key.name}报送",
    )  # fmt: skip
    return row, True


#: Kinds that are the item itself; those with fields of their own are completed on the desk.
_PLAIN = ("general", "news", "statistics", "plan")
