"""What readers say of a page, and how often pages are opened: counts, never a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from gongkai.portal.visits.rules import Kind, Section


class PageFeedback(models.Model):
    """这页有用吗: the answers for one public page. No address, no time of day, no text of the reader's own."""

    class Reason(models.TextChoices):
        """Why a page did not help; each is a column that counts."""

        MISSING = "missing", "没有要找的内容"
        UNCLEAR = "unclear", "看不懂"
        OUTDATED = "outdated", "内容过时"
        BROKEN = "broken", "打不开、下载不了"

    path = models.CharField("网址", max_length=400, unique=True)
    title = models.CharField("标题", max_length=400)
    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.CASCADE, related_name="page_feedback"
    )
    helpful = models.PositiveIntegerField("有用", default=0)
    unhelpful = models.PositiveIntegerField("没有用", default=0)
    missing = models.PositiveIntegerField("没有要找的内容", default=0)
    unclear = models.PositiveIntegerField("看不懂", default=0)
    outdated = models.PositiveIntegerField("内容过时", default=0)
    broken = models.PositiveIntegerField("打不开、下载不了", default=0)
    last_on = models.DateField("最近评价")
    handled_on = models.DateField("处理日期", null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    handled_note = models.CharField("处理情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "页面评价"
        verbose_name_plural = "页面评价"
        ordering = ("-unhelpful", "-last_on", "pk")
        indexes = [models.Index(fields=("organ", "-unhelpful"), name="feedback_organ_idx")]

    def __str__(self) -> str:
        return self.title

    @property
    def share(self) -> int:
        """Per cent of the answers that say the page helped; 100 without answers."""
        total = self.helpful + self.unhelpful
        return 100 * self.helpful // total if total else 100

    @property
    def reasons(self) -> str:
        """Why it did not help, the commonest first: 看不懂 3、内容过时 1."""
        counted = sorted(((getattr(self, r.value), r.label) for r in self.Reason), reverse=True)
        return "、".join(f"{label} {n}" for n, label in counted if n)


class VisitedPage(models.Model):
    """An address that was visited, and where it belonged at its first visit. Nothing of any visitor."""

    path = models.CharField("网址", max_length=400, unique=True)
    kind = models.CharField("种类", max_length=4, choices=Kind.choices, default=Kind.PAGE)
    section = models.CharField("部分", max_length=8, choices=Section.choices)
    # Without an index of its own: everything is asked by day, and an index by organ leads the database astray.
    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    column = models.CharField("栏目代码", max_length=40, blank=True)
    title = models.CharField("标题", max_length=400)

    class Meta:
        verbose_name = "被访问的页面"
        verbose_name_plural = "被访问的页面"

    def __str__(self) -> str:
        return self.title


class PageViews(models.Model):
    """How often one address was opened on one day."""

    day = models.DateField("日期")
    page = models.ForeignKey(VisitedPage, verbose_name="页面", on_delete=models.CASCADE, related_name="days")
    views = models.PositiveBigIntegerField("次数", default=0)

    class Meta:
        verbose_name = "页面访问量"
        verbose_name_plural = "页面访问量"
        constraints = [models.UniqueConstraint(fields=("day", "page"), name="page_views_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.page_id} {self.views}"


class VisitTotal(models.Model):
    """The visits of one day, or of one whole past month, to a column of an organ: what the screens and reports add up."""

    day = models.DateField("日期")
    #: The row stands for the month that begins on ``day``: its days were rolled up.
    month = models.BooleanField("整月", default=False)
    # Without an index of its own: everything is asked by day, and an index by organ leads the database astray.
    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    section = models.CharField("部分", max_length=8, choices=Section.choices)
    column = models.CharField("栏目代码", max_length=40, blank=True)
    kind = models.CharField("种类", max_length=4, choices=Kind.choices, default=Kind.PAGE)
    views = models.PositiveBigIntegerField("次数", default=0)

    class Meta:
        verbose_name = "访问量"
        verbose_name_plural = "访问量"
        constraints = [
            models.UniqueConstraint(
                fields=("day", "month", "organ", "section", "column", "kind"), name="visit_total_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_section_display()} {self.views}"


class VisitLog(models.Model):
    """How far a log of the web server was read, known by its content: names and places change when logs rotate."""

    #: SHA-256 of the first line, and of everything that was read.
    head = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    serial = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("文件", max_length=200)
    size = models.PositiveBigIntegerField("已读字节", default=0)
    lines = models.PositiveBigIntegerField("已读行数", default=0)
    counted = models.PositiveBigIntegerField("计入次数", default=0)
    last_day = models.DateField("最后一天", null=True)
    read_at = models.DateTimeField("读取时间", auto_now=True)

    class Meta:
        verbose_name = "访问日志"
        verbose_name_plural = "访问日志"
        ordering = ("-read_at", "-pk")
        constraints = [models.UniqueConstraint(fields=("head", "serial"), name="visit_log_once")]

    def __str__(self) -> str:
        return self.name
