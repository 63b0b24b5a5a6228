"""The scan of one version of an item: its words, its tables, its links, its files. No transaction is open meanwhile."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from gongkai.publication.models import Attachment, DisclosurePage, ScanOverride, ScanRun
from gongkai.publication.review import plainness, versions
from gongkai.publication.review.links import dead_links
from gongkai.publication.review.scan import Hit, Severity, Word, scan_file, scan_pieces
from gongkai.publication.review.words import words_for

_IMAGE = re.compile(r"<(?:img|embed)\b[^>]*>")
_ALT = re.compile(r'alt="[^"]+"')


def scan_version(page: DisclosurePage, latest: DisclosurePage) -> ScanRun:
    """Scans ``latest`` (the object of a revision of ``page``) and keeps the result, bound to the version's digest."""
    digest = versions.digest_of(latest)
    hits = scan(latest)
    return ScanRun.objects.create(
        page_id=page.pk,
        digest=digest,
        hits=[hit.row() for hit in hits],
        blocking=sum(1 for hit in hits if hit.severity == Severity.BLOCK),
    )


def scan(latest: DisclosurePage) -> list[Hit]:
    """All hits in a version, what blocks first."""
    words = words_for(latest.organ)
    hits = scan_pieces(versions.pieces(latest), words, versions.grids(latest))
    for file in versions.attachments_of(latest):
        hits += _file(file, words)
    hits += dead_links(latest) + _form(latest) + plainness.remarks(latest)
    order = list(Severity)
    return sorted({hit.key: hit for hit in hits}.values(), key=lambda hit: order.index(hit.severity))


def _file(file: Attachment, words: list[Word]) -> list[Hit]:
    try:
        with file.file.open("rb") as stream:
            data = stream.read()
    except OSError:
        return [Hit("unread", f"附件“{file.name}”", "文件不在了", Severity.BLOCK, "请重新上传这个附件。")]
    return scan_file(file.name, data, file.media_type, words, file.text)


def _form(latest: DisclosurePage) -> list[Hit]:
    """What a reader without eyes would miss."""
    found = []
    for number, block in enumerate(latest.body, 1):
        if block.block_type == "picture" and not (block.value.get("alt") or "").strip():
            found.append(
                Hit("alt", f"正文第 {number} 块图片", "没有替代文字", Severity.WARN, "请填写图上有什么。")
            )
        elif block.block_type == "text":
            bare = [tag for tag in _IMAGE.findall(block.value.source) if not _ALT.search(tag)]
            if bare:
                place = f"正文第 {number} 块"
                found.append(
                    Hit("alt", place, f"{len(bare)} 张图片没有替代文字", Severity.WARN, "请填写图上有什么。")
                )
        elif block.block_type == "table" and (block.value or {}).get("table_header_choice") in (
            None,
            "",
            "neither",
        ):
            found.append(
                Hit(
                    "header",
                    f"正文第 {number} 块表格",
                    "没有表头",
                    Severity.WARN,
                    "请选择表头在哪一行或者哪一列。",
                )
            )
    return found


def latest_run(page: DisclosurePage, digest: str) -> ScanRun | None:
    """The newest scan of that very version."""
    return ScanRun.objects.filter(page=page.pk, digest=digest).first()


def open_blocks(page: DisclosurePage, digest: str, run: ScanRun | None = None) -> list[dict[str, str]]:
    """Blocking hits of the version that nobody has let pass. Raises ValidationError where it was never scanned."""
    run = run or latest_run(page, digest)
    if run is None:
        raise ValidationError("这一稿还没有扫描，请重新送审。")
    passed = set(ScanOverride.objects.filter(page=page.pk, digest=digest).values_list("key", flat=True))
    return [h for h in run.hits if h["severity"] == Severity.BLOCK and h["key"] not in passed]
