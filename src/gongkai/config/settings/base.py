"""Settings of the embedded platform: everything has a default that works, everything can be moved by environment.

``dev`` and ``test`` and ``prod`` start from here. DEBUG is off: a public portal shows no internals.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE

from gongkai.config import env

VAR = env.var_dir()
PACKAGE = Path(__file__).resolve().parents[2]

DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("DEMO", True)
SECRET_KEY = env.secret_key(VAR)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.flag("HTTPS", False)
PUBLIC_URL = env.words("PUBLIC_URL", ["http://127.0.0.1:8000"])[0]

INSTALLED_APPS = [
    # The desk comes before Wagtail: its templates stand in front of the stock ones.
    "gongkai.desk",
    "gongkai.portal",
    "gongkai.api",
    "gongkai.reports",
    "gongkai.publication",
    "gongkai.normative",
    "gongkai.remedies",
    "gongkai.applications",
    "gongkai.records",
    "gongkai.search",
    "gongkai.organs",
    "wagtail.contrib.table_block",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_filters",
    "treebeard",
    "csp",
    "ninja",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "gongkai.portal.visits.counting.VisitMiddleware",
    "gongkai.portal.caching.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gongkai.config.middleware.PolicyMiddleware",
    "gongkai.config.middleware.PlainRequestMiddleware",
    "gongkai.config.middleware.LazySessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongkai.config.middleware.LazyMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gongkai.desk.middleware.ClosedDeskMiddleware",
    # After the token was checked, before any view reads the form.
    "gongkai.desk.plain.PlainTextMiddleware",
    "gongkai.publication.intake.middleware.OldAddressMiddleware",
    # Last: it turns a refused log-in into the locked-out page.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongkai.config.urls"
WSGI_APPLICATION = "gongkai.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.organs.context.site_profile",
            ],
        },
    },
    # The most read pages; a view asks for this engine by its name.
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "gongkai.portal.typesetting.environment"},
    },
]

DATABASES = {"default": env.database(VAR)}
CACHES = {"default": env.cache(), "limits": env.limits_cache()}
TASKS = {"default": env.tasks()}
#: Public pages kept in memory for readers without a log-in: seconds (0: off) and megabytes for each worker.
PAGE_CACHE_SECONDS = env.integer("PAGE_CACHE_SECONDS", 60)
PAGE_CACHE_MB = env.integer("PAGE_CACHE_MB", 64)
SEARCH_URL = env.search()
#: So long the counts of what was searched for are kept; the screens look back ninety days and twelve weeks.
SEARCH_STATISTICS_DAYS = env.integer("SEARCH_STATISTICS_DAYS", 400, least=90)
#: Whether the application counts the visits it answers; every so many seconds they are written.
VISITS_COUNT = env.flag("VISITS_COUNT", True)
VISITS_FLUSH_SECONDS = env.integer("VISITS_FLUSH_SECONDS", 30, least=1)
#: So many whole months the counts are kept by day and page; then they become months of their column.
VISITS_KEEP_MONTHS = env.integer("VISITS_KEEP_MONTHS", 24, least=1)
#: Whether the monthly counts are public, as a page and as open data.
VISITS_PUBLIC = env.flag("VISITS_PUBLIC", False)
PUBLICATION_IMAGE_MAX_WIDTH = env.integer("PUBLICATION_IMAGE_MAX_WIDTH", 1920)
#: From what likeness on two reports' texts are shown side by side (0–1; the variable is in per cent).
REPORT_LIKENESS = env.integer("REPORT_LIKENESS", 60) / 100
PUBLICATION_CHECK_LINKS = env.flag("PUBLICATION_CHECK_LINKS", False)
#: So long a reading that was given up can be taken up again.
PUBLICATION_INTAKE_KEEP_DAYS = env.integer("PUBLICATION_INTAKE_KEEP_DAYS", 30, least=1)
PUBLICATION_EMERGENCY_REVIEW_DAYS = env.integer("PUBLICATION_EMERGENCY_REVIEW_DAYS", 3)

#: Form of the numbers of items, and days after which a column of a type counts as neglected ("news=7,policy=90").
PUBLICATION_INDEX_NUMBER = env.text("PUBLICATION_INDEX_NUMBER", "gongkai.publication.indexing.national")
PUBLICATION_STALE_DAYS = env.days("PUBLICATION_STALE_DAYS")

# Words and time -----------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [PACKAGE / "desk" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = False

# Files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": env.storage(VAR),
    "staticfiles": {"BACKEND": "gongkai.config.static.ManifestStorage"},
}
WHITENOISE_MAX_AGE = 300
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o640

# Who may come in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "organs.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
AXES_FAILURE_LIMIT = env.integer("LOGIN_FAILURE_LIMIT", 5)
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "desk/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Addresses in X-Forwarded-For are believed only behind that many proxies of our own.
AXES_IPWARE_PROXY_COUNT = env.integer("PROXY_COUNT", 0)
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if AXES_IPWARE_PROXY_COUNT else ["REMOTE_ADDR"]
)

SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "gongkai.portal.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = False  # htmx and Wagtail read it
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if AXES_IPWARE_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# The public site: nothing but what is ours, no inline script or style.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# The desk: Wagtail's own pages carry inline scripts and style attributes, and previews use blob images.
DESK_PREFIX = "/desk/"
DESK_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# The desk -----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "公开"
WAGTAILADMIN_USER_LOGIN_FORM = "gongkai.desk.forms.DeskLoginForm"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_FINISH_WORKFLOW_ACTION = "gongkai.publication.review.finishing.finished"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [
    "pdf",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "ofd",
    "wps",
    "et",
    "zip",
    "csv",
    "txt",
    "jpg",
    "png",
]
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        # Twelve months of daily files: 互联网政务应用安全管理规定 第二十条 asks for a year.
        "file": {
            "class": "logging.handlers.TimedRotatingFileHandler",
            "filename": str(VAR / "gongkai.log"),
            "when": "midnight",
            "backupCount": 366,
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console", "file"], "level": "WARNING"},
    "loggers": {
        "gongkai": {"level": "INFO"},
        "axes": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "ERROR"},
    },
}
