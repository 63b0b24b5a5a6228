"""The life of a report as data: which act leads from where to where, who may do it, what it asks and what it does.

Everything else reads this table: the service that does an act, the buttons on the screen, the documentation and the
tests (inventory M16; 02 §8).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.reports.models import State


class Where(StrEnum):
    """At whose organ the permission is asked."""

    ORGAN = "organ"  # the report's own
    SUPERIOR = "superior"  # the one that collects it


class Way(StrEnum):
    """Whom a report concerns; a report of a county may at once collect and be collected."""

    COLLECTED = "collected"  # a superior has asked this unit for its report
    ALONE = "alone"  # nobody on the platform has
    COLLECTS = "collects"  # it sums up the units of its own collection
    SINGLE = "single"  # it does not


@dataclass(frozen=True, slots=True)
class Act:
    """One arrow. ``ways``: all of these must hold. ``clean``: no open errors. ``freezes``: from here the text stands
    still; ``thaws``: it lives again. ``other_hand``: not by who prepared the text. ``rolled``: the roll-up must hold.
    """

    name: str
    label: str
    sources: frozenset[State]
    target: State
    action: str
    where: Where = Where.ORGAN
    ways: frozenset[Way] = frozenset()
    note: bool = False
    clean: bool = False
    freezes: bool = False
    thaws: bool = False
    other_hand: bool = False
    rolled: bool = False
    danger: bool = False
    icon: str = "arrow-right"
    note_label: str = "意见"
    explanation: str = ""


_LIVE = frozenset({State.DRAFT, State.CHECKED, State.RETURNED})
_BEFORE_SIGNATURE = frozenset({State.SIGNING, State.AGGREGATED})

_ACTS = (
    Act(
        "check", "自检", _LIVE, State.CHECKED, "change", icon="tick",
        explanation="按格式、勾稽关系、文表一致和跨年衔接核验一遍。错误须改正，或者逐条写明理由。",
    ),
    Act(
        "send", "送单位签审", frozenset({State.CHECKED}), State.SIGNING, "change",
        ways=frozenset({Way.SINGLE}), clean=True, freezes=True, icon="upload",
        explanation="送签后数字和文字固定，台账再变也不影响这一稿；退回后恢复为随台账变化。",
    ),
    Act(
        "aggregate", "完成汇总", frozenset({State.CHECKED}), State.AGGREGATED, "change",
        ways=frozenset({Way.COLLECTS}), clean=True, freezes=True, rolled=True, icon="table",
        explanation="各单位已接收或者说明不需报送，汇总数等于各单位之和或者逐格说明了原因。完成后数字和文字固定。",
    ),
    Act(
        "recall", "撤回修改", _BEFORE_SIGNATURE, State.RETURNED, "change", note=True, thaws=True,
        icon="undo", note_label="撤回的原因", explanation="撤回后可以继续修改，改好须重新自检、送签。",
    ),
    Act(
        "refuse", "不同意，退回修改", _BEFORE_SIGNATURE | {State.SIGNED}, State.RETURNED, "approve", note=True,
        thaws=True, danger=True, icon="cross", note_label="要改什么",
        explanation="退回编制人修改。您写的意见会显示在他的办理页上。",
    ),
    Act(
        "approve", "签审并报送", _BEFORE_SIGNATURE, State.SUBMITTED, "approve",
        ways=frozenset({Way.COLLECTED}), clean=True, other_hand=True, icon="mail",
        explanation="您签的就是下面这一稿，报送主管部门。签审记录载明文本的摘要值。",
    ),
    Act(
        "sign", "签发", _BEFORE_SIGNATURE, State.SIGNED, "approve",
        ways=frozenset({Way.ALONE}), clean=True, other_hand=True, icon="edit",
        explanation="您签的就是下面这一稿。签发后方可公布；签发记录载明文本的摘要值。",
    ),
    Act(
        "receive", "接收", frozenset({State.SUBMITTED}), State.RECEIVED, "publish", where=Where.SUPERIOR,
        icon="tick", explanation="接收后计入汇总，该单位即可公布。",
    ),
    Act(
        "return", "退回", frozenset({State.SUBMITTED, State.RECEIVED}), State.RETURNED, "publish",
        where=Where.SUPERIOR, note=True, thaws=True, danger=True, icon="undo", note_label="要改什么",
        explanation="退回报送单位修改，须重新自检、签审、报送。",
    ),
    Act(
        "publish", "公布", frozenset({State.RECEIVED, State.SIGNED}), State.PUBLISHED, "publish", danger=True,
        icon="globe", explanation="公布后任何人都能看到和下载这一版，内容和公布时间不能再改；发现错误只能发布更正版，旧版仍可查。",
    ),
    Act(
        "correct", "更正", frozenset({State.PUBLISHED}), State.DRAFT, "add", note=True, icon="edit",
        note_label="更正了什么、为什么（随更正版公开）",
        explanation="另起一版，改好后重新自检、签审、公布。更正版公布之前，现在这一版照常公开；公布之后转为“更正前旧版”，仍可查。",
    ),
)  # fmt: skip

#: name → act, in the order in which they are done.
ACTS: dict[str, Act] = {act.name: act for act in _ACTS}


def from_state(state: str, ways: frozenset[Way]) -> list[Act]:
    """The acts that lead on from ``state`` for a report of these ways."""
    return [act for act in _ACTS if state in act.sources and act.ways <= ways]
