"""What was withdrawn: it answers 410 with its reason even where only files are served, and no release keeps a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from gongkai.portal.export import manifest
from gongkai.portal.export.addresses import exportable
from gongkai.portal.export.fetching import Application
from gongkai.search.models import Withdrawn

#: Below this folder lie the pages that nginx gives with status 410 (deploy/nginx/gongkai.conf).
FOLDER = "gone"
GONE = 410


def pages(application: Application, public: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """(file, body) for every address that is withdrawn and says why; ``public``: what answers again."""
    for url in Withdrawn.objects.order_by("-at").values_list("url", flat=True).iterator():
        address = exportable(url)
        if address is None or public(address.url) or not address.file.endswith(".html"):
            continue
        answer = application.get(address)
        if answer.status == GONE and answer.html:
            yield f"{FOLDER}/{address.file}", answer.body


def forget(folder: Path, kept: set[str]) -> int:
    """Delete from the earlier releases every file whose address is not among ``kept``; how many.

    Going back to an earlier release must not bring back what was withdrawn since.
    """
    count = 0
    current = (folder / "current").resolve()
    for release in (folder / "releases").iterdir():
        if release == current:
            continue
        for url, entry in manifest.load(release).items():
            if url in kept:
                continue
            path = release / entry.file
            path.with_name(f"{path.name}.gz").unlink(missing_ok=True)
            if path.is_file():
                path.unlink()
                count += 1
    return count
