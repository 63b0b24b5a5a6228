"""清理 and 公开目录: lists made from the register, decided or published once, then frozen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.normative.models.document import Document
from gongkai.organs.models import Organ


class CleanUp(models.Model):
    """A clean-up campaign: every document of its scope gets a verdict; a decision document carries the result out."""

    class State(models.TextChoices):
        OPEN = "open", "清理中"
        SUBMITTED = "submitted", "待审定"
        APPROVED = "approved", "已审定"
        APPLIED = "applied", "已执行"

    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, related_name="clean_ups", verbose_name="组织机关"
    )
    title = models.CharField("名称", max_length=200)
    basis = models.CharField("依据", max_length=300)
    until = models.DateField("清理截至", help_text="这一天（含）以前印发且仍然有效的文件列入清理。")
    subtree = models.BooleanField("包括下级机关的文件", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    decision = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="clean_ups", editable=False,
        verbose_name="清理决定",
    )  # fmt: skip
    applied_on = models.DateField("生效日期", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "文件清理"
        verbose_name_plural = "文件清理"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="applied") & Q(decision__isnull=False, applied_on__isnull=False))
                | (~Q(state="applied") & Q(decision__isnull=True, applied_on__isnull=True)),
                name="clean_up_applied_by_decision",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CleanUpItem(models.Model):
    """One document under clean-up and its verdict."""

    class Verdict(models.TextChoices):
        KEEP = "keep", "继续有效"
        AMEND = "amend", "修改"
        REPEAL = "repeal", "废止"
        VOID = "void", "失效"

    clean_up = models.ForeignKey(CleanUp, on_delete=models.CASCADE, related_name="items")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="verdicts")
    unit = models.CharField("清理单位", max_length=120)
    verdict = models.CharField("清理意见", max_length=8, choices=Verdict.choices, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "清理意见"
        verbose_name_plural = "清理意见"
        ordering = ("clean_up_id", "unit", "pk")
        constraints = [
            models.UniqueConstraint(fields=("clean_up", "document"), name="clean_up_document_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=("", "keep")) | ~Q(reason=""), name="clean_up_reason_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}：{self.get_verdict_display() or '未定'}"


class CatalogueIssue(models.Model):
    """政府文件公开目录 of a period. Once published its lines no longer follow the register."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        PUBLISHED = "published", "已公布"

    organ = models.ForeignKey(
        Organ, on_delete=models.PROTECT, related_name="catalogue_issues", verbose_name="机关"
    )
    year = models.PositiveSmallIntegerField("年份")
    issue = models.PositiveSmallIntegerField("期号", editable=False)
    period_from = models.DateField("起")
    period_to = models.DateField("止")
    subtree = models.BooleanField("包括下级机关的文件", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True, editable=False)
    digest = models.CharField("摘要值", max_length=64, blank=True, editable=False)
    count = models.PositiveIntegerField("文件数", default=0, editable=False)

    class Meta:
        verbose_name = "文件公开目录"
        verbose_name_plural = "文件公开目录"
        ordering = ("-year", "-issue", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year", "issue"), name="catalogue_issue_once"),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")),
                name="catalogue_period",
                violation_error_message="止期不能早于起期。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | (Q(state="published", published_at__isnull=False) & ~Q(digest="")),
                name="catalogue_published_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ.name}文件公开目录（{self.year}年第{self.issue}期）"


class CatalogueItem(models.Model):
    """One line of a catalogue issue, as it was when the issue was made."""

    issue = models.ForeignKey(CatalogueIssue, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField("序号")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="catalogue_items")
    index_number = models.CharField("索引号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=300)
    number = models.CharField("发文字号", max_length=60, blank=True)
    organ_name = models.CharField("制发机关", max_length=120)
    category = models.CharField("类别", max_length=20)
    formed_on = models.DateField("成文日期", null=True)
    published_on = models.DateField("公布日期", null=True)

    class Meta:
        verbose_name = "目录条目"
        verbose_name_plural = "目录条目"
        ordering = ("issue_id", "position")
        constraints = [
            models.UniqueConstraint(fields=("issue", "position"), name="catalogue_position_once"),
            models.UniqueConstraint(fields=("issue", "document"), name="catalogue_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
