"""Backup and restore of the embedded platform: database, uploads and keys in one file that is verified both ways.

For SQLite only; with PostgreSQL the database has its own tools (``pg_dump``), and this saves uploads and keys.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import gongkai

MANIFEST = "manifest.json"
DATABASE = "gongkai.sqlite3"
FORMAT = 1


class BackupError(Exception):
    """Why it cannot be done, in Chinese, with what to do."""


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: a consistent copy while the platform runs."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    _check_database(target)


def _check_database(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupError(f"备份中的数据库已损坏（{error}）。请换一份备份。") from None
    if answer != "ok":
        raise BackupError(f"数据库检查未通过：{answer}。请换一份备份。")


def _members(var: Path, media: Path | None) -> list[tuple[str, Path]]:
    found = [(path.name, path) for path in sorted(var.glob("*_key")) if path.is_file()]
    if media is not None and media.is_dir():
        found += [
            (f"media/{path.relative_to(media).as_posix()}", path)
            for path in sorted(media.rglob("*"))
            if path.is_file() and not path.is_symlink()
        ]
    return found


def save(target: Path, *, var: Path, database: Path | None, media: Path | None) -> dict[str, Any]:
    """Writes ``target`` (a .tar.gz readable by its owner only) and reads it back. Returns the manifest.

    ``database`` is the SQLite file, None where the database is elsewhere. Raises BackupError.
    """
    if target.exists():
        raise BackupError(f"{target} 已经存在。请换一个文件名。")
    partial = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(prefix="gongkai-backup-") as folder:
        members = _members(var, media)
        if database is not None:
            copy = Path(folder) / DATABASE
            _copy_database(database, copy)
            members.insert(0, (DATABASE, copy))
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "version": gongkai.__version__,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": {},
        }
        try:
            fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
                for name, path in members:
                    data = path.read_bytes()
                    manifest["files"][name] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                    _add(archive, name, data)
                _add(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            check(partial)
            partial.replace(target)
        except OSError as error:
            raise BackupError(
                f"写不成 {target}（{error.strerror or error}）。请检查目录和磁盘空间。"
            ) from None
        finally:
            partial.unlink(missing_ok=True)
    return manifest


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    archive.addfile(info, io.BytesIO(data))


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpacks into ``folder`` only what the manifest names, each verified by its digest."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            held = {member.name: member for member in archive.getmembers()}
            manifest: dict[str, Any] = json.loads(_read(archive, held.get(MANIFEST)))
            if manifest.get("format") != FORMAT:
                raise BackupError("备份的格式版本不同，请用做备份时的版本恢复。")
            if set(held) != {MANIFEST, *manifest["files"]}:
                raise BackupError("备份中的文件与清单不符，可能被改动过。请换一份备份。")
            for name, facts in manifest["files"].items():
                pure = PurePosixPath(name)
                if pure.is_absolute() or ".." in pure.parts:
                    raise BackupError("备份中有指向别处的文件，不予恢复。")
                data = _read(archive, held[name])
                if hashlib.sha256(data).hexdigest() != facts["sha256"]:
                    raise BackupError(f"备份中的 {name} 与清单的摘要不符。请换一份备份。")
                path = folder / pure
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                path.chmod(0o600)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} 不是完整的备份（{type(error).__name__}）。请换一份备份。") from None
    if DATABASE in manifest["files"]:
        _check_database(folder / DATABASE)
    return manifest


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo | None) -> bytes:
    if member is None or not member.isfile():
        raise BackupError("备份中缺少清单，或含有链接等特殊文件，不予恢复。")
    source = archive.extractfile(member)
    assert source is not None
    return source.read()


def check(source: Path) -> dict[str, Any]:
    """Reads a backup through without restoring it. Returns its manifest; raises BackupError."""
    with tempfile.TemporaryDirectory(prefix="gongkai-check-") as folder:
        return _unpack(source, Path(folder))


def restore(source: Path, *, var: Path, media: Path | None, force: bool = False) -> dict[str, Any]:
    """Puts a backup in place. What was there moves to ``before-restore-<time>``; nothing is deleted.

    Raises BackupError, before anything is touched, for a faulty backup or when data is there and not ``force``.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=var) as folder:
        fresh = Path(folder)
        manifest = _unpack(source, fresh)
        names = sorted(path.name for path in fresh.iterdir())
        if (var / DATABASE).exists() and not force:
            raise BackupError(f"{var} 中已有数据。确认要用备份代替，请加 --force（原有数据会移到旁边保留）。")
        aside = var / f"before-restore-{datetime.now(UTC):%Y%m%d%H%M%S}"
        aside.mkdir(mode=0o700)
        for name in names:
            place = media if name == "media" and media is not None else var / name
            if place.exists():
                place.rename(aside / name)
            (fresh / name).rename(place)
        for tail in ("-wal", "-shm"):  # of the database that was moved away
            if DATABASE in names and (var / (DATABASE + tail)).exists():
                (var / (DATABASE + tail)).rename(aside / (DATABASE + tail))
        if not any(aside.iterdir()):
            aside.rmdir()
    return manifest
