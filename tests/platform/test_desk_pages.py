"""The desk as people use it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.organs import services
from gongkai.organs.desk.today import Kind, gather
from gongkai.organs.models import AuditEntry, Membership, Organ, SiteProfile, User
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from tests.platform.world import World

pytestmark = pytest.mark.django_db


def test_profile_is_changed_through_the_service(world: World) -> None:
    client = world.client(world.director_a)
    url = reverse("organs:edit", args=[world.dept_a.pk])
    response = client.post(url, {"phone": "0953-2012345", "email": "bad@.x.cn", "keywords": "学校"})
    assert "不是可用的电子邮箱地址" in response.content.decode()
    assert 'value="0953-2012345"' in response.content.decode(), "nothing typed is lost"
    assert client.post(url, {"phone": "0953-2012345", "keywords": "学校"}).status_code == 302
    world.dept_a.refresh_from_db()
    assert world.dept_a.phone == "0953-2012345"
    assert AuditEntry.objects.first().act == "organ.update"
    history = client.get(reverse("organs:history", args=[world.dept_a.pk])).content.decode()
    assert "修改机构资料" in history
    assert "甲主任" in history


def test_rename_on_the_screen(world: World) -> None:
    client = world.client(world.director_a)
    url = reverse("organs:rename", args=[world.dept_a.pk])
    refused = client.post(url, {"name": world.dept_a.name, "on": "2026-01-01", "basis": "〔2026〕3号"})
    assert "不能与现名称相同" in refused.content.decode()
    assert (
        client.post(url, {"name": "甲区教体局", "on": "2026-01-01", "basis": "〔2026〕3号"}).status_code
        == 302
    )
    world.dept_a.refresh_from_db()
    assert world.dept_a.name == "甲区教体局"


def test_organ_choices_end_at_the_subtree(world: World) -> None:
    client = world.client(world.director_a)
    form = client.get(reverse("organs:add")).context["form"]
    assert set(form.fields["parent"].queryset) == {world.a, world.dept_a}
    response = client.post(
        reverse("organs:add"), {"parent": world.b.pk, "kind": "department", "name": "越界局", "slug": "out"}
    )
    assert response.status_code == 200
    assert not Organ.objects.filter(slug="out").exists()


def test_a_person_is_registered_with_a_duty_and_can_log_in(world: World) -> None:
    client = world.client(world.director_a)
    data = {
        "name": "新同志",
        "username": "newcomer",
        "organ": world.dept_a.pk,
        "role": "editor",
        "on": "2026-01-05",
    }
    weak = client.post(reverse("people:add"), {**data, "password": "12345678"})
    assert weak.status_code == 200
    assert not User.objects.filter(username="newcomer").exists()
    assert client.post(reverse("people:add"), {**data, "password": "Chang-qu-2026"}).status_code == 302
    fresh = Client()
    answer = fresh.post(
        "/desk/login/", {"username": "newcomer", "password": "Chang-qu-2026", "next": "/desk/"}
    )
    assert answer.status_code == 302
    page = fresh.get("/desk/").content.decode()
    assert "新同志" in page
    assert "信息员" in page


def test_leaving_lists_what_stands_on_the_person(world: World) -> None:
    head = make_user(world.dept_a, Role.REVIEWER, "老主任")
    services.save_work_office(SYSTEM, world.dept_a, name="教育局公开办", head=head)
    client = world.client(world.director_a)
    url = reverse("roster:end", args=[head.memberships.get().pk])
    assert "教育局公开办负责人" in client.get(url).content.decode()
    refused = client.post(url, {"on": timezone.localdate().isoformat()})
    assert "请选择接手人" in refused.content.decode()


def test_editor_sees_no_act_that_is_not_theirs(world: World) -> None:
    client = world.client(make_user(world.dept_a, Role.EDITOR))
    page = client.get(reverse("organs:edit", args=[world.dept_a.pk])).content.decode()
    assert "并入其他机构" not in page
    assert client.get(reverse("organs:merge", args=[world.dept_a.pk])).status_code == 302
    assert client.get(reverse("organs:add")).status_code == 302
    assert client.get(reverse("audit:index")).status_code == 302


def test_nothing_of_the_desk_deletes(world: World) -> None:
    client = world.client(world.admin)
    for name, pk in (
        ("organs", world.a.pk),
        ("people", world.director_a.pk),
        ("audit", AuditEntry.objects.first().pk),
    ):
        assert client.post(reverse(f"{name}:delete", args=[pk])).status_code == 302
    assert Organ.objects.filter(pk=world.a.pk).exists()


def test_site_profile_belongs_to_its_organ(world: World) -> None:
    services.save_site_profile(SYSTEM, site_name="甲区公开", organ=world.a)
    other = world.client(world.director_b)
    assert other.get(reverse("site_profile")).status_code == 302
    client = world.client(world.director_a)
    bad = client.post(
        reverse("site_profile"), {"site_name": "甲区公开", "organ": world.a.pk, "site_code": "123"}
    )
    assert "10 位数字" in bad.content.decode()
    good = {"site_name": "甲区政府信息公开", "organ": world.a.pk, "site_code": "6403020001"}
    assert client.post(reverse("site_profile"), good).status_code == 302
    assert SiteProfile.current().site_code == "6403020001"


def test_today_counts_what_it_lists(world: World) -> None:
    Membership.objects.filter(user=world.director_a).update(
        reviewed_on=timezone.localdate() - timedelta(days=400)
    )
    tasks = [t for t in gather(world.director_a, timezone.localdate()) if t.kind is Kind.FIX]
    page = world.client(world.director_a).get("/desk/?kind=fix")
    number = next(n for n in page.context["numbers"] if n["kind"] is Kind.FIX)
    assert number["count"] == sum(t.count for t in tasks) > 0
    assert number["current"]
    assert "备案久未核对" in page.content.decode()
    for task in tasks:
        assert world.client(world.director_a).get(task.url).status_code == 200, task.url


def test_today_is_never_an_empty_table(world: World) -> None:
    quiet = make_user(world.dept_a, Role.SECRECY)
    assert "今天没有要办的事" in world.client(quiet).get("/desk/").content.decode()


@pytest.mark.parametrize("name", ["handovers", "work-offices"])
def test_an_empty_list_says_what_belongs_there(world: World, name: str) -> None:
    page = world.client(world.director_b).get(reverse(f"{name}:index")).content.decode()
    assert "gk-empty" in page
    assert len(page.split("gk-empty")[1].split("</div>")[0]) > 20


def test_lists_export_only_the_scope(world: World) -> None:
    response = world.client(world.director_a).get(reverse("organs:index"), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response))).active
    names = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert set(names) == {world.a.name, world.dept_a.name}
    assert "名称" in [cell.value for cell in sheet[1]]


@pytest.mark.parametrize("name", ["organs", "work-offices", "people", "roster", "audit"])
def test_lists_cost_the_same_for_many_rows(world: World, name: str) -> None:
    """A page of 50 asks no more of the database than a page of 5."""
    client = world.client(world.director_a)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse(f"{name}:index")).status_code == 200
        return len(captured)

    def grow(count: int) -> None:
        for _ in range(count):
            organ = make_organ("单位", world.a)
            services.save_work_office(SYSTEM, organ, name="办", head=make_user(organ, Role.EDITOR))

    grow(4)
    client.get(reverse(f"{name}:index"))
    few = queries()
    grow(40)
    assert queries() <= few
    assert few < 30


def test_every_list_is_paged(world: World) -> None:
    for number in range(60):
        make_organ(f"单位{number:02d}", world.a)
    page = world.client(world.director_a).get(reverse("organs:index"))
    assert len(page.context["object_list"]) == 50
    assert page.context["paginator"].num_pages == 2


def test_filters_live_in_the_address(world: World) -> None:
    make_organ("清河镇", world.a, kind=Organ.Kind.TOWNSHIP)
    page = world.client(world.director_a).get(reverse("organs:index"), {"kind": "township"})
    assert [o.name for o in page.context["object_list"]] == ["清河镇"]
    found = world.client(world.director_a).get(reverse("organs:index"), {"q": "清河"})
    assert [o.name for o in found.context["object_list"]] == ["清河镇"]


def test_five_wrong_passwords_lock_the_account(world: World, settings) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    codes = [
        client.post("/desk/login/", {"username": "someone", "password": "wrong"}).status_code
        for _ in range(6)
    ]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_desk_and_public_have_their_own_policy(world: World) -> None:
    desk = world.client(world.director_a).get("/desk/")["Content-Security-Policy"]
    public = Client().get("/healthz")["Content-Security-Policy"]
    assert "'unsafe-inline'" in desk
    assert "unsafe" not in public
    for policy in (desk, public):
        assert "object-src 'none'" in policy
        assert "http:" not in policy
        assert "https:" not in policy
