"""The database itself refuses to change or delete a step that was recorded."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction

TABLE = "remedies_remedystep"
SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS remedy_step_no_{verb} BEFORE {verb} ON {TABLE}
       BEGIN SELECT RAISE(ABORT, '复议诉讼的记录只增不改'); END"""
    for verb in ("UPDATE", "DELETE")
]
POSTGRES = [
    """CREATE OR REPLACE FUNCTION gongkai_remedy_step_frozen() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '复议诉讼的记录只增不改' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE OR REPLACE TRIGGER remedy_step_frozen BEFORE UPDATE OR DELETE ON {TABLE}
       FOR EACH ROW EXECUTE FUNCTION gongkai_remedy_step_frozen()""",
]


def install_triggers(**_: Any) -> None:
    """Runs after every migration (SQLite drops a table's triggers when it rebuilds it). Off in tests."""
    if not getattr(settings, "AUDIT_TRIGGERS", True):
        return
    if TABLE not in connection.introspection.table_names():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}.get(connection.vendor, []):
            cursor.execute(statement)
