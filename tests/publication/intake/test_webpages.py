"""A ZIP of an old site's pages: read into drafts with their files, tried first, nothing unpacked where it should not be."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.publication.intake import migration, webpages
from gongkai.publication.models import DisclosurePage, MigrationRun, OldAddress
from gongkai.publication.services.items import files_of
from tests.publication.intake import files
from tests.publication.review.samples import id_number, workbook

ARTICLE = """<html><head><meta charset="gb2312"><title>关于防汛的通知_某区政府</title>
<meta name="ArticleTitle" content="关于做好防汛工作的通知"><meta name="PubDate" content="2024-05-06 09:30">
<meta name="ContentSource" content="某局"></head><body><div class="nav"><p>首页 机构 公开</p></div>
<div class="TRS_Editor"><p>某政发〔2024〕7号</p><p>各村民委员会：</p><p>一、加强值守</p><p>请认真落实防汛责任。</p>
<p>2024年5月5日</p><p>附件：<a href="./files/名册.xlsx">物资名册</a> <a href="old.doc">说明</a>
<a href="missing.docx">丢失的</a></p><img src="/img/a.jpg"></div></body></html>"""
PLAIN = """<html><head><title>停水公告 - 某区</title></head><body><div><p>发布时间：2023-08-01 来源：某公司</p></div>
<div id="x"><p>因检修，定于二〇二三年八月三日停水一日，请提前储水。</p><p>特此公告。</p></div></body></html>"""


def packed(**extra: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("www.old.gov.cn/a/1.html", ARTICLE.encode("gb18030"))
        box.writestr("www.old.gov.cn/a/2.htm", PLAIN)
        box.writestr("www.old.gov.cn/a/files/名册.xlsx", workbook())
        box.writestr("www.old.gov.cn/a/old.doc", b"MZ\x90\0")
        box.writestr("www.old.gov.cn/img/a.jpg", files.photo(300, 200))
        box.writestr("www.old.gov.cn/index.html", "<html><body><a href='a/1.html'>一</a></body></html>")
        for name, data in extra.items():
            box.writestr(f"www.old.gov.cn/{name}.html", data)
    return out.getvalue()


def test_what_a_page_says_of_itself() -> None:
    with webpages.opened(io.BytesIO(packed())) as site:
        rows = {cells[7]: cells for _, cells in site.rows(0)}
    title, number, formed, published, source, *_ = rows["/a/1.html"]
    assert (title, number, formed) == ("关于做好防汛工作的通知", "某政发〔2024〕7号", date(2024, 5, 5))
    assert (published, source) == ("2024-05-06 09:30", "某局")
    assert "首页 机构" not in rows["/a/1.html"][8]
    assert rows["/a/1.html"][9].files == [
        ("a/files/名册.xlsx", "物资名册"),
        ("a/old.doc", "说明"),
        ("img/a.jpg", ""),
    ]
    assert rows["/a/2.htm"][0] == "停水公告"
    assert rows["/a/2.htm"][3] == "2023-08-01"
    assert "没有读到正文" in rows["/index.html"][9].problem


@pytest.mark.django_db
def test_tried_imported_and_reported_on_the_screens(world: Any) -> None:
    client = world.client(world.editor)
    bad = PLAIN.replace("停水公告", "停气公告").replace("特此公告", f"联系人证件 {id_number()}").encode()
    file = SimpleUploadedFile("旧站.zip", packed(b=bad, c=PLAIN.replace("发布时间：2023-08-01", "").encode()))
    data = {"file": file, "mode": "draft", "source": "旧站", "column": world.column.pk}
    answer = client.post(reverse("publication_imports"), data)
    run = MigrationRun.objects.get()
    assert run.packed
    chosen = {f"field-{n}": key for key, n in run.mapping["fields"].items()}
    client.post(answer["Location"], {"act": "try", "column": world.column.pk, **chosen})
    run.refresh_from_db()
    assert (run.state, run.trial_good, run.trial_bad) == ("checked", 2, 3)
    assert not DisclosurePage.objects.exists(), "a dry run writes nothing"
    text = client.get(answer["Location"]).content.decode()
    for said in (
        "没有读到正文",
        "居民身份证号码",
        "成文日期和发布时间都没有",
        "附件“old.doc”没有带进来",
        "可执行程序",
    ):
        assert said in text
    assert id_number() not in text
    client.post(answer["Location"], {"act": "import"})
    run.refresh_from_db()
    assert (run.state, run.moved, run.skipped) == ("done", 2, 3)
    page = DisclosurePage.objects.get(title="关于做好防汛工作的通知")
    assert (page.state, page.shown, page.document_number) == ("draft", False, "某政发〔2024〕7号")
    kinds = [b.block_type for b in page.body]
    assert kinds[0] == "text"
    assert kinds[-2:] == ["download", "picture"]
    assert len(files_of(page)) == 2
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert OldAddress.objects.get(page=page).path == "/a/1.html"
    text = client.get(answer["Location"]).content.decode()
    assert "没有替代文字，送审前补上" in text
    book = load_workbook(io.BytesIO(migration.report_of(run)))
    assert book["未导入的行"].max_row == 4
    assert "old.doc" in book["导入后还要补的"]["C2"].value
    again = migration.open_run(
        world.editor, world.dept, "旧站.zip", packed(), source="", mode="draft", column=world.column
    )
    again = migration.try_run(
        world.editor, migration.set_mapping(world.editor, again, again.mapping["fields"], world.column)
    )
    assert again.trial_good == 0, "nothing comes twice"


@pytest.mark.django_db
def test_what_is_no_site_is_refused(world: Any) -> None:
    def opened(data: bytes, mode: str = "draft") -> MigrationRun:
        return migration.open_run(world.director, world.dept, "a.zip", data, source="", mode=mode)

    with pytest.raises(ValidationError, match="只能存为草稿"):
        opened(packed(), "history")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("a.txt", "x")
    with pytest.raises(ValidationError, match="没有网页"):
        opened(out.getvalue())
    with pytest.raises(ValidationError, match="文件不完整"):
        opened(b"PK\x03\x04 broken")


def test_names_in_the_archive_are_no_paths(monkeypatch: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("../../etc/x.html", PLAIN)
        box.writestr(
            "/root/y.html",
            PLAIN.replace("</p></div></body>", "<a href='../../../etc/passwd'>密</a></p></div></body>"),
        )
    with webpages.opened(io.BytesIO(out.getvalue())) as site:
        assert site.pages == ["etc/x.html", "root/y.html"]
        assert all(cells[-1].files == [] for _, cells in site.rows(0))
    monkeypatch.setattr(webpages, "MAX_UNPACKED", 10)
    with pytest.raises(ValidationError, match="太大"), webpages.opened(io.BytesIO(packed())):
        pass


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_page_is_a_problem_of_its_own(how: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as box:
        box.writestr("a.html", PLAIN * 50)
        box.writestr("b.html", PLAIN)
    data = bytearray(out.getvalue())
    start = data.index(b"a.html") + len(b"a.html")
    data[start + 9 : start + 40] = b"\xff" * 31
    with webpages.opened(io.BytesIO(bytes(data))) as site:
        damaged, good = (cells for _, cells in site.rows(0))
    assert "损坏" in damaged[9].problem
    assert good[0] == "停水公告"


@pytest.mark.django_db
def test_one_odd_page_stops_none_of_the_others(world: Any) -> None:
    odd = '<a href="http://[网址]">网上办理</a><a href="//[">x</a>'
    deep = PLAIN.replace("停水公告", "停气公告").replace("<p>特此", "<div>" * 300 + "<p>特此")
    old = PLAIN.replace("停水公告", "停电公告").replace("2023-08-01", "1958-08-01")
    data = packed(
        x=PLAIN.replace("停水公告", "停暖公告").replace("特此公告。", odd).encode(),
        y=deep.encode(),
        z=old.encode(),
    )
    run = migration.open_run(
        world.editor, world.dept, "旧站.zip", data, source="旧站", mode="draft", column=world.column
    )
    migration.try_run(world.editor, run)
    assert any("嵌套太深" in row.reason for row in run.rows.filter(trial=True, title="停气公告"))
    good = run.trial_good
    migration.import_rows(world.editor, run)
    titles = set(DisclosurePage.objects.values_list("title", flat=True))
    assert {"停暖公告", "停水公告", "停电公告"} <= titles
    assert "停气公告" not in titles
    assert run.moved == good == len(titles)
