"""暂缓清除: whether the case is kept past the retention period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from gongkai.applications.desk.case.guide import Guide
from gongkai.applications.desk.case.views import FormPage
from gongkai.applications.services.files import MIN_REASON
from gongkai.applications.services.hold import lift_hold, place_hold


class HoldForm(forms.Form):
    reason = forms.CharField(
        label="原因",
        min_length=MIN_REASON,
        max_length=200,
        help_text="例如：本件涉及的行政诉讼尚未审结。原因记入审计记录，请不要写个人信息。",
    )


class HoldView(FormPage):
    """Keeps the case, or lets it go again."""

    needs = "assign"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.held = bool(self.case.hold_reason)
        self.title = "恢复到期清除" if self.held else "暂缓清除个人信息"
        self.submit_label = "不再暂缓" if self.held else "暂缓"

    def make_form(self, data: Any = None) -> forms.Form:
        return HoldForm(data)

    def more(self, form: Any) -> dict[str, Any]:
        text = "保存期满后，申请人的身份、联系方式和案卷文本会清除（个人信息保护法第四十七条），统计数据保留；诉讼、审计、查处还用得着的，先暂缓。"
        if self.held:
            text = f"现在暂缓的原因：{self.case.hold_reason}。不再暂缓的，保存期满即清除。"
        return {"guide": Guide("record", text)}

    def perform(self, form: Any, expected: int | None) -> str:
        reason = form.cleaned_data["reason"]
        if self.held:
            lift_hold(self.user, self.case, reason)
            return "已恢复到期清除。"
        place_hold(self.user, self.case, reason)
        return "已暂缓清除，保存期满后仍然保留。"
