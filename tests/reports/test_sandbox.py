"""The process that reads strangers' files: it survives what kills a child, and says what happened."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

import pytest

from gongkai.annualreport.readers import Unreadable
from gongkai.annualreport.writers import write
from gongkai.demo import figures
from gongkai.reports import sandbox
from gongkai.reports.sandbox import client, protocol
from gongkai.reports.sandbox.protocol import Job


def good() -> dict:
    return sandbox.check_files(("a.html", write(figures.get("LT25"), "html")))


def test_normal_files_go_through_one_server() -> None:
    """It is started once: a start for each file would cost a second."""
    good()
    process = client._SERVER._process
    result = good()
    assert client._SERVER._process is process
    assert result["items"][0]["findings"] is not None


def test_a_child_that_dies_does_not_take_the_server_down() -> None:
    with pytest.raises(sandbox.Crashed):
        client.run(Job("no such task", {}))
    assert good()["items"]


def test_a_server_that_dies_is_started_again() -> None:
    good()
    process = client._SERVER._process
    assert process is not None
    process.kill()
    process.wait()
    assert good()["items"]
    assert client._SERVER._process is not process


def test_a_job_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    good()
    with pytest.raises(sandbox.TimedOut):
        client.run(Job("check", {"names": ["a"]}, (write(figures.get("LT25"), "pdf"),)), seconds=0.001)
    assert good()["items"]


def test_a_refusal_comes_back_with_its_words() -> None:
    with pytest.raises(Unreadable) as caught:
        sandbox.check_files(("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99))
    assert caught.value.code == "image"
    with pytest.raises(Unreadable, match="上一年度的文件："):
        sandbox.check_files(
            ("a.html", write(figures.get("LT25"), "html")), ("b", b"\x89PNG\r\n\x1a\n" + b"\0" * 99)
        )


def test_jobs_round_trip() -> None:
    job = Job("check", {"names": ["年报.html"]}, (b"a\nb", b"", b"\x00"))
    assert Job.decode(job.encode()) == job
    with pytest.raises(ValueError, match="cut short"):
        Job.decode(job.encode() + b"x")


LIMITED = """
import sys, time
from gongkai.reports.sandbox import protocol, server
protocol_seconds = {wall}
server.WALL_SECONDS, server.CPU_SECONDS = {wall}, {cpu}
server.limit()
{body}
print("survived")
"""


def run_limited(body: str, wall: int = 20, cpu: int = 15) -> subprocess.CompletedProcess[str]:
    code = LIMITED.format(body=body, wall=wall, cpu=cpu)
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=env, check=False
    )


def test_memory_is_bounded() -> None:
    size = protocol.MEMORY_BYTES * 2
    assert "MemoryError" in run_limited(f"x = bytearray({size})").stderr
    assert "survived" in run_limited("x = bytearray(50_000_000)").stdout


def test_wall_clock_is_bounded() -> None:
    result = run_limited("time.sleep(30)", wall=1)
    assert "survived" not in result.stdout
    assert result.returncode != 0


def test_processor_time_is_bounded() -> None:
    result = run_limited("while True: pass", wall=30, cpu=1)
    assert result.returncode != 0


def test_the_server_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "must-not-travel")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    fresh = client._Server()
    fresh.start()
    try:
        assert fresh._process is not None
        time.sleep(0.3)
        with open(f"/proc/{fresh._process.pid}/environ", "rb") as environ:
            seen = environ.read()
    except FileNotFoundError:
        pytest.skip("no /proc on this system")
    finally:
        fresh.stop()
    assert b"must-not-travel" not in seen
    assert b"postgres" not in seen


def test_a_nested_bomb_is_refused_in_time() -> None:
    started = time.monotonic()
    deep = b"<html><body>" + b"<table><tr><td>" * 200_000
    with pytest.raises((Unreadable, sandbox.SandboxError)):
        sandbox.check_files(("deep.html", deep))
    assert time.monotonic() - started < protocol.WALL_SECONDS + 30
    assert good()["items"]


def test_limits_are_set_in_the_child_only() -> None:
    good()
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
