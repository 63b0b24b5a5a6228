"""People and their duties."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Handover, Membership, Organ, User
from gongkai.organs.roles import Module, Role
from gongkai.organs.scope import forget_scope, require, scope_of
from gongkai.organs.services.handover import outstanding, transfer_all
from gongkai.organs.services.sync import sync_user_groups

register_acts(
    {
        "person.create": "登记人员",
        "person.update": "修改人员资料",
        "person.password": "重设密码",
        "person.active": "启用或停用账号",
        "membership.grant": "授予职责",
        "membership.update": "修改任职",
        "membership.review": "核对任职",
        "membership.end": "离岗",
    }
)


def _require_all_seats(actor: Any, user: User) -> None:
    """A person's account may be changed only by one who administers every organ the person serves at."""
    if scope_of(actor).everything:
        return
    if user.is_superuser:
        raise PermissionDenied("全站系统管理员的账号只能由全站系统管理员修改。")
    seats = list(Membership.objects.active().filter(user=user).select_related("organ"))
    if not seats:
        seats = list(Membership.objects.filter(user=user).select_related("organ"))
    if not seats:
        raise PermissionDenied("此人不在您管理的机构任职。")
    for seat in seats:
        require(actor, Module.PEOPLE, "change", seat.organ)
        # Whoever sets an administrator's password is that administrator.
        if seat.role == Role.ADMIN and user != actor and not _is_administrator(actor, seat.organ):
            raise PermissionDenied("系统管理员的账号只能由系统管理员修改。")


@transaction.atomic
def create_person(
    actor: Any,
    organ: Organ,
    *,
    username: str,
    name: str,
    role: str,
    password: str,
    on: date | None = None,
    filed_on: date | None = None,
    phone: str = "",
    email: str = "",
    is_demo: bool = False,
) -> User:
    """Registers a person with a first duty at ``organ`` (no account exists outside an organ)."""
    require(actor, Module.PEOPLE, "add", organ)
    user = User(username=username, name=name.strip(), phone=phone, email=email, is_demo=is_demo)
    if not is_demo:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    record(actor, "person.create", user, organ=organ, after=snapshot(user))
    grant_membership(actor, user, organ, role, on=on or timezone.localdate(), filed_on=filed_on)
    return user


@transaction.atomic
def update_person(actor: Any, user: User, *, name: str, phone: str, email: str) -> User:
    """Changes name and contact of a person."""
    user = User.objects.select_for_update().get(pk=user.pk)
    _require_all_seats(actor, user)
    before = snapshot(user)
    user.name, user.phone, user.email = name.strip(), phone, email
    user.full_clean(exclude=["password"])
    if snapshot(user) != before:
        user.save(update_fields=["name", "phone", "email"])
        record(actor, "person.update", user, organ=_organ_of(user), before=before, after=snapshot(user))
    return user


def _organ_of(user: User) -> Organ | None:
    seat = Membership.objects.filter(user=user).select_related("organ").order_by("organ__path").first()
    return seat.organ if seat else None


@transaction.atomic
def assign_password(actor: Any, user: User, password: str) -> None:
    """Sets a new password for somebody who lost theirs; ends the person's sessions (the hash changes)."""
    user = User.objects.select_for_update().get(pk=user.pk)
    _require_all_seats(actor, user)
    if user == actor:  # an unattended desk must not be enough to take the account
        raise ValidationError("修改自己的密码请到“我的账号”，须输入现在的密码。")
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor, "person.password", user, organ=_organ_of(user))


@transaction.atomic
def set_person_active(actor: Any, user: User, active: bool, *, reason: str) -> User:
    """Switches an account on or off; an account is never deleted."""
    user = User.objects.select_for_update().get(pk=user.pk)
    _require_all_seats(actor, user)
    if user == actor and not active:
        raise ValidationError("不能停用自己的账号。")
    before = snapshot(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(
        actor,
        "person.active",
        user,
        organ=_organ_of(user),
        before=before,
        after=snapshot(user),
        reason=reason,
    )
    return user


@transaction.atomic
def grant_membership(
    actor: Any,
    user: User,
    organ: Organ,
    role: str,
    *,
    on: date,
    until: date | None = None,
    filed_on: date | None = None,
    note: str = "",
) -> Membership:
    """Gives ``user`` a duty at ``organ`` from ``on``.

    Raises ValidationError for an inactive organ or a duty already held; PermissionDenied outside the actor's
    subtree, when somebody without that duty tries to appoint a 系统管理员, or for a duty of one's own.
    """
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    require(actor, Module.PEOPLE, "add", organ)
    if role == Role.ADMIN and not _is_administrator(actor, organ):
        raise PermissionDenied("系统管理员只能由系统管理员任命。")
    if user == actor and not scope_of(actor).everything:
        # Else the one who drafts could make himself the one who signs.
        raise PermissionDenied("不能给自己授予职责，请由另一位管理人员或上级办理。")
    return _grant(actor, user, organ, role, on=on, until=until, filed_on=filed_on, note=note)


def _grant(
    actor: Any,
    user: User,
    organ: Organ,
    role: str,
    *,
    on: date,
    until: date | None = None,
    filed_on: date | None = None,
    note: str = "",
) -> Membership:
    if not organ.is_active:
        raise ValidationError({"organ": f"“{organ.name}”{organ.get_status_display()}，不能任职。"})
    membership = Membership(
        user=user,
        organ=organ,
        role=role,
        valid_from=on,
        valid_to=until,
        filed_on=filed_on,
        reviewed_on=timezone.localdate(),
        note=note,
    )
    membership.full_clean()
    membership.save()
    record(actor, "membership.grant", membership, organ=organ, after=snapshot(membership))
    forget_scope(user)
    sync_user_groups(user)
    return membership


def _is_administrator(actor: Any, organ: Organ) -> bool:
    scope = scope_of(actor)
    return scope.everything or any(s.role == Role.ADMIN and s.covers(organ.path) for s in scope.seats)


@transaction.atomic
def update_membership(actor: Any, membership: Membership, *, filed_on: date | None, note: str) -> Membership:
    """Corrects filing date and note; a duty itself is ended and granted anew, never rewritten."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    require(actor, Module.PEOPLE, "change", membership.organ)
    before = snapshot(membership)
    membership.filed_on, membership.note = filed_on, note
    membership.full_clean()
    if snapshot(membership) != before:
        membership.save(update_fields=["filed_on", "note"])
        record(
            actor,
            "membership.update",
            membership,
            organ=membership.organ,
            before=before,
            after=snapshot(membership),
        )
    return membership


@transaction.atomic
def review_membership(actor: Any, membership: Membership, *, on: date) -> Membership:
    """Confirms that a roster entry still holds on ``on``."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    require(actor, Module.PEOPLE, "change", membership.organ)
    before = snapshot(membership)
    membership.reviewed_on = on
    membership.save(update_fields=["reviewed_on"])
    record(
        actor,
        "membership.review",
        membership,
        organ=membership.organ,
        before=before,
        after=snapshot(membership),
    )
    return membership


@transaction.atomic
def end_membership(
    actor: Any, membership: Membership, *, on: date, to_user: User | None = None, reason: str = ""
) -> Membership:
    """Ends a duty; ``on`` is its last day. What still stands on the person must pass to ``to_user``.

    Raises ValidationError (listing the open items) when work stands on the person and nobody takes it, or
    when ``to_user`` has no duty that covers the organ.
    """
    membership = Membership.objects.select_for_update().select_related("user", "organ").get(pk=membership.pk)
    organ, user = membership.organ, membership.user
    require(actor, Module.PEOPLE, "change", organ)
    if membership.role == Role.ADMIN and not _is_administrator(actor, organ):
        raise PermissionDenied("系统管理员的任职只能由系统管理员结束。")
    if membership.valid_to and membership.valid_to < timezone.localdate():
        raise ValidationError("这项任职已经结束。")
    last = not Membership.objects.active(on).filter(user=user, organ=organ).exclude(pk=membership.pk).exists()
    items = outstanding(user, organ) if last else []
    if items and to_user is None:
        listed = "、".join(item.label for item in items[:10])
        raise ValidationError({"to_user": f"此人名下还有 {len(items)} 项未交接（{listed}），请选择接手人。"})
    if to_user is not None:
        _check_successor(user, to_user, organ)
    if items and to_user is not None:
        passed = transfer_all(actor, user, to_user, organ)
        Handover.objects.create(membership=membership, to_user=to_user, items=[i.as_json() for i in passed])
    before = snapshot(membership)
    membership.valid_to = on
    membership.full_clean()
    membership.save(update_fields=["valid_to"])
    record(
        actor,
        "membership.end",
        membership,
        organ=organ,
        before=before,
        after=snapshot(membership),
        reason=reason,
    )
    forget_scope(user)
    sync_user_groups(user)
    return membership


def _check_successor(user: User, to_user: User, organ: Organ) -> None:
    if to_user == user:
        raise ValidationError({"to_user": "接手人不能是本人。"})
    if not any(seat.covers(organ.path) for seat in scope_of(to_user).seats):
        raise ValidationError({"to_user": f"{to_user} 的职责不含“{organ.name}”，请先授予职责或另选接手人。"})


def close_and_carry(actor: Any, membership: Membership, target: Organ, on: date) -> None:
    """Part of a merger: the duty ends at the old organ and goes on at ``target`` (nothing is outstanding:
    the old organ's work stays visible below the new one)."""
    before = snapshot(membership)
    membership.valid_to = max(on - timedelta(days=1), membership.valid_from)
    membership.save(update_fields=["valid_to"])
    record(
        actor,
        "membership.end",
        membership,
        organ=membership.organ,
        before=before,
        after=snapshot(membership),
        reason=f"机构并入{target.name}",
    )
    held = (
        Membership.objects.active().filter(user=membership.user, organ=target, role=membership.role).exists()
    )
    if not held:
        # The duty one held goes on, also one's own; a 系统管理员 of more than before needs another's word.
        if membership.role == Role.ADMIN and not _is_administrator(actor, target):
            raise PermissionDenied("其中有系统管理员，合并须由系统管理员办理。")
        _grant(actor, membership.user, target, membership.role, on=max(on, membership.valid_from))
    forget_scope(membership.user)
    sync_user_groups(membership.user)
