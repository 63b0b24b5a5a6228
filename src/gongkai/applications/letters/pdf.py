"""Letters and envelope labels as PDF, set by Typst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.applications.letters.layout import Sheet, sheet_of
from gongkai.applications.models import Letter

_LETTER = Path(__file__).with_name("letter.typ")
_LABELS = Path(__file__).with_name("labels.typ")
PER_SHEET = 16
MOST = 200


def pdf_of(sheets: Sequence[Sheet], *, head: bool = False, created: datetime | None = None) -> bytes:
    """Several letters in one file, each from page 1 on. ``head`` prints the organ's name in red above.

    Raises ValueError for none, or for more than 200.
    """
    if not sheets or len(sheets) > MOST:
        raise ValueError(f"一次可以打印 1 至 {MOST} 份文书。")
    data = {
        "fonts": families_by_face(),
        "title": "".join(sheets[0].title) if len(sheets) == 1 else "文书",
        "head": head,
        "sheets": [_clean(sheet.data()) for sheet in sheets],
    }
    return compile_pdf(_LETTER, data, name="letters", created=created)


def _clean(value: object) -> object:
    """Strings without what no font prints."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def render_pdf(letter: Letter, *, on: date | None = None, head: bool = False) -> bytes:
    """One letter; a draft is marked 草稿 and shows the remedy as of ``on``."""
    return pdf_of([sheet_of(letter, on=on)], head=head, created=letter.signed_at)


@dataclass(frozen=True, slots=True)
class Label:
    """One envelope label."""

    postcode: str
    address: str
    name: str
    suffix: str = "（收）"
    sender: str = ""


def labels_pdf(labels: Sequence[Label], *, first: int = 1) -> bytes:
    """Labels on A4, 2 × 8 to a sheet; ``first`` is the place to begin on a sheet used in part (1–16).

    Raises ValueError for no label, more than 200, or a place outside the sheet.
    """
    if not labels or len(labels) > MOST:
        raise ValueError(f"一次可以打印 1 至 {MOST} 个标签。")
    if not 1 <= first <= PER_SHEET:
        raise ValueError(f"起始位置应为 1 至 {PER_SHEET}。")
    cells = [None] * (first - 1) + [_clean(asdict(label)) for label in labels]
    return compile_pdf(_LABELS, {"fonts": families_by_face(), "labels": cells}, name="labels")
