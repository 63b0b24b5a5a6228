"""Whole datasets as files: made once, taken by anyone, each with its digest; CSV and JSON, Parquet where pyarrow is.

The files carry the beginning of their digest in their names and the manifest is written last, so that a reader never
meets half a file nor one that differs from what the manifest says.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from gongkai.normative.models import Document
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport, ReportCell, State
from gongkai.search.models import SearchDoc

FOLDER = "open-data"
MANIFEST = f"{FOLDER}/manifest.json"
CHUNK = 1000
LICENCE = "公开数据可自由使用、传播和再加工，请注明来源；数据以原网页为准。"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A list of everything of one sort: its columns with their meaning, and its rows."""

    name: str
    title: str
    about: str
    columns: dict[str, str]
    rows: Callable[[], Iterator[Row]]


def _items() -> Iterator[Row]:
    rows = SearchDoc.objects.order_by("position").exclude(kind="organ")
    yield from rows.values_list(
        "key", "kind", "title", "number", "organ__slug", "organ__name", "day", "validity", "topic", "summary", "url",
        "updated_at",
    ).iterator(chunk_size=CHUNK)  # fmt: skip


def _policies() -> Iterator[Row]:
    rows = Document.objects.filter(published_on__isnull=False).order_by("pk")
    yield from rows.values_list(
        "pk", "title", "number", "organ__slug", "organ__name", "formed_on", "published_on", "effective_on", "valid_until",
        "ended_on", "status", "topic", "index_number",
    ).iterator(chunk_size=CHUNK)  # fmt: skip


def _organs() -> Iterator[Row]:
    for organ in Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path").iterator(chunk_size=CHUNK):
        wrong = organ.contact_errors()
        yield (
            organ.slug, organ.name, organ.get_kind_display(), organ.credit_code or "", organ.region_code or "",
            organ.address, "" if "联系电话" in wrong else organ.phone, "" if "电子邮箱" in wrong else organ.email,
        )  # fmt: skip


def _reports() -> Iterator[Row]:
    rows = AnnualReport.objects.filter(state=State.PUBLISHED).order_by("year", "pk")
    yield from rows.values_list(
        "organ__slug", "organ__name", "year", "version", "title", "edition", "digest", "published_at"
    ).iterator(chunk_size=CHUNK)


def _cells() -> Iterator[Row]:
    rows = ReportCell.objects.filter(report__state=State.PUBLISHED).order_by("pk")
    yield from rows.values_list("report__organ__slug", "year", "key", "value", "kind", "raw").iterator(
        chunk_size=CHUNK
    )


DATASETS = (
    Dataset("items", "公开信息目录", "本站公开的全部文件、解读、信息和报告，每条一行。", {
        "key": "对象编号", "kind": "种类", "title": "标题", "number": "文号", "organ": "机关代号", "organ_name": "机关",
        "day": "日期", "validity": "效力", "topic": "主题", "summary": "概述", "url": "网址", "updated_at": "更新时间",
    }, _items),
    Dataset("policies", "政策文件", "已公布的规范性文件和其他政策文件，含效力和期限。", {
        "id": "编号", "title": "标题", "number": "文号", "organ": "机关代号", "organ_name": "发文机关", "formed_on": "成文日期",
        "published_on": "公布日期", "effective_on": "施行日期", "valid_until": "有效期至", "ended_on": "失效日期",
        "status": "效力", "topic": "主题分类", "index_number": "索引号",
    }, _policies),
    Dataset("organs", "机关名录", "在册机关和公开的联系方式。", {
        "slug": "机关代号", "name": "名称", "kind": "类别", "credit_code": "统一社会信用代码", "region_code": "行政区划代码",
        "address": "地址", "phone": "电话", "email": "邮箱",
    }, _organs),
    Dataset("reports", "年度报告", "已公布的政府信息公开工作年度报告。", {
        "organ": "机关代号", "organ_name": "机关", "year": "年度", "version": "版次", "title": "标题", "edition": "格式版本",
        "digest": "摘要", "published_at": "公布时间",
    }, _reports),
    Dataset("cells", "年度报告数据", "年度报告表格的每个单元格，格的含义见接口 /cells/names。", {
        "organ": "机关代号", "year": "年度", "key": "单元格", "value": "数值", "kind": "性质", "raw": "原文",
    }, _cells),
)  # fmt: skip


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else format(value, "f")


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula begins with an apostrophe; a number below nought stays one."""
    risky = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if risky and not _NUMBER.fullmatch(value) else value


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
    found = []
    for dataset in DATASETS:
        files = [_write(dataset, form, write) for form, write in formats().items()]
        progress(f"{dataset.title}：{files[0]['rows']} 行")
        found.append({
            "name": dataset.name, "title": dataset.title, "about": dataset.about, "columns": dataset.columns, "files": files,
        })  # fmt: skip
    made = {"updated_at": timezone.now().isoformat(), "licence": LICENCE, "datasets": found}
    if default_storage.exists(MANIFEST):
        default_storage.delete(MANIFEST)
    default_storage.save(MANIFEST, ContentFile(json.dumps(made, ensure_ascii=False).encode()))
    for name in before - {one["file"] for dataset in found for one in dataset["files"]}:
        default_storage.delete(name)
    return made


def manifest() -> dict[str, Any]:
    """What was exported last; {} before the first time."""
    try:
        with default_storage.open(MANIFEST) as file:
            found: dict[str, Any] = json.load(file)
            return found
    except (FileNotFoundError, ValueError):
        return {}


def file_of(name: str, form: str) -> dict[str, Any] | None:
    """The present file of a dataset in a format."""
    for dataset in manifest().get("datasets", ()):
        if dataset["name"] == name:
            return next((one for one in dataset["files"] if one["format"] == form), None)
    return None
