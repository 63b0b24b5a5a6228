"""What the desk takes back, keeps, counts and refuses."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as Word

from gongkai.normative import importing, interpretation, prechecks, services
from gongkai.normative.desk.today import drafts
from gongkai.normative.models import Attachment, Document, Relation
from gongkai.normative.services.files import add_file
from gongkai.normative.services.held import FOLDER, clear_held, hold
from gongkai.normative.testing import make_document
from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ() -> Organ:
    return make_organ("某区人民政府")


@pytest.fixture
def desk(organ: Organ) -> Client:
    client = Client()
    client.force_login(make_user(organ, Role.DIRECTOR), backend="django.contrib.auth.backends.ModelBackend")
    return client


def draft(organ: Organ, **more: Any) -> Document:
    fields = {"category": "policy", "title": "关于冬季供暖的通知", "body": "现将有关事项通知如下。"} | more
    return services.create_draft(SYSTEM, organ, **fields)


def test_a_relation_named_by_mistake_is_taken_back_but_not_one_in_effect(organ: Organ, desk: Client) -> None:
    old, row = make_document(organ, "旧"), draft(organ)
    wrong = services.relate(SYSTEM, row, Relation.Kind.REPEALS, target=old)
    desk.post(reverse("documents:unrelate", args=[row.pk]), {"chosen": wrong.pk, "reason": "选错了文件"})
    assert not row.relations.exists()
    assert AuditEntry.objects.filter(act="document.unrelate", reason__contains="选错了文件").exists()
    new = make_document(organ, "新")
    services.repeal(SYSTEM, old, on=timezone.localdate(), basis=new)
    done = new.relations.get()
    answer = desk.post(
        reverse("documents:unrelate", args=[new.pk]), {"chosen": done.pk, "reason": "选错了文件"}
    )
    assert answer.status_code == 200
    assert new.relations.filter(pk=done.pk).exists()


def test_a_wrong_file_is_removed_with_a_reason_and_out_of_storage(
    organ: Organ, desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    row = draft(organ)
    made = add_file(
        SYSTEM, row, Attachment.Kind.ATTACHMENT, ContentFile(_word("一、附件正文"), name="附件.docx")
    )
    url = reverse("documents:unfile", args=[row.pk])
    assert desk.post(url, {"chosen": made.pk, "reason": ""}).status_code == 200
    assert row.files.exists()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(url, {"chosen": made.pk, "reason": "传错了文件"})
    assert not row.files.exists()
    assert not default_storage.exists(made.file.name)
    stranger = Client()
    other = make_user(make_organ("邻区人民政府"), Role.DIRECTOR)
    stranger.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get(url).status_code == 404


def _word(*lines: str) -> bytes:
    word, out = Word(), io.BytesIO()
    for line in lines:
        word.add_paragraph(line)
    word.save(out)
    return out.getvalue()


def test_the_file_that_was_read_stays_with_the_document(organ: Organ, desk: Client) -> None:
    data = _word("某政发〔2026〕3号", "关于做好冬季供暖工作的通知", "现将有关事项通知如下。", "2026年10月8日")
    upload = ContentFile(data, name="供暖.docx")
    answer = desk.post(reverse("normative_read"), {"file": upload})
    assert answer.status_code == 302
    page = desk.get(answer["Location"]).content.decode()
    assert "关于做好冬季供暖工作的通知" in page
    assert "供暖.docx" in page
    fields = {
        "organ": organ.pk, "category": "policy", "title": "关于做好冬季供暖工作的通知", "genre": "notice", "topic": "17",
        "term": "open", "disclosure": "active", "interpretation_required": "on", "body": "现将有关事项通知如下。",
    }  # fmt: skip
    assert desk.post(reverse("documents:add"), fields | {"keep_as": "original"}).status_code == 302
    kept = Attachment.objects.get()
    assert (kept.document.title, kept.kind, kept.name) == (fields["title"], "original", "供暖.docx")
    assert default_storage.listdir(FOLDER)[1] == []
    # The next document, typed by hand, gets nothing of it.
    desk.post(reverse("documents:add"), fields | {"title": "另一份通知"})
    assert not Document.objects.get(title="另一份通知").files.exists()


def test_what_was_read_and_never_registered_is_thrown_away() -> None:
    held = hold("读取.docx", b"x")
    assert clear_held() == 0
    assert clear_held(timezone.now() + timedelta(days=3)) >= 1
    assert not default_storage.exists(held["path"])


def test_joint_organs_of_the_same_government_change_while_it_is_drafted(organ: Organ, desk: Client) -> None:
    elsewhere, stranger = make_organ("本区教育局", organ), make_organ("邻区人民政府")
    row = draft(organ)
    url = reverse("documents:edit", args=[row.pk])
    fields = {
        "category": "policy", "title": row.title, "genre": "notice", "topic": "02", "term": "open",
        "disclosure": "active", "interpretation_required": "on", "body": row.body,
    }  # fmt: skip
    desk.post(url, fields | {"joint_organs": [stranger.pk]})
    assert list(row.joint_organs.all()) == []
    desk.post(url, fields | {"joint_organs": [elsewhere.pk]})
    assert list(row.joint_organs.all()) == [elsewhere]
    assert f'<option value="{elsewhere.pk}" selected' in desk.get(url).content.decode()
    services.issue(SYSTEM, row, on=timezone.localdate())
    desk.post(url, fields | {"reason": "登记笔误", "joint_organs": []})
    assert list(row.joint_organs.all()) == [elsewhere]


def test_the_line_of_today_leads_to_as_many_documents_as_it_says(organ: Organ, desk: Client) -> None:
    services.deliberate(
        SYSTEM, draft(organ, title="甲", category="normative"), on=timezone.localdate(), meeting="常务会议"
    )
    draft(organ, title="乙")
    make_document(organ, "已印发")
    line = next(
        task
        for task in drafts(make_user(organ, Role.DIRECTOR), timezone.localdate())
        if "在办文件" in task.title
    )
    rows = desk.get(line.url).context["object_list"]
    assert len(rows) == line.count == 2


def test_nothing_is_published_without_the_secrecy_review_or_against_a_finding(
    organ: Organ, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = services.issue(SYSTEM, draft(organ), on=timezone.localdate())
    with pytest.raises(ValidationError, match="保密审查"):
        services.publish(SYSTEM, row)
    monkeypatch.setattr(prechecks, "_CHECKS", [lambda document: ["正文：居民身份证号码 4103**********1234"]])
    with pytest.raises(ValidationError, match="居民身份证号码"):
        services.publish(SYSTEM, row, secrecy_reviewed=True)
    with pytest.raises(ValidationError, match="居民身份证号码"):
        services.publish(SYSTEM, row, secrecy_reviewed=True, override="可以")
    services.publish(SYSTEM, row, secrecy_reviewed=True, override="依法公告送达，法律规定应当载明")
    assert AuditEntry.objects.get(act="document.override").reason.startswith("依法公告送达")


def test_a_spreadsheet_brings_amended_documents() -> None:
    organ = make_organ("某区人民政府")
    data = importing.template()
    outcome = importing.import_register(make_user(organ, Role.DIRECTOR), data, dry_run=False)
    assert (outcome.made, outcome.skipped) == (1, [])
    row = Document.objects.get()
    assert (row.status, row.events.get(act="amended").note) == ("amended", "修改第五条")
    with pytest.raises(ValidationError, match="早于印发日期"):
        services.register_existing(
            SYSTEM, organ,
            services.Existing("倒置", "policy", date(2024, 5, 6), amended_on=date(2024, 5, 1)),
        )  # fmt: skip


def _published(organ: Organ, day: date, **more: Any) -> Document:
    row = draft(organ, title=f"关于{day}的规定{more}", category="normative", **more)
    Document.objects.filter(pk=row.pk).update(
        stage="issued", issued_on=day, effective_on=day, published_on=day, published_at=timezone.now(), status="valid",
        interpretation_due=day + timedelta(days=3),
    )  # fmt: skip
    return Document.objects.select_related("organ").get(pk=row.pk)


def test_coverage_and_lag_per_organ_and_year(organ: Organ, desk: Client) -> None:
    year = timezone.localdate().year - 1
    first, second, third = (_published(organ, date(year, 3, n)) for n in (1, 2, 3))
    _published(
        organ, date(year, 4, 1), interpretation_required=False, interpretation_exemption="内容单一，无须解读"
    )
    make_document(organ, "补登", issued=date(year, 5, 1))
    services.mark_interpreted(SYSTEM, first, date(year, 3, 1))
    services.mark_interpreted(SYSTEM, second, date(year, 3, 8), note="一图读懂")
    line = interpretation.lines(Document.objects.all(), year)[0]
    assert (line.published, line.exempt, line.unknown, line.due, line.done) == (5, 1, 1, 3, 2)
    assert (line.on_time, line.open, line.days) == (1, 1, 3.0)
    assert interpretation.total([line]).days == 3.0
    page = desk.get(reverse("normative_interpretation"), {"year": year}).content.decode()
    assert "内容单一，无须解读" in page
    assert third.title in page
    with pytest.raises(ValidationError, match="还没有到"):
        services.mark_interpreted(SYSTEM, third, timezone.localdate() + timedelta(days=1))


def test_the_interpretation_page_shows_only_what_may_be_seen(organ: Organ) -> None:
    row = _published(organ, timezone.localdate() - timedelta(days=9))
    stranger = Client()
    other = make_user(make_organ("邻区人民政府"), Role.DIRECTOR)
    stranger.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert row.title not in stranger.get(reverse("normative_interpretation")).content.decode()
    with pytest.raises(PermissionDenied):
        services.mark_interpreted(other, row, timezone.localdate())


def primary(desk: Client, row: Document) -> list[str]:
    page = desk.get(reverse("documents:inspect", args=[row.pk])).content.decode()
    return re.findall(r'<a class="button" href="[^"]*">([^<]+)</a>', page)


def test_the_page_puts_forward_the_one_act_that_the_document_waits_for(organ: Organ, desk: Client) -> None:
    binding = draft(organ, category="normative", title="关于印发《供暖管理办法》的通知")
    assert primary(desk, binding) == ["登记征求意见"]
    services.consult(SYSTEM, binding, started=timezone.localdate() - timedelta(days=40), ended=timezone.localdate() - timedelta(days=9), opinions=3,
                     adopted=1, channel="区人民政府网站")  # fmt: skip
    assert primary(desk, Document.objects.get(pk=binding.pk)) == ["登记合法性审核"]
    plain = draft(organ)
    assert primary(desk, plain) == ["登记编号印发"]
    services.issue(SYSTEM, plain, on=timezone.localdate(), number="某政发〔2026〕1号")
    assert primary(desk, Document.objects.get(pk=plain.pk)) == ["公布"]
    services.publish(SYSTEM, Document.objects.get(pk=plain.pk), secrecy_reviewed=True)
    assert primary(desk, Document.objects.get(pk=plain.pk)) == []
