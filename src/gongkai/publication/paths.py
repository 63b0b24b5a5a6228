"""Public addresses from tree paths, without asking the database per page."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail.models import Site


def url_of(url_path: str) -> str:
    """The address of a page by its ``url_path`` (the site roots are cached by Wagtail)."""
    return urls_of([url_path])[0]


def urls_of(url_paths: Iterable[str]) -> list[str]:
    """The addresses of many pages: the roots are asked for once."""
    roots = [root.root_path for root in Site.get_site_root_paths()]
    return [
        next(("/" + path[len(root) :] for root in roots if path.startswith(root)), path) for path in url_paths
    ]
