"""The database itself refuses to delete a file's row or to change its number and digest."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

TABLE: Final = "records_archivefile"
_COLUMNS: Final = ("number", "digest", "object_type", "object_id", "fonds_id", "year", "serial", "volume")
_CHANGED: Final = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in _COLUMNS)
SQLITE: Final = [
    f"""CREATE TRIGGER IF NOT EXISTS archive_file_no_delete BEFORE DELETE ON {TABLE}
       BEGIN SELECT RAISE(ABORT, '档案不能删除'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS archive_file_frozen BEFORE UPDATE ON {TABLE} WHEN {_CHANGED}
       BEGIN SELECT RAISE(ABORT, '已归档的内容不能改动'); END""",
]
POSTGRES: Final = [
    """CREATE OR REPLACE FUNCTION gongkai_archive_frozen() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         RAISE EXCEPTION '%', CASE TG_OP WHEN 'DELETE' THEN '档案不能删除' ELSE '已归档的内容不能改动' END
         USING ERRCODE = 'integrity_constraint_violation';
       END $$""",
    f"""CREATE OR REPLACE TRIGGER archive_file_no_delete BEFORE DELETE ON {TABLE}
       FOR EACH ROW EXECUTE FUNCTION gongkai_archive_frozen()""",
    f"""CREATE OR REPLACE TRIGGER archive_file_frozen BEFORE UPDATE ON {TABLE}
       FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION gongkai_archive_frozen()""",
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
