"""The neutral form every reader produces: paragraphs and grids in reading order, with their places.

Readers of a file format know nothing of reports; :mod:`gongkai.annualreport.assemble` knows nothing of file formats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .values import Place


@dataclass(slots=True)
class Paragraph:
    """A run of text that the source sets apart. ``level`` is 1–6 where the source marks it as a heading, else 0."""

    text: str
    level: int = 0
    page: int | None = None


@dataclass(slots=True)
class GridCell:
    """A cell of a table at its first row and column (from 0), spanning ``rowspan`` × ``colspan``."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None


@dataclass(slots=True)
class Grid:
    """A table. ``rows[r]`` holds the cells that begin in row r, left to right.

    ``exact`` is False where columns were inferred (flattened text), so that only the order within a row is to be
    trusted, not the column numbers.
    """

    rows: list[list[GridCell]] = field(default_factory=list)
    exact: bool = True
    page: int | None = None
    sheet: str | None = None
    ordinal: int = 0

    def place(self, cell: GridCell) -> Place:
        return Place(
            page=cell.page or self.page,
            table=self.ordinal or None,
            row=cell.row + 1,
            column=cell.column + 1,
            sheet=self.sheet,
        )

    def texts(self) -> Iterator[str]:
        for row in self.rows:
            for cell in row:
                yield cell.text


Block = Paragraph | Grid


@dataclass(slots=True)
class Document:
    """A file as blocks in reading order, with what its container says of itself."""

    blocks: list[Block] = field(default_factory=list)
    metadata: dict[str, str] = field(
        default_factory=dict
    )  # HTML <meta> names, core properties, 索引号 tables …
    title: str = ""  # <title> or the document property
    format: str = ""  # html, text, markdown, docx, pdf, xlsx, ofd
    encoding: str = ""
    pages: int | None = None
    remarks: list[str] = field(default_factory=list)  # what the format reader could not read, in Chinese
