"""QR codes, drawn on the server as one path of an SVG: no picture service, no script."""

from __future__ import annotations

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

BORDER = 4  # modules of quiet zone that the standard asks for


def svg(text: str) -> SafeString:
    """``text`` as an inline SVG, black on white in every colour scheme so that every camera reads it."""
    code = segno.make(text, error="m", micro=False)
    size = code.symbol_size(border=BORDER)[0]
    steps = []
    for y, row in enumerate(code.matrix_iter(border=BORDER)):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                steps.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="本页网址的二维码" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
        size, size, size, size, "".join(steps),
    )  # fmt: skip
