"""The applicant's account: only one's own cases, nothing of the desk, guessing stopped, gone when deleted."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from gongkai.applications.models import ApplicantAccount, Application
from gongkai.organs import services as organ_services
from gongkai.organs.models import AuditEntry, User
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications.public_world import filed, make_organ, submit, track

pytestmark = pytest.mark.django_db

EMAIL, WORD = "xiaoming@example.cn", "correct-horse-battery"
NEW = {"email": EMAIL, "password": WORD, "again": WORD}


@pytest.fixture(autouse=True)
def organ():
    cache.clear()
    return make_organ()


def made(client: Client) -> tuple[Application, str]:
    """A case filed, and an account made from its receipt."""
    application, code = filed(client)
    response = client.post("/apply/account/", NEW)
    assert response.status_code == 302, response.content.decode()[:2000]
    application.refresh_from_db()
    return application, code


def login(client: Client, email: str = EMAIL, password: str = WORD):
    return client.post("/apply/account/login/", {"email": email, "password": password})


def test_the_account_opens_its_cases_in_another_browser(client):
    application, _ = made(client)
    other = Client()
    assert login(other)["Location"] == "/apply/mine/"
    page = other.get("/apply/mine/").content.decode()
    assert application.summary() in page
    assert other.get("/apply/mine/1/").status_code == 200
    assert other.get("/apply/mine/2/").status_code == 302


def test_there_is_no_account_without_an_opened_case(client):
    assert client.get("/apply/account/")["Location"] == "/apply/account/login/"
    client.post("/apply/account/", NEW)
    assert not ApplicantAccount.objects.exists()


def test_a_case_of_somebody_else_is_added_only_with_its_code(client):
    made(client)
    stranger = Client()
    theirs, code = filed(
        stranger, description="另一个人的申请", identity_number="110101199003070011", name="李四"
    )
    assert theirs.summary() not in client.get("/apply/mine/").content.decode()
    client.post("/apply/account/add/")
    theirs.refresh_from_db()
    assert theirs.account is None
    track(client, theirs, code)
    assert "收进账号" in client.get("/apply/mine/").content.decode()
    client.post("/apply/account/add/")
    theirs.refresh_from_db()
    assert theirs.account == ApplicantAccount.objects.get()


def test_what_is_filed_while_logged_in_is_in_the_account(client):
    made(client)
    again = Client()
    login(again)
    submit(again, description="又一件申请")
    assert Application.objects.filter(account__isnull=False).count() == 2


def test_an_account_never_reaches_the_desk(client):
    made(client)
    for path in ("/desk/", "/desk/applications/1/", "/desk/reports/"):
        response = client.get(path)
        assert response.status_code in (302, 404)
        if response.status_code == 302:
            assert "login" in response["Location"]
    assert "_auth_user_id" not in client.session
    assert not User.objects.exists()
    assert "login" in client.post("/desk/login/", {"username": EMAIL, "password": WORD}).request["PATH_INFO"]
    assert "_auth_user_id" not in client.session


def test_a_person_of_the_desk_is_no_applicant(client, organ):
    made(client)
    organ_services.create_person(
        SYSTEM, organ, username="clerk", name="clerk", role=Role.EDITOR, password=WORD
    )
    staff = Client()
    assert login(staff, "clerk@example.cn").status_code == 422
    staff.force_login(User.objects.get(username="clerk"))
    assert staff.get("/apply/mine/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "short", "again": "short"}, "10"),
        ({"password": "1234567890123", "again": "1234567890123"}, "数字"),
        ({"again": "something-else"}, "两次"),
        ({"email": "nobody"}, "邮箱格式"),
        ({"password": "xiaoming-2026", "again": "xiaoming-2026"}, "邮箱的名字"),
    ],
)
def test_what_is_refused_and_nothing_typed_is_lost(client, changes, said):
    filed(client)
    response = client.post("/apply/account/", {**NEW, **changes})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert changes.get("email", EMAIL) in response.content.decode()
    assert not ApplicantAccount.objects.exists()


def test_one_address_one_account_whatever_its_case(client):
    made(client)
    other = Client()
    filed(other, description="另一件")
    response = other.post("/apply/account/", {**NEW, "email": EMAIL.upper()})
    assert response.status_code == 422
    assert ApplicantAccount.objects.count() == 1


def test_wrong_passwords_and_unknown_addresses_look_alike_and_are_stopped(client):
    made(client)
    other = Client()
    wrong, unknown = login(other, password="x" * 12), login(other, "nobody@example.cn")
    assert wrong.status_code == unknown.status_code == 422
    strip = lambda r: r.content.decode().split('id="problems"')[1].split("</div>")[0]  # noqa: E731
    assert strip(wrong) == strip(unknown)
    for _ in range(8):
        last = login(other, password="x" * 12)
    assert last.status_code == 429
    assert login(Client()).status_code == 429  # from anywhere: the account itself is locked for a while
    cache.clear()
    assert login(Client()).status_code == 302


def test_a_new_password_ends_the_other_sessions(client):
    made(client)
    other = Client()
    login(other)
    fresh = "another-long-sentence"
    bad = client.post("/apply/account/password/", {"old": "wrong", "password": fresh, "again": fresh})
    assert bad.status_code == 422
    good = client.post("/apply/account/password/", {"old": WORD, "password": fresh, "again": fresh})
    assert good.status_code == 200
    assert client.get("/apply/mine/").status_code == 200
    assert other.get("/apply/mine/").status_code == 302
    assert login(Client()).status_code == 422
    assert login(Client(), password=fresh).status_code == 302


def test_deleting_the_account_keeps_the_case_and_closes_every_session(client):
    application, code = made(client)
    other = Client()
    login(other)
    assert client.post("/apply/account/delete/", {"password": "wrong"}).status_code == 422
    assert client.post("/apply/account/delete/", {"password": WORD}).status_code == 200
    assert not ApplicantAccount.objects.exists()
    assert other.get("/apply/mine/").status_code == 302
    assert login(Client()).status_code == 422
    application.refresh_from_db()
    assert application.account is None
    assert track(Client(), application, code).status_code == 302


def test_leaving_forgets_account_and_cases(client):
    made(client)
    client.post("/apply/leave/")
    assert client.get("/apply/mine/").status_code == 302
    assert "登录申请人账号" in client.get("/apply/account/login/").content.decode()


def test_neither_address_nor_password_is_anywhere_in_the_clear(client):
    made(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, email_index, password FROM applications_applicantaccount")
        row = repr(cursor.fetchall())
    assert EMAIL not in row
    assert WORD not in row
    assert "argon2" in row or "md5" in row  # the tests' own fast hasher
    said = " ".join(
        repr(e.changes) + e.object_label for e in AuditEntry.objects.filter(act__startswith="account.")
    )
    assert said
    assert EMAIL not in said
    page = client.get("/apply/account/password/").content.decode()
    assert EMAIL not in page
    assert "x***@example.cn" in page


def test_every_page_is_private(client):
    made(client)
    for path in ("/apply/account/password/", "/apply/account/delete/", "/apply/mine/"):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_strangers_cannot_post_into_an_account(client):
    made(client)
    for path in ("password", "delete", "add"):
        response = Client().post(f"/apply/account/{path}/", {"password": WORD, "old": WORD, "again": WORD})
        assert response["Location"] == "/apply/account/login/"
    assert ApplicantAccount.objects.count() == 1
