"""What a release knows of itself, and what the next one may take over from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

import gongkai
from gongkai.organs.models import SiteProfile
from gongkai.publication.models import ColumnPage, OrganSection
from gongkai.publication.paths import url_of

MANIFEST = "manifest.json"


@dataclass
class Entry:
    """A file of the release: the address it answers, its digest, the addresses it links to."""

    url: str
    file: str
    sha256: str
    links: list[str] = field(default_factory=list)
    document: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """The release in use."""

    folder: Path
    at: datetime
    entries: dict[str, Entry]
    frames: dict[str, str]


def fingerprint() -> str:
    """Changes when templates, styles or what stands on every page do: then nothing of an earlier export can be kept."""
    digest = hashlib.sha256(gongkai.__version__.encode())
    for profile in SiteProfile.objects.values():
        digest.update(json.dumps(profile, sort_keys=True, default=str).encode())
    for name in sorted(Path(settings.PACKAGE).rglob("templates/**/*.html")):
        digest.update(name.read_bytes())
    for name in sorted(Path(settings.PACKAGE).rglob("static/**/*.*")):
        digest.update(name.read_bytes())
    return digest.hexdigest()


def frames() -> dict[str, str]:
    """Address → title of the sections and columns: they stand on every page below them."""
    found: dict[str, str] = {}
    for model in (OrganSection, ColumnPage):
        rows: Iterable[tuple[str, str]] = model.objects.filter(live=True).values_list("url_path", "title")
        found |= {url_of(path): title for path, title in rows}
    return found


def changed_frames(before: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    """Beginnings of addresses whose section or column was renamed, moved, opened or closed."""
    return tuple(url for url in before.keys() | now.keys() if before.get(url) != now.get(url))


def load(release: Path) -> dict[str, Entry]:
    """The entries of a release; none where its manifest cannot be read."""
    return {url: Entry(**entry) for url, entry in _read(release).get("entries", {}).items()}


def last(folder: Path) -> Last | None:
    """The release in use, where it can be built upon."""
    current = folder / "current"
    data = _read(current)
    if data.get("fingerprint") != fingerprint():
        return None
    entries = {url: Entry(**entry) for url, entry in data["entries"].items()}
    return Last(current.resolve(), datetime.fromisoformat(data["at"]), entries, data.get("frames", {}))


def _read(release: Path) -> dict:  # type: ignore[type-arg]
    try:
        data = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def text(started: datetime, entries: dict[str, Entry], now: dict[str, str]) -> str:
    """The manifest of a release begun at ``started``."""
    data = {
        "at": started.isoformat(), "fingerprint": fingerprint(), "version": gongkai.__version__, "frames": now,
        "entries": {url: vars(entry) for url, entry in sorted(entries.items())},
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=0)
