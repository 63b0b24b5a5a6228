"""What changes the form: entries, and publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.scope import require
from gongkai.reports.compiling.evidence import Evidence, attach
from gongkai.reports.models import Yearbook, YearbookEntry
from gongkai.reports.recording import MODULE
from gongkai.reports.yearbook.forming import NO, YES, digest_of, form_of, frozen
from gongkai.reports.yearbook.layout import ITEMS, Item, Kind

register_acts({"yearbook.save": "填报网站年度报表", "yearbook.publish": "公布网站年度报表"})
_DIGITS = 13


def cleaned(item: Item, text: str) -> str:
    """``text`` as kept. Raises ValidationError where it does not fit the item."""
    text = " ".join(text.split())[:300]
    if not text or item.kind is Kind.WORDS:
        return text
    if item.kind is Kind.YES:
        if text not in (YES, NO):
            raise ValidationError(f"“{item.label}”请选择是或者否。")
        return text
    plain = text.replace(",", "").replace("，", "")
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= _DIGITS):
        raise ValidationError(f"“{item.label}”应为不小于 0 的整数，现为“{text[:30]}”。")
    return str(int(plain))


def save_entries(
    actor: Any,
    organ: Organ,
    year: int,
    texts: Mapping[str, str],
    *,
    source: str,
    evidence: Evidence | None = None,
) -> int:
    """Keep what was typed for the items of ``texts``; an empty text takes an item away. How many items changed.

    Raises PermissionDenied; ValidationError with everything that is wrong at once, without writing anything.
    """
    require(actor, MODULE, "change", organ)
    source, wrong, wanted = source.strip()[:200], [], {}
    for key, text in texts.items():
        item = ITEMS.get(key)
        if item is None or item.computed:
            wrong.append("有不能填报的项目：由台账统计，或者报表没有这一项。")
            continue
        try:
            wanted[key] = cleaned(item, text)
        except ValidationError as error:
            wrong += error.messages
    if not source:
        wrong.append("请写明数据来源，例如“区 12345 热线平台年度统计”。")
    if wrong:
        raise ValidationError(wrong)
    with transaction.atomic():
        kept = {
            e.key: e for e in YearbookEntry.objects.select_for_update().filter(organ=organ, year=year, key__in=wanted)
        }  # fmt: skip
        changed = {k: (kept[k].value if k in kept else "", v) for k, v in wanted.items()}
        changed = {k: pair for k, pair in changed.items() if pair[0] != pair[1]}
        for key, (_, after) in changed.items():
            _write(
                actor,
                kept.get(key) or YearbookEntry(organ=organ, year=year, key=key),
                after,
                source,
                evidence,
            )
        if changed:
            record(
                actor, "yearbook.save", organ, organ=organ, before={k: v[0] for k, v in changed.items()},
                after={k: v[1] for k, v in changed.items()}, reason=f"{year}年，来源：{source}",
            )  # fmt: skip
    return len(changed)


def _write(actor: Any, row: YearbookEntry, text: str, source: str, evidence: Evidence | None) -> None:
    if not text:
        if row.pk:
            row.delete()
        return
    row.value, row.source = text, source
    row.entered_by = actor if getattr(actor, "pk", None) else None
    attach(row, evidence)
    row.save()


@transaction.atomic
def publish_yearbook(
    actor: Any, organ: Organ, year: int, *, correction: str = "", at: Any = None
) -> Yearbook:
    """Freeze the form and put it in force; the version before it stays readable.

    ``at``: the time of publication elsewhere, for past years. Raises PermissionDenied; ValidationError before the year is
    over, with items missing or contradicting one another, and for a second version without ``correction``.
    """
    require(actor, MODULE, "publish", organ)
    moment = at or timezone.now()
    if timezone.localtime(moment).year <= year or moment > timezone.now():
        raise ValidationError(f"{year} 年的报表在该年结束后才能公布。")
    form = form_of(organ, year)
    if form.missing:
        raise ValidationError(
            f"还有 {len(form.missing)} 项没有填报：{'、'.join(form.missing[:8])}。没有的填 0。"
        )
    if form.contradictions:
        raise ValidationError(form.contradictions)
    old = Yearbook.objects.select_for_update().filter(organ=organ, year=year).order_by("-version").first()
    correction = correction.strip()[:500]
    if old is not None and not correction:
        raise ValidationError(f"{year} 年的报表已经公布。要更正，请写明更正了什么、为什么。")
    document = frozen(form, site_facts())
    if old is not None:
        if digest_of(document) == old.digest:
            raise ValidationError("内容与已公布的报表完全相同，不需要更正。")
        old.in_force = False
        old.save(update_fields=["in_force"])
    row = Yearbook.objects.create(
        organ=organ, year=year, version=old.version + 1 if old else 1, document=document, digest=digest_of(document),
        correction=correction, published_at=moment, published_by=actor if getattr(actor, "pk", None) else None,
    )  # fmt: skip
    after = {k: v for k, v in snapshot(row).items() if k != "document"}
    record(actor, "yearbook.publish", row, organ=organ, after=after, reason=correction)
    return row


def site_facts() -> dict[str, str]:
    """The head of the form: the site as its profile says."""
    site = SiteProfile.current()
    return {
        "网站名称": site.site_name, "主办单位": site.sponsor, "政府网站标识码": site.site_code, "网站备案号": site.icp,
        "公安机关备案号": site.police,
    }  # fmt: skip
