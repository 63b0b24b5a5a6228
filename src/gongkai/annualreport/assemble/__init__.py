"""From a neutral document to reports.

Tables are found by their labels, not by their position; headings are matched loosely, values strictly; what was not
found is absent, never zero; every liberty taken is a remark (07 §1).
"""

from __future__ import annotations

from gongkai.annualreport.document import Document, Grid, Paragraph
from gongkai.annualreport.model import Remark, RemarkCode, Report
from gongkai.annualreport.readers.errors import DEFAULT, Limits, Unreadable

from .naming import name, scope
from .outline import Outline
from .runs import Run, Stream
from .stream import IMAGE, Segment, segments
from .table2 import read_table2
from .table3 import read_table3
from .table4 import read_table4
from .tables import Tables, pick_edition

_SECTION_OF_TABLE = {2: "二", 3: "三", 4: "四"}
_TITLES = {
    2: "主动公开政府信息情况",
    3: "收到和处理政府信息公开申请情况",
    4: "政府信息公开行政复议、行政诉讼情况",
}


def assemble(document: Document, name: str = "", limits: Limits = DEFAULT) -> list[Report]:
    """The reports in ``document``, in reading order.

    ``name`` is the file's name. Raises Unreadable("not_report") where neither a table nor two sections of a report are
    found, Unreadable("too_complex") beyond ``limits``.
    """
    if len(document.blocks) > limits.max_blocks:
        raise Unreadable("too_complex")
    found = segments(document)
    if len(found) > limits.max_reports:
        raise Unreadable("too_complex")
    reports = [
        report
        for segment in found
        if (report := _report(segment, document, name, len(found) > 1)) is not None
    ]
    if not reports:
        raise _not_report(document)
    if len(reports) > 1:
        for i, report in enumerate(reports, 1):
            message = f"文件中有 {len(reports)} 份年度报告，这是其中第 {i} 份。"
            report.remarks.insert(0, Remark(RemarkCode.SEVERAL_REPORTS, message))
    return reports


def _not_report(document: Document) -> Unreadable:
    text = "".join(block.text for block in document.blocks[:2000] if isinstance(block, Paragraph))
    if not text.strip() and not any(isinstance(block, Grid) for block in document.blocks):
        return Unreadable("empty", "文件里没有可以读取的文字。请确认下载或导出完整后再试。")
    return Unreadable("not_report")


def _report(segment: Segment, document: Document, file_name: str, several: bool) -> Report | None:
    outline = Outline(segment.blocks)
    stream = Stream()
    for part in outline.parts:
        if part.number in (2, 3, 4):
            stream.enter(part.number)
        for block in part.blocks:
            if isinstance(block, Grid):
                stream.feed(block)
    runs = stream.close()
    columns = stream.seen_columns
    for number in (2, 3, 4):
        if not any(run.table == number and run.filled() for run in runs):
            extra, seen = outline.flow(number)
            runs += extra
            columns |= seen
    narrative = outline.sections()
    metadata = dict(document.metadata)
    metadata.update({k: v for k, v in outline.particulars.items() if k not in metadata})
    names = name(
        segment.titles, narrative, outline.tail(), {} if several else metadata,
        "" if several else document.title, "" if several else file_name,
    )  # fmt: skip
    tables = _tables(runs, columns, names.year)
    if not tables.values and sum(1 for section in narrative if section.number) < 2:
        return None
    report = Report(
        edition=tables.edition, organ=names.organ, year=names.year, title=names.title, values=tables.values,
        sections=narrative, scope=scope(names.organ, narrative), years_found=tuple(names.years),
        organs_found=tuple(names.organs), metadata=metadata, source_name=file_name, source_format=document.format,
    )  # fmt: skip
    report.remarks = [
        *(
            Remark(RemarkCode.ENCODING if "编码" in text else RemarkCode.SOURCE, text)
            for text in document.remarks
        ),
        *tables.remarks,
        *_missing_tables(tables, outline),
        *outline.remarks(),
    ]
    return report


def _tables(runs: list[Run], columns: set[str], year: int | None) -> Tables:
    edition, mixed = pick_edition(runs, columns, year)
    tables = Tables(edition)
    if mixed:
        tables.remark(
            RemarkCode.EDITIONS_MIXED,
            "表格混用了两版格式：2021 年版（国办公开办函〔2021〕30号）与 2019 年试行版（国办公开办函〔2019〕60号），"
            f"按 {edition.id} 年版读取。",
        )
    read_table2([run for run in runs if run.table == 2], tables)
    read_table3([run for run in runs if run.table == 3], tables)
    read_table4([run for run in runs if run.table == 4], tables)
    return tables


def _missing_tables(tables: Tables, outline: Outline) -> list[Remark]:
    out = []
    for number in (2, 3, 4):
        prefix = f"t{number}."
        if any(key.startswith(prefix) for key in tables.values):
            continue
        cells = tuple(cell.key for cell in tables.edition.cells if cell.table == number)
        title = f"第{_SECTION_OF_TABLE[number]}部分“{_TITLES[number]}”的表格"
        why = (
            "该处是一张图片，图片里的数字无法读取，请改用文字表格"
            if outline.has_image(number)
            else "没有找到"
        )
        # What little was said of rows of this table is covered by the table's absence.
        tables_remark = Remark(RemarkCode.TABLE_MISSING, f"{title}{why}。", cells)
        out.append(tables_remark)
    return out


__all__ = ["IMAGE", "assemble"]
