"""What the intake desk adds: the sender as printed on an envelope, and what several people ask for (条例第四十四条)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from gongkai.applications.fields import SealedText
from gongkai.applications.models.application import Application
from gongkai.organs.models import Organ


class EnvelopeSender(models.Model):
    """The sender's line of a letter, kept because it may differ from the application; personal, therefore sealed."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="sender")
    text = SealedText("寄件人（照信封填写）")

    class Meta:
        verbose_name = "寄件人"
        verbose_name_plural = "寄件人"

    def __str__(self) -> str:
        return "寄件人"


class DisclosureSuggestion(models.Model):
    """应公开建议: the same information asked for by two or more applicants, for the office to publish or not."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        ACCEPTED = "accepted", "纳入主动公开"
        DISMISSED = "dismissed", "不纳入"

    organ = models.ForeignKey(
        Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="disclosure_suggestions"
    )
    title = models.CharField("申请内容", max_length=200)
    applications = models.ManyToManyField(
        Application, verbose_name="涉及申请", related_name="disclosure_suggestions"
    )
    applicants = models.PositiveIntegerField("申请人数")
    count = models.PositiveIntegerField("申请件数")
    granted = models.PositiveIntegerField("已公开件数", default=0)
    state = models.CharField("处理", max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField("理由", max_length=400, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    found_on = models.DateField("发现日期")

    class Meta:
        verbose_name = "应公开建议"
        verbose_name_plural = "应公开建议"
        ordering = ["-applicants", "-pk"]
        indexes = [models.Index(fields=["organ", "state"], name="suggestion_organ_state")]

    def __str__(self) -> str:
        return self.title
