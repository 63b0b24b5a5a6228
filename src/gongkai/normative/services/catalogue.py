"""公开目录: an issue is made from the register for a period, looked at, published, and then stays as it is."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from gongkai.normative.models import CatalogueIssue, CatalogueItem, Document
from gongkai.normative.policies import MODULE
from gongkai.normative.table2 import documents_of
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts(
    {
        "catalogue.make": "编制公开目录",
        "catalogue.refresh": "重新生成公开目录",
        "catalogue.publish": "公布公开目录",
    }
)


def documents_for(organ: Organ, first: date, last: date, subtree: bool) -> QuerySet[Document]:
    """What a catalogue of the period lists: everything published in it."""
    found = documents_of(organ, subtree).filter(published_on__gte=first, published_on__lte=last)
    return found.select_related("organ").order_by("published_on", "organ__path", "number_serial", "pk")


@transaction.atomic
def make_issue(
    actor: Any, organ: Organ, *, period_from: date, period_to: date, subtree: bool = False
) -> CatalogueIssue:
    """The next issue of the year in which the period ends, with its lines. Needs ``add``.

    Raises PermissionDenied; ValidationError for a period that ends before it begins or overlaps a published issue.
    """
    require(actor, MODULE, "add", organ)
    Organ.objects.select_for_update().get(pk=organ.pk)  # issue numbers are given one at a time
    others = CatalogueIssue.objects.filter(organ=organ)
    overlap = others.filter(period_from__lte=period_to, period_to__gte=period_from).first()
    if overlap:
        raise ValidationError(
            f"{overlap}已包括 {overlap.period_from} 至 {overlap.period_to} 的文件，请调整起止日期。"
        )
    last = others.filter(year=period_to.year).aggregate(last=Max("issue"))["last"] or 0
    issue = CatalogueIssue(
        organ=organ, year=period_to.year, issue=last + 1, period_from=period_from, period_to=period_to, subtree=subtree
    )  # fmt: skip
    issue.full_clean()
    issue.save()
    _fill(issue)
    audit(actor, "catalogue.make", issue, organ=organ, after=snapshot(issue))
    return issue


def _fill(issue: CatalogueIssue) -> None:
    issue.items.all().delete()
    documents = documents_for(issue.organ, issue.period_from, issue.period_to, issue.subtree)
    CatalogueItem.objects.bulk_create(
        [
            CatalogueItem(
                issue=issue, position=n, document=d, index_number=d.index_number, title=d.title, number=d.number,
                organ_name=d.organ.name, category=d.get_category_display(), formed_on=d.formed_on,
                published_on=d.published_on,
            )
            for n, d in enumerate(documents, 1)
        ],
        batch_size=500,
    )  # fmt: skip
    issue.count = issue.items.count()
    issue.save(update_fields=["count"])


def _draft(issue: CatalogueIssue) -> CatalogueIssue:
    row = CatalogueIssue.objects.select_for_update().select_related("organ").get(pk=issue.pk)
    if row.state != CatalogueIssue.State.DRAFT:
        raise ValidationError("这一期目录已经公布，不能再改。遗漏的文件列入下一期。")
    return row


@transaction.atomic
def refresh_issue(actor: Any, issue: CatalogueIssue) -> CatalogueIssue:
    """Make the lines of a draft anew from the register. Needs ``change``. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "change", issue.organ)
    row = _draft(issue)
    _fill(row)
    audit(actor, "catalogue.refresh", row, organ=row.organ, after=snapshot(row))
    return row


def digest_of(issue: CatalogueIssue) -> str:
    """SHA-256 over the lines as published."""
    lines = list(
        issue.items.order_by("position").values_list(
            "position",
            "index_number",
            "title",
            "number",
            "organ_name",
            "category",
            "formed_on",
            "published_on",
        )
    )
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False, default=str).encode()).hexdigest()


@transaction.atomic
def publish_issue(actor: Any, issue: CatalogueIssue) -> CatalogueIssue:
    """Publish and freeze. Needs ``approve``. Raises PermissionDenied; ValidationError for an empty or running period."""
    require(actor, MODULE, "approve", issue.organ)
    row = _draft(issue)
    if not row.count:
        raise ValidationError("这一期没有文件，不能公布。")
    if row.period_to >= timezone.localdate():
        raise ValidationError(f"这一期到 {row.period_to} 为止，期满以后再公布。")
    before = snapshot(row)
    row.state = CatalogueIssue.State.PUBLISHED
    row.published_at, row.digest = timezone.now(), digest_of(row)
    row.save()
    audit(actor, "catalogue.publish", row, organ=row.organ, before=before, after=snapshot(row))
    return row
