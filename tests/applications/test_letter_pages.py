"""What the pages of a letter look like when they fill up."""

from __future__ import annotations

from contextlib import closing
from itertools import product

import pypdfium2 as pdfium

from gongkai.applications.letters.layout import Sheet, blocks_of, title_lines
from gongkai.applications.letters.pdf import pdf_of


def texts(data: bytes) -> list[str]:
    with closing(pdfium.PdfDocument(data)) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_form_that_ends_in_its_table_has_no_empty_page():
    seen = set()
    for rows, long in product(range(14, 27), range(3)):
        # A longer cell takes a second line: the page fills in smaller steps.
        table = "\n".join(f"｜项目{n}｜内容{'，很长的内容' * 6 * (n < long)}｜" for n in range(rows))
        sheet = Sheet(
            "某县人民政府", "", title_lines("政府信息公开申请登记表"), "", blocks_of(table), (), "", ""
        )
        pages = texts(pdf_of([sheet]))
        assert [page for page in pages if "内容" not in page] == [], (rows, long)
        seen.add(len(pages))
    assert seen == {1, 2}  # the fill of a page was passed on the way
