"""申请人账号: optional, made from a case one has opened, so that no query code need be kept.

An account opens the cases that its owner put into it, and nothing else: whoever makes one has opened a case with its code or
just filed it, and every further case is added the same way. Passwords cannot be reset, because the address is not verified;
a case can always be opened with its code, and put into another account.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.applications import vault
from gongkai.applications.models import ApplicantAccount, Application
from gongkai.applications.public import session
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import SYSTEM

register_acts(
    {
        "account.create": "建立申请人账号",
        "account.link": "申请收进申请人账号",
        "account.password": "申请人更改口令",
        "account.delete": "申请人注销账号",
    }
)
KEY = session.ACCOUNT
MOST_CASES = 200
_SALT = "gongkai.applications.account"


def index_of(email: str) -> str:
    """The fingerprint under which an address is found (case and blanks do not matter)."""
    return vault.fingerprint(email, "account.email")


@transaction.atomic
def create(email: str, password: str, cases: Iterable[Application]) -> ApplicantAccount:
    """An account with the ``cases`` that the visitor has opened. Raises ValidationError without a case, for a weak password or
    an address that has an account."""
    opened = list(cases)
    if not opened:
        raise ValidationError("请先用回执号和查询码打开一件申请，再建立账号。")
    _check(password, email)
    try:
        with transaction.atomic():
            account = ApplicantAccount.objects.create(
                email=email.strip(), email_index=index_of(email), password=make_password(password)
            )
    except IntegrityError:
        raise ValidationError({"email": "这个邮箱不能用来建立账号；已有账号的，请直接登录。"}) from None
    audit(SYSTEM, "account.create", account, organ=None)
    for case in opened:
        link(account, case)
    return account


def _check(password: str, email: str) -> None:
    try:
        validate_password(password)
    except ValidationError as problem:
        raise ValidationError({"password": problem.messages}) from None
    if email.partition("@")[0].lower() in password.lower() and len(email.partition("@")[0]) > 3:
        raise ValidationError({"password": "口令里不要写邮箱的名字。"})


@transaction.atomic
def link(account: ApplicantAccount, application: Application) -> None:
    """Put a case that the visitor has opened into the account; one in another account moves, for the code proves more."""
    locked = (
        Application.objects.select_for_update(of=("self",)).select_related("organ").get(pk=application.pk)
    )
    if locked.account_id == account.pk:
        return
    if cases_of(account).count() >= MOST_CASES:
        raise ValidationError(f"一个账号最多收进 {MOST_CASES} 件申请。")
    locked.account = account
    locked.save(update_fields=["account"])
    application.account = account
    audit(SYSTEM, "account.link", locked, organ=locked.organ, after={"account": account.pk})


def cases_of(account: ApplicantAccount) -> Any:
    """The account's cases, newest first."""
    return Application.objects.filter(account=account).select_related("organ", "applicant").order_by("-pk")


def authenticate(email: str, password: str) -> ApplicantAccount | None:
    """The account whose address and password these are. As much work is done where there is none."""
    found = ApplicantAccount.objects.filter(email_index=index_of(email)).first()
    if found is None:
        make_password(password)
        return None
    return found if check_password(password, found.password) else None


def login(request: HttpRequest, account: ApplicantAccount) -> None:
    """Open the account's cases in this browser session, under a fresh session key."""
    already = session.cases(request)
    account.last_login_at = timezone.now()
    account.save(update_fields=["last_login_at"])
    session.open_many(request, [*already, *cases_of(account)[:MOST_CASES]])
    request.session[KEY] = [account.pk, _proof(account)]


def _proof(account: ApplicantAccount) -> str:
    return salted_hmac(_SALT, account.password).hexdigest()


def current(request: HttpRequest) -> ApplicantAccount | None:
    """Whose account this session is in; None when it was left, deleted, or its password changed elsewhere."""
    kept = request.session.get(KEY)
    if not kept or session.expired(request):
        return None
    found = ApplicantAccount.objects.filter(pk=kept[0]).first()
    if found is None or not constant_time_compare(_proof(found), kept[1]):
        session.close(request)
        return None
    return found


@transaction.atomic
def change_password(request: HttpRequest, account: ApplicantAccount, old: str, new: str) -> None:
    """Every other session of the account ends by it. Raises ValidationError."""
    if not check_password(old, account.password):
        raise ValidationError({"old": "原口令不对。"})
    _check(new, account.email)
    account.password = make_password(new)
    account.save(update_fields=["password"])
    audit(SYSTEM, "account.password", account, organ=None)
    request.session.cycle_key()
    request.session[KEY] = [account.pk, _proof(account)]


@transaction.atomic
def delete(account: ApplicantAccount, password: str) -> None:
    """The account goes, its cases stay and open with their codes. Raises ValidationError for a wrong password."""
    if not check_password(password, account.password):
        raise ValidationError({"password": "口令不对，账号没有注销。"})
    audit(SYSTEM, "account.delete", account, organ=None)
    account.delete()
