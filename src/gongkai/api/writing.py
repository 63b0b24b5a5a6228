"""The write interface for other systems: files, submissions, mending them, asking what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Path, Query, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from ninja.files import UploadedFile
from ninja.security import HttpBearer

from gongkai.api import services, submitting
from gongkai.api.models import ApiKey, Submission
from gongkai.api.schemas import FileOut, Problem, SubmissionIn, SubmissionOut
from gongkai.publication.review import selectors

FAILS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Problem)
Number = Annotated[int, Path(ge=1, le=2**63 - 1, description="报送编号")]


class KeyAuth(HttpBearer):
    """``Authorization: Bearer 0000000000.…``"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return services.authenticate(f"Bearer {token}")


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is answered to the holder of a key is for nobody else, nor for any cache."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        left = getattr(request, "gongkai_key_allowance", None)
        return left.mark(response) if left else response

    return wrapped


router = Router(tags=["报送稿件"], auth=KeyAuth())


def _key(request: HttpRequest) -> ApiKey:
    """The key of the request, counted. Raises KeyRefused 429."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    request.gongkai_key_allowance = services.count(key)  # type: ignore[attr-defined]
    return key


def _row(key: ApiKey, number: int) -> Submission:
    rows = Submission.objects.select_related("key__responsible", "page__organ", "page__column").filter(
        key=key
    )
    row = rows.filter(pk=number).first()
    if row is None:
        raise HttpError(404, "没有这份报送，或不是这个密钥报送的。")
    return row


def _out(request: HttpRequest, key: ApiKey, number: int, new: bool) -> dict[str, Any]:
    row = _row(key, number)
    page = row.page
    if page is None:
        raise HttpError(404, "报送的稿件已被删除。")
    form = selectors.form_of(page.pk)
    return {
        "id": row.pk, "title": page.get_latest_revision_as_object().title, "organ": page.organ.slug,
        "column": page.column.code, "state": page.state, "received_at": row.received_at, "replayed": not new,
        "review": form.state if form else "", "review_number": (form.number or "") if form else "",
        "findings": submitting.findings(row, form),
        "url": request.build_absolute_uri(page.public_url) if page.shown else None,
    }  # fmt: skip


@router.post("/submissions/files", response={201: FileOut, **FAILS}, summary="上传一个附件")
@decorate_view(private)
def add_file(
    request: HttpRequest,
    file: Annotated[
        UploadedFile, File(description="PDF、DOCX、XLSX、OFD、JPG、PNG、TIF、TXT、MP4 或 VTT，按内容判断")
    ],
    organ: Annotated[
        str, Query(max_length=60, pattern=r"^[A-Za-z0-9_-]*$", description="机关代号，不填为密钥所属的机关")
    ] = "",
) -> Any:
    key = _key(request)
    if (file.size or 0) > submitting.MAX_FILE:
        raise HttpError(413, f"附件过大，上限 {submitting.MAX_FILE // 1048576} MB。请压缩后重发。")
    try:
        kept, token = submitting.add_file(key, organ, file.name or "附件", file.read())
    except submitting.Refused as refused:
        raise HttpError(refused.status, str(refused)) from None
    return 201, {
        "token": token, "name": kept.name, "media_type": kept.media_type, "size": kept.size, "sha256": kept.digest,
    }  # fmt: skip


@router.post(
    "/submissions",
    response={200: SubmissionOut, 201: SubmissionOut, **FAILS},
    summary="报送一份稿件，扫描后送审",
)
@decorate_view(private)
def submit(
    request: HttpRequest,
    body: SubmissionIn,
    idempotency_key: Annotated[
        str,
        Header(
            min_length=8, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", description="每份内容一个，重发时不变"
        ),
    ],
) -> Any:
    key = _key(request)
    try:
        row, new = submitting.submit(key, idempotency_key, body.model_dump())
    except submitting.Refused as refused:
        raise HttpError(refused.status, str(refused)) from None
    return (201 if new else 200), _out(request, key, row.pk, new)


@router.put(
    "/submissions/{int:number}",
    response={200: SubmissionOut, **FAILS},
    summary="改正被拦下或退回的稿件，再送审",
)
@decorate_view(private)
def mend(request: HttpRequest, number: Number, body: SubmissionIn) -> Any:
    key = _key(request)
    try:
        row = submitting.mend(_row(key, number), body.model_dump())
    except submitting.Refused as refused:
        raise HttpError(refused.status, str(refused)) from None
    return _out(request, key, row.pk, True)


@router.get(
    "/submissions/{int:number}",
    response={200: SubmissionOut, **FAILS},
    summary="报送的稿件现在怎样，有什么要处理",
)
@decorate_view(private)
def one(request: HttpRequest, number: Number) -> Any:
    return _out(request, request.auth, number, False)  # type: ignore[attr-defined]
