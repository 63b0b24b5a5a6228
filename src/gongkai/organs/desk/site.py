"""站点信息: one form for the site's identity."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.organs import services
from gongkai.organs.desk.base import add_errors
from gongkai.organs.desk.forms import SiteProfileForm
from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.roles import Module
from gongkai.organs.scope import scope_of


class SiteProfileView(WagtailAdminTemplateMixin, FormView):
    """Seen and changed by those with the 站点设置 capability where the site belongs."""

    template_name = "desk/act.html"
    form_class = SiteProfileForm
    page_title = "站点信息"
    header_icon = "site"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.profile = SiteProfile.objects.select_related("organ").filter(pk=1).first() or SiteProfile(pk=1)
        if not may_edit_site(request.user, self.profile):
            raise PermissionDenied

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": "站点信息"}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.profile, "for_user": self.request.user}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        scope = scope_of(self.request.user)
        form.fields["organ"].queryset = Organ.objects.filter(scope.condition("", Module.SYSTEM, ["change"]))
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            services.save_site_profile(self.request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, "站点信息已保存，公众网站一分钟内更新。")
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("site_profile")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            explanation="这些内容显示在公众网站的页头和页脚，是上级检查的必查项。",
            submit_label="保存",
            cancel_url=reverse("wagtailadmin_home"),
        )


def may_edit_site(user: Any, profile: SiteProfile) -> bool:
    """Whether ``user`` may change the site's identity: without limits, or serving where the site belongs."""
    scope = scope_of(user)
    if scope.everything:
        return True
    return profile.organ is not None and scope.allows(Module.SYSTEM, ["change"], profile.organ.path)
