"""索引号: given once, at first publication; gap-free per organ and year; never changed and never given again.

The form is a setting (``PUBLICATION_INDEX_NUMBER``), the serial is not.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from gongkai.normative.models import Document
from gongkai.organs.models import Organ
from gongkai.publication.models import DisclosurePage, IndexSerial

Generator = Callable[[Organ, int, int], str]
NATIONAL = "gongkai.publication.indexing.national"


def national(organ: Organ, year: int, serial: int) -> str:
    """前段码/后段码 of the catalogue guide (sheet 05 §10): credit code, year, five-digit serial."""
    # An organ without a code yet still must number; its own key keeps the prefix unique for good.
    prefix = organ.credit_code or f"{_region(organ)}-{organ.pk:03d}"
    return f"{prefix}/{year}-{serial:05d}"


def _region(organ: Organ) -> str:
    """The code of the region that ``organ`` belongs to: its own, else that of the nearest government above it."""
    if organ.region_code:
        return organ.region_code
    if "region_above" not in organ.__dict__:  # looked up once for all numbers of a bulk import
        above = organ.get_ancestors().exclude(region_code="").order_by("-depth")
        organ.__dict__["region_above"] = above.values_list("region_code", flat=True).first() or "000000"
    return str(organ.__dict__["region_above"])


def generator() -> Generator:
    """The configured form."""
    found: Generator = import_string(getattr(settings, "PUBLICATION_INDEX_NUMBER", NATIONAL))
    return found


def take(organ: Organ, year: int, count: int = 1) -> list[str]:
    """The next ``count`` numbers of ``organ`` in ``year``, without those that a registered document bears already.

    Raises RuntimeError outside a transaction: a number taken by an act that failed would be a gap.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("索引号须在业务动作的事务内取得。")
    serial, _ = IndexSerial.objects.select_for_update().get_or_create(organ=organ, year=year)
    form, found = generator(), list[str]()
    while missing := count - len(found):
        numbers = [form(organ, year, serial.last + n) for n in range(1, missing + 1)]
        serial.last += missing
        found += sorted(set(numbers) - _borne(numbers), key=numbers.index)
    serial.save(update_fields=["last"])
    return found


def _borne(numbers: list[str]) -> set[str]:
    """Those of ``numbers`` that stand on a document or, brought by one, on an item."""
    borne: set[str] = set()
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        for model in (Document, DisclosurePage):
            borne |= set(model.objects.filter(index_number__in=part).values_list("index_number", flat=True))
    return borne
