"""What keeps a row out besides its form: the personal data for which review would stop the item."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from re import sub

from gongkai.publication.intake.judging import register_check
from gongkai.publication.intake.paste import clean
from gongkai.publication.intake.rows import BY_KEY, Problem, Row
from gongkai.publication.review.scan.judging import scan_pieces
from gongkai.publication.review.scan.model import KINDS, Piece, Severity


@register_check
def readable(row: Row) -> Iterator[Problem]:
    """The text as it will stand in the item. What cannot be cleaned is one row's fault and stops none of the others."""
    try:
        row.blocks = clean(str(row.values.get("body") or "")).blocks
    except ValueError:
        yield Problem(
            "正文整理不了：太长，或者网页嵌套太深", "打开原来的网页，把正文复制下来，用“粘贴整理”单独办理。"
        )


_READ = ("title", "summary", "keywords", "body")


@register_check
def personal_data(row: Row) -> Iterator[Problem]:
    """Identity and bank card numbers, judged by the scan of review, told masked."""
    pieces = [
        Piece(BY_KEY[key].heading, unescape(sub(r"<[^>]*>", "", str(row.values[key]))))
        for key in _READ
        if row.values.get(key)
    ]
    for hit in scan_pieces(pieces):
        if hit.severity == Severity.BLOCK:
            yield Problem(
                f"{hit.place}里有{KINDS[hit.kind]}（{hit.text}）",
                "删去或者打码以后再导入；确需公开的单独写稿、经审核公开。",
            )
