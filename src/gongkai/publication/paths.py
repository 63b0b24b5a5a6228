"""Public addresses from tree paths, without asking the database per page."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache

from wagtail.models import Site


def roots() -> tuple[str, ...]:
    """Where in the tree the sites begin, the most specific first; what was true within this second.

    They change when somebody renames the top page, and every page asks several times.
    """
    return _roots(int(time.monotonic())) or _roots.__wrapped__(0)


@lru_cache(maxsize=1)
def _roots(second: int) -> tuple[str, ...]:
    return tuple(root.root_path for root in Site.get_site_root_paths())


def url_of(url_path: str) -> str:
    """The address of a page by its ``url_path``."""
    return urls_of((url_path,))[0]


def urls_of(url_paths: Iterable[str]) -> list[str]:
    """The addresses of many pages."""
    below = roots()
    found = []
    for path in url_paths:
        for root in below:
            if path.startswith(root):
                path = "/" + path[len(root) :]
                break
        found.append(path)
    return found
