"""Filters of the archive's lists."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet

from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.records.matters import Matter, Retention
from gongkai.records.models import ArchiveFile, Loan, PaperBox


class FileFilter(WagtailFilterSet):
    matter = django_filters.ChoiceFilter(label="门类", choices=Matter.choices)
    year = django_filters.NumberFilter(label="年度")
    retention = django_filters.ChoiceFilter(label="保管期限", choices=Retention.choices)
    box = django_filters.ModelChoiceFilter(
        label="档案盒", queryset=PaperBox.objects.order_by("-year", "number"), null_label="尚未装盒"
    )
    custody = django_filters.ChoiceFilter(
        label="借阅、期限",
        choices=[("out", "借出未还"), ("late", "逾期未还"), ("due", "保管期满待鉴定"), ("closed", "已封存")],
        method="by_custody",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=ArchiveFile.State.choices)
    organ = django_filters.ModelChoiceFilter(
        label="机构（含下级）", queryset=Organ.objects.order_by("path"), method="below"
    )

    class Meta:
        model = ArchiveFile
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "organ__"))

    def by_custody(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        if value == "due":
            return queryset.filter(state=ArchiveFile.State.ARCHIVED, retention_until__lt=today)
        if value == "closed":
            return queryset.filter(closed_on__isnull=False)
        out = Loan.objects.filter(returned_on=None)
        if value == "late":
            out = out.filter(due_on__lt=today)
        return queryset.filter(pk__in=out.values("archive_file"))


class LoanFilter(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label="归还", choices=[("out", "未还"), ("late", "逾期未还"), ("back", "已还")], method="by_standing"
    )
    form = django_filters.ChoiceFilter(label="载体", choices=Loan.Form.choices)

    class Meta:
        model = Loan
        fields: ClassVar[list[str]] = []

    def by_standing(self, queryset: Any, name: str, value: str) -> Any:
        if value == "back":
            return queryset.filter(returned_on__isnull=False)
        queryset = queryset.filter(returned_on=None)
        return queryset.filter(due_on__lt=timezone.localdate()) if value == "late" else queryset
