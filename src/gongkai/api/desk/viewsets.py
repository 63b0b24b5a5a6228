"""接口密钥 on the desk: made by the director, shown once, ended at any time."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.api import services
from gongkai.api.models import ApiKey
from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.organs.desk.forms import PersonChoiceField


class KeyForm(forms.ModelForm):
    responsible = PersonChoiceField(
        label="送审人", required=False, help_text=ApiKey._meta.get_field("responsible").help_text,
        empty_label="（不选：存为草稿，由信息员送审）",
    )  # fmt: skip

    class Meta:
        model = ApiKey
        fields = ("organ", "name", "responsible", "expires_on")
        widgets: ClassVar = {"expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class KeyCreateView(generic.CreateView):
    """The text of the key is on the answer itself: not in a message, not in a session, not to be had again."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        text = getattr(form, "key_text", None)
        if text is None:
            return response
        index = reverse(self.index_url_name)
        context = {"key": self.object, "text": text, "index": index, "rate": services.RATE[0]}
        shown = render(self.request, "api/desk/key.html", context)
        shown["Cache-Control"] = "no-store"
        return shown


class ToList(generic.EditView):
    """A key is not edited: a new one is made and the old one ended."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse(self.scoped_viewset.get_url_name("index")))  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the act."""


class RevokeAct(ActView):
    label = "停用"
    icon = "cross"
    form_class = ConfirmForm
    danger = True
    explanation = "停用后立即失效，不能恢复；已经报送的稿件不受影响。需要时另建新的密钥。"
    success = "已停用。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, ApiKey) and instance.revoked_at is None

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return services.revoke_key(self.request.user, self.object)


class ApiKeyViewSet(ScopedModelViewSet):
    model = ApiKey
    name = "api-keys"
    icon = "key"
    add_view_class = KeyCreateView
    edit_view_class = ToList
    list_per_page = 50
    list_select_related = ("organ", "created_by", "responsible")
    empty_text = "协同办公、新媒体管理等系统凭密钥把稿件报送进来，照常扫描、审核。密钥只在建立时显示一次。"
    list_display: ClassVar = [
        TitleColumn("name", label="系统", sort_key="name"),
        Column("organ", label="机构", width="16%"),
        Column("responsible", label="送审人", width="10%"),
        Column("prefix", label="密钥开头", width="12%"),
        Column("state", label="状态", width="8%"),
        DayColumn("expires_on", label="有效期至", sort_key="expires_on", width="12%"),
        DayColumn("last_used_on", label="最近使用", width="12%"),
        Column("created_by", label="建立人", width="10%"),
    ]
    acts: ClassVar[dict[str, type]] = {"revoke": RevokeAct}

    def get_form_class(self, for_update: bool = False) -> type:
        return KeyForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        data = form.cleaned_data
        key, text = services.create_key(
            user, data["organ"], data["name"], data["expires_on"], data["responsible"]
        )
        form.key_text = text
        return key
