"""The two governments of the platform tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

MARKER = "甲区标记"


@dataclass
class World:
    """Organ A carries the marker in its name; B is the neighbour that must never see it."""

    a: Any
    b: Any
    dept_a: Any
    director_a: Any
    director_b: Any
    admin: Any

    def client(self, user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client
