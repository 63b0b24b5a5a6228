"""How a file comes into the archive, and whether it is still what it was."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require, scope_of
from gongkai.records import selectors
from gongkai.records.matters import Matter, Retention, Secrecy, catalogue_number, keep_until
from gongkai.records.models import ArchiveFile, Fonds
from gongkai.records.policies import MODULE
from gongkai.records.services.numbers import next_serial
from gongkai.records.services.storing import Staged, plain, stage

register_acts(
    {
        "records.file": "归档",
        "records.open": "查阅电子档案",
        "records.open_closed": "查阅封存的电子档案",
        "records.close": "封存电子档案",
        "records.fonds": "设立全宗",
    }
)
MIN_REASON = 2
ZIP = "application/zip"


def fonds_for(organ: Organ) -> Fonds:
    """The fonds of ``organ``; where neither it nor any organ above has one, one is set up under the organ's own code, to be
    replaced by the number that the county archive gives."""
    found = selectors.fonds_of(organ)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            fonds = Fonds.objects.create(organ=organ, code=organ.slug.upper()[:20], name=organ.name)
            audit(SYSTEM, "records.fonds", fonds, organ=organ, reason="归档时自动设立，全宗号待档案馆给定")
            return fonds
    except IntegrityError:  # set up by somebody else in the same moment, or the code is taken
        found = selectors.fonds_of(organ)
        if found is None:
            raise ValidationError("全宗号重复，请先在“全宗”中为本机构设立全宗。") from None
        return found


def file_away(
    actor: Any,
    *,
    organ: Organ,
    year: int,
    matter: str,
    object_type: str,
    object_id: Any,
    title: str,
    package: bytes | Path | Staged,
    manifest: Mapping[str, Any],
    pages: int = 0,
    retention: str | None = None,
    secrecy: str = Secrecy.INTERNAL,
    file_name: str = "案卷.zip",
    media_type: str = ZIP,
    supplement: bool = False,
    today: date | None = None,
) -> ArchiveFile:
    """Take one matter's file into the archive: number, period, digest, place in storage, audit.

    ``package``: the bytes, a path, or what :func:`stage` stored before the caller's transaction began. ``retention``: the
    organ's rule unless given. ``supplement``: a further volume (补充卷) beside what is filed already; nothing is ever
    overwritten. Needs ``add`` in ``records``. Raises PermissionDenied, ValidationError for a matter filed already, one not
    filed yet (``supplement``), or an empty title or package.
    """
    require(actor, MODULE, "add", organ)
    if not title.strip():
        raise ValidationError("请填写题名。")
    if not isinstance(package, Staged):
        with stage(package) as staged:
            return file_away(
                actor, organ=organ, year=year, matter=matter, object_type=object_type, object_id=object_id,
                title=title, package=staged, manifest=manifest, pages=pages, retention=retention, secrecy=secrecy,
                file_name=file_name, media_type=media_type, supplement=supplement, today=today,
            )  # fmt: skip
    if not package.size:
        raise ValidationError("没有可以归档的内容。")
    period, source = selectors.retention_for(organ, matter)
    if retention is not None and retention != period:
        period, source = Retention(retention), "归档时指定"
    row = ArchiveFile(
        organ=organ,
        matter=Matter(matter),
        year=year,
        title=title.strip()[:200],
        object_type=object_type,
        object_id=str(object_id),
        retention=period,
        retention_source=source,
        retention_until=keep_until(year, period),
        secrecy=Secrecy(secrecy),
        file=package.name,
        file_key=package.key,
        file_name=file_name[:120],
        media_type=media_type,
        digest=package.digest,
        size=package.size,
        pages=pages,
        manifest=dict(manifest),
        archived_by=actor if getattr(actor, "pk", None) else None,
        archived_at=timezone.now(),
    )
    _number(actor, row, supplement)
    package.filed = True
    return row


@transaction.atomic
def _number(actor: Any, row: ArchiveFile, supplement: bool) -> None:
    """Gives ``row`` its number and writes it; the number is taken and used in one transaction."""
    fonds = fonds_for(row.organ)
    Fonds.objects.select_for_update().get(pk=fonds.pk)  # one at a time: volumes and numbers in order
    earlier = list(selectors.files_of(row.object_type, row.object_id))
    if earlier and not supplement:
        raise ValidationError(
            f"已归档为 {earlier[-1].number}，不能重复归档；需要补充的归入补充卷。", code="filed"
        )
    if supplement and not earlier:
        raise ValidationError("还没有归档，不能归入补充卷。", code="not_filed")
    if earlier:
        first = earlier[0]
        row.fonds, row.year, row.serial, row.volume = first.fonds, first.year, first.serial, len(earlier) + 1
        row.retention, row.retention_source = first.retention, first.retention_source
        row.retention_until = first.retention_until
    else:
        row.fonds, row.serial = fonds, next_serial(fonds, row.matter, row.year)
    row.number = catalogue_number(row.fonds.code, row.matter, row.year, row.retention, row.serial, row.volume)
    row.save()
    after = {"number": row.number, "object": f"{row.object_type}:{row.object_id}", "sha256": row.digest}
    audit(actor, "records.file", row, organ=row.organ, after=after, reason=row.retention_source)


def may_open(user: Any, archive_file: ArchiveFile) -> bool:
    """Whether ``user`` may read the electronic file: who works in the archive there, once it is 封存 who approves there.
    An inspector sees the catalogue."""
    actions = ["approve"] if archive_file.is_closed else ["change", "approve"]
    return scope_of(user).allows(MODULE, actions, archive_file.organ.path)


@transaction.atomic
def close_files(actor: Any, object_type: str, object_id: Any, *, on: date, reason: str) -> int:
    """封存 every volume of a matter whose personal data was cleared from its own ledger; returns how many.

    The archive keeps what archive law wants kept until appraisal (个人信息保护法第四十七条, 档案法); from now on opening it
    takes ``approve``. No permission is asked: the clearing that this follows has asked for its own. See ADR 0004.
    """
    rows = selectors.files_of(object_type, object_id).select_for_update(of=("self",)).select_related("organ")
    closed = [row for row in rows if not row.is_closed and row.state != ArchiveFile.State.DESTROYED]
    for row in closed:
        row.closed_on = on
        row.save(update_fields=["closed_on"])
        audit(actor, "records.close", row, organ=row.organ, after={"number": row.number}, reason=reason)
    return len(closed)


@transaction.atomic
def note_opening(user: Any, archive_file: ArchiveFile, reason: str) -> None:
    """Puts on record who reads the electronic file and why. Call before handing it out.

    Raises PermissionDenied, ValidationError without a reason.
    """
    if not may_open(user, archive_file):
        require(user, MODULE, "view", archive_file.organ)
        raise PermissionDenied(
            "这份档案的个人信息已按期清除，电子档案已封存；确需查阅的，请由有批准权限的负责人写明事由查阅。"
            if archive_file.is_closed
            else "您可以查看目录；查阅电子档案请联系档案员办理借阅。"
        )
    if len(reason.strip()) < MIN_REASON:
        raise ValidationError({"reason": "请填写查阅事由；查阅人、时间和事由会记入审计记录。"})
    audit(
        user, "records.open_closed" if archive_file.is_closed else "records.open", archive_file, organ=archive_file.organ,
        after={"number": archive_file.number}, reason=reason.strip()[:400],
    )  # fmt: skip


def verify(archive_file: ArchiveFile) -> list[str]:
    """What is wrong with the stored file, nothing when it is what was filed: the digest of the whole, and for a ZIP the digest
    of each member against the manifest that was kept in the catalogue."""
    try:
        with plain(archive_file) as content:
            return _members(content, archive_file.manifest) if archive_file.media_type == ZIP else []
    except ValidationError as problem:
        return list(problem.messages)


def _members(content: BinaryIO, manifest: Mapping[str, Any]) -> list[str]:
    listed = {entry["path"]: entry["sha256"] for entry in manifest.get("members", ())}
    problems = []
    with zipfile.ZipFile(content) as package:
        held = set(package.namelist())
        for path, digest in listed.items():
            if path not in held:
                problems.append(f"缺少“{path}”")
            elif hashlib.sha256(package.read(path)).hexdigest() != digest:
                problems.append(f"“{path}”与卷内目录的摘要不符")
    return problems


__all__ = [
    "Staged",
    "close_files",
    "file_away",
    "fonds_for",
    "may_open",
    "note_opening",
    "plain",
    "stage",
    "verify",
]
