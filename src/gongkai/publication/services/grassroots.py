"""The standard catalogue of the 26 domains."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.law.catalogue import standard_row_problems
from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.roles import Module
from gongkai.organs.scope import require
from gongkai.publication.models import GrassrootsItem

register_acts({"publication.grassroots.save": "编制标准目录"})


@transaction.atomic
def save_grassroots_item(actor: Any, item: GrassrootsItem) -> GrassrootsItem:
    """Adds or changes a row of the standard catalogue. Raises ValidationError with everything that is wrong."""
    require(actor, Module.PUBLICATION, "change" if item.pk else "add", item.organ)
    before = snapshot(GrassrootsItem.objects.get(pk=item.pk)) if item.pk else None
    item.full_clean()
    wrong = standard_row_problems(item.row())
    if wrong:
        raise ValidationError([f"{text}。" for text in wrong])
    item.save()
    record(actor, "publication.grassroots.save", item, organ=item.organ, before=before, after=snapshot(item))
    return item
