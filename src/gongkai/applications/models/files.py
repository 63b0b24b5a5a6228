"""Files of a case: stored outside the web root, served only as downloads, known by their digest."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from gongkai.applications.models.application import Application


class FileKind(models.TextChoices):
    """What a file is in the case; the archive's catalogue is printed in this order."""

    REQUEST = "request", "申请材料"
    IDENTITY = "identity", "身份证明"
    AUTHORITY = "authority", "授权委托书"
    CORRECTION = "correction", "补正材料"
    OPINION = "opinion", "征求意见回函"
    SEARCH = "search", "检索记录"
    SOURCE = "source", "被申请信息原件"
    REDACTED = "redacted", "区分处理后的信息"
    RELEASED = "released", "向申请人提供的信息"
    FEE = "fee", "缴费凭证"
    SERVICE = "service", "送达凭证"
    OTHER = "other", "其他材料"


#: What an applicant may download with the query code.
APPLICANT_KINDS = (FileKind.REQUEST, FileKind.CORRECTION, FileKind.RELEASED)
#: What holds personal data or secrets and is opened only on purpose, with a reason, and logged.
GUARDED_KINDS = (FileKind.IDENTITY, FileKind.AUTHORITY, FileKind.SOURCE)


def _path(instance: CaseFile, filename: str) -> str:
    # The name given by a stranger never becomes part of a path.
    return f"cases/{instance.application_id}/{uuid.uuid4().hex}"


class CaseFile(models.Model):
    """A file with what its content was found to be; ``name`` is only what to call it in a download."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField("类别", max_length=16, choices=FileKind.choices)
    file = models.FileField(upload_to=_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    digest = models.CharField("SHA-256", max_length=64)
    derived_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="derived",
        verbose_name="由此文件处理而来",
    )
    detail = models.JSONField("处理说明", default=dict, blank=True)  # redaction blocks with their grounds
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "案卷文件"
        verbose_name_plural = "案卷文件"
        ordering = ["application", "kind", "pk"]
        indexes = [models.Index(fields=["application", "kind"], name="casefile_kind")]

    def __str__(self) -> str:
        return self.name
