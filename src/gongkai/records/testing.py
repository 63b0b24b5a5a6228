"""Factories of this app for the test that walks every desk address (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user, register_factory
from gongkai.records import services
from gongkai.records.matters import Matter, Retention
from gongkai.records.models import (
    Appraisal,
    ArchiveFile,
    Fonds,
    Loan,
    PaperBox,
    RetentionRule,
    TransferList,
)

_serial = count(1)


def make_file(organ: Organ, marker: str = "", **fields: Any) -> ArchiveFile:
    """A file of this year in the archive of ``organ``."""
    given = {
        "year": timezone.localdate().year,
        "matter": Matter.REPORT,
        "object_type": "test.object",
        "object_id": next(_serial),
        "title": f"{marker}年度报告",
        "package": b"report " + marker.encode(),
        "manifest": {"members": []},
        "media_type": "text/plain",
        "pages": 3,
    }
    return services.file_away(SYSTEM, organ=organ, **(given | fields))


def make_expired(organ: Organ, marker: str = "") -> ArchiveFile:
    """A file whose ten years ended last year."""
    year = timezone.localdate().year - 11
    return make_file(organ, marker, year=year, retention=Retention.TEN, matter=Matter.FINDING)


def make_box(organ: Organ, marker: str = "", file: ArchiveFile | None = None) -> PaperBox:
    """A box that ``file`` (a permanent one of this year without one) fits into."""
    return services.save_box(
        SYSTEM,
        PaperBox(
            fonds=services.fonds_for(organ),
            number=f"{marker}{next(_serial)}",
            year=file.year if file else timezone.localdate().year,
            retention=file.retention if file else Retention.PERMANENT,
            shelf=f"{marker}档案室 1 架 2 层",
        ),
    )


def make_loan(organ: Organ, marker: str = "", *, due_on: date | None = None, days_out: int = 20) -> Loan:
    """A file lent ``days_out`` days ago, due yesterday unless told otherwise."""
    row, today = make_file(organ, marker), timezone.localdate()
    services.put_in_box(SYSTEM, [row], make_box(organ, marker, row))
    return services.lend(
        SYSTEM, row, borrower=f"{marker}借阅人", purpose="查证", out_on=today - timedelta(days=days_out),
        due_on=due_on or today - timedelta(days=1),
    )  # fmt: skip


def _fonds(organ: Organ, marker: str) -> Fonds:
    child = make_organ(f"{marker}下属单位", organ)  # the organ itself may have one already
    return Fonds.objects.create(organ=child, code=f"T{next(_serial)}", name=f"{marker}全宗")


def _rule(organ: Organ, marker: str) -> RetentionRule:
    return RetentionRule.objects.create(
        organ=organ, matter=Matter.FINDING, retention=Retention.TEN, source=f"{marker}保管期限表"
    )


def _transfer(organ: Organ, marker: str) -> TransferList:
    row = make_file(organ, marker)
    return services.make_transfer_list(SYSTEM, row.fonds, [row], recipient=f"{marker}档案馆")


def _appraisal(organ: Organ, marker: str) -> Appraisal:
    return services.propose_appraisal(
        make_user(organ, name=f"{marker}鉴定人"), make_expired(organ, marker), verdict=Appraisal.Verdict.DESTROY,
        reason=f"{marker}期满，无保存价值",
    )  # fmt: skip


register_factory(ArchiveFile, make_file)
register_factory(Fonds, _fonds)
register_factory(RetentionRule, _rule)
register_factory(PaperBox, make_box)
register_factory(Loan, make_loan)
register_factory(TransferList, _transfer)
register_factory(Appraisal, _appraisal)
