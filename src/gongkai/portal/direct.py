"""Items of disclosure by their address in one query.

Wagtail finds a page by walking the tree, two queries for each step of the address; an item lies six steps down, and that
walk took more than half of the page's time. Its slug is indexed and its whole address is kept with it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.models import PageViewRestriction, Site
from wagtail.views import serve as by_tree

from gongkai.publication.models import DisclosurePage
from gongkai.publication.views import serve

TOP = "gov/"


def item(request: HttpRequest, path: str) -> HttpResponse:
    """The item at ``gov/<path>/``; whatever else lies there (columns, sections, what was withdrawn) by the tree."""
    address = f"{TOP}{path}/"
    if request.method in ("GET", "HEAD"):
        found = (
            DisclosurePage.objects.select_related("organ", "column")
            .filter(
                slug=path.rpartition("/")[2],
                url_path__in=[root.root_path + address for root in Site.get_site_root_paths()],
                shown=True,
                live=True,
            )
            .first()
        )
        # A page that somebody closed to part of the readers is Wagtail's to guard.
        if found is not None and not PageViewRestriction.objects.exists():
            return serve(found, request)
    return by_tree(request, address)
