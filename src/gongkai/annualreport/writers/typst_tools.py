"""What every document set by Typst shares: the faces of an official document, the compiler, the PDF profiles.

Text is handed over as data (``sys_inputs``) and never becomes Typst code. Fonts are the four of official documents where
they can be had (Fandol in ``var/fonts``, or a folder named by ``GONGKAI_FONTS``), else Noto CJK of the system.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

log = logging.getLogger(__name__)

#: The faces of an official document, each with the families that will do, best first.
FACES: dict[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FandolSong", "SimSun", "Noto Serif CJK SC"),
    "fang": ("仿宋_GB2312", "FangSong_GB2312", "FangSong", "FandolFang R", "FandolFang", "Noto Serif CJK SC"),
    "hei": ("SimHei", "FandolHei", "Noto Sans CJK SC"),
    "song": ("SimSun", "FandolSong", "Noto Serif CJK SC"),
}
_FACE_NAMES = {"title": "小标宋", "fang": "仿宋", "hei": "黑体", "song": "宋体"}
#: Families for characters that a face lacks (堃 镕 玥 …), in the order tried.
_RARE = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC")
_SUBSTITUTES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
_STANDARDS: tuple[list[Any], ...] = (["a-2a", "ua-1"], ["a-2b"], [])

_lock = Lock()


@dataclass(frozen=True, slots=True)
class FontChoice:
    """The family used for a face; ``warning`` is "" where it is a proper one, else a Chinese sentence on what to do."""

    face: str
    family: str
    warning: str = ""


def compile_pdf(
    source: Path, data: Mapping[str, Any], *, name: str, created: datetime | None = None
) -> bytes:
    """Set ``source`` with ``data``, which the document reads as JSON from ``sys.inputs.<name>``.

    PDF/A-2a with PDF/UA-1 where the text allows it, else PDF/A-2b, else plain. ``created`` is the file's own date (PDF/A
    wants one), now unless given. Raises ``typst.TypstError`` only for a fault in ``source`` itself.
    """
    created = (created or datetime.now(UTC)).replace(microsecond=0)
    inputs = {name: json.dumps(data, ensure_ascii=False)}
    with _lock:  # one compiler keeps the fonts in memory; it serves one document at a time
        compiler = _compiler(source)
        for standards in _STANDARDS:
            try:
                pdf = compiler.compile(
                    format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=created
                )
            except typst.TypstError as error:
                # PDF/A refuses characters without a glyph or of private use; the document is still to be printed.
                if standards == _STANDARDS[-1]:
                    raise
                log.warning("PDF 不能满足 %s：%s", "、".join(standards), error.message)
                continue
            assert isinstance(pdf, bytes)
            return pdf
    raise AssertionError("unreachable: the last profile has no requirements")


def families_by_face() -> dict[str, list[str]]:
    """Face → the families to name in a document, the chosen one first, then those for rare characters."""
    faces = zip(FACES, fonts_used(), strict=True)
    return {face: [choice.family, *_RARE] if choice.family else list(_RARE) for face, choice in faces}


@lru_cache(maxsize=1)
def fonts_used() -> tuple[FontChoice, ...]:
    """The font family chosen for each face of an official document, with a warning where a substitute had to do."""
    families = set(typst.Fonts(font_paths=[str(folder) for folder in _font_folders()]).families())
    return tuple(choose_font(face, families) for face in FACES)


def choose_font(face: str, families: set[str]) -> FontChoice:
    """The best of ``families`` for ``face``, with a warning where it is a substitute or nothing fits."""
    found = next((family for family in FACES[face] if family in families), None)
    name = _FACE_NAMES[face]
    if found is None:
        found = next((family for family in sorted(families) if "CJK" in family or "Han" in family), "")
        if not found:
            return FontChoice(
                name, "", f"没有找到可用的中文字体，PDF 中的{name}将缺字。请运行 tools/fonts.sh 后重试。"
            )
    if found in _SUBSTITUTES:
        return FontChoice(name, found, f"没有{name}，PDF 改用 {found}。运行 tools/fonts.sh 可下载公文字体。")
    return FontChoice(name, found)


def _font_folders() -> list[Path]:
    named = os.environ.get("GONGKAI_FONTS", "")
    folders = [Path(entry) for entry in named.split(os.pathsep) if entry]
    folders += [Path.cwd() / "var" / "fonts", Path(__file__).resolve().parents[4] / "var" / "fonts"]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    for choice in fonts_used():
        if choice.warning:
            log.warning(choice.warning)
    return typst.Fonts(font_paths=[str(folder) for folder in _font_folders()])


@lru_cache(maxsize=8)
def _compiler(source: Path) -> typst.Compiler:
    return typst.Compiler(input=str(source), font_paths=_fonts())
