"""收报: opening a year's collection, its units, excuses, reminders. One function per act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import SYSTEM, require
from gongkai.reports.flow import telling
from gongkai.reports.flow.rollup import COUNTED
from gongkai.reports.flow.windows import statutory
from gongkai.reports.models import (
    FIRST_YEAR,
    AnnualReport,
    Collection,
    CollectionReminder,
    CollectionUnit,
    State,
)
from gongkai.reports.services import MODULE

#: Collecting is for those who may publish the superior's own report: 政务公开办, not every clerk.
COLLECT = "publish"
#: Kinds asked unless told otherwise; villages and public institutions do not report under this format (02 §8).
USUAL_KINDS = (
    Organ.Kind.OFFICE,
    Organ.Kind.DEPARTMENT,
    Organ.Kind.TOWNSHIP,
    Organ.Kind.SUBDISTRICT,
    Organ.Kind.DISPATCHED,
    Organ.Kind.GOVERNMENT,
)
#: Days before (and, negative, after) the date of submission on which the timer reminds.
REMIND_AT = (10, 3, 1, 0, -1, -3, -7)
#: In these states a report is no longer with the unit.
HANDED_IN = (State.SUBMITTED, *COUNTED)

register_acts(
    {
        "collection.open": "发起收报",
        "collection.change": "修改收报安排",
        "collection.close": "结束收报",
        "collection.unit": "增加应报单位",
        "collection.excuse": "说明单位不需报送",
        "collection.outside": "改变单位的报送方式",
        "collection.remind": "催报",
    }
)


def candidates(organ: Organ, kinds: Sequence[str] = USUAL_KINDS) -> QuerySet[Organ]:
    """The organs that may be asked: active, below ``organ``, of the kinds, not 垂直管理, and not under another government
    (whose report covers them)."""
    rows = Organ.objects.filter(
        subtree(organ.path), status=Organ.Status.ACTIVE, vertical=False, kind__in=kinds
    )
    rows = rows.exclude(pk=organ.pk)
    for path in Organ.objects.filter(
        subtree(organ.path), kind=Organ.Kind.GOVERNMENT, depth__gt=organ.depth
    ).values_list("path", flat=True):
        rows = rows.exclude(path__startswith=path, depth__gt=len(path) // Organ.steplen)
    return rows.order_by("path")


def _check_dates(organ: Organ, year: int, submit_by: date, publish_by: date, rollup_by: date) -> None:
    wrong: dict[str, str] = {}
    if publish_by < submit_by:
        wrong["publish_by"] = "单位公布截止不能早于报送截止。"
    if rollup_by < submit_by:
        wrong["rollup_by"] = "汇总报告公布截止不能早于报送截止。"
    if publish_by > date(year + 1, 1, 31):
        wrong["publish_by"] = (
            f"部门应于 {year + 1} 年 1 月 31 日前公布（条例第四十九条第一款），不能定得更晚。"
        )
    last = statutory(organ, year)
    if rollup_by > last:
        wrong["rollup_by"] = (
            f"{organ.name}应于 {last.year} 年 {last.month} 月 {last.day} 日前公布（条例第四十九条），不能定得更晚。"
        )
    if wrong:
        raise ValidationError(wrong)


def open_collection(
    actor: Any,
    organ: Organ,
    year: int,
    *,
    submit_by: date,
    publish_by: date,
    rollup_by: date,
    note: str = "",
    units: Iterable[Organ] | None = None,
    outside: Iterable[Organ] = (),
) -> Collection:
    """Ask the units below ``organ`` for their reports on ``year``; all candidates unless ``units`` names them.

    Raises PermissionDenied; ValidationError for a year that is not there yet, a second collection of the year, dates out
    of order or beyond the law's, and units that are not candidates.
    """
    require(actor, MODULE, COLLECT, organ)
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise ValidationError({"year": f"报告年度应在 {FIRST_YEAR} 年至今年之间，现为 {year}。"})
    _check_dates(organ, year, submit_by, publish_by, rollup_by)
    apart = list(outside)
    asked = list(candidates(organ)) if units is None else list(units)
    asked += [one for one in apart if one.pk not in {o.pk for o in asked}]
    if not asked:
        raise ValidationError({"units": "还没有选应报单位。"})
    _check_units(organ, asked)
    with transaction.atomic():
        if Collection.objects.filter(organ=organ, year=year).exists():
            raise ValidationError({"year": f"{organ.name}已经发起过 {year} 年度的收报。"})
        collection = Collection.objects.create(
            organ=organ, year=year, submit_by=submit_by, publish_by=publish_by, rollup_by=rollup_by,
            note=note.strip(), opened_by=actor if getattr(actor, "pk", None) else None,
        )  # fmt: skip
        _ask(collection, asked, {one.pk for one in apart})
        record(
            actor, "collection.open", collection, organ=organ,
            after={**snapshot(collection), "units": len(asked)},
        )  # fmt: skip
    return collection


def _check_units(organ: Organ, asked: Sequence[Organ]) -> None:
    strange = [one.name for one in asked if not one.path.startswith(organ.path) or one.pk == organ.pk]
    if strange:
        raise ValidationError({"units": f"{'、'.join(strange[:5])}不是{organ.name}的下级单位。"})
    upright = [one.name for one in asked if one.vertical]
    if upright:
        raise ValidationError(
            {"units": f"{'、'.join(upright[:5])}属于垂直管理，在本系统报送，不计入本地区汇总。"}
        )


def _ask(collection: Collection, asked: Sequence[Organ], apart: set[int]) -> None:
    """The units, each tied to the report that is there already."""
    there: dict[int, int] = dict(
        AnnualReport.objects.filter(
            organ__in=[one.pk for one in asked], year=collection.year, state__in=HANDED_IN
        )
        .order_by("version")
        .values_list("organ_id", "pk")
    )
    CollectionUnit.objects.bulk_create(
        [
            CollectionUnit(
                collection=collection, organ=one, outside=one.pk in apart, report_id=there.get(one.pk)
            )
            for one in asked
        ]
    )


def change_dates(
    actor: Any, collection: Collection, *, submit_by: date, publish_by: date, rollup_by: date, note: str
) -> Collection:
    """New milestones or requirements. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, COLLECT, collection.organ)
    _open_only(collection)
    _check_dates(collection.organ, collection.year, submit_by, publish_by, rollup_by)
    with transaction.atomic():
        before = snapshot(collection)
        collection.submit_by, collection.publish_by, collection.rollup_by = submit_by, publish_by, rollup_by
        collection.note = note.strip()
        collection.save(update_fields=["submit_by", "publish_by", "rollup_by", "note"])
        record(
            actor, "collection.change", collection, organ=collection.organ, before=before,
            after=snapshot(collection),
        )  # fmt: skip
    return collection


def _open_only(collection: Collection) -> None:
    if collection.closed_at is not None:
        raise ValidationError("这次收报已经结束，不能再改。")


def add_unit(actor: Any, collection: Collection, organ: Organ, *, outside: bool = False) -> CollectionUnit:
    """Ask one more unit. Raises PermissionDenied; ValidationError for one that is asked already or cannot be."""
    require(actor, MODULE, COLLECT, collection.organ)
    _open_only(collection)
    _check_units(collection.organ, [organ])
    with transaction.atomic():
        if CollectionUnit.objects.filter(collection=collection, organ=organ).exists():
            raise ValidationError(f"{organ.name}已在应报单位中。")
        _ask(collection, [organ], {organ.pk} if outside else set())
        unit = CollectionUnit.objects.get(collection=collection, organ=organ)
        record(actor, "collection.unit", collection, organ=collection.organ, after={"unit": organ.name})
    return unit


def excuse(actor: Any, unit: CollectionUnit, reason: str) -> CollectionUnit:
    """Say why a unit need not report; an empty ``reason`` asks it again. Raises PermissionDenied, ValidationError."""
    collection = unit.collection
    require(actor, MODULE, COLLECT, collection.organ)
    _open_only(collection)
    reason = reason.strip()
    if len(reason) > 300:
        raise ValidationError(f"理由最多 300 字，现有 {len(reason)} 字。")
    if reason == unit.excused:
        raise ValidationError("请写明不需报送的理由。" if not reason else "理由没有变化。")
    with transaction.atomic():
        before = snapshot(unit)
        unit.excused = reason
        unit.save(update_fields=["excused"])
        record(
            actor, "collection.excuse", unit, organ=collection.organ, before=before, after=snapshot(unit),
            reason=reason,
        )  # fmt: skip
    return unit


def set_outside(actor: Any, unit: CollectionUnit, outside: bool) -> CollectionUnit:
    """Whether the unit hands in a file instead of working here. Raises PermissionDenied, ValidationError."""
    collection = unit.collection
    require(actor, MODULE, COLLECT, collection.organ)
    _open_only(collection)
    if unit.report_id is not None:
        raise ValidationError(f"{unit.organ.name}的报告已经报送，不能再改报送方式。需要改的请先退回。")
    with transaction.atomic():
        before = snapshot(unit)
        unit.outside = outside
        unit.save(update_fields=["outside"])
        record(actor, "collection.outside", unit, organ=collection.organ, before=before, after=snapshot(unit))
    return unit


def close_collection(actor: Any, collection: Collection) -> Collection:
    """End the collection; reports that come later go their own way. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, COLLECT, collection.organ)
    _open_only(collection)
    waiting = AnnualReport.objects.filter(
        organ__in=collection.units.filter(excused="").values("organ_id"),
        year=collection.year,
        state=State.SUBMITTED,
    ).count()
    if waiting:
        raise ValidationError(f"还有 {waiting} 份报告已报送、没有接收或退回，请先办完再结束收报。")
    with transaction.atomic():
        before = snapshot(collection)
        collection.closed_at = timezone.now()
        collection.save(update_fields=["closed_at"])
        record(
            actor, "collection.close", collection, organ=collection.organ, before=before,
            after=snapshot(collection),
        )  # fmt: skip
    return collection


# --- reminders --------------------------------------------------------------------------------------------------------


def unsubmitted(collection: Collection) -> list[CollectionUnit]:
    """Asked units whose report is still with them (or was never begun)."""
    handed = AnnualReport.objects.filter(year=collection.year, state__in=HANDED_IN).values("organ_id")
    rows = collection.units.filter(excused="").exclude(organ_id__in=handed)
    return list(rows.select_related("organ", "collection").order_by("organ__path"))


def remind(
    actor: Any, collection: Collection, units: Iterable[CollectionUnit], text: str
) -> list[CollectionReminder]:
    """Remind those of ``units`` that have not submitted; the reminders made.

    Raises PermissionDenied; ValidationError without text, or when none of them needs reminding.
    """
    require(actor, MODULE, COLLECT, collection.organ)
    _open_only(collection)
    text = text.strip()
    if not text:
        raise ValidationError("请写明催报的内容。")
    chosen = {unit.pk for unit in units}
    waiting = [unit for unit in unsubmitted(collection) if unit.pk in chosen]
    if not waiting:
        raise ValidationError("选中的单位都已报送或者不需报送，没有要催的。")
    with transaction.atomic():
        made = [
            CollectionReminder(unit=unit, text=text, by=actor if getattr(actor, "pk", None) else None)
            for unit in waiting
        ]
        CollectionReminder.objects.bulk_create(made)
        record(
            actor, "collection.remind", collection, organ=collection.organ,
            after={"units": [unit.organ.name for unit in waiting], "text": text},
        )  # fmt: skip
        for unit in waiting:
            telling.mail(
                telling.holders(unit.organ, "add"),
                f"催报：{unit.organ.label} {collection.year} 年度报告",
                f"{collection.organ.name}：{text}报送截止 {collection.submit_by:%Y-%m-%d}。请登录平台，在“今天”查看。",
            )
    return made


def remind_due(today: date) -> int:
    """The timer's reminders of ``today``; how many were made. A unit is not reminded twice in a day."""
    made = 0
    for collection in Collection.objects.filter(closed_at__isnull=True).select_related("organ"):
        left = (collection.submit_by - today).days
        if left not in REMIND_AT:
            continue
        already = CollectionReminder.objects.filter(
            unit__collection=collection, by__isnull=True, at__date=today
        ).values_list("unit_id", flat=True)
        units = [unit for unit in unsubmitted(collection) if unit.pk not in set(already)]
        if not units:
            continue
        when = f"还有 {left} 天" if left > 0 else "今天到期" if left == 0 else f"已过 {-left} 天"
        made += len(remind(SYSTEM, collection, units, f"{collection.year} 年度报告报送{when}，尚未收到。"))
    return made
