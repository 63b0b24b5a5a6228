"""Pages that would stall the parser, told before it meets them.

Lexbor's time grows with the square of a tag's attributes and of the depth of elements (16,000 attributes: 1.3 s; 20,000
levels: 1.2 s). No page has a hundredth of either.
"""

from __future__ import annotations

import re

from .errors import Unreadable

_DEEPEST = 5_000
_SMALL = 128_000  # bytes: a page up to this size is not deep enough to hurt
#: Attributes are set apart by these; with fewer of them in the whole page no tag can have too many.
_SEPARATORS = b" \n\t\r\f/\"'"
_FEW = 16_000
#: A tag as the HTML standard cuts it; group 1 is its two-thousand-and-first attribute. Possessive, hence linear.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?"""
_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+(?:" + _ATTRIBUTE + rb"){0,2000}+(" + _ATTRIBUTE + rb")?")
_OPEN_CLOSE = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
#: Elements that end by themselves, so that an open tag does not nest.
_SELF_CLOSING = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot option "
    b"optgroup colgroup html head body".split()
)


def refuse_excess(source: bytes) -> None:
    """Raises Unreadable("too_complex") for a tag with thousands of attributes or elements nested thousands deep."""
    if len(source) - len(source.translate(None, _SEPARATORS)) > _FEW and any(_TAG.findall(source)):
        raise Unreadable("too_complex")
    if len(source) <= _SMALL or source.count(b"<") - source.count(b"</") <= _DEEPEST:
        return
    depth = 0
    for match in _OPEN_CLOSE.finditer(source):
        if match[1]:
            depth = max(0, depth - 1)
        elif match[2].lower() not in _SELF_CLOSING:
            depth += 1
            if depth > _DEEPEST:
                raise Unreadable("too_complex")


__all__ = ["refuse_excess"]
