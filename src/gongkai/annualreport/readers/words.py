"""The words in any file, for searching and scanning: whatever can be read of it, and never an error."""

from __future__ import annotations

import logging
from importlib import import_module

from gongkai.annualreport.document import Document, Paragraph
from gongkai.annualreport.readers.detect import decode, detect
from gongkai.annualreport.readers.errors import DEFAULT

logger = logging.getLogger(__name__)
MAX_TEXT = 500_000


def words_of(data: bytes, media_type: str) -> str:
    """The words in a file; "" for pictures, videos and what cannot be read. At most ``MAX_TEXT`` characters."""
    if media_type.startswith(("image/", "video/")):
        return ""
    if media_type.startswith("text/"):
        return decode(data).text[:MAX_TEXT]
    try:
        document = import_module(f"gongkai.annualreport.readers.{detect(data)}").read(data, DEFAULT)
    except (
        Exception
    ) as problem:  # whatever a broken file makes a parser raise: the file is kept, unsearchable
        logger.info("no text from a file: %r", problem)
        return ""
    if not isinstance(document, Document):
        return ""
    parts: list[str] = []
    for block in document.blocks:
        parts += [block.text] if isinstance(block, Paragraph) else [text for text in block.texts() if text]
    return "\n".join(parts)[:MAX_TEXT]
