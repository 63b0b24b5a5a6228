"""The first use of the keys, by many at once: one key, never half of one."""

from __future__ import annotations

import os
import stat
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongkai.config import env
from gongkai.organs import vault
from gongkai.organs.keyfile import kept

ROUNDS, WRITERS = 40, 16


def test_all_who_start_at_once_read_the_same_whole_key(tmp_path):
    for number in range(ROUNDS):
        path, gate, read = tmp_path / f"key{number}", Barrier(WRITERS), []

        def first_use(path=path, gate=gate, read=read):
            gate.wait(30)
            try:
                read.append(kept(path, vault.new_key()))
            except ImproperlyConfigured as problem:
                read.append(problem)

        threads = [Thread(target=first_use) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(read) == WRITERS
        assert set(read) == {path.read_text()}
    assert len(os.listdir(tmp_path)) == ROUNDS  # nothing half-written is left beside them


def test_the_key_is_for_the_owner_only_and_an_empty_file_is_no_key(tmp_path):
    path = tmp_path / "key"
    kept(path, vault.new_key())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="备份"):
        kept(path, vault.new_key())
    assert path.read_text() == "\n"


def test_the_platforms_own_secret_is_made_the_same_way(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    gate, read = Barrier(WRITERS), []

    def first_use():
        gate.wait(30)
        read.append(env.secret_key(tmp_path))

    threads = [Thread(target=first_use) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(read) == {(tmp_path / "secret_key").read_text()}
    assert len(read) == WRITERS
    assert len(read[0]) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret_key"]
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="备份"):
        env.secret_key(tmp_path)
