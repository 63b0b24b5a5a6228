"""Following a case and doing the applicant's part of it, after receipt number and query code were given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.applications import selectors
from gongkai.applications.models import Application, FileKind, Letter, Rating
from gongkai.applications.public import accounts, letters, limits, services, session, uploads, visible
from gongkai.applications.public.forms import ContactForm, PublicForm, RatingForm, StatementForm, TrackForm
from gongkai.applications.public.services import Upload
from gongkai.applications.public.views.common import context, private, too_often, who, with_uploads
from gongkai.applications.services.files import download, files_for_applicant, open_as_applicant
from gongkai.law.case import CaseState, Kind, Status

WRONG = "回执号或者查询码不对。请对照回执核对；查询码里没有数字 0、1 和字母 I、L、O。"
LOCKED = "试错次数太多，已暂停查询。请过一个小时再试，或者打电话向受理机关查询。"


@private
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Receipt number and code, by POST only. Wrong ones are counted by address and by receipt number."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    problem, status = "", 200
    if request.method == "POST" and form.is_valid():
        application, problem = _opened(request, form.cleaned_data["receipt"], form.cleaned_data["code"])
        if application is not None:
            place = session.open_case(request, application)
            return HttpResponseRedirect(reverse("apply:case", args=[place]))
        status = 429 if problem == LOCKED else 422
    elif request.method == "POST":
        status = 422
    more = {
        "form": form,
        "problems": [("id_receipt", problem)] if problem else form.problems(),
        "opened": session.cases(request),
    }
    return render(request, "applications/public/track.html", context(("查询进度", ""), **more), status=status)


def _opened(request: HttpRequest, receipt: str, code: str) -> tuple[Application | None, str]:
    number = "".join(receipt.split()).upper()
    if limits.exceeded("code-address", who(request)) or limits.exceeded("code-receipt", number):
        return None, LOCKED
    found = selectors.by_code(receipt, code)
    if found is None:
        limits.count("code-address", who(request))
        limits.count("code-receipt", number)
        return None, WRONG
    return found, ""


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The cases opened in this browser session."""
    opened = session.cases(request)
    if not opened:
        return HttpResponseRedirect(reverse("apply:track"))
    rows = [
        {
            "place": place,
            "application": application,
            "standing": visible.standing(selectors.state_of(application)),
        }
        for place, application in enumerate(opened, 1)
    ]
    account = accounts.current(request)
    outside = sum(one.account_id != account.pk for one in opened) if account else 0
    more = {"rows": rows, "account": account, "outside": outside}
    return render(request, "applications/public/mine.html", context(("我的申请", ""), **more))


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close every opened case, for a computer that others use."""
    session.close(request)
    text = "已退出。再次查看需要回执号和查询码。"
    return render(
        request, "applications/public/message.html", context(("已退出", ""), heading="已退出", text=text)
    )


def _case(request: HttpRequest, place: int) -> Application:
    application = session.case_at(request, place)
    if application is None:
        raise Expired
    return application


class Expired(Exception):
    """The session has no such case any more."""


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the case at its place; a session without it goes to the query page, which says why."""

    def wrapped(request: HttpRequest, place: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            application = _case(request, place)
        except Expired:
            return HttpResponseRedirect(reverse("apply:track"))
        if request.method == "POST" and not limits.count("act", who(request)):
            return too_often(request)
        return view(request, application, place, *args, **kwargs)

    return private(wrapped)


@opened
@require_safe
def case(request: HttpRequest, application: Application, place: int) -> HttpResponse:
    """The same timeline as the officer's, less what is internal."""
    state = selectors.state_of(application)
    papers = [letters.line(row) for row in letters.for_applicant(application, state)]
    more = {
        "application": application,
        "place": place,
        "state": state,
        "standing": visible.standing(state),
        "outcome": visible.outcome(state),
        "why": visible.why(state),
        "lengthened": visible.lengthened(state),
        "steps": visible.steps(state),
        "timeline": list(reversed(visible.timeline(state))),
        "letters": papers,
        "answer": None if state.is_open else next((row for row in reversed(papers) if row.answer), None),
        "files": list(files_for_applicant(application)),
        "statements": application.statements.prefetch_related("files"),
        "acts": _acts(application, state),
        "rating": Rating.objects.filter(application=application).first(),
        "several": len(session.cases(request)) > 1,
        "asked": _asked(state),
    }
    return render(request, "applications/public/case.html", context(("办理进度", ""), **more))


def _asked(state: CaseState) -> dict[str, Any]:
    """What the organ wants from the applicant now, read from the last event that asked."""
    want = {
        Status.CORRECTION: Kind.CORRECTION_REQUESTED,
        Status.FEE: Kind.FEE_NOTICED,
        Status.REASONS: Kind.REASONS_ASKED,
    }.get(state.status)
    last = (
        next((e for e in reversed(state.events) if e is not None and e.kind is want), None) if want else None
    )
    if last is None:
        return {}
    until = state.correction_until if want is Kind.CORRECTION_REQUESTED else state.pay_until if want is Kind.FEE_NOTICED else getattr(last, "until", None)  # fmt: skip
    return {"items": getattr(last, "items", ()), "until": until, "line": visible.timeline_line(last)}


def _acts(application: Application, state: CaseState) -> list[dict[str, str]]:
    """What the applicant may do now, the most pressing first."""
    out = []
    if state.status is Status.CORRECTION:
        out.append({"name": "correct", "label": "提交补正", "main": "1"})
    if state.status is Status.REASONS:
        out.append({"name": "reasons", "label": "说明理由", "main": "1"})
    if state.status is Status.FEE:
        out.append({"name": "fee", "label": "告知已缴费", "main": "1"})
    if services.may_rate(application):
        out.append({"name": "rate", "label": "评价这次办理", "main": ""})
    if application.is_open:
        out.append({"name": "contact", "label": "变更联系方式", "main": ""})
    if state.acts[Kind.WITHDRAWN]:
        out.append({"name": "withdraw", "label": "撤回申请", "main": ""})
    return out


@opened
@require_safe
def letter(request: HttpRequest, application: Application, place: int, pk: int) -> HttpResponse:
    """A letter as PDF; any other than the applicant's own is not there."""
    from gongkai.applications.letters.pdf import render_pdf

    rows = {row.pk: row for row in letters.for_applicant(application, selectors.state_of(application))}
    found: Letter | None = rows.get(pk)
    if found is None:
        raise Http404
    if not limits.count("paper", who(request)):
        return too_often(request)
    return download(render_pdf(found), f"{found.title}.pdf", "application/pdf")


@opened
@require_safe
def file(request: HttpRequest, application: Application, place: int, pk: int) -> HttpResponse:
    """A file the applicant handed in or was given; any other is not there."""
    row = files_for_applicant(application).filter(pk=pk).first()
    if row is None:
        raise Http404
    try:
        return download(open_as_applicant(application, row), row.name, row.media_type)
    except (PermissionDenied, ValidationError) as problem:
        raise Http404 from problem


# --- acts ---------------------------------------------------------------------------------------------------------


def _uploaded(request: HttpRequest, kind: str) -> tuple[list[Upload], list[tuple[str, str]]]:
    """Checked uploads of the field ``files``, and what was wrong with the others."""
    handler: uploads.QuotaHandler = request.apply_uploads  # type: ignore[attr-defined]
    problems = [("id_files", handler.problem)] if handler.problem else []
    taken = []
    for upload in request.FILES.getlist("files"):
        content = upload.read()
        try:
            taken.append((kind, uploads.check(upload.name or "", content), content))
        except ValidationError as problem:
            problems += [("id_files", text) for text in problem.messages]
    return taken, problems


def _act_page(
    request: HttpRequest,
    application: Application,
    place: int,
    act: dict[str, Any],
    form: PublicForm,
    problems: list[tuple[str, str]],
) -> HttpResponse:
    more = {
        "application": application,
        "place": place,
        "act": act,
        "form": form,
        "problems": form.problems() + problems,
        "accept": uploads.ACCEPT,
        "upload_words": uploads.WORDS,
        "asked": _asked(selectors.state_of(application)),
    }
    crumbs = (("办理进度", reverse("apply:case", args=[place])), (act["title"], ""))
    status = 422 if more["problems"] else 200
    return render(request, "applications/public/act.html", context(*crumbs, **more), status=status)


ACTS: dict[str, dict[str, Any]] = {
    "correct": {
        "title": "提交补正",
        "label": "补正内容",
        "hint": "逐项写清楚机关要求补正的内容。",
        "button": "提交补正",
        "kind": FileKind.CORRECTION,
        "done": "补正已提交，答复期限从今天起重新计算。",
    },
    "reasons": {
        "title": "说明理由",
        "label": "理由",
        "hint": "说明为什么需要提出这些申请。理由是否合理由机关判断；合理的，机关会确定延迟答复的期限并告诉您。",
        "button": "提交理由",
        "kind": FileKind.REQUEST,
        "done": "理由已提交，工作人员会审阅。",
    },
    "fee": {
        "title": "告知已缴费",
        "label": "缴费说明",
        "hint": "写明缴费日期、金额、缴款码或者票据号，并上传缴费凭证。工作人员核对到账后登记，从缴费完成的次日起重新计算答复期限。",
        "button": "提交",
        "kind": FileKind.FEE,
        "done": "缴费说明已提交，工作人员核对到账后会登记。",
    },
    "withdraw": {
        "title": "撤回申请",
        "label": "撤回的说明（可以不填）",
        "hint": "",
        "button": "确认撤回",
        "danger": True,
        "warning": "撤回后，机关不再办理这件申请，也不能恢复；还需要信息的，可以重新申请。",
        "done": "申请已撤回。",
    },
}


def _statement_form(name: str, data: Any, state: CaseState) -> StatementForm:
    act = ACTS[name]
    late = name == "correct" and state.correction_until is not None and state.today > state.correction_until
    return StatementForm(data, label=act["label"], hint=act["hint"], optional=name == "withdraw", late=late)


def _perform(name: str, application: Application, data: dict[str, Any], files: list[Upload]) -> None:
    text = data["text"]
    if name == "correct":
        services.correct(application, text, files, excuse=data.get("excuse", ""))
    elif name == "reasons":
        services.give_reasons(application, text, files)
    elif name == "fee":
        services.note_payment(application, text, files)
    else:
        services.withdraw(application, text)


def _lawful(name: str, application: Application, state: CaseState) -> bool:
    return any(act["name"] == name for act in _acts(application, state))


@with_uploads
@opened
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, application: Application, place: int, name: str) -> HttpResponse:
    """The answers to the organ, and withdrawing; each on a page of its own with what will happen."""
    if name not in ACTS:
        raise Http404
    state = selectors.state_of(application)
    if not _lawful(name, application, state):
        return _gone(request, place)
    if request.method != "POST":
        return _act_page(request, application, place, ACTS[name], _statement_form(name, None, state), [])
    form = _statement_form(name, request.POST, state)
    files, problems = _uploaded(request, ACTS[name].get("kind", FileKind.OTHER))
    if form.is_valid() and not problems:
        try:
            _perform(name, application, form.cleaned_data, files)
            return _done(request, place, ACTS[name]["done"])
        except ValidationError as problem:
            problems = [("", text) for text in problem.messages]
    return _act_page(request, application, place, ACTS[name], form, problems)


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, application: Application, place: int) -> HttpResponse:
    """New contact details, confirmed by the officer before letters go there."""
    if not application.is_open:
        return _gone(request, place)
    form = ContactForm(request.POST if request.method == "POST" else None)
    what = {
        "title": "变更联系方式",
        "button": "提交",
        "intro": "只填需要变更的。工作人员会与您核对后更新，因为答复将按新的联系方式送达。",
    }
    if request.method == "POST" and form.is_valid():
        services.change_contact(application, form.text())
        return _done(request, place, "新的联系方式已提交，工作人员会与您核对。")
    return _act_page(request, application, place, what, form, [])


@opened
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, application: Application, place: int) -> HttpResponse:
    """Once."""
    if not services.may_rate(application):
        return _gone(request, place)
    form = RatingForm(request.POST if request.method == "POST" else None)
    what = {"title": "评价这次办理", "button": "提交评价", "intro": "每件申请可以评价一次，提交后不能修改。"}
    problems: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.rate(application, form.cleaned_data["score"], form.cleaned_data["text"])
            return _done(request, place, "谢谢您的评价。")
        except ValidationError as problem:
            problems = [("", text) for text in problem.messages]
    return _act_page(request, application, place, what, form, problems)


def _done(request: HttpRequest, place: int, words: str) -> HttpResponse:
    from django.contrib import messages

    messages.success(request, words)
    return HttpResponseRedirect(reverse("apply:case", args=[place]))


def _gone(request: HttpRequest, place: int) -> HttpResponse:
    from django.contrib import messages

    messages.info(request, "现在不能办理这一步：可能已经办过，或者申请的状态变了。请看下面的最新进度。")
    return HttpResponseRedirect(reverse("apply:case", args=[place]))
