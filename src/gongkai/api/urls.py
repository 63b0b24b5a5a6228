"""Addresses of the open data."""

from typing import Any

app_name = "api"
urlpatterns: list[Any] = []
