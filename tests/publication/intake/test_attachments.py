"""Files that come in beside the original: added, refused by name, taken off, carried into the body."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.publication.intake import services
from gongkai.publication.models import DisclosurePage, IntakeDraft, ReviewForm
from gongkai.publication.services.items import files_of
from tests.publication.intake import files
from tests.publication.review.samples import id_number, workbook

pytestmark = pytest.mark.django_db


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def names(draft: IntakeDraft) -> list[str]:
    return list(draft.files.values_list("attachment__name", flat=True))


def test_files_come_in_with_the_original_and_go_out_with_the_item(world: Any) -> None:
    client = world.client(world.editor)
    original = files.docx()
    more = [upload("名册.xlsx", workbook()), upload("程序.exe", b"MZ\x90\0")]
    answer = client.post(
        reverse("publication_intake"),
        {"column": world.column.pk, "file": upload("通知.docx", original), "extras": more},
    )
    draft = IntakeDraft.objects.get()
    assert answer["Location"] == reverse("publication_intake_draft", args=[draft.pk])
    text = client.get(answer["Location"]).content.decode()
    assert "“程序.exe”没有加上" in text
    assert "可执行程序" in text
    assert names(draft) == ["名册.xlsx"], "the good one is not lost with the bad one"

    url = answer["Location"]
    client.post(url, {"act": "attach", "title": "写到一半", "extras": [upload("说明.txt", "说明".encode())]})
    client.post(url, {"act": "attach", "extras": [upload("另名.docx", original)], "title": "写到一半"})
    text = client.get(url).content.decode()
    assert "写到一半" in text, "adding a file loses nothing typed"
    assert names(draft) == ["名册.xlsx", "说明.txt"], "the original is not added to itself"
    drop = draft.files.get(attachment__name="说明.txt").attachment_id
    client.post(url, {"act": f"drop-{drop}", "title": "写到一半"})
    assert names(draft) == ["名册.xlsx"]

    last = [upload("测算.xlsx", workbook(row="x"))]
    done = {"act": "confirm", "title": "标题", "formed_on": "2026-05-20", "extras": last}
    assert client.post(url, done).status_code == 302, "files chosen and not yet added come along"
    page = DisclosurePage.objects.get().get_latest_revision_as_object()
    shown = [b.value["file"].name for b in page.body if b.block_type == "download"]
    assert shown == ["通知.docx", "名册.xlsx", "测算.xlsx"]
    assert len(files_of(page)) == 3
    with pytest.raises(ValidationError, match="已经办过"):
        services.add_files(world.editor, IntakeDraft.objects.get(), [("x.txt", b"x")])


def test_a_refused_file_keeps_the_reading_open(world: Any) -> None:
    client = world.client(world.editor)
    draft = services.read_upload(world.editor, world.column, "通知.docx", files.docx())
    url = reverse("publication_intake_draft", args=[draft.pk])
    values = {"title": "标题", "formed_on": "2026-05-20", "keywords": "招生"}
    client.post(url, {"act": "confirm", **values, "extras": [upload("a.exe", b"MZ\x90\0")]})
    assert not DisclosurePage.objects.exists(), "nothing is made without a file that was meant to be in it"
    draft.refresh_from_db()
    assert (draft.state, draft.typed["keywords"]) == ("waiting", "招生")
    assert world.client(world.stranger).post(url, {"act": "attach"}).status_code == 404


def test_confirmed_and_sent_in_with_one_press(world: Any) -> None:
    client = world.client(world.editor)
    draft = services.read_upload(world.editor, world.column, "通知.docx", files.docx())
    services.add_files(world.editor, draft, [("名册.xlsx", workbook(id_number()))])
    values = {
        "act": "submit",
        "title": "标题",
        "formed_on": "2026-05-20",
        "summary": "概述。",
        "caption-1": "时间",
    }
    answer = client.post(reverse("publication_intake_draft", args=[draft.pk]), values)
    form = ReviewForm.objects.get()
    assert answer["Location"] == reverse("review_sheet", args=[form.pk])
    assert form.state == "blocked"
