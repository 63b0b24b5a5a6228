"""The desk: register, answer, decide, correct; who may not; both ways between case and remedy."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.testing import make_organ, make_user
from gongkai.remedies.kinds import Kind, State
from gongkai.remedies.models import Remedy
from gongkai.remedies.testing import make_remedy
from tests.remedies.remedy_world import answered_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ() -> Organ:
    return make_organ("测试区人民政府")


def signed_in(organ: Organ, role: str) -> Client:
    client = Client()
    client.force_login(make_user(organ, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def officer(organ: Organ) -> Client:
    return signed_in(organ, Role.OFFICER)


def test_from_the_notice_to_the_end(organ: Organ, officer: Client) -> None:
    case = answered_case(organ)
    day = timezone.localdate()
    form = {
        "organ": organ.pk, "kind": "reconsideration", "received_on": day - timedelta(days=20), "procedure": "ordinary",
        "authority": "某市人民政府", "number": "某行复〔2026〕1号", "case_number": case.number,
    }  # fmt: skip
    response = officer.post(reverse("remedies_register"), form)
    remedy = Remedy.objects.get()
    assert response.status_code == 302
    assert remedy.application == case
    page = officer.get(reverse("remedies_detail", args=[remedy.pk])).content.decode()
    assert "行政复议法第四十八条" in page
    assert reverse("applications_case", args=[case.pk]) in page
    shown = officer.get(reverse("applications_case", args=[case.pk])).content.decode()
    assert reverse("remedies_detail", args=[remedy.pk]) in shown

    step = reverse("remedies_step", args=[remedy.pk, "replied"])
    assert officer.post(step, {"on": day - timedelta(days=15), "expected": 1}).status_code == 302
    stale = officer.post(
        reverse("remedies_step", args=[remedy.pk, "hearing"]), {"on": day, "expected": 1, "note": "听证通知"}
    )
    assert stale.status_code == 422
    assert "刚刚由他人办理过" in stale.content.decode()
    assert "听证通知" in stale.content.decode()

    result = reverse("remedies_result", args=[remedy.pk])
    answer = {
        "decided_on": day - timedelta(days=3), "served_on": day - timedelta(days=2), "result": "revoked_redo",
        "redo_days": 10, "reopen": "on", "correction_reason": "没有检索记录",
    }  # fmt: skip
    assert "请填写文书号" in officer.post(result, answer).content.decode()
    assert officer.post(result, {**answer, "document": "某行复决〔2026〕1号"}).status_code == 302
    remedy.refresh_from_db()
    case.refresh_from_db()
    assert (remedy.state, case.is_open) == (State.COMPLYING, True)
    assert case.due_on == remedy.compliance_due


@pytest.mark.parametrize(
    "name", ["remedies_detail", "remedies_result", "remedies_evidence", "remedies_reopen"]
)
def test_another_organ_finds_nothing(organ: Organ, name: str) -> None:
    remedy = make_remedy(organ, "甲")
    other = signed_in(make_organ("别处区人民政府"), Role.DIRECTOR)
    url = reverse(name, args=[remedy.pk])
    assert other.get(url).status_code == 404
    assert other.post(url, {}).status_code in (404, 405)
    assert other.get(reverse("remedies_draft", args=[remedy.pk, "docx"])).status_code == 404
    assert other.post(reverse("remedies_correct", args=[remedy.pk, 1]), {}).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.INSPECTOR])
def test_who_may_only_look_changes_nothing(organ: Organ, role: str) -> None:
    remedy = make_remedy(organ, "甲")
    reader = signed_in(organ, role)
    assert reader.get(reverse("remedies_detail", args=[remedy.pk])).status_code == 200
    for url in (
        reverse("remedies_result", args=[remedy.pk]),
        reverse("remedies_step", args=[remedy.pk, "replied"]),
        reverse("remedies_evidence", args=[remedy.pk]),
        reverse("remedies_correct", args=[remedy.pk, 1]),
        reverse("remedies_register"),
        reverse("remedies_import"),
    ):
        assert reader.post(url, {"on": "2026-01-01"}).status_code in (302, 403)
    assert reader.get(reverse("remedies_draft", args=[remedy.pk, "docx"])).status_code in (302, 403)
    remedy.refresh_from_db()
    assert remedy.steps_count == 1


def test_the_ledger_filters_and_exports_without_names(
    organ: Organ, officer: Client, django_assert_max_num_queries
) -> None:
    for number in range(6):
        make_remedy(make_organ(f"第{number}局", organ), f"甲{number}")
    url = reverse("remedies-ledger:index")
    officer.get(url)
    with django_assert_max_num_queries(30):
        page = officer.get(url).content.decode()
    assert "甲5行复1号" in page
    assert officer.get(url, {"kind": Kind.SUIT_AFTER}).content.decode().count("行复1号") == 0
    year = timezone.localdate().year
    cell = officer.get(url, {"cell": "t4.reconsideration.pending", "year": year, "organ": organ.pk})
    assert "甲5行复1号" in cell.content.decode()
    assert (
        "甲5行复1号" not in officer.get(url, {"cell": "t4.suit_after.total", "year": year}).content.decode()
    )
    export = officer.get(url, {"export": "xlsx"})
    assert export.status_code == 200
    assert b"".join(export.streaming_content if export.streaming else [export.content])[:2] == b"PK"


def test_today_names_what_is_due(organ: Organ, officer: Client) -> None:
    from gongkai.organs.desk.today import gather
    from gongkai.organs.models import User

    make_remedy(organ, "甲")
    user = User.objects.get(pk=officer.session["_auth_user_id"])
    tasks = [t for t in gather(user, timezone.localdate() + timedelta(days=30)) if "行政复议" in t.title]
    assert [t.kind.key for t in tasks] == ["overdue"]
    stranger = make_user(make_organ("别处区人民政府"), Role.OFFICER)
    assert [t for t in gather(stranger, timezone.localdate()) if "行政复议" in t.title] == []


def test_evidence_and_drafts(organ: Organ, officer: Client) -> None:
    case = answered_case(organ)
    remedy = make_remedy(organ, "甲")
    Remedy.objects.filter(pk=remedy.pk).update(application=case)
    url = reverse("remedies_evidence", args=[remedy.pk])
    assert "办理过程记录" in officer.get(url).content.decode()
    response = officer.post(url, {})
    content = b"".join(response.streaming_content)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names[-1] == "00-证据目录.pdf"
    assert names[0].startswith("01-申请材料")
    for form, magic in (("docx", b"PK"), ("pdf", b"%PDF")):
        draft = officer.get(reverse("remedies_draft", args=[remedy.pk, form]))
        assert draft.content[: len(magic)] == magic


def test_statistics_and_settings(organ: Organ, officer: Client) -> None:
    make_remedy(organ, "甲")
    page = officer.get(reverse("remedies_statistics"), {"organ": organ.pk, "year": timezone.localdate().year})
    assert "cell=t4.reconsideration.pending" in page.content.decode().replace("&amp;", "&")
    add = reverse("remedy-settings:add")
    form = {"organ": organ.pk, "first_year": 2025, "source": "上级填报说明", "g_not_accepted": "excluded"}
    assert officer.post(add, form).status_code == 302
    assert organ.remedy_settings.get().groups == {"not_accepted": "excluded"}
    assert signed_in(organ, Role.EDITOR).post(add, form).status_code in (302, 403)
    assert organ.remedy_settings.count() == 1


def test_a_wrong_day_is_corrected_and_stays_visible(organ: Organ, officer: Client) -> None:
    remedy = make_remedy(organ, "甲")
    day = date(2026, 11, 2)
    url = reverse("remedies_correct", args=[remedy.pk, 1])
    assert officer.post(url, {"strike": "on", "reason": "抄错"}).status_code == 422
    assert officer.post(url, {"on": day, "reason": "抄错"}).status_code == 302
    remedy.refresh_from_db()
    assert remedy.received_on == day
    assert "已由第 2 条更正" in officer.get(reverse("remedies_detail", args=[remedy.pk])).content.decode()


def test_the_case_screen_stays_under_twenty_queries_with_a_remedy_and_a_lesson(
    organ: Organ, officer: Client, django_assert_max_num_queries
) -> None:
    """Issue 4's bound holds also where there is something to show."""
    from gongkai.applications.models import Application
    from gongkai.organs.scope import SYSTEM
    from gongkai.remedies.kinds import Result, Step
    from gongkai.remedies.services import take_step
    from tests.remedies.remedy_world import decided, told

    day = timezone.localdate()
    taught = answered_case(organ)
    lost = decided(told(organ, day - timedelta(days=30), application=taught), Result.ILLEGAL, day)
    take_step(SYSTEM, lost, Step.LESSON, day, data={"lesson": "检索要留记录"})
    case = make_remedy(organ, "甲").application
    Application.objects.filter(pk__in=[case.pk, taught.pk]).update(theme="住房")
    url = reverse("applications_case", args=[case.pk])
    officer.get(url)
    with django_assert_max_num_queries(19):
        page = officer.get(url).content.decode()
    assert "甲行复1号" in page
    assert "检索要留记录" in page
