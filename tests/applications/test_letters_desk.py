"""Letters in the desk: who sees which, the way from draft to service through the pages, printing, templates."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.letters import services
from gongkai.applications.letters.kinds import LETTER_KINDS
from gongkai.applications.letters.pdf import Label, labels_pdf
from gongkai.applications.models import Delivery, Letter, LetterTemplate
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications import letters_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ():
    return world.county()


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The desk's today is the day of the cases."""
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: date(2026, 4, 23))


def log_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(letter) -> str:
    return reverse("applications_letter", args=[letter.pk])


def test_the_whole_way_through_the_pages_by_three_people(organ):
    editor = world.person(organ, Role.EDITOR, "经办")
    reviewer, leader = world.person(organ, Role.REVIEWER, "审核"), world.person(organ, Role.LEADER, "局长")
    application, _ = world.ready_for("granted.provided", organ)
    desk, legal, chief = log_in(editor), log_in(reviewer), log_in(leader)

    assert (
        "政府信息公开答复书"
        in desk.get(reverse("applications_letter_add", args=[application.pk])).content.decode()
    )
    form = reverse("applications_letter_draft", args=[application.pk, "granted.provided"])
    assert desk.get(form).status_code == 200
    assert desk.post(form, {"v0": "安置方案", "v1": "《安置方案》1份"}).status_code == 302
    letter = application.letters.get()
    shown = desk.get(page(letter)).content.decode()
    assert "还没有填写的内容" in shown
    assert "提供方式" in shown

    text = {"title": letter.title, "body": letter.body, "online": "on"}
    values = {"v0": "安置方案", "v1": "《安置方案》1份", "v2": "以纸质复制件邮寄提供"}
    assert desk.post(page(letter), text | values | {"act": "regenerate"}).status_code == 302
    letter.refresh_from_db()
    answer = desk.post(
        page(letter),
        {"title": letter.title, "body": letter.body, "online": "on"} | values | {"act": "submit"},
    )
    assert answer.status_code == 302
    letter.refresh_from_db()
    assert letter.state == "review"

    assert desk.post(page(letter), {"act": "pass"}).status_code in (403, 302)
    letter.refresh_from_db()
    assert letter.state == "review"
    assert legal.post(page(letter), {"act": "return", "opinion": ""}).status_code == 422
    assert legal.post(page(letter), {"act": "pass", "opinion": "合法"}).status_code == 302
    signing = chief.get(page(letter)).content.decode()
    assert 'value="sign"' in signing
    assert application.description in signing
    letter.application.refresh_from_db()
    assert (
        chief.post(page(letter), {"act": "sign", "expected": "1"}).status_code == 422
    )  # somebody has acted since
    application.refresh_from_db()
    assert chief.post(page(letter), {"act": "sign", "expected": application.events_count}).status_code == 302
    letter.refresh_from_db()
    assert letter.number == "清资公开答〔2026〕1号"
    assert selectors.state_of(application).status == "signed"

    proof = SimpleUploadedFile("回执.pdf", labels_pdf([Label("1", "2", "3")]), "application/pdf")
    served = {
        "act": "deliver",
        "way": "post",
        "on": "2026-04-23",
        "carrier": "courier",
        "tracking": "1",
        "proof": proof,
    }
    refused = desk.post(page(letter), served)
    assert refused.status_code == 422
    assert "邮政企业" in refused.content.decode()
    proof.seek(0)
    assert desk.post(page(letter), served | {"carrier": "china_post", "tracking": "XA123"}).status_code == 302
    assert selectors.state_of(application).status == "answered"
    assert Delivery.objects.get().proof.kind == "service"
    assert desk.post(page(letter), {"act": "receipt"}).status_code == 302
    receipt = application.letters.get(kind="service_receipt")
    assert "清资公开答〔2026〕1号" in receipt.body
    assert "邮政企业邮寄" in receipt.body


def test_another_organ_sees_nothing(organ):
    letter, _ = world.drafted("correction", organ)
    outsider = log_in(world.person(world.county(), Role.DIRECTOR, "外单位"))
    pk = letter.pk
    for name, args in (
        ("applications_letter", [pk]), ("applications_letter_pdf", [pk]), ("applications_letter_docx", [pk]),
        ("applications_letter_preview", [pk]), ("applications_letter_add", [letter.application_id]),
        ("applications_letter_draft", [letter.application_id, "correction"]),
    ):  # fmt: skip
        url = reverse(name, args=args)
        assert outsider.get(url).status_code == 404, name
        assert outsider.post(url, {"act": "save"}).status_code in (404, 405), name
    assert (
        "补正"
        not in outsider.get(reverse("letters:index"))
        .content.decode()
        .split("<main", 1)[-1]
        .split("<select")[0]
    )
    assert outsider.post(reverse("applications_outgoing"), {"letter": [pk]}).status_code == 422


@pytest.mark.parametrize(
    ("role", "may_draft", "may_sign"),
    [
        (Role.DIRECTOR, True, True), (Role.OFFICER, True, False), (Role.EDITOR, True, False),
        (Role.REVIEWER, False, True), (Role.LEADER, False, True), (Role.SECRECY, False, True),
        (Role.INSPECTOR, False, False),
    ],
)  # fmt: skip
def test_who_may_draft_and_who_may_sign(role, may_draft, may_sign, organ):
    user = world.person(organ, role, "某人")
    application, day = world.ready_for("extension", organ)
    if may_draft:
        services.draft_letter(user, application, "extension", today=day)
    else:
        with pytest.raises(PermissionDenied):
            services.draft_letter(user, application, "extension", today=day)
    letter, day = world.drafted("reopening", organ)
    services.submit_letter(SYSTEM, letter, today=day)
    if may_sign:
        assert services.sign_letter(user, letter, today=day).state == "signed"
    else:
        with pytest.raises(PermissionDenied):
            services.sign_letter(user, letter, today=day)


def test_the_preview_shows_what_is_typed_and_saves_nothing(organ):
    letter, _ = world.drafted("refused_secret.usual", organ)
    client = log_in(world.person(organ, Role.EDITOR, "经办"))
    url = reverse("applications_letter_preview", args=[letter.pk])
    typed = {"title": "标题", "body": "<script>alert(1)</script>\n{{ 救济途径 }}", "online": "on"}
    shown = client.post(url, typed).content.decode()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "应当先申请行政复议" in shown
    letter.refresh_from_db()
    assert letter.title != "标题"


def test_downloads_name_no_person_and_are_never_shown_inline(organ):
    letter, day = world.drafted("correction", organ)
    services.submit_letter(SYSTEM, letter, today=day)
    services.sign_letter(SYSTEM, letter, today=day)
    client = log_in(world.person(organ, Role.EDITOR, "经办"))
    for name, start in (("applications_letter_pdf", b"%PDF"), ("applications_letter_docx", b"PK")):
        answer = client.get(reverse(name, args=[letter.pk]))
        assert answer.content.startswith(start)
        header = answer["Content-Disposition"]
        assert header.startswith("attachment")
        assert "%E7%8E%8B" not in header  # 王


def test_several_letters_and_their_labels_in_one_print(organ):
    letters = []
    for key in ("correction", "extension"):
        letter, day = world.drafted(key, organ)
        services.submit_letter(SYSTEM, letter, today=day)
        letters.append(services.sign_letter(SYSTEM, letter, today=day).pk)
    client = log_in(world.person(organ, Role.EDITOR, "经办"))
    url = reverse("applications_outgoing")
    shown = client.get(url).content.decode()
    assert "王**" in shown
    assert "王小明" not in shown
    for what in ("letters", "labels"):
        assert client.post(url, {"letter": letters, "what": what, "first": "3"}).content.startswith(b"%PDF")
    assert client.post(url, {"what": "labels"}).status_code == 422
    assert client.post(url, {"letter": letters, "what": "labels", "first": "17"}).status_code == 422


def test_the_list_shows_masked_names_and_opens_the_letter(organ):
    letter, _ = world.drafted("correction", organ)
    client = log_in(world.person(organ, Role.EDITOR, "经办"))
    shown = client.get(reverse("letters:index")).content.decode()
    assert page(letter) in shown
    assert "王**" in shown
    assert "王小明" not in shown
    assert client.get(reverse("letters:edit", args=[letter.pk])).status_code == 302
    exported = client.get(reverse("letters:index") + "?export=csv")
    assert "王小明" not in exported.content.decode(errors="ignore") if not exported.streaming else True


def test_an_office_edits_its_template_with_the_field_list_and_a_sample(organ):
    director = world.person(organ, Role.DIRECTOR, "主任")
    client = log_in(director)
    url = reverse("letter-templates:add")
    begin = client.get(url + "?kind=extension").content.decode()
    assert "经政府信息公开工作机构负责人同意" in begin
    assert "延后理由" not in begin
    typed = {
        "organ": organ.pk,
        "kind": "extension",
        "title": "延期告知书",
        "body": "{{ 称谓 }}：{{ 延期理由 }}{{ 身份证 }}",
    }
    assert "没有“身份证”这个字段" in client.post(url, typed).content.decode()
    assert client.post(url, typed | {"body": "{{ 称谓 }}的申请因{{ 延期理由 }}延期。"}).status_code == 302
    row = LetterTemplate.objects.get()
    sample = client.get(reverse("letter-templates:preview", args=[row.pk])).content.decode()
    assert "所涉档案数量较多" in sample
    letter, _ = world.drafted("extension", organ)
    assert letter.title == "延期告知书"
    assert log_in(world.person(organ, Role.EDITOR, "经办")).post(url, typed).status_code in (302, 403)
    assert client.post(reverse("letter-templates:delete", args=[row.pk])).status_code == 302
    assert services.wording_for(organ, LETTER_KINDS["extension"]).title == "延期答复告知书"


def test_a_tampered_letter_is_told_on_its_page(organ):
    letter, day = world.drafted("correction", organ)
    services.submit_letter(SYSTEM, letter, today=day)
    services.sign_letter(SYSTEM, letter, today=day)
    Letter.objects.filter(pk=letter.pk).update(title="改过的标题")
    client = log_in(world.person(organ, Role.EDITOR, "经办"))
    assert "摘要不符" in client.get(page(letter)).content.decode()
