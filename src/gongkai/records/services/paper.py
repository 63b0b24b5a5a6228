"""纸质材料补登: a matter that has no page on the platform comes into the catalogue, with a scan or without."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.records.matters import Secrecy
from gongkai.records.models import ArchiveFile
from gongkai.records.policies import MODULE
from gongkai.records.services.bundling import bundle, count_pages
from gongkai.records.services.filing import file_away

register_acts({"records.paper": "补登纸质档案"})
OBJECT_TYPE = "records.paper"
LARGEST = 200 << 20  # bytes of a scan
MIN_REASON = 2


def file_paper(
    actor: Any,
    *,
    organ: Organ,
    matter: str,
    title: str,
    year: int,
    pages: int,
    reason: str,
    retention: str | None = None,
    secrecy: str = Secrecy.INTERNAL,
    scan: bytes | None = None,
) -> ArchiveFile:
    """Register papers kept on paper. What is filed is the ``scan`` (PDF), else a registration sheet that says what there is.

    ``reason``: where the papers come from. Needs ``add``. Raises PermissionDenied; ValidationError for a scan that is no PDF,
    too large, or of other pages than said, and for missing words.
    """
    require(actor, MODULE, "add", organ)
    reason = " ".join(reason.split())
    errors = {}
    if len(reason) < MIN_REASON:
        errors["reason"] = "请写明材料从哪里来、为什么补登。"
    if pages < 1:
        errors["pages"] = "页数应为 1 页以上。"
    if scan is not None and (problem := _wrong(scan, pages)):
        errors["scan"] = problem
    if errors:
        raise ValidationError(errors)
    row = file_away(
        actor, organ=organ, year=year, matter=matter, object_type=OBJECT_TYPE, object_id=uuid.uuid4().hex, title=title,
        pages=pages, retention=retention, secrecy=secrecy, **_package(scan, title, year, pages),
    )  # fmt: skip
    audit(
        actor,
        "records.paper",
        row,
        organ=organ,
        after={"pages": pages, "scan": scan is not None},
        reason=reason[:400],
    )
    return row


def _package(scan: bytes | None, title: str, year: int, pages: int) -> dict[str, Any]:
    """What lies in the electronic archive for the papers: their scan, else a sheet that says what there is on paper."""
    if scan is not None:
        return {
            "package": scan, "manifest": {}, "file_name": "扫描件.pdf", "media_type": "application/pdf",
        }  # fmt: skip
    head = {
        "format": "gongkai-paper/1", "paper_only": True, "title": title.strip(), "year": year, "pages": pages,
    }  # fmt: skip
    sheet, manifest, _ = bundle(head, [])
    return {
        "package": sheet, "manifest": manifest, "file_name": "纸质登记.zip", "media_type": "application/zip",
    }  # fmt: skip


def _wrong(scan: bytes, pages: int) -> str:
    if len(scan) > LARGEST:
        return f"扫描件超过 {LARGEST >> 20} MB，请降低分辨率或者分件登记。"
    found = count_pages(scan) if scan.startswith(b"%PDF-") else 0
    if not found:
        return "扫描件应为能打开的 PDF。"
    return "" if found == pages else f"扫描件有 {found} 页，登记的是 {pages} 页，请核对。"
