"""An applicant's account: made from an opened case, entered with e-mail address and password, left, deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.applications.public import accounts, limits, session
from gongkai.applications.public.account_forms import CreateForm, DeleteForm, LoginForm, PasswordForm
from gongkai.applications.public.forms import PublicForm
from gongkai.applications.public.views.common import context, private, too_often, who

WRONG = "邮箱或者口令不对。没有账号的，请用回执号和查询码查询。"
LOCKED = "试错次数太多，已暂停登录。请过一个小时再试，或者用回执号和查询码查询。"
NOTES = (
    "账号不是必须的：每件申请凭回执号和查询码都能查询、办理。",
    "账号里只有您用查询码打开过或者登录后提交的申请；邮箱加密保存，只用来登录。",
    "口令不能找回。忘记了的，用查询码打开申请，换一个邮箱重新建立账号。",
    "注销账号不影响已经提交的申请。",
)


def _page(
    request: HttpRequest, heading: str, form: PublicForm, button: str, status: int = 200, **more: Any
) -> HttpResponse:
    told = {
        "heading": heading,
        "form": form,
        "button": button,
        "problems": form.problems() if form.is_bound else [],
        **more,
    }
    return render(request, "applications/public/account.html", context((heading, ""), **told), status=status)


def _refused(form: PublicForm, problem: ValidationError) -> None:
    found = problem.message_dict if hasattr(problem, "error_dict") else {None: problem.messages}
    for field, texts in found.items():
        for text in texts:
            form.add_error(field, text)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Make an account; whoever has one changes the password here."""
    if accounts.current(request) is not None:
        return HttpResponseRedirect(reverse("apply:account_password"))
    opened = session.cases(request)
    if not opened:
        return HttpResponseRedirect(reverse("apply:account_login"))
    form = CreateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not limits.count("account", who(request)):
            return too_often(request)
        try:
            made = accounts.create(form.cleaned_data["email"], form.cleaned_data["password"], opened)
            accounts.login(request, made)
            return HttpResponseRedirect(reverse("apply:mine"))
        except ValidationError as problem:
            _refused(form, problem)
    lead = f"现在打开的 {len(opened)} 件申请会收进账号，以后用邮箱和口令就能查看。"
    links = [("已有账号，去登录", "apply:account_login"), ("不建账号，返回", "apply:mine")]
    return _page(
        request,
        "建立账号",
        form,
        "建立账号",
        422 if form.is_bound else 200,
        lead=lead,
        links=links,
        notes=NOTES,
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """E-mail address and password, by POST only; wrong ones are counted by network address and by account."""
    if accounts.current(request) is not None:
        return HttpResponseRedirect(reverse("apply:mine"))
    form = LoginForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        email = accounts.index_of(form.cleaned_data["email"])
        if limits.exceeded("login-address", who(request)) or limits.exceeded("login-account", email):
            form.add_error(None, LOCKED)
            status = 429
        else:
            found = accounts.authenticate(form.cleaned_data["email"], form.cleaned_data["password"])
            if found is not None:
                accounts.login(request, found)
                return HttpResponseRedirect(reverse("apply:mine"))
            limits.count("login-address", who(request))
            limits.count("login-account", email)
            form.add_error(None, WRONG)
    lead = "查看收进账号的全部申请。工作人员请从页面右上方登录工作台，两种账号互不相通。"
    links = [("用查询码查询", "apply:track")]
    return _page(request, "登录申请人账号", form, "登录", status, lead=lead, links=links, notes=NOTES)


def _mine(request: HttpRequest) -> Any:
    return accounts.current(request)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password."""
    found = _mine(request)
    if found is None:
        return HttpResponseRedirect(reverse("apply:account_login"))
    form, done = PasswordForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        if not limits.count("act", who(request)):
            return too_often(request)
        try:
            accounts.change_password(request, found, form.cleaned_data["old"], form.cleaned_data["password"])
            form, done = PasswordForm(), "口令已更改，其他地方的登录已经退出。"
        except ValidationError as problem:
            _refused(form, problem)
    links = [("我的申请", "apply:mine"), ("注销账号", "apply:account_delete")]
    more = {
        "lead": f"邮箱 {masked(found.email)}",
        "links": links,
        "notes": NOTES,
        "account": found,
        "done": done,
    }
    return _page(request, "管理账号", form, "更改口令", 422 if form.is_bound else 200, **more)


def masked(email: str) -> str:
    """w***@example.cn"""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


@private
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account with its password; the cases stay."""
    found = _mine(request)
    if found is None:
        return HttpResponseRedirect(reverse("apply:account_login"))
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not limits.count("act", who(request)):
            return too_often(request)
        try:
            accounts.delete(found, form.cleaned_data["password"])
            session.close(request)
            words = "账号已注销，邮箱和口令已删除。已提交的申请仍可凭回执号和查询码查询。"
            return render(request, "applications/public/message.html", context(("账号已注销", ""), heading="账号已注销", text=words))  # fmt: skip
        except ValidationError as problem:
            _refused(form, problem)
    lead = "邮箱和口令会删除，不能恢复；已提交的申请照常办理，凭回执号和查询码查询。"
    links = [("不注销，返回", "apply:mine")]
    status = 422 if form.is_bound else 200
    return _page(
        request, "注销账号", form, "注销账号", status, lead=lead, links=links, danger=True, account=found
    )


@private
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put every case opened in this session into the account."""
    found = _mine(request)
    if found is None:
        return HttpResponseRedirect(reverse("apply:account_login"))
    if not limits.count("act", who(request)):
        return too_often(request)
    for case in session.cases(request):
        accounts.link(found, case)
    return HttpResponseRedirect(reverse("apply:mine"))
