"""Putting files into a case and taking them out again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from gongkai.applications.filetypes import clean_name, recognise, size_words
from gongkai.applications.models import Application, CaseFile, FileKind
from gongkai.applications.models.files import GUARDED_KINDS
from gongkai.applications.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import SYSTEM, require, scope_of

register_acts(
    {
        "case.file.add": "收入案卷文件",
        "case.file.open": "查阅受控文件",
        "case.file.remove": "移除案卷文件",
        "case.file.release": "放行向申请人提供的文件",
    }
)

#: What an applicant may hand in.
APPLICANT_MAY_ADD = (
    FileKind.REQUEST, FileKind.IDENTITY, FileKind.AUTHORITY, FileKind.CORRECTION, FileKind.FEE,
)  # fmt: skip
DEFAULT_MAX_MB = 20
DERIVED_FACTOR = 8
APPLICANT_MAX_FILES = 20
APPLICANT_MAX_TOTAL = 100 * 1024 * 1024
MIN_REASON = 2


def max_bytes() -> int:
    """Largest file that is taken in, in bytes (setting ``CASE_FILE_MAX_MB``, 20)."""
    return int(getattr(settings, "CASE_FILE_MAX_MB", DEFAULT_MAX_MB)) * 1024 * 1024


def read_upload(upload: Any, limit: int) -> bytes:
    """The bytes of an upload, refused before reading when it says itself that it is too large."""
    size = len(upload) if isinstance(upload, (bytes, bytearray)) else int(getattr(upload, "size", 0) or 0)
    if size > limit:
        raise ValidationError(
            f"附件过大：{size_words(size)}，上限 {size_words(limit)}。请压缩后重新上传，已填写的内容已保存。",
            code="too_large",
        )
    if isinstance(upload, (bytes, bytearray)):
        return bytes(upload)
    if hasattr(upload, "seek"):
        upload.seek(0)
    data: bytes = upload.read(limit + 1)
    if len(data) > limit:  # it did not say its size, or lied
        raise ValidationError(
            f"附件过大：超过上限 {size_words(limit)}。请压缩后重新上传，已填写的内容已保存。",
            code="too_large",
        )
    return data


def check_upload(upload: Any) -> None:
    """Raises ValidationError for a file that :func:`store_file` would refuse; for forms, before anything is saved."""
    recognise(read_upload(upload, max_bytes()))


def _may_add(actor: Any, application: Application, kind: FileKind) -> None:
    if actor is None:
        if kind not in APPLICANT_MAY_ADD:
            raise PermissionDenied("这类文件由行政机关收入案卷。")
        return
    # What the applicant gets is let go by somebody who approves (条例第十七条：先审查、后公开).
    require(actor, MODULE, "approve" if kind is FileKind.RELEASED else "change", application.organ)


@transaction.atomic
def store_file(
    actor: Any,
    application: Application,
    kind: str,
    upload: Any,
    *,
    name: str | None = None,
    detail: Mapping[str, Any] | None = None,
    derived_from: CaseFile | None = None,
) -> CaseFile:
    """Take a file into the case. ``actor`` None: the applicant, who has proved to hold the query code.

    ``upload`` is an uploaded file or bytes. Its type is judged by content; the name is only kept to call it by.
    Raises ValidationError for a file that is too large, of a type not accepted, with a password or with macros, and
    PermissionDenied.
    """
    wanted = FileKind(kind)
    _may_add(actor, application, wanted)
    # What the platform makes of a file (pages as pictures) may be larger than what is taken in.
    data = read_upload(upload, max_bytes() * (DERIVED_FACTOR if derived_from else 1))
    found = recognise(data)
    if derived_from is not None and derived_from.application_id != application.pk:
        raise ValidationError("来源文件不属于这件申请。")
    digest = hashlib.sha256(data).hexdigest()
    if actor is None:
        _check_applicant_quota(application, len(data), digest, wanted)
    row = CaseFile(
        application=application,
        kind=wanted,
        name=clean_name(name or getattr(upload, "name", "") or wanted.label, found),
        media_type=found.media_type,
        size=len(data),
        digest=digest,
        derived_from=derived_from,
        detail=dict(detail or {}),
        uploaded_by=actor if getattr(actor, "pk", None) else None,
    )
    row.file.save("upload", ContentFile(data), save=False)
    try:
        row.save()
        _audit(actor, "case.file.add", row)
    except Exception:
        row.file.delete(save=False)  # nothing in storage without its row
        raise
    return row


def _check_applicant_quota(application: Application, size: int, digest: str, kind: FileKind) -> None:
    mine = application.files.filter(uploaded_by=None, removed_at=None, kind__in=APPLICANT_MAY_ADD)
    if mine.filter(digest=digest, kind=kind).exists():
        raise ValidationError("同一份附件已经上传过，不必重复上传。", code="duplicate")
    if mine.count() >= APPLICANT_MAX_FILES:
        raise ValidationError(
            f"附件最多 {APPLICANT_MAX_FILES} 个。请合并为一份 PDF 后上传。", code="too_many"
        )
    if (mine.aggregate(total=Sum("size"))["total"] or 0) + size > APPLICANT_MAX_TOTAL:
        raise ValidationError(
            f"这件申请的附件合计超过 {size_words(APPLICANT_MAX_TOTAL)}。请压缩后重新上传，已填写的内容已保存。",
            code="too_large",
        )


def _audit(actor: Any, act: str, row: CaseFile, reason: str = "") -> None:
    """On the case, not on the file: a file's name may hold a person's name, and the trail is for ever."""
    after = {"file": row.pk, "kind": row.kind, "sha256": row.digest, "size": row.size}
    application = row.application
    audit(actor or SYSTEM, act, application, organ=application.organ, after=after, reason=reason)


def needs_reason(case_file: CaseFile) -> bool:
    """Whether the file is opened only with a reason (identity proofs, authorisations, originals)."""
    return case_file.kind in GUARDED_KINDS


@transaction.atomic
def open_file(user: Any, case_file: CaseFile, reason: str = "") -> BinaryIO:
    """The file's content for ``user``; the caller closes it. Guarded kinds need a reason, and the trail keeps it.

    Raises PermissionDenied, and ValidationError without a reason, or where the file was removed or its bytes changed.
    """
    require(user, MODULE, "view", case_file.application.organ)
    if needs_reason(case_file):
        # An inspector sees the ledger; originals and identity proofs are for those who handle or approve.
        if user is not SYSTEM:
            _require_any(user, case_file.application, ("change", "approve"))
        if len(reason.strip()) < MIN_REASON and user is not SYSTEM:
            raise ValidationError("请填写查阅事由；查阅人、时间和事由会记入审计记录。", code="reason")
        _audit(user, "case.file.open", case_file, reason.strip()[:400])
    return content_of(case_file)


def _require_any(user: Any, application: Application, actions: tuple[str, ...]) -> None:
    if not scope_of(user).allows(MODULE, actions, application.organ.path):
        require(user, MODULE, actions[0], application.organ)


def content_of(case_file: CaseFile) -> BinaryIO:
    """The stored bytes, digest checked; no permission is asked here, the caller has done so. Raises ValidationError."""
    if case_file.removed_at is not None:
        raise ValidationError(f"这份文件已移除：{case_file.removed_reason or '未写明理由'}。", code="removed")
    try:
        handle: BinaryIO = case_file.file.open("rb")
    except FileNotFoundError:
        raise ValidationError("存储中找不到这份文件，请联系系统管理员从备份恢复。", code="missing") from None
    digest = hashlib.sha256()
    for chunk in iter(lambda: handle.read(1 << 20), b""):
        digest.update(chunk)
    if digest.hexdigest() != case_file.digest:
        handle.close()
        raise ValidationError(
            "文件内容与收入时的摘要不符，可能已被改动，请联系系统管理员核查。", code="changed"
        )
    handle.seek(0)
    return handle


def read_file(user: Any, case_file: CaseFile, reason: str = "") -> bytes:
    """Like :func:`open_file`, as bytes."""
    handle = open_file(user, case_file, reason)
    try:
        return handle.read()
    finally:
        handle.close()


def files_for_applicant(application: Application) -> QuerySet[CaseFile]:
    """What the holder of the query code may download: what they handed in, and what was released with the answer."""
    own = application.files.filter(
        kind__in=(FileKind.REQUEST, FileKind.CORRECTION), uploaded_by=None, removed_at=None
    )
    if application.answered_on is None:
        return own
    return own | application.files.filter(kind=FileKind.RELEASED, removed_at=None)


def open_as_applicant(application: Application, case_file: CaseFile) -> BinaryIO:
    """The file for the applicant. Raises PermissionDenied for any other than :func:`files_for_applicant`."""
    if not files_for_applicant(application).filter(pk=case_file.pk).exists():
        raise PermissionDenied("这份文件不在可下载的范围内。")
    return content_of(case_file)


@transaction.atomic
def release_file(actor: Any, case_file: CaseFile) -> CaseFile:
    """Let a redacted copy go to the applicant: a RELEASED file with the same bytes. Needs ``approve``, and a person other
    than the one who redacted it. Idempotent.

    Raises PermissionDenied, and ValidationError for a kind that is not a redaction.
    """
    application = case_file.application
    require(actor, MODULE, "approve", application.organ)
    if case_file.kind != FileKind.REDACTED or case_file.removed_at is not None:
        raise ValidationError("只有区分处理后的文件可以放行；整份公开的请直接收入“向申请人提供的信息”。")
    if actor is not SYSTEM and case_file.uploaded_by_id == getattr(actor, "pk", None):
        raise ValidationError("做区分处理的人不能审核放行同一份文件，请由其他审核人放行。")
    already = case_file.derived.filter(kind=FileKind.RELEASED, removed_at=None).first()
    if already is not None:
        return already
    with content_of(case_file) as handle:
        data = handle.read()
    row = store_file(
        actor,
        application,
        FileKind.RELEASED,
        data,
        name=case_file.name,
        detail=case_file.detail,
        derived_from=case_file,
    )
    _audit(actor, "case.file.release", row)
    return row


@transaction.atomic
def remove_file(actor: Any, case_file: CaseFile, reason: str) -> CaseFile:
    """Take a wrongly filed document out: its bytes are deleted, what it was, its digest and the reason stay.

    Raises ValidationError without a reason, for an archived case, and for a file that a letter or other file is based on.
    """
    application = (
        Application.objects.select_for_update().select_related("organ").get(pk=case_file.application_id)
    )
    require(actor, MODULE, "change", application.organ)
    if case_file.removed_at is not None:
        return case_file
    if len(reason.strip()) < MIN_REASON:
        raise ValidationError("请写明移除理由。")
    if application.records.filter(kind="archived").exists():
        raise ValidationError("案卷已归档，其中的文件不能移除。")
    if case_file.derived.filter(removed_at=None).exists() or case_file.letters.exists():
        raise ValidationError("已有区分处理后的文件或者文书以这份文件为依据，不能移除。")
    case_file.removed_at, case_file.removed_reason = timezone.now(), reason.strip()[:200]
    case_file.save(update_fields=["removed_at", "removed_reason"])
    _audit(actor, "case.file.remove", case_file, case_file.removed_reason)
    stored, storage = case_file.file.name, case_file.file.storage
    transaction.on_commit(lambda: storage.delete(stored))
    return case_file


def download(content: BinaryIO | bytes, name: str, media_type: str) -> HttpResponse:
    """A response that the browser saves and never shows, guesses at or keeps."""
    if isinstance(content, bytes):
        response: Any = HttpResponse(content, content_type=media_type)
        response["Content-Length"] = str(len(content))
        response["Content-Disposition"] = content_disposition_header(True, name)
    else:
        response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Referrer-Policy"] = "no-referrer"
    return response  # type: ignore[no-any-return]
