"""What is asked when a matter is filed from its own page, and the registration of papers that have no page."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from gongkai.organs.desk.forms import OrganChoiceField
from gongkai.records.matters import Retention, Secrecy
from gongkai.records.models import ArchiveFile


class FilingForm(forms.Form):
    """Both follow the rules unless the matter differs from its class."""

    retention = forms.ChoiceField(
        label="保管期限", required=False, choices=[("", "按本机关的保管期限表"), *Retention.choices]
    )
    secrecy = forms.ChoiceField(
        label="密级",
        required=False,
        choices=[("", "按公开属性"), *Secrecy.choices],
        help_text="涉及国家秘密的，不得在本平台归档。",
    )


def this_year() -> int:
    return timezone.localdate().year


class PaperForm(WagtailAdminModelForm):
    """A matter on paper only, or paper with a scan."""

    organ = OrganChoiceField(label="归档单位")
    year = forms.IntegerField(label="年度", min_value=1949, max_value=2100, initial=this_year)
    retention = forms.ChoiceField(
        label="保管期限", required=False, choices=[("", "按本机关的保管期限表"), *Retention.choices]
    )
    pages = forms.IntegerField(label="页数", min_value=1, max_value=99999)
    reason = forms.CharField(
        label="来源", max_length=200, help_text="材料从哪里来、为什么补登，例如“平台启用前的纸质案卷移交”。"
    )
    scan = forms.FileField(
        label="扫描件", required=False, help_text="PDF，没有的不填。加密保存，查阅须写明事由。"
    )

    class Meta:
        model = ArchiveFile
        fields: ClassVar = ["organ", "matter", "title", "year", "pages", "retention", "secrecy"]
        help_texts: ClassVar = {"title": "会被检索、打印和移交：写事项，不写个人姓名、证件号码和联系方式。"}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        scan = data.pop("scan", None)
        return data | {"retention": data["retention"] or None, "scan": scan.read() if scan else None}
