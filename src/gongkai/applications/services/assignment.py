"""Who handles a case: 分派 and 改派."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Membership, Organ
from gongkai.organs.roles import roles_allowing
from gongkai.organs.scope import SYSTEM, require, scope_of

register_acts({"case.assign": "分派承办人", "case.theme": "归类主题"})


def handlers(organ: Organ) -> list[tuple[Any, str]]:
    """The people to whom a case of ``organ`` can be given, each with name and organ, the organ's own people first.

    Those whose duty lets them work on the organ's cases: a person of another organ, or of one below, could not even open
    it. Two queries at most.
    """
    above = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    seats = (
        Membership.objects.active()
        .filter(role__in=roles_allowing(MODULE, frozenset({"add"})), organ__path__in=above)
        .filter(user__is_active=True)
        .select_related("user", "organ")
    )
    found: dict[int, tuple[Any, str]] = {}
    for seat in sorted(seats, key=lambda s: (-len(s.organ.path), s.user.name, s.pk)):
        found.setdefault(seat.user_id, (seat.user, f"{seat.user}（{seat.organ.label}）"))
    return list(found.values())


def may_handle(user: Any, organ: Organ) -> bool:
    """Whether ``user`` can be given a case of ``organ``."""
    return any(person.pk == user.pk for person, _ in handlers(organ))


@transaction.atomic
def assign(actor: Any, application: Application, handler: Any, *, reason: str = "") -> Application:
    """Give the case to ``handler``; None takes it back into the pool.

    Needs ``assign``; whoever may work on the case may also take an unassigned one over. Raises PermissionDenied, and
    ValidationError for a handler who cannot work on this organ's cases or a case that is archived.
    """
    locked = Application.objects.select_for_update().select_related("organ", "handler").get(pk=application.pk)
    takes = handler is not None and handler.pk == getattr(actor, "pk", None) and locked.handler_id is None
    require(actor, MODULE, "change" if takes else "assign", locked.organ)
    if locked.status == "archived":
        raise ValidationError("这件申请已归档，不再分派承办人。")
    if handler is not None and not may_handle(handler, locked.organ):
        raise ValidationError(
            {"handler": f"{handler}不在{locked.organ.name}可办理依申请公开的人员之内，请另选承办人。"}
        )
    if locked.handler_id == getattr(handler, "pk", None):
        return locked
    before, locked.handler = str(locked.handler or ""), handler
    locked.save(update_fields=["handler"])
    audit(
        actor,
        "case.assign",
        locked,
        organ=locked.organ,
        before={"handler": before},
        after={"handler": str(handler or "")},
        reason=reason[:200],
    )
    application.handler = handler
    return locked


@transaction.atomic
def set_theme(actor: Any, application: Application, theme: str) -> Application:
    """Classify the case by theme ("" takes it away). Raises PermissionDenied."""
    require(actor, MODULE, "change", application.organ)
    before = application.theme
    if theme != before:
        application.theme = theme
        application.save(update_fields=["theme"])
        audit(
            actor, "case.theme", application, organ=application.organ,
            before={"theme": before}, after={"theme": theme},
        )  # fmt: skip
    return application


def may_assign(user: Any, organ: Organ) -> bool:
    """Whether ``user`` may give cases of ``organ`` to others."""
    return user is SYSTEM or scope_of(user).allows(MODULE, ["assign"], organ.path)


__all__ = ["assign", "handlers", "may_assign", "may_handle", "set_theme"]
