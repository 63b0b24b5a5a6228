"""延期: asked for by who handles the case, decided by the head of the work office (条例第三十三条第二款)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.applications.models.application import Application


class ExtensionRequest(models.Model):
    """One request to extend; open until the head of the work office (or the deputy) decides it."""

    class State(models.TextChoices):
        OPEN = "open", "待批准"
        GRANTED = "granted", "已同意"
        REFUSED = "refused", "不同意"
        RECALLED = "recalled", "已撤回"

    application = models.ForeignKey(
        Application, verbose_name="申请", on_delete=models.PROTECT, related_name="extension_requests"
    )
    days = models.PositiveSmallIntegerField("延长工作日")
    reason = models.CharField("理由", max_length=400)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申请延期的人", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="决定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    opinion = models.CharField("意见", max_length=400, blank=True)

    class Meta:
        verbose_name = "延期审批"
        verbose_name_plural = "延期审批"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="open"), name="extension_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"延长 {self.days} 个工作日（{self.get_state_display()}）"
