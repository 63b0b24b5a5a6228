"""The start command: private files, unusable places said in Chinese, accounts of a demonstration."""

from __future__ import annotations

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
