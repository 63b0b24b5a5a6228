"""What an organ sets for its documents where the sources leave it open, and the counters of its numbers."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from gongkai.organs.models import Organ


class NormativeSettings(models.Model):
    """Settings of an organ; they hold for its subtree until an organ below sets its own (sheet 05 §9: local periods)."""

    organ = models.OneToOneField(
        Organ, on_delete=models.PROTECT, related_name="normative_settings", verbose_name="机构"
    )
    marks = models.CharField(
        "机关代字",
        max_length=200,
        blank=True,
        help_text="本机关使用的代字，用空格隔开，例如：利政发 利政规发。",
    )
    consultation_days = models.PositiveSmallIntegerField(
        "公开征求意见的最短期限（日）", default=7, help_text="全国没有统一规定，按本地规定填写。"
    )
    review_min_days = models.PositiveSmallIntegerField("合法性审核最短时间（工作日）", default=5)
    review_max_days = models.PositiveSmallIntegerField("合法性审核最长时间（工作日）", default=15)
    filing_days = models.PositiveSmallIntegerField(
        "备案期限（日）", default=15, help_text="自公布之日起，各地规定为 15 日或者 30 日。"
    )
    trial_years = models.PositiveSmallIntegerField(
        "试行、暂行的最长年限", default=2, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    max_years = models.PositiveSmallIntegerField(
        "有效期的最长年限", default=5, help_text="填 0 为不限。", validators=[MaxValueValidator(30)]
    )
    review_before_days = models.PositiveSmallIntegerField("有效期届满前多少日提醒评估", default=90)
    needs_consultation = models.BooleanField("规范性文件须公开征求意见", default=True)
    needs_deliberation = models.BooleanField("规范性文件须集体审议", default=True)

    class Meta:
        verbose_name = "政策文件设置"
        verbose_name_plural = "政策文件设置"

    def __str__(self) -> str:
        return f"{self.organ.label}的政策文件设置"


class NumberCounter(models.Model):
    """The last number given in a series of an organ and year; incremented under lock, so no number is skipped."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("organ", "series", "year"), name="document_counter_unique")
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.series} {self.year}: {self.last}"
