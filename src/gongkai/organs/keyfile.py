"""A key kept in a file of its own, made on first use; whoever starts at the same moment reads the same whole key."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept(path: Path, make: str) -> str:
    """The content of ``path``; where there is none yet it becomes ``make``, readable by the owner only.

    The file appears under its name only when it is whole: who came second must never read one not yet written.
    Raises ImproperlyConfigured for an empty file: a new key would make what the lost one sealed unreadable for good.
    """
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w") as out:
                out.write(make)
                out.flush()
                os.fsync(out.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, path)
        finally:
            os.unlink(name)
    found = path.read_text().strip()
    if not found:
        raise ImproperlyConfigured(f"密钥文件 {path.name} 是空的；请从备份恢复，不要另造新密钥。")
    return found
