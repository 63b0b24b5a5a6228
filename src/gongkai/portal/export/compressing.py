"""Every text of a release beside itself in compressed form, so that the web server need not compress it for each reader."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

from gongkai.portal.export.manifest import MANIFEST

TEXTS = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt", ".csv")
#: Below this the compressed form saves no packet (``gzip_min_length`` of the web server).
LEAST = 1024


def compress(release: Path, before: Path | None) -> None:
    """Write ``x.gz`` beside every text ``x``. A file that is the one of the release before keeps its compressed form."""
    for folder, _, names in os.walk(release):
        for name in names:
            path = Path(folder, name)
            if not name.endswith(TEXTS) or name == MANIFEST or path.stat().st_size < LEAST:
                continue
            target = path.with_name(f"{name}.gz")
            old = before / target.relative_to(release) if before else None
            if old is not None and old.is_file() and _same(path, old.with_name(name)):
                os.link(old, target)
            else:
                target.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _same(path: Path, other: Path) -> bool:
    return other.is_file() and other.samefile(path)


__all__ = ["compress"]
