"""``manage backup`` and ``manage restore``: what was saved comes back, what was tampered with does not."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gongkai.organs import backup
from tests.platform.test_settings_and_start import run


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    (folder / "media" / "cases").mkdir(parents=True)
    (folder / "media" / "cases" / "申请表.pdf").write_bytes(b"%PDF-1")
    (folder / "secret_key").write_text("secret")
    (folder / "data_key").write_text("data")
    with closing(sqlite3.connect(folder / backup.DATABASE)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.execute("INSERT INTO t VALUES ('甲')")
        connection.commit()
    return folder


def save(var: Path, target: Path) -> dict[str, Any]:
    return backup.save(target, var=var, database=var / backup.DATABASE, media=var / "media")


def rows(var: Path) -> list[str]:
    with closing(sqlite3.connect(var / backup.DATABASE)) as connection:
        return [row[0] for row in connection.execute("SELECT x FROM t ORDER BY rowid")]


def test_what_was_saved_while_writing_goes_on_comes_back(var: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    writer = sqlite3.connect(var / backup.DATABASE)
    writer.execute("INSERT INTO t VALUES ('乙')")  # not committed: must not be in the copy, must not block it
    manifest = save(var, target)
    writer.commit()
    writer.close()
    assert set(manifest["files"]) == {backup.DATABASE, "secret_key", "data_key", "media/cases/申请表.pdf"}
    assert target.stat().st_mode & 0o077 == 0
    (var / "secret_key").write_text("lost")
    (var / "media" / "cases" / "申请表.pdf").unlink()
    with pytest.raises(backup.BackupError, match="--force"):
        backup.restore(target, var=var, media=var / "media")
    assert rows(var) == ["甲", "乙"]
    backup.restore(target, var=var, media=var / "media", force=True)
    assert rows(var) == ["甲"]
    assert (var / "secret_key").read_text() == "secret"
    assert (var / "media" / "cases" / "申请表.pdf").read_bytes() == b"%PDF-1"
    aside = next(var.glob("before-restore-*"))
    assert (aside / "secret_key").read_text() == "lost"
    assert rows(aside) == ["甲", "乙"]


def forged(
    source: Path, target: Path, change: dict[str, bytes], manifest: dict[str, Any] | None = None
) -> Path:
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        held = {m.name: old.extractfile(m).read() for m in old.getmembers()}  # type: ignore[union-attr]
        if manifest is not None:
            held[backup.MANIFEST] = json.dumps({**json.loads(held[backup.MANIFEST]), **manifest}).encode()
        for name, data in {**held, **change}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))
    return target


def test_a_faulty_backup_changes_nothing(var: Path, tmp_path: Path) -> None:
    good = tmp_path / "b.tar.gz"
    save(var, good)
    short = tmp_path / "short.tar.gz"
    short.write_bytes(good.read_bytes()[:-200])
    text = tmp_path / "text.tar.gz"
    text.write_text("no archive")
    evil = {
        "../evil": {"size": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
    }
    faulty = [
        short,
        text,
        tmp_path / "missing.tar.gz",
        forged(good, tmp_path / "1", {"secret_key": b"mine"}),
        forged(good, tmp_path / "2", {"extra": b"x"}),
        forged(good, tmp_path / "3", {"../evil": b"x"}, {"files": evil}),
        forged(good, tmp_path / "4", {}, {"format": 99}),
    ]
    for source in faulty:
        with pytest.raises(backup.BackupError):
            backup.restore(source, var=var, media=var / "media", force=True)
    assert rows(var) == ["甲"]
    assert (var / "secret_key").read_text() == "secret"
    assert not (tmp_path / "evil").exists()
    assert not list(var.glob("before-restore-*"))
    assert not list(var.glob(".restore-*"))


def test_an_existing_file_is_not_overwritten(var: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    target.write_text("older backup")
    with pytest.raises(backup.BackupError, match="已经存在"):
        save(var, target)
    assert target.read_text() == "older backup"


def test_the_commands(tmp_path: Path, migrated: Path | None) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    if migrated is not None:
        old.mkdir()
        shutil.copy(migrated, old / "gongkai.sqlite3")
    run("manage", "migrate", "-v0", var=old)
    said = run("manage", "backup", str(tmp_path / "b.tar.gz"), var=old).stdout
    assert "已核对" in said
    assert "备份完整" in run("manage", "restore", "--check", str(tmp_path / "b.tar.gz"), var=new).stdout
    said = run("manage", "restore", str(tmp_path / "b.tar.gz"), var=new, check=False)
    assert said.returncode == 0, said.stderr
    assert "审计链完整" in said.stdout
    again = run("manage", "restore", str(tmp_path / "b.tar.gz"), var=new, check=False)
    assert again.returncode != 0
    assert "--force" in again.stderr
    assert "Traceback" not in again.stderr
