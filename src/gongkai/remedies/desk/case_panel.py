"""The remedies on the case screen, and the lesson of the newest similar case; read with the case, without a query more."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import JSONObject, Substr
from django.urls import reverse

from gongkai.applications.desk.case.panels import Panel, register_panel
from gongkai.applications.models import Application
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.remedies.desk.words import remedy_url
from gongkai.remedies.kinds import Kind, Result, State
from gongkai.remedies.models import Remedy
from gongkai.remedies.policies import MODULE

REGION = 2 * Organ.steplen  # the part of a path that names the region


def annotations() -> dict[str, Any]:
    """The newest remedy, how many there are, and the newest lesson of the same theme in the same region."""
    own = Remedy.objects.filter(application=OuterRef("pk")).order_by()
    newest = own.order_by("-received_on", "-pk").annotate(
        told=JSONObject(pk="pk", number="number", kind="kind", state="state", result="result")
    )
    like = (
        Remedy.objects.exclude(lesson="")
        .exclude(application__theme="")
        .annotate(region=Substr("organ__path", 1, REGION))
        .filter(application__theme=OuterRef("theme"), region=Substr(OuterRef("organ__path"), 1, REGION))
        .exclude(application=OuterRef("pk"))
        .order_by("-decided_on", "-pk")
        .annotate(told=JSONObject(lesson="lesson", organ=F("organ__name"), kind="kind", result="result"))
    )
    count = own.values("application").annotate(count=Count("pk")).values("count")
    return {
        "remedy_newest": Subquery(newest.values("told")[:1]),
        "remedy_count": Subquery(count[:1]),
        "remedy_lesson": Subquery(like.values("told")[:1]),
    }


@register_panel(annotations)
def remedies_of_case(user: Any, application: Application) -> Panel | None:
    """Both ways: from the case to its remedies. None without the duty or anything to say."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["view"], application.organ.path):
        return None
    newest = getattr(application, "remedy_newest", None)
    lesson = getattr(application, "remedy_lesson", None) if application.is_open else None
    may_add = scope.allows(MODULE, ["add"], application.organ.path) and application.answered_on is not None
    if not newest and not lesson and not may_add:
        return None
    context: dict[str, Any] = {"lesson": lesson and {**lesson, **_words(lesson)}}
    if newest:
        url, state = remedy_url(newest["pk"]), State(newest["state"]).label
        context["newest"] = {**newest, **_words(newest), "url": url, "state": state}
        context["count"] = getattr(application, "remedy_count", 1)
        context["all_url"] = f"{reverse('remedies-ledger:index')}?case={application.pk}"
    if may_add:
        context["register_url"] = f"{reverse('remedies_register')}?case={application.pk}"
    return Panel("remedies/desk/case_panel.html", context)


def _words(told: dict[str, Any]) -> dict[str, str]:
    return {
        "kind": Kind(told["kind"]).label,
        "result": Result(told["result"]).label if told["result"] else "",
    }
