"""The statutory tables of the annual report, declared once per edition.

Readers, checks, writers, screens and documentation are all driven by the values in this module.

Sources: 国办公开办函〔2021〕30号 (edition ``2021``, report years from 2021 on) and 国办公开办函〔2019〕60号
(edition ``2019``, trial format, report years 2019 and 2020). The cells of table 2 differ, the 2019 table 3 has one
row for 其他处理 where 2021 has three, table 4 is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

Unit = Literal["件", "万元", "项", "元"]
TableNumber = Literal[2, 3, 4]


@dataclass(frozen=True, slots=True)
class Column:
    """A data column. ``group`` is the header above it; ``aliases`` are other spellings met on real pages."""

    key: str
    label: str
    group: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    unit: Unit = "件"


@dataclass(frozen=True, slots=True)
class Row:
    """A data row.

    ``code`` is the short name used in the domain sheets (``C3.1``), ``path`` the labels printed to its left from the
    outside in, ``label`` the innermost of them (verbatim, with its number).
    """

    key: str
    label: str
    path: tuple[str, ...] = ()
    code: str = ""
    aliases: tuple[str, ...] = ()
    number: str = ""  # the printed number: "1.", "（一）", "一、"


@dataclass(frozen=True, slots=True)
class Block:
    """A group of rows under one heading, with its own columns (table 2 has four, tables 3 and 4 have one)."""

    key: str
    heading: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    row_header: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    number: TableNumber
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the report. ``key`` is ``t<table>.<row>.<column>``; ``index`` its place in the edition's vector."""

    key: str
    table: TableNumber
    block: Block = field(repr=False)
    row: Row = field(repr=False)
    column: Column = field(repr=False)
    unit: Unit
    index: int
    signed: bool = False  # 本年增/减 of the 2019 edition may be negative
    decimals: bool = False  # an amount of money, not a count

    @property
    def label(self) -> str:
        """The name a clerk would use: 表三自然人列“（七）总计”, 表四行政复议“结果维持”, 表二行政许可“本年处理决定数量”."""
        if self.table == 3:
            return f"表三{self.column.label}列“{spoken_row(self.row)}”"
        if self.table == 4:
            return f"表四{self.block.heading}“{self.column.label}”"
        return f"表二{self.row.label}“{self.column.label.split('（单位')[0]}”"


def spoken_row(row: Row) -> str:
    """The row's name in a sentence: 本年新收, 予以公开, 其他处理—其他 (an item says nothing without its group)."""
    if row.key in _SPOKEN:
        return _SPOKEN[row.key]
    label = row.label.split("（区分处理")[0].removeprefix(row.number)
    if row.code.count(".") and len(row.path) > 1:
        return f"{row.path[-2].split('）')[-1]}—{_SHORT.get(row.key, label)}"
    return label


_SPOKEN = {
    "new": "本年新收",
    "carried_in": "上年结转",
    "total": "（七）总计",
    "carried_out": "结转下年度继续办理",
}
_SHORT = {"other_uncorrected": "逾期不补正", "other_unpaid": "逾期未按收费通知缴纳费用"}


@dataclass(frozen=True)
class Edition:
    """One edition of the format: its tables and, in order, its cells."""

    id: str
    title: str
    document: str
    first_year: int
    last_year: int | None
    tables: tuple[Table, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        out: list[Cell] = []
        for table in self.tables:
            for block in table.blocks:
                for row in block.rows:
                    for column in block.columns:
                        out.append(_cell(table, block, row, column, len(out)))
        return tuple(out)

    @cached_property
    def by_key(self) -> Mapping[str, Cell]:
        return MappingProxyType({cell.key: cell for cell in self.cells})

    @cached_property
    def index(self) -> Mapping[str, int]:
        return MappingProxyType({cell.key: cell.index for cell in self.cells})

    def __reduce__(self) -> tuple[object, tuple[str]]:
        # An edition is a constant: it travels between processes by its name.
        return _edition, (self.id,)

    def table(self, number: TableNumber) -> Table:
        """Table 2, 3 or 4. Raises StopIteration for another number."""
        return next(table for table in self.tables if table.number == number)

    def covers(self, year: int) -> bool:
        """Whether reports of ``year`` (the year reported on) use this edition."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def _edition(id: str) -> Edition:
    return EDITIONS[id]


def _cell(table: Table, block: Block, row: Row, column: Column, index: int) -> Cell:
    unit = column.unit
    key = f"t{table.number}.{row.key}.{column.key}"
    return Cell(
        key=key,
        table=table.number,
        block=block,
        row=row,
        column=column,
        unit=unit,
        index=index,
        signed=column.key == "change",
        decimals=unit in ("万元", "元"),
    )


# --- table 3 ---------------------------------------------------------------------------------------------------------

_ORGANISATION = ("法人或其他组织",)
APPLICANT_COLUMNS: tuple[Column, ...] = (
    Column("natural", "自然人", aliases=("公民", "个人", "自然人数")),
    Column("business", "商业企业", _ORGANISATION, ("企业", "商业机构")),
    Column("research", "科研机构", _ORGANISATION, ("科研单位",)),
    Column("welfare", "社会公益组织", _ORGANISATION, ("社会公益机构", "公益组织", "社会组织")),
    Column("legal_service", "法律服务机构", _ORGANISATION, ("法律服务组织", "律师事务所")),
    Column("other", "其他", _ORGANISATION, ("其它", "其他组织")),
    Column("total", "总计", aliases=("合计", "总数", "小计", "总和")),
)
APPLICANT_KINDS: tuple[str, ...] = tuple(c.key for c in APPLICANT_COLUMNS if c.key != "total")

_DONE = "三、本年度办理结果"
_REFUSED = (_DONE, "（三）不予公开")
_UNAVAILABLE = (_DONE, "（四）无法提供")
_DECLINED = (_DONE, "（五）不予处理")
_OTHERWISE = (_DONE, "（六）其他处理")


def _outcome(key: str, code: str, path: tuple[str, ...], label: str, *aliases: str) -> Row:
    return Row(key, label, (*path, label), code, aliases, number=label.split(".")[0] + ".")


NEW = Row(
    "new", "一、本年新收政府信息公开申请数量", ("一、本年新收政府信息公开申请数量",), "A",
    ("本年新收申请数量", "本年新收", "本年度新收政府信息公开申请数量"), "一、",
)  # fmt: skip
CARRIED_IN = Row(
    "carried_in", "二、上年结转政府信息公开申请数量", ("二、上年结转政府信息公开申请数量",), "B",
    ("上年结转申请数量", "上年结转", "上年度结转政府信息公开申请数量"), "二、",
)  # fmt: skip
GRANTED = Row("granted", "（一）予以公开", (_DONE, "（一）予以公开"), "C1", ("予以公开",), "（一）")
PARTIAL = Row(
    "partial", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    (_DONE, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"), "C2",
    ("部分公开", "部分公开区分处理的只计这一情形不计其他情形"), "（二）",
)  # fmt: skip
REFUSED: tuple[Row, ...] = (
    _outcome("refused_secret", "C3.1", _REFUSED, "1.属于国家秘密", "国家秘密"),
    _outcome(
        "refused_law", "C3.2", _REFUSED, "2.其他法律行政法规禁止公开", "法律行政法规禁止公开",
        "其他法律、行政法规禁止公开", "其他法律法规禁止公开",
    ),
    _outcome(
        "refused_safety", "C3.3", _REFUSED, "3.危及“三安全一稳定”", "危及三安全一稳定", "三安全一稳定",
    ),
    _outcome("refused_third_party", "C3.4", _REFUSED, "4.保护第三方合法权益", "第三方合法权益"),
    _outcome("refused_internal", "C3.5", _REFUSED, "5.属于三类内部事务信息", "三类内部事务信息"),
    _outcome("refused_process", "C3.6", _REFUSED, "6.属于四类过程性信息", "四类过程性信息"),
    _outcome("refused_enforcement", "C3.7", _REFUSED, "7.属于行政执法案卷", "行政执法案卷", "属于行政执法案卷信息"),
    _outcome("refused_query", "C3.8", _REFUSED, "8.属于行政查询事项", "行政查询事项"),
)  # fmt: skip
UNAVAILABLE: tuple[Row, ...] = (
    _outcome(
        "unavailable_not_held", "C4.1", _UNAVAILABLE, "1.本机关不掌握相关政府信息", "不掌握相关政府信息",
        "本机关不掌握政府信息",
    ),
    _outcome(
        "unavailable_needs_making", "C4.2", _UNAVAILABLE, "2.没有现成信息需要另行制作", "需要另行制作",
        "没有现成信息，需要另行制作",
    ),
    _outcome("unavailable_unclear", "C4.3", _UNAVAILABLE, "3.补正后申请内容仍不明确", "补正后仍不明确"),
)  # fmt: skip
DECLINED: tuple[Row, ...] = (
    _outcome("declined_petition", "C5.1", _DECLINED, "1.信访举报投诉类申请", "信访、举报、投诉类申请"),
    _outcome("declined_repeat", "C5.2", _DECLINED, "2.重复申请"),
    _outcome("declined_publication", "C5.3", _DECLINED, "3.要求提供公开出版物"),
    _outcome("declined_excessive", "C5.4", _DECLINED, "4.无正当理由大量反复申请"),
    _outcome(
        "declined_confirm", "C5.5", _DECLINED, "5.要求行政机关确认或重新出具已获取信息",
        "确认或重新出具已获取信息",
    ),
)  # fmt: skip
OTHERWISE: tuple[Row, ...] = (
    _outcome(
        "other_uncorrected", "C6.1", _OTHERWISE,
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "逾期不补正",
        "申请人无正当理由逾期不补正",
    ),
    _outcome(
        "other_unpaid", "C6.2", _OTHERWISE,
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "逾期未缴费",
        "申请人逾期未按收费通知要求缴纳费用",
    ),
    _outcome("other_other", "C6.3", _OTHERWISE, "3.其他", "3.其它"),
)  # fmt: skip
OTHERWISE_2019 = Row(
    "other_other", "（六）其他处理", (_DONE, "（六）其他处理"), "C6", ("其他处理", "其它处理"), "（六）"
)
TOTAL = Row("total", "（七）总计", (_DONE, "（七）总计"), "C7", ("（七）合计", "总计", "合计"), "（七）")
CARRIED_OUT = Row(
    "carried_out", "四、结转下年度继续办理", ("四、结转下年度继续办理",), "D",
    ("结转下年度继续办理", "结转下年度办理", "结转下年继续办理"), "四、",
)  # fmt: skip

IDENTITY_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def _table3(otherwise: tuple[Row, ...]) -> Table:
    rows = (
        NEW,
        CARRIED_IN,
        GRANTED,
        PARTIAL,
        *REFUSED,
        *UNAVAILABLE,
        *DECLINED,
        *otherwise,
        TOTAL,
        CARRIED_OUT,
    )
    return Table(
        3,
        "三、收到和处理政府信息公开申请情况",
        (Block("applications", "申请人情况", rows, APPLICANT_COLUMNS, IDENTITY_NOTE),),
    )


#: Outcome rows of edition 2021 in printed order: each closed case falls in exactly one of them.
OUTCOME_ROWS: tuple[Row, ...] = (GRANTED, PARTIAL, *REFUSED, *UNAVAILABLE, *DECLINED, *OTHERWISE)

# --- table 4 ---------------------------------------------------------------------------------------------------------

REMEDY_COLUMNS: tuple[Column, ...] = (
    Column("upheld", "结果维持", aliases=("维持",)),
    Column("corrected", "结果纠正", aliases=("纠正",)),
    Column("other", "其他结果", aliases=("其它结果", "其他")),
    Column("pending", "尚未审结", aliases=("未审结",)),
    Column("total", "总计", aliases=("合计", "小计")),
)


def _remedy_block(key: str, heading: str, path: tuple[str, ...], *aliases: str) -> Block:
    return Block(key, heading, (Row(key, heading, path, aliases=aliases),), REMEDY_COLUMNS)


TABLE_4 = Table(
    4,
    "四、政府信息公开行政复议、行政诉讼情况",
    (
        _remedy_block("reconsideration", "行政复议", ("行政复议",), "复议"),
        _remedy_block(
            "suit_direct",
            "行政诉讼（未经复议直接起诉）",
            ("行政诉讼", "未经复议直接起诉"),
            "未经复议直接起诉",
        ),
        _remedy_block("suit_after", "行政诉讼（复议后起诉）", ("行政诉讼", "复议后起诉"), "复议后起诉"),
    ),
)

# --- table 2 ---------------------------------------------------------------------------------------------------------

TABLE_2_TITLE = "二、主动公开政府信息情况"
ITEM_1 = "第二十条第（一）项"
ITEM_5 = "第二十条第（五）项"
ITEM_6 = "第二十条第（六）项"
ITEM_8 = "第二十条第（八）项"
ITEM_9 = "第二十条第（九）项"
_INFO = "信息内容"

_LIFE_COLUMNS = (
    Column(
        "issued", "本年制发件数", aliases=("本年度制发件数", "制发件数", "本年制定件数", "本年新制发件数")
    ),
    Column("repealed", "本年废止件数", aliases=("本年度废止件数", "废止件数", "本年度止件数", "本年止件数")),
    Column("valid", "现行有效件数", aliases=("现行有效", "现行有效数量", "现行有效总件数")),
)
_DECISIONS = (Column("decisions", "本年处理决定数量", aliases=("处理决定数量", "本年度处理决定数量")),)

TABLE_2_2021 = Table(
    2,
    TABLE_2_TITLE,
    (
        Block(
            "item1",
            ITEM_1,
            (
                Row("rules", "规章", ("规章",), aliases=("政府规章",)),
                Row("normative", "行政规范性文件", ("行政规范性文件",), aliases=("规范性文件",)),
            ),
            _LIFE_COLUMNS,
            _INFO,
        ),
        Block("item5", ITEM_5, (Row("licence", "行政许可", ("行政许可",)),), _DECISIONS, _INFO),
        Block(
            "item6",
            ITEM_6,
            (Row("penalty", "行政处罚", ("行政处罚",)), Row("coercion", "行政强制", ("行政强制",))),
            _DECISIONS,
            _INFO,
        ),
        Block(
            "item8",
            ITEM_8,
            (Row("fee", "行政事业性收费", ("行政事业性收费",)),),
            (
                Column(
                    "amount",
                    "本年收费金额（单位：万元）",
                    aliases=("本年收费金额", "收费金额", "本年收费金额单位万元"),
                    unit="万元",
                ),
            ),
            _INFO,
        ),
    ),
)

_MADE_COLUMNS = (
    Column("made", "本年新制作数量", aliases=("本年制作数量", "新制作数量")),
    Column("published", "本年新公开数量", aliases=("本年公开数量", "新公开数量")),
    Column("public_total", "对外公开总数量", aliases=("公开总数量",)),
)
_PREVIOUS = Column("previous", "上一年项目数量", aliases=("上年项目数量",), unit="项")
_CHANGE = Column("change", "本年增/减", aliases=("本年增减", "增/减"), unit="项")
_ITEM_COLUMNS = (_PREVIOUS, _CHANGE, Column("decisions", "处理决定数量", aliases=("本年处理决定数量",)))

TABLE_2_2019 = Table(
    2,
    TABLE_2_TITLE,
    (
        Block(
            "item1",
            ITEM_1,
            (
                Row("rules", "规章", ("规章",), aliases=("政府规章",)),
                Row("normative", "规范性文件", ("规范性文件",), aliases=("行政规范性文件",)),
            ),
            _MADE_COLUMNS,
            _INFO,
        ),
        Block(
            "item5",
            ITEM_5,
            (
                Row("licence", "行政许可", ("行政许可",)),
                Row(
                    "service",
                    "其他对外管理服务事项",
                    ("其他对外管理服务事项",),
                    aliases=("其它对外管理服务事项",),
                ),
            ),
            _ITEM_COLUMNS,
            _INFO,
        ),
        Block(
            "item6",
            ITEM_6,
            (Row("penalty", "行政处罚", ("行政处罚",)), Row("coercion", "行政强制", ("行政强制",))),
            _ITEM_COLUMNS,
            _INFO,
        ),
        Block(
            "item8", ITEM_8, (Row("fee", "行政事业性收费", ("行政事业性收费",)),), (_PREVIOUS, _CHANGE), _INFO
        ),
        Block(
            "item9",
            ITEM_9,
            (Row("procurement", "政府集中采购", ("政府集中采购",)),),
            (
                Column("count", "采购项目数量", unit="项"),
                Column("amount", "采购总金额", aliases=("采购金额",), unit="万元"),
            ),
            _INFO,
        ),
    ),
)

EDITION_2021 = Edition(
    "2021",
    "政府信息公开工作年度报告格式",
    "国办公开办函〔2021〕30号",
    2021,
    None,
    (TABLE_2_2021, _table3(OTHERWISE), TABLE_4),
)
EDITION_2019 = Edition(
    "2019",
    "政府信息公开工作年度报告格式（试行）",
    "国办公开办函〔2019〕60号",
    2019,
    2020,
    (TABLE_2_2019, _table3((OTHERWISE_2019,)), TABLE_4),
)
EDITIONS: Mapping[str, Edition] = MappingProxyType({e.id: e for e in (EDITION_2019, EDITION_2021)})

#: Titles of the six sections (国办公开办函〔2021〕30号; 条例第五十条). 2019 wordings are aliases.
SECTION_TITLES: tuple[str, ...] = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
SECTION_ALIASES: tuple[tuple[str, ...], ...] = (
    ("概述", "总体情况概述"),
    ("主动公开情况", "主动公开政府信息的情况"),
    ("收到和处理政府信息公开申请的情况", "依申请公开情况", "政府信息公开申请情况"),
    (
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "政府信息公开行政复议行政诉讼情况",
        "行政复议、行政诉讼情况",
    ),
    ("政府信息公开工作存在的主要问题及改进情况", "存在的主要问题和改进情况", "主要问题及改进情况"),
    ("其他需要报告的事项情况", "需要说明的其他事项", "其他事项"),
)


def edition_for_year(year: int) -> Edition:
    """The edition prescribed for the report on ``year``. Raises ValueError before 2019 (no uniform format)."""
    for edition in EDITIONS.values():
        if edition.covers(year):
            return edition
    raise ValueError(f"{year} 年没有全国统一的年度报告格式（2019 年起才有）")
