"""A text field that is encrypted in the database."""

from __future__ import annotations

from typing import Any

from django.db import models

from gongkai.organs import vault


class SealedText(models.TextField):
    """Plain text in Python, AES-GCM in the column (see :mod:`gongkai.organs.vault`).

    It cannot be searched or ordered by; a value is bound to its table and column.
    """

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return plain if plain is None else vault.seal(plain, self.purpose)

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if value is None else vault.unseal(value, self.purpose)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError("加密字段不能用作查询条件；请用对应的指纹字段。")
