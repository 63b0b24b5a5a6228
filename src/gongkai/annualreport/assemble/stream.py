"""A document as one stream: paragraphs, and grids that hold data; reports within it set apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gongkai.annualreport.document import Block, Document, Grid, GridCell, Paragraph

from .labels import recognise
from .naming import is_title
from .sections import heading_of

#: Keys of the table of particulars that portals print above a document.
PARTICULARS = frozenset({
    "索引号", "信息分类", "主题分类", "体裁分类", "发布机构", "发布单位", "制发机关", "发文机关", "公开责任部门", "信息来源", "来源", "发文日期",
    "成文日期", "生成日期", "发布日期", "发布时间", "公开日期", "公开时间", "公开方式", "公开范围", "名称", "标题", "信息名称", "文号", "发文字号", "关键词",
    "主题词", "有效性", "生效日期", "废止日期", "所属机构", "文件编号", "效力状态", "时效性", "责任编辑", "组配分类", "内容概述",
})  # fmt: skip
_PARTICULAR = re.compile(
    r"[【\[]?\s*(?P<key>[\u4e00-\u9fff](?:[ \u3000]*[\u4e00-\u9fff]){1,7})\s*[】\]]?\s*[：:]\s*(?P<value>[^：:]{0,80}?)(?=\s{2,}|\s+[\u4e00-\u9fff]{2,8}[：:]|$)"
)
_TRADITIONAL = frozenset(
    "報開請實數據務訴訟處發廢現規許罰強費經議結維糾審計總項業關係內領財續繳補類過執書個當無為從與條國務機構統"
)
IMAGE = "\ufffc"
_ENOUGH = 300
_ORGAN_LINE = re.compile(r"(?:政府|局|委|办|办公室|委员会|中心|厅|院|镇|乡|街道|省|市|县|区|旗|州)\s*$")


@dataclass(slots=True)
class Segment:
    """One report's part of the stream."""

    titles: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    content: bool = False  # a section heading or a row of a table has been met
    prose: int = 0  # characters of text after the first heading, a table counting for many


def segments(document: Document) -> list[Segment]:
    """The reports of a document, in order. A new title, or a new section one after section four, begins another."""
    found = [Segment()]
    last = 0
    before = ""
    for block in blocks(document):
        here = found[-1]
        if isinstance(block, Grid):
            here.blocks.append(block)
            if _has_rows(block):
                here.content, here.prose = True, here.prose + _ENOUGH
            last = max(last, 4) if _ends_tables(block) else last
            continue
        heading = heading_of(block.text, block.level)
        if heading is not None:
            # Six headings with nothing between them are a list of contents, not a report.
            if heading.number == 1 and last >= 4 and here.prose >= _ENOUGH:
                found.append(here := Segment())
                last = 0
            last = max(last, heading.number)
            here.content = True
        elif is_title(block.text):
            if here.content and last >= 3:
                found.append(here := Segment())
                last = 0
            elif not here.content:
                _keep_particulars(here.blocks, document.metadata)
                # Whatever stands above a title is the page's, other reports' titles in a list of links too.
                here.blocks.clear()
                here.titles.clear()
            here.titles.append(_whole_title(before, block.text))
            before = block.text
            continue
        elif here.content:
            here.prose += len(block.text)
        here.blocks.append(block)
        before = block.text
    return [segment for segment in found if segment.content] or found[:1]


def _whole_title(before: str, text: str) -> str:
    """A title printed over two lines: the organ above, the rest below."""
    first = before.strip()
    follows = re.match(r"\s*(?:(?:19|20)\d\d|二|政府信息|信息公开|政务公开)", text)
    if follows and 3 <= len(first) <= 30 and _ORGAN_LINE.search(first):
        return first + text.strip()
    return text


def _has_rows(grid: Grid) -> bool:
    count = 0
    for row in grid.rows:
        for cell in row:
            roles = recognise(cell.text).roles
            if roles and roles[0][0] in "rbg":
                count += 1
                if count >= 2:
                    return True
    return False


def _ends_tables(grid: Grid) -> bool:
    """Whether it is table 4."""
    return any("c4:upheld" in recognise(cell.text).roles for row in grid.rows[:4] for cell in row)


def blocks(document: Document) -> Iterator[Block]:
    """Blocks with layout tables opened up, particulars taken into the metadata and traditional characters simplified."""
    convert = _converter(document)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if convert:
                block = Paragraph(convert(block.text), block.level, block.page)
            yield block
        else:
            yield from _opened(_converted(block) if convert else block, document.metadata)


def _converted(grid: Grid) -> Grid:
    convert = _zhconv
    rows = [
        [GridCell(convert(c.text), c.row, c.column, c.rowspan, c.colspan, c.page) for c in row]
        for row in grid.rows
    ]
    return Grid(rows, grid.exact, grid.page, grid.sheet, grid.ordinal)


def _zhconv(text: str) -> str:
    from zhconv import convert

    return str(convert(text, "zh-hans"))


def _converter(document: Document) -> Callable[[str], str] | None:
    """The conversion to simplified characters, where the document is printed in traditional ones."""
    sample: list[str] = []
    for block in document.blocks[:400]:
        if isinstance(block, Paragraph):
            sample.append(block.text[:200])
        else:
            sample += [cell.text for row in block.rows[:4] for cell in row if len(cell.text) > 1]
        if len(sample) > 120:
            break
    seen = set("".join(sample))
    return _zhconv if len(seen & _TRADITIONAL) >= 6 else None


def _opened(grid: Grid, metadata: dict[str, str]) -> Iterator[Block]:
    """A grid of data as it is; cells that hold prose as paragraphs, in their order."""
    if _particulars(grid, metadata):
        return
    kept: list[list[GridCell]] = []

    def rest() -> Iterator[Block]:
        if kept:
            yield Grid(list(kept), grid.exact, grid.page, grid.sheet, grid.ordinal)
            kept.clear()

    for row in grid.rows:
        lone = _lone(row)
        if lone is not None and _is_prose(lone.text):
            yield from rest()
            for line in lone.text.split("\n"):
                if line.strip():
                    yield Paragraph(line, 0, lone.page or grid.page)
        else:
            kept.append(row)
    yield from rest()


def _lone(row: list[GridCell]) -> GridCell | None:
    """The only cell of a row that is not blank, or None."""
    found = None
    for cell in row:
        if cell.text and not cell.text.isspace():
            if found is not None:
                return None
            found = cell
    return found


def _is_prose(text: str) -> bool:
    if len(text) < 4 or text.strip().isdigit() or recognise(text).roles:
        return False
    return (
        len(text) > 90 or heading_of(text) is not None or is_title(text) or (len(text) > 30 and "。" in text)
    )


def _particulars(grid: Grid, metadata: dict[str, str]) -> bool:
    """Take a table of particulars (索引号 …) into the metadata. False where the grid is something else."""
    if len(grid.rows) > 30 or not any(
        len(cell.text) > 1 and (cell.text in PARTICULARS or cell.text[-1] in "：:" or "索" in cell.text[:6])
        for row in grid.rows[:2]
        for cell in row
    ):
        return False
    found: dict[str, str] = {}
    for row in grid.rows:
        cells = [" ".join(cell.text.split()) for cell in row]
        for i, text in enumerate(cells):
            key = "".join(text.split()).rstrip("：:").strip("【】[]")
            if key in PARTICULARS and i + 1 < len(cells):
                found.setdefault(key, cells[i + 1])
            elif "：" in text or ":" in text:
                found.update({k: v for k, v in particulars_of(text).items() if k not in found})
    if len(found) < 2:
        return False
    for key, value in found.items():
        if value:
            metadata.setdefault(key, value)
    return True


def _keep_particulars(above: list[Block], metadata: dict[str, str]) -> None:
    for block in above[:100]:
        if isinstance(block, Paragraph) and ("：" in block.text or ":" in block.text):
            for key, value in particulars_of(block.text).items():
                metadata.setdefault(key, value)


def particulars_of(text: str) -> dict[str, str]:
    """索引号：… 发布机构：… printed in one line."""
    if len(text) > 600:
        return {}
    found: dict[str, str] = {}
    for match in _PARTICULAR.finditer(text):
        key = "".join(match["key"].split())
        if key in PARTICULARS:
            found.setdefault(key, match["value"].strip())
    return found


__all__ = ["IMAGE", "PARTICULARS", "Segment", "blocks", "particulars_of", "segments"]
