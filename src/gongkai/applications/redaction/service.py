"""From an original in the case to a redacted copy in the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from gongkai.applications.models import CaseFile, FileKind
from gongkai.applications.policies import MODULE
from gongkai.applications.redaction.docx import WordBlock, redact_docx
from gongkai.applications.redaction.errors import RedactionError
from gongkai.applications.redaction.grounds import GROUNDS
from gongkai.applications.redaction.pages import picture_as_pdf
from gongkai.applications.redaction.pdf import Block, redact_pdf
from gongkai.applications.services.files import content_of, read_file, store_file
from gongkai.organs.scope import require

REASON = "区分处理"
#: What else may be an original: its name, and what to do before printing it, so that nothing is printed that was hidden.
_AS_PDF = {
    "spreadsheetml.sheet": ("XLSX 表格", "用表格软件打开，核对隐藏的工作表、行列和批注"),
    "application/ofd": ("OFD 版式文件", "用版式阅读软件打开，核对附件和签章"),
    "text/plain": ("文本文件", "打开"),
}
_PICTURES = ("image/jpeg", "image/png", "image/tiff")


def form_of(case_file: CaseFile) -> str:
    """ "pdf" (also for pictures) or "docx". Raises RedactionError that says how to make a PDF of any other type."""
    if case_file.media_type == "application/pdf" or case_file.media_type in _PICTURES:
        return "pdf"
    if case_file.media_type.endswith("wordprocessingml.document"):
        return "docx"
    label, how = next(
        (v for part, v in _AS_PDF.items() if part in case_file.media_type), ("这种文件", "打开")
    )
    raise RedactionError(
        f"{label}不能直接作区分处理。请{how}后打印或者导出为 PDF，作为“被申请信息原件”收入案卷，再对它作区分处理。"
    )


def source_bytes(actor: Any, case_file: CaseFile, *, log: bool = True) -> bytes:
    """The original as PDF or DOCX; opening it is logged with the reason 区分处理 (``log`` False for the further pages of a
    screen whose opening was). Raises PermissionDenied."""
    require(actor, MODULE, "change", case_file.application.organ)
    if log:
        data = read_file(actor, case_file, REASON)
    else:
        with content_of(case_file) as handle:
            data = handle.read()
    return picture_as_pdf(data) if case_file.media_type in _PICTURES else data


def make_redacted(data: bytes, form: str, blocks: Sequence[Block] | Sequence[WordBlock]) -> bytes:
    """The redacted bytes. Raises RedactionError."""
    if form == "docx":
        return redact_docx(data, [b for b in blocks if isinstance(b, WordBlock)])
    return redact_pdf(data, [b for b in blocks if isinstance(b, Block)])


@transaction.atomic
def save_redacted(actor: Any, case_file: CaseFile, blocks: Sequence[Block] | Sequence[WordBlock]) -> CaseFile:
    """Make the redacted copy and take it into the case, derived from the original.

    ``detail`` says how many blocks there are on which ground and where, never what stood there. Raises RedactionError,
    PermissionDenied.
    """
    if case_file.kind != FileKind.SOURCE:
        raise RedactionError("只对“被申请信息原件”作区分处理。")
    form = form_of(case_file)
    data = source_bytes(actor, case_file)
    result = make_redacted(data, form, blocks)
    return store_file(
        actor,
        case_file.application,
        FileKind.REDACTED,
        result,
        name=f"区分处理后的信息 {case_file.derived.count() + 1}",  # the original's name may say what is withheld
        detail=detail_of(form, blocks),
        derived_from=case_file,
    )


def detail_of(form: str, blocks: Sequence[Block] | Sequence[WordBlock]) -> Mapping[str, Any]:
    """What the case keeps about the blocks: place and ground of each, and a count by ground."""
    counts: dict[str, int] = {}
    places = []
    for block in blocks:
        counts[block.ground] = counts.get(block.ground, 0) + 1
        if isinstance(block, Block):
            box = [round(v, 1) for v in (block.left, block.top, block.right, block.bottom)]
            places.append({"page": block.page, "box": box, "ground": block.ground})
        else:
            # The words themselves are what is withheld: the record holds only how many there were.
            kind = "paragraph" if block.paragraph else "picture" if block.picture else "words"
            places.append({"kind": kind, "paragraph": block.paragraph or None, "ground": block.ground})
    grounds = [
        {"key": key, "article": GROUNDS[key].article, "label": GROUNDS[key].label, "count": number}
        for key, number in counts.items()
    ]
    return {"form": form, "blocks": places, "grounds": grounds}
