"""Other systems that may submit items: their keys, and what they submitted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class ApiKey(models.Model):
    """A key of another system (OA, new-media tool) for one organ and what is below it. Only its digest is kept."""

    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="api_keys"
    )
    name = models.CharField("系统名称", max_length=60, help_text="例如：协同办公系统。")
    prefix = models.CharField("密钥开头", max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    expires_on = models.DateField("有效期至", help_text="到期自动失效，最长一年。")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="送审人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="以谁的名义送审；扫描拦下、审核退回的稿件由他处理。不选的，报送的稿件存为草稿，由信息员送审。",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="建立人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    revoked_at = models.DateTimeField("停用时间", null=True, editable=False)
    last_used_on = models.DateField("最近使用", null=True, editable=False)

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

    @property
    def usable(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and self.expires_on >= timezone.localdate()

    @property
    def state(self) -> str:
        """In words."""
        return "已停用" if self.revoked_at else "有效" if self.usable else "已到期"


class Submission(models.Model):
    """One item that a system submitted. The same idempotency key never makes a second one."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="submissions")
    idempotency = models.CharField("幂等键", max_length=64)
    digest = models.CharField(max_length=64)
    #: The version as the system last wrote it: what people changed since is not overwritten.
    version = models.CharField(max_length=64, default="", editable=False)
    page = models.ForeignKey(
        "publication.DisclosurePage", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    received_at = models.DateTimeField("收到时间", auto_now_add=True)

    class Meta:
        verbose_name = "接口报送"
        verbose_name_plural = "接口报送"
        constraints = [models.UniqueConstraint(fields=("key", "idempotency"), name="submission_once")]

    def __str__(self) -> str:
        return f"{self.key.name} {self.idempotency}"
