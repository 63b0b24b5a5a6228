"""The life of a report: each act in its turn, by those who may, with the text it was done on."""

from __future__ import annotations

import itertools

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from gongkai.organs.audit import verify_chain
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import SYSTEM
from gongkai.reports import selectors, services
from gongkai.reports.flow import changes, machine, signsheet
from gongkai.reports.flow.acts import act, offers
from gongkai.reports.flow.machine import ACTS, Way
from gongkai.reports.flow.standing import steps_of
from gongkai.reports.models import AnnualReport, FlowStep, State
from tests.reports.flow.county import (
    PERMITS,
    YEAR,
    County,
    all_received,
    begun,
    brought,
    build,
    entry,
    judged,
    printed,
)

WAYS = [frozenset(pair) for pair in itertools.product((Way.COLLECTED, Way.ALONE), (Way.COLLECTS, Way.SINGLE))]


@pytest.mark.parametrize("ways", WAYS)
def test_every_way_leads_from_drafting_to_the_public_and_back_from_everywhere(ways: frozenset[Way]) -> None:
    def reachable(start: str) -> set[str]:
        seen, todo = set(), [start]
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                todo += [a.target for a in machine.from_state(state, ways)]
        return seen

    everywhere = reachable(State.DRAFT)
    assert State.PUBLISHED in everywhere
    for state in everywhere:
        assert State.PUBLISHED in reachable(state)
        if state != State.PUBLISHED:
            assert State.CHECKED in reachable(state)  # nothing is stuck: it can be mended
    assert (State.AGGREGATED in everywhere) == (Way.COLLECTS in ways)
    assert (State.RECEIVED in everywhere) == (Way.COLLECTED in ways)


def test_what_freezes_is_clean_and_what_goes_back_says_why() -> None:
    for rule in ACTS.values():
        assert rule.clean or not rule.freezes
        assert rule.note or not rule.thaws
        assert rule.explanation.endswith("。")
    # Nothing is published that nobody signed.
    assert ACTS["publish"].sources == {State.RECEIVED, State.SIGNED}
    assert all(ACTS[name].other_hand for name in ("approve", "sign"))


def test_a_unit_compiles_is_returned_mends_and_submits(county: County) -> None:
    entry(county.dept, PERMITS, 12)
    row = judged(begun(county, county.dept, county.editor), county.editor)
    row = act(county.editor, row, "check")
    row = act(county.editor, row, "send")
    frozen = row.digest
    entry(county.dept, PERMITS, 15)
    row.refresh_from_db()
    assert selectors.as_report(row).amount(PERMITS) == 12
    row = act(county.leader, row, "approve", digest=frozen)
    assert row.state == State.SUBMITTED
    row = act(county.director, row, "return", "许可数与审批系统不符")
    assert selectors.as_report(row).amount(PERMITS) == 15  # it lives again
    row = brought(row, "check", "send", by=county.editor)
    since = changes.since_last_look(selectors.as_report(row), steps_of(row), county.leader)
    assert since is not None
    assert [(c.was, c.now) for c in since.changes] == [("12", "15")]
    row = act(county.leader, row, "approve", digest=row.digest)
    row = act(county.director, row, "receive")
    steps = steps_of(row)
    assert [s.act for s in steps] == [
        "check", "send", "approve", "return", "check", "send", "approve", "receive",
    ]  # fmt: skip
    assert steps[2].digest == frozen != row.digest == steps[-1].digest
    assert steps[3].note == "许可数与审批系统不符"
    assert county.collection.units.get(organ=county.dept).report == row
    assert AuditEntry.objects.filter(act__startswith="report.flow.", object_id=str(row.pk)).count() == 8
    assert not list(verify_chain())
    row = act(county.director, row, "publish")
    assert row.state == State.PUBLISHED


def test_open_errors_stop_a_report_until_they_are_judged(county: County) -> None:
    row = act(county.editor, begun(county, county.dept, county.editor), "check")
    with pytest.raises(ValidationError, match="处错误没有改正"):
        act(county.editor, row, "send")
    row.refresh_from_db()
    assert row.state == State.CHECKED
    judged(row, county.editor)
    assert act(county.editor, row, "send").state == State.SIGNING


def test_who_prepared_it_does_not_sign_it(county: County) -> None:
    row = judged(begun(county, county.gov, county.director, "own"))
    row = act(county.officer, row, "check")
    row = act(county.officer, row, "send")
    with pytest.raises(ValidationError, match="编制、送签的人不能签"):
        act(county.director, row, "sign")
    assert [o.problem for o in offers(county.director, row) if o.act.name == "sign"] != [""]
    assert act(county.county_leader, row, "sign").state == State.SIGNED


def test_a_signature_is_for_the_text_that_was_seen(county: County) -> None:
    row = brought(judged(begun(county, county.dept)), "check", "send")
    seen = row.digest
    row = act(county.editor, row, "recall", "漏了一项")
    entry(county.dept, PERMITS, 3)
    row = brought(row, "check", "send", by=county.editor)
    with pytest.raises(ValidationError, match="有改动"):
        act(county.leader, row, "approve", digest=seen)


#: act → (state it starts from, who may not although they are of the place).
REFUSED = {
    "check": ((), ("inspector", "stranger", "county_nobody")),
    "send": (("check",), ("inspector", "stranger")),
    "recall": (("check", "send"), ("inspector", "stranger")),
    "refuse": (("check", "send"), ("editor", "officer", "inspector", "stranger")),
    "approve": (("check", "send"), ("editor", "officer", "inspector", "stranger")),
    "receive": (("check", "send", "approve"), ("editor", "leader", "county_leader", "inspector", "stranger")),
    "return": (("check", "send", "approve"), ("editor", "leader", "county_leader", "inspector", "stranger")),
    "publish": (("check", "send", "approve", "receive"), ("editor", "leader", "inspector", "stranger")),
    "correct": (("check", "send", "approve", "receive", "publish"), ("leader", "inspector", "stranger")),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_wrong_organ_and_wrong_role_are_refused(county: County, name: str) -> None:
    before, who = REFUSED[name]
    row = brought(judged(begun(county, county.dept)), *before)
    steps = FlowStep.objects.count()
    for one in who:
        if one not in county.people:
            continue
        with pytest.raises(PermissionDenied):
            act(county.people[one], row, name, "意见")
        assert name not in [o.act.name for o in offers(county.people[one], row)]
    assert FlowStep.objects.count() == steps
    row.refresh_from_db()
    act(SYSTEM, row, name, "意见")


@pytest.mark.parametrize("name", [a for a in ACTS if a not in ("check",)])
def test_acts_out_of_turn_are_refused(county: County, name: str) -> None:
    row = begun(county, county.dept)
    with pytest.raises(ValidationError, match="不能"):
        act(SYSTEM, row, name, "意见")


def test_only_an_organ_above_receives(county: County) -> None:
    """The unit itself cannot receive its own report, even with every right at home."""
    from tests.reports.flow.county import person

    boss = person(county.dept, "dept_director", "director")
    row = brought(judged(begun(county, county.dept)), "check", "send", "approve")
    with pytest.raises(PermissionDenied):
        act(boss, row, "receive")


def test_a_return_needs_its_reason(county: County) -> None:
    row = brought(judged(begun(county, county.dept)), "check", "send", "approve")
    with pytest.raises(ValidationError, match="请填写要改什么"):
        act(county.director, row, "return", "  ")


def test_a_compiled_report_is_not_published_unsigned(county: County) -> None:
    row = begun(county, county.gov, scope="own")
    with pytest.raises(ValidationError, match="还不能公布"):
        services.publish_report(county.director, row)


def test_an_imported_report_does_not_pass_by_its_superior(county: County) -> None:
    row = services.record_report(SYSTEM, printed(county.dept.name), county.dept, YEAR)
    with pytest.raises(ValidationError, match="主管部门正在收"):
        services.publish_report(county.director, row)


def test_a_correction_keeps_the_old_version_and_says_why(county: County) -> None:
    entry(county.dept, PERMITS, 12)
    row = brought(judged(begun(county, county.dept)), "check", "send", "approve", "receive", "publish")
    entry(county.dept, PERMITS, 13)
    fresh = act(county.editor, row, "correct", "许可决定少计 1 件")
    assert (fresh.version, fresh.state, fresh.correction) == (2, State.DRAFT, "许可决定少计 1 件")
    with pytest.raises(ValidationError, match="正在办理"):
        act(county.editor, row, "correct", "再来一次")
    row.refresh_from_db()
    assert row.state == State.PUBLISHED
    fresh = brought(judged(fresh), "check", "send", "approve", "receive", "publish")
    row.refresh_from_db()
    assert row.state == State.SUPERSEDED
    assert selectors.as_report(row).amount(PERMITS) == 12
    assert selectors.as_report(fresh).amount(PERMITS) == 13
    assert county.collection.units.get(organ=county.dept).report == fresh


def test_the_public_page_shows_the_correction_and_the_old_version(county: County, client) -> None:
    row = brought(judged(begun(county, county.dept)), "check", "send", "approve", "receive", "publish")
    fresh = act(county.editor, row, "correct", "第五部分补充改进措施")
    brought(judged(fresh), "check", "send", "approve", "receive", "publish")
    page = client.get(f"/reports/hd-czj/{YEAR}/").content.decode()
    assert "更正说明：第五部分补充改进措施" in page
    old = client.get(f"/reports/hd-czj/{YEAR}/v1/").content.decode()
    assert "这是更正前的旧版，已被替换" in old


def test_all_units_of_a_county_stand_in_one_column(county: County, client) -> None:
    for at in (county.dept, county.town):
        brought(judged(begun(county, at)), "check", "send", "approve", "receive", "publish")
    page = client.get("/reports/?organ=hd").content.decode()
    assert "河东县财政局2025年" in page
    assert "河东县清河镇人民政府2025年" in page
    assert "河东县财政局2025年" not in client.get("/reports/?organ=hd-qh").content.decode()
    assert client.get("/reports/?organ=none").status_code == 200


def test_a_submitted_report_is_not_thrown_away(county: County) -> None:
    row = brought(judged(begun(county, county.dept)), "check", "send", "approve", "return")
    with pytest.raises(ValidationError, match="报送过的报告不能删除"):
        services.discard_report(county.director, row, "不要了")


def test_steps_are_never_edited(county: County) -> None:
    act(SYSTEM, begun(county, county.dept), "check")
    step = FlowStep.objects.get()
    step.note = "改"
    with pytest.raises(ValidationError, match="只增不改"):
        step.save()


def test_whose_turn_it_is_gets_a_mail(county: County, settings, django_capture_on_commit_callbacks) -> None:
    settings.NOTICE_EMAIL = settings.NOTICE_INLINE = True
    settings.NOTICE_QUIET_HOURS = ""
    for name in ("leader", "director", "editor"):
        user = county.people[name]
        user.email = f"{name}@hd.example"
        user.save()
    with django_capture_on_commit_callbacks(execute=True):
        row = brought(judged(begun(county, county.dept)), "check", "send", by=SYSTEM)
        row = act(SYSTEM, row, "approve")
        act(SYSTEM, row, "return", "数字不对")
    assert [(m.to, "数字不对" in m.body) for m in mail.outbox] == [
        (["leader@hd.example"], False), (["director@hd.example"], False), (["editor@hd.example"], True),
    ]  # fmt: skip


def test_the_sheet_for_the_file_is_a_pdf_with_the_digest(county: County) -> None:
    import pypdfium2

    all_received(county)
    row = brought(judged(begun(county, county.gov, scope="region")), "check", "aggregate", "sign")
    document = pypdfium2.PdfDocument(signsheet.pdf(row))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert row.digest[:16] in text.replace("\n", "").replace("\r", "")
    assert "签发" in text


def test_nothing_asked_means_signed_at_home(db: None) -> None:
    county = build(collect=False)
    row = brought(judged(begun(county, county.dept)), "check", "send", "sign")
    assert (row.state, "receive" in [o.act.name for o in offers(SYSTEM, row)]) == (State.SIGNED, False)
    row = act(county.director, row, "publish")
    assert timezone.localdate(row.published_at) == timezone.localdate()
    assert AnnualReport.objects.get(pk=row.pk).state == State.PUBLISHED
