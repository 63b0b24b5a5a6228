"""What a compiled draft is made of beside the ledgers: figures no ledger holds, opening balances, overrides, text.

A draft that is compiled holds no numbers of its own: they are counted when it is looked at, and frozen when it is
handed in (DESIGN §2).
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from gongkai.annualreport.schema import edition_for_year
from gongkai.reports.models.report import FIRST_YEAR, AnnualReport

_YEAR = [MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]


def _label(year: int, key: str) -> str:
    """The clerk's name of a cell, the key itself where the year's edition has none such."""
    try:
        return edition_for_year(year).by_key[key].label
    except (KeyError, ValueError):
        return key


class _Entered(models.Model):
    """A figure that a person typed: where it comes from, the proof, who and when."""

    evidence = models.FileField("佐证材料", upload_to="reports/evidence/%Y/", blank=True)
    evidence_name = models.CharField("佐证文件名", max_length=255, blank=True)
    evidence_digest = models.CharField("佐证文件摘要", max_length=64, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="填报人",
    )  # fmt: skip
    entered_at = models.DateTimeField("填报时间", auto_now=True)

    class Meta:
        abstract = True


class StatisticEntry(_Entered):
    """One figure of table 2 that no ledger of the platform holds (许可、处罚、强制、收费、规章).

    ``month`` 0 is the whole year; an organ fills a cell either by month or by year, never both. ``key`` is the cell
    key of ``annualreport.schema``; ``amount`` is in the unit of the cell (件 or 万元).
    """

    organ = models.ForeignKey(
        "organs.Organ", on_delete=models.PROTECT, related_name="statistics", verbose_name="机关"
    )
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    month = models.PositiveSmallIntegerField("月份", default=0, validators=[MaxValueValidator(12)])
    key = models.CharField("单元格", max_length=48)
    amount = models.DecimalField("数值", max_digits=20, decimal_places=6, validators=[MinValueValidator(0)])
    source = models.CharField("数据来源", max_length=200)
    note = models.CharField("备注", max_length=300, blank=True)

    class Meta:
        verbose_name = "统计数据"
        verbose_name_plural = "统计数据"
        ordering = ("-year", "organ_id", "key", "month")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year", "key", "month"), name="statistic_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="statistic_not_negative"),
        ]
        indexes = [models.Index(fields=("year", "key", "organ", "amount"), name="statistic_year_key_idx")]

    def __str__(self) -> str:
        when = f"{self.month}月" if self.month else "全年"
        return f"{self.year}年{when} {_label(self.year, self.key)} {self.amount.normalize():f}"


class OpeningBalance(_Entered):
    """上年结转 before the ledger began: cases of earlier years that the platform never saw, by kind of applicant."""

    organ = models.ForeignKey(
        "organs.Organ", on_delete=models.PROTECT, related_name="opening_balances", verbose_name="机关"
    )
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    key = models.CharField("单元格", max_length=48)
    amount = models.PositiveIntegerField("数值")
    reason = models.CharField("说明", max_length=500)

    class Meta:
        verbose_name = "期初数"
        verbose_name_plural = "期初数"
        ordering = ("-year", "organ_id", "key")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year", "key"), name="opening_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="opening_reason_given"),
        ]
        indexes = [models.Index(fields=("year", "key", "organ"), name="opening_year_key_idx")]

    def __str__(self) -> str:
        return f"{self.year}年期初 {_label(self.year, self.key)} {self.amount}"


class CellOverride(_Entered):
    """A cell whose number is not the ledger's: value, reason, proof, person. The newest that stands is in force."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.CASCADE, related_name="overrides", verbose_name="报告"
    )
    key = models.CharField("单元格", max_length=48)
    value = models.DecimalField("改为", max_digits=30, decimal_places=6)
    computed = models.DecimalField("台账数", max_digits=30, decimal_places=6, null=True)
    reason = models.CharField("理由", max_length=500)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, editable=False)

    class Meta:
        verbose_name = "人工调整"
        verbose_name_plural = "人工调整"
        ordering = ("key", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("report", "key"), condition=Q(withdrawn_at__isnull=True), name="override_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_reason_given"),
        ]

    def __str__(self) -> str:
        return f"{self.key}→{self.value.normalize():f}"


class ReportSection(models.Model):
    """The text of one section as written: numbers stand as fields (``{{新收总数}}``) and are filled when it is read."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.CASCADE, related_name="sections", verbose_name="报告"
    )
    key = models.CharField("部分", max_length=24)
    text = models.TextField("正文", blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "报告文字"
        verbose_name_plural = "报告文字"
        ordering = ("report_id", "key")
        constraints = [models.UniqueConstraint(fields=("report", "key"), name="report_section_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}"


class ProblemFollowUp(models.Model):
    """A problem that last year's report admitted and what was done about it since (inventory J11)."""

    class Progress(models.TextChoices):
        SOLVED = "solved", "已解决"
        GOING = "going", "正在解决"
        OPEN = "open", "尚未解决"

    report = models.ForeignKey(
        AnnualReport, on_delete=models.CASCADE, related_name="followups", verbose_name="报告"
    )
    problem = models.TextField("上年问题")
    problem_digest = models.CharField(max_length=64, editable=False)
    progress = models.CharField("进展", max_length=8, choices=Progress.choices, default=Progress.OPEN)
    done = models.TextField("采取的措施", blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "上年问题的整改"
        verbose_name_plural = "上年问题的整改"
        ordering = ("report_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("report", "problem_digest"), name="followup_once"),
            models.CheckConstraint(
                condition=Q(progress="open") | ~Q(done=""), name="followup_says_what_was_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_progress_display()}：{self.problem[:40]}"
