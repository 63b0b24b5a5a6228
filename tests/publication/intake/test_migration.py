"""A thousand rows from a spreadsheet: what moves, what stays and why, and that nothing moves twice."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page

from gongkai.publication.intake import judging, migration, sheets
from gongkai.publication.intake.rows import Problem, Row
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    MigrationRow,
    MigrationRun,
    OldAddress,
    Release,
)
from gongkai.publication.testing import make_item
from tests.publication.intake import files

pytestmark = pytest.mark.django_db
HEAD = ["序号", "信息标题", "栏目", "发布单位", "生成日期", "发布时间", "索引号", "链接", "正文", "体裁"]


def line(n: int, **changes: Any) -> list[Any]:
    row: dict[str, Any] = {
        "no": n, "title": f"第{n}号公告", "column": "工作动态", "organ": "甲区教育局", "formed": date(2024, 1, 1 + n % 28),
        "published": f"2024-02-{1 + n % 28:02d} 09:30", "number": None, "url": f"http://old.gov.cn/a/{n}.html",
        "body": "<p style='color:red'>一、内容</p>" if n % 2 else "第一段\n第二段", "genre": "公告", **changes,
    }  # fmt: skip
    return list(row.values())


def opened(world: Any, rows: list[list[Any]], actor: Any = None, mode: str = "history") -> MigrationRun:
    return migration.open_run(
        actor or world.director, world.gov, "旧站.xlsx", files.xlsx([HEAD, *rows]), source="原网站", mode=mode
    )


def mapped(world: Any, run: MigrationRun, actor: Any = None) -> MigrationRun:
    return migration.try_run(
        actor or world.director, migration.set_mapping(actor or world.director, run, run.mapping["fields"])
    )


BAD = {
    "缺少标题": {"title": None},
    "正文里有居民身份证号码": {"body": "<p>某某，1101051949<b>1231002X</b></p>"},
    "不在可以导入的机构里": {"organ": "乙区人民政府"},
    "没有“没有的栏目”栏目": {"column": "没有的栏目"},
    "不是日期": {"formed": "去年"},
    "发布时间早于成文日期": {"published": "2023-01-01"},
    "不在规定的选项里": {"genre": "随笔"},
    "没有原发布时间，不能不经审核公开": {"published": None},
    "同一机构、标题和成文日期的信息已有": {"title": "第1号公告", "formed": date(2024, 1, 2)},
    "原网址已经指向另一条信息": {"url": "http://old.gov.cn/a/1.html"},
    "索引号“旧/2020-1”已有": {"number": "旧/2020-1"},
}


def test_a_thousand_rows_with_every_kind_of_mistake(world: Any, django_assert_max_num_queries: Any) -> None:
    rows = [line(n) for n in range(1, 1001)]
    rows[4] = line(5, number="旧/2020-1")
    rows += [line(2000 + n, **change) for n, change in enumerate(BAD.values())]
    run = opened(world, rows)
    assert run.mapping["fields"]["title"] == 1
    run = mapped(world, run)
    assert (run.trial_good, run.trial_bad, run.state) == (1000, len(BAD), "checked")
    assert DisclosurePage.objects.count() == 0, "a dry run writes nothing"
    with django_assert_max_num_queries(400):
        run = migration.import_rows(world.director, run)
    assert (run.moved, run.skipped, run.state) == (1000, len(BAD), "done")
    reasons = list(run.rows.filter(trial=False).exclude(reason="").values_list("reason", "advice"))
    for (reason, advice), expected in zip(reasons, BAD, strict=True):
        assert expected in reason
        assert advice
        assert "11010519491231002X" not in reason
    assert Page.find_problems() == ([], [], [], [], [])
    page = DisclosurePage.objects.get(title="第1号公告")
    assert page.shown
    assert page.imported_from.startswith("原网站")
    assert f"{page.published_at:%Y-%m-%d}" == "2024-02-02"
    assert [b.value.source for b in page.body] == ["<h2>一、内容</h2>"]
    assert Release.objects.filter(channel="portal", state="done").count() == 1000
    assert ColumnPage.objects.get(pk=world.column.pk).live_count == 1000
    assert DisclosurePage.objects.get(title="第5号公告").index_number == "旧/2020-1"
    book = load_workbook(io.BytesIO(migration.report_of(run)))
    assert book["未导入的行"].max_row == len(BAD) + 1
    assert ("已导入", 1000) in list(book["导入报告"].values)


def test_the_same_file_again_moves_nothing(world: Any) -> None:
    rows = [line(n) for n in range(1, 30)]
    migration.import_rows(world.director, mapped(world, opened(world, rows)))
    again = opened(world, [*rows, line(77)])
    assert again.mapping["fields"]["title"] == 1
    again = migration.import_rows(world.director, mapped(world, again))
    assert (again.moved, again.skipped) == (1, 29)
    assert DisclosurePage.objects.count() == 30


def test_a_run_cut_short_goes_on_where_it_was(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(migration, "BATCH", 10)
    run = mapped(world, opened(world, [line(n) for n in range(1, 36)]))
    run = migration.import_rows(world.director, run, seconds=0)
    assert (run.state, run.moved, run.last_line) == ("running", 10, 11)
    calls = []

    def broken(*args: Any, **kwargs: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise OSError("the power went")
        return real(*args, **kwargs)

    real = migration.bulk_add
    monkeypatch.setattr(migration, "bulk_add", broken)
    with pytest.raises(OSError, match="power"):
        migration.import_rows(world.director, run)
    monkeypatch.setattr(migration, "bulk_add", real)
    run.refresh_from_db()
    assert (run.moved, DisclosurePage.objects.count()) == (20, 20), (
        "a batch and its bookkeeping stand or fall together"
    )
    run = migration.import_rows(world.director, run)
    assert (run.moved, run.skipped, run.state) == (35, 0, "done")
    assert MigrationRow.objects.filter(run=run, trial=False).count() == 35
    assert migration.import_rows(world.director, run).moved == 35


def test_old_addresses_lead_to_the_item(world: Any, client: Any) -> None:
    migration.import_rows(
        world.director, mapped(world, opened(world, [line(3), line(4, url="/show.asp?id=4")]))
    )
    page = DisclosurePage.objects.get(title="第3号公告")
    answer = client.get("/a/3.html")
    assert (answer.status_code, answer["Location"]) == (301, page.public_url)
    assert client.get("/show.asp?id=4").status_code == 301
    assert client.get("/show.asp?id=5").status_code == client.get("/a/none.html").status_code == 404
    assert OldAddress.objects.count() == 2
    DisclosurePage.objects.filter(pk=page.pk).update(shown=False, live=False)
    assert client.get("/a/3.html").status_code == 404


def test_who_may_import_what(world: Any) -> None:
    rows = [line(1, organ=None)]
    with pytest.raises(PermissionDenied):
        opened(world, rows, world.editor)  # an editor of a department, for the government
    with pytest.raises(PermissionDenied):
        migration.open_run(
            world.editor, world.dept, "a.xlsx", files.xlsx([HEAD, *rows]), source="", mode="history"
        )
    run = migration.open_run(
        world.editor, world.dept, "a.xlsx", files.xlsx([HEAD, *rows]), source="", mode="draft"
    )
    for act in (
        migration.try_run,
        migration.import_rows,
        lambda a, r: migration.set_mapping(a, r, {"title": 1}),
    ):
        with pytest.raises(PermissionDenied):
            act(world.stranger, run)
    run = migration.import_rows(world.editor, mapped(world, run, world.editor))
    page = DisclosurePage.objects.get()
    assert (page.state, page.live, page.index_number, page.drafter) == ("draft", False, None, world.editor)


def test_mappings_are_judged_and_remembered(world: Any) -> None:
    run = opened(world, [line(1)])
    for fields, words in (
        ({"column": 2}, "标题"), ({"title": 1, "summary": 1, "column": 2, "published_at": 5}, "同一列"), ({"title": 1}, "栏目"), ({"title": 99}, "有误"),
        ({"title": 1, "column": 2}, "发布时间"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=words):
            migration.set_mapping(world.director, run, fields)
    own = {"title": 1, "column": 2, "organ": 3, "published_at": 5, "author": 0}
    migration.set_mapping(world.director, run, own)
    assert opened(world, [line(9)]).mapping["fields"] == own
    with pytest.raises(ValidationError, match="试运行"):
        migration.import_rows(world.director, run)


def test_numbers_of_our_own_form_are_never_given_again(world: Any) -> None:
    first = make_item(world.column, title="先有的").index_number
    number = f"{first.rpartition('/')[0]}/2024-00040"
    migration.import_rows(world.director, mapped(world, opened(world, [line(1, number=number), line(2)])))
    assert DisclosurePage.objects.get(title="第1号公告").index_number == number
    assert DisclosurePage.objects.get(title="第2号公告").index_number.endswith("/2024-00041")


def test_a_registered_check_keeps_rows_out(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(judging, "_CHECKS", [])

    @migration.register_check
    def secret(row: Row) -> list[Problem]:
        return [Problem("正文有秘密", "删去。")] if "秘密" in str(row.values.get("body")) else []

    run = mapped(world, opened(world, [line(1), line(2, body="秘密")]))
    assert (run.trial_good, run.trial_bad) == (1, 1)


def test_the_template_is_read_by_the_import(world: Any) -> None:
    data = sheets.template(["甲区教育局"], ["工作动态"])
    at, names = sheets.find_headings(io.BytesIO(data))
    assert at == 1
    assert names[2] == "标题＊"
    assert len(load_workbook(io.BytesIO(data))["导入"].data_validations.dataValidation) >= 7
    with pytest.raises(ValidationError, match="没有找到表头"):
        sheets.find_headings(io.BytesIO(files.xlsx([["甲", "乙"]])))


def test_history_takes_only_what_was_public_and_says_so_row_by_row(world: Any) -> None:
    later = timezone.localtime().replace(tzinfo=None) + timedelta(hours=1)
    row = Row(2, {"published_at": later})
    judging.Judge._was_public(row)
    assert [p.reason for p in row.problems] == ["发布时间还没有到，不能不经审核公开"]
    run = opened(world, [line(1), line(2, published=None), line(3, published=None, title=None)])
    run = mapped(world, run)
    url = reverse("publication_import", args=[run.pk])
    text = world.client(world.director).get(url).content.decode()
    assert "只收原来公开过的信息" in text
    assert text.count("没有原发布时间，不能不经审核公开") >= 2, "by reason and by row"
    left = dict(run.rows.filter(trial=True).values_list("line", "reason"))
    assert left[3] == "没有原发布时间，不能不经审核公开"
    assert left[4].startswith("缺少标题；没有原发布时间"), "all that is wrong with a row at once"
    run = migration.import_rows(world.director, run)
    assert (run.moved, run.skipped) == (1, 2)
    drafts = mapped(world, opened(world, [line(2, published=None)], mode="draft"))
    assert migration.import_rows(world.director, drafts).moved == 1
    assert not DisclosurePage.objects.get(title="第2号公告").shown
