"""The archive and the clearing of personal data (个人信息保护法第四十七条; ADR 0004).

A case's ledger is cleared when its period runs out; its archived file is kept under archive law until it is appraised, and
from then on opened only with approval. An organ may choose the other order: appraised first, cleared afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.models import Application, OrganSettings
from gongkai.applications.services.anonymise import after_anonymise, keep_while
from gongkai.organs.scope import SYSTEM
from gongkai.records.models import ArchiveFile
from gongkai.records.services import close_files

OBJECT_TYPE = Application._meta.label_lower


@keep_while("案卷还在档案保管期内，本机构设置为到期鉴定后再清除个人信息")
def not_yet_appraised(keys: Iterable[int]) -> set[int]:
    """The cases whose file is still in custody, where the organ wants it appraised first. Two queries, and one more for each
    organ, when any organ chose so; else one."""
    if not OrganSettings.objects.filter(appraise_first=True).exists():
        return set()
    held = ArchiveFile.objects.filter(
        object_type=OBJECT_TYPE, object_id__in=[str(key) for key in keys], state=ArchiveFile.State.ARCHIVED
    )
    files = list(held.select_related("organ").only("object_id", "organ"))
    first = {organ: selectors.settings_for(organ).appraise_first for organ in {row.organ for row in files}}
    return {int(row.object_id) for row in files if first[row.organ]}


@after_anonymise
def close_volumes(application: Application) -> None:
    """封存 the case's volumes in the same transaction."""
    close_files(
        SYSTEM, OBJECT_TYPE, application.pk, on=timezone.localdate(), reason="办件个人信息保存期满已清除"
    )
