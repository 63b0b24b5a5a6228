"""Parquet: row for row what CSV and JSON hold, in columns of their real sort, each with its meaning; and no burden on the
processes that answer pages."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pyarrow import parquet as pq
from typer.testing import CliRunner

from gongkai.annualreport.writers.csv import guard
from gongkai.api import bulk, parquet
from gongkai.api.datasets import DATASETS, LICENCE, Dataset, Row
from gongkai.cli import build as build_cli
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport
from gongkai.search import indexing
from gongkai.search.models import Withdrawn
from tests.api.county import County, build
from tests.reports.world import build as build_reports

#: The sort of a column → its type in the file.
ARROW = {
    str: pyarrow.string(), int: pyarrow.int64(), bool: pyarrow.bool_(), date: pyarrow.date32(),
    datetime: pyarrow.timestamp("us", tz="Asia/Shanghai"), Decimal: pyarrow.decimal128(38, 6),
}  # fmt: skip
NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> Path:
    caches["limits"].clear()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return tmp_path


@pytest.fixture
def county(db: None, storage: Path) -> County:
    build_reports()
    found = build(
        str(AnnualReport.objects.filter(state="published").values_list("document", flat=True).first())
    )
    indexing.refresh()
    # Not of the last minutes, in which the files would still wait for what else is withdrawn.
    Withdrawn.objects.update(at=timezone.now() - timedelta(hours=1))
    return found


def _read(client: Client, name: str) -> tuple[pyarrow.Table, list[dict[str, Any]], list[dict[str, str]]]:
    table, lines, texts = (
        client.get(f"/api/files/{name}.{form}").getvalue() for form in ("parquet", "json", "csv")
    )
    rows = list(csv.DictReader(io.StringIO(texts.decode("utf-8-sig"), newline="")))
    return pq.read_table(io.BytesIO(table)), json.loads(lines), rows


def _same(value: Any, line: Any) -> bool:
    """Whether a value of the file is what JSON has."""
    if isinstance(value, datetime):
        return value == datetime.fromisoformat(line)
    if isinstance(value, date):
        return value.isoformat() == line
    if isinstance(value, Decimal):
        return value == Decimal(line)
    return bool(value == line) and type(value) is type(line)


def test_every_dataset_row_for_row_with_its_types(client: Client, county: County) -> None:
    bulk.export()
    sorts = set()
    for dataset in DATASETS:
        table, lines, texts = _read(client, dataset.name)
        assert table.num_rows == len(lines) == len(texts) > 0, dataset.name
        assert table.column_names == list(dataset.columns)
        for field in table.schema:
            sort = dataset.types.get(field.name, str)
            sorts.add(sort)
            assert field.type == ARROW[sort], (dataset.name, field)
        for row, line, text in zip(table.to_pylist(), lines, texts, strict=True):
            for name, value in row.items():
                assert _same(value, line[name]), (dataset.name, name, value, line[name])
                assert text[name] == ("" if line[name] is None else guard(str(line[name])))
    assert {int, date, datetime, Decimal, str} == sorts


def test_what_is_declared_is_what_the_values_are(county: County) -> None:
    """A column that holds values has their sort by itself: the declaration only speaks where there are none."""
    for dataset in DATASETS:
        for name, column in zip(dataset.columns, parquet.learn(dataset, dataset.rows()), strict=True):
            assert column.seen <= {dataset.types.get(name, str)}, (dataset.name, name)


def test_empty_datasets_have_the_same_columns(client: Client, county: County) -> None:
    bulk.export()
    full = {dataset.name: _read(client, dataset.name)[0].schema for dataset in DATASETS}
    for dataset in DATASETS:
        empty = Dataset(
            dataset.name, dataset.title, dataset.about, dataset.columns, lambda: iter(()), dataset.types
        )
        out = io.BytesIO()
        assert parquet.write(empty, empty.rows, NOON, out) == 0
        table = pq.read_table(out)
        assert (table.num_rows, table.schema.equals(full[dataset.name])) == (0, True), dataset.name


def test_the_file_says_what_it_is(client: Client, county: County) -> None:
    made = bulk.export()
    for dataset in DATASETS:
        body = client.get(f"/api/files/{dataset.name}.parquet").getvalue()
        file = pq.ParquetFile(io.BytesIO(body))
        about = {key.decode(): value.decode() for key, value in file.schema_arrow.metadata.items()}
        assert (about["title"], about["description"], about["license"]) == (
            dataset.title,
            dataset.about,
            LICENCE,
        )
        assert about["created"] == made["updated_at"]
        assert json.loads(about["columns"]) == dataset.columns
        # For readers that know Parquet and not Arrow.
        assert file.metadata.metadata[b"title"].decode() == dataset.title
        for field in file.schema_arrow:
            assert field.metadata[b"description"].decode() == dataset.columns[field.name]
        group = file.metadata.row_group(0)
        assert {group.column(n).compression for n in range(group.num_columns)} == {"ZSTD"}


def _table(rows: list[Row], *types: type) -> pyarrow.Table:
    names = [f"c{n}" for n in range(len(rows[0]))]
    declared = dict(zip(names, types, strict=False))
    dataset = Dataset("x", "题", "说明", dict.fromkeys(names, "列"), lambda: iter(rows), declared)
    out = io.BytesIO()
    assert parquet.write(dataset, dataset.rows, NOON, out) == len(rows)
    return pq.read_table(out)


def test_values_that_come_late() -> None:
    late: Row = (7, date(2026, 5, 1), NOON, Decimal("1.5"), True, "文")
    rows = [(None,) * 6] * 1500 + [late] + [(None,) * 6] * 700
    table = _table(rows)
    assert [field.type for field in table.schema] == [
        ARROW[sort] for sort in (int, date, datetime, Decimal, bool, str)
    ]
    assert [tuple(row.values()) for row in table.to_pylist()] == rows


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([1, "甲", None], ["1", "甲", None]),
        ([1, True], ["1", "True"]),
        ([1, Decimal("1.50")], ["1", "1.50"]),
        ([date(2026, 5, 1), NOON], ["2026-05-01", "2026-05-01T04:00:00+00:00"]),
        # Without a zone it is no moment; more than 64 bits or 38 digits, and what is no number, stay as they are written.
        ([datetime(2026, 5, 1, 12)], ["2026-05-01T12:00:00"]),
        ([1 << 63, -(1 << 63)], ["9223372036854775808", "-9223372036854775808"]),
        ([Decimal("1" * 33), Decimal("0.5")], ["1" * 33, "0.5"]),
        ([Decimal("NaN")], ["NaN"]),
        ([1.5, 2.0], ["1.500000", "2.000000"]),
        ([*[None] * 1200, 5, *[None] * 1200, "五"], [*[None] * 1200, "5", *[None] * 1200, "五"]),
    ],
)  # fmt: skip
def test_values_of_several_sorts_are_text_as_csv_has_them(values: list[Any], written: list[Any]) -> None:
    table = _table([(value,) for value in values], int)
    assert table.schema.field(0).type == pyarrow.string()
    assert table.column(0).to_pylist() == written


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([(1 << 63) - 1, -(1 << 63), None, 0], pyarrow.int64()),
        ([date.min, date.max, None], pyarrow.date32()),
        ([Decimal("0.000000"), Decimal("-3"), Decimal("12.345678")], pyarrow.decimal128(38, 6)),
        ([Decimal("1E+3"), Decimal("0.123456789")], pyarrow.decimal128(38, 9)),
        ([Decimal("9" * 32)], pyarrow.decimal128(38, 6)),
        ([True, None, False], pyarrow.bool_()),
        ([datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC)], ARROW[datetime]),
        (["", None, "a\nb", "㛃"], pyarrow.string()),
    ],
)  # fmt: skip
def test_the_ends_of_each_sort(values: list[Any], kind: pyarrow.DataType) -> None:
    table = _table([(value,) for value in values])
    assert table.schema.field(0).type == kind
    assert table.column(0).to_pylist() == values


def test_rows_in_groups_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows and few bytes at a time, whatever the length; together all of them in their order."""
    rows: list[Row] = [(n, "文" * 100) for n in range(2 * parquet.BATCH + 50)]
    for name, limit in (("GROUP_ROWS", parquet.BATCH), ("GROUP_BYTES", 40_000)):
        with monkeypatch.context() as patch:
            patch.setattr(parquet, name, limit)
            dataset = Dataset("x", "题", "说明", {"n": "数", "t": "文"}, lambda: iter(rows))
            out = io.BytesIO()
            assert parquet.write(dataset, dataset.rows, NOON, out) == len(rows)
        file = pq.ParquetFile(out)
        assert [file.metadata.row_group(n).num_rows for n in range(3)] == [parquet.BATCH, parquet.BATCH, 50]
        assert [tuple(row.values()) for row in file.read().to_pylist()] == rows


def test_the_formats_agree_though_rows_change_meanwhile(storage: Path) -> None:
    asked = []

    def rows() -> Iterator[Row]:
        asked.append(1)
        yield from [(n, "甲") for n in range(len(asked))]

    dataset = Dataset("x", "题", "说明", {"n": "数", "t": "文"}, rows)
    found = bulk._dataset(dataset, {}, NOON, ("csv", "json", "parquet"))
    assert [(file["format"], file["rows"]) for file in found["files"]] == [
        ("csv", 1),
        ("json", 1),
        ("parquet", 1),
    ]
    assert asked == [1]


@pytest.mark.django_db
def test_a_file_that_has_not_changed_is_not_another(county: County) -> None:
    def digests() -> dict[str, str]:
        made = bulk.export()
        return {one["name"]: bulk.file_of(made, one["name"], "parquet")["sha256"] for one in made["datasets"]}  # type: ignore[index]

    first = digests()
    assert digests() == first
    Organ.objects.filter(slug="bing").update(address="新址")
    second = digests()
    assert {name for name in first if first[name] != second[name]} == {"organs"}
    assert digests() == second


def test_the_page_and_the_catalogues_name_it(client: Client, county: County) -> None:
    bulk.export()
    page = client.get("/api/").content.decode()
    listed = client.get("/api/files.txt").content.decode().split()
    data = client.get("/api/catalog.jsonld").json()
    found = {
        file["dcat:downloadURL"]: (file["dct:format"], file["dcat:mediaType"])
        for dataset in data["dcat:dataset"]
        for file in dataset["dcat:distribution"]
    }
    block = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    encoded = {
        file["contentUrl"]: file["encodingFormat"]
        for dataset in block["dataset"]
        for file in dataset["distribution"]
    }
    for dataset in DATASETS:
        path = f"/api/files/{dataset.name}.parquet"
        url = f"http://testserver{path}"
        assert f'href="{path}"' in page
        assert url in listed
        assert found[url] == (
            "PARQUET",
            "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet",
        )
        assert encoded[url] == "application/vnd.apache.parquet"
        answer = client.get(path)
        assert answer["Content-Type"] == "application/vnd.apache.parquet"
        assert answer.getvalue()[:4] == b"PAR1"
    assert "每列的类型" in page


def test_one_command_brings_all_of_them(live_server: Any, county: County, tmp_path: Path) -> None:
    made = bulk.export()
    folder = tmp_path / "taken"
    done = CliRunner().invoke(
        build_cli("data"), ["data", "fetch", str(live_server.url), str(folder), "--format", "parquet"]
    )
    assert done.exit_code == 0, done.output
    assert {p.name for p in folder.glob("*.parquet")} == {f"{dataset.name}.parquet" for dataset in DATASETS}
    for dataset in made["datasets"]:
        assert pq.read_metadata(folder / f"{dataset['name']}.parquet").num_rows == dataset["files"][0]["rows"]
    assert pq.read_table(folder / "cells.parquet")["value"].type == ARROW[Decimal]


def test_a_machine_without_pyarrow_says_so_and_does_the_rest(
    client: Client, county: County, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bulk.export()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    call_command("export_open_data")
    said = capsys.readouterr().out
    assert said.count("没有安装 pyarrow") == 1
    assert "CSV 和 JSON 照常" in said
    assert (
        client.get("/api/files/items.csv").status_code
        == client.get("/api/files/items.json").status_code
        == 200
    )
    assert client.get("/api/files/items.parquet").status_code == 404
    page = client.get("/api/").content.decode()
    assert ".parquet" not in page
    assert "每列的类型" not in page


def test_the_processes_that_answer_pages_do_not_carry_pyarrow() -> None:
    code = (
        "import sys, django; django.setup(); import gongkai.config.wsgi, gongkai.config.urls, gongkai.api.bulk\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('pyarrow', 'pandas')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
