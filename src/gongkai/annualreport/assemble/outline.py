"""The sections of one report: headings in order, narrative between them, and what is odd about either."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.annualreport.document import Block, Grid, Paragraph
from gongkai.annualreport.model import Remark, RemarkCode, Section
from gongkai.annualreport.schema import SECTION_TITLES

from . import flow
from .runs import Run, Stream
from .sections import CHINESE, Heading, Narrative, clean, heading_of, value_of
from .stream import IMAGE, particulars_of

#: Words of a portal's foot: whatever follows them after section six is not the report.
_FOOTER = re.compile(
    r"扫一扫|打印本页|^\s*[【\[]?\s*(?:打印|关闭|返回顶部|纠错|收藏)|关闭窗口|关闭页面|上一[篇条]|下一[篇条]|分享到|相关(?:链接|文档|阅读|信息|稿件|解读)|主办单位|承办单位|版权所有|Copyright|"
    r"ICP备|网站标识码|公网安备|网站地图|责任编辑|技术支持|您访问的链接|无障碍|关于我们|友情链接|政府网站年度",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"浏览(?:次数|量)|阅读(?:次数|量)?[：:]|点击(?:数|率|量)?[：:]|字(?:体|号)[：:\s]*[大【\[]|发布(?:时间|日期)[：:]|^\s*来源[：:]|当前位置|您(?:现在|当前)?所?在的?位置|首页\s*>|"
    r"^\s*[【\[]\s*(?:大|打印|字)|保护视力色|分享[到：:]|扫一扫|访问量|^\s*打印\s*$"
)


@dataclass(slots=True)
class Part:
    """A section as found: its heading and the blocks up to the next one."""

    number: int
    heading: str = ""
    printed: str = ""
    blocks: list[Block] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not any(
            isinstance(block, Grid) or clean(block.text).replace(IMAGE, "") for block in self.blocks
        )


class Outline:
    """Headings and what lies between them, in the order of the file."""

    def __init__(self, blocks: list[Block]) -> None:
        self.parts: list[Part] = [Part(0)]
        self.particulars: dict[str, str] = {}
        self._used: set[int] = set()  # ids of paragraphs that turned out to be lines of a table
        self._ended = False
        for block in blocks:
            if isinstance(block, Grid):
                self.parts[-1].blocks.append(block)
            else:
                self._paragraph(block)

    def _paragraph(self, block: Paragraph) -> None:
        heading = heading_of(clean(block.text), block.level)
        if heading is not None and not self._ended:
            self._open(heading, block)
            return
        if self._ended:
            return
        last = self.parts[-1].number
        if last >= 6 and len(block.text) <= 120 and _FOOTER.search(block.text):
            self._ended = True
            return
        if last == 0:
            found = particulars_of(block.text)
            self.particulars.update({k: v for k, v in found.items() if k not in self.particulars})
            if (
                len(found) >= 2
                or "".join(block.text.split()) in ("目录", "目次")
                or (len(block.text) <= 200 and _CHROME.search(block.text))
            ):
                return
        self.parts[-1].blocks.append(block)

    def _open(self, heading: Heading, block: Paragraph) -> None:
        previous = self.parts[1:]
        if heading.number == 1 and len(previous) > 1 and all(part.empty for part in previous[:-1]):
            # A list of contents: its last entry may have swallowed the preamble.
            self.parts[0].blocks += previous[-1].blocks
            del self.parts[1:]
        elif previous and previous[-1].number == heading.number and previous[-1].empty:
            self.parts.pop()
        part = Part(heading.number, heading.text, heading.printed)
        self.parts.append(part)
        if heading.rest:
            part.blocks.append(Paragraph(heading.rest, 0, block.page))

    # --- reading ----------------------------------------------------------------------------------------------------

    def sections(self) -> list[Section]:
        """Narrative of every part; lines that belong to a table left out. The preamble only where there is one."""
        out = []
        for part in self.parts:
            narrative = Narrative()
            for block in part.blocks:
                if isinstance(block, Paragraph) and id(block) not in self._used:
                    narrative.add(block.text)
            if part.number or narrative.parts:
                out.append(Section(part.number, clean(part.heading), narrative.text, part.printed))
        return out

    def tail(self) -> list[str]:
        """The last paragraphs of the report, where a signature stands."""
        lines: list[str] = []
        for part in self.parts[-1:]:
            lines += [line for b in part.blocks if isinstance(b, Paragraph) for line in b.text.split("\n")]
        return [line for line in lines if line.strip()][-6:]

    def flow(self, table: int) -> tuple[list[Run], set[str]]:
        """Table ``table`` from the lines of its section (of all sections where it has no heading)."""
        parts = [part for part in self.parts if part.number == table]
        if not any(isinstance(b, Paragraph) for part in parts for b in part.blocks):
            parts = [part for part in self.parts if part.number in (2, 3, 4)] or self.parts
        numbered: list[tuple[int, Paragraph]] = [
            (id(b), b) for part in parts for b in part.blocks if isinstance(b, Paragraph) and id(b) not in self._used
        ]  # fmt: skip
        grid, used = flow.grid_of(numbered)
        stream = Stream()
        stream.feed(grid)
        runs = [run for run in stream.close() if run.table == table]
        if sum(1 for run in runs if run.filled()) < (1 if table == 4 else 2):
            return [], set()
        if table == 4 and not any(run.header.columns for run in runs):
            return [], set()
        self._used |= used
        return runs, stream.seen_columns

    def has_image(self, table: int) -> bool:
        parts = [part for part in self.parts if part.number == table] or self.parts
        return any(isinstance(b, Paragraph) and IMAGE in b.text for part in parts for b in part.blocks)

    # --- what there is to say -----------------------------------------------------------------------------------------

    def remarks(self) -> list[Remark]:
        out: list[Remark] = []
        present = [part.number for part in self.parts if part.number]
        for number, title in enumerate(SECTION_TITLES, 1):
            if number not in present:
                message = f"没有找到第{CHINESE[number - 1]}部分“{title}”的标题。"
                out.append(Remark(RemarkCode.SECTION_MISSING, message))
        out += [remark for part in self.parts if (remark := _numbering(part))]
        if present != sorted(present):
            out.append(Remark(RemarkCode.SECTION_NUMBERING, "六个部分的先后次序与格式不同。"))
        for number in dict.fromkeys(n for n in present if present.count(n) > 1):
            title = SECTION_TITLES[number - 1]
            out.append(Remark(RemarkCode.SECTION_NUMBERING, f"“{title}”的标题出现了不止一次。"))
        return out


def _numbering(part: Part) -> Remark | None:
    if not part.number or value_of(part.printed) == part.number:
        return None
    right = CHINESE[part.number - 1]
    heading = clean(part.heading)
    if part.printed:
        return Remark(
            RemarkCode.SECTION_NUMBERING, f"标题“{heading}”的序号应为“{right}”，印为“{part.printed}”。"
        )
    return Remark(RemarkCode.SECTION_NUMBERING, f"标题“{heading}”没有序号，应为“{right}、”。")


__all__ = ["Outline", "Part"]
