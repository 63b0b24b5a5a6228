"""A case under reconsideration or before a court is evidence: its personal data is not cleared meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.applications.services.anonymise import keep_while
from gongkai.remedies.models import Remedy


@keep_while("行政复议或者行政诉讼尚未结案")
def under_remedy(keys: Iterable[int]) -> set[int]:
    """Those of the applications ``keys`` that have a remedy not yet closed. One query."""
    rows = Remedy.objects.filter(application__in=list(keys), closed_on=None)
    return set(rows.values_list("application_id", flat=True))
