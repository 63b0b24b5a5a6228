"""Reading claims out of a report's narrative, per report and per 3,000 characters.

Beside it stands what one would write without a grammar: one expression per predicate ("受理…N件"), searched one after the
other over the same text, with nothing said about negation, year, scope or sums.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from gongkai.annualreport import checks
from gongkai.annualreport.findings import Context
from gongkai.annualreport.model import Report
from gongkai.annualreport.narrative import claims, extract
from gongkai.demo import figures

_WORDS = [
    "新收",
    "收到",
    "受理",
    "办理",
    "办结",
    "答复",
    "上年结转",
    "结转",
    "予以公开",
    "部分公开",
    "不予公开",
    "无法提供",
    "不予处理",
    "其他处理",
    "自然人",
    "法人",
    "制发",
    "废止",
    "现行有效",
    "规范性文件",
    "行政许可",
    "行政处罚",
    "行政强制",
    "收费",
    "信息处理费",
    "行政复议",
    "行政诉讼",
    "维持",
    "纠正",
    "未发生",
    "没有",
    "答复率",
    "公开率",
    "其中",
    "分别",
    "同比",
]
_PATTERNS = [
    re.compile(rf"{word}[^\n，。；]{{0,30}}?(\d[\d,.]*)\s*(万?余?)(件|条|次|%|万元)?") for word in _WORDS
]


def _peer(texts: Sequence[str]) -> int:
    return sum(len(pattern.findall(text)) for text in texts for pattern in _PATTERNS)


def _seconds(work: Callable[[], object], rounds: int) -> float:
    """Best of three runs of ``rounds``, in processor time: other work on the machine does not count."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, (time.process_time() - start) / rounds)
    return best


def _typical(length: int = 3000) -> list[Report]:
    """The five reports, their narrative brought to about ``length`` characters by sentences without numbers as offices write them."""
    fill = "坚持公开为常态，完善制度机制，加强队伍建设，围绕群众关切梳理公开重点，优化栏目设置，规范信息发布，推动政策解读与文件同步起草、同步审签、同步发布。"
    reports = figures.reports()
    for report in reports:
        size = sum(len(section.text) for section in report.sections)
        first = next(section for section in report.sections if section.number == 1)
        first.text = first.text + "\n" + fill * max(0, (length - size) // len(fill))
    return reports


def run(rounds: int = 40) -> list[dict[str, Any]]:
    """Lines for the table: milliseconds a report for extraction, and for all checks of a report with narrative."""
    lines = []
    for name, reports in (("五份报告的正文", figures.reports()), ("约3000字的正文", _typical())):
        texts = [[section.text for section in report.sections] for report in reports]

        def read(reports: list[Report] = reports) -> None:
            for report in reports:
                extract.forget()
                claims(report)

        ours = _seconds(read, rounds) / len(reports) * 1000
        peer = _seconds(lambda texts=texts: [_peer(t) for t in texts], rounds) / len(reports) * 1000  # type: ignore[misc]
        lines.append(
            {
                "name": f"提取陈述（{name}）",
                "ours": ours,
                "peer": peer,
                "unit": "毫秒/份",
                "ratio": peer / ours,
                "against": f"{len(_PATTERNS)} 条正则逐条查找",
            }
        )
    last, this = figures.get("LT24"), figures.get("LT25")

    def check() -> None:
        extract.forget()
        checks.check(this, Context(previous=last))

    lines.append(
        {
            "name": "全部规则核验一份（含正文、上年）",
            "ours": _seconds(check, rounds) * 1000,
            "unit": "毫秒/份",
        }
    )
    return lines
