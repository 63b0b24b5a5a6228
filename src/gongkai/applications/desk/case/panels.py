"""Further sheets on the case screen, put there by the apps above this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gongkai.applications.models import Application


@dataclass(frozen=True)
class Panel:
    """One sheet: a template of the app that registered it, and what it shows."""

    template: str
    context: dict[str, Any]


Provider = Callable[[Any, Application], Panel | None]
_PROVIDERS: list[Provider] = []


def register_panel(provider: Provider) -> Provider:
    """Adds ``provider(user, application)``; it keeps to a fixed number of queries. Usable as a decorator."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def panels_for(user: Any, application: Application) -> list[Panel]:
    """What the registered apps show ``user`` on this case."""
    return [panel for provider in _PROVIDERS if (panel := provider(user, application)) is not None]
