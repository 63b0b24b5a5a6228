"""Ledgers beside the pages: releases by channel, serial numbers, the grassroots standard catalogue."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.publication import vocab


class Release(models.Model):
    """That something was released through one channel: an item of ours, or a counted lot from before or elsewhere.

    Every row has exactly one channel and one class, so both breakdowns add up to the total by construction (V for
    A02, A03): the total is the sum of the very rows that each breakdown partitions.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "待发布"
        DONE = "done", "已发布"
        CANCELLED = "cancelled", "已取消"

    organ = models.ForeignKey(
        "organs.Organ", verbose_name="机构", on_delete=models.PROTECT, related_name="releases"
    )
    page = models.ForeignKey(
        "publication.DisclosurePage", verbose_name="条目", null=True, blank=True, on_delete=models.PROTECT,
        related_name="releases",
    )  # fmt: skip
    channel = models.CharField("渠道", max_length=12, choices=vocab.Channel.choices)
    content_class = models.CharField("信息类别", max_length=12, choices=vocab.ContentClass.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DONE)
    year = models.PositiveSmallIntegerField("年度")
    released_on = models.DateField("发布日期", null=True, blank=True)
    count = models.PositiveIntegerField("条数", default=1)
    url = models.CharField("网址", max_length=500, blank=True)
    evidence = models.CharField("佐证", max_length=300, blank=True)
    source = models.CharField("数据来源", max_length=200, blank=True, help_text="没有条目的数，写明出处。")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "发布记录"
        verbose_name_plural = "发布记录"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "channel"],
                condition=Q(page__isnull=False) & ~Q(state="cancelled"),
                name="release_once_per_channel",
                violation_error_message="这一条已在该渠道发布或者待发布。",
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=False, count=1) | (Q(page__isnull=True) & ~Q(source="")),
                name="release_count_has_source",
                violation_error_message="没有对应条目的发布数，要写明数据来源。",
            ),
            models.CheckConstraint(condition=Q(count__gt=0), name="release_counts_something"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(released_on__isnull=False), name="release_done_is_dated"
            ),
        ]
        indexes = [
            models.Index(fields=["year", "organ", "channel", "content_class", "count"], name="release_totals",
                         condition=Q(state="done")),
            models.Index(fields=["organ", "state", "channel"], name="release_desk"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.page or self.source} → {self.get_channel_display()}"


class IndexSerial(models.Model):
    """The last serial given out by an organ in a year."""

    organ = models.ForeignKey("organs.Organ", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "索引号流水"
        verbose_name_plural = "索引号流水"
        constraints = [models.UniqueConstraint(fields=["organ", "year"], name="index_serial_once")]

    def __str__(self) -> str:
        return f"{self.organ} {self.year}: {self.last}"


class GrassrootsItem(models.Model):
    """One row of the standard catalogue of a domain (sheet 05 §11)."""

    organ = models.ForeignKey(
        "organs.Organ", verbose_name="编制机构", on_delete=models.PROTECT, related_name="+"
    )
    domain = models.CharField("领域", max_length=40, choices=vocab.domain_choices)
    serial = models.PositiveSmallIntegerField("序号")
    item1 = models.CharField("一级事项", max_length=60)
    item2 = models.CharField("二级事项", max_length=80, blank=True)
    content = models.TextField("公开内容（要素）")
    basis = models.CharField("公开依据", max_length=400)
    period = models.CharField("公开时限", max_length=200)
    responsible = models.CharField("公开主体", max_length=120)
    channels = models.JSONField("公开渠道和载体", default=list)
    audience = models.CharField("公开对象", max_length=12, default="全社会")
    manner = models.CharField("公开方式", max_length=8, default="主动")
    levels = models.JSONField("公开层级", default=list)
    column = models.ForeignKey(
        "publication.ColumnPage", verbose_name="对应栏目", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="catalogue_items",
    )  # fmt: skip

    class Meta:
        verbose_name = "标准目录事项"
        verbose_name_plural = "基层政务公开标准目录"
        ordering = ["domain", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "domain", "serial"],
                name="grassroots_serial_once",
                violation_error_message="这个领域已有同序号的事项。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item1} {self.item2}".strip()

    def row(self) -> dict[str, Any]:
        """As ``law.catalogue.standard_row_problems`` reads it."""
        return {
            "serial": self.serial, "item1": self.item1, "item2": self.item2, "content": self.content,
            "basis": self.basis, "period": self.period, "organ": self.responsible, "channels": self.channels,
            "audience": self.audience, "manner": self.manner, "levels": self.levels,
        }  # fmt: skip
