"""The write interface for other systems: one address to submit, one to ask what became of it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Router
from ninja.errors import HttpError
from ninja.security import HttpBearer

from gongkai.api import services
from gongkai.api.models import ApiKey, Submission
from gongkai.api.schemas import Problem, SubmissionIn, SubmissionOut

FAILS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}


class KeyAuth(HttpBearer):
    """``Authorization: Bearer gk….…``"""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return services.authenticate(f"Bearer {token}")


router = Router(tags=["报送稿件"], auth=KeyAuth())


def _out(request: HttpRequest, row: Submission, new: bool) -> dict[str, Any]:
    page = row.page
    if page is None:
        raise HttpError(404, "报送的稿件已被删除。")
    return {
        "id": row.pk, "title": page.title, "organ": page.organ.slug, "column": page.column.code,
        "state": page.state, "received_at": row.received_at, "replayed": not new,
        "url": request.build_absolute_uri(page.public_url) if page.shown else None,
    }  # fmt: skip


@router.post(
    "/submissions",
    response={200: SubmissionOut, 201: SubmissionOut, **FAILS},
    summary="报送一份稿件，存为草稿",
)
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
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if not services.within_rate(key):
        raise HttpError(429, f"报送过于频繁：每个密钥每分钟最多 {services.RATE[0]} 份。请稍后重发，键不变。")
    try:
        row, new = services.submit(key, idempotency_key, body.model_dump())
    except services.Refused as refused:
        raise HttpError(refused.status, str(refused)) from None
    return (201 if new else 200), _out(request, row, new)


@router.get("/submissions/{number}", response={200: SubmissionOut, **FAILS}, summary="报送的稿件现在怎样")
def one(
    request: HttpRequest, number: Annotated[int, Path(ge=1, le=2**63 - 1, description="报送编号")]
) -> Any:
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    rows = Submission.objects.select_related("page__organ", "page__column").filter(key=key)
    row = rows.filter(pk=number).first()
    if row is None:
        raise HttpError(404, "没有这份报送，或不是这个密钥报送的。")
    return _out(request, row, False)
