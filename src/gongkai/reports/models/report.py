"""Annual reports as published, their cells for queries over many, what people said of findings, kept check results.

The report itself is one text: the canonical JSON of :class:`gongkai.annualreport.Report` with its SHA-256. Cells are a
projection of that text, made in the same transaction, so that sums and rankings over a thousand organs are one query.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

FIRST_YEAR = 2008  # 条例 came into force on 2008-05-01; the uniform format begins with 2019


class State(models.TextChoices):
    """The life of a report (inventory M16). Later duties add the acts between 编制 and 签发."""

    DRAFT = "draft", "编制"
    CHECKED = "checked", "自检"
    SIGNING = "signing", "单位签审"
    SUBMITTED = "submitted", "报送"
    RETURNED = "returned", "退回"
    RECEIVED = "received", "接收"
    AGGREGATED = "aggregated", "汇总"
    SIGNED = "signed", "签发"
    PUBLISHED = "published", "公布"
    SUPERSEDED = "superseded", "更正前旧版"


class Scope(models.TextChoices):
    OWN = "own", "本机关"
    REGION = "region", "本地区汇总"
    UNKNOWN = "unknown", "未说明"


class Source(models.TextChoices):
    IMPORTED = "imported", "文件导入"
    COMPILED = "compiled", "台账生成"
    DEMO = "demo", "演示数据"


#: What a reader of the public site may ever see: the version in force and the versions it replaced.
PUBLIC_STATES = (State.PUBLISHED, State.SUPERSEDED)


class AnnualReport(models.Model):
    """One version of one organ's report for one year.

    Once published, its text, digest and time of publication never change: a correction is a new version.
    """

    organ = models.ForeignKey(
        "organs.Organ", on_delete=models.PROTECT, related_name="annual_reports", verbose_name="机关"
    )
    year = models.PositiveSmallIntegerField(
        "报告年度", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    scope = models.CharField("统计范围", max_length=8, choices=Scope.choices, default=Scope.UNKNOWN)
    edition = models.CharField("格式版本", max_length=8)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    title = models.CharField("标题", max_length=200)
    document = models.TextField("全文", editable=False)
    digest = models.CharField("摘要值", max_length=64, editable=False)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.IMPORTED)
    source_name = models.CharField("来源文件", max_length=255, blank=True)
    correction = models.CharField("更正说明", max_length=500, blank=True)
    errors = models.PositiveIntegerField("未处理的错误", default=0, editable=False)
    warnings = models.PositiveIntegerField("未处理的疑问", default=0, editable=False)
    checked_at = models.DateTimeField("核验时间", null=True, editable=False)
    published_at = models.DateTimeField("公布时间", null=True, editable=False)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = "年度报告"
        verbose_name_plural = "年度报告"
        ordering = ("-year", "organ_id", "-version")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year", "version"), name="report_version_once"),
            models.UniqueConstraint(
                fields=("organ", "year"), condition=Q(state="published"), name="report_one_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("published", "superseded")) | Q(published_at__isnull=False),
                name="report_published_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=("-published_at", "-id"), condition=Q(state="published"), name="report_latest_idx"
            ),
            models.Index(fields=("year", "organ"), condition=Q(state="published"), name="report_year_idx"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change the text or the time of a published version, whoever asks."""
        if self.pk and not self._state.adding:
            before = (
                type(self)
                .objects.filter(pk=self.pk, state__in=PUBLIC_STATES)
                .values_list("digest", "published_at", "organ_id", "year", "version")
                .first()
            )
            after = (self.digest, self.published_at, self.organ_id, self.year, self.version)
            if before is not None and before != after:
                raise ValidationError("报告已经公布，内容和公布时间不能改动。需要更正时请发布更正版。")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The address of the version in force; older versions have their own."""
        if self.state == State.SUPERSEDED:
            return reverse("reports:version", args=[self.organ.slug, self.year, self.version])
        return reverse("reports:detail", args=[self.organ.slug, self.year])

    @property
    def public(self) -> bool:
        return self.state in PUBLIC_STATES


class ReportCell(models.Model):
    """One printed number, for queries over many reports. Derived from ``AnnualReport.document``, never edited.

    ``value`` is null where nothing can be added up (text, unreadable, absent) and 0 for blank and "/"; ``kind`` keeps
    these apart, ``raw`` the print.
    """

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="cells")
    key = models.CharField("单元格", max_length=48)
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("数值", max_digits=30, decimal_places=6, null=True)
    kind = models.CharField("性质", max_length=12)
    raw = models.CharField("原文", max_length=400, blank=True)

    class Meta:
        verbose_name = "单元格"
        verbose_name_plural = "单元格"
        constraints = [models.UniqueConstraint(fields=("report", "key"), name="report_cell_once")]
        indexes = [models.Index(fields=("key", "year", "report"), name="report_cell_key_year_idx")]

    def __str__(self) -> str:
        return f"{self.key}={self.raw}"


class Verdict(models.TextChoices):
    CONFIRMED = "confirmed", "确认"
    DISMISSED = "dismissed", "驳回"
    WAIVED = "waived", "暂缓"


class FindingVerdict(models.Model):
    """What a person said about a finding. Never edited: the newest of a finding is the one in force.

    Kept under organ, year and the finding's identity, so that it stands when the report is checked again, typeset
    anew or replaced by a corrected version.
    """

    organ = models.ForeignKey("organs.Organ", on_delete=models.PROTECT, related_name="+", verbose_name="机关")
    year = models.PositiveSmallIntegerField("报告年度")
    finding = models.CharField("问题编号", max_length=16)
    rule = models.CharField("规则", max_length=80)
    message = models.TextField("问题")
    verdict = models.CharField("处理", max_length=10, choices=Verdict.choices)
    reason = models.CharField("理由", max_length=500, blank=True)
    until = models.DateField("暂缓至", null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="处理人",
    )
    at = models.DateTimeField("处理时间", auto_now_add=True)

    class Meta:
        verbose_name = "问题处理"
        verbose_name_plural = "问题处理"
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=("organ", "year", "finding", "-id"), name="verdict_finding_idx")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="confirmed") | ~Q(reason=""), name="verdict_reason_given"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="waived") | Q(until__isnull=False), name="verdict_waived_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}：{self.message[:40]}"


class KeptCheck(models.Model):
    """A result of 年报核验 that its owner asked to keep for a few days.

    The address holds the key: the row has only a digest of the token and the result encrypted under the token, so
    that neither the database nor its backups can be read without the link.
    """

    token_digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "暂存的核验结果"
        verbose_name_plural = "暂存的核验结果"

    def __str__(self) -> str:
        return f"暂存至 {self.expires_at:%Y-%m-%d %H:%M}"
