"""The report desk: scope, workbench, import, publication."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.annualreport.writers import write
from gongkai.demo import figures
from gongkai.organs.desk.today import Kind, gather
from gongkai.reports import selectors
from gongkai.reports.models import AnnualReport, FindingVerdict, State
from tests.reports.world import World, draft

BASE = "/desk/annual-reports"


def desk(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_list_holds_the_users_organs_only(world: World) -> None:
    mine = desk(world.director).get(f"{BASE}/").content.decode()
    assert "利通区人民政府2025年" in mine
    assert "北关区人民政府2025年" not in mine
    theirs = desk(world.stranger).get(f"{BASE}/").content.decode()
    assert "北关区人民政府2025年" in theirs
    assert "利通区人民政府2025年" not in theirs
    for tail in ("?export=csv", "?export=xlsx", "?q=利通区"):
        response = desk(world.stranger).get(f"{BASE}/{tail}")
        content = b"".join(response) if response.streaming else response.content
        assert "利通区人民政府2025年".encode() not in content


@pytest.mark.parametrize("view", ["workbench", "discard", "publish", "history"])
@pytest.mark.parametrize("who", ["stranger", "editor"])
def test_another_organs_report_cannot_be_opened(world: World, view: str, who: str) -> None:
    row = draft(world)
    client = desk(getattr(world, who))
    for method in (client.get, client.post):
        response = method(f"{BASE}/{view}/{row.pk}/")
        # Who may publish nowhere is sent home before the object is looked for.
        sent_home = response.status_code == 302 and response["Location"] == "/desk/"
        assert response.status_code in (404, 405) or sent_home
    assert AnnualReport.objects.get(pk=row.pk).state == State.DRAFT


def test_anonymous_is_sent_to_log_in(client: Client, world: World) -> None:
    response = client.get(f"{BASE}/workbench/{world.reports['LT25'].pk}/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_the_workbench_shows_findings_in_their_cells(world: World) -> None:
    row = world.reports["LT25"]
    page = desk(world.director).get(f"{BASE}/workbench/{row.pk}/").content.decode()
    assert re.search(r'id="cell-t2-normative-valid" class="gk-value gk-error"', page)
    assert page.count('name="finding"') == len(selectors.findings_of(row))


def test_a_leader_sees_the_workbench_and_may_judge_but_not_publish(world: World) -> None:
    row = draft(world)
    page = desk(world.leader).get(f"{BASE}/workbench/{row.pk}/").content.decode()
    assert 'name="finding"' in page
    assert f"{BASE}/publish/{row.pk}/" not in page
    # Wagtail answers a refusal in the desk by sending the user home with a message.
    assert desk(world.leader).get(f"{BASE}/publish/{row.pk}/").status_code in (302, 403)


def identity_of(row: AnnualReport) -> str:
    return next(f.identity for f in selectors.findings_of(row) if f.severity.value == "error")


def test_a_verdict_through_the_screen(world: World) -> None:
    row = world.reports["LT25"]
    identity = identity_of(row)
    client, url = desk(world.director), f"{BASE}/workbench/{row.pk}/"
    refused = client.post(url, {"finding": identity, "verdict": "dismissed", "reason": ""})
    assert refused.status_code == 422
    assert "驳回和暂缓须写明理由" in refused.content.decode()
    kept = client.post(
        url, {"finding": identity, "verdict": "waived", "reason": "我写的理由", "until": "后天"}
    )
    assert "我写的理由" in kept.content.decode()  # nothing typed is lost
    done = client.post(url, {"finding": identity, "verdict": "dismissed", "reason": "另有清理目录"})
    assert done.status_code == 302
    assert done["Location"].endswith(f"#finding-{identity}")
    page = client.get(url).content.decode()
    assert "另有清理目录" in page
    assert "is-settled" in page


def test_a_viewer_cannot_judge(world: World) -> None:
    from datetime import date

    from gongkai.organs import services as organ_services
    from gongkai.organs.scope import SYSTEM

    row = world.reports["LT25"]
    inspector = organ_services.create_person(
        SYSTEM, world.ltq, username="inspector", name="检查员", role="inspector",
        password="long-enough-for-tests", on=date(2020, 1, 1),
    )  # fmt: skip
    client, url = desk(inspector), f"{BASE}/workbench/{row.pk}/"
    assert 'name="finding"' not in client.get(url).content.decode()
    response = client.post(url, {"finding": identity_of(row), "verdict": "confirmed"})
    assert response.status_code in (302, 403)
    assert not FindingVerdict.objects.exists()


def preview(client: Client, report, format: str = "docx") -> str:
    file = SimpleUploadedFile(f"年报.{format}", write(report, format))
    response = client.post(f"{BASE}/import/", {"report": file})
    assert response.status_code == 200
    return response.content.decode()


def parcel(page: str) -> str:
    return unescape(re.search(r'name="parcel" value="([^"]+)"', page)[1])


def test_import_shows_every_cell_before_saving(world: World) -> None:
    page = preview(desk(world.director), figures.get("XG25"))
    assert "共 200 格" in page
    assert "第2个表格" in page  # provenance
    assert not AnnualReport.objects.filter(organ=world.dept).exists()


def test_import_saves_for_an_own_organ_only(world: World) -> None:
    client = desk(world.editor)
    page = preview(client, figures.get("LT25"))
    assert "北关区人民政府</option>" not in page
    values = {"parcel": parcel(page), "item": 0, "year": 2025}
    refused = client.post(f"{BASE}/import/", {**values, "organ": world.bgq.pk})
    assert refused.status_code == 422
    refused = client.post(f"{BASE}/import/", {**values, "organ": world.ltq.pk})
    assert refused.status_code == 422
    saved = client.post(f"{BASE}/import/", {**values, "organ": world.dept.pk})
    assert saved.status_code == 302
    row = AnnualReport.objects.get(organ=world.dept)
    assert (row.state, row.source_name, row.created_by) == (State.DRAFT, "年报.docx", world.editor)
    assert selectors.as_report(row).amounts() == figures.get("LT25").amounts()


def test_a_parcel_belongs_to_the_person_who_read_the_file(world: World) -> None:
    packed = parcel(preview(desk(world.editor), figures.get("LT25")))
    values = {"parcel": packed, "item": 0, "year": 2025, "organ": world.dept.pk}
    response = desk(world.director).post(f"{BASE}/import/", values)
    assert response.status_code in (302, 403)
    assert not AnnualReport.objects.filter(organ=world.dept).exists()
    broken = desk(world.editor).post(f"{BASE}/import/", {**values, "parcel": packed[:-3] + "abc"})
    assert broken.status_code == 410


def test_import_of_a_published_year_asks_for_the_correction(world: World) -> None:
    client = desk(world.director)
    values = {
        "parcel": parcel(preview(client, figures.get("LT25"))),
        "item": 0,
        "year": 2025,
        "organ": world.ltq.pk,
    }
    refused = client.post(f"{BASE}/import/", values)
    assert refused.status_code == 422
    assert "写明更正了什么" in refused.content.decode()
    assert client.post(f"{BASE}/import/", {**values, "correction": "现行有效件数误填"}).status_code == 302


def test_import_refuses_what_is_no_report(world: World) -> None:
    client = desk(world.director)
    for data, words in ((b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"), (b"", "空的")):
        response = client.post(f"{BASE}/import/", {"report": SimpleUploadedFile("a.pdf", data)})
        assert response.status_code == 422
        assert words in response.content.decode()


def test_publishing_through_the_screen(world: World) -> None:
    row = draft(world)
    client, url = desk(world.director), f"{BASE}/publish/{row.pk}/"
    assert "请先核对并勾选" in client.post(url, {}).content.decode()
    client.post(url, {"looked": "on", "at": "2024-01-28 10:30"})
    row.refresh_from_db()
    assert row.state == State.PUBLISHED
    assert f"{timezone.localtime(row.published_at):%Y-%m-%d %H:%M}" == "2024-01-28 10:30"


def test_today_names_reports_with_open_errors(world: World) -> None:
    draft(world)
    today = timezone.localdate()
    mine = [t for t in gather(world.director, today) if "年度报告" in t.title]
    assert any(t.kind is Kind.FIX and "利通区政府 2025" in t.title for t in mine)
    assert any(t.kind is Kind.DRAFT and "2023" in t.title for t in mine)
    theirs = [t.title for t in gather(world.stranger, today) if "年度报告" in t.title]
    assert not any("利通区" in title for title in theirs)
    assert not [t for t in gather(world.editor, today) if "年度报告" in t.title]


def test_today_stays_within_its_queries(world: World, django_assert_max_num_queries) -> None:
    from gongkai.reports.desk.tasks import report_tasks

    with django_assert_max_num_queries(3):
        list(report_tasks(world.director, timezone.localdate()))
