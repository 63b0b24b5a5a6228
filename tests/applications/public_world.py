"""An organ, a filled form and short cuts for the tests of the applicant's side."""

from __future__ import annotations

import re
import time
from typing import Any
from unittest import mock

from django.test import Client

from gongkai.applications.models import Application
from gongkai.applications.public import guard
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM

ID = "110101199003071233"
USCC = "91350100M000100Y43"
URL = "/apply/qh-zr/"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
FORM = {
    "kind": "natural", "name": "王小明", "identity_type": "居民身份证", "identity_number": ID, "phone": "13800000000",
    "description": "2025年某村土地征收补偿安置方案", "form_wanted": "电子文件", "route_wanted": "在本网站下载",
}  # fmt: skip


def make_organ() -> Organ:
    county = organ_services.create_organ(
        SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="清河县人民政府", short_name="清河", slug="qh", keywords="规划 预算"
    )  # fmt: skip
    return organ_services.create_organ(
        SYSTEM, county, kind=Organ.Kind.DEPARTMENT, name="清河县自然资源局", short_name="清资", slug="qh-zr",
        keywords="土地 征地 征收 不动产登记", phone="0953-2012345",
    )  # fmt: skip


def old_ticket() -> str:
    """A ticket handed out a minute ago."""
    with mock.patch("django.core.signing.time.time", return_value=time.time() - 60):
        return guard.new_ticket()


def submit(client: Client, **changes: Any) -> Any:
    data = {**FORM, "ticket": old_ticket(), "do": "submit", **changes}
    return client.post(URL, data)


def filed(client: Client, **changes: Any) -> tuple[Application, str]:
    """An application filed on the web, and its query code as the receipt page shows it."""
    response = submit(client, **changes)
    assert response.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', response.content.decode())
    page = client.get("/apply/receipt/").content.decode()
    code = re.search(r'id="query-code">([^<]+)<', page)
    assert code
    return Application.objects.latest("pk"), code[1]


def track(client: Client, application: Application, code: str) -> Any:
    return client.post("/apply/track/", {"receipt": application.receipt, "code": code})
