"""Of Word's styles and automatic numbering only what changes the words of a report: heading levels, hidden text, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "〇一二三四五六七八九十"
_CHINESE_FORMATS = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital",
     "taiwaneseCountingThousand", "japaneseDigitalTenThousand", "ideographTraditional"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """Level 1–6 for headings (title: 1), else 0; the list a paragraph belongs to, "" for none."""

    level: int = 0
    list_id: str = ""
    list_level: int = 0


def attribute(element: etree._Element | None, name: str) -> str | None:
    """The value of ``w:name``, None where the element or the attribute is missing."""
    return None if element is None else element.get(W + name)


def child(element: etree._Element, tag: str) -> etree._Element:
    """The first child with that tag, or an empty element."""
    found = element.find(tag)
    return found if found is not None else etree.Element("none")


class Styles:
    """Paragraph styles with what they inherit."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = ""
        for style in root.iterfind(W + "style") if root is not None else ():
            id = attribute(style, "styleId") or ""
            self._styles[id] = style
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true"):
                self._default = id
        self._known: dict[str, ParagraphStyle] = {}

    def of(self, paragraph: etree._Element) -> ParagraphStyle:
        """The effective style of a paragraph, direct formatting over its named style."""
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return self._named(self._default, 0)
        base = self._named(attribute(properties.find(W + "pStyle"), "val") or self._default, 0)
        return _merged(properties, base)

    def _named(self, id: str, depth: int) -> ParagraphStyle:
        if id in self._known:
            return self._known[id]
        style = self._styles.get(id)
        if style is None or depth > 20:
            return ParagraphStyle()
        base = self._named(attribute(style.find(W + "basedOn"), "val") or "", depth + 1)
        name = (attribute(style.find(W + "name"), "val") or "").lower()
        heading = re.fullmatch(r"(?:heading|标题) ?([1-9])", name)
        if heading:
            base = ParagraphStyle(min(6, int(heading[1])), base.list_id, base.list_level)
        elif name in ("title", "标题"):
            base = ParagraphStyle(1, base.list_id, base.list_level)
        properties = style.find(W + "pPr")
        found = base if properties is None else _merged(properties, base)
        self._known[id] = found
        return found

    def hidden(self, run: etree._Element) -> bool:
        """Whether a run is marked as hidden text."""
        vanish = run.find(f"{W}rPr/{W}vanish")
        return vanish is not None and attribute(vanish, "val") not in ("0", "false", "off")


def _merged(properties: etree._Element, base: ParagraphStyle) -> ParagraphStyle:
    level = base.level
    outline = attribute(properties.find(W + "outlineLvl"), "val")
    if outline is not None and outline.isdigit():
        level = int(outline) + 1 if int(outline) < 6 else 0
    numbering = properties.find(W + "numPr")
    if numbering is None:
        return ParagraphStyle(level, base.list_id, base.list_level)
    list_id = attribute(numbering.find(W + "numId"), "val")
    at = attribute(numbering.find(W + "ilvl"), "val") or "0"
    return ParagraphStyle(level, base.list_id if list_id is None else list_id, int(at) if at.isdigit() else 0)


@dataclass(slots=True)
class _Level:
    format: str
    text: str
    start: int


class Numbering:
    """Automatic numbers (一、 （二） 1.) as Word would print them."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, dict[int, _Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstract = {
            attribute(a, "abstractNumId") or "": dict(map(_level, a.iterfind(W + "lvl")))
            for a in root.iterfind(W + "abstractNum")
        }
        for number in root.iterfind(W + "num"):
            id = attribute(number, "numId") or ""
            base = attribute(number.find(W + "abstractNumId"), "val") or ""
            levels = dict(abstract.get(base, {}))
            overrides = list(number.iterfind(W + "lvlOverride"))
            for override in overrides:
                levels.update(map(_level, override.iterfind(W + "lvl")))
            self._lists[id] = levels
            # Lists made from one definition count on together unless one of them overrides it.
            self._abstract_of[id] = id if overrides else f"a{base}"

    def next(self, style: ParagraphStyle) -> str:
        """The number of the next paragraph of a list, with the blank or tab after it left out; "" where there is none."""
        levels = self._lists.get(style.list_id)
        if not style.list_id or style.list_id == "0" or levels is None:
            return ""
        at = style.list_level
        level = levels.get(at)
        if level is None:
            return ""
        counters = self._counters.setdefault(self._abstract_of[style.list_id], {})
        counters[at] = counters.get(at, level.start - 1) + 1
        for deeper in [i for i in counters if i > at]:
            del counters[deeper]
        if level.format in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            i = int(match[1]) - 1
            other = levels.get(i)
            return _numeral(counters.get(i, other.start), other.format) if other else ""

        return re.sub(r"%([1-9])", number, level.text)


def _level(element: etree._Element) -> tuple[int, _Level]:
    start = attribute(element.find(W + "start"), "val") or "1"
    at = attribute(element, "ilvl") or "0"
    return (
        int(at) if at.isdigit() else 0,
        _Level(
            attribute(element.find(W + "numFmt"), "val") or "decimal",
            attribute(element.find(W + "lvlText"), "val") or "",
            int(start) if start.isdigit() else 1,
        ),
    )


def _numeral(number: int, format: str) -> str:
    if format in _CHINESE_FORMATS and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十"
        return head + (_CHINESE[ones] if ones else "")
    if format in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if format == "lowerLetter" else letter.upper()
    if format == "decimalFullWidth":
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if format in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)
