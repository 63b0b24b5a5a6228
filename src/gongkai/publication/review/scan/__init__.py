"""Scans of text and files before publication. Pure: no Django, no database, no clock; the same bytes, the same hits.

``scan_file`` reads a file to its hidden corners (hidden rows, columns and sheets, comments, tracked changes,
properties, picture data); ``scan_pieces`` judges text that somebody else has read. Nothing here keeps what it found in
clear: a hit carries masked text only.
"""

from gongkai.publication.review.scan.files import read_file
from gongkai.publication.review.scan.judging import judge, scan_file, scan_pieces
from gongkai.publication.review.scan.model import Grid, Hit, Piece, Reading, Severity, Word
from gongkai.publication.review.scan.personal import find

__all__ = [
    "Grid", "Hit", "Piece", "Reading", "Severity", "Word", "find", "judge", "read_file", "scan_file", "scan_pieces",
]  # fmt: skip
