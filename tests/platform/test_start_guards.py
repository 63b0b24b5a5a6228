"""The start command: private files, unusable places said in Chinese, accounts of a demonstration."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongkai.config import env, serve
from tests.platform.test_settings_and_start import run


def test_what_others_may_not_read(tmp_path: Path) -> None:
    (tmp_path / "gongkai.sqlite3").write_text("x")
    (tmp_path / "gongkai.sqlite3").chmod(0o644)
    code = (
        f"import pathlib; from gongkai.config.serve import protect; v = pathlib.Path({str(tmp_path)!r}); protect(v); "
        "(v / 'new').write_text('x'); "
        "print([oct((v / n).stat().st_mode & 0o777) for n in ('.', 'gongkai.sqlite3', 'new')])"
    )
    done = run("manage", "shell", "-v0", "-c", code, var=tmp_path / "other")
    assert done.stdout.strip() == "['0o711', '0o600', '0o600']"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("CACHE_URL", "redis://127.0.0.1:1/0", "连接不上缓存"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL 无法识别"),
        ("DATABASE_URL", "postgres://u:geheim@127.0.0.1:1/x", "连接不上数据库"),
        ("GONGKAI_VAR", "/proc/none", "数据目录"),
    ],
)
def test_a_start_that_cannot_be_says_why(tmp_path: Path, variable: str, value: str, words: str) -> None:
    done = run("serve", "--port", "18099", var=tmp_path, check=False, **{variable: value})
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_a_directory_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GONGKAI_VAR", str(tmp_path / "file"))
    with pytest.raises(ImproperlyConfigured, match="GONGKAI_VAR"):
        env.var_dir()


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("::", False), ("10.1.2.3", False)],
)
def test_a_demonstration_open_to_others_is_warned_of(host: str, alone: bool) -> None:
    assert serve._only_here(host) is alone


#: A PDF in a process apart, then one in a fork of this process, as the workers are.
FORKS = """
import multiprocessing, pathlib
from gongkai.annualreport.writers.typst_tools import compile_pdf
from gongkai.config.serve import apart
source = pathlib.Path({source!r})
def make():
    compile_pdf(source, {{}}, name="x")
    return True
assert apart(make) is True
assert apart(lambda: False) is False
worker = multiprocessing.get_context("fork").Process(target=make)
worker.start(); worker.join(100)
print("worker", worker.exitcode); worker.kill()
"""


def test_what_is_loaded_at_the_first_start_leaves_the_workers_their_letters(tmp_path: Path) -> None:
    source = tmp_path / "letter.typ"
    source.write_text('#set document(title: "x")\nx')
    done = run("manage", "shell", "-v0", "-c", FORKS.format(source=str(source)), var=tmp_path / "var")
    assert done.stdout.strip().endswith("worker 0"), done.stdout + done.stderr


def test_the_open_data_are_written_in_a_process_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What writes Parquet is large and starts threads: the process that workers are forked from stays without."""
    from gongkai.api import bulk

    def export(progress: Callable[[str], None], alone: bool) -> None:
        assert alone
        (tmp_path / "process").write_text(str(os.getpid()))

    monkeypatch.setattr(bulk, "export", export)
    serve.write_open_data(loaded=True)
    assert int((tmp_path / "process").read_text()) != os.getpid()

    def refuse(progress: Callable[[str], None], alone: bool) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(bulk, "export", refuse)
    with pytest.raises(ImproperlyConfigured, match="开放数据文件没有写成"):
        serve.write_open_data(loaded=True)
    serve.write_open_data(loaded=False)
