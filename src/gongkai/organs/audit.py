"""Writing and verifying the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.scope import SYSTEM

#: act code → what the trail calls it. Apps add theirs with register_acts.
ACTS: dict[str, str] = {}
#: Field values that must never be written into the trail, by field name.
SECRET_FIELDS = frozenset({"password", "last_login"})
GENESIS = "0" * 64
_LOCK_KEY = 0x676F6E67  # any constant: the name of the advisory lock that orders the chain on PostgreSQL


def register_acts(acts: dict[str, str]) -> None:
    """Makes act codes known ("organ.rename": "机构更名"). Raises ValueError when a code is taken by another label."""
    for code, label in acts.items():
        if ACTS.setdefault(code, label) != label:
            raise ValueError(f"动作代码 {code} 已登记为“{ACTS[code]}”。")


def snapshot(obj: models.Model) -> dict[str, Any]:
    """Field name → plain value of every concrete field, secrets left out."""
    values: dict[str, Any] = {}
    for field in obj._meta.concrete_fields:
        if field.name in SECRET_FIELDS:
            continue
        value = field.value_from_object(obj)
        values[field.name] = value.isoformat() if isinstance(value, (date, datetime)) else value
    return values


def digest(values: dict[str, Any] | None) -> str:
    """SHA-256 of a snapshot; "" for none."""
    if values is None:
        return ""
    return hashlib.sha256(
        json.dumps(values, ensure_ascii=False, sort_keys=True, default=str).encode()
    ).hexdigest()


def _changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, list[Any]]:
    before, after = before or {}, after or {}
    keys = sorted(before.keys() | after.keys())
    changed = {k: [before.get(k), after.get(k)] for k in keys if before.get(k) != after.get(k)}
    return json.loads(json.dumps(changed, ensure_ascii=False, default=str))  # type: ignore[no-any-return]


def record(
    actor: Any,
    act: str,
    obj: models.Model,
    *,
    organ: Organ | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Appends one entry. Must run inside the transaction of the act itself, so that both stand or neither.

    Raises RuntimeError outside a transaction, KeyError for an act that was not registered.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("审计记录须与业务动作在同一事务内写入。")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
    last = AuditEntry.objects.order_by("-pk").values_list("entry_hash", flat=True).first()
    entry = AuditEntry(
        at=timezone.now(),
        actor=None if actor is SYSTEM else actor,
        actor_name=str(actor)[:60],
        organ=organ,
        act=act,
        act_label=ACTS[act],
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        changes=_changes(before, after),
        before_digest=digest(before),
        after_digest=digest(after),
        reason=reason,
        previous_hash=last or GENESIS,
    )
    entry.entry_hash = entry.compute_hash()
    entry.save()
    return entry


def verify_chain() -> Iterator[tuple[int, str]]:
    """Yields (pk, what is wrong) for every entry whose digest or link does not hold; nothing when all is well."""
    previous = GENESIS
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2000):
        if entry.previous_hash != previous:
            yield entry.pk, "与上一条的衔接不符：其间有记录被删除或插入"
        if entry.compute_hash() != entry.entry_hash:
            yield entry.pk, "内容与摘要不符：该条被改动过"
        previous = entry.entry_hash


SQLITE_TRIGGERS = [
    f"""CREATE TRIGGER IF NOT EXISTS audit_no_{verb} BEFORE {verb} ON organs_auditentry
       BEGIN SELECT RAISE(ABORT, '审计记录只增不改'); END"""
    for verb in ("UPDATE", "DELETE")
] + [
    # REPLACE deletes the old row without firing the trigger above.
    """CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON organs_auditentry
       WHEN EXISTS (SELECT 1 FROM organs_auditentry WHERE id = NEW.id
                    OR previous_hash = NEW.previous_hash OR entry_hash = NEW.entry_hash)
       BEGIN SELECT RAISE(ABORT, '审计记录只增不改'); END"""
]
POSTGRES_TRIGGERS = [
    """CREATE OR REPLACE FUNCTION gongkai_audit_frozen() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '审计记录只增不改' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_frozen BEFORE UPDATE OR DELETE ON organs_auditentry
       FOR EACH ROW EXECUTE FUNCTION gongkai_audit_frozen()""",
]


def install_triggers(**kwargs: Any) -> None:
    """Makes the database itself refuse changes to the trail. Runs after every migration, because SQLite
    rebuilds a table (and drops its triggers) when a column changes. Off in tests, which empty their tables."""
    if not getattr(settings, "AUDIT_TRIGGERS", True):
        return
    if AuditEntry._meta.db_table not in connection.introspection.table_names():
        return
    statements = {"sqlite": SQLITE_TRIGGERS, "postgresql": POSTGRES_TRIGGERS}.get(connection.vendor, [])
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
