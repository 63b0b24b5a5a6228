"""Reading the environment: every value a site may change, with the message it gets when the value is wrong."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from gongkai.organs.keyfile import kept

TRUE = {"1", "true", "yes", "on", "是"}
FALSE = {"0", "false", "no", "off", "否", ""}
#: Bytes of a SQLite file that are read where the system keeps them in memory, without a copy: a search at 300,000
#: documents takes an eighth less. The most that SQLite allows is twice that.
SQLITE_MAPPED = 1 << 30


def project_root() -> Path:
    """The checkout when run from one, else the working directory of an installed package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


def var_dir() -> Path:
    """Where everything that is not code lives: database, uploads, secret key, logs (``GONGKAI_VAR``)."""
    path = Path(os.environ.get("GONGKAI_VAR") or project_root() / "var").expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"不能使用数据目录 {path}（{error.strerror}）。请检查 GONGKAI_VAR 和目录权限。"
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"数据目录 {path} 不可写。请检查 GONGKAI_VAR 和目录权限。")
    return path


def flag(name: str, default: bool) -> bool:
    """A yes/no variable. Raises ImproperlyConfigured for anything that is neither."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"环境变量 {name}={raw!r} 只能是 1 或 0。")


def integer(name: str, default: int, least: int | None = None) -> int:
    """A whole number, not below ``least``. Raises ImproperlyConfigured otherwise."""
    raw = os.environ.get(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"环境变量 {name}={raw!r} 应为整数。") from None
    if least is not None and value < least:
        raise ImproperlyConfigured(f"环境变量 {name}={raw!r} 不能小于 {least}。")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""
    raw = os.environ.get(name)
    return default if raw is None else [w.strip() for w in raw.split(",") if w.strip()]


def days(name: str) -> dict[str, int]:
    """Days by key, written ``key=days`` and separated by commas. Raises ImproperlyConfigured otherwise."""
    found = {}
    for word in words(name, []):
        key, _, number = word.partition("=")
        if not number.strip().isdecimal() or int(number) == 0:
            raise ImproperlyConfigured(f"环境变量 {name} 中的“{word}”应写成 news=7 的样子。")
        found[key.strip()] = int(number)
    return found


def text(name: str, default: str) -> str:
    """A word or a path; empty counts as not set."""
    return os.environ.get(name) or default


def secret_key(var: Path) -> str:
    """``SECRET_KEY``, else the one kept in ``var/secret_key`` (made on first use, readable by the owner only)."""
    if os.environ.get("SECRET_KEY"):
        return os.environ["SECRET_KEY"]
    return kept(var / "secret_key", secrets.token_urlsafe(50))


def database(var: Path) -> dict[str, Any]:
    """``DATABASE_URL``; embedded SQLite by default.

    SQLite takes the write lock when a transaction begins (IMMEDIATE): with the default, a transaction that
    reads and then writes fails under load instead of waiting.
    """
    import dj_database_url

    url = os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'gongkai.sqlite3'}"
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (ValueError, KeyError):
        # Not the value itself: it may hold a password.
        raise ImproperlyConfigured(
            "DATABASE_URL 无法识别。示例：postgres://用户:密码@主机:5432/库名"
        ) from None
    if config["ENGINE"].endswith("sqlite3"):
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000; "
            f"PRAGMA mmap_size={SQLITE_MAPPED};",
        }
    return config


def cache() -> dict[str, Any]:
    """``CACHE_URL``: locmem:// (default), redis://host:6379/0, file:///dir, db://table, dummy://."""
    url = os.environ.get("CACHE_URL") or "locmem://"
    scheme = urlsplit(url).scheme
    base = "django.core.cache.backends."
    if scheme == "locmem":
        return {"BACKEND": base + "locmem.LocMemCache", "LOCATION": "gongkai"}
    if scheme in ("redis", "rediss", "unix"):
        return {"BACKEND": base + "redis.RedisCache", "LOCATION": url}
    if scheme == "file":
        return {"BACKEND": base + "filebased.FileBasedCache", "LOCATION": urlsplit(url).path}
    if scheme == "db":
        return {"BACKEND": base + "db.DatabaseCache", "LOCATION": urlsplit(url).netloc or "gongkai_cache"}
    if scheme == "dummy":
        return {"BACKEND": base + "dummy.DummyCache"}
    raise ImproperlyConfigured(f"CACHE_URL={url!r} 无法识别，可用 locmem://、redis://、file://、db://。")


def limits_cache() -> dict[str, Any]:
    """Where uses per caller are counted: as :func:`cache`, but in memory with room for many callers."""
    config = cache()
    if config["BACKEND"].endswith("LocMemCache"):
        return {**config, "LOCATION": "gongkai-limits", "OPTIONS": {"MAX_ENTRIES": 50_000}}
    return config


def storage(var: Path) -> dict[str, Any]:
    """``STORAGE_URL`` for uploads: file:///dir (default var/media) or s3://key:secret@host/bucket?region=…"""
    url = os.environ.get("STORAGE_URL") or f"file://{var / 'media'}"
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path), "file_permissions_mode": 0o640},
        }
    if parts.scheme in ("s3", "s3+http"):
        try:
            import storages  # noqa: F401
        except ImportError:
            raise ImproperlyConfigured(
                "STORAGE_URL 使用 s3:// 时需先安装：pip install 'django-storages[s3]'"
            ) from None
        options: dict[str, Any] = {
            "bucket_name": parts.path.strip("/"),
            "file_overwrite": False,
            "querystring_auth": True,
        }
        if parts.hostname:
            port = f":{parts.port}" if parts.port else ""
            options["endpoint_url"] = (
                f"{'http' if 'http' in parts.scheme else 'https'}://{parts.hostname}{port}"
            )
        if parts.username:
            options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
        query = dict(parse_qsl(parts.query))
        if "region" in query:
            options["region_name"] = query["region"]
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    raise ImproperlyConfigured(f"STORAGE_URL={url!r} 无法识别，可用 file:///目录 或 s3://…。")


def search() -> str:
    """``SEARCH_URL``: empty (default: inside the database) or opensearch://user:secret@host:9200/index (…s:// for TLS)."""
    url = os.environ.get("SEARCH_URL") or ""
    if url and urlsplit(url).scheme not in ("opensearch", "opensearchs"):
        raise ImproperlyConfigured("SEARCH_URL 无法识别，可留空，或用 opensearch://主机:9200/索引名。")
    if url:
        import importlib.util

        if importlib.util.find_spec("opensearchpy") is None:
            raise ImproperlyConfigured("SEARCH_URL 使用 opensearch:// 时需先安装：pip install opensearch-py")
    return url


def tasks() -> dict[str, Any]:
    """``TASKS_URL``: immediate:// (default, in process), dummy:// (collects, runs nothing), db://, rq://queue.

    ``db://`` and ``rq://`` need ``django-tasks-db`` or ``django-tasks-rq`` installed and a worker running.
    """
    url = os.environ.get("TASKS_URL") or "immediate://"
    backends = {
        "immediate": "django_tasks.backends.immediate.ImmediateBackend",
        "dummy": "django_tasks.backends.dummy.DummyBackend",
        "db": "django_tasks_db.DatabaseBackend",
        "rq": "django_tasks_rq.RQBackend",
    }
    scheme = urlsplit(url).scheme
    if scheme not in backends:
        raise ImproperlyConfigured(f"TASKS_URL={url!r} 无法识别，可用 immediate://、db://、rq://。")
    package = backends[scheme].split(".")[0]
    import importlib.util

    if importlib.util.find_spec(package) is None:
        raise ImproperlyConfigured(
            f"TASKS_URL 使用 {scheme}:// 时需先安装：pip install {package.replace('_', '-')}"
        )
    return {"BACKEND": backends[scheme]}
