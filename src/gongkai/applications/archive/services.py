"""Archiving a closed case, and whether its archive still holds."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.archive.contents import fingerprint
from gongkai.applications.archive.package import BOUND, build_case_file
from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.applications.services.acts import act, verify_chain
from gongkai.law.case import Archived, CaseState, Kind, Status
from gongkai.organs.scope import require
from gongkai.records import services as records
from gongkai.records.matters import Matter, Secrecy
from gongkai.records.models import ArchiveFile
from gongkai.records.policies import MODULE as RECORDS
from gongkai.records.selectors import files_of

OBJECT_TYPE = Application._meta.label_lower


def volumes(application: Application) -> list[ArchiveFile]:
    """What the archive holds of the case, the main volume first. One query."""
    return list(files_of(OBJECT_TYPE, application.pk).select_related("box", "archived_by"))


def _missing_event(application: Application, held: list[ArchiveFile]) -> bool:
    """Whether the case is 已归档 by a record alone (kept before the platform, or imported) and wants its file."""
    return application.status == Status.ARCHIVED and not held


def can_archive(application: Application, held: list[ArchiveFile], state: CaseState) -> str:
    """The reason why the case in ``state`` cannot be archived now, as a sentence for the screen; "" when it can."""
    if _missing_event(application, held):
        return ""
    verdict = state.acts[Kind.ARCHIVED]
    if verdict:
        return ""
    source = f"（{verdict.cite.short}）" if verdict.cite else ""
    return f"{verdict.reason}{source}"


def archive_case(
    actor: Any,
    application: Application,
    *,
    on: date | None = None,
    retention: str | None = None,
    secrecy: str = Secrecy.INTERNAL,
    expected: int | None = None,
    today: date | None = None,
) -> ArchiveFile:
    """Build the case's package, file it, and record 归档 with the file's number.

    The package is built, encrypted and stored before the transaction; in it the case is locked and compared with what was
    packed. A case that was reopened after its archive and closed again gets a supplementary volume; a case that is 已归档 by an
    earlier record without a file gets its file and no second record. Needs ``change`` in applications and ``add`` in records.

    Raises PermissionDenied; ValidationError with the law's sentence where archiving is not lawful, where the case is not whole,
    or when somebody acted on it meanwhile.
    """
    require(actor, MODULE, "change", application.organ)
    require(actor, RECORDS, "add", application.organ)
    day = today or timezone.localdate()
    held = volumes(application)
    problem = can_archive(application, held, selectors.state_of(application, day))
    if problem:
        raise ValidationError(problem)
    prior = frozenset(m["sha256"] for one in held for m in one.manifest.get("members", ()))
    with (
        build_case_file(application, volume=len(held) + 1, prior=prior) as package,
        records.stage(package.path) as staged,
        transaction.atomic(),
    ):
        locked = Application.objects.select_for_update().select_related("organ").get(pk=application.pk)
        if fingerprint(locked) != package.fingerprint or expected not in (None, locked.events_count):
            raise ValidationError("这件申请刚刚由他人办理过，请刷新页面核对后再归档。")
        row = records.file_away(
            actor,
            organ=locked.organ,
            year=_year(locked, day),
            matter=Matter.APPLICATION,
            object_type=OBJECT_TYPE,
            object_id=locked.pk,
            title=_title(locked, len(held)),
            package=staged,
            manifest=package.manifest,
            pages=package.pages,
            retention=retention,
            secrecy=secrecy,
            file_name=f"案卷 {locked}.zip".replace("/", "-"),
            supplement=bool(held),
            today=day,
        )
        if not _missing_event(locked, held):
            act(actor, locked, Archived(on=on or day, file_no=row.number), today=day)
    application.refresh_from_db()
    return row


def _year(application: Application, today: date) -> int:
    """The year a case belongs to: that of its closing (办结年度)."""
    closed = application.closed_on or application.answered_on
    return closed.year if closed else application.year_closed or today.year


def _title(application: Application, earlier: int) -> str:
    """Number and theme. No word of the applicant's: titles are searched, printed, exported, handed over, and outlive the
    clearing of personal data."""
    text = f"{application} 政府信息公开申请案卷（{application.theme or '未归类'}）"
    return f"{text}（补充卷 {earlier}）" if earlier else text


def verify_archive(application: Application) -> list[str]:
    """What is wrong with the archive of the case, nothing when all holds: each volume's bytes and members against their digests,
    and the chain of records against the digest each volume was closed with."""
    problems = [f"办理记录第 {n} 条{what}" for n, what in verify_chain(application)]
    digests = dict(application.records.values_list("position", "digest"))  # type: ignore[attr-defined]
    for row in volumes(application):
        problems += [f"{row.number}：{what}" for what in records.verify(row)]
        chain = row.manifest.get("events", {})
        if chain.get("count") and digests.get(chain["count"]) != chain["digest"]:
            problems.append(f"{row.number}：办理记录与归档时不同")
    return problems


def bound_copy(content: BinaryIO) -> bytes:
    """合订本 out of an opened package."""
    with zipfile.ZipFile(content) as package:
        return package.read(BOUND)
