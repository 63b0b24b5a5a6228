"""The server's words on the terminal: Chinese, no advice on what was chosen on purpose, no error kept back."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Callable

import pytest
from granian.server import common, mp

from gongkai.config import serve


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Starts as on a small machine, where the server advises fewer threads; what the terminal shows of it."""
    monkeypatch.setattr("granian.server.mp.multiprocessing.cpu_count", lambda: 2)
    monkeypatch.setattr(common.AbstractServer, "_serve", lambda *args: None)

    def shown() -> str:
        serve.listen("127.0.0.1", 8000, workers=1)
        return capsys.readouterr().out

    return shown


def test_the_start_says_nothing_foreign(start: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert start() == ""
    monkeypatch.setattr("gongkai.config.server_log.ON_PURPOSE", "something else")
    assert "seems quite high" in start(), "without the filter it would be there"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Unexpected exit from worker-2", "工作进程 2 意外退出"),
        ("Killing old worker-1 after it refused to gracefully stop", "工作进程 1 没有按时停下"),
        ("Worker crash loop detected, exiting", "反复启动失败"),
    ],
)
def test_what_goes_wrong_is_said_in_chinese(
    start: Callable[[], str], capsys: pytest.CaptureFixture[str], said: str, shown: str
) -> None:
    start()
    logging.getLogger("_granian").error(said)
    line = capsys.readouterr().out
    assert line.startswith("[错误]")
    assert shown in line
    assert re.findall(r"[A-Za-z]{3,}", line.replace("gongkai.log", "")) == []


def test_an_error_that_nobody_foresaw_is_shown_as_it_is(
    start: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    start()
    logging.getLogger("_granian").error("the %s is on fire", "roof")
    assert "the roof is on fire" in capsys.readouterr().out


def test_the_texts_are_those_of_the_server_that_is_installed() -> None:
    """A new version of the server that words them differently is noticed here."""
    source = inspect.getsource(common) + inspect.getsource(mp)
    for words in ("Configuration allows spawning up to", "Unexpected exit from worker-", "Worker crash loop detected", "after it refused to gracefully stop"):  # fmt: skip
        assert words in source
