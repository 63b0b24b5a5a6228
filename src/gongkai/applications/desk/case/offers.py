"""What may be done next on a case: buttons for the lawful acts, the reason for each of the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from gongkai.applications.desk.case import words
from gongkai.applications.desk.case.access import may
from gongkai.applications.desk.case.guide import GROUPS, GUIDES, group_of
from gongkai.applications.letters.kinds import answer_key, decision_in_force
from gongkai.applications.models import (
    Application,
    Letter,
)
from gongkai.applications.policies import action_for
from gongkai.law.case import CaseState, Kind

ACTION_WORDS = {"approve": "由审核、签发人员办理", "assign": "由政务公开办办理", "change": "由承办人员办理"}


@dataclass(frozen=True)
class Act:
    """One act: a button when ``url`` is set, else why not."""

    kind: Kind
    label: str
    url: str = ""
    until: str = ""
    why: str = ""
    cite: str = ""
    primary: bool = False


@dataclass(frozen=True)
class ActGroup:
    label: str
    acts: list[Act]


def act_url(application: Application, kind: Kind) -> str:
    """Where ``kind`` is done: a page of its own for a few, the generated form for the others."""
    own = {
        Kind.FEE_NOTICED: "applications_fee",
        Kind.EXTENDED: "applications_extension",
        Kind.RECORD_CORRECTED: "applications_correct",
        Kind.ARCHIVED: "applications_archive",
    }
    if kind in own:
        return reverse(own[kind], args=[application.pk])
    return reverse("applications_act", args=[application.pk, kind.value])


#: The act that usually comes next in each status; shown first and largest.
NEXT: dict[str, tuple[Kind, ...]] = {
    "submitted": (Kind.RECEIVED,),
    "processing": (Kind.REGISTERED,),
    "correction": (Kind.CORRECTED, Kind.CORRECTION_LAPSED),
    "consulting": (Kind.THIRD_PARTY_LETTER_RECEIVED, Kind.THIRD_PARTY_ANSWERED, Kind.CO_MAKER_ANSWERED, Kind.ORGAN_ANSWERED),
    "reasons": (Kind.REASONS_GIVEN,),
    "fee": (Kind.FEE_PAID, Kind.FEE_LAPSED),
    "decided": (Kind.SIGNED,),
    "signed": (Kind.SERVED,),
    "answered": (Kind.ARCHIVED,),
    "closed": (Kind.ARCHIVED,),
}  # fmt: skip


def acts(
    user: Any, application: Application, state: CaseState, answer: Letter | None = None
) -> tuple[list[Act], list[ActGroup], list[ActGroup]]:
    """(what comes next, other lawful acts by group, acts that cannot be done with the reason)."""
    usual = NEXT.get(state.status.value, ())
    first = _write_answer(user, application, state, answer)
    able: dict[str, list[Act]] = {}
    unable: dict[str, list[Act]] = {}
    for kind in Kind:
        if kind is Kind.SUBMITTED:
            continue
        one = _act(user, application, state, kind, kind in usual)
        if answer is not None and one.url and kind in (Kind.SIGNED, Kind.SERVED):
            # Signing and serving the letter records the event with its number, digest and proof.
            one = replace(one, url=reverse("applications_letter", args=[answer.pk]))
        if one.url and one.primary:
            first.append(one)
        else:
            (able if one.url else unable).setdefault(group_of(kind), []).append(one)
    first.sort(key=lambda a: usual.index(a.kind) if a.kind in usual else -1)
    groups = [[ActGroup(label, side[key]) for key, label in GROUPS if key in side] for side in (able, unable)]
    return first, groups[0], groups[1]


def _write_answer(user: Any, application: Application, state: CaseState, answer: Letter | None) -> list[Act]:
    """While a decision waits for its letter, writing (or finishing) it comes first."""
    decision = decision_in_force(state)
    if decision is None or not state.acts[Kind.SIGNED] or not may(user, "change", application):
        return []
    if answer is not None:
        address = reverse("applications_letter", args=[answer.pk])
        note = f"{answer.get_state_display()}"
        return [Act(Kind.DECIDED, "打开答复书", url=address, until=note, primary=True)]
    key = answer_key(decision.outcome, decision.variant)
    address = reverse("applications_letter_draft", args=[application.pk, key])
    return [Act(Kind.DECIDED, "拟写答复书", url=address, primary=True)]


def _act(user: Any, application: Application, state: CaseState, kind: Kind, usual: bool) -> Act:
    label = words.VERBS[kind]
    verdict = state.acts[kind]
    if not verdict:
        why, source = words.sentence(verdict.reason), verdict.cite
        return Act(kind, label, why=why, cite=source.short if source else "")
    action = "change" if kind is Kind.EXTENDED else action_for(kind)
    if not may(user, action, application):
        source = GUIDES[kind].cite
        why = f"依法可以办理，但不在您的职责之内，{ACTION_WORDS.get(action, '由有关人员办理')}"
        return Act(kind, label, why=why, cite=source.short if source else "")
    until = f"不迟于 {words.short_day(verdict.by)}" if verdict.by else ""
    return Act(kind, label, url=act_url(application, kind), until=until, primary=usual)
