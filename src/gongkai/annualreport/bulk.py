"""Many reports at once: counts as arrays, every identity with one sparse product.

Measured by ``benchmarks/bench_checks.py``. numpy and scipy are loaded when a function is called, not on import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from .identities import LARGEST, Identity, count_keys, count_of, system
from .model import Report
from .schema import EDITIONS, Edition
from .values import ABSENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(slots=True)
class Batch:
    """Reports of one edition as arrays, reports × count cells: numbers (0 where unknown), what is known, what assumed."""

    edition: Edition
    values: NDArray[np.int64]
    known: NDArray[np.bool_]
    assumed: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.values.shape[0])


@dataclass(slots=True)
class Residuals:
    """Reports × identities: ``values`` (meaningless where not ``defined``), and which rest on a blank taken as 0."""

    identities: tuple[Identity, ...]
    values: NDArray[np.int64]
    defined: NDArray[np.bool_]
    assumed: NDArray[np.bool_]

    @property
    def violated(self) -> NDArray[np.bool_]:
        """Where an identity that can be computed does not hold."""
        import numpy as np

        out: NDArray[np.bool_] = np.logical_and(self.values != 0, self.defined)
        return out


def vectorise(reports: Sequence[Report], edition: Edition | None = None) -> Batch:
    """Arrays of ``reports``, which must all be of one edition. Raises ValueError where they are not."""
    import numpy as np

    edition = edition or (reports[0].edition if reports else EDITIONS["2021"])
    if any(report.edition.id != edition.id for report in reports):
        raise ValueError("一批报告必须是同一版格式")
    keys = count_keys(edition)
    values = np.zeros((len(reports), len(keys)), dtype=np.int64)
    known = np.ones(values.shape, dtype=np.bool_)
    assumed = np.zeros(values.shape, dtype=np.bool_)
    pick = itemgetter(*keys)
    only_int = {int}
    for i, report in enumerate(reports):
        try:
            numbers = [value.number for value in pick(report.values)]
            if set(map(type, numbers)) == only_int:
                values[i] = numbers
                continue
        except (KeyError, OverflowError):
            pass
        for j, key in enumerate(keys):
            value = report.values.get(key, ABSENT)
            count = count_of(value)
            if count is None:
                known[i, j] = False
            else:
                values[i, j] = count
                assumed[i, j] = value.assumed
    huge = np.abs(values) > LARGEST
    if huge.any():
        known[huge] = False
        values[huge] = 0
    return Batch(edition, values, known, assumed)


def residuals(batch: Batch, before: Batch | None = None) -> Residuals:
    """One product over all reports of ``batch``; with ``before`` (same order, the year before) the two-year identities.

    Raises ValueError where the two batches differ in length.
    """
    import numpy as np

    values, known, assumed = batch.values, batch.known, batch.assumed
    if before is not None:
        if len(before) != len(batch):
            raise ValueError("两年的报告份数不同，不能逐份对应")
        values = np.hstack((values, before.values))
        known = np.hstack((known, before.known))
        assumed = np.hstack((assumed, before.assumed))
    whole = system(batch.edition, before.edition if before is not None else None)
    matrix = whole.matrix
    shape = (values.shape[0], len(whole.identities))
    defined, blank = np.ones(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    touches = abs(matrix)
    if not known.all():
        defined = (touches @ (~known).T.astype(np.int64)).T == 0
    if assumed.any():
        blank = (touches @ assumed.T.astype(np.int64)).T > 0
    return Residuals(whole.identities, np.asarray((matrix @ values.T).T), defined, blank)


@dataclass(slots=True)
class Screening:
    """Which of many reports need a closer look, as boolean arrays in the order given."""

    violated: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    negative: NDArray[np.bool_]
    identities: dict[str, int] = field(default_factory=dict)  # how often each identity is violated

    @property
    def clean(self) -> NDArray[np.bool_]:
        return ~(self.violated | self.unknown | self.negative)


#: Reports per product: bounds the memory at about 50 MB, and is as fast as one product over all.
CHUNK = 8192


def screen(reports: Sequence[Report]) -> Screening:
    """All identities within a report and the value checks of counts (known, not negative), over any number of reports."""
    import numpy as np

    total = len(reports)
    violated = np.zeros(total, dtype=np.bool_)
    unknown, negative = violated.copy(), violated.copy()
    counts: dict[str, int] = {}
    for edition in EDITIONS.values():
        places = [i for i, report in enumerate(reports) if report.edition.id == edition.id]
        for start in range(0, len(places), CHUNK):
            chosen = places[start : start + CHUNK]
            batch = vectorise([reports[i] for i in chosen], edition)
            found = screen_batch(batch)
            violated[chosen], unknown[chosen], negative[chosen] = (
                found.violated,
                found.unknown,
                found.negative,
            )
            for name, times in found.identities.items():
                counts[name] = counts.get(name, 0) + times
    return Screening(violated, unknown, negative, counts)


def screen_batch(batch: Batch) -> Screening:
    """:func:`screen` for reports that are arrays already."""
    import numpy as np

    result = residuals(batch)
    hits = result.violated
    signed = np.array([batch.edition.by_key[key].signed for key in count_keys(batch.edition)])
    negative = np.any((batch.values < 0) & ~signed, axis=1, keepdims=True)[:, 0]
    times = hits.sum(axis=0)
    counts = {identity.id: int(n) for identity, n in zip(result.identities, times, strict=True) if n}
    violated = np.any(hits, axis=1, keepdims=True)[:, 0]
    unknown = np.any(~batch.known, axis=1, keepdims=True)[:, 0]
    return Screening(violated, unknown, negative, counts)


__all__ = ["Batch", "Residuals", "Screening", "residuals", "screen", "screen_batch", "vectorise"]
