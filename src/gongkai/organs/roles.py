"""Who may do what, declared once: role × module → actions (domain sheet 06 §5).

A role says nothing about *where*: a membership ties it to an organ, and it holds for that organ's subtree.
"""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """The duties a person can hold at an organ."""

    DIRECTOR = "director", "政务公开办主任"
    OFFICER = "officer", "政务公开办经办"
    EDITOR = "editor", "信息员"
    REVIEWER = "reviewer", "审核人"
    LEADER = "leader", "分管领导"
    SECRECY = "secrecy", "保密审查员"
    INSPECTOR = "inspector", "检查员"
    VILLAGE = "village", "村级管理员"
    ADMIN = "admin", "系统管理员"


class Module(models.TextChoices):
    """The parts of the platform that capabilities speak of."""

    ORGANS = "organs", "机构资料"
    PEOPLE = "people", "人员与职责"
    STRUCTURE = "structure", "机构设置"
    PUBLICATION = "publication", "主动公开"
    REVIEW = "review", "审核"
    NORMATIVE = "normative", "政策文件"
    RECORDS = "records", "归档"
    APPLICATIONS = "applications", "依申请公开"
    REMEDIES = "remedies", "复议诉讼"
    CHANNELS = "channels", "平台建设"
    GAZETTE = "gazette", "政府公报"
    PARTICIPATION = "participation", "互动"
    VILLAGES = "villages", "村务公开"
    SUPERVISION = "supervision", "监督保障"
    ASSESSMENT = "assessment", "考核培训"
    REPORTS = "reports", "年度报告"
    AUDIT = "audit", "审计"
    SYSTEM = "system", "站点设置"


VIEW = frozenset({"view"})
EDIT = frozenset({"view", "change"})
WORK = frozenset({"view", "add", "change", "delete"})
SIGN = frozenset({"view", "change", "approve"})
FULL = WORK | {"approve", "publish", "assign"}
NONE: frozenset[str] = frozenset()

_M = Module
_DUTIES = [m for m in Module if m not in (_M.PEOPLE, _M.STRUCTURE, _M.AUDIT, _M.SYSTEM)]


def _row(default: frozenset[str], **changes: frozenset[str]) -> dict[str, frozenset[str]]:
    return {module.value: changes.get(module.value, default) for module in _DUTIES} | {
        key: value for key, value in changes.items() if key not in {m.value for m in _DUTIES}
    }


#: role → module → actions. A module that is missing, or an empty set, means: not seen at all.
CAPABILITIES: dict[str, dict[str, frozenset[str]]] = {
    Role.DIRECTOR: _row(FULL, people=FULL, structure=FULL, audit=VIEW, system=EDIT),
    Role.OFFICER: _row(
        WORK | {"assign"}, people=VIEW, structure=VIEW, audit=NONE, villages=VIEW, reports=WORK | {"publish"}
    ),
    Role.EDITOR: _row(
        WORK, organs=EDIT, people=VIEW, remedies=VIEW, gazette=VIEW, villages=VIEW, reports=WORK
    ),
    Role.REVIEWER: _row(VIEW, publication=SIGN, review=SIGN, normative=SIGN, applications=SIGN, reports=SIGN),
    Role.LEADER: _row(
        VIEW,
        review=SIGN,
        normative=SIGN,
        applications=SIGN,
        remedies=SIGN,
        participation=SIGN,
        villages=NONE,
        reports=SIGN,
        people=VIEW,
    ),
    Role.SECRECY: _row(
        NONE,
        organs=NONE,
        publication=VIEW,
        review=SIGN,
        normative=SIGN,
        applications=SIGN,
        remedies=VIEW,
        channels=VIEW,
        supervision=EDIT,
    ),
    Role.INSPECTOR: _row(VIEW, review=NONE, villages=VIEW, supervision=WORK, assessment=WORK, people=VIEW),
    Role.VILLAGE: _row(
        NONE, normative=NONE, participation=EDIT, villages=WORK, gazette=VIEW, supervision=EDIT
    ),
    Role.ADMIN: _row(VIEW, organs=WORK, people=FULL, structure=FULL, audit=VIEW, system=EDIT),
}


def allows(role: str, module: str, action: str) -> bool:
    """Whether a holder of ``role`` may do ``action`` in ``module`` (inside the subtree of the membership)."""
    return action in CAPABILITIES.get(role, {}).get(module, NONE)


def roles_allowing(module: str, actions: set[str] | frozenset[str]) -> frozenset[str]:
    """The roles that may do at least one of ``actions`` in ``module``."""
    return frozenset(role.value for role in Role if CAPABILITIES[role].get(module, NONE) & frozenset(actions))
