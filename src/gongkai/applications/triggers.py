"""The database itself refuses to change or delete an event that was recorded.

One change is let through: the words of an event for which a tombstone was written before (清除期满的个人信息), and then nothing
but its ``data``. Tombstones themselves are append-only too.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction

TABLE = "applications_eventrecord"
STONES = "applications_eventtombstone"
_KEPT = (
    "application_id", "position", "kind", '"on"', "recorded_at", "actor_id", "actor_name", "previous", "digest",
)  # fmt: skip
_CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
_STONE = f"EXISTS (SELECT 1 FROM {STONES} t WHERE t.record_id = OLD.id)"  # noqa: S608
SQLITE = [
    "DROP TRIGGER IF EXISTS case_event_no_UPDATE",
    f"""CREATE TRIGGER case_event_no_UPDATE BEFORE UPDATE ON {TABLE} WHEN NOT {_STONE} OR {_CHANGED}
       BEGIN SELECT RAISE(ABORT, '办理记录只增不改'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS case_event_no_DELETE BEFORE DELETE ON {TABLE}
       BEGIN SELECT RAISE(ABORT, '办理记录只增不改'); END""",
    *(
        f"""CREATE TRIGGER IF NOT EXISTS case_stone_no_{verb} BEFORE {verb} ON {STONES}
       BEGIN SELECT RAISE(ABORT, '去标识记录只增不改'); END"""
        for verb in ("UPDATE", "DELETE")
    ),
]
_DISTINCT = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
POSTGRES = [
    f"""CREATE OR REPLACE FUNCTION gongkai_case_event_frozen() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = '{TABLE}' THEN
           IF {_STONE} AND NOT ({_DISTINCT}) THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION '办理记录只增不改' USING ERRCODE = 'integrity_constraint_violation';
       END $$""",
    *(
        f"""CREATE OR REPLACE TRIGGER case_event_frozen BEFORE UPDATE OR DELETE ON {table}
       FOR EACH ROW EXECUTE FUNCTION gongkai_case_event_frozen()"""
        for table in (TABLE, STONES)
    ),
]


def install_triggers(**_: Any) -> None:
    """Runs after every migration (SQLite drops a table's triggers when it rebuilds it). Off in tests."""
    if not getattr(settings, "AUDIT_TRIGGERS", True):
        return
    if not {TABLE, STONES} <= set(connection.introspection.table_names()):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}.get(connection.vendor, []):
            cursor.execute(statement)
