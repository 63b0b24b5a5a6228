"""The audit trail: append-only, each entry carrying the digest of the one before."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class AppendOnly(Exception):
    """An audit entry cannot be changed or removed."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Refuses bulk changes; the database triggers refuse what comes past the ORM."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("审计记录只增不改。")

    def delete(self) -> NoReturn:
        raise AppendOnly("审计记录不可删除。")


class AuditEntry(models.Model):
    """Who did what to which object, why, and the digests before and after."""

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField("操作人姓名", max_length=60)
    organ = models.ForeignKey(
        "organs.Organ", verbose_name="所属机构", null=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField("动作代码", max_length=60)
    act_label = models.CharField("动作", max_length=60)
    object_type = models.CharField("对象类型", max_length=60)
    object_id = models.CharField("对象编号", max_length=60)
    object_label = models.CharField("对象", max_length=200)
    changes = models.JSONField("变化", default=dict)
    before_digest = models.CharField("变化前摘要", max_length=64, blank=True)
    after_digest = models.CharField("变化后摘要", max_length=64, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    previous_hash = models.CharField("上一条摘要", max_length=64, unique=True)
    entry_hash = models.CharField("本条摘要", max_length=64, unique=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["organ", "-id"], name="audit_organ"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["act", "-id"], name="audit_act"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.act_label} {self.object_label}"

    def compute_hash(self) -> str:
        """SHA-256 over the previous entry's hash and every field of this one."""
        parts = [
            self.previous_hash,
            self.at.isoformat(timespec="microseconds"),
            self.actor_id,
            self.actor_name,
            self.organ_id,
            self.act,
            self.object_type,
            self.object_id,
            self.object_label,
            self.changes,
            self.before_digest,
            self.after_digest,
            self.reason,
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("审计记录只增不改。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("审计记录不可删除。")
