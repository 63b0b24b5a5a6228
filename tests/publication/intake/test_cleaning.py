"""What is given up can be taken up again for a time; then it goes, with the files that nobody else needs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.models import AuditEntry
from gongkai.publication import services as items
from gongkai.publication.desk.chooser import files_for
from gongkai.publication.intake import cleaning, services
from gongkai.publication.models import Attachment, IntakeDraft
from tests.publication.intake import files
from tests.publication.review.samples import workbook

pytestmark = pytest.mark.django_db
LATER = timedelta(days=31)


def brought(world: Any, name: str, *lines: str, more: dict[str, bytes] | None = None) -> IntakeDraft:
    draft = services.read_upload(world.editor, world.column, name, files.docx((*files.NOTICE, *lines)))
    assert services.add_files(world.editor, draft, (more or {}).items()) == []
    return draft


def names() -> list[str]:
    return list(Attachment.objects.order_by("pk").values_list("name", flat=True))


def test_given_up_by_mistake_and_taken_up_again(world: Any) -> None:
    draft = brought(world, "甲.docx", more={"表.xlsx": workbook()})
    client, url = world.client(world.editor), reverse("publication_intake")
    client.post(reverse("publication_intake_draft", args=[draft.pk]), {"act": "discard", "title": "打到一半"})
    text = client.get(url).content.decode()
    assert "放弃的来稿" in text
    assert "保留 30 日" in text
    assert "放弃的来稿" not in world.client(world.director).get(url).content.decode(), "each their own"
    with pytest.raises(PermissionDenied):
        cleaning.restore(world.stranger, draft)
    answer = client.post(url, {"restore": draft.pk})
    assert answer["Location"] == reverse("publication_intake_draft", args=[draft.pk])
    draft.refresh_from_db()
    assert (draft.state, draft.files.count(), bool(draft.blocks)) == ("waiting", 1, True)


def test_after_its_time_it_goes_and_only_what_nobody_needs(world: Any) -> None:
    shared = workbook(row="共用")
    given_up = brought(world, "放弃.docx", "甲", more={"只此一份.xlsx": workbook(), "共用.xlsx": shared})
    brought(world, "待办.docx", "乙", more={"待办用.xlsx": workbook(row="待办")})
    done = brought(world, "成稿.docx", "丙", more={"成稿用.xlsx": shared})
    page = services.confirm(world.editor, done, {"title": "标题", "formed_on": date(2026, 5, 20)})
    chosen = brought(world, "手选.docx", "丁")
    assert chosen.attachment not in files_for(world.editor), "not offered before it is confirmed"
    items.add_attachment(world.editor, world.dept, "手选.docx", chosen.attachment.file.read())
    assert chosen.attachment in files_for(world.editor), "somebody chose the same file by hand"
    for draft in (given_up, chosen):
        services.discard(world.editor, draft)
    before = names()
    assert cleaning.clean() == (0, 0), "its time is not over"
    assert names() == before
    assert cleaning.clean(timezone.now() + LATER) == (2, 2)
    assert names() == [n for n in before if n not in ("放弃.docx", "只此一份.xlsx")]
    given_up.refresh_from_db()
    assert (given_up.blocks, given_up.attachment, given_up.name) == ([], None, "放弃.docx")
    assert [b.value["file"].name for b in page.body if b.block_type == "download"] == [
        "成稿.docx",
        "共用.xlsx",
    ]
    assert AuditEntry.objects.filter(act="publication.intake.clean").count() == 4
    assert cleaning.clean(timezone.now() + LATER) == (0, 0), "may run again"
    IntakeDraft.objects.filter(pk=given_up.pk).update(ended_at=timezone.now() - LATER)
    with pytest.raises(ValidationError, match="已经清除"):
        cleaning.restore(world.editor, given_up)


def test_a_file_taken_off_a_reading_goes_too(world: Any, django_capture_on_commit_callbacks: Any) -> None:
    draft = brought(world, "甲.docx", more={"错的.xlsx": workbook()})
    wrong = Attachment.objects.get(name="错的.xlsx")
    storage, name = wrong.file.storage, wrong.file.name
    services.drop_file(world.editor, draft, wrong.pk)
    Attachment.objects.update(uploaded_at=timezone.now() - LATER)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("clean_intake")
    assert names() == ["甲.docx"]
    assert not storage.exists(name), "the stored file goes with it"


def test_what_became_an_item_is_not_given_up_from_another_window(world: Any) -> None:
    draft = brought(world, "戊.docx")
    other_window = IntakeDraft.objects.get(pk=draft.pk)
    services.confirm(world.editor, draft, {"title": "关于招生的通知", "formed_on": date(2026, 3, 2)})
    with pytest.raises(ValidationError, match="已经办过"):
        services.discard(world.editor, other_window)
    assert IntakeDraft.objects.get(pk=draft.pk).state == "done"
    assert not cleaning.restorable().exists()
