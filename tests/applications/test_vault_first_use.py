"""The first use of the keys, by many at once: one key, never half of one."""

from __future__ import annotations

import os
import stat
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongkai.applications import vault

ROUNDS, WRITERS = 40, 16


def test_all_who_start_at_once_read_the_same_whole_key(tmp_path):
    for number in range(ROUNDS):
        path, gate, read = tmp_path / f"key{number}", Barrier(WRITERS), []

        def first_use(path=path, gate=gate, read=read):
            gate.wait(30)
            try:
                read.append(vault._kept(path, vault.new_key()))
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
    vault._kept(path, vault.new_key())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="备份"):
        vault._kept(path, vault.new_key())
    assert path.read_text() == "\n"
