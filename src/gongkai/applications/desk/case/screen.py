"""Everything the case screen shows, gathered in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.desk.case import words
from gongkai.applications.desk.case.access import may, url
from gongkai.applications.desk.case.guide import GROUPS, GUIDES, group_of
from gongkai.applications.desk.case.panels import panels_for
from gongkai.applications.letters.kinds import LETTER_KINDS, answer_key, decision_in_force
from gongkai.applications.models import (
    Application,
    EventRecord,
    ExtensionRequest,
    FileKind,
    Letter,
    Statement,
)
from gongkai.applications.policies import action_for
from gongkai.applications.services.extension import heads
from gongkai.applications.services.similar import Earlier, earlier_cases
from gongkai.law.case import CaseState, Consultation, Kind, MilestoneState, RecordCorrected, fold
from gongkai.law.case.facts import CONSULT_LABELS
from gongkai.law.case.milestones import MILESTONE_STATE_LABELS

ACTION_WORDS = {"approve": "由审核、签发人员办理", "assign": "由政务公开办办理", "change": "由承办人员办理"}
SOON_DAYS = 3


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; ``struck`` was corrected away, ``replaced`` says by what."""

    position: int
    on: date
    day: str
    label: str
    details: list[words.Detail]
    actor: str
    recorded: Any
    struck: str = ""
    replaced: list[words.Detail] = field(default_factory=list)
    by_applicant: bool = False
    correctable: bool = False


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
class Deadline:
    """``tone``: ok, soon, overdue, paused, done; the words say the same without the colour."""

    tone: str
    headline: str
    day: str
    links: list[Any]
    provisional: str


@dataclass(frozen=True)
class ActGroup:
    label: str
    acts: list[Act]


@dataclass(frozen=True)
class Step:
    """A dated step of the case."""

    label: str
    day: str
    state: str
    key: str
    whose: str
    cite: str


def read(application: Application) -> tuple[list[EventRecord], CaseState]:
    """The records and the state folded from them, read once. Two queries."""
    rows = list(application.records.order_by("position"))  # type: ignore[attr-defined]
    policy = selectors.policy_for(application.organ)
    return rows, fold((r.event() for r in rows), selectors.calendar(), policy, today=timezone.localdate())


def timeline(rows: list[EventRecord], state: CaseState) -> list[Entry]:
    """The records newest first, each with what it says and whether it was corrected."""
    corrections = {e.target: (n, e) for n, e in enumerate(state.events, 1) if isinstance(e, RecordCorrected)}
    return [_entry(row, corrections) for row in reversed(rows)]


def _entry(row: EventRecord, corrections: dict[int, tuple[int, RecordCorrected]]) -> Entry:
    event = row.event()
    struck, replaced = "", []
    if row.position in corrections:
        number, correction = corrections[row.position]
        new = correction.replacement
        struck = f"已由第 {number} 条{'更正' if new else '撤销'}：{correction.reason}"
        if new is not None:
            replaced = [words.Detail("日期", words.day(new.on)), *words.details(new)]
    shown = words.details(event)
    if isinstance(event, RecordCorrected):
        shown = [words.Detail("更正", f"第 {event.target} 条"), *shown]
    return Entry(
        position=row.position,
        on=row.on,
        day=words.day(row.on),
        label=event.label,
        details=[d for d in shown if not (d.name == "经办人" and d.value == row.actor_name)],
        actor=row.actor_name,
        recorded=row.recorded_at,
        struck=struck,
        replaced=replaced,
        by_applicant=row.actor_id is None and row.actor_name == "申请人",
        correctable=event.kind is not Kind.RECORD_CORRECTED,
    )


def deadline(state: CaseState) -> Deadline:
    """还有 6 个工作日 11月30日（周一）, and the chain of reasons behind it."""
    due, left = state.due_on, state.days_left
    tone, headline = "done", state.status_label
    if state.is_open and due is None:
        tone = "paused"
        headline = "期限已停止，等待申请人" if state.reasons else "尚未确认收到，期限未起算"
    elif state.overdue:
        late = selectors.calendar().working_days_between(due, state.today) if due else 0
        tone, headline = "overdue", f"已逾期 {late} 个工作日" if late else "已逾期"
    elif state.is_open and left is not None:
        tone = "soon" if left <= SOON_DAYS else "ok"
        headline = f"还有 {left} 个工作日" if left else "今天到期"
        if state.pauses:
            tone, headline = "paused", f"暂停计期，暂计还有 {left} 个工作日"
    elif state.answered_on:
        tone = "overdue" if state.answered_late else "done"
        headline = f"{'逾期' if state.answered_late else '按期'}答复"
    shown = due if state.is_open else (state.answered_on or state.closed_on)
    links = [(words.sentence(r.text), r.cite.short if r.cite else "") for r in state.reasons]
    return Deadline(tone, headline, words.short_day(shown), links, words.sentence(state.provisional or ""))


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


def steps(state: CaseState) -> list[Step]:
    """The dated steps, by date."""
    return [
        Step(
            words.sentence(m.label),
            words.short_day(m.due),
            MILESTONE_STATE_LABELS[m.state],
            m.state.value,
            m.whose,
            m.cite.short if m.cite else "",
        )
        for m in state.milestones
        if m.key != "year_end" or m.state is MilestoneState.OPEN
    ]


@dataclass(frozen=True)
class Asked:
    """A letter of consultation as a row: whom, when, and what came of it."""

    letter: str
    kind: str
    party: str
    sent: str
    received: str
    result: str
    waiting: bool


def consultations(state: CaseState) -> list[Asked]:
    """Every letter of consultation."""
    limits = {m.key: words.month_day(m.due) for m in state.milestones}
    return [_asked(one, limits.get(f"opinion:{one.letter}", "")) for one in state.consultations]


def _asked(one: Consultation, limit: str) -> Asked:
    waiting = False
    if one.answered_on:
        opinion = {"consent": "同意公开", "object": "不同意公开"}.get(one.opinion or "", "已答复")
        if one.opinion == "object" and not one.reasonable:
            opinion += "（理由不合理）"
        result = f"{words.month_day(one.answered_on)} {opinion}"
    elif one.ended_on:
        result = f"{words.month_day(one.ended_on)} 终止"
    elif one.silent_on:
        result = f"{words.month_day(one.silent_on)} 登记逾期未答复"
    else:
        waiting, result = True, f"等待答复，期限 {limit}" if limit else "等待对方收到、答复"
    received = words.month_day(one.received_on) or "未登记"
    kind = CONSULT_LABELS[one.kind]
    return Asked(one.letter, kind, one.party, words.month_day(one.dispatched_on), received, result, waiting)


@dataclass(frozen=True)
class FileRow:
    """A letter or file with its address, "" while the page that opens it is not there."""

    title: str
    note: str
    url: str
    removed: bool = False
    next_label: str = ""  # what this reader may do with it next, and where
    next_url: str = ""


def letter_rows(application: Application) -> list[Letter]:
    """The letters without their text, oldest first."""
    return list(application.letters.defer("body", "data").order_by("pk"))  # type: ignore[attr-defined]


def letters(rows: list[Letter]) -> list[FileRow]:
    """The letters of the case as shown."""
    return [_letter(row) for row in rows]


def answer_letter(rows: list[Letter], state: CaseState) -> Letter | None:
    """The letter that answers by the decision in force, voided ones left out."""
    decision = decision_in_force(state)
    if decision is None:
        return None
    key = answer_key(decision.outcome, decision.variant)
    return next((row for row in reversed(rows) if row.kind == key and row.state != Letter.State.VOID), None)


def unwritten(application: Application, rows: list[Letter], state: CaseState) -> list[FileRow]:
    """The letters that go with what was recorded and are not drafted yet."""
    have = {row.kind for row in rows if row.state != Letter.State.VOID}
    done = {event.kind for event in state.events if event is not None}
    return [
        FileRow(kind.label, "", reverse("applications_letter_draft", args=[application.pk, kind.key]))
        for kind in LETTER_KINDS.values()
        if kind.event in done and kind.key not in have and kind.key not in _RARE and not kind.why_not(state)
    ]


#: Letters that only some cases need; they are offered on “拟写文书”.
_RARE = frozenset({"rectification", "third_party_reply", "public_notice", "assistance"})


def _letter(row: Letter) -> FileRow:
    note = "，".join(
        part for part in (row.number, row.get_state_display(), words.short_day(row.dated)) if part
    )
    return FileRow(
        row.title, note, reverse("applications_letter", args=[row.pk]), row.state == Letter.State.VOID
    )


def files(user: Any, application: Application) -> list[FileRow]:
    """The files of the case in the order of the archive's catalogue, each with its next step for ``user``."""
    can_change, can_approve = may(user, "change", application), may(user, "approve", application)
    rows = []
    for row in application.files.order_by("kind", "pk"):  # type: ignore[attr-defined]
        label, name = "", ""
        if not row.removed_at and row.kind == FileKind.SOURCE and can_change:
            label, name = "区分处理", "applications_redact"
        elif (
            not row.removed_at
            and row.kind == FileKind.REDACTED
            and can_approve
            and row.uploaded_by_id != user.pk
        ):
            label, name = "放行", "applications_file_release"
        rows.append(
            FileRow(
                row.name,
                f"{row.get_kind_display()}，{_size(row.size)}"
                + (f"，已移除：{row.removed_reason}" if row.removed_at else ""),
                "" if row.removed_at else reverse("applications_file", args=[row.pk]),
                bool(row.removed_at),
                label,
                reverse(name, args=[row.pk]) if name else "",
            )
        )
    return rows


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"


@dataclass(frozen=True)
class Pending:
    """The extension request that waits, and what the reader may do with it."""

    row: ExtensionRequest
    heads: str
    mine: bool
    decides: bool


def pending(user: Any, application: Application) -> Pending | None:
    """The open request to extend."""
    from gongkai.applications.services.extension import open_request

    row = open_request(application)
    if row is None:
        return None
    people = heads(application)
    decides = user.pk in {p.pk for p in people} and user.pk != row.requested_by_id
    return Pending(row, "、".join(str(p) for p in people), user.pk == row.requested_by_id, decides)


def requested_items(state: CaseState) -> tuple[str, ...]:
    """The items as given at submission (or in its correction)."""
    for event in state.events:
        if event is not None and event.kind is Kind.SUBMITTED:
            return tuple(event.items)  # type: ignore[attr-defined]
    return ()


def split_parts(application: Application) -> list[Application]:
    """The 件 that were split from this one."""
    if not getattr(application, "was_split", True):
        return []
    return list(application.children.only("number", "receipt").order_by("pk"))  # type: ignore[attr-defined]


def build(user: Any, application: Application, rows: list[EventRecord], state: CaseState) -> dict[str, Any]:
    """The context of the case screen."""
    written = letter_rows(application)
    first, able, unable = acts(user, application, state, answer_letter(written, state))
    earlier: list[Earlier] = earlier_cases(application)
    can_work = may(user, "change", application)
    # The questions may be walked before every condition is met: they say what is still missing.
    asks = can_work and (bool(state.acts[Kind.DECIDED]) or state.status.value in ("processing", "consulting"))
    return {
        "case": application,
        "state": state,
        "timeline": timeline(rows, state),
        "deadline": deadline(state),
        "steps": steps(state),
        "notices": [(words.sentence(n.reason), n.cite.short if n.cite else "") for n in state.notices],
        "first_acts": first,
        "act_groups": able,
        "refused_groups": unable,
        "refused_count": sum(len(group.acts) for group in unable),
        "items": requested_items(state),
        "consultations": consultations(state),
        "letters": letters(written),
        "unwritten": unwritten(application, written, state) if can_work else [],
        "files": files(user, application),
        "notes": list(application.notes.select_related("author")),  # type: ignore[attr-defined]
        "statements": _statements(application),
        "panels": panels_for(user, application),
        "children": split_parts(application),
        "earlier": earlier,
        "pending": pending(user, application),
        "outcome": words.outcome_label(state.row, state.variant) if state.row else "",
        "can_work": can_work,
        "can_assign": may(user, "assign", application) and application.status != "archived",
        "questions_url": reverse("applications_questions", args=[application.pk]) if asks else "",
        "links": {
            "ledger": reverse("applications-ledger:index"),
            "assign": reverse("applications-ledger:assign", args=[application.pk]),
            "split": reverse("applications-ledger:split", args=[application.pk]),
            "theme": reverse("applications-ledger:theme", args=[application.pk]),
            "file_add": reverse("applications_file_add", args=[application.pk]),
            "reveal": reverse("applications_reveal", args=[application.pk]),
            "letter_add": reverse("applications_letter_add", args=[application.pk]),
            "archive": url("applications_archive", application.pk),
        },
    }


def _statements(application: Application) -> dict[str, Any]:
    """How many statements the applicant sent after filing, how many of them wait to be read, and what the request was
    corrected to, "" where it was not. One query."""
    rows = list(application.statements.only("kind", "text", "handled_at").order_by("pk"))  # type: ignore[attr-defined]
    corrected = [row.text for row in rows if row.kind == Statement.Kind.CORRECTION]
    return {
        "all": len(rows),
        "waiting": sum(row.handled_at is None for row in rows),
        "corrected": corrected[-1] if corrected else "",
    }
