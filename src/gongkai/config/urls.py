"""All addresses: the desk, the health probe, then the public site, Wagtail pages last."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from gongkai.desk import views as desk

DESK = settings.DESK_PREFIX.strip("/") + "/"


def healthz(request: HttpRequest) -> HttpResponse:
    """For load balancers: 200 when the database answers, 503 otherwise."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})


def not_here(request: HttpRequest) -> HttpResponse:
    """Wagtail's stock log-in for readers and its page passwords: this site has neither."""
    raise Http404


# An oversized or malformed body ends in a sentence of ours; 413 keeps its own status.
handler400 = "gongkai.portal.errors.bad_request"
handler500 = "gongkai.portal.errors.server_error"

urlpatterns = [
    # What is read most is found first; no two of these share an address.
    path("policies/", include("gongkai.normative.urls")),
    path("", include("gongkai.portal.urls")),
    path("healthz", healthz, name="healthz"),
    path(DESK, desk.today, name="wagtailadmin_home"),
    path(f"{DESK}account/", desk.account, name="wagtailadmin_account"),
    path(DESK, include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("apply/", include("gongkai.applications.urls")),
    path("", include("gongkai.api.urls")),
    path("", include("gongkai.publication.urls")),
    path("", include("gongkai.reports.urls")),
    path("", include("gongkai.search.urls")),
    re_path(r"^_util/", not_here),
    path("", include(wagtail_urls)),
]
