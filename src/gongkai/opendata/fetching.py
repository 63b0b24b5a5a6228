"""Files of a site's open data, taken over a connection that may break: resumed where it broke off, checked by digest, and
put in their place only when whole. What one has already is not taken again."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

CATALOGUE = "/api/catalog.jsonld"
TRIES = 6
SECONDS = 60
#: A server that asks for more patience than this is asked again another day.
MOST_WAIT = 900
CHUNK = 1 << 18
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\.(?:csv|json|parquet)")


class Failed(Exception):
    """What could not be had, in Chinese, with what to do."""


@dataclass(frozen=True, slots=True)
class File:
    """One file that the catalogue names. ``path``: its address without the host."""

    name: str
    title: str
    path: str
    size: int
    sha256: str

    @property
    def format(self) -> str:
        return self.name.rpartition(".")[2]


def site_of(text: str) -> str:
    """Where a site begins: scheme and host. Raises Failed for anything but an address of the web."""
    text = text if "://" in text else f"https://{text}"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Failed(f"“{text}”不是网站地址，请写成 https://www.example.gov.cn。")
    return f"{parts.scheme}://{parts.netloc}"


def catalogue(site: str, say: Callable[[str], None] = lambda said: None) -> dict[str, Any]:
    """The catalogue of the datasets (DCAT). Raises Failed."""
    for response in _attempts(f"{site}{CATALOGUE}", {}, say):
        try:
            found = json.loads(response.read())
        except (ValueError, OSError, http.client.HTTPException):
            continue
        if isinstance(found, dict) and isinstance(found.get("dcat:dataset"), list):
            return found
        break
    raise Failed(f"{site} 没有开放数据目录（{CATALOGUE}）。请核对网址。")


def files_of(found: dict[str, Any]) -> list[File]:
    """The files of a catalogue. Only their paths count: what another host would give is not asked for. Raises Failed."""
    out = []
    try:
        for dataset in found["dcat:dataset"]:
            for one in dataset["dcat:distribution"]:
                path = urlsplit(one["dcat:downloadURL"]).path
                name = unquote(path.rpartition("/")[2])
                digest = one["spdx:checksum"]["spdx:checksumValue"]
                # Put behind the host, a path that begins otherwise would make another host of it.
                if path[:1] != "/" or not _NAME.fullmatch(name) or not re.fullmatch("[0-9a-f]{64}", digest):
                    raise Failed(f"目录里的网址、文件名或摘要不对：{name[:60]}。没有下载。")
                out.append(File(name, str(dataset["dct:title"]), path, int(one["dcat:byteSize"]), digest))
    except (KeyError, TypeError, ValueError):
        raise Failed("目录读不懂，可能是别的版本。请改用网页下载。") from None
    return out


def digest_of(path: Path) -> str:
    """SHA-256 of a file; "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def fetch(site: str, file: File, folder: Path, say: Callable[[str], None] = lambda said: None) -> bool:
    """Bring ``file`` into ``folder``; False where it lay there already. Raises Failed, leaving what came for the next time.

    The part that came before is kept as ``name.part`` and goes on only while the site still has the same file.
    """
    target = folder / file.name
    if digest_of(target) == file.sha256:
        return False
    part = folder / f"{file.name}.{file.sha256[:16]}.part"
    for old in folder.glob(f"{file.name}.*.part"):
        if old != part:
            old.unlink()
    for attempt in range(2):
        _complete(f"{site}{file.path}", file, part, say)
        if digest_of(part) == file.sha256:
            os.replace(part, target)
            return True
        part.unlink(missing_ok=True)
        if attempt == 0:
            say(f"  {file.name}：摘要不符，从头再取一次。")
    raise Failed(f"{file.name} 的摘要与目录不符，没有保留。可能正在更新，请几分钟后重新运行。")


def _complete(url: str, file: File, part: Path, say: Callable[[str], None]) -> None:
    """Take what is missing of ``part``."""
    have = part.stat().st_size if part.exists() else 0
    if have == file.size:
        return
    if have > file.size:
        part.unlink()

    def headers() -> dict[str, str]:
        size = part.stat().st_size if part.exists() else 0
        return {"Range": f"bytes={size}-", "If-Range": f'"{file.sha256}"'} if size else {}

    for response in _attempts(url, headers, say):
        # 206 goes on; 200 is the whole, because the site has another file by now or knows no parts.
        with part.open("ab" if response.status == 206 else "wb") as out:
            try:
                # Not without end: what is more than was promised is not the file.
                while out.tell() <= file.size and (chunk := response.read(CHUNK)):
                    out.write(chunk)
            except (OSError, http.client.HTTPException):
                pass
        size = part.stat().st_size
        if size >= file.size or (response.status == 200 and size and response.length == 0):
            return
        say(f"  {file.name}：连接中断，已有 {size * 100 // max(file.size, 1)}%，接着取。")
    raise Failed(f"{file.name} 没有取完。已取的部分留着，重新运行时接着取。")


def _attempts(
    url: str, headers: dict[str, str] | Callable[[], dict[str, str]], say: Callable[[str], None]
) -> Iterator[Any]:
    """Answers to a request, one an attempt, with pauses between. Raises Failed where asking again is of no use."""
    for attempt in range(TRIES):
        wait = min(2**attempt, 60)
        given = headers() if callable(headers) else headers
        request = urllib.request.Request(url, headers={"User-Agent": "gongkai", **given})  # noqa: S310 - http only
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
                yield response
        except urllib.error.HTTPError as error:
            if error.code not in (429, 500, 502, 503, 504):
                raise Failed(f"{url}：{_REFUSED.get(error.code, f'网站答 {error.code}')}。") from None
            asked = error.headers.get("Retry-After", "")
            wait = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else wait
        except (OSError, http.client.HTTPException):
            pass
        if attempt == TRIES - 1 or wait > MOST_WAIT:
            break
        say(f"  网站暂时取不到，{wait} 秒后再试。")
        time.sleep(wait)
    raise Failed(f"{url} 取不到。请检查网络，稍后重新运行，已取的不用再取。")


_REFUSED = {404: "没有这个文件，可能已更新，请重新运行", 403: "网站不允许下载", 401: "网站要求登录"}
