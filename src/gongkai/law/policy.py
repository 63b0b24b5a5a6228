"""What the sources leave open, as settings: fees, publication, the annual report calendar.

Each field carries in its metadata the rule it decides, a Chinese explanation and the values it may take, so
a settings screen and `gongkai law rules` are printed from here. Defaults follow the domain sheets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class PolicyError(ValueError):
    """A policy value that is not allowed; the message names the field and what it may be."""


def setting(default: Any, rule: str, doc: str, choices: Mapping[Any, str] | None = None) -> Any:
    """A dataclass field with the rule id it decides, its Chinese explanation and its choices."""
    metadata = {"rule": rule, "doc": doc, "choices": dict(choices or {})}
    if isinstance(default, dict):
        return dataclasses.field(default_factory=lambda: dict(default), metadata=metadata, hash=False)
    return dataclasses.field(default=default, metadata=metadata)


def check_choices(policy: Any) -> None:
    """Refuse a value outside a field's choices, or an integer field below 1.

    Raises:
        PolicyError: all such fields at once.
    """
    problems = []
    for f in dataclasses.fields(policy):
        value = getattr(policy, f.name)
        choices = f.metadata.get("choices")
        if choices and value not in choices:
            problems.append(f"{f.name} 应为 {'、'.join(map(str, choices))} 之一，实为 {value!r}")
        elif type(f.default) is int and (type(value) is not int or value < 1):
            problems.append(f"{f.name} 应为不小于1的整数，实为 {value!r}")
        elif type(f.default) is bool and type(value) is not bool:
            problems.append(f"{f.name} 应为是或否，实为 {value!r}")
    if problems:
        raise PolicyError(f"{type(policy).__name__}：" + "；".join(problems))


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One policy field for display."""

    name: str
    rule: str
    doc: str
    default: Any
    choices: Mapping[Any, str]


def settings_of(policy: type) -> tuple[SettingInfo, ...]:
    """All fields of a policy class that decide a rule, with defaults and choices."""
    out = []
    for f in dataclasses.fields(policy):
        if "rule" not in f.metadata:
            continue
        factory = f.default_factory
        default = f.default if factory is dataclasses.MISSING else factory()
        name = f"{policy.__name__}.{f.name}"
        out.append(SettingInfo(name, f.metadata["rule"], f.metadata["doc"], default, f.metadata["choices"]))
    return tuple(out)


@dataclass(frozen=True)
class FeePolicy:
    """What 国办函〔2020〕109号 does not settle about the processing fee."""

    fee_counting_group: Mapping[str, str] = setting(
        {}, "fee.counting-group", "机关 → 合并计件的组；未列出的机关各自计件，不同部门从不合并"
    )
    joint_applicants: str = setting(
        "group",
        "fee.joint-applicants",
        "多人联名申请如何计件",
        {"group": "联名的一组人视为一个申请人", "each": "计入每一名联名人，按序号最大者计费"},
    )
    withdrawn: str = setting(
        "received",
        "fee.withdrawn",
        "撤回的申请是否计件",
        {"received": "确认收到之前撤回的不计", "never": "撤回的一律不计", "always": "撤回的一律计入"},
    )
    order: str = setting(
        "received",
        "fee.order",
        "同月各件的先后",
        {"received": "先按收到日期，再按登记编号", "number": "只按登记编号"},
    )
    larger_than_a4: str = setting(
        "a4-preview",
        "fee.page",
        "大于A4的纸张、电子表格、音像如何折算页数",
        {"a4-preview": "按A4打印预览折算并记录方法", "not-charged": "不计页数"},
    )
    partial_payment: str = setting(
        "unpaid",
        "fee.partial-payment",
        "只缴部分款项的效力",
        {"unpaid": "视为未缴", "extend": "逾期前部分缴纳的，经决定可另定补缴期限"},
    )
    late_payment: str = setting(
        "new-application",
        "fee.late-payment",
        "逾期后缴费的处理",
        {"new-application": "已视为放弃，须重新申请并退还款项", "reopen": "经决定可以恢复处理"},
    )
    partial_grace: int = setting(10, "fee.partial-payment", "部分缴纳后另定的补缴期限（工作日）")

    def __post_init__(self) -> None:
        check_choices(self)


@dataclass(frozen=True)
class PublicationPolicy:
    """Periods of publication that come from guidance or local practice rather than the Regulation."""

    licence_days: int = setting(7, "publication.licence", "行政许可决定公开期限（工作日）")
    penalty_days: int = setting(7, "publication.penalty", "行政处罚决定公开期限（工作日）")
    enforcement_days: int = setting(20, "publication.enforcement", "其他行政执法结果公开期限（工作日）")
    interpretation_days: int = setting(
        3, "publication.interpretation", "政策解读在文件公开后的最迟发布期限（工作日）"
    )
    draft_days: int = setting(30, "publication.decision-draft", "重大行政决策草案征求意见的期限（日）")
    review_months: int = setting(12, "publication.dynamic-adjustment", "对不予公开信息重新评估的间隔（月）")
    rollover: bool = setting(
        False, "publication.calendar-days", "以日计的公开期限届满日为休息日时，是否顺延到次一工作日"
    )

    def __post_init__(self) -> None:
        check_choices(self)


@dataclass(frozen=True)
class Milestone:
    """An internal step towards the report: `month`/`day` in the year after the reported year, or in the
    reported year itself when `same_year`. `who` is a role in Chinese."""

    key: str
    name: str
    month: int
    day: int
    who: str
    same_year: bool = False


# Our own rhythm, working back from the two statutory dates; every office may set its own.
DEFAULT_MILESTONES = (
    Milestone("notice", "部署年度报告编制", 12, 20, "主管部门", same_year=True),
    Milestone("freeze", "台账截止，核对在办与结转", 12, 31, "各机关公开机构", same_year=True),
    Milestone("collect", "汇总各内设机构数据", 1, 8, "各机关公开机构"),
    Milestone("draft", "形成报告初稿，完成勾稽核对", 1, 15, "各机关公开机构"),
    Milestone("review", "负责人审定、保密审查", 1, 22, "各机关负责人"),
    Milestone("township", "乡镇、街道报告报送并公布", 1, 31, "乡镇人民政府、街道办事处"),
    Milestone("aggregate", "汇总本级政府数据并与下级核对", 2, 20, "主管部门"),
    Milestone("government-draft", "本级政府报告送审", 3, 10, "主管部门"),
)


@dataclass(frozen=True)
class ReportCalendarPolicy:
    """Internal milestones and the dates the Regulation does not give."""

    township_month: int = setting(1, "report.township", "乡镇报告报送公布期限（月）")
    township_day: int = setting(31, "report.township", "乡镇报告报送公布期限（日）")
    warn_days: int = setting(10, "report.milestones", "期限前多少个工作日开始提醒")
    milestones: tuple[Milestone, ...] = setting(
        DEFAULT_MILESTONES, "report.milestones", "年度报告编制的内部节点"
    )

    def __post_init__(self) -> None:
        check_choices(self)
