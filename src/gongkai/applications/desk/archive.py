"""案卷归档: what will be filed, the act, what is filed, and reading it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin import messages

from gongkai.applications import archive
from gongkai.applications.archive.contents import SECTIONS
from gongkai.applications.archive.services import OBJECT_TYPE, bound_copy
from gongkai.applications.desk.case.access import may
from gongkai.applications.desk.case.views import REFUSED, CasePage, parse_expected
from gongkai.applications.filetypes import size_words
from gongkai.applications.models import Letter
from gongkai.applications.services.files import download
from gongkai.organs.desk.base import add_errors
from gongkai.organs.scope import scope_of
from gongkai.records import services as records
from gongkai.records.desk.links import register_link
from gongkai.records.matters import Matter, Retention, Secrecy
from gongkai.records.models import ArchiveFile
from gongkai.records.policies import MODULE as RECORDS
from gongkai.records.selectors import retention_for


class ArchiveForm(forms.Form):
    """The period comes from the organ's table; it is changed here only where a case differs from its class."""

    retention = forms.ChoiceField(label="保管期限", choices=Retention.choices)
    secrecy = forms.ChoiceField(
        label="密级",
        choices=Secrecy.choices,
        initial=Secrecy.INTERNAL,
        help_text="案卷含申请人个人信息，一般为“内部”。涉及国家秘密的，不得在本平台归档。",
    )


class OpenForm(forms.Form):
    """Why somebody reads an archived case; what they read is named by the button."""

    reason = forms.CharField(
        label="查阅事由",
        max_length=200,
        min_length=2,
        help_text="例如：行政复议答辩举证。查阅人、时间和事由记入审计记录。",
    )


class ArchivePage(CasePage):
    """案卷归档 of one case. GET changes nothing."""

    template_name = "applications/desk/archive/case.html"
    title = "案卷归档"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.shown()

    def shown(
        self, form: Any = None, opening: Any = None, status: int = 200, checked: Any = None
    ) -> HttpResponse:
        held = archive.volumes(self.case)
        problem = archive.can_archive(self.case, held, self.state)
        period, source = retention_for(self.case.organ, Matter.APPLICATION)
        return self.page(
            {
                "volumes": [(row, size_words(row.size)) for row in held],
                "problem": problem,
                "allowed": self.allowed,
                "form": form or ArchiveForm(initial={"retention": held[0].retention if held else period}),
                "source": source,
                "expected": self.case.events_count,
                "contents": self.contents() if not problem else [],
                "opening": opening or OpenForm(),
                "may_read": bool(held) and records.may_open(self.user, held[0]),
                "checked": checked,
            },
            status,
        )

    @property
    def allowed(self) -> bool:
        here = self.case.organ.path
        return may(self.user, "change", self.case) and scope_of(self.user).allows(RECORDS, ["add"], here)

    def contents(self) -> list[tuple[str, int]]:
        """What the file will hold, by section, with how many pieces."""
        kinds = [row.kind for row in self.case.files.filter(removed_at=None).only("kind")]  # type: ignore[attr-defined]
        counts = [(label, sum(kind in wanted for kind in kinds)) for label, wanted in SECTIONS.items()]
        signed = Letter.objects.filter(application=self.case).exclude(digest="").count()
        return [("办理记录", len(self.rows)), ("文书", signed), *counts]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ArchiveForm(request.POST)
        if not form.is_valid():
            return self.shown(form, status=REFUSED)
        try:
            row = archive.archive_case(
                self.user,
                self.case,
                retention=form.cleaned_data["retention"],
                secrecy=form.cleaned_data["secrecy"],
                expected=parse_expected(request),
            )
        except ValidationError as problem:
            add_errors(form, problem)
            return self.shown(form, status=REFUSED)
        messages.success(request, f"已归档，档号 {row.number}。纸质材料请按档号装盒。")
        return redirect("applications_archive", self.case.pk)


class VolumePage(ArchivePage):
    """Acts on one volume, each by POST: read the package, read the bound copy, verify."""

    http_method_names = ["post", "options"]

    def volume(self, number: int) -> ArchiveFile:
        for row in archive.volumes(self.case):
            if row.volume == number:
                return row
        raise Http404("没有这一卷。")


class OpenView(VolumePage):
    """Hands out the package (``what`` = zip) or its bound copy; who and why is on record before."""

    def post(self, request: HttpRequest, pk: int, volume: int) -> HttpResponse:  # type: ignore[override]
        row = self.volume(volume)
        form = OpenForm(request.POST)
        if not form.is_valid():
            return self.shown(opening=form, status=REFUSED)
        try:
            records.note_opening(self.user, row, form.cleaned_data["reason"])
            with records.plain(row) as content:
                if request.POST.get("what") == "pdf":
                    return download(bound_copy(content), f"{row.number}.pdf", "application/pdf")
                return download(content.read(), row.file_name, row.media_type)
        except ValidationError as problem:
            add_errors(form, problem)
            return self.shown(opening=form, status=REFUSED)


class VerifyView(VolumePage):
    """Computes every digest again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.shown(checked=archive.verify_archive(self.case))


@hooks.register("register_admin_urls")
def register_archive_urls() -> list[Any]:
    return [
        path("applications/<int:pk>/archive/", ArchivePage.as_view(), name="applications_archive"),
        path(
            "applications/<int:pk>/archive/verify/", VerifyView.as_view(), name="applications_archive_verify"
        ),
        path(
            "applications/<int:pk>/archive/<int:volume>/open/",
            OpenView.as_view(),
            name="applications_archive_open",
        ),
    ]


register_link(OBJECT_TYPE, "打开办件", lambda pk: reverse("applications_case", args=[pk]))
