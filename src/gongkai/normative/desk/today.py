"""What documents put on 今天: publication, filing, interpretation and review before expiry. Two queries a kind at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from gongkai.normative import selectors
from gongkai.normative.models import Category, CleanUp, Document
from gongkai.normative.policies import MODULE
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of

SHOWN = 6
#: A due date nearer than this counts as 三日内到期.
SOON = timedelta(days=4)
#: kind of debt → (column of its date, what the line says, why).
DEBTS = {
    "publication": ("publication_due", "尚未公布", "自形成之日起 20 个工作日内公开（条例第二十六条）"),
    "interpretation": ("interpretation_due", "尚欠解读", "解读材料与文件同步发布，最迟 3 个工作日内"),
    "filing": ("filing_due", "尚未登记备案", "规范性文件公布后应当按期备案"),
}


def _mine(user: Any, *actions: str) -> QuerySet[Document]:
    rows = Document.objects.select_related("organ").defer("body", "summary")
    scope = scope_of(user)
    if scope.everything:
        return rows
    organs = Organ.objects.filter(scope.condition("", MODULE, actions)).order_by()
    return rows.filter(organ__in=organs.values("pk"))


def _lines(
    rows: QuerySet[Document], column: str, what: str, why: str, key: str, today: date
) -> Iterator[Task]:
    found = list(rows.order_by(column, "pk")[: SHOWN + 1])
    for row in found[:SHOWN]:
        due = getattr(row, column)
        kind = Kind.OVERDUE if due < today else Kind.SOON if due < today + SOON else Kind.WORK
        yield Task(
            kind, f"《{row.title[:40]}》{what}", reverse("documents:inspect", args=[row.pk]), reason=why,
            organ=row.organ.label, due=due,
        )  # fmt: skip
    if len(found) > SHOWN:
        count = rows.count() - SHOWN
        yield Task(
            Kind.WORK, f"另有 {count} 件文件{what}", f"{reverse('documents:index')}?owed={key}", count=count
        )


@register
def debts(user: Any, today: date) -> Iterable[Task]:
    """What is owed with a date."""
    if not scope_of(user).allows(MODULE, ["add", "assign"]):
        return
    for key, (column, what, why) in DEBTS.items():
        yield from _lines(
            _mine(user, "add", "assign").filter(selectors.owed(key, today)), column, what, why, key, today
        )


@register
def expiring(user: Any, today: date) -> Iterable[Task]:
    """Review 90 days before the end of validity."""
    if not scope_of(user).allows(MODULE, ["add", "assign"]):
        return
    rows = _mine(user, "add", "assign").filter(
        selectors.expiring(today), category__in=(Category.RULES, Category.NORMATIVE)
    )
    yield from _lines(rows, "valid_until", "有效期将满，请评估", "到期未延长的自动失效", "expiring", today)


@register
def drafts(user: Any, today: date) -> Iterable[Task]:
    """Documents in drafting as one line, campaigns that wait for approval as lines."""
    scope = scope_of(user)
    if scope.allows(MODULE, ["add"]):
        count = _mine(user, "add").filter(issued_on__isnull=True).count()
        if count:
            yield Task(
                Kind.DRAFT, f"在办文件 {count} 件", f"{reverse('documents:index')}?owed=preparing", count=count,
                reason="起草到集体审议各环节",
            )  # fmt: skip
    if scope.allows(MODULE, ["approve"]):
        rows = CleanUp.objects.filter(state=CleanUp.State.SUBMITTED).filter(
            scope.condition("organ__", MODULE, ["approve"])
        )
        for row in rows.select_related("organ")[:SHOWN]:
            yield Task(
                Kind.REVIEW,
                f"文件清理待审定：{row.title}",
                reverse("clean-ups:work", args=[row.pk]),
                organ=row.organ.label,
            )
