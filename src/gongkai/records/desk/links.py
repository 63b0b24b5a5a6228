"""From a file in the archive to the matter it is about: each app says where its own objects are shown."""

from __future__ import annotations

from collections.abc import Callable

from gongkai.records.models import ArchiveFile

_LINKS: dict[str, tuple[str, Callable[[str], str]]] = {}


def register_link(object_type: str, label: str, address: Callable[[str], str]) -> None:
    """``address(object_id)`` gives the desk page of an ``object_type`` ("applications.application")."""
    _LINKS[object_type] = (label, address)


def link_of(archive_file: ArchiveFile) -> tuple[str, str] | None:
    """(label, address) of the matter's own page, None where its app has none."""
    found = _LINKS.get(archive_file.object_type)
    return None if found is None else (found[0], found[1](archive_file.object_id))
