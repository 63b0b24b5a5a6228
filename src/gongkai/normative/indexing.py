"""索引号: unique, given once, never changed (sheet 05 §10).

Local schemes differ, so the generator is named by the setting ``INDEX_NUMBER_GENERATOR`` (dotted path of a function taking
organ, year and serial).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from gongkai.organs.models import Organ

Generator = Callable[[Organ, int, int], str]
DEFAULT = "gongkai.normative.indexing.by_organ_code"


def by_organ_code(organ: Organ, year: int, serial: int) -> str:
    """组织机构代码/年份-流水号: 000014349/2017-00110. An organ without a code is known by its region and address."""
    code = organ.credit_code[8:17] if len(organ.credit_code) == 18 else ""
    return f"{code or organ.slug.upper()}/{year}-{serial:05d}"


def generator() -> Generator:
    """The function in force. Raises ImportError for a setting that names none."""
    return import_string(getattr(settings, "INDEX_NUMBER_GENERATOR", DEFAULT))  # type: ignore[no-any-return]
