"""What an export must never hold: drafts, files of drafts, the desk, what was withdrawn; and what it must renew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.portal.export import export_site, manifest, release
from gongkai.portal.visits import ledger
from gongkai.portal.visits.rules import address_of
from gongkai.publication import services
from gongkai.publication.models import ColumnPage, InterpretationPage
from gongkai.publication.testing import make_column, make_item
from gongkai.search.models import SearchDoc

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ() -> Organ:
    return make_organ("甲区教育局", slug="jia-jyj")


@pytest.fixture
def column(organ: Organ) -> ColumnPage:
    return make_column(organ, code="gzdt")


@pytest.fixture(autouse=True)
def _no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' changes are younger than the overlap: without it, what is kept shows."""
    monkeypatch.setattr(release, "OVERLAP", timedelta(0))


def _texts(folder: Path) -> dict[str, str]:
    current = folder / "current"
    return {
        str(p.relative_to(current)): p.read_bytes().decode("utf-8", "replace")
        for p in current.rglob("*")
        if p.is_file()
    }


def _file(url: str) -> str:
    return f"{url.strip('/')}/index.html"


def test_drafts_their_files_and_the_desk_stay_inside(
    organ: Organ, column: ColumnPage, tmp_path: Path
) -> None:
    secret = services.add_attachment(SYSTEM, organ, "未公开名单.txt", "内部附件之文".encode())
    make_item(
        column, publish=False, title="不得外传之稿",
        body=[("download", {"file": secret, "name": "名单"}), ("text", "<p>不得外传之文</p>")],
    )  # fmt: skip
    shown = make_item(column, title="已公开之稿")
    shown.title, shown.body = "新稿未审", [("text", "<p>未审之文</p>")]
    shown.save_revision(log_action=False)
    assert export_site(tmp_path).broken == []
    files = _texts(tmp_path)
    everything = "\n".join([*files, *files.values()])
    for word in ("不得外传", "未公开名单", "内部附件", "新稿未审", "未审之文", 'href="/desk/'):
        assert word not in everything, word
    assert "已公开之稿" in everything
    assert not [name for name in files if name.startswith(("desk", "apply", "api/"))]


def test_what_was_withdrawn_is_gone_from_every_release(column: ColumnPage, tmp_path: Path) -> None:
    page, other = make_item(column, title="要撤下之稿"), make_item(column, title="留着之稿")
    for _ in range(2):  # the second release links the first one's file
        export_site(tmp_path)
    first, second = sorted((tmp_path / "releases").iterdir())
    file = _file(page.public_url)
    assert (first / file).samefile(second / file)
    assert (first / f"{file}.gz").samefile(second / f"{file}.gz")
    services.withdraw(SYSTEM, page, reason="内容有误，重新核对。")
    result = export_site(tmp_path)
    assert result.broken == []
    assert result.removed >= 1
    for old in (tmp_path / "releases").iterdir():
        assert not (old / file).exists()
        assert not (old / f"{file}.gz").exists()
        assert (old / _file(other.public_url)).exists()
    told = _texts(tmp_path)[f"gone/{file}"]
    assert "内容有误，重新核对" in told
    assert "要撤下之稿" not in "".join(_texts(tmp_path).values())
    services.publish(SYSTEM, page)
    export_site(tmp_path)
    files = _texts(tmp_path)
    assert file in files
    assert f"gone/{file}" not in files


def test_a_page_shows_its_new_interpretation(column: ColumnPage, tmp_path: Path) -> None:
    policy, bystander = make_item(column, title="一件政策"), make_item(column, title="旁的一件")
    export_site(tmp_path)
    before = SearchDoc.objects.get(url=policy.public_url).updated_at
    page = InterpretationPage(
        title="一件政策的解读", summary="解读。", formed_on=timezone.localdate(), document=policy, form="text",
        background="背景", aims="目标", content="内容", standards="标准", benefits="惠民", differences="首次制定",
        body=[("text", "<p>解读。</p>")],
    )  # fmt: skip
    page = services.create_item(SYSTEM, column, page)
    services.publish(SYSTEM, page)
    assert SearchDoc.objects.get(url=policy.public_url).updated_at == before
    result = export_site(tmp_path)
    assert "一件政策的解读" in _texts(tmp_path)[_file(policy.public_url)]
    kept = [p for p in (tmp_path / "releases").rglob(_file(bystander.public_url)) if p.stat().st_nlink == 2]
    assert len(kept) == 2
    assert result.kept > 0


def test_a_renamed_column_and_a_new_site_name_reach_every_page(column: ColumnPage, tmp_path: Path) -> None:
    page = make_item(column)
    export_site(tmp_path)
    ColumnPage.objects.filter(pk=column.pk).update(title="改过的栏目名")
    export_site(tmp_path)
    assert "改过的栏目名" in _texts(tmp_path)[_file(page.public_url)]
    SiteProfile(pk=1, site_name="新的网站名").save()
    assert export_site(tmp_path).kept == 0
    assert "新的网站名" in _texts(tmp_path)[_file(page.public_url)]


def test_since_never_leaves_out_what_changed_after_the_last_export(
    column: ColumnPage, tmp_path: Path
) -> None:
    page = make_item(column)
    export_site(tmp_path)
    page.refresh_from_db()
    page.title = "改过的标题"
    page.save_revision(log_action=False)
    services.publish(SYSTEM, page)
    export_site(tmp_path, since=timezone.now() + timedelta(days=1))
    assert "改过的标题" in _texts(tmp_path)[_file(page.public_url)]


def test_a_file_that_was_lost_is_made_again(column: ColumnPage, tmp_path: Path) -> None:
    page = make_item(column)
    export_site(tmp_path)
    (tmp_path / "current" / _file(page.public_url)).unlink()
    export_site(tmp_path)
    assert _file(page.public_url) in _texts(tmp_path)


def test_a_page_that_fails_leaves_the_old_site_and_no_half_release(
    column: ColumnPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_item(column)
    export_site(tmp_path)
    before = (tmp_path / "current").resolve()

    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gongkai.publication.presenting.facts", fail)
    with pytest.raises((RuntimeError, ZeroDivisionError)):
        export_site(tmp_path, full=True)
    assert (tmp_path / "current").resolve() == before
    assert list((tmp_path / "releases").iterdir()) == [before]
    assert page.public_url in manifest.load(before)


def test_an_address_of_another_scheme_is_said_and_not_exported(
    column: ColumnPage, tmp_path: Path, settings
) -> None:  # type: ignore[no-untyped-def]
    settings.SECURE_SSL_REDIRECT = True
    with pytest.raises(RuntimeError, match="PUBLIC_URL"):
        export_site(tmp_path)


def test_downloads_keep_their_names(organ: Organ, column: ColumnPage, tmp_path: Path) -> None:
    file = services.add_attachment(SYSTEM, organ, "补贴标准（2026）.txt", "标准".encode())
    page = make_item(column, body=[("download", {"file": file, "name": "标准"}), ("text", "<p>文</p>")])
    export_site(tmp_path)
    files = _texts(tmp_path)
    assert any(name.startswith(f"disclosure/files/{file.pk}/补贴标准") for name in files), list(files)
    assert "%E8%A1%A5%E8%B4%B4" in files[_file(page.public_url)]


def test_every_file_of_the_sitemap_has_a_path(
    client: Client, column: ColumnPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.portal.sitemaps.PublicSitemap.limit", 2)
    pages = [make_item(column, title=f"第{n}件") for n in range(5)]
    export_site(tmp_path)
    files = _texts(tmp_path)
    listed = "".join(text for name, text in files.items() if name.startswith("sitemap-public"))
    assert all(page.public_url in listed for page in pages)
    assert "?p=" not in files["sitemap.xml"]
    assert "sitemap-public-3.xml" in files["sitemap.xml"]
    for wrong in ("public-9", "public-0", "other", "public-1-2"):
        assert client.get(f"/sitemap-{wrong}.xml").status_code == 404


def test_a_long_column_is_read_to_its_end_without_the_application(
    column: ColumnPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.publication.views.PER_PAGE", 2)
    pages = [make_item(column, title=f"第{n}件事") for n in range(5)]
    assert export_site(tmp_path).broken == []
    files = _texts(tmp_path)
    home = column.url.strip("/")
    names = [f"{home}/index.html", f"{home}/page-2.html", f"{home}/page-3.html"]
    found = [[n for n, page in enumerate(pages) if page.title in files[name]] for name in names]
    assert found == [[3, 4], [1, 2], [0]]
    assert "before=" not in files[names[0]]
    assert f'href="/{home}/page-2.html"' in files[names[0]]


def test_public_counts_of_visits_are_files_where_the_office_publishes_them(
    column: ColumnPage, tmp_path: Path, settings: Any
) -> None:
    settings.VISITS_PUBLIC = False
    export_site(tmp_path)
    assert not [name for name in _texts(tmp_path) if name.startswith("visits/")]
    settings.VISITS_PUBLIC = True
    today = timezone.localdate()
    counted = address_of("/")
    assert counted is not None
    ledger.add({(today.replace(day=1) - timedelta(days=1), counted): 7}, today)
    assert export_site(tmp_path).broken == []
    texts = _texts(tmp_path)
    assert "/visits/visits.csv" in texts["visits/index.html"]
    assert f"{today.replace(day=1) - timedelta(days=1):%Y-%m}" in texts["visits/visits.csv"]
