"""Version 1 of the open data: the addresses, their parameters and what they answer."""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from ninja import Path, Query
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.throttling import BaseThrottle

from gongkai.annualreport.schema import EDITIONS
from gongkai.api import reading, refusing
from gongkai.api.answering import ChineseJSON, problem
from gongkai.api.description import DescribedApi
from gongkai.api.limits import Allowance, allowance, conditional, tagged
from gongkai.api.lists import documents, publication
from gongkai.api.lists import reports as report_lists
from gongkai.api.params import (
    FAILS,
    Code,
    ColumnNumber,
    Cursor,
    Edition,
    ForceCode,
    KindCode,
    Limit,
    OrganSlug,
    Slug,
    Sort,
    Year,
)
from gongkai.api.schemas import (
    CellName,
    CellPage,
    ChangePage,
    HitPage,
    ItemDetail,
    ItemPage,
    KindOut,
    OrganDetail,
    OrganPage,
    ReportPage,
)
from gongkai.api.services import KeyRefused
from gongkai.api.writing import router as writing
from gongkai.search.finding import Filters


class _Rate(BaseThrottle):
    """Counts in the shared cache."""

    def allow_request(self, request: HttpRequest) -> bool:
        found = request.gongkai_allowance = allowance(request)  # type: ignore[attr-defined]
        return not found.exceeded


api = DescribedApi(
    title="政府信息公开平台开放数据接口",
    version="1",
    description="读取公开内容不用密钥：分页用 next 地址，条件请求用 ETag 或 Last-Modified。长期同步：先取完一遍列表，再从开始的时间起取 changes（含撤下的），以后每次用上次返回的 as_of 作 since。数据可自由使用，请注明来源。",
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api-v1",
    throttle=[_Rate()],
    renderer=ChineseJSON(),
)


@api.exception_handler(KeyRefused)
def _key_refused(request: HttpRequest, error: KeyRefused) -> HttpResponse:
    response = problem(error.status, str(error))
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    elif error.allowance is not None:
        error.allowance.mark(response)
    return response


@api.exception_handler(HttpError)
def _said(request: HttpRequest, error: HttpError) -> HttpResponse:
    # The framework's own 400 is English and quotes its parser.
    said = "请求的正文不是有效的 JSON，请检查后重发。" if error.status_code == 400 else str(error)
    return api.create_response(request, {"detail": said}, status=error.status_code)


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(TooManyFilesSent)
def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1048576
    said = f"请求的正文过大，上限 {most} MB。附件请用 /submissions/files 单独上传。"
    return api.create_response(request, {"detail": said}, status=413)


@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    said = "请求没有传完整，或不是 multipart/form-data 格式，请重发。"
    return api.create_response(request, {"detail": said}, status=400)


@api.exception_handler(Throttled)
def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    left: Allowance = request.gongkai_allowance  # type: ignore[attr-defined]
    said = f"调用过于频繁：每分钟最多 {left.most} 次，请 {left.reset} 秒后再试。大量获取请下载“数据开放”页的整包文件。"
    return left.mark(problem(429, said))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = "没有带密钥，或密钥不对。请在 Authorization 里写“Bearer 密钥”；密钥由本机关政务公开办公室建立。"
    response = api.create_response(request, {"detail": said}, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "没有这个对象，可能已经撤下。"}, status=404)


@api.exception_handler(ValidationError)
def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    said = refusing.explain(error.errors, refusing.operation(api, request))
    return api.create_response(request, {"detail": said}, status=422)


@api.get("/kinds", response={200: list[KindOut], **FAILS}, summary="内容的种类", tags=["公开内容"])
@decorate_view(conditional)
def kinds(request: HttpRequest) -> Any:
    return reading.kinds()


@api.get("/items", response={200: ItemPage, **FAILS}, summary="公开内容列表，最新在前", tags=["公开内容"])
@decorate_view(conditional)
def items(
    request: HttpRequest, kind: KindCode = "", organ: Slug = "", column: ColumnNumber = None, year: Year = None,
    validity: ForceCode = "", cursor: Cursor = "", limit: Limit = 50,
) -> Any:  # fmt: skip
    return reading.items(request, kind, organ, column, year, validity, cursor, limit)


@api.get(
    "/items/{key}", response={200: ItemDetail, **FAILS}, summary="一条公开内容，含正文", tags=["公开内容"]
)
@decorate_view(conditional)
def one_item(request: HttpRequest, key: Annotated[str, Path(description="内容的键，见列表里的 key")]) -> Any:
    return reading.one_item(request, key[:80])


@api.get("/search", response={200: HitPage, **FAILS}, summary="搜索", tags=["公开内容"])
@decorate_view(tagged)
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200, description="搜索词，可为文号、词语或一句话")],
    kind: KindCode = "", year: Year = None, validity: ForceCode = "",
    sort: Sort = "", limit: Limit = 20,
) -> Any:  # fmt: skip
    filters = Filters(kind=kind, year=year, validity=validity)
    return reading.search(request, q.replace("\x00", ""), filters, sort, limit, timezone.localdate())


@api.get("/changes", response={200: ChangePage, **FAILS}, summary="某一时间以来的变化", tags=["公开内容"])
@decorate_view(conditional)
def changes(
    request: HttpRequest,
    since: Annotated[str, Query(max_length=40, description="带时区的时间")] = "1970-01-01T00:00:00+00:00",
    kind: KindCode = "", organ: Slug = "", column: ColumnNumber = None, cursor: Cursor = "", limit: Limit = 100,
) -> Any:  # fmt: skip
    return reading.changes(request, since, kind, organ, column, cursor, limit)


@api.get("/organs", response={200: OrganPage, **FAILS}, summary="机关", tags=["机关"])
@decorate_view(tagged)
def organs(request: HttpRequest, cursor: Cursor = "", limit: Limit = 100) -> Any:
    return reading.organs(request, cursor, limit)


@api.get("/organs/{organ}", response={200: OrganDetail, **FAILS}, summary="一个机关", tags=["机关"])
@decorate_view(tagged)
def one_organ(request: HttpRequest, organ: OrganSlug) -> Any:
    return reading.one_organ(request, organ)


@api.get("/reports", response={200: ReportPage, **FAILS}, summary="年度报告", tags=["年度报告"])
@decorate_view(conditional)
def reports(
    request: HttpRequest, organ: Slug = "", year: Year = None, cursor: Cursor = "", limit: Limit = 50
) -> Any:
    return reading.reports(request, organ, year, cursor, limit)


@api.get("/cells", response={200: CellPage, **FAILS}, summary="年度报告的单元格", tags=["年度报告"])
@decorate_view(conditional)
def cells(
    request: HttpRequest,
    key: Code = "",
    organ: Slug = "",
    year: Year = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> Any:
    return reading.cells(request, key, organ, year, cursor, limit)


@api.get(
    "/cells/names", response={200: list[CellName], **FAILS}, summary="单元格代码与名称", tags=["年度报告"]
)
@decorate_view(tagged)
def cell_names(request: HttpRequest, edition: Edition = "2021") -> Any:
    cells_ = EDITIONS[edition or "2021"].cells
    return [{"key": c.key, "label": c.label, "table": int(c.table), "unit": str(c.unit)} for c in cells_]


api.add_router("", publication.router)
api.add_router("", documents.router)
api.add_router("", report_lists.router)
api.add_router("", writing)
