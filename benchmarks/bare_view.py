"""``python -m benchmarks.bare_view PORT``: Django with one view, no middleware and a constant answer of ``/<bytes>``.

Served as the platform is: the same server, workers and threads.
"""

from __future__ import annotations

import sys
from functools import cache

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="benchmarks.bare_view",
        MIDDLEWARE=[],
        SECRET_KEY="bench",  # noqa: S106 - signs nothing
    )
    django.setup()


@cache
def _constant(size: int) -> bytes:
    return b"x" * size


def constant(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(_constant(size))


urlpatterns = [path("<int:size>", constant)]
application = get_wsgi_application()

if __name__ == "__main__":
    from gongkai.config.serve import listen

    listen("127.0.0.1", int(sys.argv[1]), application="benchmarks.bare_view:application")
