"""What office containers (DOCX, XLSX) share: properties, embedded files, and a backstop over their raw parts."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Final

from lxml import etree

from gongkai.publication.review.scan.model import Hit, Piece, Reading, Severity

MAX_PART: Final = 60 * 1024 * 1024
MAX_EMBEDDED: Final = 20
_NAMES: Final = {
    "creator": "作者", "lastModifiedBy": "最后修改人", "title": "标题", "subject": "主题", "description": "备注",
    "keywords": "关键词", "category": "类别", "Manager": "经理", "Company": "单位", "HyperlinkBase": "超链接基础",
}  # fmt: skip
_MEDIA: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
}  # fmt: skip
_PARSER: Final = {"resolve_entities": False, "no_network": True, "huge_tree": True, "recover": True}


def parse(data: bytes) -> etree._Element | None:
    """XML without entities and without the network; None for what is none."""
    return etree.fromstring(data, etree.XMLParser(**_PARSER))  # type: ignore[arg-type]


def local(element: etree._Element) -> str:
    """Tag without namespace ("" for comments and instructions)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parts(data: bytes) -> list[tuple[str, bytes]]:
    """Name and content of the container's parts, the oversized left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return [
            (i.filename, box.read(i)) for i in box.infolist() if i.file_size <= MAX_PART and not i.is_dir()
        ]


def properties(place: str, data: bytes) -> list[Piece]:
    """Document properties, custom ones too."""
    found = []
    for name, content in parts(data):
        if not name.startswith("docProps/") or not name.endswith(".xml"):
            continue
        root = parse(content)
        for element in root.iter() if root is not None else ():
            text = (element.text or "").strip()
            label = _NAMES.get(local(element)) or ("自定义属性" if name.endswith("custom.xml") else "")
            if text and label:
                found.append(Piece(f"{place}的文档属性“{label}”", text, "文档属性"))
    return found


def embedded(reading: Reading, place: str, data: bytes, depth: int = 0) -> None:
    """Files within the file (a workbook behind a chart, a picture with its data): read once more, not deeper."""
    from gongkai.publication.review.scan.files import read_file

    count = 0
    for name, content in parts(data):
        if "/embeddings/" not in name and "/media/" not in name:
            continue
        count += 1
        if count > MAX_EMBEDDED:
            reading.limit = reading.limit or f"{place}内嵌文件超过 {MAX_EMBEDDED} 个"
            return
        media = _MEDIA.get(posixpath.splitext(name)[1].lower())
        if "/embeddings/" in name:
            reading.hits.append(
                Hit("hidden", place, f"内嵌文件 {posixpath.basename(name)}", Severity.WARN,
                    "内嵌的工作簿可能带有没有显示的数据，请改为图片或者删去。")
            )  # fmt: skip
        if media and _inside(content, media):
            inner = read_file(posixpath.basename(name), content, media)
            for piece in inner.pieces[1:]:
                reading.pieces.append(Piece(f"{place}内嵌的{piece.place}", piece.text, "内嵌文件"))
            reading.hits += [h for h in inner.hits if h.kind in ("location", "hidden")]


def _inside(content: bytes, media: str) -> bool:
    """Whether to open it: a container that holds containers is looked into one level only."""
    if "officedocument" not in media:
        return True
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        return not any("/embeddings/" in n for n in box.namelist())


def raw_parts(place: str, data: bytes, skip: tuple[str, ...]) -> list[Piece]:
    """All text in all XML parts: pivot caches, external links, custom XML, text boxes."""
    found = []
    for name, content in parts(data):
        if not name.endswith((".xml", ".rels")) or name.startswith(("docProps/", "[Content", *skip)):
            continue
        root = parse(content)
        if root is None:
            continue
        texts = [
            t.strip()
            for e in root.iter()
            for t in (e.text, e.tail, e.get("v"), e.get("Target"))
            if t and t.strip()
        ]
        joined = "\n".join(t for t in texts if re.search(r"\d{7}|@", t))
        if joined:
            found.append(Piece(f"{place}的 {name} 内部数据", joined[:1_000_000], "屏幕上不显示"))
    return found
