"""The report of a row as it stands now: compiled from the ledgers while it is a draft, the kept text afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gongkai.annualreport.model import Report, from_numbers
from gongkai.annualreport.model import Scope as EngineScope
from gongkai.annualreport.schema import edition_for_year
from gongkai.reports.codec import report_from_text
from gongkai.reports.compiling.cells import CompiledCell, compile_cells
from gongkai.reports.models import AnnualReport, Scope, Source, State
from gongkai.reports.narrative.sections import as_sections, rendered

#: States in which a compiled report still follows the ledgers; handing it in freezes it.
LIVE_STATES = (State.DRAFT, State.CHECKED, State.RETURNED)


def is_live(row: AnnualReport) -> bool:
    """Whether the numbers of ``row`` are counted at every look."""
    return row.source == Source.COMPILED and row.state in LIVE_STATES


def cells_now(row: AnnualReport) -> dict[str, CompiledCell]:
    """The compiled cells of a draft with its overrides; a constant number of queries."""
    overrides = row.overrides.filter(withdrawn_at__isnull=True).select_related("entered_by") if row.pk else ()
    return compile_cells(row.organ, row.year, row.scope == Scope.REGION, overrides)


def current_report(row: AnnualReport) -> Report:
    """The engine's report of ``row``: compiled now for a live draft, the frozen document otherwise."""
    return compiled_report(row) if is_live(row) else report_from_text(row.document)


def compiled_report(
    row: AnnualReport, cells: Mapping[str, CompiledCell] | None = None, *, strict: bool = False
) -> Report:
    """What the ledgers say now, with the draft's text. ``cells``: those already compiled for the row.

    ``strict``: raises ValidationError naming each field of the text that cannot be filled.
    """
    cells = cells if cells is not None else cells_now(row)
    values = {key: cell.value for key, cell in cells.items()}
    return from_numbers(
        {key: as_number(value) for key, value in values.items()},
        edition=edition_for_year(row.year),
        organ=row.organ.name,
        year=row.year,
        sections=as_sections(rendered(row, values, strict=strict)),
        title=row.title,
        scope=EngineScope(row.scope),
    )


def as_number(value: Decimal) -> int | Decimal:
    """int where integral, as the engine keeps its numbers."""
    return int(value) if value == value.to_integral_value() else value.normalize()
