"""政府网站工作年度报表 (国办函〔2018〕12号): figures no ledger of the platform holds, and the form as published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from gongkai.reports.models.compiling import _Entered
from gongkai.reports.models.report import FIRST_YEAR

_YEAR = [MinValueValidator(FIRST_YEAR), MaxValueValidator(2100)]


class YearbookEntry(_Entered):
    """One item of the yearly form as entered. ``value`` is text: a whole number, 是/否 or words, by the item's kind."""

    organ = models.ForeignKey("organs.Organ", on_delete=models.PROTECT, related_name="+", verbose_name="机关")
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    key = models.CharField("项目", max_length=40)
    value = models.CharField("内容", max_length=300)
    source = models.CharField("数据来源", max_length=200)

    class Meta:
        verbose_name = "网站年度报表数据"
        verbose_name_plural = "网站年度报表数据"
        ordering = ("-year", "organ_id", "key")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year", "key"), name="yearbook_entry_once"),
            models.CheckConstraint(condition=~Q(source=""), name="yearbook_entry_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class Yearbook(models.Model):
    """The form as published. A correction is a new version; the old one stays readable."""

    organ = models.ForeignKey(
        "organs.Organ", on_delete=models.PROTECT, related_name="yearbooks", verbose_name="机关"
    )
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    version = models.PositiveSmallIntegerField("版本", default=1)
    in_force = models.BooleanField("现行", default=True)
    document = models.JSONField("内容", editable=False)
    digest = models.CharField("摘要值", max_length=64, editable=False)
    correction = models.CharField("更正说明", max_length=500, blank=True)
    published_at = models.DateTimeField("公布时间", editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = "网站年度报表"
        verbose_name_plural = "网站年度报表"
        ordering = ("-year", "organ_id", "-version")
        constraints = [
            models.UniqueConstraint(fields=("organ", "year", "version"), name="yearbook_version_once"),
            models.UniqueConstraint(
                fields=("organ", "year"), condition=Q(in_force=True), name="yearbook_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction=""), name="yearbook_correction_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ.name}{self.year}年政府网站工作年度报表"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change what was published: only ``in_force`` may fall."""
        if not self._state.adding and set(kwargs.get("update_fields") or ()) != {"in_force"}:
            raise ValidationError("报表已经公布，内容不能改动。需要更正时请公布更正版。")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("reports:yearbook", args=[self.organ.slug, self.year])
