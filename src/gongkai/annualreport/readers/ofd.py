"""OFD (GB/T 33190—2016) as a neutral document, by the same way as PDF: characters and ruling lines, then paragraphs and tables.

Read are pages, templates, page blocks and composite objects, text with its character spacing, and paths. Not read: text drawn as
outlines or pictures, annotations, signatures and seals, attachments; of a file with several documents, only the first.
"""

from __future__ import annotations

import math
import posixpath
import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from gongkai.annualreport.document import Document
from gongkai.annualreport.readers.errors import Limits, Unreadable
from gongkai.annualreport.readers.package import Package
from gongkai.annualreport.readers.paged import Char, Page
from gongkai.annualreport.readers.paged_blocks import blocks_of

_POINTS = 72 / 25.4  # per millimetre, the unit of OFD
_DEPTH = 32
_A4 = (0.0, 0.0, 210.0, 297.0)
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: Numbers that follow each operator of AbbreviatedData (§8.4); of curves only that they are curves matters.
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

_Matrix = tuple[float, float, float, float, float, float]


def read(data: bytes, limits: Limits) -> Document:
    """The blocks of an OFD file.

    Raises Unreadable: ``truncated``, ``encrypted``, ``zip_bomb``, ``damaged``, ``too_complex``, ``scanned``, ``empty``.
    """
    package = Package(data, limits)
    if "OFD.xml" not in package:
        raise Unreadable("encrypted" if "Encryptions.xml" in package else "damaged")
    root = package.xml("OFD.xml")
    body = _child(root, "DocBody")
    location = _text(_child(body, "DocRoot")) if body is not None else ""
    if not location or (path := _resolve(package, "OFD.xml", location)) is None:
        raise Unreadable("damaged")
    document = Document(format="ofd")
    info = _child(body, "DocInfo")
    document.title = _text(_child(info, "Title"))
    if author := _text(_child(info, "Author")):
        document.metadata["author"] = author
    if len(list(_children(root, "DocBody"))) > 1:
        document.remarks.append("OFD 文件里有多个文档，只读取第一个")
    pages = _Reader(package, path, limits).pages()
    document.pages = len(pages)
    document.remarks += _text_layer(pages)
    document.blocks = blocks_of(pages, limits)
    return document


def _text_layer(pages: list[Page]) -> list[str]:
    """Remarks on pages without text. Raises Unreadable where no page has any."""
    if not any(page.chars for page in pages):
        if any(page.pictured for page in pages):
            raise Unreadable("scanned")
        raise Unreadable("empty", "OFD 里没有文字。请确认文件完整，或提供网页、DOCX 版本。")
    return [
        f"第{page.number}页是图像，没有文字，未读取" for page in pages if page.pictured and not page.chars
    ]


class _Reader:
    def __init__(self, package: Package, path: str, limits: Limits) -> None:
        self.package = package
        self.path = path
        self.limits = limits
        self.root = package.xml(path)
        self.chars = 0
        common = _child(self.root, "CommonData")
        self.box = _box(_text(_child(_child(common, "PageArea"), "PhysicalBox"))) or _A4
        self.templates = {
            element.get("ID", ""): found
            for element in _children(common, "TemplatePage")
            if (found := _resolve(package, path, element.get("BaseLoc", ""))) is not None
        }
        self.units = self._units(common)

    def _units(self, common: etree._Element | None) -> dict[str, etree._Element]:
        """Composite graphic units by ID, from the document's resources."""
        out: dict[str, etree._Element] = {}
        for name in ("PublicRes", "DocumentRes"):
            for element in _children(common, name):
                found = _resolve(self.package, self.path, _text(element))
                if found is not None:
                    for unit in self.package.xml(found).iter("{*}CompositeGraphicUnit"):
                        out.setdefault(unit.get("ID", ""), unit)
        return out

    def pages(self) -> list[Page]:
        out: list[Page] = []
        listed = list(_children(_child(self.root, "Pages"), "Page"))
        if len(listed) > self.limits.max_pages:
            raise Unreadable("too_complex")
        for number, element in enumerate(listed, 1):
            found = _resolve(self.package, self.path, element.get("BaseLoc", ""))
            if found is None:
                raise Unreadable("truncated")
            out.append(self._page(self.package.xml(found), number))
        if not out:
            raise Unreadable("empty")
        return out

    def _page(self, root: etree._Element, number: int) -> Page:
        x, y, width, height = _box(_text(_child(_child(root, "Area"), "PhysicalBox"))) or self.box
        page = Page(number, width * _POINTS, height * _POINTS)
        base: _Matrix = (_POINTS, 0, 0, _POINTS, -x * _POINTS, -y * _POINTS)
        for reference in _children(root, "Template"):
            location = self.templates.get(reference.get("TemplateID", ""))
            if location is not None:
                self._layers(self.package.xml(location), base, page)
        self._layers(root, base, page)
        return page

    def _layers(self, root: etree._Element, base: _Matrix, page: Page) -> None:
        for layer in _children(_child(root, "Content"), "Layer"):
            self._objects(layer, base, page, 0)

    def _objects(self, parent: etree._Element, matrix: _Matrix, page: Page, depth: int) -> None:
        if depth > _DEPTH:
            return
        for element in parent:
            name = _local(element)
            if element.get("Visible") == "false":
                continue
            if name == "PageBlock":
                self._objects(element, matrix, page, depth + 1)
            elif name == "TextObject":
                _text_object(element, _compose(matrix, _own(element)), page)
                self.chars += len(page.chars)
                if len(page.chars) > self.limits.max_chars:
                    raise Unreadable("too_complex")
            elif name == "PathObject":
                _path_object(element, _compose(matrix, _own(element)), page)
            elif name == "ImageObject":
                box = _box(element.get("Boundary", "")) or (0, 0, 0, 0)
                area = abs(box[2] * box[3] * matrix[0] * matrix[3])
                page.pictured = page.pictured or area > 0.25 * page.width * page.height
            elif name == "CompositeObject":
                unit = self.units.get(element.get("ResourceID", ""))
                content = _child(unit, "Content")
                if content is not None:
                    self._objects(content, _compose(matrix, _own(element)), page, depth + 1)


# --- objects ---------------------------------------------------------------------------------------------------------


def _text_object(element: etree._Element, matrix: _Matrix, page: Page) -> None:
    size = _number(element.get("Size"), 3.5)
    scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) or _POINTS
    x = y = 0.0
    for code in _children(element, "TextCode"):
        text = code.text or ""
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        across = _deltas(code.get("DeltaX"), len(text))
        down = _deltas(code.get("DeltaY"), len(text))
        at_x, at_y = x, y
        for i, char in enumerate(text):
            own = size if unicodedata.east_asian_width(char) in "WF" else size * 0.5
            # Where a step is given it also tells the advance of narrow characters, but never more than a blank's worth.
            step = across[i] if i < len(across) else (0.0 if down else own)
            advance = min(own, step) if step > 0 else own
            left, base = _apply(matrix, at_x, at_y)
            right, _ = _apply(matrix, at_x + advance, at_y)
            if unicodedata.category(char) != "Cc":
                em = size * scale
                page.chars.append(Char(char, left, base - 0.88 * em, right, base + 0.12 * em, em))
            at_x += step
            at_y += down[i] if i < len(down) else 0.0


def _path_object(element: etree._Element, matrix: _Matrix, page: Page) -> None:
    stroked = element.get("Stroke", "true") != "false"
    filled = element.get("Fill", "false") == "true"
    for points, curved in _subpaths(_text(_child(element, "AbbreviatedData"))):
        if not curved:
            page.add_path([_apply(matrix, *p) for p in points], stroked=stroked, filled=filled)


def _subpaths(data: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    points: list[tuple[float, float]] = []
    curved = False
    tokens = _TOKEN.findall(data[:200_000])
    i = 0
    while i < len(tokens):
        operator = tokens[i]
        count = _OPERANDS.get(operator)
        i += 1
        if count is None:
            continue
        numbers = [float(t) for t in tokens[i : i + count] if not t.isalpha()]
        i += count
        if len(numbers) < count:
            break
        if operator in "SM":
            if points:
                yield points, curved
            points, curved = [(numbers[0], numbers[1])], False
        elif operator == "C":
            points = [*points, points[0]] if points else points
        else:
            points.append((numbers[-2], numbers[-1]))
            curved = curved or operator != "L"
    if points:
        yield points, curved


def _deltas(text: str | None, limit: int) -> list[float]:
    """Steps between characters, the shorthand ``g count value`` written out; at most ``limit`` of them."""
    out: list[float] = []
    tokens = (text or "").replace(",", " ").split()
    i = 0
    while i < len(tokens) and len(out) < limit:
        if tokens[i] == "g" and i + 2 < len(tokens):
            count = int(min(max(_number(tokens[i + 1], 0), 0), limit - len(out)))
            out += [_number(tokens[i + 2], 0.0)] * count
            i += 3
        else:
            out.append(_number(tokens[i], 0.0))
            i += 1
    return out


# --- XML and geometry ------------------------------------------------------------------------------------------------


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if element is not None:
        yield from (child for child in element if _local(child) == name)


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(_children(element, name), None)


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _resolve(package: Package, base: str, location: str) -> str | None:
    """A location written in ``base``: from the root where it begins with "/", else from the file, or (a common slip) the root."""
    location = location.strip().replace("\\", "/")
    if not location:
        return None
    candidates = (
        [location]
        if location.startswith("/")
        else [posixpath.join(posixpath.dirname(base), location), location]
    )
    for candidate in candidates:
        name = posixpath.normpath(candidate.lstrip("/"))
        if not name.startswith("..") and name in package:
            return name
    return None


def _number(text: str | None, default: float) -> float:
    try:
        value = float(text) if text is not None else default
    except ValueError:
        return default
    return value if math.isfinite(value) and abs(value) < 1e6 else default


def _box(text: str) -> tuple[float, float, float, float] | None:
    numbers = [_number(part, math.nan) for part in text.replace(",", " ").split()]
    if len(numbers) != 4 or any(math.isnan(n) for n in numbers):
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _own(element: etree._Element) -> _Matrix:
    """From an object's space to its parent's: its CTM, then to the corner of its boundary."""
    box = _box(element.get("Boundary", "")) or (0.0, 0.0, 0.0, 0.0)
    parts = [_number(part, 0.0) for part in element.get("CTM", "").replace(",", " ").split()]
    a, b, c, d, e, f = parts if len(parts) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a, b, c, d, e + box[0], f + box[1]


def _compose(outer: _Matrix, inner: _Matrix) -> _Matrix:
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
