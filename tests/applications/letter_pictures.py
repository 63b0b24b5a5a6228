"""Pictures of letters, to be looked at: set GONGKAI_LETTER_PICTURES to a folder and run test_letters.py, then

    python -m tests.applications.letter_pictures FOLDER

puts the pages on contact sheets, four letters to a sheet.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium

SCALE = 1.6
COLUMNS = 4


def keep(name: str, data: bytes) -> None:
    """Write every page of a PDF as a picture where the variable names a folder; else nothing."""
    folder = os.environ.get("GONGKAI_LETTER_PICTURES")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    with closing(pdfium.PdfDocument(data)) as document:
        for number, page in enumerate(document, 1):
            page.render(scale=SCALE).to_pil().save(Path(folder) / f"{name}-{number}.png")


def contact_sheets(folder: Path) -> list[Path]:
    """Sheets of four pages side by side, in the order of their names."""
    from PIL import Image

    pages = sorted(p for p in folder.glob("*.png") if not p.name.startswith("sheet"))
    out = []
    for start in range(0, len(pages), COLUMNS):
        images = [Image.open(p).convert("RGB") for p in pages[start : start + COLUMNS]]
        sheet = Image.new("RGB", (sum(i.width + 10 for i in images), max(i.height for i in images)), "gray")
        left = 0
        for image in images:
            sheet.paste(image, (left, 0))
            left += image.width + 10
        out.append(folder / f"sheet-{start // COLUMNS:02}.png")
        sheet.save(out[-1])
    return out


if __name__ == "__main__":
    for path in contact_sheets(Path(sys.argv[1])):
        print(path)
