"""The log of what was told to whom: no text and no address is kept, only what can be shown."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.applications.models.application import Application


class Notice(models.Model):
    """One message to one person through one channel. The address is looked up when it is sent, never stored."""

    class Channel(models.TextChoices):
        EMAIL = "email", "电子邮件"
        WEBHOOK = "webhook", "消息接口"

    class Audience(models.TextChoices):
        APPLICANT = "applicant", "申请人"
        STAFF = "staff", "工作人员"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    application = models.ForeignKey(
        Application, verbose_name="申请", on_delete=models.PROTECT, related_name="notices"
    )
    key = models.CharField(
        max_length=120, unique=True, editable=False
    )  # once per milestone, person and channel
    template = models.CharField("事项", max_length=24)
    audience = models.CharField("对象", max_length=10, choices=Audience.choices)
    channel = models.CharField("方式", max_length=10, choices=Channel.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收件人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    to_masked = models.CharField("发往", max_length=80, blank=True)
    due_on = models.DateField("涉及期限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_try_at = models.DateTimeField("下次发送", null=True, blank=True)
    error = models.CharField("原因", max_length=200, blank=True)
    created_at = models.DateTimeField("产生时间", auto_now_add=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知记录"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], name="notice_waiting", condition=Q(state="waiting")),
            models.Index(fields=["state", "created_at"], name="notice_state"),
        ]

    def __str__(self) -> str:
        from gongkai.applications.notices.texts import TITLES

        return f"{TITLES.get(self.template, self.template)} → {self.to_masked or self.get_audience_display()}"

    @property
    def title(self) -> str:
        """What it is about, in words."""
        from gongkai.applications.notices.texts import TITLES

        return TITLES.get(self.template, self.template)
