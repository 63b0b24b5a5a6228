"""A PDF made of nothing but what it is given: one picture a page, and the text of that picture, invisible, above it.

Written by hand rather than by changing the original, so that no object, stream, font subset or earlier revision of the
original can come along. The file is tagged (each line a paragraph) so that a screen reader follows it; PDF 1.7.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.applications.redaction.blank_font import ASCENT, DESCENT, EM, blank_font


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character in its box, points from the page's top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class SheetPage:
    """``image`` is already compressed with ``filter``; ``grey`` for one component, else RGB. ``size`` in points."""

    size: tuple[float, float]
    image: bytes
    filter: str
    pixels: tuple[int, int]
    grey: bool
    lines: list[list[Glyph]] = field(default_factory=list)


class _Objects:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def reserve(self) -> int:
        self.bodies.append(b"")
        return len(self.bodies)

    def put(self, number: int, body: bytes) -> None:
        self.bodies[number - 1] = body

    def add(self, body: bytes) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, entries: str, data: bytes, *, deflate: bool = True) -> int:
        if deflate:
            data, entries = zlib.compress(data, 9), entries + " /Filter /FlateDecode"
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data))


class _Codes:
    """Character → two-byte code, in the order of use; the codes say nothing but through ToUnicode."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.codes.setdefault(text, len(self.codes) + 1)

    def cmap(self) -> bytes:
        pairs = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for text, code in self.codes.items()
        ]
        blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
        body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        ).encode()


def write_pdf(pages: Iterable[SheetPage], title: str) -> bytes:
    """The whole file. ``pages`` is consumed one by one, so that a long document never stands in memory unpacked."""
    objects, codes = _Objects(), _Codes()
    catalog, tree, root, parents, font, cmap = (objects.reserve() for _ in range(6))
    kids: list[int] = []
    sections: list[int] = []
    numbers: list[str] = []
    for index, page in enumerate(pages):
        number, section = objects.reserve(), objects.reserve()
        picture = objects.stream(
            f"/Type /XObject /Subtype /Image /Width {page.pixels[0]} /Height {page.pixels[1]} /BitsPerComponent 8 "
            f"/ColorSpace /{'DeviceGray' if page.grey else 'DeviceRGB'} /Filter /{page.filter}",
            page.image,
            deflate=False,
        )
        content, count = _content(page, codes)
        stream = objects.stream("", content)
        marks = [
            objects.add(f"<< /Type /StructElem /S /P /P {section} 0 R /Pg {number} 0 R /K {i} >>".encode())
            for i in range(count)
        ]
        refs = " ".join(f"{m} 0 R" for m in marks)
        objects.put(section, f"<< /Type /StructElem /S /Sect /P {root} 0 R /K [{refs}] >>".encode())
        numbers.append(f"{index} [{refs}]")
        objects.put(
            number,
            (
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {page.size[0]:.2f} {page.size[1]:.2f}] "
                f"/Contents {stream} 0 R /StructParents {index} /Tabs /S "
                f"/Resources << /XObject << /I {picture} 0 R >> /Font << /F {font} 0 R >> >> >>"
            ).encode(),
        )
        kids.append(number)
        sections.append(section)
    mapped = objects.stream("", codes.cmap())
    program = objects.stream(f"/Length1 {len(blank_font())}", blank_font())
    glyphs = objects.stream("", b"\x00\x01" * (len(codes.codes) + 1))  # every code is the one empty glyph
    descriptor = objects.add(
        f"<< /Type /FontDescriptor /FontName /Invisible /Flags 5 /FontBBox [0 {DESCENT} {EM} {ASCENT}] /ItalicAngle 0 "
        f"/Ascent {ASCENT} /Descent {DESCENT} /CapHeight {ASCENT} /StemV 80 /FontFile2 {program} 0 R >>".encode()
    )
    objects.put(
        cmap,
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Invisible /DW 1000 "
            f"/CIDToGIDMap {glyphs} 0 R "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} 0 R >>"
        ).encode(),
    )
    objects.put(
        font,
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /Invisible /Encoding /Identity-H "
            f"/DescendantFonts [{cmap} 0 R] /ToUnicode {mapped} 0 R >>"
        ).encode(),
    )
    objects.put(tree, f"<< /Type /Pages /Count {len(kids)} /Kids [{_refs(kids)}] >>".encode())
    objects.put(
        root, f"<< /Type /StructTreeRoot /K [{_refs(sections)}] /ParentTree {parents} 0 R >>".encode()
    )
    objects.put(parents, f"<< /Nums [{' '.join(numbers)}] >>".encode())
    info = objects.add(f"<< /Title <{('﻿' + title).encode('utf-16-be').hex()}> >>".encode())
    objects.put(
        catalog,
        (
            f"<< /Type /Catalog /Pages {tree} 0 R /Lang (zh-CN) /MarkInfo << /Marked true >> "
            f"/StructTreeRoot {root} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>"
        ).encode(),
    )
    return _assemble(objects, catalog, info)


def _refs(numbers: list[int]) -> str:
    return " ".join(f"{n} 0 R" for n in numbers)


def _content(page: SheetPage, codes: _Codes) -> tuple[bytes, int]:
    """The page's operators, and how many marked lines they hold."""
    width, height = page.size
    out = [f"/Artifact BMC\nq {width:.2f} 0 0 {height:.2f} 0 0 cm /I Do Q\nEMC"]
    count = 0
    for line in page.lines:
        if not line:
            continue
        out.append(f"/P << /MCID {count} >> BDC\nBT 3 Tr")
        for glyph in line:
            size = max(glyph.bottom - glyph.top, 1.0)
            scale = max((glyph.right - glyph.left) / size * 100, 1.0)
            base = height - glyph.bottom + 0.12 * size
            out.append(
                f"/F {size:.2f} Tf {scale:.1f} Tz 1 0 0 1 {glyph.left:.2f} {base:.2f} Tm <{codes.of(glyph.text):04X}> Tj"
            )
        out.append("ET\nEMC")
        count += 1
    return "\n".join(out).encode(), count


def _assemble(objects: _Objects, catalog: int, info: int) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects.bodies, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(
        b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(offsets) + 1, catalog, info, start)
    )
    return out.getvalue()
