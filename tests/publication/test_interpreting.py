"""An interpretation is begun from its document, tied to it by number, and read as its reader would read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from gongkai.normative.testing import make_document
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_user
from gongkai.publication import services
from gongkai.publication.models import ColumnPage, DisclosurePage, InterpretationPage, PolicyPage
from gongkai.publication.review import plainness
from gongkai.publication.review.services import submit
from gongkai.publication.testing import make_column, make_item

pytestmark = pytest.mark.django_db
TEXT = "第一条　为规范高龄津贴发放工作，根据有关规定，结合本区实际，制定本办法。第二条　本区户籍八十周岁以上的老年人可以申请高龄津贴，由本人或者家属向户籍所在地的乡镇人民政府提出。第三条　乡镇人民政府收到申请后五个工作日内完成审核，民政部门按月发放。第四条　本办法自印发之日起施行，有效期五年。"


def _column(organ: Any) -> ColumnPage:
    return make_column(
        organ, code="zcjd", title="政策解读", content_class="statutory", column_type="interpretation", default_kind="interpretation",
    )  # fmt: skip


def _policy(world: Any, **fields: Any) -> PolicyPage:
    page = PolicyPage(
        title="高龄津贴发放办法", document_number="甲教发〔2026〕5号", summary="津贴。", formed_on=timezone.localdate(),
        body=[("text", f"<p>{TEXT}</p>")], **fields,
    )  # fmt: skip
    made = services.create_item(SYSTEM, world.column, page)
    return services.publish(SYSTEM, made)  # type: ignore[return-value]


def test_the_document_gives_its_interpretation_what_it_knows(world: Any) -> None:
    _column(world.dept)
    document = _policy(world)
    url = reverse("publication_interpretation", args=[document.pk])
    editor = world.client(world.editor)
    assert "写解读" in editor.get(reverse("publication_item", args=[document.pk])).content.decode()
    answer = editor.post(url)
    draft = InterpretationPage.objects.get()
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    latest = draft.get_latest_revision_as_object()
    assert (latest.document_id, latest.title) == (document.pk, "《高龄津贴发放办法》政策解读")
    assert "根据有关规定" in latest.background
    editor.post(url)  # the same draft again, not a second one
    assert InterpretationPage.objects.count() == 1


def test_the_columns_of_the_organs_above_serve_who_may_write_there(world: Any) -> None:
    document = _policy(world)
    assert services.interpretation_column(world.editor, world.dept) is None
    above = _column(world.gov)
    assert services.interpretation_column(world.editor, world.dept) is None  # not theirs to write in
    assert services.interpretation_column(world.director, world.dept) == above
    refused = world.client(world.editor).post(reverse("publication_interpretation", args=[document.pk]))
    assert refused.status_code == 422
    assert "政策解读" in refused.content.decode()
    own = _column(world.dept)
    assert services.interpretation_column(world.director, world.dept) == own


def test_only_those_of_the_organ_reach_it(world: Any) -> None:
    _column(world.dept)
    document = _policy(world)
    url = reverse("publication_interpretation", args=[document.pk])
    assert world.client(world.stranger).get(url).status_code == 404
    assert world.client(world.stranger).post(url).status_code == 404
    assert world.client(world.reviewer).post(url).status_code in (302, 403)  # not for who only signs
    assert not InterpretationPage.objects.exists()
    draft = services.begin_interpretation(world.editor, document)
    with pytest.raises(PermissionDenied):
        services.link_interpretation(world.stranger, draft, document)


def test_what_came_from_elsewhere_is_tied_by_number_and_the_register_notes_it(world: Any) -> None:
    column = _column(world.dept)
    registered = make_document(world.dept)
    document = _policy(world, register_entry=registered)
    page = InterpretationPage(title="津贴怎么领", summary="解读。", formed_on=timezone.localdate(), document_title="旧网站上的文件",
                              **dict.fromkeys(("background", "aims", "content", "standards", "benefits", "differences"), "说明。"))  # fmt: skip
    page = services.publish(SYSTEM, services.create_item(SYSTEM, column, page))
    url, editor = reverse("publication_interpretation", args=[page.pk]), world.client(world.editor)
    wrong = editor.post(url, {"number": "甲教发〔2026〕99号"})
    assert wrong.status_code == 422
    assert "甲教发〔2026〕99号" in wrong.content.decode()  # nothing typed is lost
    assert editor.post(url, {"number": document.document_number}).status_code == 302
    page = InterpretationPage.objects.get(pk=page.pk)
    assert page.document_id == document.pk
    assert (
        page.get_latest_revision_as_object().document_id == document.pk
    )  # no revision carries the old state back
    registered.refresh_from_db()
    assert registered.interpreted_on is not None
    assert page.title in world.client(world.editor).get(document.public_url).content.decode()


def test_what_it_explains_does_not_change_under_review(world: Any) -> None:
    _column(world.dept)
    document, other = (
        _policy(world),
        make_item(world.column, title="另一件", document_number="甲教发〔2026〕6号"),
    )
    draft = services.begin_interpretation(world.editor, document)
    latest = draft.get_latest_revision_as_object()
    for field in ("aims", "content", "standards", "benefits", "differences"):
        setattr(latest, field, "说明。")
    latest.save_revision(user=world.editor, log_action=False)
    submit(world.editor, DisclosurePage.objects.get(pk=draft.pk))
    with pytest.raises(ValidationError, match="正在审核"):
        services.link_interpretation(world.editor, draft, other)


def test_the_register_leads_to_the_item_and_to_its_interpretation(world: Any) -> None:
    _column(world.dept)
    registered = make_document(world.dept)
    url = reverse("documents:inspect", args=[registered.pk])
    editor = world.client(world.editor)
    assert "写解读" not in editor.get(url).content.decode()  # no item in the columns yet
    document = _policy(world, register_entry=registered)
    text = editor.get(url).content.decode()
    assert reverse("publication_interpretation", args=[document.pk]) in text
    viewer = make_user(world.dept, "inspector", "检查员")
    assert "写解读" not in world.client(viewer).get(url).content.decode()


def test_copying_is_remarked_and_explaining_is_not(world: Any) -> None:
    _column(world.dept)
    document = _policy(world)
    draft = services.begin_interpretation(world.editor, document)
    draft.background = draft.content = TEXT
    assert {h.kind for h in plainness.remarks(draft)} == {"copied"}
    assert all(h.severity != "block" for h in plainness.remarks(draft))
    draft.background = "过去各乡镇自己定标准，有的地方八十岁能领，有的要到八十五岁，老人意见大。"
    draft.content = (
        "满八十岁的本地户籍老人都能领，带上身份证到乡镇便民大厅填一张表，五个工作日内就有结果，按月打到卡上。"
    ) * 2
    assert not plainness.remarks(draft)
    draft.standards = "标" * 90
    assert {h.kind for h in plainness.remarks(draft)} == {"plain"}


def test_only_runs_of_words_count_as_copied() -> None:
    assert plainness.copied_share("", TEXT) == 0
    assert plainness.copied_share(TEXT, TEXT) == 1
    assert plainness.copied_share("高龄津贴、乡镇人民政府、民政部门" * 4, TEXT) < 0.1
    half = plainness.copied_share(TEXT[:100] + "别的话说一百个字" * 12, TEXT)
    assert 0.3 < half < 0.6
