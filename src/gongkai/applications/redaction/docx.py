"""Redacting a DOCX: the words go out of every part, and the file is rebuilt from the parts that are known to be harmless.

Parts are taken over by name (a list of what may stay), never left out by name: comments, custom XML, embedded objects,
document variables, earlier authors, thumbnails and whatever else an office program may add stay behind by themselves.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree
from PIL import Image

from gongkai.applications.redaction.docx_clean import (
    A,
    M,
    W,
    clean_part,
    clean_settings,
    drop_pictures,
    folded_text,
)
from gongkai.applications.redaction.errors import RedactionError
from gongkai.applications.redaction.grounds import GROUNDS

_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
#: Part → its content type; everything else of the original stays behind.
_KEPT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"word/document\.xml"), _WORD + "document.main+xml"),
    (re.compile(r"word/styles\.xml"), _WORD + "styles+xml"),
    (re.compile(r"word/numbering\.xml"), _WORD + "numbering+xml"),
    (re.compile(r"word/settings\.xml"), _WORD + "settings+xml"),
    (re.compile(r"word/footnotes\.xml"), _WORD + "footnotes+xml"),
    (re.compile(r"word/endnotes\.xml"), _WORD + "endnotes+xml"),
    (re.compile(r"word/header\d*\.xml"), _WORD + "header+xml"),
    (re.compile(r"word/footer\d*\.xml"), _WORD + "footer+xml"),
    (re.compile(r"word/theme/theme\d*\.xml"), "application/vnd.openxmlformats-officedocument.theme+xml"),
)
_PICTURE_TYPES = {"PNG": ("png", "image/png"), "JPEG": ("jpg", "image/jpeg")}
_FLOWING = re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml")
MAX_PART = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WordBlock:
    """``text``: these words wherever they stand; or ``paragraph``: the whole paragraph of that number (from 1, as
    :func:`paragraphs` lists them); or ``picture``: the picture of that part name."""

    ground: str
    text: str = ""
    paragraph: int = 0
    picture: str = ""


@dataclass(slots=True)
class _Word:
    parts: dict[str, bytes]
    trees: dict[str, Any]
    relations: dict[str, dict[str, tuple[str, str]]]  # part → id → (type, target part)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _load(data: bytes) -> _Word:
    """The harmless parts, cleaned of everything that a reader of the page does not see."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = {m.filename: container.read(m) for m in container.infolist() if m.file_size <= MAX_PART}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise RedactionError("DOCX 打不开：已损坏，或者设有密码。请重新另存后再试。") from None
    if "word/document.xml" not in parts:
        raise RedactionError("这个 DOCX 没有正文。请用办公软件重新另存后再试。")
    if any(re.match(r"word/(?:charts|diagrams)/", name) for name in parts):
        raise RedactionError(
            "文档里有图表或者 SmartArt，其中的数据会随文件带出。请另存为 PDF 后再作区分处理。"
        )
    word = _Word(parts, {}, {})
    for name, content in parts.items():
        if not any(pattern.fullmatch(name) for pattern, _ in _KEPT):
            continue
        try:
            root = etree.fromstring(content, _parser())
        except etree.XMLSyntaxError:
            raise RedactionError("DOCX 的内容已损坏。请用办公软件打开后重新另存，再试一次。") from None
        if root.getroottree().docinfo.doctype:
            raise RedactionError("DOCX 的内容不规范（含有实体定义）。请用办公软件重新另存后再试。")
        word.trees[name] = root
        word.relations[name] = _relations(parts, name)
    for name, root in word.trees.items():
        if name == "word/settings.xml":
            clean_settings(root)
        else:
            clean_part(root)
    return word


def _relations(parts: dict[str, bytes], name: str) -> dict[str, tuple[str, str]]:
    folder, base = posixpath.split(name)
    source = parts.get(f"{folder}/_rels/{base}.rels")
    if not source:
        return {}
    found = {}
    for item in etree.fromstring(source, _parser()):
        if item.get("TargetMode") == "External":
            continue  # addresses of links and of pictures fetched from elsewhere
        target = item.get("Target", "")
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        found[item.get("Id", "")] = (item.get("Type", ""), path)
    return found


# What the desk page shows ---------------------------------------------------------------------------


def paragraphs(data: bytes) -> list[str]:
    """The paragraphs that show, in order: body, then headers, footers and notes; empty ones included, they are numbered."""
    return ["".join(node.text or "" for node in _texts(p)) for p in _paragraphs(_load(data))]


def pictures(data: bytes) -> dict[str, bytes]:
    """Part name → PNG of each picture that would be taken over, for showing."""
    word = _load(data)
    found = {}
    for name in sorted(_used_pictures(word)):
        # What cannot be drawn (EMF, damaged) is not taken over either.
        with suppress(Exception), Image.open(io.BytesIO(word.parts[name])) as image:
            image.thumbnail((360, 360))
            out = io.BytesIO()
            image.convert("RGB").save(out, "PNG")
            found[name] = out.getvalue()
    return found


def occurrences(data: bytes, words: str) -> list[tuple[int, str]]:
    """(paragraph number, the paragraph) for each paragraph in which ``words`` stands."""
    wanted = folded_text(words)
    if not wanted:
        return []
    return [(i, text) for i, text in enumerate(paragraphs(data), 1) if wanted in folded_text(text)]


def _paragraphs(word: _Word) -> list[Any]:
    names = sorted(
        (n for n in word.trees if _FLOWING.fullmatch(n)), key=lambda n: (n != "word/document.xml", n)
    )
    return [p for name in names for p in word.trees[name].iter(f"{W}p", f"{A}p")]


def _texts(paragraph: Any) -> list[Any]:
    """The text nodes of this paragraph itself, not those of a text box inside it."""
    own = {f"{W}p", f"{A}p"}
    found = []
    for node in paragraph.iter(f"{W}t", f"{M}t", f"{A}t"):
        above = node.getparent()
        while above is not None and above.tag not in own:
            above = above.getparent()
        if above is paragraph:
            found.append(node)
    return found


# Redacting --------------------------------------------------------------------------------------------


def redact_docx(data: bytes, blocks: Sequence[WordBlock]) -> bytes:
    """The document with ``blocks`` removed for good and marked ■■■（依据…不予公开）.

    Raises RedactionError for an unknown ground, a block that matches nothing, a document with charts, and if a word were
    left anywhere in the result.
    """
    _check(blocks)
    word = _load(data)
    all_paragraphs = _paragraphs(word)
    for block in blocks:
        if block.paragraph:
            if not 1 <= block.paragraph <= len(all_paragraphs):
                raise RedactionError(f"第 {block.paragraph} 段不存在，全文共 {len(all_paragraphs)} 段。")
            _blank_paragraph(all_paragraphs[block.paragraph - 1], block.ground)
    words = [block for block in blocks if block.text]
    for block in sorted(
        words, key=lambda b: -len(folded_text(b.text))
    ):  # the longest first: it may hold a shorter one
        hits = sum(_replace(p, folded_text(block.text), block.ground) for p in all_paragraphs)
        if not hits and not any(
            folded_text(block.text) in folded_text(other.text) for other in words if other is not block
        ):
            raise RedactionError(f"文中没有找到“{block.text}”。请核对后重新填写（不区分空格和全角半角）。")
    _blank_attributes(word, [folded_text(block.text) for block in words])
    result = _build(word, {block.picture: block.ground for block in blocks if block.picture})
    _assert_clear(result, [block.text for block in words])
    return result


def _check(blocks: Sequence[WordBlock]) -> None:
    if not blocks:
        raise RedactionError("还没有标出任何不予公开的内容。整份公开的，不需要作区分处理。")
    for block in blocks:
        if block.ground not in GROUNDS:
            raise RedactionError("每一处都要选定不予公开的依据。")
        if not (folded_text(block.text) or block.paragraph or block.picture):
            raise RedactionError("有一处没有写明要遮盖的词语或者段落。")


def mark(ground: str) -> str:
    """■■■（依据条例第十五条不予公开）"""
    return f"■■■（{GROUNDS[ground].mark}）"


_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _write(node: Any, text: str) -> None:
    node.text = text
    node.set(_XML_SPACE, "preserve")


def _blank_paragraph(paragraph: Any, ground: str) -> None:
    nodes = _texts(paragraph)
    for index, node in enumerate(nodes):
        _write(node, mark(ground) if index == 0 else "")


def _replace(paragraph: Any, wanted: str, ground: str) -> int:
    """Every occurrence of ``wanted`` (folded) in the paragraph, across runs; returns how many."""
    nodes = _texts(paragraph)
    letters: list[tuple[str, int, int]] = []
    for number, node in enumerate(nodes):
        for position, letter in enumerate(node.text or ""):
            letters += [(part, number, position) for part in folded_text(letter)]
    text = "".join(letter for letter, _, _ in letters)
    spans = []
    start = text.find(wanted)
    while start >= 0:
        spans.append((letters[start][1:], letters[start + len(wanted) - 1][1:]))
        start = text.find(wanted, start + len(wanted))
    for (first, begin), (last, end) in reversed(spans):
        tail = (nodes[last].text or "")[end + 1 :]
        for number in range(first + 1, last):
            _write(nodes[number], "")
        if last != first:
            _write(nodes[last], tail)
            tail = ""
        _write(nodes[first], (nodes[first].text or "")[:begin] + mark(ground) + tail)
    return len(spans)


def _blank_attributes(word: _Word, wanted: list[str]) -> None:
    """A word may also stand in an attribute (a style's name, a watermark's string); there it is taken out."""
    for root in word.trees.values():
        for element in root.iter():
            for key, value in element.attrib.items():
                if any(text in folded_text(value) for text in wanted):
                    element.set(key, "■■■" if key.endswith("string") else "")


# Building the new file --------------------------------------------------------------------------------


def _used_pictures(word: _Word) -> set[str]:
    return {
        target
        for name, relations in word.relations.items()
        if name in word.trees
        for kind, target in relations.values()
        if kind.endswith("/image") and target in word.parts
    }


def _picture(data: bytes, ground: str | None) -> tuple[bytes, str] | None:
    """The picture's pixels only, or a black one of its size; None for a drawing that may hold text of its own (EMF, SVG)."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format in ("EMF", "WMF"):
                return None
            form = "JPEG" if image.format == "JPEG" else "PNG"
            fresh = image.convert("RGB" if form == "JPEG" else "RGBA")
            flat = Image.new(fresh.mode, fresh.size)
            if ground is None:
                flat.paste(fresh)
            else:
                flat.paste((0, 0, 0) if form == "JPEG" else (0, 0, 0, 255), (0, 0, *fresh.size))
            out = io.BytesIO()
            flat.save(out, form, **({"quality": 88} if form == "JPEG" else {"optimize": True}))
            return out.getvalue(), form
    # A picture that cannot be redrawn might hold anything: the caller leaves it out of the released copy.
    except Exception:
        return None


def _build(word: _Word, hidden: dict[str, str]) -> bytes:
    images: dict[str, tuple[str, bytes]] = {}
    unknown = set(hidden) - _used_pictures(word)
    if unknown:
        raise RedactionError("要遮盖的图片不在文中，请刷新页面后重新选择。")
    for number, name in enumerate(sorted(_used_pictures(word)), 1):
        fresh = _picture(word.parts[name], hidden.get(name))
        if fresh:
            images[name] = (f"word/media/image{number}.{_PICTURE_TYPES[fresh[1]][0]}", fresh[0])
    out = io.BytesIO()
    types = [("Default", "Extension", "rels", "application/vnd.openxmlformats-package.relationships+xml")]
    types += [("Default", "Extension", ext, kind) for ext, kind in _PICTURE_TYPES.values()]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, root in word.trees.items():
            relations = _kept_relations(word, name, images)
            drop_pictures(root, set(relations))
            _put(
                container, name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            )
            if relations:
                folder, base = posixpath.split(name)
                _put(container, f"{folder}/_rels/{base}.rels", _relations_xml(folder, relations))
            kind = next(k for pattern, k in _KEPT if pattern.fullmatch(name))
            types.append(("Override", "PartName", "/" + name, kind))
        for target, content in images.values():
            _put(container, target, content)
        _put(
            container,
            "_rels/.rels",
            _relations_xml("", {"rId1": (f"{_OFFICE}/officeDocument", "word/document.xml")}),
        )
        _put(container, "[Content_Types].xml", _types_xml(types))
    return out.getvalue()


def _put(container: zipfile.ZipFile, name: str, content: bytes) -> None:
    container.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def _kept_relations(
    word: _Word, name: str, images: dict[str, tuple[str, bytes]]
) -> dict[str, tuple[str, str]]:
    kept = {}
    for key, (kind, target) in word.relations[name].items():
        if kind.endswith("/image") and target in images:
            kept[key] = (kind, images[target][0])
        elif target in word.trees:
            kept[key] = (kind, target)
    return kept


def _relations_xml(folder: str, relations: dict[str, tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{_REL}}}Relationships", nsmap={None: _REL})  # type: ignore[dict-item]
    for key, (kind, target) in relations.items():
        path = posixpath.relpath(target, folder) if folder else target
        etree.SubElement(root, f"{{{_REL}}}Relationship", Id=key, Type=kind, Target=path)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _types_xml(types: list[tuple[str, str, str, str]]) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})  # type: ignore[dict-item]
    for tag, key, value, kind in types:
        etree.SubElement(root, f"{{{_TYPES}}}{tag}", {key: value, "ContentType": kind})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _assert_clear(result: bytes, words: list[str]) -> None:
    """Reads the finished file once more: no word left in any paragraph, attribute or part name."""
    wanted = [folded_text(word) for word in words if folded_text(word)]
    with zipfile.ZipFile(io.BytesIO(result)) as container:
        for name in container.namelist():
            content = container.read(name)
            if not name.endswith((".xml", ".rels")):
                continue
            root = etree.fromstring(content, _parser())
            values = [str(v) for element in root.iter() for v in element.attrib.values()]
            values += ["".join(n.text or "" for n in _texts(p)) for p in root.iter(f"{W}p", f"{A}p")]
            values += [element.text or "" for element in root.iter() if isinstance(element.tag, str)]
            if any(text in folded_text(value) for text in wanted for value in values):
                raise RedactionError(
                    "处理结果没有通过自查：文件里仍有要遮盖的词语。文件没有保存，请另存为 PDF 后处理。"
                )
