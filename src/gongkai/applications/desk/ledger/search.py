"""Finding a case by what people have at hand: its number, the receipt, the name on it, words of the request.

Nothing here reads the whole ledger: numbers, receipts and names are looked up by their indexes, words are compared with
the newest WORDS_WITHIN cases of whatever the filters leave.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.db.models import Q, QuerySet

from gongkai.applications.models import Applicant, Application
from gongkai.applications.services.filing import masked
from gongkai.law.case import ApplicantKind

MOST: Final = 500
WORDS_WITHIN: Final = 5000
#: A number without the office's mark: 〔2026〕12号, 2026-12, 12号, 12.
_NUMBER = re.compile(r"[〔\[(【]?(?:(?P<year>20\d\d)\D{1,3})?(?P<serial>\d{1,6})号?")


def search(queryset: QuerySet[Application], text: str) -> tuple[QuerySet[Application], str]:
    """The cases of ``queryset`` that ``text`` finds, and a sentence where the search was cut short ("" otherwise)."""
    text = " ".join(text.split())
    if not text:
        return queryset, ""
    base = queryset.order_by("-pk").values_list("pk", flat=True)
    pks: set[int] = set()
    for condition in _exact(text):
        pks.update(base.filter(condition)[:MOST])
    note = ""
    words = [word for word in text.split(" ") if len(word) >= 2][:5]
    if words:
        newest = list(base[: WORDS_WITHIN + 1])
        if len(newest) > WORDS_WITHIN:
            note = (
                f"内容中的词只在最近 {WORDS_WITHIN} 件里查找；要找更早的，请先按年份、机构或者收到日期筛选。"
            )
        found = Application.objects.filter(pk__in=newest[:WORDS_WITHIN])
        for word in words:
            found = found.filter(Q(description__contains=word) | Q(reference__contains=word))
        pks.update(found.order_by("-pk").values_list("pk", flat=True)[:MOST])
    if len(pks) >= MOST:
        note = f"找到的较多，只列出最近 {MOST} 件；请再加一个词或者筛选条件。"
    return queryset.filter(pk__in=sorted(pks, reverse=True)[:MOST]), note


def _exact(text: str) -> list[Q]:
    plain = unicodedata.normalize("NFKC", text)
    conditions = [Q(number__startswith=text)]
    number = _NUMBER.fullmatch(plain)
    if number:
        serial = Q(serial=int(number["serial"]))
        conditions.append(serial & Q(number_year=int(number["year"])) if number["year"] else serial)
    receipt = "".join(plain.split()).upper()
    if len(receipt) >= 6 and receipt.isalnum() and receipt.isascii():
        conditions.append(Q(receipt__gte=receipt, receipt__lt=receipt + "~"))
    if 2 <= len(text) <= 60 and not plain.isdigit():
        conditions.append(Q(applicant__in=_named(text)))
    return conditions


def _named(text: str) -> QuerySet[Applicant]:
    """Applicants by the name that lists show: a person's full name is looked up as it is masked, never as it is."""
    names = {text.replace("＊", "*"), masked(ApplicantKind.NATURAL, text)}
    return Applicant.objects.filter(
        Q(masked_name__in=names) | ~Q(kind=ApplicantKind.NATURAL) & Q(masked_name__startswith=text)
    ).values("pk")[: 20 * MOST]
