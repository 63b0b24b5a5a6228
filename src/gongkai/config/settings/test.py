"""For the tests: a throw-away directory, cheap passwords, nothing on disk that outlives the run."""

import os
import tempfile

os.environ.setdefault("GONGKAI_VAR", tempfile.mkdtemp(prefix="gongkai-test-"))
os.environ["DEMO"] = "1"
os.environ.setdefault("SECRET_KEY", "test-only")
if os.environ.get("TEST_POSTGRES_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_POSTGRES_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

from gongkai.config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
AXES_ENABLED = False
LOGGING["root"] = {"handlers": [], "level": "ERROR"}  # noqa: F405
WAGTAILADMIN_BASE_URL = "http://testserver"
# One store under both names: what clears the one clears the other.
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("default", "limits")
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
PAGE_CACHE_SECONDS = 0  # what a test changes it sees at once; the cache has tests of its own
VISITS_COUNT = False  # the same; and no thread writes while a test looks
VISITS_FLUSH_SECONDS = 0
#: Most tests make organs and read no pages; those of sections switch it on.
SECTIONS_FOLLOW_ORGANS = False
