"""DOCX with table 3 cut in two, and PDF without ruling lines."""

from __future__ import annotations

import copy
import io
import json
import random
import tempfile
from functools import lru_cache
from pathlib import Path

import typst
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from gongkai.annualreport import writers
from gongkai.annualreport.model import Report
from gongkai.annualreport.writers import pdf


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
    fonts = typst.Fonts(font_paths=[str(f) for f in pdf._font_folders()])
    return typst.Compiler(input=str(path), font_paths=fonts)


def pdf_unruled(report: Report, rng: random.Random) -> bytes:
    """The PDF of our writer with its ruling lines left out."""
    written = _unruled_compiler().compile(format="pdf", sys_inputs={"report": json.dumps(pdf._data(report))})
    assert isinstance(written, bytes)
    return written
