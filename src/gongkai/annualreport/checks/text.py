"""The quality of the text itself: section five, enumerations, unfinished sentences, stray characters (07 §2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report, Section

from . import contact, wording
from .base import ARTICLE_50, FORMAT, PRACTICE, finding, narrative

_LONGEST = 400_000

# --- section five ----------------------------------------------------------------------------------------------------

#: Words by which a shortcoming is named. They are taken out before measures are looked for: 有待改进 is no measure.
_PROBLEM = re.compile(
    r"有待于?(?:进一步)?[\u4e00-\u9fff]{0,8}|(?:还|仍|尚|均|也)?(?:需|须)(?:要)?(?:进一步|继续|不断|持续)?[\u4e00-\u9fff]{0,8}|问题|不足|短板|弱项|薄弱|差距|欠缺|不够[\u4e00-\u9fff]{0,4}"
    r"|不[高强全深实细优佳广严多快准活畅齐紧均]|不及时|不到位|不规范|不完善|不健全|不平衡|不充分|不丰富|不明显|不同步|不统一|不精准|不主动|滞后|缺乏|缺少|缺失|困难|难点|堵点|单一"
    r"|偏[弱低少慢窄软重]|较[弱低少慢窄差]|(?:更新|公开|进度|反应)慢|参差不齐|弱化|流于形式|漏洞|盲区|被动"
)
_NO_PROBLEM = re.compile(r"(?:无|没有|暂无|未发现)(?:明显|突出|较大)?(?:的)?问题")
_FORWARD = re.compile(
    r"改进(?:措施|情况|方向|办法|举措|工作|意见)|整改(?!不|滞)|下一步|下步|下一阶段|今后|接下来|下一年|来年|明年|20\d\d年(?:度)?，?[\u4e00-\u9fff]{0,12}将|为此|对此|针对(?:以上|上述|存在|这些)|努力方向|"
    r"工作(?:打算|思路|计划|安排|举措|重点)|采取(?:了)?(?:以下|有力|有效)?[\u4e00-\u9fff]{0,4}措施|我们将|我[区县市局委办镇乡省厅]将|本机关将|(?<![即必])将(?:进一步|继续|持续|着力|重点|不断|坚持|加强|加大|严格|认真|积极|以|围绕|通过|从|深化|完善|优化|聚焦|按照|把|对|在|不折不扣|切实|着重|努力)|"
    r"(?:[一二三四五六]|我们)要|改进"
)
#: A clause that opens with doing something. Only at the head of a clause: 优化不够 was removed above.
_MEASURE = re.compile(
    r"(?:^|[。；;：:，,\n]|[一二三四五六七八九]是|[（(][一二三四五六七八九\d]+[）)]|\d[.、．]|首先|其次)\s*(?:我[区县市局委办镇乡省厅])?(?:要|应|已|是|着力|切实|进一步|持续|不断|积极|继续)*"
    r"(?:加强|加大|强化|提升|提高|完善|健全|优化|丰富|拓宽|拓展|规范|聚焦|压实|落实|严格|严把|深化|推进|推动|抓好|做好|夯实|创新|建立|组织|开展|举办|召开|督促|定期|细化|扩大|增强|坚持|狠抓|整合|常态化)"
)


def _problems(text: str) -> bool:
    return bool(_PROBLEM.search(_NO_PROBLEM.sub("", text)))


def _measures(text: str) -> bool:
    rest = _PROBLEM.sub("□", text)
    return bool(_FORWARD.search(rest) or _MEASURE.search(rest))


@rule(
    "TEXT-PROBLEMS", Family.TEXT, Severity.ERROR, "第五部分没有写存在的问题", f"{ARTICLE_50}第（五）项；{FORMAT}",
    explanation="年度报告应写明政府信息公开工作存在的主要问题，不能只写成绩或者“无”。",
    example="第五部分只有“无”。",
)  # fmt: skip
def problems(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report, 5):
        if not _problems(section.text[:_LONGEST]):
            yield finding(
                report, "TEXT-PROBLEMS", "第五部分没有写明存在的主要问题。", spans=(_whole(section),),
                suggestion="结合本年的申请、复议、检查情况写具体问题。",
            )  # fmt: skip


@rule(
    "TEXT-MEASURES", Family.TEXT, Severity.ERROR, "第五部分没有写改进措施", f"{ARTICLE_50}第（五）项；{FORMAT}",
    explanation="第五部分的标题是“存在的主要问题及改进情况”，只列问题、不写改进，内容不全。",
    example="列了四个问题，没有一句措施。",
)  # fmt: skip
def measures(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report, 5):
        text = section.text[:_LONGEST]
        if _problems(text) and not _measures(text):
            yield finding(
                report, "TEXT-MEASURES", "第五部分列了问题，没有写改进措施或改进情况。", spans=(_whole(section),),
                suggestion="逐个问题写改进措施，并说明上年问题的改进情况。",
            )  # fmt: skip


def _whole(section: Section) -> wording.Span:
    """The head of a section, standing for all of it."""
    head = section.text[:40]
    return wording.Span(section.number, 0, len(head), head)


# --- section six: the fee ---------------------------------------------------------------------------------------------

_FEE = re.compile(r"处理费|收费|费用|缴费")


@rule(
    "TEXT-FEE", Family.TEXT, Severity.WARNING, "第六部分没有说明信息处理费", f"{FORMAT}；国办函〔2020〕109号",
    explanation="收取信息处理费的情况应在第六部分报告，没有收取的也应写明；表三有“逾期未缴纳费用”的必须写。",
    example="第六部分写“无”。",
    since_year=2021,
)  # fmt: skip
def silent_on_fees(report: Report, context: Context) -> Iterator[Finding]:
    section = report.section(6)
    if section is None or not section.text.strip() or _FEE.search(section.text):
        return
    key = "t3.other_unpaid.total"
    unpaid = report.amount(key) if key in report.edition.by_key else None
    elsewhere = any("处理费" in other.text for other in report.sections)
    level = Severity.ERROR if unpaid and not elsewhere else Severity.NOTE if elsewhere else Severity.WARNING
    yield finding(
        report, "TEXT-FEE",
        "第六部分没有说明收取信息处理费的情况"
        + ("，信息处理费写在了别的部分。" if elsewhere else f"，而表三有逾期未缴费{unpaid}件。" if unpaid else "。"),
        cells=(key,) if unpaid else (), spans=(_whole(section),), severity=level,
        suggestion="写明“本年度未收取信息处理费”，或者通知件数、应收和实收金额。",
    )  # fmt: skip


# --- enumerations -----------------------------------------------------------------------------------------------------

_ORDER = "一二三四五六七八九十"
_MARKERS = re.compile(
    rf"(?:(?<=[。；;，,：:、\n）)*])|^)\s*(?:(?P<shi>[{_ORDER}])是|(?P<yao>[{_ORDER}])要(?!素|点|务|求|件|闻)|(?P<qi>其[{_ORDER}])[，,是]|第(?P<di>[{_ORDER}])[，,是]"
    rf"|[（(](?P<kuo>[{_ORDER}])[）)])"
)
_NAMES = {"shi": "{}是", "yao": "{}要", "qi": "其{}", "di": "第{}", "kuo": "（{}）"}


@rule(
    "TEXT-ENUM", Family.TEXT, Severity.NOTE, "列举的序号断了", PRACTICE,
    explanation="“一是…二是…三是”“一要…二要…三要”“（一）（二）（三）”应当连续；嵌套列举各自从一开始。",
    example="“一要…要…三要”，缺“二要”。",
)  # fmt: skip
def enumerations(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report, 1, 5, 6):
        for name, missing, match in _gaps(section.text[:_LONGEST]):
            seen, absent = _NAMES[name].format(match[name][-1]), _NAMES[name].format(_ORDER[missing - 1])
            yield finding(
                report, "TEXT-ENUM", f"{wording.PARTS[section.number]}的列举写到“{seen}”，前面没有“{absent}”。",
                spans=(wording.Span(section.number, match.start(), match.end(), match.group().strip()),),
                discriminator=f"{seen}{match.start()}",
            )  # fmt: skip


def _gaps(text: str) -> Iterator[tuple[str, int, re.Match[str]]]:
    """Markers whose predecessor is missing: (kind, number missing, match). Nested lists are kept apart on a stack."""
    open_lists: dict[str, list[int]] = {}
    for match in _MARKERS.finditer(text):
        name = match.lastgroup or "shi"
        number = _ORDER.index(match[name][-1]) + 1
        stack = open_lists.setdefault(name, [])
        while stack and number != 1 and stack[-1] != number - 1 and number - 1 in stack:
            stack.pop()
        if number == 1:
            stack.append(1)
            del stack[:-8]
            continue
        if not stack or stack[-1] != number - 1:
            yield name, number - 1, match
        if stack:
            stack[-1] = number
        else:
            stack.append(number)


# --- characters and marks ---------------------------------------------------------------------------------------------

_STRAY = re.compile(
    r"[\ufffd\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f]+|&(?:nbsp|amp|lt|gt|quot|#\d{1,6});|锟斤拷|烫烫烫|[ÃÂâ][\x80-\xbf€™“]+"
    r"|(?<=[\u4e00-\u9fff])\s*&\s*(?=[\u4e00-\u9fff])|</?(?:p|span|br|div|td|o:p)\b[^>]{0,80}>|\b(?:undefined|NaN)\b|[×X]{2,}(?=[件条份元年月日个])"
)
_PUNCTUATION = re.compile(
    r"[，、；：。！？]{2,}|(?<=[\u4e00-\u9fff]),(?=[\u4e00-\u9fff])|[（“《][，。；、]|[，、；](?=[）])|。(?=[”])。"
)
_DOUBLED = re.compile(
    r"([\u4e00-\u9fff]{3,6})\1|(进行|加强|提升|开展|推进|完善|强化|确保|落实|以及|通过|对于|按照|根据|及时|不断|持续|积极|全面|有效|切实|提高|加大|健全|做好|推动|严格|认真|工作情况)\2"
    r"|(?<![目标似])的的(?!确|士)|(?<!为)了了(?![解然])"
)
_REPEATS = re.compile(r"[一逐一挨][\u4e00-\u9fff]")


@rule(
    "TEXT-STRAY", Family.TEXT, Severity.NOTE, "正文里有多余或乱码字符", PRACTICE,
    explanation="网页标记、转义符、替换字符、夹在汉字间的符号，多是排版或转码留下的。",
    example="“权威性 & 公信力”。",
)  # fmt: skip
def stray(report: Report, context: Context) -> Iterator[Finding]:
    yield from _matches(report, "TEXT-STRAY", _STRAY, "有多余或乱码的字符")


@rule(
    "TEXT-PUNCT", Family.TEXT, Severity.NOTE, "标点有误", "《标点符号用法》（GB/T 15834—2011）",
    explanation="标点重叠、半角逗号、括号或引号后紧接逗号句号。",
    example="“公开内容。，”。",
)  # fmt: skip
def punctuation(report: Report, context: Context) -> Iterator[Finding]:
    yield from _matches(report, "TEXT-PUNCT", _PUNCTUATION, "标点有误")


@rule(
    "TEXT-DOUBLED", Family.TEXT, Severity.NOTE, "词语重复", PRACTICE,
    explanation="同一词语连写两遍，多是输入时留下的。",
    example="“进一步进一步加强”。",
)  # fmt: skip
def doubled(report: Report, context: Context) -> Iterator[Finding]:
    yield from _matches(report, "TEXT-DOUBLED", _DOUBLED, "词语重复")


def _matches(report: Report, rule_id: str, pattern: re.Pattern[str], what: str) -> Iterator[Finding]:
    """One finding per section, with every place; nothing for what only looks like the fault."""
    for section in narrative(report, 0, 1, 5, 6):
        text = section.text[:_LONGEST]
        found = [
            m for m in pattern.finditer(text) if not (rule_id == "TEXT-DOUBLED" and _REPEATS.match(m.group()))
        ][:20]
        if not found:
            continue
        first = found[0]
        around = text[max(0, first.start() - 8) : first.end() + 8].replace("\n", " ")
        more = f"等{len(found)}处" if len(found) > 1 else ""
        yield finding(
            report, rule_id, f"{wording.PARTS[section.number]}“{around}”{more}{what}。",
            spans=tuple(wording.Span(section.number, m.start(), m.end(), m.group()) for m in found),
        )  # fmt: skip


_CLOSED = frozenset("。！？!?.…”』」）)】》;；:：")
_SIGNATURE = re.compile(r"(?:日|政府|办公室|局|委员会|委|厅|中心|街道办事处|乡|镇)$|^(?:附件|表|图|注)")


@rule(
    "TEXT-UNFINISHED", Family.TEXT, Severity.NOTE, "句子没有写完", PRACTICE,
    explanation="部分的最后一句以逗号、顿号结束，或者没有句末标点。",
    example="“依法依规做好，”。",
)  # fmt: skip
def unfinished(report: Report, context: Context) -> Iterator[Finding]:
    for section in narrative(report, 1, 5, 6):
        text = section.text.rstrip(" \n\t\u3000*")
        line = text[text.rfind("\n") + 1 :].strip()
        last = text[-1:]
        open_end = last in "，、,"
        bare = "\u4e00" <= last <= "\u9fff" and len(line) > 24 and not _SIGNATURE.search(line)
        if open_end or bare:
            yield finding(
                report, "TEXT-UNFINISHED", f"{wording.PARTS[section.number]}的最后一句“…{line[-16:]}”似乎没有写完。",
                spans=(wording.Span(section.number, len(text) - min(16, len(text)), len(text), text[-16:]),),
            )  # fmt: skip


__all__ = [
    "contact",
    "doubled",
    "enumerations",
    "measures",
    "problems",
    "punctuation",
    "silent_on_fees",
    "stray",
    "unfinished",
]
