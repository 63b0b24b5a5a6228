"""The parameters that addresses of the API share, with their bounds and what they mean."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query

from gongkai.annualreport.schema import EDITIONS
from gongkai.api.closed import OneOf, kinds, listed
from gongkai.api.paging import MAX_LIMIT
from gongkai.api.schemas import Problem
from gongkai.search.pages import VALIDITY

#: A key of the database: whatever is larger is none.
ROW = 2**63 - 1


def word(description: str) -> Any:
    """A parameter that is a word."""
    return Query(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$", description=description)


Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description=f"每页条数，最多 {MAX_LIMIT}")]
Cursor = Annotated[str, Query(max_length=400, description="上一页 next 地址里的游标")]
Year = Annotated[int | None, Query(ge=1900, le=2200, description="年份")]
Slug = Annotated[str, Query(max_length=60, pattern=r"^[A-Za-z0-9_-]*$", description="机关代号，见 organs")]
ColumnNumber = Annotated[int | None, Query(ge=1, le=ROW, description="栏目编号，见 columns")]
Code = Annotated[
    str,
    Query(max_length=48, pattern=r"^[A-Za-z0-9_.:-]*$", description="单元格代码，见 cells/names"),
]
KindCode = Annotated[str, OneOf(kinds), Query("", description="内容的种类，代码见 kinds")]
ForceCode = Annotated[
    str, OneOf(lambda: VALIDITY), Query("", description=f"效力：{listed(VALIDITY.items())}")
]
Sort = Annotated[str, OneOf(lambda: ("new", "old")), Query("", description="空按相关度，new 最新，old 最早")]
Edition = Annotated[str, OneOf(lambda: EDITIONS), Query("2021", description="格式版本：2021 或 2019")]
Number = Annotated[int, Path(ge=1, le=ROW, description="编号")]
OrganSlug = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_-]+$", description="机关代号")]
PathYear = Annotated[int, Path(ge=1900, le=2200, description="年度")]
FAILS: dict[int, Any] = {404: Problem, 422: Problem, 429: Problem}
