"""A search of titles that works without the application: postings in small files, read by a script as needed."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from gongkai.search.models import SearchDoc
from gongkai.search.projection import kind_label
from gongkai.search.text import tokens

SHARDS = 128
CHUNK = 500
FOLDER = "titles/data"


def shard_of(token: str) -> int:
    """The file in which a token's postings stand; the script computes the same (CRC-32 of UTF-8)."""
    return zlib.crc32(token.encode()) % SHARDS


def files() -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every file of the index. One pass over the titles, the newest first."""
    shards: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    count = 0
    for count, row in enumerate(_rows(), start=1):
        number = count - 1
        if number % CHUNK == 0:
            chunk: list[list[str]] = []
        title, url, day, kind, document_number = row
        chunk.append([title, url, day.isoformat() if day else "", kind_label(kind), document_number])
        if number % CHUNK == CHUNK - 1:
            yield f"{FOLDER}/d{number // CHUNK}.json", _json(chunk)
        for token in set(tokens(f"{title} , {document_number}")):
            shards[shard_of(token)][token].append(number)
    if count % CHUNK:
        yield f"{FOLDER}/d{count // CHUNK}.json", _json(chunk)
    for number in range(SHARDS):
        yield f"{FOLDER}/t{number}.json", _json({k: _deltas(v) for k, v in sorted(shards[number].items())})
    yield f"{FOLDER}/about.json", _json({"count": count, "chunk": CHUNK, "shards": SHARDS})


def _rows() -> Iterable[tuple]:  # type: ignore[type-arg]
    rows = SearchDoc.objects.order_by("-position").values_list("title", "url", "day", "kind", "number")
    return rows.iterator(chunk_size=5000)


def _deltas(numbers: list[int]) -> list[int]:
    """Differences: small numbers make small files."""
    return [number - before for before, number in zip([0, *numbers], numbers, strict=False)]


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
