"""The WSGI application that granian (or any WSGI server) serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.base")

application = get_wsgi_application()

# What is loaded now stays: the collector need not walk through it again for every few pages that are made.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
