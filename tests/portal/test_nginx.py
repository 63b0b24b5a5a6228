"""The nginx configuration of the repository, run by nginx itself over a small export and a stand-in for the application."""

from __future__ import annotations

import getpass
import gzip
import http.client
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

CONF = Path(__file__).parents[2] / "deploy/nginx/gongkai.conf"
FILES = {
    "index.html": "首页文件", "404.html": "没有这个页面", "policies/index.html": "政策列表", "policies/page-2.html": "第二页",
    "gone/gov/a/index.html": "已撤回的理由", "manifest.json": "{}", ".hidden": "x", "static/a.css": "a{}" * 600, "static/.git/config": "secret",
    "disclosure/files/7/表.html": "<p>x", "disclosure/files/8/图.png": "x", "titles/index.html": "标题检索",
    "feeds/all.json": "{}", "reports/x/2024/report.html": "<p>x", "visits/visits.json": "{}",
    "413.html": "写好的页面：提交的内容过大", "502.html": "写好的页面：暂时不能使用", "gov/.git/config": "secret", "gov/.env": "secret",
}  # fmt: skip
SECURITY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Place:
    """nginx in front, and what reached the application behind it."""

    port: int
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    #: What the application was asked with, and what it was told that the reader asked with.
    methods: list[tuple[str, str]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None
    log: Path | None = None
    root: Path | None = None
    running: subprocess.Popen[bytes] | None = None

    def visits(self) -> list[list[str]]:
        """What the log of visits has since it was last looked at: method, status, cache, application, robot, address."""
        assert self.log is not None
        assert self.running is not None
        self.running.send_signal(signal.SIGUSR1)  # opens the logs anew, and so writes what it holds
        time.sleep(0.3)
        lines = self.log.read_text(encoding="utf-8").splitlines()
        self.log.write_text("")
        return [line.split("\t")[1:] for line in lines]

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, Any, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(
            method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found


def _said(path: str) -> list[tuple[str, str]]:
    """What the application says of how its answer is kept and saved."""
    if path.startswith("/reports/"):
        return [
            ("Content-Disposition", "attachment; filename*=UTF-8''b.pdf"),
            ("Cache-Control", "public, max-age=3600"),
        ]
    return [("Cache-Control", "private, no-store")] if path.startswith("/search/?q=mine") else []


def _application(place: Place) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked.append((self.command, self.path, self.headers.get("X-Forwarded-For", "")))
            place.methods.append((self.command, self.headers.get("X-Asked-By", "")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = f"application {len(place.asked)}".encode()
            self.send_response(200)
            for name, value in zip(
                SECURITY, ("script-src 'unsafe-inline'", "nosniff", "same-origin", "DENY"), strict=True
            ):
                self.send_header(name, value)
            for name, value in _said(self.path):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """Silent."""

    return Handler


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    types = Path("/etc/nginx/mime.types")
    if program is None or not types.exists():
        pytest.skip("没有装 nginx")
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    for name, text in FILES.items():
        path = folder / "site/current" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if len(text) > 1024:  # as the export does
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode()))
    found = Place(_port(), log=folder / "gongkai-visits.log", root=folder / "site/current")
    found.server = ThreadingHTTPServer(("127.0.0.1", 0), _application(found))
    threading.Thread(target=found.server.serve_forever, daemon=True).start()
    text = CONF.read_text(encoding="utf-8")
    for old, new in (
        (r"listen 80;", f"listen 127.0.0.1:{found.port};"), (r"listen \[::\]:80;", ""),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{found.server.server_port}"), (r"/srv/gongkai/site", str(folder / "site")),
        (r"/var/cache/nginx/gongkai", str(folder / "cache")), (r"include mime\.types", f"include {types}"),
        (r"/var/log/nginx/", f"{folder}/"),
    ):  # fmt: skip
        text, count = re.subn(old, new, text)
        assert count, old
    temporary = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "site.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"user {getpass.getuser()}; daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n"
    )
    running = subprocess.Popen(
        [program, "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", found.port)) == 0:
                break
        time.sleep(0.1)
    else:
        pytest.fail((folder / "error.log").read_text())
    found.running = running
    yield found
    running.terminate()
    running.wait(10)
    found.server.shutdown()


@pytest.fixture(autouse=True)
def _fresh(place: Place) -> None:
    place.asked.clear()
    time.sleep(0.05)


def test_files_come_without_the_application(place: Place) -> None:
    for path, text in (("/", "首页文件"), ("/policies/", "政策列表"), ("/policies/page-2.html", "第二页")):
        status, headers, body = place.ask(path)
        assert (status, body.decode()) == (200, text)
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Cache-Control"] == "public, max-age=60"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert place.asked == []
    again = place.ask("/", If_None_Match=place.ask("/")[1]["ETag"])
    assert again[0] == 304


def test_who_brings_a_cookie_that_says_nothing_of_them_gets_the_files_too(place: Place) -> None:
    for path in ("/", "/policies/", "/policies/page-2.html"):
        plain, mine = place.ask(path), place.ask(path, Cookie="csrftoken=a; mysessionid=1")
        assert (mine[0], mine[2]) == (plain[0], plain[2])
        assert {n: v for n, v in mine[1].items() if n != "Date"} == {
            n: v for n, v in plain[1].items() if n != "Date"
        }
        assert place.ask(path, Cookie="csrftoken=a", If_None_Match=plain[1]["ETag"])[0] == 304
    assert (
        place.ask("/disclosure/files/7/%E8%A1%A8.html", Cookie="a=1")[1]["Content-Disposition"]
        == "attachment"
    )
    assert place.ask("/gov/a/", Cookie="a=1")[0] == 410
    assert place.ask("/gov/.env", Cookie="a=1")[0] == 404
    assert place.asked == []
    assert b"application" in place.ask("/policies/", "POST", body=b"a=1", Cookie="csrftoken=a")[2]
    assert place.asked[-1][:2] == ("POST", "/policies/")
    assert b"application" in place.ask("/policies/?a=1", Cookie="csrftoken=a")[2]


def test_the_headers_of_pages_are_those_of_all_files() -> None:
    """They are written twice, once with nothing to look up for the pages that everybody asks for."""
    text = CONF.read_text(encoding="utf-8")
    pages = text[text.index("    location / {") :].partition("\n    }\n")[0]
    inside = set(re.findall(r"(?m)^        add_header (\S+) +(.+);$", pages))
    around = set(re.findall(r"(?m)^    add_header (\S+) +(.+);$", text))
    own = {"Cache-Control", "Content-Disposition"}
    assert {one for one in inside if one[0] not in own} == {one for one in around if one[0] not in own}
    assert len(inside) >= 7
    assert "Content-Disposition" not in {name for name, _ in inside}
    assert ("Cache-Control", '"public, max-age=60"') in inside


def test_each_protection_stands_once_whoever_answers(place: Place) -> None:
    for path in ("/", "/search/?q=once", "/search/?q=once", "/desk/", "/nothing/", "/.git/config", "/gov/a/"):
        _, headers, _ = place.ask(path)
        assert {name: len(headers.get_all(name, [])) for name in SECURITY} == dict.fromkeys(SECURITY, 1), path
    assert "unsafe-inline" in place.ask("/desk/")[1]["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/apply/", "/apply/track/", "/search/?q=x", "/desk/", "/api/v1/items", "/policies/?validity=valid", "/new/"]
)  # fmt: skip
def test_what_lives_is_passed_on(place: Place, path: str) -> None:
    assert b"application" in place.ask(path)[2]
    assert place.asked[-1][1] == path


def test_what_is_sent_to_a_page_is_passed_on_whole(place: Place) -> None:
    """The file system answers nobody who submits: the application says whether it takes it."""
    assert b"application" in place.ask("/policies/", "POST", body=b"a=1")[2]
    assert place.asked[-1][:2] == ("POST", "/policies/")


def test_what_is_personal_is_never_kept(place: Place) -> None:
    bodies = [place.ask("/apply/")[2] for _ in range(2)]
    assert bodies[0] != bodies[1]
    assert place.ask("/search/?q=kept")[2] == place.ask("/search/?q=kept")[2]
    mine = place.ask("/search/?q=kept", Cookie="a=1; sessionid=x")[2]
    assert mine != place.ask("/search/?q=kept")[2]
    assert b"application" in place.ask("/", Cookie="care=1")[2]
    assert b"application" not in place.ask("/", Cookie="mysessionid=1")[2]


def test_the_address_a_visitor_claims_does_not_count(place: Place) -> None:
    place.ask("/apply/", X_Forwarded_For="1.2.3.4")
    assert place.asked[-1][2] == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    [
        "/.hidden",
        "/.git/config",
        "/gov/.git/config",
        "/static/.git/config",
        "/gov/.env",
        "/gov/%2egit/config",
        "/manifest.json",
        "//manifest.json",
        "/gone/gov/a/index.html",
    ],
)
def test_what_is_no_page_is_not_given(place: Place, path: str) -> None:
    status, _, body = place.ask(path)
    assert (status, body.decode()) == (404, "没有这个页面")


@pytest.mark.parametrize("path", ["/static/../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/x"])
def test_no_way_leads_out(place: Place, path: str) -> None:
    status, _, body = place.ask(path)
    assert status == 400
    assert "回到首页" in body.decode()


def test_what_was_withdrawn_says_so(place: Place) -> None:
    status, _, body = place.ask("/gov/a/")
    assert (status, body.decode()) == (410, "已撤回的理由")
    assert place.asked == []


def test_attachments_are_downloads_and_pictures_are_shown(place: Place) -> None:
    assert place.ask("/disclosure/files/7/%E8%A1%A8.html")[1]["Content-Disposition"] == "attachment"
    assert place.ask("/reports/x/2024/report.html")[1]["Content-Disposition"] == "attachment"
    assert place.ask("/disclosure/files/8/%E5%9B%BE.png")[1]["Content-Disposition"] is None
    assert place.ask("/visits/visits.json")[1]["Content-Disposition"] == "attachment"
    assert place.ask("/feeds/all.json")[1]["Content-Type"].startswith("application/feed+json")


def test_a_download_of_the_application_keeps_the_name_it_was_given(place: Place) -> None:
    said = place.ask("/reports/x/2025/report.pdf", Cookie="care=1")[1].get_all("Content-Disposition")
    assert said == ["attachment; filename*=UTF-8''b.pdf"]


def test_no_answer_is_kept_longer_than_five_seconds_whatever_it_allows_its_reader(place: Place) -> None:
    first = place.ask("/reports/x/2023/report.pdf")
    assert first[1].get_all("Cache-Control") == ["public, max-age=3600"]
    assert place.ask("/reports/x/2023/report.pdf")[2] == first[2]
    assert place.ask("/search/?q=mine")[2] != place.ask("/search/?q=mine")[2]
    time.sleep(6.1)
    assert place.ask("/reports/x/2023/report.pdf")[2] != first[2]


def test_text_is_compressed_and_named_files_last(place: Place) -> None:
    _, headers, _ = place.ask("/static/a.css", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]
    for path in ("/static/a.css", "/policies/", "/search/?q=vary"):
        assert len(place.ask(path)[1].get_all("Vary", [])) <= 1
    assert place.ask("/static/a.css")[1]["Vary"] == "Accept-Encoding"


BROWSER = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"
)


def test_the_log_of_visits_tells_who_answered_and_nothing_of_the_visitor(place: Place) -> None:
    place.visits()
    for path, asked in (
        ("/policies/?page=1", {}), ("/policies/page-2.html", {}), ("/counted/?q=张三", {}), ("/counted/?q=张三", {}),
        ("/", {"User_Agent": "Baiduspider/2.0"}), ("/static/a.css", {}), ("/gov/a/", {}), ("/.hidden", {}),
        ("/desk/", {"Cookie": "sessionid=secret"}),
    ):  # fmt: skip
        place.ask(quote(path, "/?=&"), **{"User_Agent": BROWSER, "Referer": "http://from.example/", **asked})
    place.ask("/policies/", "HEAD", User_Agent=BROWSER)
    place.ask("/policies/", "POST", User_Agent=BROWSER)
    assert place.visits() == [
        ["GET", "200", "MISS", "200", "0", "/policies/"], ["GET", "200", "-", "-", "0", "/policies/page-2.html"],
        ["GET", "200", "MISS", "200", "0", "/counted/"], ["GET", "200", "HIT", "-", "0", "/counted/"],
        ["GET", "200", "-", "-", "1", "//index.html"], ["GET", "200", "BYPASS", "200", "0", "/desk/"],
    ]  # fmt: skip


def test_the_application_learns_that_only_the_head_was_asked_for(place: Place) -> None:
    place.ask("/heads/", "HEAD")
    assert place.methods[-1] == ("GET", "HEAD")


def test_too_much_is_said_in_chinese(place: Place) -> None:
    status, _, body = place.ask("/apply/", "POST", Content_Length=str(61 * 1024 * 1024))
    assert status == 413
    assert body.decode() == "写好的页面：提交的内容过大"


def test_a_long_address_is_said_in_chinese_where_nothing_was_exported_for_it(place: Place) -> None:
    status, headers, body = place.ask(f"/search/?q={'a' * 9000}")
    assert status == 414
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "网址过长" in body.decode()
    assert "回到首页" in body.decode()


def test_without_the_application_files_are_still_read(place: Place) -> None:
    """Last: the application stops here."""
    assert place.server is not None
    place.server.shutdown()
    place.server.server_close()
    for method in ("GET", "POST"):
        status, headers, body = place.ask("/apply/", method, body=b"a=1" if method == "POST" else None)
        assert (status, body.decode()) == (502, "写好的页面：暂时不能使用")
        assert {name: len(headers.get_all(name, [])) for name in SECURITY} == dict.fromkeys(SECURITY, 1)
    status, _, body = place.ask("/policies/", Cookie="care=1")
    assert (status, body.decode()) == (200, "政策列表")
    assert place.ask("/policies/")[0] == 200
    status, _, body = place.ask("/policies/", "POST", body=b"a=1")
    assert (status, body.decode()) == (502, "写好的页面：暂时不能使用")
    assert place.root is not None
    (place.root / "502.html").unlink()
    time.sleep(1.2)  # open files are remembered for a second
    for method in ("GET", "POST"):
        status, _, body = place.ask("/apply/", method, body=b"a=1" if method == "POST" else None)
        assert status == 502
        assert "标题检索照常可用" in body.decode()
