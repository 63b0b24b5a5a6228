"""The screens of intake: the way of an upload, of a paste and of an import, and who is kept out."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.publication.intake import migration, services
from gongkai.publication.models import DisclosurePage, IntakeDraft, MigrationRun
from tests.publication.intake import files

pytestmark = pytest.mark.django_db
ROWS = [
    ["标题", "栏目", "成文日期", "正文"],
    ["甲公告", "工作动态", "2026-05-06", "正文"],
    ["", "工作动态", "2026-05-06", ""],
]


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_upload_confirm_draft(world: Any) -> None:
    client = world.client(world.editor)
    assert "上传并读取" in client.get(reverse("publication_intake")).content.decode()
    answer = client.post(
        reverse("publication_intake"), {"column": world.column.pk, "file": upload("通知.docx", files.docx())}
    )
    draft = IntakeDraft.objects.get()
    assert answer["Location"] == reverse("publication_intake_draft", args=[draft.pk])
    text = client.get(answer["Location"]).content.decode()
    assert 'value="甲教发〔2026〕12号"' in text
    assert "把握高" in text
    assert "第 2 段" in text
    assert "报名时间安排表" in text
    kept = client.post(answer["Location"], {"act": "save", "title": "写了一半", "caption-1": "时间表"})
    assert kept.status_code == 302
    again = client.get(answer["Location"]).content.decode()
    assert "写了一半" in again
    assert 'value="时间表"' in again
    assert draft.name in client.get(reverse("publication_intake")).content.decode()
    refused = client.post(
        answer["Location"], {"act": "confirm", "title": "标题", "formed_on": "", "caption-1": "时间表"}
    )
    assert refused.status_code == 422
    done = client.post(
        answer["Location"],
        {"act": "confirm", "title": "标题", "formed_on": "2026-05-20", "caption-1": "时间表"},
    )
    page = DisclosurePage.objects.get()
    assert done["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.get(done["Location"]).status_code == 200
    assert "已成稿" in client.get(answer["Location"]).content.decode()


def test_a_refused_file_says_why_and_keeps_the_choice(world: Any) -> None:
    client = world.client(world.editor)
    for name, data, words in (("扫描.pdf", files.scan(), "扫描件"), ("a.exe", b"MZ\x90\0", "可执行程序")):
        answer = client.post(
            reverse("publication_intake"), {"column": world.column.pk, "file": upload(name, data)}
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert IntakeDraft.objects.count() == 0


def test_paste_without_script(world: Any) -> None:
    client = world.client(world.editor)
    source = "<p class=MsoTitle>招生通知</p><p>一、条件</p><p>年满<del>五</del>六周岁。</p><script>alert(1)</script>"
    text = client.post(reverse("publication_paste"), {"act": "clean", "source": source}).content.decode()
    assert "<h2>一、条件</h2>" in text
    assert "<del>五</del>" in text
    assert "alert(1)</script>" not in text
    assert 'value="招生通知"' in text
    answer = client.post(
        reverse("publication_paste"),
        {
            "act": "keep",
            "source": "招生通知\n一、条件",
            "html": source,
            "title": "招生通知",
            "column": world.column.pk,
        },
    )
    draft = IntakeDraft.objects.get()
    assert answer["Location"].endswith(f"/{draft.pk}/")
    assert draft.blocks[0][1].startswith("<h2>一、条件</h2>")
    assert client.post(reverse("publication_paste"), {"act": "clean", "source": " "}).status_code == 422


def test_the_editor_asks_for_a_clean_paste(world: Any) -> None:
    address = reverse("publication_clean")
    body = json.dumps(
        {"html": "<p style='color:red'>甲<script>x</script></p><table><tr><td>乙</td></tr></table>"}
    )
    found = world.client(world.editor).post(address, body, content_type="application/json").json()
    assert found["html"] == "<p>甲</p>"
    assert found["tables"] == 1
    assert "程序、样式和表单 1 处" in found["dropped"]
    client = world.client(world.editor)
    titled = client.post(
        address, json.dumps({"html": "<h1>甲&lt;</h1><p>乙</p>"}), content_type="application/json"
    ).json()
    assert titled["html"] == "<h2>甲&lt;</h2><p>乙</p>", "no word is lost"
    assert client.post(address, "[]", content_type="application/json").status_code == 422
    assert client.get(address).status_code == 405
    assert world.client(world.reviewer).post(address, body, content_type="application/json").status_code in (
        302,
        403,
    )
    editor = client.get(
        reverse("wagtailadmin_pages:add", args=["publication", "disclosurepage", world.column.pk])
    )
    assert re.search(
        r'<script src="[^"]*publication/paste[^"]*" data-clean="' + address, editor.content.decode()
    )


def test_an_import_from_upload_to_report(world: Any) -> None:
    client = world.client(world.editor)
    template = client.get(reverse("publication_import_template"))
    assert "导入" in load_workbook(io.BytesIO(template.content)).sheetnames
    answer = client.post(
        reverse("publication_imports"),
        {"file": upload("a.xlsx", files.xlsx(ROWS)), "mode": "draft", "source": "旧站"},
    )
    run = MigrationRun.objects.get()
    address = reverse("publication_import", args=[run.pk])
    assert answer["Location"] == address
    assert "原已公开的信息" not in client.get(reverse("publication_imports")).content.decode()
    fields = {"field-0": "title", "field-1": "column", "field-2": "formed_on", "field-3": "body"}
    assert client.post(address, {**fields, "field-3": "title", "act": "try"}).status_code == 422
    assert client.post(address, {**fields, "act": "try"}).status_code == 302
    text = client.get(address).content.decode()
    assert "导入 1 条" in text
    assert "缺少标题" in text
    assert DisclosurePage.objects.count() == 0
    assert client.post(address, {"act": "import"}).status_code == 302
    assert DisclosurePage.objects.get().title == "甲公告"
    report = client.get(reverse("publication_import_report", args=[run.pk]))
    assert load_workbook(io.BytesIO(report.content))["未导入的行"]["C2"].value == "缺少标题"
    refused = client.post(
        reverse("publication_imports"),
        {"file": upload("a.xlsx", files.xlsx(ROWS)), "mode": "history", "source": ""},
    )
    assert refused.status_code in (302, 403)
    assert MigrationRun.objects.count() == 1


def test_strangers_find_nothing(world: Any) -> None:
    draft = services.read_upload(world.editor, world.column, "甲区内部来稿.docx", files.docx())
    run = migration.open_run(
        world.editor, world.dept, "甲区内部表.xlsx", files.xlsx(ROWS), source="甲区旧站", mode="draft"
    )
    addresses = [
        reverse("publication_intake_draft", args=[draft.pk]), reverse("publication_import", args=[run.pk]),
        reverse("publication_import_report", args=[run.pk]),
    ]  # fmt: skip
    stranger, reviewer = world.client(world.stranger), world.client(world.reviewer)
    for address in addresses:
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {"act": "discard"}).status_code in (404, 405)
        assert reviewer.get(address).status_code in (302, 403)
    for name in ("publication_intake", "publication_paste", "publication_imports"):
        assert "甲区" not in stranger.get(reverse(name), {"organ": world.dept.pk}).content.decode()
        assert reviewer.get(reverse(name)).status_code in (302, 403)
    given = {"column": world.column.pk, "file": upload("a.docx", files.docx())}
    assert stranger.post(reverse("publication_intake"), given).status_code == 404
    assert IntakeDraft.objects.get().state == "waiting"


def test_the_command_imports_and_reports(world: Any, tmp_path: Any, capsys: Any) -> None:
    sheet, report = tmp_path / "a.xlsx", tmp_path / "report.xlsx"
    sheet.write_bytes(files.xlsx(ROWS))
    call_command("import_items", str(sheet), "--organ", world.dept.slug, "--dry-run")
    assert DisclosurePage.objects.count() == 0
    call_command("import_items", str(sheet), "--organ", world.dept.slug, "--report", str(report))
    assert "导入 1 条，未导入 1 条" in capsys.readouterr().out
    assert load_workbook(report)["未导入的行"].max_row == 2
    with pytest.raises(CommandError, match="--organ"):
        call_command("import_items", str(sheet), "--organ", "none")
