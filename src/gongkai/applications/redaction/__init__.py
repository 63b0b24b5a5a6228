"""Redaction: taking what may not be disclosed out of a document for good (条例第三十七条).

``redact_pdf`` and ``redact_docx`` are pure functions on bytes; ``service`` makes a case file of the result.
"""

from gongkai.applications.redaction.docx import WordBlock, redact_docx
from gongkai.applications.redaction.errors import RedactionError
from gongkai.applications.redaction.grounds import GROUNDS, Ground
from gongkai.applications.redaction.pdf import Block, find_blocks, redact_pdf

__all__ = [
    "GROUNDS",
    "Block",
    "Ground",
    "RedactionError",
    "WordBlock",
    "find_blocks",
    "redact_docx",
    "redact_pdf",
]
