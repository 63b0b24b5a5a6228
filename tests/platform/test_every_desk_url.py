"""Every desk address, as a user of another organ: nothing of organ A opens, changes or shows.

An app joins by registering factories in its ``testing.py`` (see ``gongkai.organs.testing``); a scoped viewset
without a factory fails here, and so does a viewset of ours that is not scoped.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet

from gongkai.organs.audit import snapshot
from gongkai.organs.desk.base import ScopedViewSetMixin
from gongkai.organs.testing import load_factories
from tests.platform.desk_urls import Address, desk_addresses
from tests.platform.world import MARKER, World

pytestmark = pytest.mark.django_db
CLOSED = (301, 302, *range(400, 500))


def our_viewsets() -> list[Any]:
    desk_addresses()  # importing the URLs registers the viewsets
    return [
        v
        for v in viewsets.viewsets
        if type(v).__module__.startswith("gongkai.") and isinstance(v, ModelViewSet)
    ]


@pytest.fixture
def objects(world: World) -> dict[str, models.Model]:
    """Viewset namespace → one object of organ A."""
    factories = load_factories()
    # One without a factory fails in its own test, by name.
    return {
        v.url_namespace: factories[v.model](world.a, MARKER) for v in our_viewsets() if v.model in factories
    }


def scoped_object(address: Address, objects: dict[str, models.Model]) -> models.Model | None:
    names = [n for n in address.namespaces if n in objects]
    return objects[names[0]] if names and any(p == "pk" for _, p in address.parameters) else None


def values_for(address: Address, world: World, objects: dict[str, models.Model]) -> dict[str, Any]:
    instance = scoped_object(address, objects)
    values: dict[str, Any] = {
        "app_label": "organs",
        "model_name": "organ",
        "app_name": "organs",
        "action": "delete",
    }
    values |= {"object_id": world.a.pk, "tab": "1"}
    return values | ({"pk": instance.pk} if instance else {})


def test_every_viewset_of_ours_is_scoped_and_has_a_factory() -> None:
    factories = load_factories()
    assert our_viewsets()
    for viewset in our_viewsets():
        assert isinstance(viewset, ScopedViewSetMixin), f"{type(viewset).__name__} is not scoped"
        assert viewset.model in factories, (
            f"register a factory for {viewset.model.__name__} in its app's testing.py"
        )


def test_every_view_of_a_scoped_viewset_carries_the_check() -> None:
    """Also those that Wagtail, or an app, adds later."""
    from gongkai.organs.desk.base import ScopedViewMixin

    for viewset in our_viewsets():
        for pattern in viewset.get_urlpatterns():
            assert issubclass(pattern.callback.view_class, ScopedViewMixin), f"{viewset.name}:{pattern.name}"


def leaks(client: Any, method: str, path: str, instance: models.Model | None, query: str) -> str | None:
    """What is wrong with the answer, None when nothing is."""
    response = getattr(client, method)(path + query)
    # Stock Wagtail views may stumble over made-up parameters; ours may not.
    tolerated = CLOSED if instance is not None else (*CLOSED, 500)
    if response.status_code not in (200, *tolerated):
        return f"{method} {path}{query}: {response.status_code}"
    content = (
        b"" if response.status_code != 200 else b"".join(response) if response.streaming else response.content
    )
    if MARKER.encode() in content or MARKER.encode("unicode_escape") in content:
        return f"{method} {path}{query}: shows organ A"
    if instance is not None and response.status_code == 200:
        return f"{method} {path}{query}: opened an object of organ A"
    return None


def test_nothing_of_organ_a_reaches_organ_b(world: World, objects: dict[str, models.Model]) -> None:
    before = {name: snapshot(obj) for name, obj in objects.items()}
    client = world.client(world.director_b)
    client.raise_request_exception = False
    faults = []
    for address in desk_addresses():
        instance = scoped_object(address, objects)
        path = address.fill(values_for(address, world, objects))
        queries = ["", "?q=标记", "?export=csv", f"?organ={world.a.pk}&parent={world.a.pk}"]
        if "/logout" in path:
            continue
        faults += [leaks(client, "get", path, instance, query) for query in queries]
        faults.append(leaks(client, "post", path, instance, ""))
    assert not [fault for fault in faults if fault]
    for name, obj in objects.items():
        obj.refresh_from_db()
        assert snapshot(obj) == before[name], f"{name} was changed"


def test_the_same_addresses_open_for_organ_a(world: World, objects: dict[str, models.Model]) -> None:
    """Otherwise the test above would prove nothing."""
    client = world.client(world.director_a)
    opened = set()
    for address in desk_addresses():
        instance = scoped_object(address, objects)
        if instance is not None:
            response = client.get(address.fill(values_for(address, world, objects)))
            if response.status_code == 200:
                opened.add((address.namespaces[-1], address.name))
    for namespace in objects:
        assert (namespace, "history") in opened
    assert {("organs", "edit"), ("organs", "rename"), ("people", "password"), ("roster", "end")} <= opened


def test_anonymous_gets_nothing_but_the_log_in(
    world: World, objects: dict[str, models.Model], client: Any
) -> None:
    open_to_all = {"wagtailadmin_login", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
    client.raise_request_exception = False
    for address in desk_addresses():
        path = address.fill(values_for(address, world, objects))
        response = client.get(path)
        if address.name in open_to_all:
            continue
        assert response.status_code != 200 or "password_reset" in path, path
        assert MARKER not in response.content.decode("utf-8", "replace"), path


def test_user_without_duty_enters_nothing(world: World) -> None:
    from gongkai.organs.testing import make_user

    client = world.client(make_user(name="闲人"))
    for path in ("/desk/", "/desk/organs/", "/desk/people/", "/desk/audit/"):
        response = client.get(path)
        assert response.status_code in (302, 403), path
