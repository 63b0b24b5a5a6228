"""Forms of the desk itself."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms.auth import LoginForm

from gongkai.reports import clients

#: Failures of one network address before it has to wait: five wrong passwords for each of many names is spraying.
FAILURES, FAILURE_SECONDS = 50, 900


class DeskLoginForm(LoginForm):
    """账号 and 密码, in Chinese, without “remember me”: sessions end with the working day."""

    remember = None  # type: ignore[assignment]

    def __init__(self, request: object = None, *args: object, **kwargs: object) -> None:
        super().__init__(request, *args, **kwargs)
        for name, label in (("username", "账号"), ("password", "密码")):
            field: forms.Field = self.fields[name]
            field.label = label
            field.widget.attrs["placeholder"] = f"请输入{label}"
        self.error_messages = {
            **self.error_messages,
            "invalid_login": "账号或密码不正确。连续输错 5 次将暂停登录 30 分钟。",
            "inactive": "这个账号已停用，请联系本单位系统管理员。",
        }

    def clean(self) -> Any:
        if self.request is None:
            return super().clean()
        if clients.exhausted(self.request, "login", FAILURES, FAILURE_SECONDS):
            raise forms.ValidationError("这个网络地址登录失败的次数过多，请过 15 分钟再试。", code="sprayed")
        try:
            return super().clean()
        except forms.ValidationError:
            clients.allowed(self.request, "login", FAILURES, FAILURE_SECONDS)
            raise
