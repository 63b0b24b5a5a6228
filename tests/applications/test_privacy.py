"""Personal data is shown on purpose: to who handles the case, with a reason, and it leaves a trace without the data."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.applications import services
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel
from gongkai.organs import services as organ_services
from gongkai.organs.models import AuditEntry, Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

pytestmark = pytest.mark.django_db
SECRETS = ("王小明", "110101199003071233", "13800000000", "某街 1 号")


@pytest.fixture
def case():
    organ = organ_services.create_organ(
        SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="清河县人民政府", slug="qh"
    )
    organ_services.create_organ(SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="白山县人民政府", slug="bs")
    person = ApplicantData(
        ApplicantKind.NATURAL, SECRETS[0], "居民身份证", SECRETS[1], phone=SECRETS[2], address=SECRETS[3]
    )
    return services.file_application(None, organ, person, Filing(Channel.ONLINE, "某方案"))[0]


def client_of(role, slug):
    user = organ_services.create_person(
        SYSTEM,
        Organ.objects.get(slug=slug),
        username=f"{slug}{role}",
        name="某人",
        role=role,
        password="Kx9#vulpine-lark",
    )
    client = Client()
    client.force_login(user)
    return client


def test_it_is_shown_after_a_reason_and_the_trail_does_not_hold_it(case):
    client, url = client_of(Role.EDITOR, "qh"), reverse("applications_reveal", args=[case.pk])
    asked = client.get(url).content.decode()
    assert not any(secret in asked for secret in SECRETS)
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422
    assert not any(secret in refused.content.decode() for secret in SECRETS)
    assert not AuditEntry.objects.filter(act="case.reveal").exists()
    shown = client.post(url, {"reason": "邮寄答复书，核对地址"})
    assert all(secret in shown.content.decode() for secret in SECRETS)
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.get(act="case.reveal")
    assert entry.reason == "邮寄答复书，核对地址"
    assert not any(secret in repr(entry.__dict__) for secret in SECRETS)


def test_who_only_looks_on_and_who_belongs_elsewhere_cannot(case):
    url = reverse("applications_reveal", args=[case.pk])
    inspector, stranger = client_of(Role.INSPECTOR, "qh"), client_of(Role.DIRECTOR, "bs")
    for method in ("get", "post"):
        # The desk turns a refusal into a way back to its first page.
        refused = getattr(inspector, method)(url, {"reason": "看一看这个人"})
        assert refused.status_code in (302, 403)
        assert getattr(stranger, method)(url, {"reason": "看一看这个人"}).status_code == 404
    assert not AuditEntry.objects.filter(act="case.reveal").exists()


def test_the_case_screen_leads_there_and_shows_nothing_itself(case):
    page = client_of(Role.EDITOR, "qh").get(reverse("applications_case", args=[case.pk])).content.decode()
    assert reverse("applications_reveal", args=[case.pk]) in page
    assert not any(secret in page for secret in SECRETS)
