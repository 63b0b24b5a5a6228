"""Factories for tests: two organs side by side, and one object of every scoped model.

Each app with scoped viewsets holds a module ``<app>/testing.py`` that calls ``register_factory`` for its models;
the test that walks every desk address finds them by itself and fails for a viewset without one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models, transaction

from gongkai.organs import services
from gongkai.organs.audit import record, snapshot
from gongkai.organs.models import AuditEntry, Handover, Membership, Organ, Person, User, WorkOffice
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

Factory = Callable[[Organ, str], models.Model]
FACTORIES: dict[type[models.Model], Factory] = {}
_serial = count(1)


def register_factory(model: type[models.Model], factory: Factory) -> None:
    """``factory(organ, marker)`` makes one object that belongs to ``organ`` and shows ``marker`` where it can."""
    FACTORIES[model] = factory


def load_factories() -> dict[type[models.Model], Factory]:
    """Imports ``testing.py`` of every installed app of ours and returns what they registered."""
    for config in apps.get_app_configs():
        if config.name.startswith("gongkai.") and find_spec(f"{config.name}.testing"):
            import_module(f"{config.name}.testing")
    return FACTORIES


def make_organ(name: str = "测试区人民政府", parent: Organ | None = None, **fields: Any) -> Organ:
    """An active organ."""
    kind = fields.pop("kind", Organ.Kind.DEPARTMENT if parent else Organ.Kind.GOVERNMENT)
    slug = fields.pop("slug", f"t{next(_serial)}")
    return services.create_organ(SYSTEM, parent, kind=kind, name=name, slug=slug, **fields)


def make_user(
    organ: Organ | None = None, role: str = Role.DIRECTOR, name: str = "测试员", **fields: Any
) -> User:
    """A user with one duty (none without an organ); the password is "test"."""
    user = User(username=fields.pop("username", f"u{next(_serial)}"), name=name, **fields)
    user.set_password("test")
    user.save()
    if organ is not None:
        services.grant_membership(SYSTEM, user, organ, role, on=date(2020, 1, 1))
    return user


def make_superuser() -> User:
    """The unlimited administrator."""
    return make_user(name="全站管理员", is_superuser=True)


def _child(organ: Organ, marker: str) -> Organ:
    return make_organ(f"{marker}下属单位", organ)


def _office(organ: Organ, marker: str) -> WorkOffice:
    person = make_user(organ, Role.REVIEWER, f"{marker}负责人")
    return services.save_work_office(SYSTEM, organ, name=f"{marker}工作机构", head=person)


def _person(organ: Organ, marker: str) -> Person:
    return Person.objects.get(pk=make_user(organ, Role.EDITOR, f"{marker}人员").pk)


def _membership(organ: Organ, marker: str) -> Membership:
    return make_user(organ, Role.EDITOR, f"{marker}任职").memberships.get()


def _handover(organ: Organ, marker: str) -> Handover:
    return Handover.objects.create(
        membership=_membership(organ, marker),
        to_user=make_user(organ, Role.EDITOR, f"{marker}接手人"),
        items=[{"kind": "稿件", "label": f"{marker}稿件", "url": ""}],
    )


def _audit(organ: Organ, marker: str) -> AuditEntry:
    with transaction.atomic():
        return record(
            SYSTEM, "organ.update", organ, organ=organ, after=snapshot(organ), reason=f"{marker}理由"
        )


register_factory(Organ, _child)
register_factory(WorkOffice, _office)
register_factory(Person, _person)
register_factory(Membership, _membership)
register_factory(Handover, _handover)
register_factory(AuditEntry, _audit)
