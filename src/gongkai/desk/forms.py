"""Forms of the desk itself."""

from __future__ import annotations

from django import forms
from wagtail.admin.forms.auth import LoginForm


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
