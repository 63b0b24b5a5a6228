"""Forms of an applicant's account."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.applications.public.forms import PublicForm


def _email() -> forms.EmailField:
    return forms.EmailField(
        label="电子邮箱",
        max_length=200,
        error_messages={"required": "请填写电子邮箱。", "invalid": "邮箱格式不对，例如 name@example.cn。"},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


def _password(label: str, *, new: bool = False, hint: str = "", asks: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        help_text=hint,
        error_messages={"required": asks or f"请填写{label}。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
    )


class _Repeated(PublicForm):
    """A new password, typed twice."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "两次填写的口令不一样。")
        return cleaned


class CreateForm(_Repeated):
    email = _email()
    password = _password("口令", new=True, hint="至少 10 个字符，不能全是数字，不要和别的网站相同。")
    again = _password("再填一次口令", new=True, asks="请再填一次口令。")


class LoginForm(PublicForm):
    email = _email()
    password = _password("口令")


class PasswordForm(_Repeated):
    old = _password("原口令")
    password = _password("新口令", new=True, hint="至少 10 个字符，不能全是数字，不要和别的网站相同。")
    again = _password("再填一次新口令", new=True, asks="请再填一次新口令。")


class DeleteForm(PublicForm):
    password = _password("口令")
