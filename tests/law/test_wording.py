"""Every sentence the law says over the case tests, fixed word for word in ``wording.txt``.

A changed word is a changed letter or screen, so it must be seen by whoever reviews the change. To accept new
wording, run this module as a script (``python -m tests.law.test_wording``) and read the difference.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gongkai.law.calendar import default_calendar
from gongkai.law.case import CaseState, IllegalEvent, NotLawful, fold
from gongkai.law.case.casebook import Case, load_cases
from gongkai.law.case.policy import CasePolicy
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.remedy import OrganFacts, OrganKind, remedy_text, silence_remedy
from tests.law.test_case_state import IMPOSSIBLE

HERE = Path(__file__).parent
GOLDEN = HERE / "wording.txt"
ORGAN = OrganFacts(
    name="甲县教育局",
    kind=OrganKind.COUNTY_DEPARTMENT,
    county_government="甲县人民政府",
    basic_court="甲县人民法院",
    online_reconsideration="https://fy.example.gov.cn",
)


def _said(verdict: NotLawful) -> str:
    return f"{verdict.reason}｜{verdict.cite or '—'}"


def _of_state(state: CaseState) -> list[str]:
    out = [state.explain()]
    out += [f"{r.key}｜{r.text}｜{r.cite or '—'}｜{r.start} {r.end} {r.days}" for r in state.reasons]
    out += [
        f"{m.key}｜{m.label}｜{m.due} {m.done_on}｜{m.state}｜{m.cite or '—'}｜{m.whose}"
        for m in state.milestones
    ]
    out += [_said(v) for v in state.acts.values() if isinstance(v, NotLawful)]
    out += [f"{k}：不迟于 {v.by}" for k, v in state.acts.items() if not isinstance(v, NotLawful) and v.by]
    out += [_said(v) for v in state.outcomes.values() if isinstance(v, NotLawful)]
    out += [_said(v) for v in state.notices]
    return out


def _of_case(case: Case) -> list[str]:
    try:
        state = fold(case.events, default_calendar(), case.policy, today=case.today)
    except IllegalEvent as problem:
        return [str(problem)]
    return _of_state(state)


def _remedies() -> list[str]:
    out = []
    for row, outcome in OUTCOMES.items():
        for variant in outcome.variants:
            text = remedy_text(ORGAN, row, variant.key, on=date(2026, 3, 2), delivered_online=True)
            sources = "、".join(map(str, text.citations))
            out += [f"{outcome.code}/{variant.key}｜{text.remedy}｜{part}" for part in text.paragraphs]
            out.append(f"{outcome.code}/{variant.key}｜{text.authorities}｜{text.court}｜{sources}")
    for strict in (False, True):
        policy = CasePolicy(silence_needs_reconsideration=strict)
        text = silence_remedy(ORGAN, on=date(2026, 3, 2), policy=policy)
        out += [*text.paragraphs, "、".join(map(str, text.citations))]
    return out


def _impossible() -> list[str]:
    out = []
    for events, _ in IMPOSSIBLE:
        try:
            fold(events, default_calendar(), today=date(2026, 4, 1))
        except IllegalEvent as problem:
            out.append(str(problem))
    return out


def wording() -> str:
    """All sentences, sorted, each once."""
    lines: set[str] = set(_remedies()) | set(_impossible())
    for file in sorted((HERE / "cases").glob("*.yaml")):
        for case in load_cases(file):
            lines.update(_of_case(case))
    return "\n".join(sorted(lines)) + "\n"


def test_no_word_has_changed() -> None:
    said, agreed = set(wording().splitlines()), set(GOLDEN.read_text("utf-8").splitlines())
    assert sorted(said - agreed) == []
    assert sorted(agreed - said) == []


if __name__ == "__main__":
    GOLDEN.write_text(wording(), "utf-8")
