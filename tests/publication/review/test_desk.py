"""The screens of review: what each person sees, signs and may not reach; the demonstration."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import timedelta
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from gongkai.demo.context import DemoContext
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication.models import Attachment, DisclosurePage, ReviewForm
from gongkai.publication.review import demo, selectors, services, versions
from gongkai.publication.testing import make_column
from tests.publication.review.samples import id_number, workbook
from tests.publication.review.world import draft, edit, gates, next_year, passes, team, to_the_end, with_file

pytestmark = pytest.mark.django_db
LISTS = ("review_list", "review_forms", "review_times", "review_again")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def signing(form: ReviewForm, **more: Any) -> dict[str, Any]:
    return {"act": "approve", "gates": list(gates(form)), "proofread": "1", **more}


def test_all_is_signed_on_the_screens_and_printed(world: Any) -> None:
    t, page = team(world), draft(world, title="招生公告")
    editor = world.client(t.editor)
    assert editor.post(reverse("review_submit", args=[page.pk])).status_code == 302
    form = ReviewForm.objects.get()
    sheet = reverse("review_sheet", args=[form.pk])
    secrecy = {"conclusion": "open", "basis": "不涉密"}
    for user, more in ((t.reviewer, {}), (t.director, {}), (t.secrecy, secrecy), (t.leader, {})):
        client = world.client(user)
        assert "招生公告" in text(client.get(reverse("review_list")))
        assert "招生公告" in text(client.get("/desk/"))
        form.refresh_from_db()
        assert client.post(sheet, {"act": "approve"}).status_code == 422
        assert client.post(sheet, signing(form, **more)).status_code == 302
        assert client.post(sheet, signing(form, **more)).status_code in (403, 422)
    assert DisclosurePage.objects.get(pk=page.pk).shown
    answer = editor.get(reverse("review_paper", args=[form.pk]))
    with closing(pdfium.PdfDocument(b"".join(answer.streaming_content))) as paper:
        said = "".join("".join(p.get_textpage().get_text_range() for p in paper).split())
    for words in (
        "审签单",
        "招生公告",
        "政治关",
        "保密关",
        "审核人",
        "分管领导",
        "可公开",
        "三校",
        form.digest[:8],
    ):
        assert words in said, words
    assert "初审" in text(world.client(t.director).get(reverse("review_times")))


def test_changes_are_marked_against_the_last_version(world: Any) -> None:
    t, page = team(world), draft(world, body=[("text", "<p>第一句不变。旧的第二句。</p>")])
    to_the_end(t, services.submit(t.editor, page))
    edit(page, t.editor, body=[("text", "<p>第一句不变。新的第二句。</p>")])
    form = services.submit(t.editor, page)
    said = world.client(t.reviewer).get(reverse("review_sheet", args=[form.pk])).content.decode()
    assert "<ins>新的第二句。</ins>" in said
    assert "<del>旧的第二句。</del>" in said
    assert "<ins>第一句不变。" not in said
    assert "与已公开的版本比较" in said


def test_blocked_is_explained_and_let_pass_by_a_reviewer(world: Any) -> None:
    t, page = team(world), with_file(world, "表.xlsx", workbook(id_number()))
    answer = world.client(t.editor).post(reverse("review_submit", args=[page.pk]), follow=True)
    said = text(answer)
    assert "隐藏工作表“附表2” A12 单元格" in said
    assert id_number() not in answer.content.decode()
    form, key = ReviewForm.objects.get(), page.scans.get().hits[0]["key"]
    sheet = reverse("review_sheet", args=[form.pk])
    data = {"act": "override", "key": key, "basis": "行政处罚法第四十八条", "reason": "依法公示"}
    assert world.client(t.editor).post(sheet, data).status_code == 403
    assert "放行" in text(world.client(t.reviewer).get(sheet))
    assert world.client(t.reviewer).post(sheet, data).status_code == 302
    assert "审核人 放行" in text(world.client(t.reviewer).get(sheet))
    file = versions.attachments_of(page.get_latest_revision_as_object())[0]
    download = world.client(t.reviewer).get(reverse("review_file", args=[form.pk, file.pk]))
    assert "attachment" in download["Content-Disposition"]


def test_marks_typed_wrongly_lose_nothing_and_right_ones_reach_the_drafter(world: Any) -> None:
    t, page = team(world), draft(world, title="通报", body=[("text", "<p>数字有误。</p>")])
    form = services.submit(t.editor, page)
    sheet, client = reverse("review_sheet", args=[form.pk]), world.client(t.reviewer)
    wrong = {"act": "return", "mark_quote_0": "没有的话", "mark_comment_0": "改", "opinion": "总的意见"}
    answer = client.post(sheet, wrong)
    assert answer.status_code == 422
    assert "原文中没有“没有的话”" in text(answer)
    assert "总的意见" in answer.content.decode()
    assert "没有的话" in answer.content.decode().split("rv-mark", 1)[1]
    assert client.post(sheet, {**wrong, "mark_quote_0": "数字有误"}).status_code == 302
    mine = world.client(t.editor)
    assert "审核退回：通报" in text(mine.get("/desk/"))
    assert "“数字有误”" in text(mine.get(sheet))
    assert mine.post(sheet, {"act": "submit", "reply": "数字以年报为准"}).status_code == 302
    assert "数字以年报为准" in text(client.get(sheet))


def test_nothing_of_another_organ_is_reached(world: Any) -> None:
    t, page = team(world), draft(world, title="甲区稿件")
    form = services.submit(t.editor, page)
    client = world.client(world.stranger)
    for name in LISTS:
        assert "甲区稿件" not in text(client.get(reverse(name)))
    for name in ("review_sheet", "review_paper"):
        assert client.get(reverse(name, args=[form.pk])).status_code == 404
    assert client.post(reverse("review_sheet", args=[form.pk]), signing(form)).status_code == 404
    for name in ("review_submit", "review_emergency"):
        assert client.post(reverse(name, args=[page.pk]), {"reason": "x", "basis": "y"}).status_code == 404
    assert client.get(reverse("review_file", args=[form.pk, 1])).status_code == 404
    inspector = world.client(make_user(world.gov, "inspector", "检查员"))
    assert {inspector.get(reverse(name)).status_code for name in LISTS} <= {302, 403}


def test_emergency_and_the_next_look_on_the_board(world: Any) -> None:
    t, page = team(world), draft(world, title="停水通告")
    url = reverse("review_emergency", args=[page.pk])
    assert world.client(t.editor).post(url, {"reason": "急", "basis": "据"}).status_code in (302, 403)
    assert not ReviewForm.objects.exists()
    office = world.client(t.director)
    answer = office.post(url, {"reason": "管道破裂", "basis": ""})
    assert answer.status_code == 422
    assert "管道破裂" in answer.content.decode()
    assert office.post(url, {"reason": "管道破裂", "basis": "已征求意见"}).status_code == 302
    assert "紧急发布待补审：停水通告" in text(office.get("/desk/"))
    closed = draft(world, title="内部测算", attribute="withheld", attribute_reason="条例第十六条")
    form = passes(t.reviewer, services.submit(t.editor, closed))
    soon = timezone.localdate() + timedelta(days=5)
    form = passes(t.secrecy, form, conclusion="closed", basis="内部事务", next_review_on=soon)
    passes(t.leader, form)
    board = world.client(t.secrecy)
    assert "1 条不公开信息该复核了" in text(board.get("/desk/"))
    data = {"form": form.pk, "result": "keep", "basis": "仍属内部事务"}
    assert board.post(reverse("review_again"), data).status_code == 422
    assert (
        board.post(reverse("review_again"), {**data, "next_review_on": next_year().isoformat()}).status_code
        == 302
    )


def test_the_sheet_asks_few_queries(world: Any, django_assert_max_num_queries: Any) -> None:
    t = team(world)
    form = passes(t.director, passes(t.reviewer, services.submit(t.editor, draft(world))))
    client, sheet = world.client(t.secrecy), reverse("review_sheet", args=[form.pk])
    client.get(sheet)
    with django_assert_max_num_queries(45):
        assert client.get(sheet).status_code == 200


def test_the_demonstration_has_one_in_each_state(db: None) -> None:
    gov = make_organ("利通区人民政府", slug="ltq", region_code="640302")
    town = make_organ("清河镇人民政府", gov, slug="ltq-qinghe", kind=Organ.Kind.TOWNSHIP)
    make_column(town, default_kind="general")
    for name, organ, role in (
        ("ltq-office", gov, "director"), ("ltq-leader", gov, "leader"), ("ltq-secrecy", gov, "secrecy"),
        ("ltq-town", town, "editor"), ("head", town, "reviewer"),
    ):  # fmt: skip
        make_user(organ, role, name, username=name)
    demo.load(DemoContext(actor=SYSTEM, log=lambda text: None))
    found = set(ReviewForm.objects.values_list("state", "step"))
    steps = {("reviewing", step) for step in ("first", "second", "secrecy", "final")}
    assert found >= steps | {("blocked", ""), ("returned", "second"), ("done", "")}
    assert ReviewForm.objects.filter(emergency_at__isnull=False).count() == 1
    assert ReviewForm.objects.filter(next_review_on__isnull=False).count() == 1
    times = selectors.durations(Q(), timezone.localdate() - timedelta(days=30))
    assert all(row.average > 0 for row in times)
    for form in ReviewForm.objects.all():
        signed = list(form.acts.order_by("pk").values_list("at", flat=True))
        assert signed == sorted(signed)
        assert form.submitted_at <= signed[0]
        assert signed[-1] <= timezone.now()
    assert selectors.slow(Q()).exists()


def test_the_stopped_file_is_replaced_on_the_sheet(world: Any) -> None:
    t, page = team(world), with_file(world, "发放表.xlsx", workbook(id_number()))
    form = services.submit(t.editor, page)
    sheet, old = reverse("review_sheet", args=[form.pk]), Attachment.objects.get()
    client = world.client(t.editor)
    said = client.get(sheet).content.decode()
    assert f'href="#replace-{old.pk}"' in said, "the hit leads to the file"
    assert f'id="replace-{old.pk}" open' in said

    def put(user: Any, **values: Any) -> Any:
        return world.client(user).post(sheet, {"act": "replace", "old": old.pk, **values})

    good = workbook()
    assert put(t.editor).status_code == 422
    assert put(t.editor, old="999", file=SimpleUploadedFile("发放表.xlsx", good)).status_code == 422
    assert "可执行程序" in put(t.editor, file=SimpleUploadedFile("a.exe", b"MZ\x90\0")).content.decode()
    same = SimpleUploadedFile("发放表.xlsx", old.file.read())
    assert "没有改动" in put(t.editor, file=same).content.decode()
    assert put(t.reviewer, file=SimpleUploadedFile("发放表.xlsx", good)).status_code == 403
    assert put(world.stranger, file=SimpleUploadedFile("发放表.xlsx", good)).status_code == 404
    before = DisclosurePage.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    assert put(t.editor, file=SimpleUploadedFile("发放表.xlsx", good)).status_code == 302
    after = DisclosurePage.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    assert [b.block_type for b in after.body] == [b.block_type for b in before.body], "in its old place"
    kept = next(b.value["file"] for b in after.body if b.block_type == "download")
    assert client.get(reverse("review_file", args=[form.pk, kept.pk])).status_code == 200
    assert "重新送审时再扫描一次" in text(client.get(sheet))
    assert client.post(sheet, {"act": "submit"}).status_code == 302
    form.refresh_from_db()
    assert (form.state, form.round) == ("reviewing", 2)
    assert put(t.editor, file=SimpleUploadedFile("发放表.xlsx", workbook(row="x"))).status_code == 422
