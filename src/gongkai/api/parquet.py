"""A dataset as a Parquet file: columns of their real sort with their meaning, the file with its title and licence.

The rows are gone through twice, to learn the sorts and to write, so that memory does not grow with the dataset. pyarrow is
imported only where a file is being written: the processes that answer pages never carry it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings

from gongkai.api.datasets import LICENCE, Dataset, Row, plain

if TYPE_CHECKING:
    import pyarrow

#: As many rows at a time become columns: a row of texts may have a hundred thousand bytes.
BATCH = 200
#: A row group, which readers take at once and pick by: not so small that it compresses badly, not so large that memory grows.
GROUP_ROWS = 1 << 16
GROUP_BYTES = 1 << 24
#: The digits of decimal128, and the places that the database keeps: the type of a column does not change with its figures.
DIGITS, PLACES = 38, 6
_WHOLE = range(-(1 << 63), 1 << 63)


def available() -> bool:
    """Whether Parquet can be written here. Imports pyarrow: not to be asked where pages are answered."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        return False
    return True


def sort_of(value: Any) -> type:
    """The sort of a column that ``value`` fits: int, bool, date, datetime, Decimal; str for everything else."""
    if isinstance(value, str):
        return str
    if isinstance(value, bool):
        return bool
    if isinstance(value, int):
        return int if value in _WHOLE else str
    if isinstance(value, datetime):
        return datetime if value.tzinfo else str
    if isinstance(value, date):
        return date
    if isinstance(value, Decimal):
        return Decimal if value.is_finite() else str
    return str


@dataclass(slots=True)
class Column:
    """What the values of a column have shown. ``declared``: what it is while it has none."""

    declared: type
    seen: set[type] = field(default_factory=set)
    places: int = PLACES
    whole: int = 1

    def see(self, value: Any) -> None:
        sort = sort_of(value)
        self.seen.add(sort)
        if sort is Decimal:
            self.places = max(self.places, -value.as_tuple().exponent)
            self.whole = max(self.whole, value.adjusted() + 1)

    @property
    def sort(self) -> type:
        """Values of several sorts, and numbers of too many digits, are kept as they are written: as text."""
        if len(self.seen) > 1 or self.whole + self.places > DIGITS:
            return str
        return next(iter(self.seen), self.declared)


def learn(dataset: Dataset, rows: Iterator[Row]) -> list[Column]:
    """The columns of ``rows``."""
    found = [Column(dataset.types.get(name, str)) for name in dataset.columns]
    for row in rows:
        for column, value in zip(found, row, strict=True):
            if value is not None:
                column.see(value)
    return found


def schema(dataset: Dataset, columns: Sequence[Column], made_at: datetime) -> pyarrow.Schema:
    """The columns as Parquet has them. The meanings stand in the fields, for Arrow, and once more with the file, for
    readers of the plain format."""
    import pyarrow

    def arrow(column: Column) -> pyarrow.DataType:
        if column.sort is Decimal:
            return pyarrow.decimal128(DIGITS, column.places)
        return {
            str: pyarrow.string(), int: pyarrow.int64(), bool: pyarrow.bool_(), date: pyarrow.date32(),
            datetime: pyarrow.timestamp("us", tz=settings.TIME_ZONE),
        }[column.sort]  # fmt: skip

    return pyarrow.schema(
        [
            pyarrow.field(name, arrow(column), metadata={"description": about})
            for (name, about), column in zip(dataset.columns.items(), columns, strict=True)
        ],
        metadata={
            "title": dataset.title, "description": dataset.about, "license": LICENCE, "created": made_at.isoformat(),
            "columns": json.dumps(dataset.columns, ensure_ascii=False),
        },
    )  # fmt: skip


def _written(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(plain(value))


def _groups(shape: pyarrow.Schema, columns: Sequence[Column], rows: Iterator[Row]) -> Iterator[pyarrow.Table]:
    """The rows in row groups."""
    import pyarrow

    held: list[pyarrow.RecordBatch] = []
    count = size = 0
    while part := list(islice(rows, BATCH)):
        arrays = [
            pyarrow.array(list(map(_written, values)) if column.sort is str else values, type=one.type)
            for values, column, one in zip(zip(*part, strict=True), columns, shape, strict=True)
        ]
        held.append(pyarrow.record_batch(arrays, schema=shape))
        count, size = count + len(part), size + held[-1].nbytes
        if count >= GROUP_ROWS or size >= GROUP_BYTES:
            yield pyarrow.Table.from_batches(held)
            held, count, size = [], 0, 0
    if held:
        yield pyarrow.Table.from_batches(held)


def write(dataset: Dataset, rows: Callable[[], Iterator[Row]], made_at: datetime, out: IO[bytes]) -> int:
    """Write the rows, which must be the same both times that they are asked for; their number."""
    from pyarrow import parquet

    columns, count = learn(dataset, rows()), 0
    shape = schema(dataset, columns, made_at)
    with parquet.ParquetWriter(out, shape, compression="zstd") as writer:
        for group in _groups(shape, columns, rows()):
            writer.write_table(group)
            count += group.num_rows
    return count
