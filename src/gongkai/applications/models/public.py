"""What the public side keeps beside the case: drafts, filings under way, and what applicants wrote afterwards."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from gongkai.applications.fields import SealedText
from gongkai.applications.models.application import Application
from gongkai.applications.models.files import CaseFile


class Draft(models.Model):
    """An application not yet filed. Readable only with the token that lives in the applicant's cookie: the row holds the
    token's digest and the content sealed under a key derived from it."""

    token_digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "申请草稿"
        verbose_name_plural = "申请草稿"

    def __str__(self) -> str:
        return f"草稿 {self.pk}"


def _draft_path(instance: DraftFile, filename: str) -> str:
    return f"drafts/{uuid.uuid4().hex}"


class DraftFile(models.Model):
    """A file of a draft; name and content are sealed like the draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=16)
    file = models.FileField(upload_to=_draft_path, max_length=200)
    sealed_name = models.BinaryField()
    size = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = "草稿附件"
        verbose_name_plural = "草稿附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"草稿附件 {self.pk}"


class Submission(models.Model):
    """One press of 提交: the same form sent twice finds the application that the first one made."""

    key = models.CharField(max_length=64, unique=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.CASCADE, related_name="+")
    sealed_code = models.TextField(blank=True)  # until the applicant has seen the receipt
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "提交凭据"
        verbose_name_plural = "提交凭据"

    def __str__(self) -> str:
        return f"提交 {self.pk}"


class Statement(models.Model):
    """What the applicant wrote after filing: a correction, reasons, a payment note, new contact details."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "补正说明"
        REASONS = "reasons", "说明理由"
        FEE = "fee", "缴费说明"
        CONTACT = "contact", "变更联系方式"
        WITHDRAWAL = "withdrawal", "撤回说明"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    text = SealedText("内容")
    files = models.ManyToManyField(CaseFile, verbose_name="附件", blank=True, related_name="statements")
    at = models.DateTimeField("提交时间", auto_now_add=True)
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="处理人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip

    class Meta:
        verbose_name = "申请人补充材料"
        verbose_name_plural = "申请人补充材料"
        ordering = ["application", "pk"]
        indexes = [models.Index(fields=["application", "kind"], name="statement_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
