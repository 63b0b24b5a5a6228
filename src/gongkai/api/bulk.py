"""Whole datasets as files: made once, taken by anyone, each with its digest; CSV and JSON, Parquet where pyarrow is.

The files carry the beginning of their digest in their names and the manifest is written last, so that a reader never
meets half a file nor one that differs from what the manifest says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from gongkai.annualreport.writers.csv import guard
from gongkai.api.datasets import DATASETS, LICENCE, Dataset
from gongkai.api.following import LATE
from gongkai.search.models import Withdrawn

FOLDER = "open-data"
MANIFEST = f"{FOLDER}/manifest.json"
CHUNK = 1000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else format(value, "f")


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula begins with an apostrophe; a number below nought stays one."""
    return guard(value) if isinstance(value, str) else value


def _csv(dataset: Dataset, out: IO[bytes]) -> int:
    # With the mark that spreadsheets recognise UTF-8 by.
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(dataset.columns)
    count = 0
    for row in dataset.rows():
        writer.writerow([_safe(_plain(value)) for value in row])
        count += 1
    text.detach()
    return count


def _json(dataset: Dataset, out: IO[bytes]) -> int:
    names = list(dataset.columns)
    count = 0
    out.write(b"[")
    for row in dataset.rows():
        line = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
        out.write((",\n" if count else "\n").encode() + line.encode())
        count += 1
    out.write(b"\n]\n")
    return count


def _parquet(dataset: Dataset, out: IO[bytes]) -> int:
    import pyarrow
    from pyarrow import parquet

    names = list(dataset.columns)
    shape = pyarrow.schema([(name, pyarrow.string()) for name in names])
    count, batch = 0, []
    with parquet.ParquetWriter(out, shape) as writer:

        def flush() -> None:
            columns = [
                [None if v is None else str(_plain(v)) for v in column] for column in zip(*batch, strict=True)
            ]
            writer.write_table(pyarrow.table(dict(zip(names, columns, strict=True)), schema=shape))
            batch.clear()

        for row in dataset.rows():
            batch.append(row)
            count += 1
            if len(batch) == CHUNK:
                flush()
        if batch:
            flush()
    return count


def formats() -> dict[str, Callable[[Dataset, IO[bytes]], int]]:
    """The formats that can be written here."""
    found: dict[str, Callable[[Dataset, IO[bytes]], int]] = {"csv": _csv, "json": _json}
    if find_spec("pyarrow"):
        found["parquet"] = _parquet
    return found


def _write(dataset: Dataset, form: str, write: Callable[[Dataset, IO[bytes]], int]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out:
        count = write(dataset, out)
        size = out.seek(0, io.SEEK_END)
        out.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
        name = f"{FOLDER}/{dataset.name}-{digest[:16]}.{form}"
        if not default_storage.exists(name):
            out.seek(0)
            default_storage.save(name, File(out))
    return {"file": name, "format": form, "rows": count, "size": size, "sha256": digest}


def export(progress: Callable[[str], None] = lambda said: None) -> dict[str, Any]:
    """Write all datasets and their manifest; the manifest. Raises OSError where the storage refuses."""
    before = {one["file"] for dataset in manifest().get("datasets", ()) for one in dataset["files"]}
    begun, found = timezone.now(), []
    for dataset in DATASETS:
        files = [_write(dataset, form, write) for form, write in formats().items()]
        progress(f"{dataset.title}：{files[0]['rows']} 行")
        found.append({
            "name": dataset.name, "title": dataset.title, "about": dataset.about, "columns": dataset.columns, "files": files,
        })  # fmt: skip
    made = {
        # What was withdrawn after this is in the files still.
        "as_of": (begun - LATE).isoformat(), "updated_at": begun.isoformat(), "licence": LICENCE, "datasets": found,
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
