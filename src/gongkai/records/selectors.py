"""What reads the archive."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.records.matters import MATTERS, Matter, Retention
from gongkai.records.models import ArchiveFile, Fonds, Loan, RetentionRule
from gongkai.records.policies import MODULE

#: Files whose period ends within this many days are put before the archivist.
APPRAISE_AHEAD = 90


def chain_paths(organ: Organ) -> list[str]:
    """The paths of ``organ`` and all above it."""
    return [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]


def retention_for(organ: Organ, matter: str) -> tuple[Retention, str]:
    """(period, its source): the nearest rule at or above ``organ``, else the built-in one. One query."""
    rules = RetentionRule.objects.filter(organ__path__in=chain_paths(organ), matter=matter)
    nearest = max(rules.select_related("organ"), key=lambda r: len(r.organ.path), default=None)
    if nearest is not None:
        return Retention(nearest.retention), nearest.source
    rule = MATTERS[Matter(matter)]
    return rule.retention, rule.source


def fonds_of(organ: Organ) -> Fonds | None:
    """The fonds that ``organ``'s files belong to: its own, else the nearest one above. One query."""
    found = Fonds.objects.filter(organ__path__in=chain_paths(organ)).select_related("organ")
    return max(found, key=lambda f: len(f.organ.path), default=None)


def files_of(object_type: str, object_id: Any) -> QuerySet[ArchiveFile]:
    """All volumes of one matter, the main one first."""
    return ArchiveFile.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("volume")


def visible_to(user: Any) -> QuerySet[ArchiveFile]:
    """The files of the organs ``user`` may see."""
    return ArchiveFile.objects.filter(scope_of(user).condition("organ__", MODULE, ["view"]))


def with_loans(files: QuerySet[ArchiveFile]) -> QuerySet[ArchiveFile]:
    """Adds ``lent``: whether the paper is out."""
    out = Loan.objects.filter(archive_file=OuterRef("pk"), returned_on=None, form=Loan.Form.PAPER)
    return files.annotate(lent=Exists(out))


def due_for_appraisal(files: QuerySet[ArchiveFile], by: date) -> QuerySet[ArchiveFile]:
    """Files in custody whose period ends not later than ``by``."""
    return files.filter(state=ArchiveFile.State.ARCHIVED, retention_until__lte=by)
