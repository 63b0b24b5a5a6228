"""What hangs on a document: its dated acts, versions of the text, relations, files."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.normative.models.document import Document
from gongkai.normative.rules.life import LABELS, Act, LifeEvent


class DocumentEvent(models.Model):
    """One act in the life of a document; only added, never changed (the database refuses it, see ``triggers``)."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="events")
    act = models.CharField("事项", max_length=16, choices=[(a.value, LABELS[a]) for a in Act])
    on = models.DateField("日期")
    effective = models.DateField("施行日期", null=True, blank=True)
    until = models.DateField("有效期至", null=True, blank=True)
    basis = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="acts_upon",
        verbose_name="依据的文件",
    )  # fmt: skip
    strikes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="struck_by"
    )
    note = models.CharField("说明", max_length=500, blank=True)
    detail = models.JSONField("要点", default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField("登记人", max_length=60, blank=True)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "文件办理记录"
        verbose_name_plural = "文件办理记录"
        ordering = ("document_id", "pk")
        indexes = [models.Index(fields=("document", "id"), name="document_event_order")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(act="struck") & Q(strikes__isnull=False) & ~Q(note=""))
                | (~Q(act="struck") & Q(strikes__isnull=True)),
                name="document_event_strikes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_act_display()}"

    def as_life(self) -> LifeEvent:
        """For the pure fold."""
        return LifeEvent(self.pk, Act(self.act), self.on, self.effective, self.until, self.strikes_id)


class DocumentVersion(models.Model):
    """The text as it stood from a day on: version 1 at issue, one more with every amendment."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("版本")
    valid_from = models.DateField("起始日期")
    body = models.TextField("正文")
    basis = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="修改依据"
    )
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "文本版本"
        verbose_name_plural = "文本版本"
        ordering = ("document_id", "version")
        constraints = [models.UniqueConstraint(fields=("document", "version"), name="document_version_once")]

    def __str__(self) -> str:
        return f"第{self.version}版"


class Relation(models.Model):
    """``source`` does something to ``target``. A plan (``done`` False) takes effect when the source is issued."""

    class Kind(models.TextChoices):
        REPEALS = "repeals", "废止"
        AMENDS = "amends", "修改"
        BASED_ON = "based_on", "依据"
        EXPLAINS = "explains", "解读"

    source = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="relations", verbose_name="文件"
    )
    kind = models.CharField("关系", max_length=10, choices=Kind.choices)
    target = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="related_by",
        verbose_name="相关文件",
    )  # fmt: skip
    target_text = models.CharField("登记簿以外的文件", max_length=300, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    done = models.BooleanField("已生效", default=False, editable=False)

    class Meta:
        verbose_name = "文件关系"
        verbose_name_plural = "文件关系"
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("source", "kind", "target"),
                condition=Q(target__isnull=False),
                name="document_relation_once",
                violation_error_message="这一关系已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, target_text="")
                | (Q(target__isnull=True) & ~Q(target_text="")),
                name="document_relation_target",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(target=F("source")), name="document_relation_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.target or self.target_text}"


def _path(instance: Attachment, filename: str) -> str:
    # The given name never becomes part of a path.
    return f"normative/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file of the document, judged by content, outside the web root, served as a download."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "红头文件"
        ATTACHMENT = "attachment", "附件"
        EVIDENCE = "evidence", "过程材料"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.ATTACHMENT)
    file = models.FileField(upload_to=_path, max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("大小")
    digest = models.CharField(max_length=64)
    text = models.TextField("提取的文字", blank=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "文件附件"
        verbose_name_plural = "文件附件"
        ordering = ("kind", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """过程材料 stays inside."""
        return self.kind != self.Kind.EVIDENCE
