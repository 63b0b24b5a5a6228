"""The description of the interface as its readers see it: what the framework writes in English is said in Chinese or left out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ninja import NinjaAPI

#: What each answer means.
ANSWERS = {
    "200": "成功", "201": "已收到", "400": "请求读不出来", "401": "没有密钥，或密钥不能用", "403": "不在这个密钥的范围内",
    "404": "没有这个对象，可能已经撤下", "409": "与现在的状态冲突", "413": "内容过大", "422": "参数不符合要求", "429": "调用过于频繁，Retry-After 秒后再试",
}  # fmt: skip
_CHINESE = re.compile("[一-鿿]")


class DescribedApi(NinjaAPI):
    """The framework's API with its description put into Chinese."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The description; nobody may change what is given."""
        return _described(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


@lru_cache(maxsize=8)
def _described(api: NinjaAPI, prefix: str) -> Any:
    # Made once: it takes an eighth of a second, and anyone may ask for it as often as they like.
    schema = NinjaAPI.get_openapi_schema(api, path_prefix=prefix)
    for operations in schema["paths"].values():
        for operation in operations.values():
            for code, answer in operation["responses"].items():
                answer["description"] = ANSWERS[str(code)]
    _quiet(schema["components"])
    _quiet(schema["paths"])
    return schema


def _quiet(part: Any) -> None:
    """Take out titles made of field names and notes to programmers; they say nothing to a reader."""
    if isinstance(part, list):
        for one in part:
            _quiet(one)
    if not isinstance(part, dict):
        return
    for name in ("title", "description"):
        if isinstance(part.get(name), str) and not _CHINESE.search(part[name]):
            del part[name]
    for one in part.values():
        _quiet(one)
