"""Every address of the desk, read from the URL resolver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One pattern: its route, its namespaces and name, and the parameters it wants."""

    route: str
    namespaces: tuple[str, ...]
    name: str | None

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return [(conv or "str", name) for conv, name in PARAMETER.findall(self.route)]

    def fill(self, values: dict[str, Any]) -> str:
        """The path with ``values`` by parameter name, else a plausible one by converter."""
        fallback = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000001"}

        def value(match: re.Match[str]) -> str:
            conv, name = match[1] or "str", match[2]
            return str(values.get(name, fallback.get(conv, "1")))

        return "/" + PARAMETER.sub(value, self.route)


def _walk(patterns: list[Any], route: str, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for entry in patterns:
        # Catch-all regular expressions answer 404 for everything else.
        part = str(entry.pattern) if isinstance(entry.pattern, RoutePattern) else ""
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry.url_patterns, route + part, inner)
        elif isinstance(entry, URLPattern) and isinstance(entry.pattern, RoutePattern):
            yield Address(route + part, namespaces, entry.name)


def desk_addresses() -> list[Address]:
    """All of them, each once."""
    prefix = settings.DESK_PREFIX.strip("/") + "/"
    found = _walk(get_resolver().url_patterns, "", ())
    return list(dict.fromkeys(address for address in found if address.route.startswith(prefix)))
