"""Items and columns of disclosure by their address in one small query.

Wagtail finds a page by walking the tree, two queries for each step of the address; an item lies six steps down, and that
walk took more than half of the page's time. Its slug is indexed and its whole address is kept with it.
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page, PageViewRestriction
from wagtail.views import serve as by_tree

from gongkai.organs.prepared import Prepared
from gongkai.publication import views
from gongkai.publication.models import ColumnPage, DisclosurePage
from gongkai.publication.paths import roots
from gongkai.publication.sheet import public_column, public_item

TOP = "gov/"
_HERE = Prepared(
    lambda slug, path: (
        Page.objects.filter(slug=slug, url_path=path, live=True)
        .annotate(guarded=Exists(PageViewRestriction.objects.all()))
        .order_by()
        .values_list("pk", "content_type", "guarded")[:1]
    ),
    str,
    str,
)


def item(request: HttpRequest, path: str) -> HttpResponse:
    """The item or column at ``gov/<path>/``; whatever else lies there (sections, what was withdrawn) by the tree."""
    address = f"{TOP}{path}/"
    if request.method in ("GET", "HEAD"):
        for root in roots():
            here = _HERE.first(path.rpartition("/")[2], root + address)
            # A page that somebody closed to part of the readers is Wagtail's to guard.
            if here is None or here[2]:
                continue
            model = ContentType.objects.get_for_id(here[1]).model_class()
            if model is ColumnPage and (column := public_column(here[0])):
                return views.column(request, column)
            if model and issubclass(model, DisclosurePage) and (found := public_item(model, here[0])):
                return views.item(request, found)
    return by_tree(request, address)
