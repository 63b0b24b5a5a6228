"""Three reviews, three proofreadings, secrecy: what must be signed, by whom, on which version, before anything is public."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, Workflow, WorkflowState

from gongkai.organs.models import AuditEntry
from gongkai.organs.testing import make_superuser, make_user
from gongkai.publication import services as items
from gongkai.publication.models import (
    DisclosurePage,
    GateLine,
    Mark,
    ReviewAct,
    ReviewForm,
    ScanOverride,
    WatchWord,
)
from gongkai.publication.review import selectors, services, versions, workflow
from tests.publication.review.samples import id_number, workbook
from tests.publication.review.world import (
    OPEN,
    draft,
    edit,
    gates,
    next_year,
    passes,
    team,
    to_the_end,
    with_file,
)
from tests.publication.test_screens import FORM

pytestmark = pytest.mark.django_db
State = ReviewForm.State


def fresh(page: DisclosurePage) -> DisclosurePage:
    return DisclosurePage.objects.get(pk=page.pk)


def test_the_whole_way(world: Any) -> None:
    t, page = team(world), draft(world)
    form = services.submit(t.editor, page)
    assert (form.state, form.step, fresh(page).state) == (State.REVIEWING, "first", "review")
    assert form.workflow_state.current_task_state.task.name == "初审"
    form = to_the_end(t, form)
    page = fresh(page)
    assert page.shown
    assert (form.state, page.state) == (State.DONE, "published")
    form.workflow_state.refresh_from_db()
    assert form.workflow_state.status == WorkflowState.STATUS_APPROVED
    assert [a.step for a in form.acts.filter(kind="approve")] == ["first", "second", "secrecy", "final"]
    assert list(form.acts.filter(kind="approve").values_list("proofread", flat=True)) == [1, 2, None, 3]
    assert set(GateLine.objects.values_list("gate", flat=True)) == {
        "wording",
        "policy",
        "law",
        "secrecy",
        "politics",
    }
    assert all(a.digest == form.digest and a.by_id for a in form.acts.all())
    entry = AuditEntry.objects.filter(act="publication.item.publish").last()
    assert entry.reason == form.number


def test_three_workflows_serve_all_organs(world: Any) -> None:
    t = team(world)
    services.submit(t.editor, draft(world))
    foreign = make_user(world.other, "editor", "乙区信息员")
    page = draft(type(world)(**{**world.__dict__, "column": world.foreign, "editor": foreign}))
    services.submit(foreign, page)
    services.submit(
        t.editor, draft(world, attribute="withheld", attribute_reason="条例第十六条：内部事务信息")
    )
    for flow in workflow.NAMES:
        workflow.workflow_for(flow)
    assert Workflow.objects.filter(name__in=workflow.NAMES.values()).count() == 3


@pytest.mark.parametrize("who", ["editor", "stranger", "director", "secrecy", "leader", "admin"])
def test_the_first_review_belongs_to_the_organs_reviewer(world: Any, who: str) -> None:
    t, form = team(world), services.submit(world.editor, draft(world))
    user = {"stranger": world.stranger, "admin": make_superuser()}.get(who) or getattr(t, who)
    with pytest.raises(PermissionDenied):
        passes(user, form)


def test_nobody_reviews_their_own_draft_whatever_duties_they_hold(world: Any) -> None:
    t = team(world)
    double = make_user(world.dept, "reviewer", "兼职")
    world.editor, page = t.editor, draft(world)
    form = services.submit(t.editor, edit(page, double, summary="改过。"))
    with pytest.raises(PermissionDenied, match="自己的稿件"):
        passes(double, form)
    passes(t.reviewer, form)


def test_nobody_signs_two_steps_of_a_round(world: Any) -> None:
    t = team(world)
    form = passes(t.reviewer, services.submit(t.editor, draft(world)))
    with pytest.raises(PermissionDenied, match="同一人"):
        passes(t.reviewer, form)
    form = passes(t.director, form)
    form = passes(t.secrecy, form)
    with pytest.raises(PermissionDenied, match="同一人"):
        passes(t.director, form)


def test_drafter_reviewers_and_final_reviewer_are_always_different_people(world: Any) -> None:
    t = team(world)
    crowd = [t.reviewer, t.director, t.secrecy, t.leader, t.editor]
    for order in list(permutations(crowd, 4))[::7]:
        form = services.submit(t.editor, draft(world))
        try:
            for user in order:
                form = passes(user, form)
        except PermissionDenied:
            continue
        signed = list(form.acts.filter(kind="approve").values_list("by", flat=True))
        assert len({*signed, t.editor.pk}) == 5


def test_every_checkpoint_and_every_proofreading_must_be_signed(world: Any) -> None:
    t, form = team(world), services.submit(world.editor, draft(world))
    with pytest.raises(ValidationError) as refused:
        services.approve(t.reviewer, form, gates={})
    assert refused.value.messages == [
        "请签署文字关。",
        "请完成一校：没有差错的勾选确认，有差错的退回修改并列出更正。",
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "请选择保密审查结论"),
        ({"conclusion": "open"}, "依据"),
        ({"conclusion": "closed", "basis": "x", "next_review_on": "later"}, "请退回"),
        ({"conclusion": "part", "basis": "x", "note": "附件三不公开"}, "复核日期"),
        ({"conclusion": "part", "basis": "x", "next_review_on": "later"}, "哪些内容不公开"),
        ({"conclusion": "part", "basis": "x", "note": "y", "next_review_on": "past"}, "今天以后"),
        ({"conclusion": "refer", "basis": "x"}, "提请哪个机关"),
    ],
)
def test_no_secrecy_conclusion_no_publication(world: Any, values: dict[str, Any], said: str) -> None:
    t = team(world)
    form = passes(t.director, passes(t.reviewer, services.submit(t.editor, draft(world))))
    days = {"later": next_year(), "past": timezone.localdate() - timedelta(days=1)}
    values = {k: days.get(v, v) if k == "next_review_on" else v for k, v in values.items()}
    with pytest.raises(ValidationError, match=said):
        services.approve(t.secrecy, form, gates=gates(form), **values)


def test_what_is_referred_upward_waits_at_the_same_step(world: Any) -> None:
    t = team(world)
    form = passes(t.director, passes(t.reviewer, services.submit(t.editor, draft(world))))
    form = passes(t.secrecy, form, conclusion="refer", basis="不明确", note="提请市保密局确定附件二")
    assert (form.step, form.conclusion, form.state) == ("secrecy", "refer", State.REVIEWING)
    form = passes(t.secrecy, form)
    assert (form.step, form.conclusion) == ("final", "open")


def test_an_edit_after_approval_reopens(world: Any) -> None:
    t, page = team(world), draft(world)
    form = passes(t.reviewer, services.submit(t.editor, page))
    edit(page, t.editor, summary="另一个概述。")
    with pytest.raises(ValidationError, match="改过"):
        passes(t.director, form)
    form = services.send_back(t.director, form, opinion="内容已变，请重新送审")
    form = services.submit(t.editor, page)
    assert (form.round, form.step) == (2, "first")
    passes(t.reviewer, form)


def test_an_edit_between_approval_and_publication_stops_it(world: Any) -> None:
    t, page = team(world), draft(world)
    form = to_the_end(t, services.submit(t.editor, page), publish_now=False)
    assert (form.state, fresh(page).state, fresh(page).shown) == (State.APPROVED, "approved", False)
    edit(page, t.editor, title="换了标题")
    with pytest.raises(ValidationError, match="审核以后改过"):
        services.release_approved(t.leader, form)
    form = services.submit(t.editor, page)
    form = to_the_end(t, form)
    assert fresh(page).title == "换了标题"
    assert fresh(page).shown


def test_a_replaced_file_changes_the_digest(world: Any) -> None:
    page = with_file(world, "甲.xlsx", workbook())
    before = versions.digest_of(page.get_latest_revision_as_object())
    again = versions.digest_of(fresh(page).specific.get_latest_revision_as_object())
    assert before == again
    other = items.add_attachment(world.editor, world.dept, "甲.xlsx", workbook(row="x"))
    edit(page, world.editor, body=[("text", "<p>正文。</p>"), ("download", {"file": other, "name": ""})])
    assert versions.digest_of(fresh(page).specific.get_latest_revision_as_object()) != before


def test_sent_back_with_marked_passages_and_resumed_where_it_was(world: Any) -> None:
    t, page = team(world), draft(world, body=[("text", "<p>第一句。第二句有错。</p>")])
    form = passes(t.reviewer, services.submit(t.editor, page))
    with pytest.raises(ValidationError, match="原文中没有"):
        services.send_back(t.director, form, marks=[("没有这一句", "改")])
    with pytest.raises(ValidationError, match="标出问题"):
        services.send_back(t.director, form)
    form = services.send_back(
        t.director, form, marks=[("第二句有错", "与文件不符")], corrections=[("第一句", "首句")]
    )
    assert (form.state, fresh(page).state) == (State.RETURNED, "draft")
    assert set(Mark.objects.values_list("kind", "quote")) == {("passage", "第二句有错"), ("proof", "第一句")}
    assert list(selectors.returned_to(t.editor)) == [form]
    # Unchanged and answered: the approvals given stand.
    form = services.submit(t.editor, page, reply="文件第三条即如此规定")
    assert (form.round, form.step) == (1, "second")
    # Changed: all begins again.
    form = services.send_back(t.director, form, marks=[("第二句有错", "仍请改")])
    edit(page, t.editor, body=[("text", "<p>第一句。第二句改好。</p>")])
    form = services.submit(t.editor, page)
    assert (form.round, form.step) == (2, "first")
    to_the_end(t, form)
    assert fresh(page).shown


def test_recall_lets_the_drafter_edit_again(world: Any) -> None:
    t, page = team(world), draft(world)
    form = services.submit(t.editor, page)
    client = world.client(t.editor)
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "审核期间不能修改" in client.get(editor).content.decode()
    with pytest.raises(PermissionDenied):
        services.recall(make_user(world.dept, "editor", "别的信息员"), form)
    services.recall(t.editor, form)
    assert "审核期间不能修改" not in client.get(editor).content.decode()
    assert services.submit(t.editor, page).number != form.number


def test_nobody_publishes_past_the_review(world: Any) -> None:
    t, page = team(world), draft(world)
    form = services.submit(t.editor, page)
    for approval in ("", form.number, "2020-000001"):
        with pytest.raises(PermissionDenied):
            items.publish(t.editor, page, approval=approval)
    for user in (t.director, make_superuser()):
        for approval in ("", form.number):
            with pytest.raises(ValidationError, match=r"审核|审签单"):
                items.publish(user, page, approval=approval)
    other = to_the_end(t, services.submit(t.editor, draft(world)))
    with pytest.raises(ValidationError, match="审签单"):
        items.publish(t.director, page, approval=other.number)
    assert not fresh(page).shown


def test_wagtails_own_buttons_neither_approve_nor_publish(world: Any) -> None:
    t, page = team(world), draft(world)
    form = services.submit(t.editor, page)
    task = form.workflow_state.current_task_state
    for user in (t.editor, t.reviewer, make_superuser()):
        client = world.client(user)
        for action in ("approve", "reject"):
            client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task.pk]))
        data = {**FORM, "title": "改", "formed_on": "2026-01-05", "action-submit": "1", "action-publish": "1"}
        client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    task.refresh_from_db()
    assert task.status == TaskState.STATUS_IN_PROGRESS
    assert not fresh(page).shown
    assert ReviewForm.objects.get().step == "first"


def test_a_hidden_number_stops_the_version_until_a_reviewer_answers_for_it(world: Any) -> None:
    t, page = team(world), with_file(world, "发放表.xlsx", workbook(id_number()))
    form = services.submit(t.editor, page)
    assert (form.state, fresh(page).state) == (State.BLOCKED, "draft")
    hit = next(h for h in page.scans.get().hits if h["kind"] == "id")
    assert hit["place"] == "附件“发放表.xlsx”隐藏工作表“附表2” A12 单元格（工作表已隐藏）"
    assert id_number() not in str(page.scans.get().hits)
    assert form in selectors.blocked(selectors.Q(), t.reviewer)
    with pytest.raises(PermissionDenied):
        passes(t.reviewer, ReviewForm.objects.get(pk=form.pk)) if form.step else services.override(
            t.editor, form, hit["key"], basis="法", reason="由"
        )
    for basis, reason in (("", "由"), ("法", "")):
        with pytest.raises(ValidationError):
            services.override(t.reviewer, form, hit["key"], basis=basis, reason=reason)
    services.override(t.reviewer, form, hit["key"], basis="行政处罚法第四十八条", reason="依法公示的处罚对象")
    form.refresh_from_db()
    assert (form.state, form.step) == (State.REVIEWING, "first")
    assert ScanOverride.objects.get().by == t.reviewer
    assert AuditEntry.objects.filter(act="review.override", actor=t.reviewer).exists()
    to_the_end(t, form)
    assert fresh(page).shown


def test_a_corrected_file_goes_through_and_an_override_does_not_outlive_its_version(world: Any) -> None:
    t, page = team(world), with_file(world, "发放表.xlsx", workbook(id_number()))
    form = services.submit(t.editor, page)
    key = next(h["key"] for h in page.scans.get().hits if h["kind"] == "id")
    services.override(t.reviewer, form, key, basis="法", reason="由")
    services.recall(t.editor, form)
    edit(page, t.editor, summary="另改一处。")
    form = services.submit(t.editor, page)
    assert form.state == State.BLOCKED
    clean = items.add_attachment(t.editor, world.dept, "发放表.xlsx", workbook())
    edit(page, t.editor, body=[("download", {"file": clean, "name": ""}), ("text", "<p>文。</p>")])
    assert services.submit(t.editor, page).state == State.REVIEWING


def test_an_emergency_is_out_at_once_and_owed_a_review(world: Any) -> None:
    t, page = team(world), draft(world, title="汛情通告")
    with pytest.raises(PermissionDenied):
        services.publish_emergency(t.editor, page, reason="汛情", basis="电话征求保密审查员意见")
    for reason, basis in (("", "x"), ("x", "")):
        with pytest.raises(ValidationError):
            services.publish_emergency(t.director, page, reason=reason, basis=basis)
    form = services.publish_emergency(t.director, page, reason="汛情", basis="电话征求保密审查员意见")
    assert fresh(page).shown
    assert form.review_due > timezone.localdate()
    assert (form.conclusion, form.step) == ("", "first")
    assert list(selectors.unreviewed_emergencies(selectors.Q())) == [form]
    with pytest.raises(ValidationError):
        services.recall(t.editor, form)
    form = passes(t.reviewer, form)
    with pytest.raises(PermissionDenied, match="批准人"):
        passes(t.director, form)
    form = passes(make_user(world.gov, "director", "另一主任"), form)
    form = passes(t.leader, passes(t.secrecy, form))
    assert form.state == State.DONE
    assert not selectors.unreviewed_emergencies(selectors.Q()).exists()


def test_an_emergency_does_not_jump_the_scan(world: Any) -> None:
    t, page = team(world), draft(world, body=[("text", f"<p>失联人员{id_number()}</p>")])
    with pytest.raises(ValidationError, match="正文第 1 段"):
        services.publish_emergency(t.director, page, reason="急", basis="依据")
    assert not fresh(page).shown


def test_what_is_not_disclosed_is_decided_and_looked_at_again(world: Any) -> None:
    t = team(world)
    with pytest.raises(ValidationError, match="属性理由"):
        services.submit(t.editor, draft(world, attribute="withheld"))
    page = draft(world, attribute="withheld", attribute_reason="条例第十六条第二款：过程性信息")
    form = services.submit(t.editor, page)
    assert [s.value for s in workflow.STEPS[form.flow]] == ["first", "secrecy", "final"]
    form = passes(t.reviewer, form)
    with pytest.raises(ValidationError, match="主动公开"):
        passes(t.secrecy, form)
    form = passes(t.secrecy, form, conclusion="closed", basis="过程性信息", next_review_on=next_year())
    form = passes(t.leader, form)
    assert (form.state, fresh(page).state, fresh(page).shown) == (State.DONE, "archived", False)
    assert list(selectors.due_again(selectors.Q())) == [form]
    with pytest.raises(ValidationError, match="复核日期"):
        services.rereview(t.secrecy, form, result="keep", basis="仍在讨论")
    services.rereview(t.secrecy, form, result="keep", basis="仍在讨论", next_review_on=next_year())
    services.rereview(t.secrecy, form, result="open", basis="决策已作出")
    assert not selectors.due_again(selectors.Q()).exists()
    assert (fresh(page).state, fresh(page).attribute) == ("draft", "proactive")
    to_the_end(t, services.submit(t.editor, page))
    assert fresh(page).shown


def test_a_public_item_stays_public_while_its_correction_is_reviewed(world: Any) -> None:
    t, page = team(world), draft(world)
    to_the_end(t, services.submit(t.editor, page))
    edit(page, t.editor, title="更正后的标题")
    form = services.submit(t.editor, page)
    assert (fresh(page).shown, fresh(page).state, fresh(page).title) == (
        True,
        "published",
        "关于测试事项的通知",
    )
    to_the_end(t, form)
    assert fresh(page).title == "更正后的标题"


def test_words_of_the_nearest_organ_stand_before_the_built_in(world: Any) -> None:
    from gongkai.publication.review.words import built_in, words_for

    assert any(w.text == "国土资源局" for w in built_in())
    services.save_word(
        world.director, WatchWord(organ=world.gov, text="国土资源局", kind="outdated", weight="off")
    )
    services.save_word(world.director, WatchWord(organ=world.dept, text="甲方", kind="risk", weight="block"))
    here = {w.text: w for w in words_for(world.dept)}
    assert "国土资源局" not in here
    assert here["甲方"].severity == "block"
    assert "国土资源局" in {w.text for w in words_for(world.other)}
    for user in (world.editor, world.stranger):
        with pytest.raises(PermissionDenied):
            services.save_word(user, WatchWord(organ=world.gov, text="乙方"))
    with pytest.raises(ValidationError, match="已有"):
        services.save_word(world.director, WatchWord(organ=world.gov, text="国土资源局"))


def test_body_is_scanned_as_a_reader_sees_it(world: Any) -> None:
    table = {
        "data": [["姓名", "身份证号"], ["甲", id_number()]],
        "table_caption": "名单",
        "table_header_choice": "",
    }
    page = draft(
        world,
        body=[
            ("text", "<p>请到国土资源局布署。</p>"),
            ("table", table),
            ("link", {"text": "旧址", "url": "http://testserver/gov/no/"}),
        ],
    )
    services.submit(world.editor, page)
    kinds = {(h["kind"], h["severity"]) for h in page.scans.get().hits}
    assert {
        ("people", "block"),
        ("id", "block"),
        ("outdated", "warn"),
        ("word", "warn"),
        ("link", "warn"),
        ("header", "warn"),
    } <= kinds


def test_lists_and_times_are_few_queries(world: Any, django_assert_max_num_queries: Any) -> None:
    t = team(world)
    for number in range(6):
        form = services.submit(t.editor, draft(world, title=f"稿件{number}"))
        if number % 2:
            passes(t.reviewer, form)
    with django_assert_max_num_queries(3):
        assert len(list(selectors.waiting(t.reviewer))) == 3
    assert len(list(selectors.waiting(t.director))) == 3
    for user in (t.editor, t.leader, world.stranger):
        assert not selectors.waiting(user)
    with django_assert_max_num_queries(1):
        found = selectors.durations(selectors.Q(), timezone.localdate())
    assert [(d.step, d.count, d.returns) for d in found] == [("初审", 3, 0)]
    assert ReviewAct.objects.filter(kind="submit").count() == 6
    assert OPEN


def test_the_digest_is_of_the_content_not_of_the_order_of_its_keys(world: Any) -> None:
    """PostgreSQL gives the JSON of a revision back with its keys in another order."""
    page = draft(world)
    latest = page.get_latest_revision_as_object()
    before = versions.digest_of(latest)
    rows = [dict(reversed(list(row.items()))) for row in latest.body.raw_data]
    latest.body = json.dumps(rows)
    assert versions.digest_of(latest) == before
    rows[0]["value"] = "<p>别的。</p>"
    latest.body = json.dumps(rows)
    assert versions.digest_of(latest) != before
