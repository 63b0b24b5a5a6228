"""Public addresses of the policy library."""

from typing import Any

app_name = "normative"
urlpatterns: list[Any] = []
