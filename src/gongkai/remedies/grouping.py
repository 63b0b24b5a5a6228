"""Which column of table 4 a result counts in: by the nearest organ's setting for the year, else the defaults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, CharField, Value, When

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import require
from gongkai.remedies.kinds import DEFAULT_GROUPS
from gongkai.remedies.models import Remedy, RemedySettings
from gongkai.remedies.policies import MODULE

register_acts({"remedy.settings": "修改表四归类"})


def mapping_for(organ: Organ, year: int) -> dict[str, str]:
    """Result → column of table 4 as it holds for ``organ`` in ``year``: the nearest organ's latest setting. One query."""
    paths = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    rows = RemedySettings.objects.filter(organ__path__in=paths, first_year__lte=year).select_related("organ")
    nearest = max(rows, key=lambda row: (len(row.organ.path), row.first_year), default=None)
    return nearest.mapping() if nearest else dict(DEFAULT_GROUPS)


@transaction.atomic
def save_settings(actor: Any, settings: RemedySettings) -> RemedySettings:
    """Keep which column a result counts in, and count the records it concerns anew. Needs ``assign`` at the organ.

    A signed report is frozen and does not follow. Raises PermissionDenied, ValidationError by field.
    """
    require(actor, MODULE, "assign", settings.organ)
    settings.full_clean()
    old = RemedySettings.objects.filter(pk=settings.pk).select_related("organ").first()
    if old is not None and old.organ_id != settings.organ_id:
        raise ValidationError({"organ": "已有的设置不能改到别的机构，请另外新增。"})
    settings.save()
    first = min(settings.first_year, old.first_year) if old else settings.first_year
    regroup(settings.organ, first)
    before = snapshot(old) if old else None
    audit(actor, "remedy.settings", settings, organ=settings.organ, before=before, after=snapshot(settings))
    return settings


def regroup(organ: Organ, first_year: int) -> None:
    """Write ``group`` anew for what was decided from ``first_year`` on at ``organ`` and below.

    One statement for each year and each organ that has settings of its own, however many remedies there are.
    """
    rows = Remedy.objects.filter(subtree(organ.path, "organ__"), year_closed__gte=first_year).exclude(
        result=""
    )
    own = Organ.objects.filter(subtree(organ.path), remedy_settings__isnull=False).distinct()
    tops = sorted({*own, organ}, key=lambda one: one.path)
    for year in sorted(set(rows.order_by().values_list("year_closed", flat=True))):
        for top in tops:  # from above to below, so that the nearest setting is written last
            _write_groups(rows.filter(subtree(top.path, "organ__"), year_closed=year), mapping_for(top, year))


def _write_groups(rows: Any, mapping: dict[str, str]) -> None:
    whens: Iterable[When] = (When(result=result, then=Value(str(group))) for result, group in mapping.items())
    # A join is not allowed in UPDATE: the rows are named by their keys.
    chosen = Remedy.objects.filter(pk__in=rows.order_by().values("pk"))
    chosen.update(group=Case(*whens, default=Value(""), output_field=CharField()))
