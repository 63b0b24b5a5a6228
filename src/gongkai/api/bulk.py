"""Whole datasets as files: made once, taken by anyone, each with its digest; CSV, JSON and Parquet.

The files carry the beginning of their digest in their names and the manifest is written last, so that a reader never
meets half a file nor one that differs from what the manifest says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from gongkai.annualreport.writers.csv import guard
from gongkai.api import parquet
from gongkai.api.datasets import DATASETS, LICENCE, Dataset, Row, plain
from gongkai.api.following import LATE
from gongkai.search.models import Withdrawn

FOLDER = "open-data"
MANIFEST = f"{FOLDER}/manifest.json"
#: Said where a machine has no pyarrow: there are machines that it is not built for.
WITHOUT_PARQUET = (
    "没有写 Parquet：这台机器没有安装 pyarrow（随 gongkai[platform] 安装）。CSV 和 JSON 照常写。"
)
Rows = Callable[[], Iterator[Row]]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula begins with an apostrophe; a number below nought stays one."""
    return guard(value) if isinstance(value, str) else value


def _csv(dataset: Dataset, rows: Iterator[Row], out: IO[bytes]) -> int:
    # With the mark that spreadsheets recognise UTF-8 by.
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(dataset.columns)
    count = 0
    for row in rows:
        writer.writerow([_safe(plain(value)) for value in row])
        count += 1
    text.detach()
    return count


def _json(dataset: Dataset, rows: Iterator[Row], out: IO[bytes]) -> int:
    names = list(dataset.columns)
    count = 0
    out.write(b"[")
    for row in rows:
        line = json.dumps(dict(zip(names, map(plain, row), strict=True)), ensure_ascii=False)
        out.write((",\n" if count else "\n").encode() + line.encode())
        count += 1
    out.write(b"\n]\n")
    return count


_TEXTS: dict[str, Callable[[Dataset, Iterator[Row], IO[bytes]], int]] = {"csv": _csv, "json": _json}


def formats() -> tuple[str, ...]:
    """The formats that can be written here."""
    return ("csv", "json", "parquet") if parquet.available() else ("csv", "json")


@contextmanager
def _kept(dataset: Dataset) -> Iterator[Rows]:
    """The rows, read from the database once and kept on the disk: the formats agree row for row whatever changes meanwhile."""
    with tempfile.TemporaryFile() as file:
        count = 0
        for row in dataset.rows():
            pickle.dump(row, file, pickle.HIGHEST_PROTOCOL)
            count += 1

        def rows() -> Iterator[Row]:
            file.seek(0)
            for _ in range(count):
                yield pickle.load(file)  # noqa: S301 - written just now, in a file that has no name

        yield rows


def _write(dataset: Dataset, form: str, write: Callable[[IO[bytes]], int]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out:
        count = write(out)
        size = out.seek(0, io.SEEK_END)
        out.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
        name = f"{FOLDER}/{dataset.name}-{digest[:16]}.{form}"
        if not default_storage.exists(name):
            out.seek(0)
            default_storage.save(name, File(out))
    return {"file": name, "format": form, "rows": count, "size": size, "sha256": digest}


def _dataset(
    dataset: Dataset, old: dict[str, Any], begun: datetime, forms: tuple[str, ...]
) -> dict[str, Any]:
    """The files of a dataset. Where its rows are those of ``old``, it was made then: Parquet says when, and would otherwise
    be another file each day that nobody need take again."""
    with _kept(dataset) as rows:
        files = [_write(dataset, form, partial(write, dataset, rows())) for form, write in _TEXTS.items()]
        same = files[1]["sha256"] in {one["sha256"] for one in old.get("files", ())}
        made_at = old.get("made_at") if same else None
        made_at = made_at or begun.isoformat()
        if "parquet" in forms:
            write = partial(parquet.write, dataset, rows, datetime.fromisoformat(made_at))
            files.append(_write(dataset, "parquet", write))
    return {
        "name": dataset.name, "title": dataset.title, "about": dataset.about, "columns": dataset.columns,
        "made_at": made_at, "files": files,
    }  # fmt: skip


def export(progress: Callable[[str], None] = lambda said: None, *, alone: bool = False) -> dict[str, Any]:
    """Write all datasets and their manifest; the manifest. Raises OSError where the storage refuses.

    ``alone``: nobody else writes to the database meanwhile, so that nothing begun before can turn up late.
    """
    old = {dataset["name"]: dataset for dataset in manifest().get("datasets", ())}
    before = {one["file"] for dataset in old.values() for one in dataset["files"]}
    begun, forms, found = timezone.now(), formats(), []
    if "parquet" not in forms:
        progress(WITHOUT_PARQUET)
    for dataset in DATASETS:
        found.append(_dataset(dataset, old.get(dataset.name, {}), begun, forms))
        progress(f"{dataset.title}：{found[-1]['files'][0]['rows']} 行")
    made = {
        # What was withdrawn after this is in the files still.
        "as_of": (begun if alone else begun - LATE).isoformat(), "updated_at": begun.isoformat(), "licence": LICENCE, "datasets": found,
    }  # fmt: skip
    if default_storage.exists(MANIFEST):
        default_storage.delete(MANIFEST)
    default_storage.save(MANIFEST, ContentFile(json.dumps(made, ensure_ascii=False).encode()))
    for name in before - {one["file"] for dataset in found for one in dataset["files"]}:
        default_storage.delete(name)
    return made


def overtaken(made: dict[str, Any]) -> bool:
    """Whether something was withdrawn since the files were made: they hold it, and are not given out until they are made
    anew. One query along an index."""
    return bool(made) and Withdrawn.objects.filter(at__gt=datetime.fromisoformat(made["as_of"])).exists()


def needed(now: datetime) -> bool:
    """Whether the files are to be made anew: never made, overtaken, or of an earlier day."""
    made = manifest()
    if not made or overtaken(made):
        return True
    return timezone.localdate(datetime.fromisoformat(made["updated_at"])) < timezone.localdate(now)


def manifest() -> dict[str, Any]:
    """What was exported last; {} before the first time, and where it is of an older make."""
    try:
        with default_storage.open(MANIFEST) as file:
            found: dict[str, Any] = json.load(file)
            return found if "as_of" in found else {}
    except (FileNotFoundError, ValueError):
        return {}


def file_of(made: dict[str, Any], name: str, form: str) -> dict[str, Any] | None:
    """The file of a dataset in a format."""
    for dataset in made.get("datasets", ()):
        if dataset["name"] == name:
            return next((one for one in dataset["files"] if one["format"] == form), None)
    return None
