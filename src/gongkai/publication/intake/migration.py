"""Items by the thousand from a spreadsheet: map, try, import; again as often as needed, never twice.

Rows are read one at a time and written in batches, each in its own transaction together with how far the run has come: a
run that was cut short goes on at the next row. A row that is there already is skipped and says so, so running a file
again moves only what was mended.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gongkai.applications.filetypes import clean_name, recognise
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.indexing import generator
from gongkai.publication.intake import checks, sheets, webpages  # noqa: F401  (checks registers what keeps rows out)
from gongkai.publication.intake.judging import MODULE, Judge, register_check, right_of
from gongkai.publication.intake.rows import COLUMNS, Problem, Row, guess_mapping, read_row
from gongkai.publication.models import (
    ColumnPage,
    DisclosurePage,
    IndexSerial,
    MigrationRow,
    MigrationRun,
    OldAddress,
    PolicyPage,
)
from gongkai.publication.services.bulk import bulk_add
from gongkai.publication.services.files import add_attachment
from gongkai.publication.vocab import Kind

#: Rows of a sheet, and web pages with their files, in one transaction.
BATCH, PAGES = 500, 20
MAX_BYTES = 200 * 1024 * 1024
register_acts(
    {
        "publication.migration.open": "上传导入表",
        "publication.migration.map": "设置列的对应",
        "publication.migration.finish": "完成批量导入",
    }
)


def open_run(
    actor: Any,
    organ: Organ,
    name: str,
    data: bytes,
    *,
    source: str,
    mode: str,
    column: ColumnPage | None = None,
) -> MigrationRun:
    """Keeps a workbook of items and proposes which column is what: as in the last run with the same headings, else by
    their names. ``column`` takes the rows that name none.

    Raises ValidationError for what is no such workbook, PermissionDenied (history needs the right to publish).
    """
    if mode not in MigrationRun.Mode.values:
        raise ValidationError({"mode": "请选择导入方式。"})
    require(actor, MODULE, "publish" if mode == MigrationRun.Mode.HISTORY else "add", organ)
    if len(data) > MAX_BYTES:
        raise ValidationError({"file": f"文件超过 {MAX_BYTES // 1048576} MB，请分成几个文件。"})
    packed = webpages.is_archive(data)
    if packed and mode == MigrationRun.Mode.HISTORY:
        raise ValidationError(
            {"mode": "压缩包里的网页只能存为草稿：附件要经过送审前的扫描，不能不经审核公开。"}
        )
    line, headings, shown = _archive(name, data) if packed else _workbook(name, data)
    run = MigrationRun(
        organ=organ, name=shown, packed=packed, digest=hashlib.sha256(data).hexdigest(), source=source.strip()[:100],
        mode=mode, headings=headings, header_line=line, last_line=line, by=None if actor is SYSTEM else actor,
    )  # fmt: skip
    before = MigrationRun.objects.filter(organ=organ, headings=headings).exclude(mapping={}).first()
    run.mapping = dict(before.mapping) if before else {"fields": guess_mapping(headings)}
    run.mapping["column"] = column.pk if column else None
    with transaction.atomic():
        run.file.save("upload", ContentFile(data), save=False)
        run.save()
        record(actor, "publication.migration.open", run, organ=organ, reason=f"{run.name} {run.digest[:16]}")
    return run


def _workbook(name: str, data: bytes) -> tuple[int, list[str], str]:
    kind = recognise(data)
    if kind.key != "xlsx":
        raise ValidationError(
            {"file": "请上传 xlsx 表格，或者网页的 ZIP 压缩包。其他格式请用 Excel 或者 WPS 另存为 xlsx。"}
        )
    return *sheets.find_headings(io.BytesIO(data)), clean_name(name, kind)


def _archive(name: str, data: bytes) -> tuple[int, list[str], str]:
    with webpages.opened(io.BytesIO(data)):  # says at once what is wrong with it
        return 0, webpages.HEADINGS, name.replace("\\", "/").rsplit("/", 1)[-1][-150:] or "网页.zip"


@transaction.atomic
def set_mapping(
    actor: Any, run: MigrationRun, fields: dict[str, int], column: ColumnPage | None = None
) -> MigrationRun:
    """Says which column of the sheet is which field. Raises ValidationError, PermissionDenied."""
    require(actor, MODULE, right_of(run), run.organ)
    if run.state == MigrationRun.State.DONE:
        raise ValidationError("这次导入已经完成，要改对应关系请重新上传。")
    unknown = set(fields) - {c.key for c in COLUMNS}
    if unknown or any(not 0 <= n < len(run.headings) for n in fields.values()):
        raise ValidationError("列的对应关系有误，请重新选择。")
    missing = [c.heading for c in COLUMNS if c.needed and c.key not in fields]
    if missing:
        raise ValidationError(f"还没有选定哪一列是{'、'.join(missing)}。")
    if len(set(fields.values())) < len(fields):
        raise ValidationError("同一列不能对应两个要素。")
    if "column" not in fields and column is None:
        raise ValidationError("表里没有“栏目”列，请选定导入到哪个栏目。")
    if run.mode == MigrationRun.Mode.HISTORY and "published_at" not in fields:
        raise ValidationError("按原发布时间公开，表里要有发布时间一列；没有的，请改为存为草稿。")
    run.mapping = {"fields": fields, "column": column.pk if column else None}
    run.save(update_fields=["mapping"])
    record(actor, "publication.migration.map", run, organ=run.organ)
    return run


def _batches(run: MigrationRun) -> Iterator[list[Row]]:
    today = timezone.localdate()
    fields: dict[str, int] = run.mapping["fields"]
    after = max(run.header_line, run.last_line)
    with run.file.open("rb") as file:
        if not run.packed:
            rows = (read_row(line, cells, fields, today) for line, cells in sheets.rows_of(file, after))
            while batch := list(islice(rows, BATCH)):
                yield batch
            return
        with webpages.opened(file) as site:
            pages = (_page_row(site, line, cells, fields, today) for line, cells in site.rows(after))
            while batch := list(islice(pages, PAGES)):
                yield batch


def _page_row(
    site: webpages.Site, line: int, cells: tuple[Any, ...], fields: dict[str, int], today: date
) -> Row:
    """A web page as a row, with its files and what is to be said of them."""
    beside: webpages.Beside = cells[-1]
    row = read_row(line, cells[:-1], fields, today)
    row.values.setdefault("old_url", cells[webpages.HEADINGS.index("原网址")])
    if beside.problem:
        row.problems = [Problem(beside.problem, "列表页和首页不用导入；确是文章的，用“粘贴整理”。")]
    elif not row.problems:
        row.files, row.notes = site.taken(beside.files)
    return row


def try_run(actor: Any, run: MigrationRun) -> MigrationRun:
    """The dry run: judges every row and writes none. Raises ValidationError, PermissionDenied."""
    require(actor, MODULE, right_of(run), run.organ)
    if run.state not in (MigrationRun.State.MAPPING, MigrationRun.State.CHECKED):
        raise ValidationError("已经开始导入，不能再试运行。")
    if not run.mapping.get("fields"):
        raise ValidationError("请先选定各列对应什么。")
    judge, good, bad = Judge(actor, run), 0, []
    for batch in _batches(run):
        judge.batch(batch)
        good += sum(not r.problems for r in batch)
        bad += [_line(run, r, trial=True) for r in batch if r.problems]
        bad += [_line(run, r, trial=True) for r in batch if r.notes and not r.problems]
    refused = sum(bool(row.reason) for row in bad)
    with transaction.atomic():
        MigrationRow.objects.filter(run=run, trial=True).delete()
        MigrationRow.objects.bulk_create(bad, batch_size=BATCH)
        run.trial_good, run.trial_bad, run.total = good, refused, good + refused
        run.state = MigrationRun.State.CHECKED
        run.save(update_fields=["trial_good", "trial_bad", "total", "state"])
    return run


def _line(run: MigrationRun, row: Row, *, trial: bool = False, page: int | None = None) -> MigrationRow:
    return MigrationRow(
        run=run, trial=trial, line=row.line, title=str(row.values.get("title") or row.values.get("old_url") or "")[:200],
        page_id=page, reason="；".join(p.reason for p in row.problems)[:500],
        advice="".join([*(p.advice for p in row.problems), *([] if row.problems else row.notes)])[:300],
    )  # fmt: skip


def import_rows(
    actor: Any,
    run: MigrationRun,
    *,
    seconds: float | None = None,
    progress: Callable[[MigrationRun], None] | None = None,
) -> MigrationRun:
    """Imports from where the run stands; with ``seconds`` stops after the batch in which they ran out (call again).

    Raises ValidationError when it was not tried first, PermissionDenied.
    """
    require(actor, MODULE, right_of(run), run.organ)
    if run.state == MigrationRun.State.MAPPING:
        raise ValidationError("请先试运行，看过结果再导入。")
    if run.state == MigrationRun.State.DONE:
        return run
    start, judge, ended = time.monotonic(), Judge(actor, run), True
    for batch in _batches(run):
        _write(actor, run.pk, judge, batch)
        if progress:
            run.refresh_from_db()
            progress(run)
        if seconds is not None and time.monotonic() - start > seconds:
            ended = False
            break
    with transaction.atomic():
        row = MigrationRun.objects.select_for_update().get(pk=run.pk)
        row.seconds += time.monotonic() - start
        if ended and row.state != MigrationRun.State.DONE:
            row.state, row.finished_at = MigrationRun.State.DONE, timezone.now()
            record(
                actor, "publication.migration.finish", row, organ=row.organ,
                reason=f"导入 {row.moved} 条，未导入 {row.skipped} 条",
            )  # fmt: skip
        row.save(update_fields=["seconds", "state", "finished_at"])
    run.refresh_from_db()
    return run


@transaction.atomic
def _write(actor: Any, key: int, judge: Judge, batch: list[Row]) -> None:
    """One batch and how far the run has come, together or not at all."""
    run = MigrationRun.objects.select_for_update().select_related("organ").get(pk=key)
    # Somebody else pressed the button too: what they did is done.
    batch = [r for r in batch if r.line > run.last_line]
    if not batch:
        return
    judge.batch(batch)
    groups: dict[ColumnPage, list[Row]] = {}
    for row in batch:
        if not row.problems:
            groups.setdefault(row.values["column"], []).append(row)
    history = run.mode == MigrationRun.Mode.HISTORY
    lines = [_line(run, r) for r in batch if r.problems]
    for column, rows in groups.items():
        pages = [_page(r, column, history, actor) for r in rows]
        _reserve(column.organ, pages)
        bulk_add(actor, column, pages, source=f"{run.source or run.name} {run.pk}", publish=history)
        lines += [_line(run, r, page=p.pk) for r, p in zip(rows, pages, strict=True)]
        addresses = [
            OldAddress(path=r.values["old_url"], page_id=p.pk)
            for r, p in zip(rows, pages, strict=True)
            if r.values.get("old_url")
        ]
        OldAddress.objects.bulk_create(addresses, batch_size=BATCH)
    MigrationRow.objects.bulk_create(lines, batch_size=BATCH)
    moved = sum(len(rows) for rows in groups.values())
    MigrationRun.objects.filter(pk=key).update(
        last_line=batch[-1].line, moved=F("moved") + moved, skipped=F("skipped") + len(batch) - moved,
        state=MigrationRun.State.RUNNING,
    )  # fmt: skip


_PLAIN = (
    "title", "document_number", "formed_on", "index_number", "issuer", "source", "author", "topic_class", "genre",
    "attribute", "attribute_reason", "summary", "keywords", "validity", "effective_on", "expires_on",
)  # fmt: skip


def _page(row: Row, column: ColumnPage, history: bool, actor: Any) -> DisclosurePage:
    values = row.values
    kind = values.get("kind") or column.default_kind
    # Kinds with questions of their own need answers no sheet has; their history comes in the general form.
    model = PolicyPage if kind == Kind.POLICY else DisclosurePage
    page = model(**{k: values[k] for k in _PLAIN if k in values}, kind=kind)
    if not page.summary:
        page.summary = values["title"][:200]
    page.body = [*row.blocks, *_blocks(actor, column, row)]
    if history:
        page.published_at = timezone.make_aware(_settled(values["published_at"]))
    else:
        page.index_number = None  # given at publication
    if actor is not SYSTEM:
        page.owner = page.drafter = actor
    return page


def _blocks(actor: Any, column: ColumnPage, row: Row) -> list[tuple[str, Any]]:
    """The files of a web page behind its text: pictures as pictures, the rest to be downloaded."""
    blocks: list[tuple[str, Any]] = []
    for name, shown, read in row.files:
        try:
            file = add_attachment(actor, column.organ, name, read() or b"")
        except ValidationError as error:
            row.notes.append(f"附件“{name.rsplit('/', 1)[-1][:60]}”没有带进来：{''.join(error.messages)}")
            continue
        if not file.is_picture:
            blocks.append(("download", {"file": file, "name": shown}))
            continue
        blocks.append(("picture", {"file": file, "alt": shown, "caption": ""}))
        if not shown:
            row.notes.append(f"图片“{file.name[:60]}”没有替代文字，送审前补上。")
    return blocks


def _settled(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _reserve(organ: Organ, pages: list[DisclosurePage]) -> None:
    """Old numbers in our own form take their serials with them: none of them is ever given again."""
    form, highest = generator(), {}
    for page in pages:
        head, _, serial = (page.index_number or "").rpartition("-")
        year = head[-4:]
        if (
            serial.isdecimal()
            and year.isdecimal()
            and form(organ, int(year), int(serial)) == page.index_number
        ):
            highest[int(year)] = max(highest.get(int(year), 0), int(serial))
    for year, serial in highest.items():
        IndexSerial.objects.get_or_create(organ=organ, year=year)
        IndexSerial.objects.filter(organ=organ, year=year, last__lt=serial).update(last=serial)


def report_of(run: MigrationRun) -> bytes:
    """What moved and what did not, as a workbook; before the import, what the dry run found."""
    trial = run.state in (MigrationRun.State.MAPPING, MigrationRun.State.CHECKED)
    rows = run.rows.filter(trial=trial).exclude(reason="").values_list("line", "title", "reason", "advice")
    good, bad = (run.trial_good, run.trial_bad) if trial else (run.moved, run.skipped)
    fields = {c.key: c.heading for c in COLUMNS}
    mapping = "；".join(f"{run.headings[n]} → {fields[k]}" for k, n in run.mapping.get("fields", {}).items())
    notes = run.rows.filter(trial=trial, reason="").exclude(advice="").values_list("line", "title", "advice")
    head = [
        ("报告", "试运行" if trial else "导入"), ("文件", run.name), ("文件摘要", run.digest), ("来源", run.source),
        ("机构", run.organ.name), ("方式", run.get_mode_display()), ("经办人", str(run.by or "系统")),
        ("时间", f"{timezone.localtime(run.finished_at or run.at):%Y-%m-%d %H:%M}"), ("列的对应", mapping), ("行数", good + bad),
        ("可以导入" if trial else "已导入", good), ("不能导入" if trial else "未导入", bad), ("用时（秒）", round(run.seconds, 1)),
    ]  # fmt: skip
    return sheets.report(head, rows.iterator(chunk_size=2000), notes)


__all__ = ["Problem", "import_rows", "open_run", "register_check", "report_of", "set_mapping", "try_run"]
