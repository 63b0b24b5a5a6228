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
Annotations = Callable[[], dict[str, Any]]
_PROVIDERS: dict[Provider, Annotations] = {}


def register_panel(annotations: Annotations) -> Callable[[Provider], Provider]:
    """Decorator: adds ``provider(user, application)``. It makes no query of its own, for the screen's number of queries
    is bounded: what it shows is read with the case, as the expressions that ``annotations()`` returns by name."""

    def add(provider: Provider) -> Provider:
        _PROVIDERS[provider] = annotations
        return provider

    return add


def panel_annotations() -> dict[str, Any]:
    """Name → expression of everything the registered sheets want to know of a case."""
    return {name: value for wanted in _PROVIDERS.values() for name, value in wanted().items()}


def panels_for(user: Any, application: Application) -> list[Panel]:
    """What the registered apps show ``user`` on this case, which was read with :func:`panel_annotations`."""
    return [panel for provider in _PROVIDERS if (panel := provider(user, application)) is not None]
