"""An applicant's account: a key to one's own cases, kept apart from the people of the desk."""

from __future__ import annotations

from django.db import models

from gongkai.applications.fields import SealedText


class ApplicantAccount(models.Model):
    """E-mail address and password of an applicant. Not a user of Django: it has no permission, no group and no way into the
    desk. The address is sealed and found again by its fingerprint; the password is an argon2 digest."""

    email = SealedText("电子邮箱")
    email_index = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(max_length=256, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    last_login_at = models.DateTimeField("最近登录", null=True, blank=True)

    class Meta:
        verbose_name = "申请人账号"
        verbose_name_plural = "申请人账号"

    def __str__(self) -> str:
        return f"申请人账号 {self.pk}"
