"""The files on the case screen lead to what the reader may do with them next."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.applications import services
from gongkai.applications.models import CaseFile, FileKind
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

pytestmark = pytest.mark.django_db


def test_the_original_is_redacted_and_the_copy_released_by_somebody_else():
    organ = organ_services.create_organ(
        SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="清河县人民政府", slug="qh"
    )
    people = {
        role: organ_services.create_person(
            SYSTEM, organ, username=f"u{role}", name=f"某{role}", role=role, password="Kx9#vulpine-lark"
        )
        for role in (Role.EDITOR, Role.DIRECTOR, Role.LEADER)
    }
    application, _ = services.file_application(
        None, organ, ApplicantData(ApplicantKind.NATURAL, "王小明"), Filing(Channel.ONLINE, "某方案")
    )
    rows = {
        kind: CaseFile.objects.create(
            application=application, kind=kind, name=f"{kind}.pdf", file="x", media_type="application/pdf", size=9,
            digest="0" * 64, uploaded_by=people[Role.DIRECTOR],
        )
        for kind in (FileKind.SOURCE, FileKind.REDACTED)
    }  # fmt: skip
    redact = reverse("applications_redact", args=[rows[FileKind.SOURCE].pk])
    release = reverse("applications_file_release", args=[rows[FileKind.REDACTED].pk])
    seen = {}
    for role, user in people.items():
        client = Client()
        client.force_login(user)
        page = client.get(reverse("applications_case", args=[application.pk])).content.decode()
        seen[role] = (redact in page, release in page)
    assert seen == {Role.EDITOR: (True, False), Role.DIRECTOR: (True, False), Role.LEADER: (True, True)}
