"""The form and the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.applications import selectors
from gongkai.applications.models import Application, FileKind
from gongkai.applications.public import (
    accounts,
    drafts,
    finder,
    guard,
    limits,
    paper,
    services,
    session,
    uploads,
)
from gongkai.applications.public.forms import KIND_HINTS, UPLOAD_WORDS, ApplyForm
from gongkai.applications.public.views.common import context, private, too_often, who, with_uploads
from gongkai.applications.services.files import download
from gongkai.law.case import CaseState, Kind, Received, advance
from gongkai.organs.models import Organ

#: Characters of a search that begin the description.
MAX_ASKED = 80
#: Input of the form → kind of case file, label, whether several.
UPLOADS: dict[str, tuple[str, str, bool]] = {
    "identity_file": (FileKind.IDENTITY, "身份证明", True),
    "authority_file": (FileKind.AUTHORITY, "授权委托书", True),
    "request_files": (FileKind.REQUEST, "其他材料", True),
}


def _organ(slug: str) -> Organ:
    organ = get_object_or_404(Organ, slug=slug, status=Organ.Status.ACTIVE)
    if organ.kind not in finder.KINDS:
        raise Http404
    return organ


@private
@with_uploads
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """Show, keep, or file. What was typed and uploaded is on the server before anything is judged."""
    organ = _organ(slug)
    if not selectors.settings_for(organ).accepts:
        return render(request, "applications/public/closed.html", context((organ.name, ""), organ=organ))
    token = drafts.token_of(request) or drafts.new_token()
    page = FormPage(request, organ, drafts.DraftBox(token, slug))
    response = page.post() if request.method == "POST" else page.show()
    if request.method == "POST":
        drafts.set_cookie(request, response, token)
    return response


class FormPage:
    """One request for the form of one organ."""

    def __init__(self, request: HttpRequest, organ: Organ, box: drafts.DraftBox) -> None:
        self.request, self.organ, self.box = request, organ, box
        self.file_problems: list[tuple[str, str]] = []
        self.notice = ""

    def show(self) -> HttpResponse:
        values = self.box.values()
        self.notice = "已恢复您上次没有提交的内容。" if values or self.box.files() else ""
        return self._render(ApplyForm(initial=values or self._asked()), guard.new_ticket())

    def _asked(self) -> dict[str, str] | None:
        """What was looked for and not found (``?q=``) begins the description; a draft that was kept goes first."""
        asked = self.request.GET.get("q", "").replace("\x00", "").strip()[:MAX_ASKED]
        return {"description": asked} if asked else None

    def post(self) -> HttpResponse:
        if not limits.count("form", who(self.request)):
            return too_often(self.request)
        act = self.request.POST.get("do", "submit")
        if act == "clear":
            self.box.clear()
            return HttpResponseRedirect(reverse("apply:form", args=[self.organ.slug]))
        ticket = guard.read_ticket(self.request.POST.get("ticket", ""))
        if ticket and act == "submit" and (filed := services.already_filed(ticket.key)):
            return self._receipt(*filed)
        form = ApplyForm(self.request.POST)
        self.box.save(form.to_draft())
        self._take_files()
        if act.startswith("remove-") and act[7:].isdecimal():
            self.notice = "已删除这个附件。" if self.box.remove(int(act[7:])) else ""
            act = "keep"
        if act != "submit":
            self.notice = self.notice or f"已保存，{drafts.KEEP_DAYS} 天内在这台设备上可以继续填写。"
            return self._render(ApplyForm(initial=form.to_draft()), self._ticket(ticket))
        return self._submit(form, ticket)

    def _ticket(self, ticket: guard.Ticket | None) -> str:
        return self.request.POST["ticket"] if ticket else guard.new_ticket()

    def _submit(self, form: ApplyForm, ticket: guard.Ticket | None) -> HttpResponse:
        valid = form.is_valid()
        if valid and form.has_agent() and not any(f.kind == FileKind.AUTHORITY for f in self.box.files()):
            self.file_problems.append(
                ("id_authority_file", "有代理人的，请上传申请人签名或者盖章的授权委托书。")
            )
        if ticket is None:
            self.file_problems.append(("", "页面打开超过一天，还没有提交。请再按一次“提交申请”。"))
            return self._render(form, guard.new_ticket(), status=422)
        if not valid or self.file_problems:
            return self._render(form, self._ticket(ticket), status=422)
        text = f"{form.cleaned_data['description']} {form.cleaned_data['assistance']}"
        trap = self.request.POST.get(guard.TRAP, "")
        if guard.suspicious(ticket, trap, text, who(self.request)) and not guard.answered(
            ticket, self.request.POST.get("answer", "")
        ):
            asked = guard.question(ticket)
            return self._render(form, self._ticket(ticket), status=422, question=asked)
        if not limits.count("file", who(self.request)):
            return too_often(self.request, saved=True)
        limits.count("file-quiet", who(self.request))
        return self._file(form, ticket)

    def _file(self, form: ApplyForm, ticket: guard.Ticket) -> HttpResponse:
        kept = [(f.kind, f.name, self.box.read(f.pk)) for f in self.box.files()]
        try:
            filed = services.file_once(ticket.key, self.organ, form.applicant(), form.filing(), kept)
        except ValidationError as problem:
            self.file_problems += [("", text) for text in problem.messages]
            return self._render(form, self._ticket(ticket), status=422)
        self.box.clear()
        return self._receipt(*filed)

    def _receipt(self, application: Application, code: str) -> HttpResponse:
        if not code:  # an old form sent again long after it was filed
            return HttpResponseRedirect(reverse("apply:track"))
        session.open_case(self.request, application)
        account = accounts.current(self.request)
        if account is not None:
            accounts.link(account, application)
        session.keep_receipt(self.request, application, code)
        return HttpResponseRedirect(reverse("apply:receipt"))

    def _take_files(self) -> None:
        handler: uploads.QuotaHandler = self.request.apply_uploads  # type: ignore[attr-defined]
        if handler.problem:
            self.file_problems.append(("id_request_files", handler.problem))
        for name, (kind, _, _) in UPLOADS.items():
            for upload in self.request.FILES.getlist(name):
                content = upload.read()
                try:
                    self.box.add_file(kind, uploads.check(upload.name or "", content), content)
                except ValidationError as problem:
                    self.file_problems += [(f"id_{name}", text) for text in problem.messages]

    def _render(
        self, form: ApplyForm, ticket: str, *, status: int = 200, question: guard.Question | None = None
    ) -> HttpResponse:
        problems = form.problems() + self.file_problems
        if question and not problems:
            problems = [("id_answer", "请回答表格最后的一个问题，防止自动程序提交；已填写的内容都在。")]
        files = self.box.files()
        groups = [
            {
                "name": name,
                "label": label,
                "kind": kind,
                "files": [f for f in files if f.kind == kind],
                "problems": [text for target, text in self.file_problems if target == f"id_{name}"],
            }
            for name, (kind, label, _) in UPLOADS.items()
        ]
        more: dict[str, Any] = {
            "organ": self.organ,
            "form": form,
            "uploads": {group["name"]: group for group in groups},
            "accept": uploads.ACCEPT,
            "upload_words": UPLOAD_WORDS,
            "kind_hints": KIND_HINTS,
            "ticket": ticket,
            "trap": guard.TRAP,
            "problems": problems,
            "question": question,
            "notice": self.notice,
            "has_draft": bool(files) or self.box.row() is not None,
            "agent_open": any(form[n].value() or form[n].errors for n in ("agent_name", "agent_identity_number", "agent_phone"))
            or any(f.kind == FileKind.AUTHORITY for f in files)
            or any(target == "id_authority_file" for target, _ in self.file_problems),
            "items_open": any(form[f"item_{n}"].value() or form[f"item_{n}"].errors for n in range(2, 6)),
        }  # fmt: skip
        return render(
            self.request,
            "applications/public/form.html",
            context((self.organ.name, ""), **more),
            status=status,
        )


def expected_dates(application: Application, state: CaseState, today: date) -> dict[str, Any]:
    """What the law makes of it if receipt is confirmed on the last day for confirming: computed by the law's own fold."""
    confirm = next((m for m in state.milestones if m.key == "confirm"), None)
    if confirm is None or not state.acts[Kind.RECEIVED]:
        return {}  # confirmed meanwhile: the case page has the real dates
    day = max(confirm.due, today)
    later = advance(
        state,
        Received(on=day, confirmed_on=day),
        today=day,
    )
    notice = next((m for m in later.milestones if m.key == "correction_notice"), None)
    return {"confirm": confirm.due, "correction": notice.due if notice else None, "answer": later.due_on, "provisional": later.provisional}  # fmt: skip


@private
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Receipt number and query code, to be written down, printed or downloaded; not shown again later."""
    found = session.receipt(request)
    if found is None:
        return HttpResponseRedirect(reverse("apply:track"))
    application, code = found
    today = timezone.localdate()
    state = selectors.state_of(application, today)
    more = {
        "application": application,
        "code": grouped(code),
        "dates": expected_dates(application, state, today),
        "minutes": session.IDLE_SECONDS // 60,
        "where": request.build_absolute_uri(reverse("apply:track")),
    }
    return render(request, "applications/public/receipt.html", context(("申请回执", ""), **more))


@private
@require_safe
def receipt_pdf(request: HttpRequest) -> HttpResponse:
    found = session.receipt(request)
    if found is None:
        raise Http404
    if not limits.count("paper", who(request)):
        return too_often(request)
    application, code = found
    today = timezone.localdate()
    dates = expected_dates(application, selectors.state_of(application, today), today)
    where = request.build_absolute_uri(reverse("apply:track"))
    sheet = paper.receipt_pdf(application, grouped(code), dates, where)
    return download(sheet, "申请回执.pdf", "application/pdf")


def grouped(code: str) -> str:
    """In two halves, easier to copy by hand."""
    return f"{code[:5]} {code[5:]}"
