"""Schemathesis: whatever the description allows, the answer is one that it describes, and never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema

from gongkai.api import bulk, schemas, services
from gongkai.api.lists import documents, publication, reports
from gongkai.organs.scope import SYSTEM
from tests.reports.world import build

schemathesis = pytest.importorskip("schemathesis")

#: Enough to meet the odd ones, few enough for a minute in all.
LIMITS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def _checks() -> list[Any]:
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as openapi

    return [getattr(checks, name, None) or getattr(openapi, name) for name in CHECKS]


def _holds(operation: Any, headers: dict[str, str], checks: list[Any]) -> None:
    @LIMITS
    @given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=checks)

    holds()


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A request through the server's door closes the connection behind it, and the test's data with it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_every_operation_answers_as_described(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.API_RATE = (100_000, 60)
    world = build()
    text = services.create_key(
        SYSTEM, world.dept, "试验系统", timezone.localdate() + timedelta(days=1), world.editor
    )[1]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    checks = _checks()
    seen = []
    for result in schema.get_all_operations():
        operation = result.ok()
        seen.append(operation.label)
        headers = {"Authorization": f"Bearer {text}"} if "/submissions" in operation.path else {}

        _holds(operation, headers, checks)
    assert len(seen) >= 31


def test_the_description_speaks_chinese_and_names_every_shape_once(client: Any) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    chinese = re.compile("[一-鿿]")
    missing = [
        f"{name}.{field}"
        for name, shape in schema["components"]["schemas"].items()
        for field, about in shape.get("properties", {}).items()
        if not chinese.search(about.get("description", ""))
    ]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            texts = [operation["summary"], *operation["tags"]]
            texts += [answer["description"] for answer in operation["responses"].values()]
            for one in operation.get("parameters", []):
                texts.append(one.get("description") or one["schema"].get("description", ""))
            missing += [f"{method} {path}: {text}" for text in texts if not chinese.search(text)]
    assert not missing
    # Two shapes of one name would overwrite each other.
    shapes = [
        one.__name__
        for module in (schemas, documents, publication, reports)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Schema) and one.__module__ == module.__name__
    ]
    assert len(shapes) == len(set(shapes))


def test_every_public_list_has_its_details_its_file_and_its_place_in_the_description(client: Any) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    files = {dataset.name for dataset in bulk.DATASETS}
    details = {
        "items": "{key}", "organs": "{organ}", "columns": "{number}", "disclosures": "{number}", "policies": "{number}",
        "topics": "{number}", "clean-ups": "{number}", "catalogues": "{number}", "reports": "{organ}/{year}",
        "yearbooks": "{organ}/{year}",
    }  # fmt: skip
    for name, detail in details.items():
        assert {f"/api/v1/{name}", f"/api/v1/{name}/{detail}"} <= paths.keys()
        assert name in files
        names = {one["name"] for one in paths[f"/api/v1/{name}"]["get"]["parameters"]}
        assert {"cursor", "limit"} <= names
