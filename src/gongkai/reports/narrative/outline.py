"""Guided outline: what each section is expected to say, and ready sentences with the year's figures as fields.

A sentence is offered only while every field in it has a value and at least one number in it is not zero: the outline
never claims a thing that no ledger holds. Strands: sheet 02 §1.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gongkai.reports.narrative import (  # noqa: F401  (registers the fields of the stock sentences)
    cellfields,
    followups,
    ledgerfields,
    opening,
    publication_fields,
)
from gongkai.reports.narrative.fields import MARK, Figures, fill, get, names_in, problems


@dataclass(frozen=True, slots=True)
class Strand:
    """A heading of a section; ``guide`` says what belongs there."""

    key: str
    section: str
    heading: str
    guide: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A ready sentence: ``template`` with fields, ``shown`` as it would read now."""

    number: int
    strand: str
    template: str
    shown: str


STRANDS: tuple[Strand, ...] = (
    Strand("disclosure", "1", "（一）主动公开", "公开了哪些重点领域信息，文件、解读、回应各多少，与上年比有什么变化。"),
    Strand(
        "application", "1", "（二）依申请公开", "收到、办结、结转各多少件，主要涉及什么，办理机制有什么改进，复议诉讼情况。"
    ),
    Strand("management", "1", "（三）政府信息管理", "文件登记、公开属性认定、清理、目录更新、保密审查、归档的情况。"),
    Strand("platform", "1", "（四）政府信息公开平台建设", "网站、专栏、新媒体、公报、查阅场所的建设和维护。"),
    Strand("supervision", "1", "（五）监督保障", "机构人员、培训、考核、社会评议、责任追究的结果。"),
    Strand("problems", "5", "存在的主要问题", "写本年的、具体的问题：什么事、哪个环节、到什么程度。与上年相同的，写明为什么仍未解决。"),
    Strand("measures", "5", "改进情况", "上年的问题改进到哪一步；本年的问题准备怎么改、由谁改、何时改完。"),
    Strand("fee", "6", "（一）收费情况", "信息处理费：通知件数、应收、实收；没有收取的也要写明。"),
    Strand("other", "6", "（二）其他需要报告的事项", "重点工作落实、建议提案公开、对上年报告的更正等；没有的写“无”。"),
)  # fmt: skip

_OFFERS: list[tuple[str, str]] = []


def register_sentences(strand: str, *templates: str) -> None:
    """Add ready sentences to a strand (other apps call it for the figures of their ledgers).

    Raises KeyError for an unknown strand or a field that is not registered.
    """
    if strand not in {s.key for s in STRANDS}:
        raise KeyError(strand)
    for template in templates:
        for match in MARK.finditer(template):
            if get(match[1]) is None:
                raise KeyError(match[1])
        _OFFERS.append((strand, template))


def templates() -> list[tuple[str, str]]:
    """Every ready sentence with its strand."""
    return list(_OFFERS)


def strands(section: str) -> list[Strand]:
    """The headings expected in a section, in order."""
    return [strand for strand in STRANDS if strand.section == section]


def names(section: str) -> set[str]:
    """The fields that the ready sentences of a section need."""
    mine = {s.key for s in strands(section)}
    return {name for strand, text in _OFFERS if strand in mine for name in names_in(text)}


def offers(section: str, figures: Figures) -> list[Offer]:
    """The ready sentences of a section that can be said of this year."""
    mine = {s.key for s in strands(section)}
    return [
        Offer(number, strand, text, fill(text, figures))
        for number, (strand, text) in enumerate(_OFFERS)
        if strand in mine and not problems(text, figures) and _says_something(text, figures)
    ]


def _says_something(text: str, figures: Figures) -> bool:
    """Whether a figure of this year in it is not zero; a sentence of words alone counts where it has words."""
    found = [get(match[1]) for match in MARK.finditer(text)]
    said = [
        field.fill(figures)
        for field in found
        if field and not (field.sentence and len(found) > 1) and not field.name.startswith("上年")
    ] or [fill(text, figures)]
    return any(value not in (None, "0", "—", "") for value in said)


def put(text: str, section: str, number: int) -> str:
    """``text`` with a ready sentence set at the end of its strand; the heading is added where it is missing.

    Raises IndexError for an unknown sentence or one of another section.
    """
    strand_key, template = _OFFERS[number]
    strand = next((s for s in strands(section) if s.key == strand_key), None)
    if strand is None:
        raise IndexError(number)
    lines = text.split("\n") if text.strip() else []
    at = next((i for i, line in enumerate(lines) if _is_heading(line, strand)), None)
    if at is None:
        return "\n".join([*lines, f"{strand.heading}。{template}"])
    end = _end_of(lines, at, strands(section))
    lines[end] = lines[end].rstrip() + template
    return "\n".join(lines)


def _is_heading(line: str, strand: Strand) -> bool:
    name = strand.heading.split("）")[-1]
    head = line.strip()[:24]
    return name in head or name.removeprefix("政府信息公开") in head


def _end_of(lines: list[str], at: int, others: Collection[Strand]) -> int:
    """The last line of the strand that begins at ``at``."""
    end = at
    for index in range(at + 1, len(lines)):
        if any(_is_heading(lines[index], other) for other in others):
            break
        if lines[index].strip():
            end = index
    return end


register_sentences(
    "disclosure",
    "{{报告年度}}年，制发行政规范性文件{{规范性文件制发数}}件，废止行政规范性文件{{规范性文件废止数}}件，"
    "现行有效行政规范性文件{{规范性文件现行有效数}}件。",
    "全年制发行政规范性文件{{规范性文件制发数}}件，上年为{{上年规范性文件制发数}}件。",
    "全年公布各类文件{{公开文件数}}件，发布政策解读{{政策解读数}}篇。",
    "{{报告年度}}年，通过各渠道主动公开信息{{主动公开发布总数}}条，其中政府门户网站{{政府门户网站发布数}}条、"
    "政务新媒体{{政务新媒体发布数}}条、线下公示栏{{线下公示栏发布数}}条、其他平台{{其他平台发布数}}条。",
    "按类别分，概况类信息{{概况类信息发布数}}条、政务动态类信息{{政务动态类信息发布数}}条、"
    "法定主动公开类信息{{法定主动公开类信息发布数}}条、基层政务公开类信息{{基层政务公开类信息发布数}}条。",
    "发布政策解读材料{{解读材料数}}篇，其中文字解读{{文字解读数}}篇、图解{{图解数}}篇、视频解读{{视频解读数}}篇。",
    "推出系列解读{{系列解读期数}}期。",
    "全年作出行政许可决定{{行政许可决定数}}件、行政处罚决定{{行政处罚决定数}}件、行政强制决定{{行政强制决定数}}件。",
    "全年行政事业性收费金额{{行政事业性收费金额}}万元。",
)
register_sentences(
    "application",
    "{{报告年度}}年，新收政府信息公开申请{{新收总数}}件，上年结转{{上年结转总数}}件，办结{{办结总数}}件，"
    "结转下年度继续办理{{结转下年度总数}}件。",
    "本年新收政府信息公开申请{{新收总数}}件，比上年{{新收总数增减}}。",
    "新收的政府信息公开申请中，自然人{{自然人新收数}}件，法人或其他组织{{法人或其他组织新收数}}件。",
    "办结的政府信息公开申请中，予以公开{{予以公开总数}}件，部分公开{{部分公开总数}}件，不予公开{{不予公开总数}}件，"
    "无法提供{{无法提供总数}}件，不予处理{{不予处理总数}}件，其他处理{{其他处理总数}}件。",
    "申请内容主要涉及{{申请主要主题}}。",
    "政府信息公开行政复议{{行政复议总数}}件，其中结果维持{{行政复议维持数}}件，结果纠正{{行政复议纠正数}}件，"
    "其他结果{{行政复议其他结果数}}件，尚未审结{{行政复议尚未审结数}}件。",
    "政府信息公开行政诉讼{{行政诉讼总数}}件，其中结果维持{{行政诉讼维持数}}件，结果纠正{{行政诉讼纠正数}}件，"
    "其他结果{{行政诉讼其他结果数}}件，尚未审结{{行政诉讼尚未审结数}}件。",
)
register_sentences(
    "management",
    "全年登记印发文件{{发文数}}件，公布政府文件公开目录{{文件目录期数}}期。",
    "目前现行有效行政规范性文件{{规范性文件现行有效数}}件。",
)
register_sentences("measures", "{{上年问题整改情况}}")
register_sentences("fee", "{{信息处理费情况}}。")
