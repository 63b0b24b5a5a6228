"""``path__startswith`` of the page tree by its index, on SQLite too.

Django writes ``LIKE … ESCAPE`` for ``startswith`` on SQLite, which ignores case and therefore can use no index: every look
at a subtree reads the whole tree. ``GLOB`` distinguishes case, as ``startswith`` should, and is answered from the index.
PostgreSQL has its pattern index and keeps what it had.
"""

from __future__ import annotations

from typing import Any

from django.db.models.lookups import StartsWith
from wagtail.models import Page

#: What GLOB reads as a pattern stands for itself in a class of one.
_PLAIN = str.maketrans({"*": "[*]", "?": "[?]", "[": "[[]"})


class IndexedStartsWith(StartsWith):
    """``startswith`` for columns that are looked up by prefix."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        left, params = self.process_lhs(compiler, connection)
        return f"{left} GLOB %s", [*params, f"{str(self.rhs).translate(_PLAIN)}*"]


def install() -> None:
    """For the two columns of the tree that are asked by prefix; idempotent."""
    for name in ("path", "url_path"):
        Page._meta.get_field(name).register_lookup(IndexedStartsWith)
