"""收件登记 and 待确认 as the clerk uses them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gongkai.applications.desk.intake import stash
from gongkai.applications.models import Application, CaseFile, OrganSettings
from gongkai.law.case import Channel
from gongkai.organs.models import AuditEntry
from gongkai.organs.testing import make_user
from tests.applications.desk_world import filed, make_county, person
from tests.applications.test_intake_services import NUMBER, PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_county()


@pytest.fixture
def client(county):
    return county.client(county.officer)


def form(county, **changes):
    data = {
        "organ": county.county.pk,
        "channel": "signed_mail",
        "happened_on": timezone.localdate().isoformat(),
        "kind": "natural",
        "name": "王小明",
        "description": "2025年某村土地征收补偿安置方案",
        "register": "on",
        "handler": county.officer.pk,
    }
    return {k: v for k, v in {**data, **changes}.items() if v is not None}


def pdf(name="申请书.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def test_a_letter_is_registered_with_seven_entries(client, county):
    page = client.get(reverse("applications_intake")).content.decode()
    assert 'name="description"' in page
    assert f'<option value="{county.officer.pk}" selected>' in page
    response = client.post(
        reverse("applications_intake"),
        form(county, mail_number="xa 12345678964", postmark=timezone.localdate().isoformat(), scan=pdf()),
        follow=True,
    )
    case = Application.objects.get()
    assert response.redirect_chain[-1][0] == reverse("applications_taken", args=[case.pk])
    page = response.content.decode()
    assert f"已登记：{case.number}" in page
    assert "以行政机关签收之日为收到申请之日" in page
    assert "条例第三十一条" in page
    assert "20 个工作日" in page
    assert "只在这里显示一次" in page
    assert "王小明" not in page
    assert (case.handler, case.envelope["mail_number"]) == (county.officer, "XA12345678964")
    assert CaseFile.objects.get().kind == "request"
    again = client.get(reverse("applications_taken", args=[case.pk])).content.decode()
    assert "系统不保存查询码" in again


def test_nothing_typed_or_uploaded_is_lost_on_an_error(client, county):
    url = reverse("applications_intake")
    response = client.post(
        url, form(county, name="", identity_number=NUMBER, scan=[pdf(), pdf("第二页.pdf")])
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "请填写姓名或者单位名称" in page
    assert NUMBER in page
    assert "申请书.pdf" in page
    notes = stash.kept(client.session)
    assert len(notes) == 2
    with default_storage.open(f"{stash.FOLDER}/{notes[0]['token']}") as kept:
        assert b"%PDF" not in kept.read()  # sealed while it waits
    response = client.post(url, form(county, kept=[n["token"] for n in notes][:1]))
    assert response.status_code == 302
    assert [f.name for f in CaseFile.objects.all()] == ["申请书.pdf"]  # the second was taken off
    assert stash.kept(client.session) == []
    assert default_storage.listdir(stash.FOLDER)[1] == []


def test_a_scan_of_the_wrong_kind_is_refused_with_its_name(client, county):
    bad = SimpleUploadedFile("病毒.exe", b"MZ" + b"\0" * 300)
    page = client.post(reverse("applications_intake"), form(county, scan=bad)).content.decode()
    assert "病毒.exe：" in page
    assert not Application.objects.exists()


def test_the_stash_belongs_to_its_session_and_is_emptied(client, county):
    client.post(reverse("applications_intake"), form(county, name="", scan=pdf()))
    token = stash.kept(client.session)[0]["token"]
    other = county.client(county.director)
    other.post(reverse("applications_intake"), form(county, kept=[token], handler=None))
    assert not CaseFile.objects.exists()
    assert stash.purge() == 0
    assert stash.purge(timezone.now() + timedelta(hours=49)) == 1


def test_a_likely_duplicate_is_shown_before_saving(client, county):
    first = filed(county.county, who=person(number=NUMBER), on=timezone.localdate())
    url = reverse("applications_intake")
    data = form(county, identity_number=NUMBER, identity_type="居民身份证", scan=pdf())
    page = client.post(url, data).content.decode()
    assert "可能已经登记过" in page
    assert reverse("applications_case", args=[first.pk]) in page
    assert "同一证件号码" in page
    assert Application.objects.count() == 1
    tokens = [n["token"] for n in stash.kept(client.session)]
    assert client.post(url, {**data, "checked": "on", "kept": tokens, "scan": ""}).status_code == 302
    assert Application.objects.count() == 2
    assert CaseFile.objects.count() == 1


def test_the_preview_answers_with_the_law_s_own_words(client, county):
    url = reverse("applications_intake_preview")
    first = filed(county.county, who=person(number=NUMBER), on=timezone.localdate())
    answer = client.post(url, form(county, identity_number=NUMBER, identity_type="居民身份证")).json()
    assert answer["received"] == timezone.localdate().isoformat()
    assert "签收之日" in answer["reason"]
    assert "20 个工作日" in answer["due"]
    assert answer["duplicates"][0]["label"] == str(first)
    assert answer["duplicates"][0]["who"] == "王**"
    assert str(county.officer.pk) in [pk for pk, _ in answer["people"]]
    waiting = client.post(url, form(county, channel="ordinary_mail")).json()
    assert waiting["received"] == ""
    assert "收到信函的当日" in waiting["reason"]
    unfinished = client.post(url, {"organ": county.county.pk}).json()
    assert unfinished["duplicates"] == []
    wrong = client.post(
        url, form(county, identity_number="110101199003071234", identity_type="居民身份证")
    ).json()
    assert any("校验" in words for words in wrong["warnings"])


def test_an_identity_number_that_looks_wrong_does_not_keep_a_letter_out(client, county):
    data = form(county, identity_number="110101199003071234", identity_type="居民身份证")
    response = client.post(reverse("applications_intake"), data, follow=True)
    assert Application.objects.count() == 1
    assert "可以照录" in response.content.decode()


def test_dates_that_cannot_be_are_refused_by_the_field(client, county):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = client.post(reverse("applications_intake"), form(county, happened_on=tomorrow)).content.decode()
    assert "日期晚于今天" in page
    today = timezone.localdate().isoformat()
    page = client.post(
        reverse("applications_intake"), form(county, channel="fax", confirmed_on=today)
    ).content.decode()
    assert "请写明怎样与申请人确认的" in page


def test_an_oral_application_is_printed_for_signature_and_logged(client, county):
    client.post(reverse("applications_intake"), form(county, channel="oral", identity_number=NUMBER))
    case = Application.objects.get()
    url = reverse("applications_oral_record", args=[case.pk])
    assert client.get(url).status_code == 405
    page = client.post(url).content.decode()
    assert "王小明" in page
    assert "签字或者按指印" in page
    assert AuditEntry.objects.filter(act="case.print").count() == 1
    assert county.client(county.stranger).post(url).status_code == 404
    assert county.client(county.leader).post(url).status_code in (302, 403)


def test_who_may_not_take_in_sees_no_form(county):
    inspector = make_user(county.county, "inspector", "检查员")
    for user in (county.leader, inspector):
        assert county.client(user).get(reverse("applications_intake")).status_code == 302
    other = county.client(county.stranger)
    page = other.post(reverse("applications_intake"), form(county, handler=None)).content.decode()
    assert "受理机关" in page
    assert not Application.objects.exists()
    case = filed(county.county)
    assert other.get(reverse("applications_taken", args=[case.pk])).status_code == 404


def test_one_click_confirms_numbers_and_assigns(client, county):
    today = timezone.localdate()
    case = filed(county.county, on=today)
    page = client.get(reverse("applications_confirm"))
    line = page.context["lines"][0]
    data = {"case": case.pk}
    for name, field in line.form.fields.items():
        value = line.form.initial.get(name, field.initial)
        if value not in (None, False, ""):
            data[f"c{case.pk}-{name}"] = "on" if value is True else str(value)
    response = client.post(reverse("applications_confirm"), data, follow=True)
    case.refresh_from_db()
    assert case.received_on == today
    assert case.number
    assert case.handler == county.officer
    assert case.records.get(kind="received").data["evidence"] == "电话确认"
    assert "双方确认之日" in response.content.decode()
    assert "没有待确认的申请" in response.content.decode()


def test_a_refused_confirmation_keeps_what_was_typed(client, county):
    today = timezone.localdate()
    case = filed(county.county, on=today)
    data = {
        "case": case.pk,
        f"c{case.pk}-way": "短信",
        f"c{case.pk}-note": "已回复",
        f"c{case.pk}-expected": 1,
    }
    early = (today - timedelta(days=3)).isoformat()
    page = client.post(
        reverse("applications_confirm"), {**data, f"c{case.pk}-confirmed_on": early}
    ).content.decode()
    assert "早于提交之日" in page
    assert 'value="已回复"' in page
    case.refresh_from_db()
    assert case.status == "submitted"
    theirs = filed(county.neighbour, on=today)
    assert client.post(reverse("applications_confirm"), {"case": theirs.pk}).status_code == 404


def test_the_limit_is_the_organ_s_own_and_ordinary_mail_s_is_the_day_itself(client, county):
    from gongkai.applications import selectors

    today = timezone.localdate()
    OrganSettings.objects.create(organ=county.department, policy={"confirm_sla_wd": 3})
    filed(county.county, on=today)
    filed(county.department, on=today)
    filed(county.county, channel=Channel.ORDINARY_MAIL, on=today)
    lines = client.get(reverse("applications_confirm")).context["lines"]
    add = selectors.calendar().add_working_days
    due = {(line.case.organ_id, line.case.channel): line.due for line in lines}
    assert due == {
        (county.county.pk, "online"): add(today, 1),
        (county.department.pk, "online"): add(today, 3),
        (county.county.pk, "ordinary_mail"): today,
    }
