"""What was given up: kept for a time in which it can be taken up again, then its text and the files that nobody else needs go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import ReferenceIndex

from gongkai.organs.audit import record, register_acts
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.models import Attachment, AttachmentUse, IntakeDraft, IntakeFile
from gongkai.publication.services.items import MODULE

register_acts({"publication.intake.restore": "恢复来稿", "publication.intake.clean": "清除放弃的来稿"})
State = IntakeDraft.State


def kept_since(now: datetime | None = None) -> datetime:
    """What was given up before this moment is cleared."""
    return (now or timezone.now()) - timedelta(days=settings.PUBLICATION_INTAKE_KEEP_DAYS)


def restorable() -> QuerySet[IntakeDraft]:
    """Readings given up that can still be taken up again."""
    return IntakeDraft.objects.filter(state=State.DISCARDED, ended_at__gte=kept_since())


@transaction.atomic
def restore(actor: Any, draft: IntakeDraft) -> IntakeDraft:
    """Takes a reading up again. Raises PermissionDenied; ValidationError when it is cleared already."""
    require(actor, MODULE, "add", draft.organ)
    row = restorable().select_for_update().filter(pk=draft.pk).first()
    if row is None:
        raise ValidationError("这份来稿已经清除，不能恢复。请重新上传。")
    row.state, row.ended_at = State.WAITING, None
    row.save(update_fields=["state", "ended_at"])
    record(actor, "publication.intake.restore", row, organ=row.organ)
    return row


def clean(now: datetime | None = None) -> tuple[int, int]:
    """Clears the readings whose time is over, and the files that only they held; (readings, files). May run again."""
    before = kept_since(now)
    over = IntakeDraft.objects.filter(
        ~Q(blocks=[]) | Q(attachment__isnull=False) | Q(files__isnull=False),
        state=State.DISCARDED,
        ended_at__lt=before,
    )
    readings = 0
    for draft in over.select_related("organ").distinct().order_by("pk"):
        _clear(draft)
        readings += 1
    files = 0
    for file in _unneeded(before).select_related("organ").order_by("pk"):
        files += _remove(file)
    return readings, files


@transaction.atomic
def _clear(draft: IntakeDraft) -> None:
    draft.files.all().delete()
    draft.blocks, draft.reading, draft.typed, draft.attachment = [], {}, {}, None
    draft.save(update_fields=["blocks", "reading", "typed", "attachment"])
    record(SYSTEM, "publication.intake.clean", draft, organ=draft.organ, reason=draft.name)


def _unneeded(before: datetime) -> QuerySet[Attachment]:
    """Files that came in with a reading and were never put into an item, nor chosen by hand, nor wait in another reading."""
    return Attachment.objects.filter(
        ~Q(Exists(IntakeDraft.objects.filter(attachment=OuterRef("pk")))),
        ~Q(Exists(IntakeFile.objects.filter(attachment=OuterRef("pk")))),
        ~Q(Exists(AttachmentUse.objects.filter(attachment=OuterRef("pk")))),
        provisional=True, uploaded_at__lt=before,
    )  # fmt: skip


@transaction.atomic
def _remove(file: Attachment) -> int:
    held = Attachment.objects.select_for_update().filter(pk=file.pk, provisional=True).first()
    if held is None or ReferenceIndex.get_references_to(held).exists():
        return 0  # somebody took it up meanwhile
    record(
        SYSTEM, "publication.intake.clean", held, organ=file.organ, reason=f"{held.name} {held.digest[:16]}"
    )
    stored = held.file
    held.delete()
    transaction.on_commit(lambda: stored.storage.delete(stored.name))
    return 1
