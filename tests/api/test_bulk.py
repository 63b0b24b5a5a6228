"""Datasets as files: complete, with their digests, changed over at once, described for machines."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from gongkai.annualreport.schema import EDITIONS
from gongkai.api import bulk
from gongkai.organs.models import Organ
from gongkai.search import indexing
from gongkai.search.models import Withdrawn
from gongkai.search.projection import Entry
from tests.reports.world import World, build, draft


@pytest.fixture
def world(db: None, settings, tmp_path: Path) -> World:  # type: ignore[no-untyped-def]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return build()


def test_before_the_first_time_the_page_says_so(client: Client, world: World) -> None:
    assert "尚未生成" in client.get("/api/").content.decode()
    assert client.get("/api/files/items.csv").status_code == 404


def test_when_the_files_are_made_is_said_to_staff_alone(client: Client, world: World) -> None:
    assert "export_open_data" not in client.get("/api/").content.decode()
    client.force_login(world.director, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/api/")
    assert "manage export_open_data" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_csv_and_json_hold_everything_public_and_nothing_else(client: Client, world: World) -> None:
    draft(world)
    call_command("export_open_data", verbosity=0)
    cells = client.get("/api/files/cells.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(cells)))
    assert len(rows) == 3 * len(EDITIONS["2021"].cells)
    titles = client.get("/api/files/items.json").getvalue().decode()
    assert "秘密草稿" not in titles
    assert len(json.loads(titles)) == 3
    organs = json.loads(client.get("/api/files/organs.json").getvalue())
    assert {o["slug"] for o in organs} == {"ltq", "bgq", "ltq-czj"}


def test_the_digest_is_of_the_bytes_and_saves_taking_them_again(client: Client, world: World) -> None:
    made = bulk.export()
    for dataset in made["datasets"]:
        for one in dataset["files"]:
            response = client.get(f"/api/files/{dataset['name']}.{one['format']}")
            data = response.getvalue()
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (one["sha256"], one["size"])
    again = client.get(
        "/api/files/organs.csv", headers={"If-None-Match": client.get("/api/files/organs.csv")["ETag"]}
    )
    assert again.status_code == 304
    page = client.get("/api/").content.decode()
    assert made["datasets"][0]["files"][0]["sha256"] in page
    assert "注明来源" in page


def test_old_files_go_when_the_new_manifest_stands(world: World, tmp_path: Path) -> None:
    first = bulk.export()
    Organ.objects.filter(pk=world.dept.pk).update(address="新址")
    second = bulk.export()
    folder = tmp_path / bulk.FOLDER
    wanted = {Path(f["file"]).name for d in second["datasets"] for f in d["files"]} | {"manifest.json"}
    assert {p.name for p in folder.iterdir()} == wanted
    assert first != second


def test_a_formula_in_a_name_stays_a_text_in_a_spreadsheet(world: World) -> None:
    Organ.objects.filter(pk=world.dept.pk).update(address='=HYPERLINK("x")')
    bulk.export()
    found = bulk.file_of(bulk.manifest(), "organs", "csv")
    assert found is not None
    with bulk.default_storage.open(found["file"]) as file:
        assert "'=HYPERLINK" in file.read().decode()


def test_the_catalogue_names_each_file(client: Client, world: World) -> None:
    bulk.export()
    response = client.get("/api/catalog.jsonld")
    assert response["Content-Type"].startswith("application/ld+json")
    found = response.json()
    assert found["@type"] == "dcat:Catalog"
    assert len(found["dcat:dataset"]) == len(bulk.DATASETS)
    for dataset in found["dcat:dataset"]:
        for file in dataset["dcat:distribution"]:
            path = file["dcat:downloadURL"].removeprefix("http://testserver")
            assert client.get(path).status_code == 200
            assert file["spdx:checksum"]["spdx:checksumValue"]


def test_a_number_below_nought_stays_a_number() -> None:
    assert [bulk._safe(v) for v in ("-5", "+1.5", "-5+1", "-", "=1", 7)] == [
        "-5",
        "+1.5",
        "'-5+1",
        "'-",
        "'=1",
        7,
    ]


def test_a_broken_download_goes_on_while_the_file_is_the_same(client: Client, world: World) -> None:
    bulk.export()
    url = "/api/files/cells.csv"
    whole = client.get(url)
    data, tag = whole.getvalue(), whole["ETag"]
    rest = client.get(url, headers={"Range": "bytes=100-", "If-Range": tag})
    assert (rest.status_code, rest["Content-Range"]) == (206, f"bytes 100-{len(data) - 1}/{len(data)}")
    assert rest.getvalue() == data[100:]
    other = client.get(url, headers={"Range": "bytes=100-", "If-Range": '"another"'})
    assert (other.status_code, other.getvalue()) == (200, data)
    assert client.get(url, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert whole["Last-Modified"]
    assert int(client.head(url)["Content-Length"]) == len(data)


def test_lists_for_the_tools_that_every_machine_has(client: Client, world: World) -> None:
    made = bulk.export()
    urls = client.get("/api/files.txt").content.decode().split()
    assert len(urls) == sum(len(dataset["files"]) for dataset in made["datasets"])
    sums = dict(
        line.split("  ")[::-1] for line in client.get("/api/SHA256SUMS").content.decode().splitlines()
    )
    for url in urls:
        data = client.get(url).getvalue()
        assert hashlib.sha256(data).hexdigest() == sums[url.rpartition("/")[2]]


def test_what_was_withdrawn_flows_out_of_no_file(client: Client, world: World) -> None:
    bulk.export()
    indexing.put([Entry(key="t:1", kind="item", title="误公开的名单", url="/t/1/")])
    bulk.export()
    assert "误公开的名单" in client.get("/api/files/items.json").getvalue().decode()
    indexing.drop(["t:1"])
    for url in ("/api/files/items.json", "/api/files.txt", "/api/SHA256SUMS"):
        answer = client.get(url)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
            503,
            "300",
            "no-store",
        )
        assert "误公开" not in answer.content.decode()
    assert "几分钟" in client.get("/api/").content.decode()
    call_command("export_open_data", "--needed", verbosity=0)
    # Given out again when no transaction that began before can still end.
    Withdrawn.objects.update(at=timezone.now() - timedelta(minutes=3))
    assert "误公开的名单" not in client.get("/api/files/items.json").getvalue().decode()
    assert "t:1" in client.get("/api/files/withdrawn.json").getvalue().decode()


def test_files_made_while_nothing_serves_are_given_out_at_once(client: Client, world: World) -> None:
    """The first start of a demonstration withdraws a moment before it writes the files."""
    indexing.put([Entry(key="t:1", kind="item", title="误公开的名单", url="/t/1/")])
    indexing.drop(["t:1"])
    bulk.export()
    assert client.get("/api/files/items.json").status_code == 503
    bulk.export(alone=True)
    answer = client.get("/api/files/items.json")
    assert answer.status_code == 200
    assert "误公开的名单" not in answer.getvalue().decode()


def test_the_files_are_made_anew_only_when_needed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("export_open_data", "--needed", verbosity=0)
    first = bulk.manifest()["updated_at"]
    call_command("export_open_data", "--needed", verbosity=0)
    assert bulk.manifest()["updated_at"] == first
    assert bulk.needed(timezone.now() + timedelta(days=1))
    assert not bulk.needed(timezone.now())
    indexing.put([Entry(key="t:1", kind="item", title="题", url="/t/1/")])
    indexing.drop(["t:1"])
    assert bulk.needed(timezone.now())
