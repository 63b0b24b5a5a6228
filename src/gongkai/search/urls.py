"""Public addresses of the search."""

from typing import Any

app_name = "search"
urlpatterns: list[Any] = []
