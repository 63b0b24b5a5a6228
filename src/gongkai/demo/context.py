"""What each app's ``demo.load(context)`` receives, and the order in which they run.

An app that has demonstration data holds a module ``<app>/demo.py`` with ``load(context: DemoContext) -> None``.
Apps load from the bottom up (organs, then what stands on it); each runs once, in one transaction, and finds
what the ones below made in ``context``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

DATA = Path(__file__).parent / "data"


@dataclass
class DemoContext:
    """The demonstration county while it is built."""

    actor: Any
    today: date = field(default_factory=timezone.localdate)
    log: Callable[[str], None] = print

    @staticmethod
    def data(name: str) -> Any:
        """The parsed YAML file ``demo/data/<name>``."""
        return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))

    @staticmethod
    def file(name: str) -> bytes:
        """The file ``demo/data/<name>``."""
        return (DATA / name).read_bytes()

    @staticmethod
    def organ(slug: str) -> Any:
        """A demo organ by its slug. Raises Organ.DoesNotExist."""
        return apps.get_model("organs", "Organ").objects.get(slug=slug)

    @staticmethod
    def user(username: str) -> Any:
        """A demo user by log-in name. Raises User.DoesNotExist."""
        return apps.get_model(settings.AUTH_USER_MODEL).objects.get(username=username)


def pending() -> list[str]:
    """Names of the apps whose demonstration data is not loaded yet, lowest first."""
    loaded = set(apps.get_model("organs", "DemoLoad").objects.values_list("app", flat=True))
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("gongkai.")]
    # INSTALLED_APPS lists the upper apps first.
    return [name for name in reversed(ours) if name not in loaded and find_spec(f"{name}.demo")]


def load_all(log: Callable[[str], None]) -> list[str]:
    """Loads what is pending; returns the apps that were loaded. Raises RuntimeError where DEMO is off."""
    if not settings.DEMO:
        raise RuntimeError("DEMO=0：不装入演示数据。")
    from gongkai.organs.scope import SYSTEM

    context = DemoContext(actor=SYSTEM, log=log)
    done = []
    for name in pending():
        with transaction.atomic():
            import_module(f"{name}.demo").load(context)
            apps.get_model("organs", "DemoLoad").objects.create(app=name)
        done.append(name)
    return done
