"""Numbers of documents: the next one of a series without gaps, or one that the document bears already."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from gongkai.normative.indexing import generator
from gongkai.normative.models import Document, NumberCounter
from gongkai.normative.rules.numbers import DocumentNumber, NumberError, parse_number
from gongkai.organs.models import Organ

INDEX_SERIES = "索引号"


def _locked(organ: Organ, series: str, year: int) -> NumberCounter:
    rows = NumberCounter.objects.select_for_update().filter(organ=organ, series=series, year=year)
    row = rows.first()
    if row is None:
        try:
            with transaction.atomic():
                NumberCounter.objects.create(organ=organ, series=series, year=year)
        except IntegrityError:
            pass  # somebody else made it first
        row = rows.get()
    return row


def next_number(organ: Organ, mark: str, year: int) -> DocumentNumber:
    """The next free number of ``mark`` in ``year``, from 1, skipping those entered by hand.

    Must run inside the transaction that uses it: rolled back, the number is given again. Raises RuntimeError outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("编号须与登记在同一事务内取得。")
    row = _locked(organ, mark, year)
    taken = set(
        Document.objects.filter(
            organ=organ, mark=mark, number_year=year or None, number_serial__gt=row.last
        ).values_list("number_serial", flat=True)
    )
    serial = row.last + 1
    while serial in taken:
        serial += 1
    row.last = serial
    row.save(update_fields=["last"])
    return DocumentNumber(mark, year, serial)


def checked(organ: Organ, text: str, document: Document | None = None) -> DocumentNumber:
    """The number typed, if no other document of ``organ`` bears it. Raises ValidationError."""
    try:
        number = parse_number(text)
    except NumberError as problem:
        raise ValidationError({"number": str(problem)}) from None
    holder = Document.objects.filter(organ=organ, number=str(number))
    if document is not None:
        holder = holder.exclude(pk=document.pk)
    found = holder.first()
    if found:
        raise ValidationError({"number": f"{number}已用于《{found.title}》，请核对。"})
    return number


def put(document: Document, number: DocumentNumber | None) -> None:
    """Writes a number into its columns (not saved)."""
    document.number = str(number) if number else ""
    document.mark = number.mark if number else ""
    document.number_year = (number.year or None) if number else None
    document.number_serial = number.serial if number else None


def next_index(organ: Organ, year: int) -> str:
    """The next 索引号 of ``organ``; numbers taken by imported documents are skipped. Inside a transaction."""
    make = generator()
    row = _locked(organ, INDEX_SERIES, year)
    while True:
        row.last += 1
        found = make(organ, year, row.last)
        if not Document.objects.filter(index_number=found).exists():
            row.save(update_fields=["last"])
            return found
