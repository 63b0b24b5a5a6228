"""The words of a remedy: which way, which instance, how it ended, and the column of table 4 an ending counts in.

The default columns are those of domain sheet 02 §4; an organ's settings may change them from a year on
(:class:`gongkai.remedies.models.RemedySettings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models


class Kind(models.TextChoices):
    """The row of table 4; the values are the annual report's own keys."""

    RECONSIDERATION = "reconsideration", "行政复议"
    SUIT_DIRECT = "suit_direct", "行政诉讼（未经复议直接起诉）"
    SUIT_AFTER = "suit_after", "行政诉讼（复议后起诉）"


SUITS = (Kind.SUIT_DIRECT, Kind.SUIT_AFTER)


class Instance(models.TextChoices):
    """The instance of a suit; empty for a reconsideration."""

    FIRST = "first", "一审"
    SECOND = "second", "二审"
    RETRIAL = "retrial", "再审"


class Procedure(models.TextChoices):
    ORDINARY = "ordinary", "普通程序"
    SIMPLE = "simple", "简易程序"


class State(models.TextChoices):
    """Where a remedy stands; folded from its steps."""

    NOTIFIED = "notified", "待答复举证"
    ANSWERED = "answered", "已答复举证"
    HEARING = "hearing", "审理中"
    DECIDED = "decided", "已有结果"
    COMPLYING = "complying", "履行中"
    CLOSED = "closed", "已结案"


#: States in which the authority or the court has not decided.
UNDECIDED = (State.NOTIFIED, State.ANSWERED, State.HEARING)


class Result(models.TextChoices):
    """How the authority or the court decided, in detail."""

    UPHELD = "upheld", "维持"
    CLAIM_REJECTED = "claim_rejected", "驳回复议请求或者诉讼请求"
    REVOKED = "revoked", "撤销"
    REVOKED_REDO = "revoked_redo", "撤销并责令重新作出答复"
    CHANGED = "changed", "变更"
    ILLEGAL = "illegal", "确认违法"
    INVALID = "invalid", "确认无效"
    ORDERED = "ordered", "责令履行"
    REDO = "redo", "责令重作"
    DISMISSED = "dismissed", "驳回申请或者起诉"
    WITHDRAWN = "withdrawn", "撤回"
    TERMINATED = "terminated", "终止"
    SETTLED = "settled", "调解"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    TRANSFERRED = "transferred", "移送"


class Group(models.TextChoices):
    """The column of table 4, or none."""

    UPHELD = "upheld", "结果维持"
    CORRECTED = "corrected", "结果纠正"
    OTHER = "other", "其他结果"
    EXCLUDED = "excluded", "不计入"


R, G = Result, Group
#: Result → column where nothing else is set (02 §4).
DEFAULT_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        R.UPHELD: G.UPHELD, R.CLAIM_REJECTED: G.UPHELD,
        R.REVOKED: G.CORRECTED, R.REVOKED_REDO: G.CORRECTED, R.CHANGED: G.CORRECTED, R.ILLEGAL: G.CORRECTED,
        R.INVALID: G.CORRECTED, R.ORDERED: G.CORRECTED, R.REDO: G.CORRECTED,
        R.DISMISSED: G.OTHER, R.WITHDRAWN: G.OTHER, R.TERMINATED: G.OTHER, R.SETTLED: G.OTHER,
        R.NOT_ACCEPTED: G.OTHER, R.TRANSFERRED: G.OTHER,
    }
)  # fmt: skip
#: Results that oblige the organ to answer once more: the case is opened again.
REOPENING = frozenset({R.REVOKED_REDO, R.ORDERED, R.REDO})


class Step(models.TextChoices):
    """What can be put on record, in the usual order."""

    REGISTERED = "registered", "收到通知"
    REPLIED = "replied", "提交答复和证据"
    HEARING = "hearing", "审理安排"
    RESULTED = "resulted", "作出结果"
    SERVED = "served", "收到决定或者裁判文书"
    EFFECTIVE = "effective", "结果生效"
    COMPLIED = "complied", "履行"
    LESSON = "lesson", "警示分析"
    CLOSED = "closed", "结案"
    STRUCK = "struck", "更正记录"
