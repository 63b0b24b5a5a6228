"""The sets: kinds, organs, columns. A record stands in one of each where it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from ninja.errors import HttpError

from gongkai.api.following import Change
from gongkai.api.oai.arguments import MOST, Fault
from gongkai.api.paging import decode, encode
from gongkai.organs.models import Organ
from gongkai.publication.models import ColumnPage
from gongkai.search.projection import projections

PER_PAGE = 500
_ORGANS, _COLUMNS = 0, 1


def of(change: Change, organs: Mapping[int, str]) -> Iterator[str]:
    """The names of the sets in which a record stands, withdrawn ones too."""
    yield f"kind-{change.kind}"
    if change.organ_id in organs:
        yield f"organ-{organs[change.organ_id]}"
    if change.column is not None:
        yield f"column-{change.column}"


def page(token: str) -> tuple[list[tuple[str, str]], str]:
    """(name, title) of the sets after ``token``, and the token of the next part; "" at the end. Two queries.

    Raises Fault badResumptionToken.
    """
    stage, last = _ORGANS, 0
    if token:
        try:
            stage, last = decode(token, int, int)
        except HttpError:
            raise Fault("badResumptionToken", "resumptionToken 无法识别。") from None
        if stage not in (_ORGANS, _COLUMNS) or not 0 <= last <= MOST:
            raise Fault("badResumptionToken", "resumptionToken 无法识别。")
    found = list(islice(_after(stage, last), PER_PAGE + 1))
    shown = [(name, title) for name, title, _, _ in found[:PER_PAGE]]
    if not token:
        kinds = [(f"kind-{p.kind}", p.label) for p in projections() if not p.listing]
        shown = [*kinds, *shown]
    return shown, encode(*found[PER_PAGE - 1][2:]) if len(found) > PER_PAGE else ""


def _after(stage: int, last: int) -> Iterator[tuple[str, str, int, int]]:
    """(name, title, stage, key) from a place on: organs, then columns, in the order of their keys."""
    if stage == _ORGANS:
        rows = Organ.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "slug", "name")
        for pk, slug, name in rows[: PER_PAGE + 1]:
            yield f"organ-{slug}", name, _ORGANS, pk
        last = 0
    columns = ColumnPage.objects.filter(pk__gt=last, live=True).order_by("pk")
    for pk, organ, title in columns.values_list("pk", "organ__name", "title")[: PER_PAGE + 1]:
        yield f"column-{pk}", f"{organ}：{title}", _COLUMNS, pk
