"""The site as files: complete, its links lead somewhere, renewed by what changed, changed over in one step."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from gongkai.portal.errors import SAID
from gongkai.portal.export import export_site, release, titles
from gongkai.portal.export.addresses import Address, exportable
from gongkai.reports.models import AnnualReport
from gongkai.search import indexing
from gongkai.search.models import SearchDoc
from tests.reports.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return build()


def _files(folder: Path) -> dict[str, bytes]:
    current = folder / "current"
    return {str(p.relative_to(current)): p.read_bytes() for p in current.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/", Address("/")), ("/policies/?page=3", Address("/policies/", 3)), ("/a/#b", Address("/a/")),
        ("?page=2", Address("/here/", 2)), ("/policies/?year=2024", None), ("/policies/?page=3&year=2024", None),
        ("/apply/", None), ("/search/?q=x", None), ("https://elsewhere.example/", None), ("//elsewhere.example/", None),
        ("/../etc/passwd", None), ("/a/%2e%2e/b", None), ("/.git/config", None), ("mailto:a@b.example", None), ("", None),
        ("/policies/?page=0", None), ("/policies/?page=1e9", None),
    ],
)  # fmt: skip
def test_which_links_become_files(link: str, expected: Address | None) -> None:
    assert exportable(link, "/here/") == expected


@given(st.text(max_size=60))
def test_no_link_leads_out_of_the_folder(link: str) -> None:
    address = exportable(link)
    if address is not None:
        inside = os.path.normpath(os.path.join("/export", address.file))
        assert inside.startswith("/export/")
        assert "/." not in inside


def test_every_link_of_the_export_leads_to_a_file(world: World, tmp_path: Path) -> None:
    result = export_site(tmp_path)
    assert result.broken == []
    files = _files(tmp_path)
    pages = [name for name in files if name.endswith(".html")]
    assert "index.html" in pages
    assert {f"{status}.html" for status in (404, *SAID)} <= files.keys()
    assert not [name for name in files if name.startswith(".") or "/." in name]
    assert "reports/ltq/2025/index.html" in pages
    for name in pages:
        tree = LexborHTMLParser(files[name].decode())
        for node in tree.css("a[href], link[href], script[src], img[src]"):
            link = node.attributes.get("href") or node.attributes.get("src") or ""
            address = exportable(link, "/" + name.removesuffix("index.html"))
            if address is not None and node.attributes.get("rel") != "search":
                assert address.file in files, (name, link)


def test_pages_hold_nothing_of_the_day_or_the_reader(world: World, tmp_path: Path) -> None:
    export_site(tmp_path)
    home = _files(tmp_path)["index.html"].decode()
    assert "今天是" not in home
    assert "csrfmiddlewaretoken" not in home
    assert "data-care" in home
    assert "/desk/" not in home
    # Where only files are served, their own search stands in the footer of every page.
    assert '<a href="/titles/">标题检索</a>' in home


def test_only_what_changed_is_rendered_again(world: World, tmp_path: Path) -> None:
    first = export_site(tmp_path)
    before = _files(tmp_path)
    second = export_site(tmp_path)
    assert second.kept > 0
    assert second.rendered < first.rendered
    after = _files(tmp_path)
    assert {n: b for n, b in before.items() if n.endswith(".html")} == {
        n: b for n, b in after.items() if n.endswith(".html")
    }
    row = AnnualReport.objects.filter(state="published").order_by("pk").first()
    assert row is not None
    gone = SearchDoc.objects.get(key=f"report:{row.pk}").url
    AnnualReport.objects.filter(pk=row.pk).update(state="superseded")
    indexing.drop([f"report:{row.pk}"])
    third = export_site(tmp_path)
    assert third.broken == []
    assert f"{gone.strip('/')}/index.html" not in _files(tmp_path)


def test_a_broken_link_keeps_the_old_site(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_site(tmp_path)
    before = (tmp_path / "current").resolve()
    SearchDoc.objects.filter(kind="organ").update(url="/nowhere/at/all/")
    result = export_site(tmp_path)
    assert any(link == "/nowhere/at/all/" for _, link in result.broken)
    assert (tmp_path / "current").resolve() == before
    assert before.exists()


@pytest.mark.parametrize("file", [".env", "gov/.git/config", "a/..b.html"])
def test_no_file_that_begins_with_a_dot_is_ever_written(db: None, tmp_path: Path, file: str) -> None:
    with pytest.raises(RuntimeError, match="点开头"):
        release._Work(tmp_path / "releases/1", None, None)._write(file, b"x")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_old_releases_go_and_the_last_stay(world: World, tmp_path: Path) -> None:
    for _ in range(5):
        export_site(tmp_path)
    assert len(list((tmp_path / "releases").iterdir())) == 3
    assert (tmp_path / "current" / "index.html").exists()


def test_titles_are_found_by_their_pairs(world: World) -> None:
    files: dict[str, Any] = {path: json.loads(body) for path, body in titles.files()}
    about = files["titles/data/about.json"]
    assert about["count"] == SearchDoc.objects.count()

    def numbers(token: str) -> list[int]:
        shard = files[f"titles/data/t{zlib.crc32(token.encode()) % about['shards']}.json"]
        total, out = 0, []
        for step in shard.get(token, []):
            total += step
            out.append(total)
        return out

    def row(number: int) -> list[str]:
        return files[f"titles/data/d{number // about['chunk']}.json"][number % about["chunk"]]

    for token in ("利通", "报告"):
        found = {row(number)[0] for number in numbers(token)}
        assert found == {
            title for title in SearchDoc.objects.values_list("title", flat=True) if token in title
        }


def test_texts_lie_compressed_beside_themselves(world: World, tmp_path: Path) -> None:
    """Each with just its own content, after a change too: a reader who takes the one sees what the other shows."""
    export_site(tmp_path)
    row = AnnualReport.objects.filter(state="published").order_by("pk").first()
    assert row is not None
    row.title = f"{row.title}（更名）"
    row.save()
    export_site(tmp_path)
    files = _files(tmp_path)
    packed = [name for name in files if name.endswith(".gz")]
    assert "index.html.gz" in packed
    assert "manifest.json.gz" not in packed
    assert all(gzip.decompress(files[name]) == files[name.removesuffix(".gz")] for name in packed)
    large = [n for n, body in files.items() if n.endswith((".html", ".css", ".js")) and len(body) >= 1024]
    assert {f"{name}.gz" for name in large} <= set(packed)
