"""Which case a person may open, and what they may do on it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from gongkai.applications import selectors
from gongkai.applications.desk.case.panels import panel_annotations
from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.organs.scope import require, scope_of


def find_case(user: Any, pk: int) -> Application:
    """The case among those ``user`` may see. Raises Http404, so that nobody learns which exist elsewhere."""
    related = (
        "organ",
        "organ__work_office__head",
        "organ__work_office__backup",
        "applicant",
        "handler",
        "parent",
    )
    split = Exists(Application.objects.filter(parent=OuterRef("pk")))
    found = (
        selectors.visible_to(user)
        .select_related(*related)
        .annotate(was_split=split, **panel_annotations())
        .filter(pk=pk)
        .first()
    )
    if found is None:
        if not scope_of(user).allows(MODULE, ["view"]):
            raise PermissionDenied("您的职责不包括依申请公开。")
        raise Http404("没有这件申请，或不在您的机构范围内。")
    return found


def may(user: Any, action: str, application: Application) -> bool:
    """Whether ``user`` may do ``action`` of the capability table on this case."""
    return scope_of(user).allows(MODULE, [action], application.organ.path)


def must(user: Any, action: str, application: Application) -> None:
    """Raises PermissionDenied unless :func:`may`."""
    require(user, MODULE, action, application.organ)


def url(name: str, *args: Any) -> str:
    """The address of a page of another part of the desk, "" where that part is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
