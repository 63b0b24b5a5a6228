"""A TrueType font whose one glyph is its own em square: what invisible text is set in (it is never painted).

A glyph without an outline will not do: some readers leave out letters that have no extent.
"""

from __future__ import annotations

import struct
from functools import lru_cache

EM = 1000
ASCENT, DESCENT = 880, -120


# One contour of four points on the curve: (0, descent) (em, descent) (em, ascent) (0, ascent), all as deltas.
_SQUARE = struct.pack(">hhhhh", 1, 0, DESCENT, EM, ASCENT) + struct.pack(">HH", 3, 0) + bytes([1, 1, 1, 1]) + struct.pack(
    ">hhhhhhhh", 0, EM, 0, -EM, DESCENT, 0, ASCENT - DESCENT, 0
)  # fmt: skip


@lru_cache(maxsize=1)
def blank_font() -> bytes:
    """The font file: glyph 0 empty, glyph 1 the square. About 500 bytes."""
    tables = {
        b"OS/2": struct.pack(
            ">HhHHHhhhhhhhhhhh10sIIII4sHHHhhhHHII", 4, EM, 400, 5, 0, *(0,) * 11, bytes(10), 0, 0, 0, 0, b"    ",
            0x40, 0, 0, ASCENT, DESCENT, 0, ASCENT, -DESCENT, 0, 0,
        ) + struct.pack(">hhHHH", 500, 700, 0, 0, 0),
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(
            ">HHHHHHHHHHHhH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 1, 0
        )[:24],
        b"glyf": _SQUARE,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, DESCENT, EM, ASCENT, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, EM, 0, 0, EM, 1, 0, 0, *(0,) * 5, 2
        ),
        b"hmtx": struct.pack(">HhHh", EM, 0, EM, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(_SQUARE) // 2),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 2, 4, 1, 0, 0, 2, *(0,) * 8),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }  # fmt: skip
    return _assemble(tables)


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", 0x10000, count, power * 16, power.bit_length() - 1, count * 16 - power * 16)
    offset = len(head) + 16 * count
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">III", total, offset + len(body), len(data))
        body += padded
    whole = bytearray(head + directory + body)
    # head.checkSumAdjustment makes the whole file sum to a constant.
    at = next(
        struct.unpack(">I", directory[i + 8 : i + 12])[0]
        for i in range(0, len(directory), 16)
        if directory[i : i + 4] == b"head"
    )
    padded = bytes(whole) + bytes(-len(whole) % 4)
    total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
    whole[at + 8 : at + 12] = struct.pack(">I", (0xB1B0AFBA - total) & 0xFFFFFFFF)
    return bytes(whole)
