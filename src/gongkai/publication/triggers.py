"""The database itself refuses to change a publication time or an index number once it is given.

A forged publication date is a veto in the inspection of government sites (sheet 05 §2).
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

TABLE = "publication_disclosurepage"
_FIELDS = {"published_at": "发布时间", "index_number": "索引号"}
SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS item_keeps_{field} BEFORE UPDATE OF {field} ON {TABLE}
       WHEN OLD.{field} IS NOT NULL AND NEW.{field} IS NOT OLD.{field}
       BEGIN SELECT RAISE(ABORT, '{name}一经确定不能修改'); END"""
    for field, name in _FIELDS.items()
]
_CHECKS = " ".join(
    f"IF OLD.{field} IS NOT NULL AND NEW.{field} IS DISTINCT FROM OLD.{field} "
    f"THEN RAISE EXCEPTION '{name}一经确定不能修改' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    for field, name in _FIELDS.items()
)
POSTGRES = [
    f"""CREATE OR REPLACE FUNCTION gongkai_item_keeps() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN {_CHECKS} RETURN NEW; END $$""",
    f"""CREATE OR REPLACE TRIGGER item_keeps BEFORE UPDATE ON {TABLE}
       FOR EACH ROW EXECUTE FUNCTION gongkai_item_keeps()""",
]


def install_triggers(**_: Any) -> None:
    """Runs after every migration (SQLite drops a table's triggers when it rebuilds it)."""
    if TABLE not in connection.introspection.table_names():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in {"sqlite": SQLITE, "postgresql": POSTGRES}.get(connection.vendor, []):
            cursor.execute(statement)
