"""People and the duties they hold at organs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from gongkai.organs.models.organ import Organ
from gongkai.organs.roles import Role
from gongkai.organs.validators import validate_phone


class User(AbstractUser):
    """A person who can log in. Chinese names are one field; the Western pair of the base class stays empty."""

    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("联系电话", max_length=60, blank=True, validators=[validate_phone])
    is_demo = models.BooleanField("演示账号", default=False, editable=False)

    REQUIRED_FIELDS = ["name"]

    class Meta(AbstractUser.Meta):
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail's side bar and choosers greet people by first_name.
        self.first_name = self.name
        if kwargs.get("update_fields") is not None and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "first_name"}
        super().save(*args, **kwargs)

    @property
    def shut_out(self) -> bool:
        """A demonstration account outside a demonstration: its password is printed for everybody to read.

        A database that was tried out and then taken into service keeps such rows, for the audit trail names them.
        """
        return self.is_demo and not settings.DEMO

    def check_password(self, raw_password: str) -> bool:
        return super().check_password(raw_password) and not self.shut_out

    def get_session_auth_hash(self) -> str:
        # Sessions opened while it was a demonstration end with it.
        return "" if self.shut_out else super().get_session_auth_hash()

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships in time."""

    def active(self, day: date | None = None) -> MembershipQuerySet:
        """In force on ``day`` (today in Shanghai when not given)."""
        day = day or timezone.localdate()
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day)))


class Membership(models.Model):
    """One duty of one person at one organ in a period; it holds for the organ's whole subtree."""

    user = models.ForeignKey(User, verbose_name="人员", on_delete=models.PROTECT, related_name="memberships")
    organ = models.ForeignKey(
        Organ, verbose_name="机构", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("职责", max_length=16, choices=Role.choices)
    valid_from = models.DateField("任职日期")
    valid_to = models.DateField("离岗日期", null=True, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    reviewed_on = models.DateField("最近核对", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "队伍备案册"
        ordering = ["organ__path", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organ", "role"],
                condition=Q(valid_to__isnull=True),
                name="membership_one_open",
                violation_error_message="此人在该机构已担任这一职责。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_valid_range",
                violation_error_message="离岗日期不能早于任职日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "valid_to"], name="membership_user_end"),
            models.Index(fields=["organ", "role", "valid_to"], name="membership_organ_role"),
            models.Index(fields=["reviewed_on"], name="membership_reviewed"),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.organ.label}，{self.get_role_display()}）"


class Handover(models.Model):
    """What a person left behind when a duty ended, and who took it over (capability H02)."""

    membership = models.ForeignKey(
        Membership, verbose_name="离岗任职", on_delete=models.PROTECT, related_name="handovers"
    )
    to_user = models.ForeignKey(
        User, verbose_name="接手人", on_delete=models.PROTECT, related_name="handovers_in"
    )
    items = models.JSONField("交接事项", default=list)
    at = models.DateTimeField("交接时间", auto_now_add=True)

    class Meta:
        verbose_name = "交接单"
        verbose_name_plural = "交接单"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.membership.user} → {self.to_user}"


class Person(User):
    """A user as the desk manages them: the same rows under the scoped permission policy (the stock one of
    Wagtail, registered for User, knows no organs)."""

    class Meta:
        proxy = True
        verbose_name = "人员"
        verbose_name_plural = "人员与职责"
        ordering = ["name", "pk"]
        default_permissions = ()

    def duties(self) -> str:
        """The duties in force, for a table cell (reads the prefetched memberships)."""
        today = timezone.localdate()
        active = [
            m
            for m in self.memberships.all()
            if m.valid_from <= today and not (m.valid_to and m.valid_to < today)
        ]
        if self.is_superuser:
            return "全站系统管理员"
        return "；".join(f"{m.organ.label} {m.get_role_display()}" for m in active) or "（无在任职责）"

    duties.short_description = "在任职责"  # type: ignore[attr-defined]
