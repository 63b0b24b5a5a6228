"""DOCX with table 3 cut in two, PDF without ruling lines, and OFD."""

from __future__ import annotations

import copy
import io
import json
import random
import tempfile
import zipfile
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2 as pdfium
import typst
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from gongkai.annualreport import writers
from gongkai.annualreport.model import Report
from gongkai.annualreport.readers import pdf_page
from gongkai.annualreport.readers.paged import Char, Page
from gongkai.annualreport.readers.paged_lines import lines_of
from gongkai.annualreport.writers import pdf, typst_tools


def docx_split(report: Report, rng: random.Random) -> bytes:
    """Table 3 cut into two tables after a row anywhere below its header, without the header repeated."""
    return _split(report, rng, repeat=False)


def docx_split_header(report: Report, rng: random.Random) -> bytes:
    """The same with the three header rows repeated at the head of the second part."""
    return _split(report, rng, repeat=True)


def _split(report: Report, rng: random.Random, *, repeat: bool) -> bytes:
    document = Document(io.BytesIO(writers.write(report, "docx")))
    table = document.tables[1]._tbl
    rows = table.findall(qn("w:tr"))
    cut = rng.randint(4, len(rows) - 2)
    second = parse_xml(f"<w:tbl {nsdecls('w')}/>")
    for part in (qn("w:tblPr"), qn("w:tblGrid")):
        second.append(copy.deepcopy(table.find(part)))
    for row in rows[:3] if repeat else ():
        second.append(copy.deepcopy(row))
    for row in rows[cut:]:
        second.append(row)
    # A merged label that the cut goes through begins anew, empty, in the second part.
    for cell in rows[cut].findall(qn("w:tc")):
        merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        if merge is not None:
            merge.set(qn("w:val"), "restart")
    table.addnext(second)
    table.addnext(parse_xml(f"<w:p {nsdecls('w')}/>"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _unruled_compiler() -> typst.Compiler:
    template = Path(pdf.__file__).with_name("report.typ").read_text(encoding="utf-8")
    lines = "stroke: 0.5pt + ink,"
    assert lines in template
    path = Path(tempfile.mkdtemp(prefix="gongkai-test-")) / "unruled.typ"
    path.write_text(template.replace(lines, "stroke: none,"), encoding="utf-8")
    fonts = typst.Fonts(font_paths=[str(f) for f in typst_tools._font_folders()])
    return typst.Compiler(input=str(path), font_paths=fonts)


def pdf_unruled(report: Report, rng: random.Random) -> bytes:
    """The PDF of our writer with its ruling lines left out."""
    written = _unruled_compiler().compile(format="pdf", sys_inputs={"report": json.dumps(pdf._data(report))})
    assert isinstance(written, bytes)
    return written


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(report: Report, rng: random.Random) -> bytes:
    """The pages of our PDF as OFD, as converters make it: a TextObject a line, a PathObject a ruling, millimetres."""
    document = pdfium.PdfDocument(writers.write(report, "pdf"))
    pages = [pdf_page.load(document[i], i + 1) for i in range(len(document))]
    document.close()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "OFD.xml",
            f'<ofd:OFD {_OFD} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        listed = "".join(
            f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages))
        )
        package.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {_OFD}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea>"
            "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        for i, page in enumerate(pages):
            package.writestr(f"Doc_0/Pages/Page_{i}/Content.xml", _ofd_page(page))
    return out.getvalue()


def _ofd_page(page: Page) -> str:
    mm = 25.4 / 72
    objects = []
    for line in lines_of(page.chars, page.number):
        for piece in _runs(line.chars):
            first = piece[0]
            steps = " ".join(f"{(b.x0 - a.x0) * mm:.3f}" for a, b in pairwise(piece))
            base = first.y0 + 0.88 * first.size
            objects.append(
                f'<ofd:TextObject ID="1" Font="2" Size="{first.size * mm:.3f}" '
                f'Boundary="{first.x0 * mm:.3f} {base * mm:.3f} 100 10">'
                f'<ofd:TextCode X="0" Y="0" DeltaX="{steps}">{escape("".join(c.text for c in piece))}</ofd:TextCode></ofd:TextObject>'
            )
    rules = [(r.start, r.at, r.end, r.at) for r in page.horizontal]
    rules += [(r.at, r.start, r.at, r.end) for r in page.vertical]
    for x0, y0, x1, y1 in rules:
        objects.append(
            f'<ofd:PathObject ID="3" Boundary="{x0 * mm:.3f} {y0 * mm:.3f} {(x1 - x0) * mm:.3f} {(y1 - y0) * mm:.3f}" '
            f'LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L {(x1 - x0) * mm:.3f} {(y1 - y0) * mm:.3f}</ofd:AbbreviatedData></ofd:PathObject>'
        )
    return f'<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID="4">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'


def _runs(chars: list[Char]) -> list[list[Char]]:
    """Characters of a line parted where a gap is wider than a character: cells of a table are objects of their own."""
    out: list[list[Char]] = []
    for char in chars:
        if out and char.x0 - out[-1][-1].x1 < 0.3 * char.size and char.size == out[-1][-1].size:
            out[-1].append(char)
        else:
            out.append([char])
    return [[c for c in run if c.text.strip()] for run in out if any(c.text.strip() for c in run)]
