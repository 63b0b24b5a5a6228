"""Files read into fields and blocks, kept until somebody confirms."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image

from gongkai.organs.scope import SYSTEM
from gongkai.publication.intake import services
from gongkai.publication.intake.images import compressed
from gongkai.publication.intake.reading import read_file
from gongkai.publication.models import DisclosurePage, IntakeDraft
from gongkai.publication.services import add_attachment
from tests.publication.intake import files


def test_a_notice_fills_its_fields_with_places() -> None:
    found = read_file(files.docx(), "通知.docx", ["甲区教育局"])
    values = {k: g.value for k, g in found.fields.items()}
    assert values["title"] == "甲区教育局关于做好2026年义务教育招生入学工作的通知"
    assert values["document_number"] == "甲教发〔2026〕12号"
    assert (values["issuer"], values["formed_on"]) == ("甲区教育局", "2026-05-20")
    assert (values["effective_on"], values["expires_on"]) == ("2026-06-01", "2031-05-31")
    assert (values["genre"], values["topic_class"]) == ("通知", "科技、教育")
    assert values["summary"].startswith("为做好今年")
    assert "招生" in values["keywords"]
    assert found.fields["document_number"].place == "第 2 段"
    assert {g.sure for g in found.fields.values()} == {"高", "中", "低"}
    kinds = [kind for kind, _ in found.blocks]
    assert kinds == ["text", "table", "text"]
    assert "<h2>一、总体要求</h2>" in found.blocks[0][1]
    assert "甲教发" not in found.blocks[0][1], "the head is in the fields, not in the body"
    assert found.blocks[1][1]["table_caption"] == "报名时间安排表"
    assert found.blocks[1][1]["data"][0] == ["学段", "日期"]
    assert "2026年5月20日" in found.blocks[2][1]


def test_a_workbook_gives_title_caption_and_headers() -> None:
    found = read_file(
        files.xlsx([["项目", "预算数"], ["教育", 120], ["卫生", 80]], "2026年部门预算收支总表"), "a.xlsx"
    )
    assert found.fields["title"].value == "2026年部门预算收支总表"
    table = found.blocks[0][1]
    assert table["table_caption"] == "2026年部门预算收支总表"
    assert table["data"][0] == ["项目", "预算数"]
    assert table["table_header_choice"] == "both"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ\x90program", "可执行程序"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版"),
        (b"", "空的"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read_file(data)


def test_a_scan_is_said_to_be_one_and_a_picture_is_no_document() -> None:
    with pytest.raises(ValidationError, match="扫描件"):
        read_file(files.scan(), "扫描.pdf")
    with pytest.raises(ValidationError, match="图片"):
        read_file(files.photo(60, 40))


def test_pictures_lose_camera_and_place_and_stand_upright() -> None:
    data = files.photo()
    small = compressed(data, 800)
    with Image.open(io.BytesIO(small)) as image:
        assert (image.width, image.height) == (800, 2000)
        assert dict(image.getexif()) == {}
        assert image.format == "JPEG"
    assert b"MAKER-OF-THE-CAMERA" in data
    assert b"MAKER-OF-THE-CAMERA" not in small
    assert len(small) < len(data)


@pytest.mark.django_db
def test_attachments_keep_their_text_for_search_and_pictures_are_made_small(world: Any) -> None:
    for name, data, words in (
        ("a.docx", files.docx(), "免试入学"),
        ("a.xlsx", files.xlsx([["姓名", "金额"], ["某某", 1]]), "金额"),
        ("a.txt", "甲区公告内容，政府信息公开的申请。".encode("gb18030"), "甲区公告内容"),
        ("a.csv", "项目,金额\n供热补贴,100\n".encode(), "供热补贴"),
    ):
        assert words in add_attachment(SYSTEM, world.dept, name, data).text, name
    kept = add_attachment(world.editor, world.dept, "现场.jpg", files.photo())
    assert (kept.width, kept.height) == (1200, 3000)
    assert b"MAKER-OF-THE-CAMERA" not in kept.file.open("rb").read()
    assert add_attachment(world.editor, world.dept, "又一次.jpg", files.photo()).media_type == "image/jpeg"


@pytest.mark.django_db
def test_an_upload_waits_and_becomes_a_draft_with_its_original(world: Any) -> None:
    draft = services.read_upload(world.editor, world.column, "通知.docx", files.docx())
    draft = IntakeDraft.objects.get(pk=draft.pk)
    services.save_typed(world.editor, draft, {"title": "改过的标题"})
    assert IntakeDraft.objects.get(pk=draft.pk).typed == {"title": "改过的标题"}
    page = services.confirm(
        world.editor,
        draft,
        {"title": "改过的标题", "formed_on": date(2026, 5, 20), "summary": "概述"},
        {1: "报名时间"},
    )
    page = DisclosurePage.objects.get(pk=page.pk)
    assert (page.state, page.live, page.drafter, page.kind) == (
        "draft",
        False,
        world.editor,
        world.column.default_kind,
    )
    body = page.get_latest_revision_as_object().body
    assert [b.block_type for b in body] == ["text", "table", "text", "download"]
    assert body[1].value["table_caption"] == "报名时间"
    assert body[3].value["file"] == draft.attachment
    with pytest.raises(ValidationError, match="已经办过"):
        services.confirm(world.editor, draft, {"title": "再来", "formed_on": date(2026, 5, 20)})


@pytest.mark.django_db
def test_only_who_may_draft_there(world: Any) -> None:
    for actor in (world.stranger, world.reviewer):
        with pytest.raises(PermissionDenied):
            services.read_upload(actor, world.column, "a.docx", files.docx())
        with pytest.raises(PermissionDenied):
            services.read_paste(actor, world.column, "<p>甲</p>")
    draft = services.read_paste(world.editor, world.column, "<p>一、甲</p><del>乙</del>", "通知")
    assert draft.reading["remarks"] == ["已去掉：修订中已删除的文字 1 处"]
    for act in (
        services.discard,
        lambda a, d: services.confirm(a, d, {}),
        lambda a, d: services.save_typed(a, d, {}),
    ):
        with pytest.raises(PermissionDenied):
            act(world.stranger, draft)
    with pytest.raises(ValidationError) as refusal:
        services.confirm(world.editor, draft, {"title": " "})
    assert set(refusal.value.message_dict) == {"title", "formed_on"}
    services.discard(world.editor, draft)
    assert IntakeDraft.objects.get(pk=draft.pk).state == "discarded"
