"""What an attacker tried on the platform, each kept as a test."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client

from gongkai.organs import services
from gongkai.organs.models import AuditEntry, Membership, Organ
from gongkai.organs.roles import Role
from gongkai.organs.testing import make_user
from tests.platform.world import World

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 5)
PASSWORD = "Correct-horse-7"


def test_nobody_grants_himself_a_duty(world: World) -> None:
    admin = make_user(world.a, Role.ADMIN, name="甲管理员")
    for actor in (admin, world.director_a):
        with pytest.raises(PermissionDenied, match="不能给自己"):
            services.grant_membership(actor, actor, world.a, Role.REVIEWER, on=ON)
    assert not Membership.objects.filter(role=Role.REVIEWER).exists()


def test_a_director_does_not_become_the_administrator_by_his_password(world: World) -> None:
    admin = make_user(world.a, Role.ADMIN, name="甲管理员")
    for act in (
        lambda: services.assign_password(world.director_a, admin, PASSWORD),
        lambda: services.set_person_active(world.director_a, admin, False, reason="试"),
        lambda: services.end_membership(world.director_a, admin.memberships.get(), on=date(2026, 12, 1)),
    ):
        with pytest.raises(PermissionDenied, match="系统管理员"):
            act()
    other = make_user(world.a, Role.ADMIN, name="另一管理员")
    services.assign_password(other, admin, PASSWORD)
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_a_superuser_is_out_of_reach_of_organ_administrators(world: World) -> None:
    admin = make_user(world.a, Role.ADMIN, name="甲管理员")
    # Even with a duty in the organ's subtree the unlimited one is nobody's subordinate.
    services.grant_membership(world.admin, world.admin, world.dept_a, Role.EDITOR, on=ON)
    client = world.client(admin)
    for act in ("edit", "password", "disable"):
        assert client.get(f"/desk/people/{act}/{world.admin.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        services.assign_password(admin, world.admin, PASSWORD)


def test_ones_own_password_is_not_reset_without_the_old_one(world: World) -> None:
    with pytest.raises(ValidationError, match="我的账号"):
        services.assign_password(world.director_a, world.director_a, PASSWORD)


def test_an_organ_is_not_moved_or_merged_into_a_neighbour(world: World) -> None:
    with pytest.raises(PermissionDenied):
        services.move_organ(world.director_a, world.dept_a, world.b, reason="试")
    with pytest.raises(PermissionDenied):
        services.merge_organs(world.director_a, [world.dept_a], world.b, on=ON, basis="试")
    with pytest.raises(PermissionDenied):
        services.merge_organs(world.director_a, [world.b], world.a, on=ON, basis="试")
    client = world.client(world.director_a)
    client.post(f"/desk/organs/move/{world.dept_a.pk}/", {"parent": world.b.pk, "reason": "试"})
    assert Organ.objects.get(pk=world.dept_a.pk).get_parent().pk == world.a.pk


def test_a_merger_does_not_lift_a_lower_administrator(world: World) -> None:
    make_user(world.dept_a, Role.ADMIN, name="局管理员")
    with pytest.raises(PermissionDenied, match="系统管理员"):
        services.merge_organs(world.director_a, [world.dept_a], world.a, on=ON, basis="甲政发〔2026〕1号")
    assert not Membership.objects.filter(role=Role.ADMIN, organ=world.a).exists()


def test_forged_choices_in_the_forms_are_refused(world: World) -> None:
    """Organ B's ids in organ A's forms: new person, new duty, site profile."""
    client = world.client(world.director_a)
    form = {
        "name": "某人",
        "username": "someone",
        "organ": world.b.pk,
        "role": "director",
        "on": "2026-01-05",
    }
    answer = client.post("/desk/people/new/", {**form, "password": PASSWORD})
    assert answer.status_code == 200
    answer = client.post(
        "/desk/roster/new/",
        {"user": world.director_b.pk, "organ": world.a.pk, "role": "editor", "valid_from": "2026-01-05"},
    )
    assert answer.status_code == 200
    assert Membership.objects.count() == 2  # the two directors


def test_the_stock_choosers_are_shut(world: World) -> None:
    client = world.client(world.director_a)
    for path in (
        "choose-page/", "choose-page/search/", "choose-email-link/", "images/chooser/", "documents/chooser/",
        "images/", "documents/", "api/main/pages/", "reports/site-history/", "users/", "groups/",
    ):  # fmt: skip
        assert client.get(f"/desk/{path}").status_code in (302, 403, 404), path


def test_wagtails_own_reader_log_in_is_not_here(client: Client) -> None:
    for path in ("/_util/login/", "/_util/authenticate_with_password/1/1/"):
        assert client.get(path).status_code == 404


def test_demo_accounts_end_with_the_demonstration(world: World, settings: Any, client: Client) -> None:
    user = services.create_person(
        world.admin, world.a, username="demo-a", name="演示", role="officer", password="gongkai-demo", is_demo=True
    )  # fmt: skip
    form = {"username": "demo-a", "password": "gongkai-demo"}
    assert client.post("/desk/login/", form).status_code == 302
    assert client.get("/desk/").status_code == 200
    settings.DEMO = False
    assert client.get("/desk/").status_code == 302  # the old session is over
    assert client.post("/desk/login/", form).status_code == 200
    assert client.get("/desk/").status_code == 302
    services.assign_password(world.admin, user, PASSWORD)
    assert client.post("/desk/login/", {**form, "password": PASSWORD}).status_code == 200


def test_log_in_changes_the_session_and_goes_nowhere_else(world: World, client: Client) -> None:
    world.director_a.set_password(PASSWORD)
    world.director_a.save()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    answer = client.post(
        "/desk/login/?next=https://evil.example/",
        {"username": world.director_a.username, "password": PASSWORD, "next": "//evil.example/"},
    )
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert client.session.session_key != before
    with pytest.raises(Exception, match=r"DoesNotExist|does not exist"):
        type(session)(before).model.objects.get(pk=before)


def test_a_wrong_name_and_a_wrong_password_read_the_same(world: World, client: Client) -> None:
    import re

    def answer(name: str) -> str:
        page = client.post("/desk/login/", {"username": name, "password": "x"}).content.decode()
        page = re.sub(r"[A-Za-z0-9]{64}", "", page)
        return page.replace(f'value="{name}"', "")

    world.director_b.is_active = False
    world.director_b.save()
    known, unknown = answer(world.director_a.username), answer("nobody-here")
    assert known == unknown == answer(world.director_b.username)


def test_the_trail_is_not_replaced_either(world: World) -> None:
    from gongkai.organs.audit import install_triggers

    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    services.update_profile(world.director_a, world.a, phone="0953-2012345")
    install_triggers()
    entry = AuditEntry.objects.latest("pk")
    columns = ", ".join(f.column for f in AuditEntry._meta.concrete_fields)
    values = columns.replace("actor_name", "'别人'")
    with (
        pytest.raises((IntegrityError, OperationalError), match="只增不改"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"REPLACE INTO organs_auditentry ({columns}) SELECT {values} FROM organs_auditentry WHERE id = %s",  # noqa: S608
            [entry.pk],
        )


@pytest.mark.parametrize(
    "path",
    [
        "/reports/?year=²²",
        "/reports/?year=99999999999999",
        "/reports/compare/?r=a.²²²²&r=b.２０２５",
        "/organs/?page=99999999999999999999",
        "/search/?q=甲&page=²",
        "/reports/a/99999999999999999999999/",
    ],
)
def test_odd_numbers_in_addresses_are_no_accident(client: Client, path: str) -> None:
    assert client.get(path).status_code in (200, 404)


def test_a_declared_charset_does_not_break_the_parser(client: Client) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nabc\r\n--b--\r\n'
    for charset in ("zlib", "rot13", "utf-16", "nothing"):
        answer = client.generic(
            "POST", "/reports/verify/", body, f"multipart/form-data; charset={charset}; boundary=b"
        )
        assert answer.status_code == 422, charset


def test_shared_caches_keep_the_large_text_mode_apart(client: Client) -> None:
    for path in ("/", "/reports/", "/organs/", "/search/?q=x", "/sitemap/", "/nothing/"):
        assert "Cookie" in client.get(path).get("Vary", ""), path


def test_the_error_page_appears_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.organs.models import SiteProfile

    def gone(cls: type) -> None:
        raise OperationalError("server closed the connection, host=10.0.0.7 user=gongkai")

    monkeypatch.setattr(SiteProfile, "current", classmethod(gone))
    monkeypatch.setattr("gongkai.portal.views.reports.latest", lambda count: gone(SiteProfile))
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "网站暂时不能使用" in page
    assert "10.0.0.7" not in page
    assert "Traceback" not in page


def test_spraying_many_names_from_one_address_is_stopped(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.desk.forms.FAILURES", 3)
    for number in range(3):
        page = client.post("/desk/login/", {"username": f"name-{number}", "password": "123456"})
        assert "不正确" in page.content.decode()
    world.director_a.set_password(PASSWORD)
    world.director_a.save()
    form = {"username": world.director_a.username, "password": PASSWORD}
    for forged in ("203.0.113.7", "198.51.100.9"):
        page = client.post("/desk/login/", form, headers={"x-forwarded-for": forged}).content.decode()
        assert "次数过多" in page
    assert client.post("/desk/login/", form, REMOTE_ADDR="192.0.2.1").status_code == 302


@pytest.mark.parametrize(
    "path", ["/search/?q=%00", "/organs/?q=a%00b", "/reports/?organ=%00", "/organs/%00/"]
)
def test_the_null_character_is_refused_before_any_database(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert "text/html" in answer["Content-Type"]
