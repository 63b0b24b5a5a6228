"""What the checks found on a report, kept for queries over many reports."""

from __future__ import annotations

from django.db import models

from gongkai.reports.models.report import AnnualReport


class ReportFinding(models.Model):
    """One finding nobody has settled. Derived when a report is checked, never edited; the verdicts are kept apart."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="open_findings")
    identity = models.CharField("问题编号", max_length=16)
    rule = models.CharField("规则", max_length=80)
    severity = models.CharField("程度", max_length=8)
    message = models.TextField("问题")

    class Meta:
        verbose_name = "未处理的问题"
        verbose_name_plural = "未处理的问题"
        ordering = ("report_id", "id")
        indexes = [models.Index(fields=("report", "rule"), name="report_finding_rule_idx")]

    def __str__(self) -> str:
        return f"{self.rule}：{self.message[:40]}"
