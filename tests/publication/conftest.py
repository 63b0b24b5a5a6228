"""A government with a department and a neighbour, their sections and one column each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from gongkai.organs.models import Organ, User
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication import services
from gongkai.publication.models import ColumnPage
from gongkai.publication.testing import make_column


@dataclass
class World:
    gov: Organ
    dept: Organ
    other: Organ
    director: User
    editor: User
    stranger: User
    reviewer: User
    column: ColumnPage
    foreign: ColumnPage

    @staticmethod
    def client(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def world(db: None) -> World:
    gov = make_organ("甲区人民政府", slug="jia", region_code="640302")
    dept = make_organ("甲区教育局", gov, slug="jia-jyj")
    other = make_organ("乙区人民政府", slug="yi")
    services.sync_sections()
    people = (
        make_user(gov, "director", "主任"), make_user(dept, "editor", "信息员"), make_user(other, "director", "外人"),
        make_user(dept, "reviewer", "审核人"),
    )  # fmt: skip
    return World(gov, dept, other, *people, make_column(dept, code="gzdt"), make_column(other, code="gzdt"))
