"""One command brings everything: over a line that breaks, only once, checked, and never from anywhere else."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

from gongkai.cli import build
from gongkai.opendata import fetching

DATA = {"items.csv": b"key,title\n" + b"1,x\n" * 50_000, "cells.csv": b"a,b\n1,2\n", "cells.json": b"[]\n"}


class Site(BaseHTTPRequestHandler):
    """A site whose line breaks: ``broken`` answers end after so many bytes; ``log`` holds what was asked for."""

    data: ClassVar[dict[str, bytes]] = {}
    named: ClassVar[dict[str, bytes]] = {}
    broken: ClassVar[int] = 0
    busy: ClassVar[int] = 0
    host: ClassVar[str] = ""
    log: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.log.append((self.path, self.headers.get("Range", "")))
        if self.path == fetching.CATALOGUE:
            self._send(200, json.dumps(self._catalogue()).encode())
            return
        if Site.busy:
            Site.busy -= 1
            self.send_response(503)
            self.send_header("Retry-After", "0")
            self.end_headers()
            return
        body = self.data.get(self.path.rpartition("/")[2])
        if body is None:
            self._send(404, b"")
            return
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        start = 0
        if "Range" in self.headers and self.headers.get("If-Range") == tag:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        self._send(206 if start else 200, body[start:], Site.broken)
        Site.broken = 0

    def _send(self, status: int, body: bytes, most: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:most] if most else body)

    def _catalogue(self) -> dict[str, Any]:
        base = Site.host or f"http://{self.headers['Host']}"
        files = [
            {
                "dcat:downloadURL": f"{base}/api/files/{name}", "dcat:byteSize": len(body),
                "spdx:checksum": {"spdx:checksumValue": hashlib.sha256(body).hexdigest()},
            }
            for name, body in self.named.items()
        ]  # fmt: skip
        return {
            "dct:license": "请注明来源",
            "dcat:dataset": [{"dct:title": "数据", "dcat:distribution": files}],
        }

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(fetching.time, "sleep", lambda seconds: None)
    Site.data, Site.named = dict(DATA), dict(DATA)
    Site.broken, Site.busy, Site.host, Site.log = 0, 0, "", []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _run(site: str, folder: Path, *more: str) -> Any:
    return CliRunner().invoke(build("data"), ["data", "fetch", site, str(folder), *more])


def test_everything_at_once_and_nothing_twice(site: str, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    first = _run(site, folder)
    assert first.exit_code == 0, first.output
    assert "请注明来源" in first.output
    assert {p.name for p in folder.iterdir()} == {"items.csv", "cells.csv", "catalog.jsonld"}
    assert (folder / "items.csv").read_bytes() == DATA["items.csv"]
    Site.log.clear()
    again = _run(site, folder)
    assert again.exit_code == 0
    assert again.output.count("没有变化") == 2
    assert [path for path, _ in Site.log] == [fetching.CATALOGUE]
    assert _run(site, folder, "--format", "json", "--only", "cells").exit_code == 0
    assert (folder / "cells.json").read_bytes() == DATA["cells.json"]


def test_parquet_is_taken_like_the_others(site: str, tmp_path: Path) -> None:
    Site.data = Site.named = {**DATA, "cells.parquet": b"PAR1" + bytes(range(256)) * 300 + b"PAR1"}
    Site.broken = 5_000
    assert _run(site, tmp_path, "--format", "parquet").exit_code == 0
    assert {p.name for p in tmp_path.iterdir()} == {"cells.parquet", "catalog.jsonld"}
    assert (tmp_path / "cells.parquet").read_bytes() == Site.data["cells.parquet"]
    assert Site.log[-1] == ("/api/files/cells.parquet", "bytes=5000-")


def test_a_line_that_breaks(site: str, tmp_path: Path) -> None:
    Site.broken = 70_000
    found = _run(site, tmp_path, "--only", "items")
    assert found.exit_code == 0, found.output
    assert "连接中断" in found.output
    assert (tmp_path / "items.csv").read_bytes() == DATA["items.csv"]
    assert [part for _, part in Site.log] == ["", "", "bytes=70000-"]


def test_the_next_run_goes_on_where_the_last_ended(site: str, tmp_path: Path) -> None:
    body = DATA["items.csv"]
    digest = hashlib.sha256(body).hexdigest()
    (tmp_path / f"items.csv.{digest[:16]}.part").write_bytes(body[:1000])
    (tmp_path / f"items.csv.{'0' * 16}.part").write_bytes(b"of an older file")
    assert _run(site, tmp_path, "--only", "items").exit_code == 0
    assert Site.log[-1][1] == "bytes=1000-"
    assert {p.name for p in tmp_path.iterdir()} == {"items.csv", "catalog.jsonld"}


def test_what_is_damaged_is_not_kept(site: str, tmp_path: Path) -> None:
    (tmp_path / "cells.csv").write_bytes(b"yesterday")
    Site.data["cells.csv"] = b"x,y\n1,2\n"
    found = _run(site, tmp_path)
    assert found.exit_code == 1
    assert "摘要" in found.output
    assert (tmp_path / "cells.csv").read_bytes() == b"yesterday"
    assert (tmp_path / "items.csv").exists(), "the others came"
    assert not list(tmp_path.glob("*.part"))


def test_a_busy_site_is_asked_again(site: str, tmp_path: Path) -> None:
    Site.busy = 3
    assert _run(site, tmp_path, "--only", "cells").exit_code == 0
    Site.busy = 99
    late = _run(site, tmp_path, "--only", "items")
    assert late.exit_code == 1
    assert "重新运行" in late.output


@pytest.mark.parametrize("name", ["../evil.csv", "%2e%2e%2fevil.csv", ".hidden.csv", "x.sh", "a/b.exe"])
def test_a_name_that_leads_elsewhere(site: str, tmp_path: Path, name: str) -> None:
    Site.named = {name: b"1"}
    folder = tmp_path / "data"
    found = _run(site, folder)
    if name == "../evil.csv":  # the path is the site's own affair, the name is ours
        assert not (tmp_path / "evil.csv").exists()
    else:
        assert found.exit_code == 1, found.output
        assert "文件名" in found.output
    assert not list(tmp_path.glob("evil*"))


def test_no_other_host_is_asked(site: str, tmp_path: Path) -> None:
    Site.host = "http://169.254.169.254"
    assert _run(site, tmp_path).exit_code == 0
    assert len(Site.log) == 3


@pytest.mark.parametrize("start", ["@evil.example", ".evil.example", "evil.example:80"])
def test_no_path_makes_another_host(site: str, tmp_path: Path, start: str) -> None:
    Site.host = start
    found = _run(site, tmp_path / "data")
    assert found.exit_code == 1, found.output
    assert "网址" in found.output
    assert len(Site.log) == 1


def test_an_answer_without_end_fills_no_disk(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "CHUNK", 64)
    file = fetching.File("items.csv", "", "/api/files/items.csv", 100, "0" * 64)
    part = tmp_path / "part"
    fetching._complete(f"{site}{file.path}", file, part, lambda said: None)
    assert part.stat().st_size <= 100 + 64


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("ftp://x/", "d"), 1, "不是网站地址"), (("http://u:p@x/", "d"), 1, "不是网站地址"), (("file:///etc", "d"), 1, "不是网站地址"),
        (("SITE", "d", "--format", "xml"), 2, "没有 xml"), (("SITE", "d", "--only", "nothing"), 1, "没有这些数据集"),
        (("SITE", "d", "--format", "parquet"), 1, "还没有 parquet"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(
    site: str, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    given = [a.replace("SITE", site) if a != "d" else str(tmp_path / "d") for a in arguments]
    found = CliRunner().invoke(build("data"), ["data", "fetch", *given])
    assert (found.exit_code, said in found.output) == (status, True), found.output
    assert not (tmp_path / "d").exists()


def test_a_site_without_open_data(site: str, tmp_path: Path) -> None:
    Site.named = {}
    assert "还没有" in _run(site, tmp_path).output
    nobody = _run("http://127.0.0.1:9", tmp_path)
    assert nobody.exit_code == 1
    assert "网络" in nobody.output
