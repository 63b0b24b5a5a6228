"""Public addresses from tree paths, without asking the database per page."""

from __future__ import annotations

from wagtail.models import Site


def url_of(url_path: str) -> str:
    """The address of a page by its ``url_path`` (the site roots are cached by Wagtail)."""
    for root in Site.get_site_root_paths():
        if url_path.startswith(root.root_path):
            return "/" + url_path[len(root.root_path) :]
    return url_path
