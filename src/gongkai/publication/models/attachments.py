"""Files of items: stored outside the web root under a name of ours, known by digest, served by a view."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


def _path(instance: Attachment, filename: str) -> str:
    # What a file is called by whoever sent it never becomes part of a path.
    return f"publication/{instance.organ_id}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file of one organ, to be used in the bodies of its items."""

    organ = models.ForeignKey("organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=_path, max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    digest = models.CharField("SHA-256", max_length=64)
    text = models.TextField("提取的文字", blank=True)
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    #: Came in with a reading that nobody has confirmed yet: not offered elsewhere, cleared when the reading is given up.
    provisional = models.BooleanField("来稿暂存", default=False, editable=False)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organ", "digest"], name="attachment_organ_digest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.media_type in ("image/jpeg", "image/png")

    def get_absolute_url(self) -> str:
        return reverse("publication:attachment", args=[self.pk])


class AttachmentUse(models.Model):
    """That the published body of a page holds the file; what no published page holds is not served."""

    page = models.ForeignKey(
        "publication.DisclosurePage", on_delete=models.CASCADE, related_name="attachment_uses"
    )
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="uses")
    label = models.CharField("显示名称", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "附件引用"
        verbose_name_plural = "附件引用"
        ordering = ["page", "position"]
        constraints = [models.UniqueConstraint(fields=["page", "attachment"], name="attachment_use_once")]

    def __str__(self) -> str:
        return self.label or str(self.attachment)
