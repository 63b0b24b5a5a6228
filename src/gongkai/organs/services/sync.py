"""Groups follow memberships. Wagtail asks groups for page permissions; nobody edits a group by hand."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from gongkai.organs.models import Membership, Organ, User

PREFIX = "任职:"
GroupProvisioner = Callable[[Group, Organ, str], None]
_PROVISIONERS: list[GroupProvisioner] = []


def register_group_provisioner(provisioner: GroupProvisioner) -> None:
    """An app with pages registers how a group (of one role at one organ) gets its page permissions."""
    if provisioner not in _PROVISIONERS:
        _PROVISIONERS.append(provisioner)


def group_for(organ: Organ, role: str) -> Group:
    """The group of one role at one organ, made on first use with the right to enter the desk."""
    group, created = Group.objects.get_or_create(name=f"{PREFIX}{organ.pk}:{role}")
    if created:
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
        for provisioner in _PROVISIONERS:
            provisioner(group, organ, role)
    return group


@transaction.atomic
def sync_user_groups(user: User) -> bool:
    """Makes the user's groups those of the duties in force today. Returns whether anything changed.

    Runs when a duty changes, at each log-in, and nightly (``manage sync_memberships``) for those that begin
    or end by date.
    """
    seats = Membership.objects.active().filter(user=user).select_related("organ")
    wanted = {group_for(seat.organ, seat.role) for seat in seats} if user.is_active else set()
    held = set(user.groups.filter(name__startswith=PREFIX))
    if wanted == held:
        return False
    user.groups.remove(*(held - wanted))
    user.groups.add(*(wanted - held))
    return True
