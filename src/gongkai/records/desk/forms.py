"""Forms of the archive's own pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from wagtail.admin.forms import WagtailAdminModelForm

from gongkai.records.matters import Matter, Retention
from gongkai.records.models import ArchiveFile, Loan, TransferList

ANY = [("", "全部")]


class TransferForm(WagtailAdminModelForm):
    """Which files: a fonds, the years, a class, a period; what is lent or on another open list is left out."""

    year_from = forms.IntegerField(label="年度自", min_value=1949, max_value=2100)
    year_to = forms.IntegerField(label="年度至", min_value=1949, max_value=2100)
    matter = forms.ChoiceField(label="门类", required=False, choices=[*ANY, *Matter.choices])
    retention = forms.ChoiceField(
        label="保管期限", required=False, choices=[*ANY, *Retention.choices], help_text="向国家档案馆移交的一般为永久和 30 年。"
    )  # fmt: skip

    class Meta:
        model = TransferList
        fields: ClassVar = ["fonds", "recipient", "basis"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("fonds") and data.get("year_from") and data.get("year_to"):
            if data["year_from"] > data["year_to"]:
                self.add_error("year_to", "应不早于起始年度。")
            elif not self.chosen().exists():
                self.add_error(None, "没有符合条件、可以移交的档案（借出未还和已列入其他清册的除外）。")
        return data

    def chosen(self) -> QuerySet[ArchiveFile]:
        """The files that the conditions mean."""
        data = self.cleaned_data
        files = ArchiveFile.objects.filter(
            fonds=data["fonds"],
            state=ArchiveFile.State.ARCHIVED,
            year__gte=data["year_from"],
            year__lte=data["year_to"],
        )
        for name in ("matter", "retention"):
            if data.get(name):
                files = files.filter(**{name: data[name]})
        out = Loan.objects.filter(archive_file=OuterRef("pk"), returned_on=None)
        listed = TransferList.objects.filter(files=OuterRef("pk"), state=TransferList.State.DRAFT)
        return files.exclude(Exists(out)).exclude(Exists(listed)).order_by("number")
