"""What a reader is told of a field with choices, looked up once."""

from __future__ import annotations

from functools import cache

from django.db.models import Model


@cache
def _words(model: type[Model], field: str) -> dict[str, str]:
    return {str(value): str(word) for value, word in model._meta.get_field(field).flatchoices}  # type: ignore[union-attr]


def word_of(row: Model, field: str) -> str:
    """The word for what ``row`` has in ``field``; "" where nothing is chosen. Django's ``get_…_display`` puts the table of
    choices together anew at each call, and the words never change while the application runs."""
    value = getattr(row, field)
    return _words(type(row), field).get(value, value) if value else ""


__all__ = ["word_of"]
