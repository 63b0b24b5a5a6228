"""查看申请人完整信息: on purpose, with a reason, logged; shown once and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from gongkai.applications.desk.files.views import CaseFormView, ReasonForm, find_application, may
from gongkai.applications.privacy import reveal
from gongkai.organs.desk.base import add_errors


@method_decorator(never_cache, name="dispatch")
class RevealView(CaseFormView):
    """Asks for the reason; the answer to the form is the page with the data, so no address leads to it."""

    form_class = ReasonForm
    template_name = "applications/desk/files/reveal.html"
    page_title = "查看申请人完整信息"
    submit_label = "查看"
    explanation = (
        "姓名、证件号码和联系方式平时不显示。查看会记入审计记录；只为办理这件申请使用，不得抄录外传。"
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.application = find_application(request.user, kwargs["pk"])
        if not may(request.user, "change", self.application):
            raise PermissionDenied

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            data = reveal(self.request.user, self.application, form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, revealed=data))
