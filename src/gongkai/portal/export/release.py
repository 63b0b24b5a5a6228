"""A release of the public site: crawl, rewrite, verify, then change over in one step.

Files lie in ``DIR/releases/<time>/``; ``DIR/current`` is a symbolic link that is replaced by renaming, so that a
visitor sees the old site or the new one and never half of each. What did not change is the same file (hard link).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

import gongkai
from gongkai.portal.export import titles
from gongkai.portal.export.addresses import STATIC, Address, exportable
from gongkai.portal.export.fetching import Application, Fetched, links_of
from gongkai.search.models import SearchDoc

MANIFEST = "manifest.json"
KEPT = 3
START = (
    "/",
    "/sitemap/",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-public.xml",
    "/robots.txt",
    "/404.html",
)
_HREF = re.compile(rb"""(?P<name>\b(?:href|src)=)(?P<quote>["'])(?P<link>[^"']*)(?P=quote)""")


@dataclass
class Entry:
    """A file of the release: the address it answers, its digest, the addresses it links to."""

    url: str
    file: str
    sha256: str
    links: list[str] = field(default_factory=list)
    document: bool = False


@dataclass
class ExportResult:
    """What an export did."""

    folder: Path
    pages: int = 0
    rendered: int = 0
    kept: int = 0
    removed: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)  # (page, link)


Progress = Callable[[int, int], None]


def export_site(
    folder: Path,
    *,
    full: bool = False,
    since: datetime | None = None,
    progress: Progress = lambda done, todo: None,
) -> ExportResult:
    """Write the public site into ``folder`` and change over to it when every link in it leads somewhere.

    Only what changed since the last export (or ``since``) is rendered; lists and the home page always are. With links
    that lead nowhere nothing is changed over: they are in ``result.broken``. Raises OSError where files cannot be
    written, RuntimeError for a page that the application fails to give.
    """
    started = timezone.now()
    before = None if full else _last(folder)
    work = _Work(folder / "releases" / f"{started:%Y%m%d%H%M%S%f}", before, since)
    work.crawl(progress)
    work.rewrite()
    work.write_titles()
    result = work.finish(started)
    if result.broken:
        shutil.rmtree(work.target)
        return result
    _switch(folder, work.target)
    _prune(folder)
    return result


def _fingerprint() -> str:
    """Changes when templates or styles do: then nothing of an earlier export can be kept."""
    digest = hashlib.sha256(gongkai.__version__.encode())
    for name in sorted(Path(settings.PACKAGE).rglob("templates/**/*.html")):
        digest.update(name.read_bytes())
    for name in sorted(Path(settings.PACKAGE).rglob("static/**/*.*")):
        digest.update(name.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Last:
    folder: Path
    at: datetime
    entries: dict[str, Entry]


def _last(folder: Path) -> _Last | None:
    """The release in use, where it can be built upon."""
    current = folder / "current"
    try:
        data = json.loads((current / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if data.get("fingerprint") != _fingerprint():
        return None
    entries = {url: Entry(**entry) for url, entry in data["entries"].items()}
    return _Last(current.resolve(), datetime.fromisoformat(data["at"]), entries)


class _Work:
    """One release in the making."""

    def __init__(self, target: Path, before: _Last | None, since: datetime | None) -> None:
        self.target = target
        self.before = before
        self.application = Application(settings.PUBLIC_URL)
        self.entries: dict[str, Entry] = {}
        self.broken: list[tuple[str, str]] = []
        self.rendered = self.kept = 0
        self.kept_urls: set[str] = set()
        self.refused: set[str] = set()
        self.progress: Progress = lambda done, todo: None
        rows = list(SearchDoc.objects.values_list("url", "updated_at", "kind").iterator())
        self.urls = [url for url, _, _ in rows]
        # The page of an organ lists what others publish: it is never kept.
        self.documents = {url: at for url, at, kind in rows if kind != "organ"}
        self.since = since or (before.at if before else None)
        target.mkdir(parents=True)

    # crawling ---------------------------------------------------------------------------------------------

    def crawl(self, progress: Progress) -> None:
        """Fetch or keep every address that can be reached."""
        self.progress = progress
        self._walk((url, "") for url in (*START, *_feeds(), *self.urls))
        # What was kept may link to what is gone meanwhile: such a page is not what it was.
        while stale := [url for url in self.kept_urls if self._dangling(self.entries[url])]:
            self.kept_urls.difference_update(stale)
            self.refused.update(stale)
            for url in stale:
                old = self.entries.pop(url)
                (self.target / old.file).unlink()
                self.kept -= 1
            gone = set(stale)
            self.broken = [(page, link) for page, link in self.broken if page not in gone]
            self._walk((url, "") for url in stale)

    def _dangling(self, entry: Entry) -> bool:
        addresses = (exportable(link, urlsplit(entry.url).path) for link in entry.links)
        return any(address and address.url not in self.entries for address in addresses)

    def _walk(self, start: Iterable[tuple[str, str]]) -> None:
        todo: deque[tuple[Address, str]] = deque()
        seen = set(self.entries)

        def add(link: str, source: str) -> None:
            address = exportable(link, urlsplit(source).path)
            if address is not None and address.url not in seen:
                seen.add(address.url)
                todo.append((address, source))

        for url, source in start:
            add(url, source)
        while todo:
            address, source = todo.popleft()
            entry = self._keep(address) or self._fetch(address, source)
            if entry is not None:
                self.entries[address.url] = entry
                for link in entry.links:
                    add(link, address.url)
            self.progress(len(self.entries), len(todo))

    def _keep(self, address: Address) -> Entry | None:
        """The entry of the last release, where it is still right: an unchanged document, or a file beside one."""
        if self.before is None or self.since is None:
            return None
        entry = self.before.entries.get(address.url)
        if entry is None or not (entry.document or address.path.startswith(STATIC)):
            return None
        if address.url in self.refused:
            return None
        changed = self.documents.get(address.path)
        if entry.document and (changed is None or changed >= self.since):
            return None
        path = self.target / entry.file
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(self.before.folder / entry.file, path)
        self.kept += 1
        self.kept_urls.add(address.url)
        return entry

    def _fetch(self, address: Address, source: str) -> Entry | None:
        answer = self.application.get(address)
        if address.path == "/404.html" and answer.status == 404:
            answer = Fetched(200, answer.kind, answer.body)
        if answer.status in (301, 302, 307, 308) and answer.location:
            answer = _moved(answer.location)
        if answer.status >= 500:
            raise RuntimeError(f"页面 {address.url} 出错（{answer.status}），没有导出。")
        if answer.status != 200:
            self.broken.append((source or "（起点）", address.url))
            return None
        file = address.file
        if not answer.html and address.path.endswith("/"):
            file = f"{address.path.strip('/')}/{_safe_name(answer.filename)}"
        self._write(file, answer.body)
        self.rendered += 1
        links = links_of(answer.body, answer.kind, address.path)
        kept = sorted({link for link in links if exportable(link, address.path)})
        return Entry(
            address.url, file, hashlib.sha256(answer.body).hexdigest(), kept, address.path in self.documents
        )

    def _write(self, file: str, body: bytes) -> None:
        path = self.target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    # rewriting --------------------------------------------------------------------------------------------

    def rewrite(self) -> None:
        """Point links at files: pages of lists, and downloads whose address has no name."""
        for url, entry in self.entries.items():
            path = self.target / entry.file
            if not entry.file.endswith(".html") or path.stat().st_nlink > 1:
                continue  # a kept file was rewritten when it was made
            body = path.read_bytes()
            new = _HREF.sub(lambda match, url=url: self._link(match, url), body)  # type: ignore[misc]
            if new != body:
                path.write_bytes(new)
            entry.sha256 = hashlib.sha256(new).hexdigest()

    def _link(self, match: re.Match[bytes], url: str) -> bytes:
        link = match["link"].decode().replace("&amp;", "&")
        address = exportable(link, urlsplit(url).path)
        if address is None:
            return match.group()
        entry = self.entries.get(address.url)
        if entry is None:
            return match.group()
        href = address.href if entry.file == address.file else "/" + quote(entry.file)
        fragment = urlsplit(link).fragment
        text = href + (f"#{fragment}" if fragment else "")
        return match["name"] + match["quote"] + text.encode() + match["quote"]

    def write_titles(self) -> None:
        """The index of titles."""
        for file, body in titles.files():
            self._write(file, body)

    # finishing --------------------------------------------------------------------------------------------

    def finish(self, started: datetime) -> ExportResult:
        """Write the manifest; what is broken is told with the page that links there."""
        data = {
            "at": started.isoformat(), "fingerprint": _fingerprint(), "version": gongkai.__version__,
            "entries": {url: vars(entry) for url, entry in sorted(self.entries.items())},
        }  # fmt: skip
        self._write(MANIFEST, json.dumps(data, ensure_ascii=False, indent=0).encode())
        removed = len(set(self.before.entries) - set(self.entries)) if self.before else 0
        return ExportResult(
            self.target, len(self.entries), self.rendered, self.kept, removed, sorted(set(self.broken))
        )


def _feeds() -> Iterable[str]:
    return [reverse("feed", args=[form]) for form in ("rss", "atom", "json")]


def _moved(location: str) -> Fetched:
    """A page that leads on, for a server that knows only files."""
    target = quote(location, safe="/#?=&%:")
    text = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={target}"><title>已移动</title><p><a href="{target}">页面已移到这里</a></p></html>'
    return Fetched(200, "text/html; charset=utf-8", text.encode())


def _safe_name(name: str) -> str:
    name = re.sub(r"[^\w.()〔〕-]+", "-", name.split("/")[-1]).strip(".-")
    return name[:120] or "file"


def _switch(folder: Path, target: Path) -> None:
    link = folder / ".next"
    link.unlink(missing_ok=True)
    link.symlink_to(target.relative_to(folder))
    os.replace(link, folder / "current")


def _prune(folder: Path) -> None:
    """Keep the last few releases, so that one can go back."""
    releases = sorted((folder / "releases").iterdir())
    for old in releases[:-KEPT]:
        shutil.rmtree(old)
