"""The organ tree and its profile: set up, rename, move, merge, abolish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Membership, Organ, OrganName, WorkOffice
from gongkai.organs.roles import Module
from gongkai.organs.scope import require

register_acts(
    {
        "organ.create": "设立机构",
        "organ.update": "修改机构资料",
        "organ.rename": "机构更名",
        "organ.move": "调整隶属关系",
        "organ.merge": "机构合并",
        "organ.abolish": "撤销机构",
        "office.save": "修改公开工作机构",
    }
)

PROFILE_FIELDS = (
    "short_name",
    "credit_code",
    "region_code",
    "address",
    "hours",
    "phone",
    "fax",
    "postcode",
    "email",
    "head",
    "duties",
    "keywords",
    "vertical",
    "reconsideration_authority",
    "reconsideration_text",
    "court",
    "profile_reviewed_on",
)


#: listener(organ): what an app above keeps for each organ follows it, in the same transaction.
Listener = Callable[[Organ], None]
_LISTENERS: list[Listener] = []


def register_structure_listener(listener: Listener) -> Listener:
    """Calls ``listener`` after an organ was set up, renamed, moved, merged or abolished. What it raises undoes the act."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def _tell(organ: Organ) -> None:
    for listener in _LISTENERS:
        listener(organ)


def _only(fields: dict[str, Any], allowed: Sequence[str]) -> None:
    unknown = sorted(set(fields) - set(allowed))
    if unknown:
        raise TypeError(f"unknown fields: {', '.join(unknown)}")


def _active(organ: Organ) -> None:
    if not organ.is_active:
        raise ValidationError(f"“{organ.name}”{organ.get_status_display()}，不能再作变更。")


@transaction.atomic
def create_organ(
    actor: Any,
    parent: Organ | None,
    *,
    kind: str,
    name: str,
    slug: str,
    valid_from: date | None = None,
    **profile: Any,
) -> Organ:
    """Sets up an organ below ``parent`` (a top-level one when None; only those with the whole tree may).

    Raises PermissionDenied, ValidationError (all faulty fields at once), TypeError for a field that is not
    part of the profile.
    """
    _only(profile, PROFILE_FIELDS)
    if parent is not None:
        parent = Organ.objects.select_for_update().get(pk=parent.pk)
        _active(parent)
    require(actor, Module.STRUCTURE, "add", parent)
    if parent is None:
        _require_whole_tree(actor)
    organ = Organ(kind=kind, name=name.strip(), slug=slug, valid_from=valid_from, **profile)
    organ.full_clean(exclude=["path", "depth", "numchild"])
    organ = parent.add_child(instance=organ) if parent else Organ.add_root(instance=organ)
    OrganName.objects.create(organ=organ, name=organ.name, short_name=organ.short_name, valid_from=valid_from)
    record(actor, "organ.create", organ, organ=organ, after=snapshot(organ))
    _tell(organ)
    return organ


def _require_whole_tree(actor: Any) -> None:
    from django.core.exceptions import PermissionDenied

    from gongkai.organs.scope import scope_of

    if not scope_of(actor).everything:
        raise PermissionDenied("只有全站系统管理员可以设立顶层机构。")


@transaction.atomic
def update_profile(actor: Any, organ: Organ, *, reason: str = "", **changes: Any) -> Organ:
    """Changes address, contact, duties … of an organ; a name changes only through ``rename_organ``."""
    _only(changes, PROFILE_FIELDS)
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    require(actor, Module.ORGANS, "change", organ)
    _active(organ)
    before = snapshot(organ)
    for field, value in changes.items():
        setattr(organ, field, value)
    organ.full_clean(exclude=["path", "depth", "numchild"])
    after = snapshot(organ)
    if before == after:
        return organ
    organ.save(update_fields=list(changes))
    if "short_name" in changes:
        OrganName.objects.filter(organ=organ, valid_to__isnull=True).update(short_name=organ.short_name)
    record(actor, "organ.update", organ, organ=organ, before=before, after=after, reason=reason)
    return organ


@transaction.atomic
def rename_organ(actor: Any, organ: Organ, name: str, *, on: date, basis: str, short_name: str = "") -> Organ:
    """Gives ``organ`` a new name from ``on``; the old one stays on everything dated before.

    Raises ValidationError when the name is the present one, ``basis`` is empty or ``on`` lies before the
    present name began.
    """
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    require(actor, Module.STRUCTURE, "change", organ)
    _active(organ)
    name = name.strip()
    present = OrganName.objects.select_for_update().get(organ=organ, valid_to__isnull=True)
    if not basis.strip():
        raise ValidationError({"basis": "请填写更名依据（文件名称和文号）。"})
    if not name or name == present.name:
        raise ValidationError({"name": "新名称不能为空，也不能与现名称相同。"})
    if present.valid_from and on <= present.valid_from:
        raise ValidationError({"on": f"更名日期应晚于现名称启用日期 {present.valid_from}。"})
    before = snapshot(organ)
    present.valid_to = on - timedelta(days=1)
    present.save(update_fields=["valid_to"])
    OrganName.objects.create(organ=organ, name=name, short_name=short_name, valid_from=on, basis=basis)
    organ.name, organ.short_name = name, short_name
    organ.full_clean(exclude=["path", "depth", "numchild"])
    organ.save(update_fields=["name", "short_name"])
    record(actor, "organ.rename", organ, organ=organ, before=before, after=snapshot(organ), reason=basis)
    _tell(organ)
    return organ


@transaction.atomic
def move_organ(actor: Any, organ: Organ, parent: Organ, *, reason: str) -> Organ:
    """Puts ``organ`` with all below it under ``parent``; the actor needs both places."""
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    parent = Organ.objects.select_for_update().get(pk=parent.pk)
    require(actor, Module.STRUCTURE, "change", organ)
    require(actor, Module.STRUCTURE, "add", parent)
    _active(parent)
    if not reason.strip():
        raise ValidationError({"reason": "请填写调整依据。"})
    if parent == organ or parent.is_descendant_of(organ):
        raise ValidationError({"parent": "不能移到自己或自己的下级之下。"})
    before = snapshot(organ)
    organ.move(parent, pos="last-child")
    organ = Organ.objects.get(pk=organ.pk)
    record(actor, "organ.move", organ, organ=organ, before=before, after=snapshot(organ), reason=reason)
    _tell(organ)
    return organ


@transaction.atomic
def merge_organs(actor: Any, sources: Sequence[Organ], target: Organ, *, on: date, basis: str) -> Organ:
    """Merges ``sources`` into ``target`` from ``on``.

    A merged organ keeps its records: it stays in the tree, below its successor, so that the successor's
    people see them. Its subordinate organs pass to the successor; its people keep their duties there.
    """
    target = Organ.objects.select_for_update().get(pk=target.pk)
    require(actor, Module.STRUCTURE, "change", target)
    _active(target)
    if not basis.strip():
        raise ValidationError({"basis": "请填写合并依据（文件名称和文号）。"})
    for each in sources:
        source = Organ.objects.select_for_update().get(pk=each.pk)
        require(actor, Module.STRUCTURE, "change", source)
        _active(source)
        if source == target or target.is_descendant_of(source):
            raise ValidationError("不能把机构并入自己或自己的下级。")
        before = snapshot(source)
        for child in source.get_children().filter(status=Organ.Status.ACTIVE):
            child.move(Organ.objects.get(pk=target.pk), pos="last-child")
        source = _close(source, on, Organ.Status.MERGED, target)
        source.move(Organ.objects.get(pk=target.pk), pos="last-child")
        source = Organ.objects.get(pk=source.pk)
        _carry_memberships(actor, source, target, on)
        record(
            actor, "organ.merge", source, organ=source, before=before, after=snapshot(source), reason=basis
        )
        _tell(source)
    return Organ.objects.get(pk=target.pk)


def _close(organ: Organ, on: date, status: str, successor: Organ | None) -> Organ:
    organ = Organ.objects.get(pk=organ.pk)
    organ.status, organ.valid_to, organ.successor = status, on - timedelta(days=1), successor
    organ.full_clean(exclude=["path", "depth", "numchild"])
    organ.save(update_fields=["status", "valid_to", "successor"])
    OrganName.objects.filter(organ=organ, valid_to__isnull=True).update(valid_to=organ.valid_to)
    return organ


def _carry_memberships(actor: Any, source: Organ, target: Organ, on: date) -> None:
    from gongkai.organs.services.people import close_and_carry

    for membership in Membership.objects.active().filter(organ=source).select_related("user"):
        close_and_carry(actor, membership, target, on)


@transaction.atomic
def abolish_organ(actor: Any, organ: Organ, *, on: date, basis: str, successor: Organ | None = None) -> Organ:
    """Ends ``organ`` from ``on``. Raises ValidationError while active organs are below it or people serve in it."""
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    require(actor, Module.STRUCTURE, "change", organ)
    _active(organ)
    if not basis.strip():
        raise ValidationError({"basis": "请填写撤销依据（文件名称和文号）。"})
    problems = []
    children = organ.get_descendants().filter(status=Organ.Status.ACTIVE).count()
    if children:
        problems.append(f"其下还有 {children} 个在册机构，请先调整隶属关系或撤销。")
    serving = Membership.objects.active(on).filter(organ=organ).count()
    if serving:
        problems.append(f"还有 {serving} 人在此任职，请先办理离岗交接。")
    if problems:
        raise ValidationError(problems)
    before = snapshot(organ)
    organ = _close(organ, on, Organ.Status.ABOLISHED, successor)
    record(actor, "organ.abolish", organ, organ=organ, before=before, after=snapshot(organ), reason=basis)
    _tell(organ)
    return organ


OFFICE_FIELDS = (
    "name",
    "head",
    "backup",
    "address",
    "hours",
    "phone",
    "fax",
    "postcode",
    "email",
    "accepts_web",
    "accepts_mail",
    "accepts_visit",
    "accepts_fax",
    "accepts_email",
)


@transaction.atomic
def save_work_office(actor: Any, organ: Organ, **fields: Any) -> WorkOffice:
    """Sets the 公开工作机构 of ``organ``. Raises ValidationError when head or backup serves at neither this organ
    nor one above it."""
    _only(fields, OFFICE_FIELDS)
    organ = Organ.objects.select_for_update().get(pk=organ.pk)
    require(actor, Module.ORGANS, "change", organ)
    _active(organ)
    office = WorkOffice.objects.filter(organ=organ).first()
    before = snapshot(office) if office else None
    office = office or WorkOffice(organ=organ, name=f"{organ.label}政府信息公开工作机构")
    for field, value in fields.items():
        setattr(office, field, value)
    above = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    for field in ("head", "backup"):
        person = getattr(office, field)
        if person and not Membership.objects.active().filter(user=person, organ__path__in=above).exists():
            raise ValidationError({field: f"{person} 在“{organ.name}”及其上级没有在任职责，请先登记任职。"})
    office.full_clean()
    if before == snapshot(office):
        return office
    office.save()
    record(actor, "office.save", office, organ=organ, before=before, after=snapshot(office))
    return office
