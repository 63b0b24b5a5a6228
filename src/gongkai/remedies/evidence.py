"""证据材料: what the organ hands in, as one ZIP in the order of its catalogue with page numbers.

The burden of proof is the organ's (行政诉讼法 34, 行政复议法 44). Only what existed when the remedy was received can prove
that the answer was lawful (行政复议法 46, 行政诉讼法 35): letters and steps after that day are left out, files put into the
case after it are marked so.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, BinaryIO

import pypdfium2 as pdfium
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.applications import selectors as cases
from gongkai.applications.desk.case import words
from gongkai.applications.letters.context import chinese_date
from gongkai.applications.letters.layout import Block, Sheet
from gongkai.applications.letters.pdf import pdf_of, render_pdf
from gongkai.applications.models import Application, CaseFile, FileKind, Letter
from gongkai.applications.models.files import GUARDED_KINDS
from gongkai.applications.services.files import content_of, open_file
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require
from gongkai.remedies.models import Remedy
from gongkai.remedies.policies import MODULE

register_acts({"remedy.evidence": "生成复议诉讼证据材料"})

_CATALOGUE = Path(__file__).with_name("catalogue.typ")
#: The order in which an authority or a court reads: group → what it proves.
GROUPS: dict[str, str] = {
    "申请材料": "申请人提出申请的时间、渠道和内容",
    "补正": "告知补正和申请人补正的情况",
    "检索": "检索的范围、方法、时间和结果",
    "征求意见": "征求第三方、其他机关意见的情况",
    "收费": "收取信息处理费的依据和情况",
    "答复文书": "答复的内容、依据和救济告知",
    "提供的信息": "向申请人提供的政府信息和区分处理的情况",
    "送达": "答复书送达的时间和方式",
    "其他": "与本件有关的其他情况",
    "办理过程": "本件办理的全过程和各环节时间",
}
_FILE_GROUPS = {
    FileKind.REQUEST: "申请材料", FileKind.IDENTITY: "申请材料", FileKind.AUTHORITY: "申请材料",
    FileKind.CORRECTION: "补正", FileKind.SEARCH: "检索", FileKind.OPINION: "征求意见", FileKind.FEE: "收费",
    FileKind.SOURCE: "提供的信息", FileKind.REDACTED: "提供的信息", FileKind.RELEASED: "提供的信息",
    FileKind.SERVICE: "送达", FileKind.OTHER: "其他",
}  # fmt: skip
_LETTER_GROUPS = {
    "register_form": "申请材料", "correction": "补正", "third_party": "征求意见", "third_party_reply": "征求意见",
    "assistance": "征求意见", "fee": "收费",
}  # fmt: skip
_SUFFIXES = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One piece of evidence; ``guarded`` ones go in only with a reason, ``remark`` is printed beside the title."""

    group: str
    title: str
    suffix: str
    guarded: bool
    remark: str
    open: Callable[[Any, str], bytes | BinaryIO]


def name_of(remedy: Remedy) -> str:
    """The ZIP's name without suffix."""
    return f"证据材料（{remedy.case_label}）"


def listing(remedy: Remedy) -> list[Member]:
    """What the bundle holds, in its order. A fixed number of queries. Raises ValidationError without a case."""
    case = remedy.application
    if case is None:
        raise ValidationError("没有关联本系统的申请，无法生成证据材料。")
    until = remedy.received_on or timezone.localdate()
    found = [*_request(case), *_letters(case, until), *_files(case, until), *_course(case, until)]
    order = list(GROUPS)
    return sorted(found, key=lambda member: order.index(member.group))


def _request(case: Application) -> list[Member]:
    return [
        Member("申请材料", "政府信息公开申请（登记内容）", ".pdf", False, "", lambda *_: _request_pdf(case))
    ]


def _letters(case: Application, until: date) -> list[Member]:
    rows = case.letters.filter(state=Letter.State.SIGNED, anonymised_at=None, dated__lte=until)
    out = []
    for row in rows.select_related("application__organ").order_by("dated", "pk"):

        def opened(*_: Any, letter: Letter = row) -> bytes:
            return render_pdf(letter)

        group = _LETTER_GROUPS.get(row.kind, "答复文书")
        out.append(Member(group, f"{row.title}{row.number}", ".pdf", False, "", opened))
    return out


def _files(case: Application, until: date) -> list[Member]:
    out = []
    for row in case.files.filter(removed_at=None).select_related("application__organ").order_by("pk"):
        guarded = row.kind in GUARDED_KINDS

        def opened(user: Any, reason: str, kept: CaseFile = row, secret: bool = guarded) -> BinaryIO:
            return open_file(user, kept, reason) if secret else content_of(kept)

        late = timezone.localdate(row.uploaded_at) > until
        remark = "收到通知后收入案卷" if late else ""
        stem, dot, tail = row.name.rpartition(".")
        suffix = _SUFFIXES.get(row.media_type) or (f".{tail}" if dot and tail.isalnum() else "")
        title = f"{row.get_kind_display()}：{stem or row.name}"
        out.append(Member(_FILE_GROUPS[FileKind(row.kind)], title, suffix, guarded, remark, opened))
    return out


def _course(case: Application, until: date) -> list[Member]:
    return [Member("办理过程", "办理过程记录", ".pdf", False, "", lambda *_: _course_pdf(case, until))]


def _sheet(case: Application, title: str, blocks: tuple[Block, ...]) -> bytes:
    sheet = Sheet(
        organ=case.organ.name, number="", title=(title,), addressee="", blocks=blocks, attachments=(),
        signature="", dated="",
    )  # fmt: skip
    return pdf_of([sheet])


def _request_pdf(case: Application) -> bytes:
    person = case.applicant
    rows = [
        ("编号", str(case)), ("受理机关", case.organ.name), ("申请人", person.name or person.masked_name or "（已去标识）"),
        ("申请人类别", person.get_kind_display()), ("渠道", case.get_channel_display()),
        ("提交日期", str(case.submitted_on or "")), ("收到日期", str(case.received_on or "")),
        ("所需信息的内容描述", case.description), ("文号或者其他特征", case.reference), ("提供形式", case.form_wanted),
        ("获取途径", case.route_wanted),
    ]  # fmt: skip
    told = tuple((label, value) for label, value in rows if value.strip())
    return _sheet(case, "政府信息公开申请登记内容", (Block("table", rows=told),))


def _course_pdf(case: Application, until: date) -> bytes:
    """The steps that stand, up to ``until``, with what each says."""
    blocks = []
    for event in cases.state_of(case).events:
        if event is None or event.on > until:
            continue
        told = "；".join(f"{d.name}：{d.value}" for d in words.details(event))
        blocks.append((event.on.isoformat(), f"{event.label}。{told}" if told else f"{event.label}。"))
    return _sheet(case, "办理过程记录", (Block("table", rows=(("日期", "事项和内容"), *blocks)),))


def pages_of(content: bytes, suffix: str) -> int:
    """Pages of a PDF, 1 for a picture, 0 where a file has no pages of its own or cannot be read."""
    if suffix in (".jpg", ".png"):
        return 1
    if suffix != ".pdf":
        return 0
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()


def bundle(actor: Any, remedy: Remedy, *, reason: str = "", today: date | None = None) -> IO[bytes]:
    """The ZIP as an open temporary file, rewound: 00 the catalogue, then each piece as 01, 02 …

    With ``reason`` the guarded files go in too, each opening logged. Who made a bundle is written to the audit trail.
    Raises PermissionDenied, ValidationError where a file of the case is missing or was changed.
    """
    require(actor, MODULE, "change", remedy.organ)
    members = [m for m in listing(remedy) if reason or not m.guarded]
    out = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the response that sends it)
    lines: list[tuple[Member, str]] = []
    page = 1
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, member in enumerate(members, start=1):
            content = _bytes(member, actor, reason)
            count = pages_of(content, member.suffix)
            lines.append((member, _range(page, count)))
            page += count
            archive.writestr(
                f"{number:02d}-{_safe(member.group)}-{_safe(member.title)}{member.suffix}", content
            )
        archive.writestr("00-证据目录.pdf", catalogue(remedy, lines, today or timezone.localdate()))
    with transaction.atomic():
        audit(
            actor, "remedy.evidence", remedy, organ=remedy.organ,
            after={"pieces": len(members), "pages": page - 1, "guarded": bool(reason)}, reason=reason,
        )  # fmt: skip
    out.seek(0)
    return out


def _bytes(member: Member, actor: Any, reason: str) -> bytes:
    content = member.open(actor, reason)
    if isinstance(content, bytes):
        return content
    with content:
        return content.read()


def _range(first: int, count: int) -> str:
    if count == 0:
        return "电子文件"
    return str(first) if count == 1 else f"{first}—{first + count - 1}"


def _safe(name: str) -> str:
    """A title as a file name: nothing that leads to another folder."""
    return "".join("_" if ch in '/\\:*?"<>|' or ord(ch) < 32 else ch for ch in name)[:60].strip(" .")


def catalogue(remedy: Remedy, lines: list[tuple[Member, str]], today: date) -> bytes:
    """The catalogue as PDF: number, title, what it proves, pages, by group."""
    rows: list[list[str]] = []
    group = ""
    for number, (member, pages) in enumerate(lines, start=1):
        if member.group != group:
            group = member.group
            rows.append([group])
        title = f"{member.title}（{member.remark}）" if member.remark else member.title
        rows.append([str(number), title, GROUPS[group], pages])
    side = "被告" if remedy.is_suit else "被申请人"
    data = {
        "fonts": families_by_face(),
        "title": "证据目录",
        "facts": [
            printable(line)
            for line in (
                f"案　　号：{remedy.number or '（未填）'}",
                f"{'受理法院' if remedy.is_suit else '复议机关'}：{remedy.authority}",
                f"{side}：{remedy.organ.name}",
                f"涉及的申请：{remedy.case_label}",
            )
        ],
        "head": ["序号", "证据名称", "证明内容", "页码"],
        "rows": [[printable(cell) for cell in row] for row in rows],
        "notes": ["页码为各件证据依次连续编排的页码；标“电子文件”的以光盘或者网络方式提交。"],
        "organ": printable(remedy.organ.name),
        "dated": chinese_date(today),
    }
    return compile_pdf(_CATALOGUE, data, name="catalogue")
