"""公开指南 by versions: a new one begins from the one in force, takes its place when it is published, and what it says of
the office is held against the organ's own data (条例第十二条; 第五十三条 names a guide that is not kept up to date).
"""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.publication.models import ColumnPage, GuidePage
from gongkai.publication.services.items import create_item, mark_superseded
from gongkai.publication.vocab import Fixed, Validity

#: What the guide says of the office → where the organ's own data says it.
CONTACT: Final = {
    "office_address": "address",
    "office_hours": "hours",
    "phone": "phone",
    "fax": "fax",
    "internet": "email",
}
#: What is carried from version to version.
CARRIED: Final = ("classification", "arrangement", "access", "office_name", *CONTACT)


def current_guides(organs: Q) -> dict[int, GuidePage]:
    """Organ key → its guide in force, the newest version; ``organs`` with prefix organ__. One query."""
    found = GuidePage.objects.filter(organs, shown=True, superseded_by__isnull=True).defer("body")
    return {g.organ_id: g for g in found.select_related("organ").order_by("version", "published_at", "pk")}


def outdated(guide: GuidePage) -> list[str]:
    """What the guide says of the office and the organ's data says otherwise; nothing where the organ says nothing."""
    found = []
    for field, own in CONTACT.items():
        known = str(getattr(guide.organ, own) or "").strip()
        if known and known != getattr(guide, field).strip():
            found.append(str(guide._meta.get_field(field).verbose_name))
    return found


@transaction.atomic
def begin_version(actor: Any, organ: Organ) -> GuidePage:
    """编制新版: a draft with the words of the guide in force and the contact data of the organ as they are today.

    A new version that is not out yet is taken up again. Raises ValidationError without the fixed column, PermissionDenied.
    """
    column = ColumnPage.objects.filter(organ=organ, fixed=Fixed.GUIDE).select_related("organ").first()
    if column is None:
        raise ValidationError(f"{organ.name}还没有公开专栏，机构登记后自动开设。")
    begun = GuidePage.objects.filter(organ=organ, published_at__isnull=True, state="draft").first()
    if begun is not None:
        return begun
    old = current_guides(Q(organ=organ)).get(organ.pk)
    words = (
        {name: getattr(old, name) for name in CARRIED}
        if old
        else {"office_name": f"{organ.name}政府信息公开工作机构"[:120]}
    )
    for field, own in CONTACT.items():
        size = GuidePage._meta.get_field(field).max_length
        words[field] = str(getattr(organ, own) or words.get(field, ""))[:size]
    last = GuidePage.objects.filter(organ=organ).aggregate(n=Max("version"))["n"] or 0
    page = GuidePage(
        title=f"{organ.name}政府信息公开指南", version=last + 1, formed_on=timezone.localdate(),
        summary=old.summary if old else f"{organ.name}政府信息的分类、编排、获取方式和公开工作机构。", **words,
    )  # fmt: skip
    made = create_item(actor, column, page)
    assert isinstance(made, GuidePage)
    return made


def supersede_older(guide: GuidePage) -> None:
    """The versions before a published one say on their page that it took their place. In the caller's transaction."""
    older = GuidePage.objects.filter(
        organ=guide.organ_id, shown=True, superseded_by__isnull=True, version__lt=guide.version
    ).exclude(pk=guide.pk)
    for page in older:
        mark_superseded(
            SYSTEM, page, by=guide, validity=Validity.EXPIRED, note=f"已由第 {guide.version} 版指南代替"
        )  # fmt: skip
