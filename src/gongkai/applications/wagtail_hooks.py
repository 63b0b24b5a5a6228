"""What this app registers with the desk; each part registers its own addresses, menu items and tasks on import."""

from gongkai.applications.desk import (  # noqa: F401
    archive,
    hooks_case,
    hooks_files,
    hooks_ledger,
    hooks_letters,
    hooks_notices,
    hooks_statements,
)
