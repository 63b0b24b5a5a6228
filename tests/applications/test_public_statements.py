"""What applicants send reaches the desk of who handles the case, and nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from gongkai.applications.models import Statement
from gongkai.applications.public import services
from gongkai.organs import services as organ_services
from gongkai.organs.desk.today import gather
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from tests.applications.public_world import filed, make_organ

pytestmark = pytest.mark.django_db


def staff(organ: Any, role: str, name: str) -> Any:
    return organ_services.create_person(
        SYSTEM, organ, username=name, name=name, role=role, password="Kx9#vulpine-lark", on=date(2020, 1, 1)
    )


def test_a_statement_stands_on_the_board_until_it_is_settled(client: Client) -> None:
    cache.clear()
    organ = make_organ()
    editor, inspector = staff(organ, Role.EDITOR, "jingban"), staff(organ, Role.INSPECTOR, "jiancha")
    application, _ = filed(client)
    services.change_contact(application, "新的联系电话：13911112222")
    row = Statement.objects.get()
    title = f"{application}　申请人有补充材料"
    today = timezone.localdate()
    assert title in [task.title for task in gather(editor, today)]
    assert title not in [task.title for task in gather(inspector, today)]
    desk = Client()
    desk.force_login(editor)
    url = f"/desk/applications/{application.pk}/statements/"
    assert "13911112222" in desk.get(url).content.decode()
    desk.post(url, {"statement": row.pk})
    row.refresh_from_db()
    assert row.handled_by == editor
    assert title not in [task.title for task in gather(editor, today)]
    with pytest.raises(PermissionDenied):
        services.handle_statement(inspector, row)
    other = Client()
    other.force_login(inspector)
    assert "13911112222" not in other.get(url, follow=True).content.decode()
