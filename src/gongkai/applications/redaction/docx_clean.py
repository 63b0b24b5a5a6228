"""Taking out of a WordprocessingML part everything that a reader of the page does not see."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
V = "{urn:schemas-microsoft-com:vml}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741  (the namespace's own name)
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

#: Removed with all they hold: deleted text, comments, ranges whose names may speak, bindings, embedded objects.
_REMOVED = {
    *(W + name for name in (
        "del", "moveFrom", "delText", "delInstrText", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange",
        "tblGridChange", "trPrChange", "tcPrChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel",
        "cellMerge", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
        "commentRangeStart", "commentRangeEnd", "commentReference", "bookmarkStart", "bookmarkEnd", "proofErr",
        "permStart", "permEnd", "annotationRef", "sdtPr", "sdtEndPr", "altChunk", "smartTagPr", "customXmlPr",
        "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
        "ffData", "control", "movie", "hideMark", "subDoc", "contentPart", "lastRenderedPageBreak", "rsid", "rsids", "attachedTemplate",
    )),
    O + "OLEObject", O + "signatureline", _MC + "Fallback",
}  # fmt: skip
#: Taken away around what they hold.
_UNWRAPPED = {
    *(W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple", "bdo", "dir")),
    _MC + "AlternateContent", _MC + "Choice",
}  # fmt: skip
_REVISION = re.compile(r"rsid|paraId|textId|editId|anchorId", re.IGNORECASE)
_PAGE_FIELD = re.compile(r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b[\s\\*A-Za-z]*$")
_KEPT_SETTINGS = {
    W + name
    for name in (
        "zoom", "defaultTabStop", "evenAndOddHeaders", "mirrorMargins", "characterSpacingControl", "compat",
        "footnotePr", "endnotePr", "autoHyphenation", "noPunctuationKerning", "themeFontLang", "clrSchemeMapping",
        "decimalSymbol", "listSeparator", "drawingGridVerticalSpacing", "drawingGridHorizontalSpacing",
        "displayHorizontalDrawingGridEvery", "displayVerticalDrawingGridEvery", "bordersDoNotSurroundHeader",
        "bordersDoNotSurroundFooter", "gutterAtTop", "alignBordersAndEdges",
    )
}  # fmt: skip


def folded_text(text: str) -> str:
    """For comparing: width and case made equal, no spaces, no marks that print nothing."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(ch for ch in plain if not ch.isspace() and unicodedata.category(ch) != "Cf")


def clean_settings(root: Any) -> None:
    """Only what lays out pages stays: no revisions, variables, template, mail merge, protection."""
    for child in list(root):
        if child.tag not in _KEPT_SETTINGS:
            root.remove(child)
    _clean_attributes(root)


def clean_part(root: Any) -> None:
    """Tracked changes accepted, hidden text, comments, fields' code, links and alternative text taken out."""
    for comment in [n for n in root.iter() if not isinstance(n.tag, str)]:
        _take_out(comment)
    _drop_deleted_paragraph_marks(root)
    _flatten_fields(root)
    for node in [n for n in root.iter() if n.tag in _REMOVED]:
        _take_out(node)
    for node in [n for n in root.iter() if n.tag in _UNWRAPPED]:
        _unwrap(node)
    for run in [r for r in root.iter(W + "r") if _hidden(r)]:
        _take_out(run)
    for node in [
        n for n in root.iter() if str(n.tag).endswith(("}hlinkClick", "}hlinkHover", "}svgBlip", "}extLst"))
    ]:
        _take_out(node)
    _clean_attributes(root)


def _hidden(run: Any) -> bool:
    properties = run.find(W + "rPr")
    if properties is None:
        return False
    return any(
        mark is not None and mark.get(W + "val", "true") not in ("0", "false", "off")
        for mark in (
            properties.find(W + "vanish"),
            properties.find(W + "webHidden"),
            properties.find(W + "specVanish"),
        )
    )


def _drop_deleted_paragraph_marks(root: Any) -> None:
    """An inserted or deleted paragraph mark is recorded inside the properties; there it is only dropped."""
    for properties in root.iter(W + "rPr"):
        for tag in ("ins", "del", "moveFrom", "moveTo"):
            for node in properties.findall(W + tag):
                properties.remove(node)
    for properties in root.iter(W + "trPr"):
        if properties.find(W + "del") is not None:
            row = properties.getparent()
            row.getparent().remove(row)
            continue
        for node in properties.findall(W + "ins"):
            properties.remove(node)


def _flatten_fields(root: Any) -> None:
    """A field keeps what it shows and loses its code, but for page numbers, which must go on counting."""
    stack: list[dict[str, Any]] = []
    for node in list(root.iter(W + "fldChar", W + "instrText")):
        kind = node.get(W + "fldCharType") if node.tag == W + "fldChar" else "code"
        if kind == "begin":
            stack.append({"nodes": [node], "code": ""})
        elif stack:
            stack[-1]["nodes"].append(node)
            if kind == "code":
                stack[-1]["code"] += node.text or ""
            elif kind == "end":
                field = stack.pop()
                if not _PAGE_FIELD.match(field["code"]):
                    for part in field["nodes"]:
                        _take_out(part)
        else:
            _take_out(node)
    for field in stack:  # never closed
        for part in field["nodes"]:
            _take_out(part)
    for node in root.iter(W + "fldChar"):
        for child in list(node):
            node.remove(child)


def _clean_attributes(root: Any) -> None:
    for element in root.iter():
        for key in list(element.attrib):
            local = key.rpartition("}")[2]
            if _REVISION.search(local) or local in ("descr", "title", "alt", "href", "gfxdata", "tooltip"):
                del element.attrib[key]
            elif local == "name" and element.tag.rpartition("}")[2] in ("docPr", "cNvPr"):
                element.set(key, "图")
            elif local in ("author", "initials") and element.tag.startswith(W):
                del element.attrib[key]


def _take_out(node: Any) -> None:
    """Removes a node but keeps the text behind it (there is none in WordprocessingML, but a file may be odd)."""
    parent = node.getparent()
    if parent is not None:
        node.tail = None
        parent.remove(node)


def _unwrap(node: Any) -> None:
    parent = node.getparent()
    if parent is None:
        return
    position = parent.index(node)
    for child in reversed(list(node)):
        parent.insert(position + 1, child)
    parent.remove(node)


def drop_pictures(root: Any, kept: set[str]) -> None:
    """Removes drawings and references whose target stays behind, so that no program finds the file damaged."""
    for node in list(root.iter()):
        for key, value in list(node.attrib.items()):
            if not key.startswith(R) or value in kept:
                continue
            holder = node
            while holder is not None and holder.tag not in (W + "drawing", W + "pict", W + "object"):
                holder = holder.getparent()
            if holder is not None:
                _take_out(holder)
                break
            if node.tag in (W + "headerReference", W + "footerReference"):
                _take_out(node)
                break
            del node.attrib[key]
