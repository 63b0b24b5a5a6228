"""Case tests that a lawyer can read: YAML in Chinese, events with dates in, expectations out.

A file has ``条款``, ``说明`` and ``案例``; each case has ``名称``, ``事件``, optionally ``接`` (the name of an earlier case
of the file whose events come first), ``设置`` (policy fields), ``今天`` (default: the last event's date) and either ``应当`` (what must hold) or ``拒绝`` (why the last event is refused).
``check_case`` returns every difference, so one run shows all that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from gongkai.law.calendar import WorkCalendar
from gongkai.law.case.acts import Lawful, NotLawful
from gongkai.law.case.codec import EventFormatError, from_dict
from gongkai.law.case.events import EVENT_LABELS, EVENT_TYPES, Event
from gongkai.law.case.fold import fold
from gongkai.law.case.illegal import IllegalEvent
from gongkai.law.case.policy import CasePolicy, PolicyError, policy_from_dict
from gongkai.law.case.state import CaseState
from gongkai.law.case.vocab import APPLICANT_LABELS, Kind
from gongkai.law.cite import Citation
from gongkai.law.outcomes import OUTCOMES

_KINDS = {label: kind for kind, label in EVENT_LABELS.items()}
_CODES = {one.code: one.key for one in OUTCOMES.values()}
_FILE_KEYS = {"条款", "说明", "案例"}
_CASE_KEYS = {"名称", "说明", "依据", "设置", "接", "事件", "今天", "应当", "拒绝"}
_LABELS = {cls.label for cls in EVENT_TYPES.values()}


class CasebookError(ValueError):
    """A case test that cannot be read; the message names file, case and key."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case test."""

    file: str
    article: str
    name: str
    events: tuple[Event, ...]
    today: date
    policy: CasePolicy
    expected: Mapping[str, Any]
    refused: Mapping[str, Any] | None


def load_cases(path: Path) -> list[Case]:
    """Read one YAML file. Raises :class:`CasebookError` naming the case and key that cannot be read."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(data, dict) or not {"条款", "案例"} <= set(data) <= _FILE_KEYS:
        raise CasebookError(f"{path.name}：文件应当有“条款”“案例”，可以有“说明”")
    cases: dict[str, Case] = {}
    for raw in data["案例"]:
        case = _case(path.name, str(data["条款"]), raw, cases)
        if case.name in cases:
            raise CasebookError(f"{path.name}：案例名称“{case.name}”重复")
        cases[case.name] = case
    return list(cases.values())


def _case(file: str, article: str, raw: Mapping[str, Any], earlier: Mapping[str, Case]) -> Case:
    name = str(raw.get("名称", "（无名称）"))
    where = f"{file}“{name}”"
    unknown = sorted(set(raw) - _CASE_KEYS)
    if unknown:
        raise CasebookError(
            f"{where}：没有这些项：{'、'.join(unknown)}；可填：{'、'.join(sorted(_CASE_KEYS))}"
        )
    if ("应当" in raw) == ("拒绝" in raw):
        raise CasebookError(f"{where}：“应当”和“拒绝”填一项，且只填一项")
    before: tuple[Event, ...] = ()
    if "接" in raw:
        if raw["接"] not in earlier:
            raise CasebookError(f"{where}：“接”的案例“{raw['接']}”不在本文件前面")
        before = earlier[raw["接"]].events
    try:
        events = before + tuple(_event(one) for one in raw.get("事件") or ())
        policy = policy_from_dict(dict(raw.get("设置") or {}))
    except (EventFormatError, PolicyError) as problem:
        raise CasebookError(f"{where}：{problem}") from None
    expected = raw.get("应当") or {}
    bad = sorted(set(expected) - set(_CHECKS))
    if bad:
        raise CasebookError(f"{where}：“应当”里没有这些项：{'、'.join(bad)}；可填：{'、'.join(_CHECKS)}")
    if not events:
        raise CasebookError(f"{where}：没有事件")
    today = raw.get("今天") or max(event.on for event in events)
    return Case(file, article, name, events, today, policy, expected, raw.get("拒绝"))


def _event(raw: Any) -> Event:
    """An event as a mapping, or as the short line ``收到 2026-04-20`` where the date is all there is."""
    if isinstance(raw, str):
        word, _, day = raw.partition(" ")
        return from_dict({"事件": word, "日期": day.strip()})
    # ``收到补正: 2026-02-27`` is the third form people write.
    if isinstance(raw, dict) and "事件" not in raw:
        first = next(iter(raw))
        if first in _LABELS:
            return from_dict(
                {"事件": first, "日期": raw[first], **{k: v for k, v in raw.items() if k != first}}
            )
    return from_dict(raw)


def check_case(case: Case, calendar: WorkCalendar) -> list[str]:
    """Return every difference between what the case expects and what the fold says; empty when it passes."""
    try:
        state = fold(case.events, calendar, case.policy, today=case.today)
    except IllegalEvent as problem:
        return _check_refusal(case, problem)
    if case.refused is not None:
        return ["应当被拒绝，实际被接受"]
    out = []
    for key, wanted in case.expected.items():
        out += [f"{key}：{text}" for text in _CHECKS[key](state, wanted)]
    return out


def _check_refusal(case: Case, problem: IllegalEvent) -> list[str]:
    if case.refused is None:
        return [f"不应拒绝：{problem}"]
    out = []
    position = case.refused.get("第几条", len(case.events))
    if problem.position != position:
        out.append(f"应拒绝第 {position} 条，实际拒绝第 {problem.position} 条：{problem}")
    reason = str(case.refused.get("理由", ""))
    if reason not in problem.reason:
        out.append(f"理由应含“{reason}”，实为“{problem.reason}”")
    source = case.refused.get("依据")
    if source is not None and not _rests_on(problem.cite, str(source)):
        out.append(f"依据应为{source}，实为{problem.cite.short if problem.cite else '无'}")
    return out


def _rests_on(found: Citation | None, source: str) -> bool:
    """A document may be named by its short name or by its number."""
    return found is not None and (found.short.startswith(source) or found.law == source)


def _equal(read: Callable[[CaseState], Any]) -> Callable[[CaseState, Any], list[str]]:
    def check(state: CaseState, wanted: Any) -> list[str]:
        found = read(state)
        wanted = (
            {"无": None, "是": True, "否": False}.get(wanted, wanted) if isinstance(wanted, str) else wanted
        )
        return [] if found == wanted else [f"应为 {wanted}，实为 {found}"]

    return check


def _reasons(state: CaseState, wanted: Any) -> list[str]:
    text = state.explain()
    return [f"应含“{part}”，实为“{text}”" for part in _list(wanted) if part not in text]


def _list(wanted: Any) -> list[str]:
    return [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]


def _kind(word: str) -> Kind:
    if word not in _KINDS:
        raise CasebookError(f"没有“{word}”这一行为，可用的有：{'、'.join(_KINDS)}")
    return _KINDS[word]


def _may(state: CaseState, wanted: Any) -> list[str]:
    out = []
    for word in _list(wanted):
        verdict = state.acts[_kind(word)]
        if isinstance(verdict, NotLawful):
            out.append(f"“{word}”应当可以，实为不可以：{verdict.reason}")
    return out


def _may_not(state: CaseState, wanted: Any) -> list[str]:
    out = []
    for word, part in _pairs(wanted):
        out += _refused(f"“{word}”", state.acts[_kind(word)], part)
    return out


def _pairs(wanted: Any) -> list[tuple[str, str]]:
    if isinstance(wanted, dict):
        return [(str(k), str(v or "")) for k, v in wanted.items()]
    return [(one, "") for one in _list(wanted)]


def _refused(word: str, verdict: Lawful | NotLawful, part: str) -> list[str]:
    if isinstance(verdict, Lawful):
        return [f"{word}应当不可以，实为可以"]
    source = verdict.cite.short if verdict.cite else ""
    if part not in f"{verdict.reason}（{source}）":
        return [f"{word}的理由应含“{part}”，实为“{verdict.reason}（{source}）”"]
    return []


def _leaf(word: str) -> tuple[str, str]:
    code, _, variant = word.partition("/")
    if code not in _CODES:
        raise CasebookError(f"没有“{code}”这一行，可用的有：{'、'.join(_CODES)}")
    key = _CODES[code]
    return key, OUTCOMES[key].variant(variant).key


def _may_decide(state: CaseState, wanted: Any) -> list[str]:
    out = []
    for word in _list(wanted):
        verdict = state.outcomes[_leaf(word)]
        if isinstance(verdict, NotLawful):
            out.append(f"{word} 应当可以，实为不可以：{verdict.reason}")
    return out


def _may_not_decide(state: CaseState, wanted: Any) -> list[str]:
    out = []
    for word, part in _pairs(wanted):
        out += _refused(word, state.outcomes[_leaf(word)], part)
    return out


def _milestones(state: CaseState, wanted: Any) -> list[str]:
    found = {m.label: m.due for m in state.milestones}
    out = []
    for label, due in wanted.items():
        matches = [day for name, day in found.items() if label in name]
        expected = None if due == "无" else due
        if (matches[0] if matches else None) != expected:
            out.append(f"“{label}”应为 {due}，实为 {matches or '无'}")
    return out


def _years(state: CaseState, wanted: Any) -> list[str]:
    """``年报``: year → ``无`` or words among 新收, 上年结转, 结转下年 and a row code."""
    out = []
    for year, words in wanted.items():
        entry = state.row_for_year(int(year))
        found = []
        if entry is not None:
            found = ["新收"] * entry.new + ["上年结转"] * entry.carried_in
            found += [OUTCOMES[entry.row].code] if entry.row else []
            found += ["结转下年"] * entry.carried_out
        expected = [] if words == "无" else _list(words)
        if found != expected:
            out.append(f"{year} 年应为 {expected or '无'}，实为 {found or '无'}")
    return out


def _notices(state: CaseState, wanted: Any) -> list[str]:
    text = "；".join(n.reason for n in state.notices)
    if wanted == "无":
        return [f"应无提示，实为“{text}”"] if text else []
    return [f"应含“{part}”，实为“{text}”" for part in _list(wanted) if part not in text]


_CHECKS: dict[str, Callable[[CaseState, Any], list[str]]] = {
    "状态": _equal(lambda s: s.status_label),
    "收到之日": _equal(lambda s: s.received_on),
    "答复期限": _equal(lambda s: s.due_on),
    "剩余工作日": _equal(lambda s: s.days_left),
    "逾期": _equal(lambda s: s.overdue),
    "答复逾期": _equal(lambda s: s.answered_late),
    "暂定": _equal(lambda s: s.provisional is not None),
    "停止计期": _equal(lambda s: bool(s.pauses)),
    "补正截止": _equal(lambda s: s.correction_until),
    "缴费截止": _equal(lambda s: s.pay_until),
    "答复之日": _equal(lambda s: s.answered_on),
    "送达之日": _equal(lambda s: s.served_on),
    "办结之日": _equal(lambda s: s.closed_on),
    "年报行": _equal(lambda s: s.row_code),
    "年报列": _equal(lambda s: APPLICANT_LABELS[s.applicant] if s.applicant else None),
    "现行答复": _equal(lambda s: OUTCOMES[s.current_row].code if s.current_row else None),
    "理由": _reasons,
    "可以": _may,
    "不可以": _may_not,
    "可以决定": _may_decide,
    "不可以决定": _may_not_decide,
    "时间节点": _milestones,
    "年报": _years,
    "提示": _notices,
}
