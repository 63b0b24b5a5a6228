"""The WSGI application that granian (or any WSGI server) serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.base")

application = get_wsgi_application()

from gongkai.config.collector import settle  # noqa: E402 — after all that is to stay

settle()
