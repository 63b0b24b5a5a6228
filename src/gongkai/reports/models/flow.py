"""The way of a report: who did what when, the year's collection at a superior organ, and its roll-up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from gongkai.reports.models.report import FIRST_YEAR, AnnualReport, State


class FlowStep(models.Model):
    """One act in the life of a report. Append-only; ``digest`` is that of the text the act was done on."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.CASCADE, related_name="steps", verbose_name="报告"
    )
    act = models.CharField("动作", max_length=24)
    from_state = models.CharField("原状态", max_length=12, choices=State.choices)
    to_state = models.CharField("新状态", max_length=12, choices=State.choices)
    note = models.TextField("意见", blank=True)
    digest = models.CharField("文本摘要", max_length=64, blank=True)
    #: Cell key → number as printed on the text the act was done on, so that the next reader sees what changed since.
    figures = models.JSONField("当时的数字", default=dict, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    by_name = models.CharField("办理人姓名", max_length=60)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ("report_id", "id")

    def __str__(self) -> str:
        return f"{self.act} {self.by_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError("办理记录只增不改。")
        super().save(*args, **kwargs)


class Collection(models.Model):
    """收报: a superior organ gathers its units' reports of one year. Dates are internal milestones (01 sheet, 50)."""

    organ = models.ForeignKey(
        "organs.Organ", on_delete=models.PROTECT, related_name="collections", verbose_name="主管机关"
    )
    year = models.PositiveSmallIntegerField(
        "报告年度", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]
    )
    submit_by = models.DateField("报送截止")
    publish_by = models.DateField("单位公布截止")
    rollup_by = models.DateField("汇总报告公布截止")
    note = models.TextField("填报要求", blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    opened_at = models.DateTimeField("发起时间", auto_now_add=True)
    closed_at = models.DateTimeField("结束时间", null=True, editable=False)

    class Meta:
        verbose_name = "收报"
        verbose_name_plural = "收报"
        ordering = ("-year", "organ_id")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year"), name="collection_once"),
            models.CheckConstraint(
                condition=Q(rollup_by__gte=models.F("submit_by")), name="collection_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ} {self.year} 年收报"


class CollectionUnit(models.Model):
    """One unit asked for its report. ``outside``: it does not work on the platform and hands in a file."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="units")
    organ = models.ForeignKey("organs.Organ", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    outside = models.BooleanField("平台外单位（交文件）", default=False)
    excused = models.CharField("不需报送的理由", max_length=300, blank=True)
    report = models.ForeignKey(
        AnnualReport, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="报告"
    )

    class Meta:
        verbose_name = "应报单位"
        verbose_name_plural = "应报单位"
        ordering = ("collection_id", "organ__path")
        constraints = [models.UniqueConstraint(fields=("collection", "organ"), name="collection_unit_once")]

    def __str__(self) -> str:
        return f"{self.organ}"


class CollectionReminder(models.Model):
    """A reminder that went out to a unit: what it said and through which notice."""

    unit = models.ForeignKey(CollectionUnit, on_delete=models.CASCADE, related_name="reminders")
    text = models.TextField("内容")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="催报人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "催报"
        verbose_name_plural = "催报"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.unit}"


class RollupDifference(models.Model):
    """Why a cell of the summed report is not the sum of the units' reports (02 sheet, R7)."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.CASCADE, related_name="differences", verbose_name="汇总报告"
    )
    key = models.CharField("单元格", max_length=48)
    units = models.DecimalField("各单位合计", max_digits=30, decimal_places=6)
    value = models.DecimalField("汇总报告", max_digits=30, decimal_places=6)
    reason = models.CharField("差异原因", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "汇总差异"
        verbose_name_plural = "汇总差异"
        ordering = ("report_id", "key")
        constraints = [
            models.UniqueConstraint(fields=("report", "key"), name="rollup_difference_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="rollup_difference_reason_given"),
        ]

    def __str__(self) -> str:
        return f"{self.key}：{self.value.normalize():f}≠{self.units.normalize():f}"
