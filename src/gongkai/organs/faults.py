"""What kind of fault it is: one that passes by itself, or one of ours."""

from __future__ import annotations

import sqlite3

from django.db import DatabaseError, InterfaceError, OperationalError

#: SQLSTATEs of PostgreSQL that pass: connection, rollback by contention, resources, intervention, a standby that only
#: reads, time limits of a session, a lock not got, a disk that fails (PostgreSQL manual, appendix A).
PASSING = ("08", "40", "53", "57", "25006", "25P03", "25P04", "55P03", "58030")


def database_away(fault: BaseException | None) -> bool:
    """Whether ``fault`` says that the database does not answer, is locked, full or only to be read: which passes, or is put
    right beside the platform. A table or column that is not there is no such thing, though SQLite calls both alike."""
    if not isinstance(fault, (DatabaseError, InterfaceError)):
        return False
    state = getattr(fault.__cause__, "sqlstate", None)
    if state:
        return str(state).startswith(PASSING)
    if getattr(fault.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return False
    return isinstance(fault, (OperationalError, InterfaceError))
