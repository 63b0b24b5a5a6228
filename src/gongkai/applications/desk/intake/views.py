"""收件登记, 登记结果, 口头申请记录, 待确认."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.applications import selectors, vault
from gongkai.applications.desk.intake import stash
from gongkai.applications.desk.intake.forms import DAY_LABELS, FILE_FIELDS, ConfirmForm, IntakeForm
from gongkai.applications.desk.intake.queue import waiting
from gongkai.applications.desk.ledger.words import case_url, long_day, scrub
from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.applications.services.assignment import handlers
from gongkai.applications.services.intake import (
    Duplicate,
    confirm_receipt,
    find_duplicates,
    needs_confirmation,
    preview,
    take_in,
)
from gongkai.law.case import CaseState, Channel
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.desk.base import add_errors
from gongkai.organs.scope import require, scope_of

register_acts({"case.print": "打印口头申请记录"})
_CODE = "gongkai_taken_{}"
_PURPOSE = "intake.query_code"


class IntakePage(WagtailAdminTemplateMixin):
    """What the intake pages share: the permission and the crumbs."""

    header_icon = "mail"
    needs = "add"

    @method_decorator(never_cache)
    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, [self.needs]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return, misc]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("applications-ledger:index"), "label": "台账"},
            {"url": "", "label": self.get_page_title()},
        ]


class IntakeView(IntakePage, FormView):
    """One form, one submit; on any error everything typed and uploaded stays."""

    template_name = "applications/desk/intake.html"
    page_title = "收件登记"
    form_class = IntakeForm
    duplicates: list[Duplicate] = []

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_invalid(self, form: IntakeForm) -> HttpResponse:
        self._stash(form)
        return super().form_invalid(form)

    def form_valid(self, form: IntakeForm) -> HttpResponse:
        data = form.cleaned_data
        if not data["checked"]:
            self.duplicates = find_duplicates(
                data["organ"],
                form.applicant(),
                data["description"],
                mail_number=data["mail_number"],
                on=data["happened_on"],
            )
            if any(found.serious for found in self.duplicates):
                form.add_error(
                    "checked", "可能已经登记过，请点开下列办件核对；确实不是同一件的，勾选后再登记。"
                )
                return self.form_invalid(form)
        session = self.request.session
        tokens = self.request.POST.getlist("kept")
        files = stash.fetch(session, tokens)
        files += [(kind.value, upload) for name, kind in FILE_FIELDS.items() for upload in data[name]]
        try:
            taken = take_in(self.request.user, form.intake(files))
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        stash.clear(session)
        session[_CODE.format(taken.application.pk)] = vault.seal(taken.code, _PURPOSE)
        for warning in form.warnings():
            messages.warning(self.request, warning)
        return redirect("applications_taken", taken.application.pk)

    def _stash(self, form: IntakeForm) -> None:
        """Uploads that are fine in themselves are kept for the next try; a file field cannot be filled in again."""
        session = self.request.session
        dropped = {n["token"] for n in stash.kept(session)} - set(self.request.POST.getlist("kept"))
        stash.clear(session, dropped)
        for name, kind in FILE_FIELDS.items():
            if name not in form.errors:
                for upload in form.cleaned_data.get(name) or ():
                    stash.keep(session, kind.value, upload)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = stash.kept(self.request.session) if self.request.method == "POST" else []
        labels = {kind.value: kind.label for kind in FILE_FIELDS.values()}
        return super().get_context_data(
            **kwargs,
            duplicates=[
                {
                    "application": d.application,
                    "why": d.why,
                    "serious": d.serious,
                    "url": case_url(d.application.pk),
                }
                for d in self.duplicates
            ],
            kept=[{**note, "label": labels.get(note["kind"], "")} for note in kept],
            day_labels={channel.value: label for channel, label in DAY_LABELS.items()},
            confirmed=[c.value for c in DAY_LABELS if needs_confirmation(c)],
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stash.clear(request.session)  # a fresh form begins without yesterday's scans
        return super().get(request, *args, **kwargs)


class PreviewView(IntakePage, View):
    """While typing: the receipt date and deadline as the law gives them, likely duplicates, who can handle it."""

    page_title = "收件登记"

    def post(self, request: HttpRequest) -> JsonResponse:
        form = IntakeForm(request.POST, user=request.user)
        form.is_valid()
        data = form.cleaned_data
        organ = data.get("organ")
        answer: dict[str, Any] = {
            "people": [[pk, label] for pk, (_, label) in form.people.items()],
            "duplicates": [],
        }
        if organ and data.get("channel") and data.get("happened_on"):
            answer |= self._dates(data)
        if organ and (data.get("identity_number") or data.get("name") or data.get("description")):
            found = find_duplicates(
                organ,
                form.applicant(),
                data.get("description") or "",
                mail_number=data.get("mail_number") or "",
                on=data.get("happened_on"),
            )
            answer["duplicates"] = [
                {"url": case_url(d.application.pk), "label": str(d.application), "why": d.why,
                 "who": d.application.applicant.masked_name, "serious": d.serious}
                for d in found
            ]  # fmt: skip
        answer["warnings"] = form.warnings()
        return JsonResponse(answer)

    def _dates(self, data: dict[str, Any]) -> dict[str, Any]:
        channel = Channel(data["channel"])
        try:
            state = preview(
                data["organ"],
                channel,
                data["happened_on"],
                data.get("confirmed_on"),
                data.get("postmark"),
                timezone.localdate(),
            )
        except ValidationError as error:
            return {"problem": "；".join(error.messages)}
        return receipt_words(state, channel)


def receipt_words(state: CaseState, channel: Channel) -> dict[str, Any]:
    """The receipt date with its reason, and the deadline with its arithmetic, as sentences."""
    if state.received_on is None:
        milestone = state.next_milestone
        due = f"，应不迟于{long_day(milestone.due)}" if milestone else ""
        return {
            "received": "",
            "reason": f"收到之日尚未确定：{channel_words(channel)}（条例第三十一条）{due}与申请人确认。",
            "due": "",
        }
    first = state.reasons[0]
    source = f"（{first.cite.short}）" if first.cite else ""
    return {
        "received": state.received_on.isoformat(),
        "reason": f"{first.text}{source}",
        "due": state.explain(),
    }


def channel_words(channel: Channel) -> str:
    """How article 31 fixes the day for this channel, before it is fixed."""
    if channel is Channel.ORDINARY_MAIL:
        return "平常信函以与申请人确认之日为收到申请之日，行政机关应当于收到信函的当日与申请人确认"
    return "互联网渠道或者传真以双方确认之日为收到申请之日"


class TakenView(IntakePage, TemplateView):
    """What came of it: number, dates with their reasons, and the query code, this one time."""

    template_name = "applications/desk/intake_taken.html"
    page_title = "登记结果"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = case_in_scope(self.request.user, self.kwargs["pk"])
        sealed = self.request.session.pop(_CODE.format(case.pk), "")
        code = vault.unseal(sealed, _PURPOSE) if sealed else ""
        state = selectors.state_of(case)
        return super().get_context_data(
            **kwargs,
            case=case,
            code=f"{code[:5]}-{code[5:]}" if code else "",
            words=receipt_words(state, Channel(case.channel)),
            state=state,
            oral=case.channel == Channel.ORAL,
            case_link=case_url(case.pk),
            may_split=scope_of(self.request.user).allows(MODULE, ["assign"], case.organ.path),
            summary=scrub(case.summary(80)),
        )


class OralRecordView(IntakePage, TemplateView):
    """The oral application on paper, for the applicant's signature or thumbprint (条例第二十九条第一款). It shows the
    applicant's data in full, so it is opened by a button and goes on the trail."""

    template_name = "applications/desk/intake_record.html"
    page_title = "口头申请记录"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        case = case_in_scope(request.user, kwargs["pk"])
        require(request.user, MODULE, "change", case.organ)
        if case.channel != Channel.ORAL:
            raise Http404("不是口头申请。")
        with transaction.atomic():
            audit(request.user, "case.print", case, organ=case.organ, reason="供申请人签字")
        submitted = case.records.filter(kind="submitted").first()
        items = submitted.data.get("items", []) if submitted else []
        return self.render_to_response(
            self.get_context_data(case=case, person=case.applicant, items=items, printed=timezone.localdate())
        )


def case_in_scope(user: Any, pk: int) -> Application:
    """The case, if ``user`` may see it. Raises Http404 otherwise."""
    found = (
        selectors.visible_to(user)
        .select_related("organ", "applicant", "handler", "parent")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("没有这件申请，或者不在您的机构范围内。")
    return found


class ConfirmView(IntakePage, TemplateView):
    """待确认: filings whose receipt both sides have yet to confirm, the oldest first, each with one button."""

    template_name = "applications/desk/intake_confirm.html"
    page_title = "待确认收到"
    needs = "change"
    header_icon = "check"
    failed: tuple[int, ConfirmForm] | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines, total = waiting(self.request.user, timezone.localdate())
        people: dict[int, list[tuple[Any, str]]] = {}
        for line in lines:
            case = line.case
            offered = people.setdefault(case.organ_id, handlers(case.organ))
            if self.failed and self.failed[0] == case.pk:
                line.form = self.failed[1]
                continue
            own = any(user.pk == self.request.user.pk for user, _ in offered)
            line.form = ConfirmForm(
                people=offered,
                prefix=f"c{case.pk}",
                initial={
                    "confirmed_on": timezone.localdate(),
                    "way": "电话" if case.channel != Channel.EMAIL else "电子邮件",
                    "handler": str(self.request.user.pk) if own else "",
                    "expected": case.events_count,
                },
            )
        return super().get_context_data(**kwargs, lines=lines, total=total, rest=total - len(lines))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raw = request.POST.get("case", "")
        case = case_in_scope(request.user, int(raw) if raw.isdecimal() else 0)
        form = ConfirmForm(request.POST, people=handlers(case.organ), prefix=f"c{case.pk}")
        if form.is_valid() and self._confirm(case, form):
            return HttpResponseRedirect(reverse("applications_confirm"))
        self.failed = (case.pk, form)
        return self.render_to_response(self.get_context_data(**kwargs))

    def _confirm(self, case: Application, form: ConfirmForm) -> bool:
        data = form.cleaned_data
        try:
            state = confirm_receipt(
                self.request.user,
                case,
                confirmed_on=data["confirmed_on"],
                evidence=form.evidence(),
                register=data["register"],
                handler=data["handler"],
                expected=data["expected"],
            )
        except ValidationError as error:
            add_errors(form, error)
            return False
        case.refresh_from_db()
        messages.success(self.request, f"{case}：{state.explain()}")
        return True


def today_text(day: date) -> str:
    """2026年11月30日（周一）."""
    return f"{day.year}年{long_day(day)}"
