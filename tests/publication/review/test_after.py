"""Around the review: no mail of Wagtail's, publication at a set time, and an emergency that turns out to be wrong."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from gongkai.organs import services as organs
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_superuser, make_user
from gongkai.publication import services as items
from gongkai.publication.models import DisclosurePage, Release, ReviewForm, ScheduleRefusal
from gongkai.publication.review import people, selectors, services
from gongkai.publication.services import items as acts
from gongkai.publication.testing import make_item
from tests.publication.review.world import draft, edit, passes, team, to_the_end

pytestmark = pytest.mark.django_db
NOW_DUE = {"approved_go_live_at": timezone.now() - timedelta(minutes=1)}


def fresh(page: DisclosurePage) -> DisclosurePage:
    return DisclosurePage.objects.get(pk=page.pk)


def test_wagtail_sends_no_mail_of_its_own(world: Any) -> None:
    t, page, root = team(world), draft(world), make_superuser()
    for user in (t.editor, t.reviewer, t.director, t.secrecy, t.leader, root):
        type(user).objects.filter(pk=user.pk).update(email=f"u{user.pk}@example.gov.cn")
    form = services.submit(t.editor, page)
    form = services.send_back(t.reviewer, form, opinion="请核对")
    services.recall(t.editor, form)
    form = to_the_end(t, services.submit(t.editor, edit(page, t.editor, summary="改过。")))
    assert fresh(page).shown
    assert mail.outbox == []
    text = world.client(t.reviewer).get("/desk/").content.decode()
    assert form.title not in text


# --- publication at a set time --------------------------------------------------------------------------------------


def approved(world: Any, t: Any, **fields: Any) -> ReviewForm:
    return to_the_end(t, services.submit(t.editor, draft(world, **fields)), publish_now=False)


def due(form: ReviewForm) -> None:
    Revision.objects.filter(pk=form.revision_id).update(**NOW_DUE)


def run() -> str:
    said = StringIO()
    call_command("publish_scheduled", stderr=said, stdout=said)
    return said.getvalue()


def test_what_was_approved_goes_out_at_its_time(world: Any) -> None:
    t = team(world)
    form = approved(world, t)
    sheet = reverse("review_sheet", args=[form.pk])
    client = world.client(t.leader)
    at = timezone.localtime() + timedelta(days=2)
    for bad in (
        "后天",
        "2026-13-45 09:00",
        "2026-11-30 29:00",
        f"{timezone.localtime() - timedelta(days=1):%Y-%m-%dT%H:%M}",
    ):
        assert client.post(sheet, {"act": "release", "at": bad}).status_code == 422
    assert client.post(sheet, {"act": "release", "at": f"{at:%Y-%m-%dT%H:%M}"}).status_code == 302
    with pytest.raises(PermissionDenied):
        services.schedule(t.editor, form, at)
    assert f"{at:%Y-%m-%d %H:%M}" in client.get(sheet).content.decode()
    assert run() == ""
    assert not fresh(form.page).shown, "its time has not come"
    due(form)
    assert run() == ""
    form.refresh_from_db()
    assert (form.state, fresh(form.page).shown) == ("done", True)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_one_refused_page_does_not_hold_up_the_others_and_is_told_to_its_people(world: Any) -> None:
    t = team(world)
    changed, unreviewed, good = (
        approved(world, t, title="改过的"),
        draft(world, title="没审的"),
        approved(world, t),
    )
    for form in (changed, good):
        services.schedule(t.leader, form, timezone.now() + timedelta(days=1))
        due(form)
    edit(changed.page, t.editor, summary="批准以后又改。")
    Revision.objects.filter(pk=unreviewed.latest_revision_id).update(**NOW_DUE)
    said = run()
    assert "《改过的》没有办成：内容在审核以后改过" in said
    assert "《没审的》没有办成：没有审核通过的审签单" in said
    assert [fresh(p).shown for p in (changed.page, unreviewed, good.page)] == [False, False, True]
    assert run() == "", "told once, not every minute"
    for user, told in ((t.editor, True), (t.leader, True), (world.stranger, False)):
        assert ("定时公开没有办成：改过的" in world.client(user).get("/desk/").content.decode()) is told
    item = reverse("publication_item", args=[changed.page_id])
    assert "内容在审核以后改过" in world.client(t.editor).get(item).content.decode()
    assert AuditEntry.objects.filter(act="review.unpublished").exists()
    services.submit(t.editor, fresh(changed.page))
    assert [r.page_id for r in selectors.refused_schedules(t.editor)] == [unreviewed.pk], (
        "answered by sending it in"
    )


def test_who_set_the_time_must_still_be_entitled(world: Any) -> None:
    t = team(world)
    form = approved(world, t)
    services.schedule(t.leader, form, timezone.now() + timedelta(days=1))
    due(form)
    seat = t.leader.memberships.get()
    organs.end_membership(SYSTEM, seat, on=timezone.localdate() - timedelta(days=1), reason="离岗")
    run()
    assert not fresh(form.page).shown
    assert ScheduleRefusal.objects.get().page_id == form.page_id


def test_a_fault_of_the_program_stops_no_other_and_is_not_hidden(world: Any, monkeypatch: Any) -> None:
    t = team(world)
    forms = [approved(world, t, title=name) for name in ("甲", "乙")]
    for form in forms:
        services.schedule(t.leader, form, timezone.now() + timedelta(days=1))
        due(form)
    real = acts.settle

    def broken(page: DisclosurePage, *args: Any) -> None:
        if page.title == "甲":
            raise RuntimeError("x")
        real(page, *args)

    monkeypatch.setattr("gongkai.publication.services.items.settle", broken)
    with pytest.raises(CommandError, match="1 条"):
        run()
    assert [fresh(f.page).shown for f in forms] == [False, True]
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1, "tried again next time"


def test_what_is_past_its_day_goes_off_whatever_else_happens(world: Any) -> None:
    page = make_item(world.column)
    DisclosurePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    Revision.objects.filter(pk=draft(world).latest_revision_id).update(**NOW_DUE)
    run()
    assert not fresh(page).shown


# --- an emergency that turns out to be wrong ------------------------------------------------------------------------


def emergency(world: Any, t: Any) -> ReviewForm:
    page = draft(world, title="停水通告", body=[("text", "<p>明日停水。</p>")])
    return services.publish_emergency(t.director, page, reason="管网爆裂", basis="电话征求保密审查员意见")


def test_a_fault_is_corrected_in_public_with_a_note(world: Any, client: Any) -> None:
    t = team(world)
    form = emergency(world, t)
    number, first = fresh(form.page).index_number, fresh(form.page).published_at
    form = services.send_back(t.reviewer, form, marks=[("明日停水", "应为后日")])
    assert fresh(form.page).shown, "a slip stays readable until it is corrected"
    edit(form.page, t.editor, body=[("text", "<p>后日停水。</p>")])
    with pytest.raises(ValidationError, match="更正说明"):
        services.submit(t.editor, form.page)
    form = services.submit(t.editor, form.page, reply="停水日期由明日更正为后日")
    assert (form.flow, form.round, form.step) == ("publish", 2, "first")
    assert "批准人" in people.refusal(t.director, passes(t.reviewer, form))
    for user in (make_user(world.gov, "director", "另一主任"), t.secrecy, t.leader):
        form = passes(user, ReviewForm.objects.get(pk=form.pk))
    page = fresh(form.page)
    assert (form.state, page.index_number, page.published_at) == ("done", number, first)
    text = client.get(page.public_url).content.decode()
    assert "后日停水" in text
    assert "停水日期由明日更正为后日" in text
    assert not selectors.unreviewed_emergencies(selectors.Q()).exists()
    assert edit(page, t.editor, summary="又改。").correction_note, "no version takes the note away"


def test_a_reviewer_takes_it_off_at_once_and_the_ledger_stays(world: Any, client: Any) -> None:
    t = team(world)
    form = passes(t.reviewer, emergency(world, t))
    other = make_user(world.gov, "director", "另一主任")
    sheet = reverse("review_sheet", args=[form.pk])
    assert "同时撤下公开页的理由" in world.client(other).get(sheet).content.decode()
    data = {"act": "return", "opinion": "泄露了用户名单", "take_off_for": "内容有误，更正后另行发布"}
    assert world.client(other).post(sheet, data).status_code == 302
    page = fresh(form.page)
    assert (page.shown, page.withdrawn_reason) == (False, "内容有误，更正后另行发布")
    gone = client.get(page.public_url).content.decode()
    assert "内容有误，更正后另行发布" in gone
    assert "泄露了用户名单" not in gone, "the opinion is for the office"
    assert Release.objects.filter(page=page.pk, channel="portal").count() == 1
    form.refresh_from_db()
    kinds = list(form.acts.values_list("kind", flat=True))
    assert kinds == ["emergency", "approve", "return", "withdraw"]
    assert "紧急发布已撤下，待更正" in world.client(t.leader).get("/desk/").content.decode()
    assert "更正说明" in world.client(t.editor).get(sheet).content.decode()
    # Taken back for good: nothing is owed any more.
    services.recall(t.editor, form, reason="不再发布")
    assert not selectors.unreviewed_emergencies(selectors.Q()).exists()


def test_a_withdrawal_by_the_office_is_on_the_form_too(world: Any) -> None:
    t = team(world)
    form = emergency(world, t)
    with pytest.raises(ValidationError, match="先撤下"):
        services.recall(t.editor, form)
    items.withdraw(t.director, fresh(form.page), reason="消息不实")
    form.refresh_from_db()
    assert (form.state, form.acts.last().kind, form.acts.last().by) == ("returned", "withdraw", t.director)
    assert list(selectors.returned_to(t.editor)) == [form]
    edit(form.page, t.editor, body=[("text", "<p>核实后的消息。</p>")])
    form = services.submit(t.editor, form.page, reply="原消息不实，已核实")
    for user in (t.reviewer, make_user(world.gov, "director", "另一主任"), t.secrecy, t.leader):
        form = passes(user, form)
    assert fresh(form.page).shown
    assert "核实后的消息" in str(fresh(form.page).body)


def test_only_an_emergency_is_taken_off_with_a_return(world: Any) -> None:
    t, page = team(world), draft(world)
    form = services.submit(t.editor, page)
    with pytest.raises(ValidationError, match="紧急发布"):
        services.send_back(t.reviewer, form, opinion="改", take_off_for="理由")


def test_what_should_not_be_public_goes_off_first_and_is_then_decided(world: Any) -> None:
    t = team(world)
    form, reason = emergency(world, t), "条例第十六条：内部事务信息"
    with pytest.raises(ValidationError, match="请先撤下公开页"):
        edit(form.page, t.editor, attribute="withheld", attribute_reason=reason)
    form = services.send_back(t.reviewer, form, opinion="涉及应急预案", take_off_for="经审查不宜公开")
    edit(form.page, t.editor, attribute="withheld", attribute_reason=reason)
    form = services.submit(t.editor, form.page)
    form = passes(t.secrecy, passes(t.reviewer, form), conclusion="closed", basis="内部", next_review_on=NEXT)
    form = passes(t.leader, form)
    page = fresh(form.page)
    assert (form.state, page.shown, page.attribute) == ("done", False, "withheld")
    assert page.attribute_reason == reason
    assert not selectors.unreviewed_emergencies(selectors.Q()).exists()


NEXT = timezone.localdate() + timedelta(days=300)
