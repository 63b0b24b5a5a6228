"""Demonstration: the county's draft half written with fields, last year's problems partly answered."""

from __future__ import annotations

from gongkai.organs.scope import SYSTEM
from gongkai.reports.models import AnnualReport, ReportSection
from gongkai.reports.narrative.followups import asked
from gongkai.reports.narrative.outline import templates
from gongkai.reports.narrative.services import save_followup, save_section

#: One sentence is typed by hand on purpose: the editor shows what the check says of it.
OVERVIEW = """（一）主动公开。{disclosure}
（二）依申请公开。{application}本年度已办结政府信息公开申请26件。
（三）政府信息管理。{management}
（四）政府信息公开平台建设。
（五）监督保障。"""
PROBLEMS = """存在的主要问题：一是个别乡镇的公开指南仍是旧版，联系电话变更后没有及时更新；二是依申请公开办理水平有待进一步提升。
改进情况：{{上年问题整改情况}}下一步，逐单位核对公开指南，每季度抽查一次答复文书，结果在全区通报。"""
ANSWERS = (
    ("going", "按领域列出应公开事项清单，逐部门核对，缺项限期补齐"),
    ("solved", "网站与新媒体改用同一审核发布流程，同一信息同日发布"),
)


def fill(row: AnnualReport) -> None:
    """Write into a compiled draft; one that already has text is left alone."""
    if ReportSection.objects.filter(report=row).exists():
        return
    first = dict(reversed(templates()))
    for item, (progress, done) in zip(asked(row), ANSWERS, strict=False):
        save_followup(SYSTEM, row, item.problem, progress, done)
    save_section(SYSTEM, row, "1", OVERVIEW.format(**first))
    save_section(SYSTEM, row, "5", PROBLEMS)
