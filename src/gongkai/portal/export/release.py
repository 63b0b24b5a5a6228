"""A release of the public site: crawl, rewrite, verify, then change over in one step.

Files lie in ``DIR/releases/<time>/``; ``DIR/current`` is a symbolic link that is replaced by renaming, so that a
visitor sees the old site or the new one and never half of each. What did not change is the same file (hard link).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from gongkai.portal import sitemaps
from gongkai.portal.errors import SAID
from gongkai.portal.export import manifest, titles, withdrawn
from gongkai.portal.export.addresses import STATIC, Address, exportable
from gongkai.portal.export.compressing import compress
from gongkai.portal.export.fetching import Application, Fetched, links_of
from gongkai.portal.export.manifest import Entry, Last
from gongkai.search.models import SearchDoc
from gongkai.search.projection import listing_kinds

KEPT = 3
OVERLAP = timedelta(minutes=2)
START = (
    "/",
    "/sitemap/",
    "/sitemap.xml",
    "/titles/",
    "/robots.txt",
    "/404.html",
    *(f"/{status}.html" for status in SAID),
)
_DOWNLOAD = re.compile(r"(?P<page>/reports/.+|/policies/\d+)(?:/(?:report|form)\.\w+|\.\w+|/files/\d+/)")
_HREF = re.compile(rb"""(?P<name>\b(?:href|src)=)(?P<quote>["'])(?P<link>[^"']*)(?P=quote)""")


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

    Only what changed since the last export (or ``since``, if that is earlier) and what stands beside it is rendered; lists and the home page
    always are. With links that lead nowhere nothing is changed over: they are in ``result.broken``. Raises OSError where
    files cannot be written, RuntimeError for a page that the application fails to give; the old site stays then.
    """
    started = timezone.now()
    before = None if full else manifest.last(folder)
    work = _Work(folder / "releases" / f"{started:%Y%m%d%H%M%S%f}", before, since)
    try:
        work.crawl(progress)
        work.rewrite()
        work.write_titles()
        work.write_withdrawn()
        result = work.finish(started)
        if not result.broken:
            compress(work.target, before.folder if before else None)
    except BaseException:
        shutil.rmtree(work.target, ignore_errors=True)
        raise
    if result.broken:
        shutil.rmtree(work.target)
        return result
    _switch(folder, work.target)
    _prune(folder)
    withdrawn.forget(folder, set(work.entries))
    return result


class _Work:
    """One release in the making."""

    def __init__(self, target: Path, before: Last | None, since: datetime | None) -> None:
        self.target = target
        self.before = before
        self.application = Application(settings.PUBLIC_URL)
        self.entries: dict[str, Entry] = {}
        self.broken: list[tuple[str, str]] = []
        self.rendered = self.kept = 0
        self.kept_urls: set[str] = set()
        self.refused: set[str] = set()
        self.progress: Progress = lambda done, todo: None
        rows = list(SearchDoc.objects.values_list("url", "updated_at", "kind", "organ").iterator())
        self.urls = [url for url, _, _, _ in rows]
        # The page of an organ lists what others publish: it is never kept. Its name stands on what it publishes.
        organs = {organ: at for _, at, kind, organ in rows if kind == "organ"}
        # So do columns and topics: what changes in them is not theirs.
        lists = set(listing_kinds())
        self.documents = {
            url: max(at, organs.get(organ, at)) for url, at, kind, organ in rows if kind not in lists
        }
        # Never later than the last export: what changed in between would stay as it was. The overlap is for what was
        # written before that export began and committed after it had looked.
        moments = [moment for moment in (since, before.at - OVERLAP if before else None) if moment]
        self.since = min(moments, default=None)
        self.frames = manifest.frames()
        self.reframed = manifest.changed_frames(before.frames, self.frames) if before else ()
        target.mkdir(parents=True)

    # crawling ---------------------------------------------------------------------------------------------

    def crawl(self, progress: Progress) -> None:
        """Fetch or keep every address that can be reached."""
        self.progress = progress
        maps = [url for url, _ in sitemaps.addresses()]
        self._walk((url, "") for url in (*START, *maps, *_feeds(), *self.urls))
        self._renew(self._beside_changed())
        # What was kept may link to what is gone meanwhile: such a page is not what it was.
        while stale := {url for url in self.kept_urls if self._dangling(self.entries[url])}:
            self._renew(stale)

    def _renew(self, stale: set[str]) -> None:
        """Render anew what was kept."""
        self.kept_urls -= stale
        self.refused |= stale
        for url in stale:
            old = self.entries.pop(url)
            (self.target / old.file).unlink()
            self.kept -= 1
        self.broken = [(page, link) for page, link in self.broken if page not in stale]
        self._walk((url, "") for url in sorted(stale))

    def _beside_changed(self) -> set[str]:
        """Kept pages that a changed one links to, or that link to it: they show its title, validity or interpretation.

        What a page linked to before counts too: a relation may have ended.
        """
        if self.before is None:
            return set()
        old = self.before.entries
        now = {url for url, entry in self.entries.items() if entry.document} - self.kept_urls
        changed = now | {url for url, entry in old.items() if entry.document and url not in self.entries}
        beside = {
            link
            for url in changed
            for entry in (self.entries.get(url), old.get(url))
            if entry is not None
            for link in _addresses(entry)
        }
        beside |= {url for url in self.kept_urls if changed.intersection(_addresses(self.entries[url]))}
        return {url for url in beside & self.kept_urls if self.entries[url].document}

    def _dangling(self, entry: Entry) -> bool:
        return any(url not in self.entries for url in _addresses(entry))

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
        """The entry of the last release, where it is still right: an unchanged document, and the files that are it."""
        if self.before is None or self.since is None:
            return None
        entry = self.before.entries.get(address.url)
        if entry is None or address.url in self.refused or address.path.startswith(self.reframed):
            return None
        if not address.path.startswith(STATIC):
            changed = self.documents.get(address.path if entry.document else _document_of(entry))
            if changed is None or changed >= self.since:
                return None
        source = self.before.folder / entry.file
        if not source.is_file():
            return None
        path = self.target / entry.file
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, path)
        self.kept += 1
        self.kept_urls.add(address.url)
        return entry

    def _fetch(self, address: Address, source: str) -> Entry | None:
        answer = self.application.get(address)
        if address.path == "/404.html" and answer.status == 404:
            answer = Fetched(200, answer.kind, answer.body)
        if answer.status in (301, 302, 307, 308) and answer.location:
            answer = _moved(address, answer.location)
        if answer.status >= 500:
            raise RuntimeError(f"页面 {address.url} 出错（{answer.status}），没有导出。")
        if answer.status == 400 and address.path == "/":
            raise RuntimeError("应用不认 PUBLIC_URL 里的域名，请把它加进 ALLOWED_HOSTS。")
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
        # Web servers keep such files to themselves at the root alone (deploy/nginx/gongkai.conf): none is ever written.
        if any(part.startswith(".") for part in file.split("/")):
            raise RuntimeError(f"文件名以点开头：{file}，没有导出。")
        path = self.target / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    # rewriting --------------------------------------------------------------------------------------------

    def rewrite(self) -> None:
        """Point links at files: pages of lists, and downloads whose address has no name."""
        for url, entry in self.entries.items():
            if url in self.kept_urls or not entry.file.endswith(".html"):
                continue  # a kept file was rewritten when it was made
            path = self.target / entry.file
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

    def write_withdrawn(self) -> None:
        """The pages that say why something is no longer here."""
        for file, body in withdrawn.pages(self.application, self.entries.__contains__):
            self._write(file, body)

    # finishing --------------------------------------------------------------------------------------------

    def finish(self, started: datetime) -> ExportResult:
        """Write the manifest; what is broken is told with the page that links there."""
        self._write(manifest.MANIFEST, manifest.text(started, self.entries, self.frames).encode())
        removed = len(set(self.before.entries) - set(self.entries)) if self.before else 0
        return ExportResult(
            self.target, len(self.entries), self.rendered, self.kept, removed, sorted(set(self.broken))
        )


def _addresses(entry: Entry) -> list[str]:
    found = (exportable(link, urlsplit(entry.url).path) for link in entry.links)
    return [address.url for address in found if address is not None]


def _document_of(entry: Entry) -> str:
    """The page that a download says the same as: ``/reports/x/2024/report.pdf``, ``/policies/7.docx``,
    ``/policies/7/files/3/``; "" for anything that is a page itself."""
    if entry.file.endswith(".html"):
        return ""
    found = _DOWNLOAD.fullmatch(urlsplit(entry.url).path)
    return f"{found['page']}/" if found else ""


def _feeds() -> Iterable[str]:
    return [reverse("feed", args=[form]) for form in ("rss", "atom", "json")]


def _moved(address: Address, location: str) -> Fetched:
    """A page that leads on, for a server that knows only files. Raises RuntimeError for a way that leads in a circle."""
    parts = urlsplit(location)
    if parts.netloc and (parts.path, parts.query) == (address.path, urlsplit(address.url).query):
        raise RuntimeError(
            f"应用要求改用 {parts.scheme}://{parts.netloc} 访问，请把 PUBLIC_URL 改成这个地址。"
        )
    target = quote(location, safe="/#?=&%:")
    text = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={target}"><title>已移动</title><p><a href="{target}">页面已移到这里</a></p></html>'
    return Fetched(200, "text/html; charset=utf-8", text.encode())


def _safe_name(name: str) -> str:
    name = re.sub(r"[^\w.()〔〕-]+", "-", name.split("/")[-1]).strip(".-")
    return name[-120:].lstrip(".-") or "file"


def _switch(folder: Path, target: Path) -> None:
    link = folder / ".next"
    link.unlink(missing_ok=True)
    link.symlink_to(target.relative_to(folder))
    os.replace(link, folder / "current")


def _prune(folder: Path) -> None:
    """Keep the last few releases, so that one can go back."""
    current = (folder / "current").resolve()
    releases = sorted((folder / "releases").iterdir())
    for old in releases[:-KEPT]:
        if old != current:
            shutil.rmtree(old)
