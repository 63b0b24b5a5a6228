"""Fields of the applicant's forms: label, hint, error and control tied together for a screen reader."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField

register = template.Library()


@register.inclusion_tag("applications/public/parts/field.html")
def apply_field(field: BoundField, optional: str = "", hints: Any = None) -> dict[str, Any]:
    """One field. ``optional`` is what to say after the label, for example 选填; ``hints`` a hint for each choice."""
    return {
        "field": field,
        "optional": optional,
        "choices": _choices(field, hints or {}) if field.use_fieldset else [],
        "is_check": field.widget_type == "checkbox",
        "described": " ".join(
            part for part in (f"{field.auto_id}_helptext" if field.help_text else "", f"{field.auto_id}_error" if field.errors else "") if part
        ),
    }  # fmt: skip


def _choices(field: BoundField, hints: dict[str, str]) -> list[dict[str, Any]]:
    value = str(field.value() or "")
    return [
        {
            "id": field.auto_id if n == 0 else f"{field.auto_id}_{n}",
            "value": key,
            "label": label,
            "hint": hints.get(key, ""),
            "checked": str(key) == value,
        }
        for n, (key, label) in enumerate(field.field.choices)
    ]


@register.filter
def file_size(size: int) -> str:
    """640 KB, 1.5 MB."""
    from gongkai.applications.filetypes import size_words

    return size_words(size)
