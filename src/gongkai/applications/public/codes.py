"""A search for a receipt or case number is no search: it leads to the page where the case is opened with its code."""

from __future__ import annotations

import re
import unicodedata

from django.urls import reverse

from gongkai.applications.services.filing import ALPHABET
from gongkai.search.answers import Hint, Link, register_recogniser

#: Eight digits of a day and six characters, typed with or without blanks and hyphens.
_RECEIPT = re.compile(rf"20\d{{6}}[{ALPHABET}]{{6}}")
_CASE = re.compile(r"(?:公开申|依申请|申请)\D{0,4}20\d\d\D{0,3}\d{1,5}号?$|^回执号?\D{0,3}20\d{6}")
_GAP = re.compile(r"[\s\-_—.]+")


def recognise(text: str) -> Hint | None:
    """Where a receipt number or the number of a case leads. Looks nothing up: whether there is such a case is not said."""
    plain = _GAP.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _RECEIPT.fullmatch(plain) and not _CASE.search(plain):
        return None
    return Hint(
        "这像是申请的回执号或者编号。办理进度不在搜索里，凭回执号和查询码查看：",
        Link("查询进度", "查询申请进度", reverse("apply:track")),
    )


def setup() -> None:
    """Called when the app is ready."""
    register_recogniser(recognise)
