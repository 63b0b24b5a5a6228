"""What readers say of a page: counts, never a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PageFeedback(models.Model):
    """这页有用吗: the answers for one public page. No address, no time of day, no text of the reader's own."""

    class Reason(models.TextChoices):
        """Why a page did not help; each is a column that counts."""

        MISSING = "missing", "没有要找的内容"
        UNCLEAR = "unclear", "看不懂"
        OUTDATED = "outdated", "内容过时"
        BROKEN = "broken", "打不开、下载不了"

    path = models.CharField("网址", max_length=400, unique=True)
    title = models.CharField("标题", max_length=400)
    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.CASCADE, related_name="page_feedback"
    )
    helpful = models.PositiveIntegerField("有用", default=0)
    unhelpful = models.PositiveIntegerField("没有用", default=0)
    missing = models.PositiveIntegerField("没有要找的内容", default=0)
    unclear = models.PositiveIntegerField("看不懂", default=0)
    outdated = models.PositiveIntegerField("内容过时", default=0)
    broken = models.PositiveIntegerField("打不开、下载不了", default=0)
    last_on = models.DateField("最近评价")
    handled_on = models.DateField("处理日期", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    handled_note = models.CharField("处理情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "页面评价"
        verbose_name_plural = "页面评价"
        ordering = ("-unhelpful", "-last_on", "pk")
        indexes = [models.Index(fields=("organ", "-unhelpful"), name="feedback_organ_idx")]

    def __str__(self) -> str:
        return self.title

    @property
    def share(self) -> int:
        """Per cent of the answers that say the page helped; 100 without answers."""
        total = self.helpful + self.unhelpful
        return 100 * self.helpful // total if total else 100

    @property
    def reasons(self) -> str:
        """Why it did not help, the commonest first: 看不懂 3、内容过时 1."""
        counted = sorted(((getattr(self, r.value), r.label) for r in self.Reason), reverse=True)
        return "、".join(f"{label} {n}" for n, label in counted if n)
