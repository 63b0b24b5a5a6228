"""For a real office behind HTTPS: no demo data, and nothing secret may be left to a default."""

import os

from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DEMO", "0")
os.environ.setdefault("HTTPS", "1")
os.environ.setdefault("PROXY_COUNT", "1")

from gongkai.config.settings.base import *  # noqa: F403

_missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL") if not os.environ.get(name)]
if _missing:
    raise ImproperlyConfigured(f"正式环境须设置环境变量：{'、'.join(_missing)}。说明见 docs/deployment.md。")
DEBUG = False
