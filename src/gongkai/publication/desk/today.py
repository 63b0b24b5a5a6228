"""What proactive disclosure puts on 今天. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.applications.selectors import calendar
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of
from gongkai.publication import keeping, selectors
from gongkai.publication.models import DisclosurePage
from gongkai.publication.services import unlinked_documents
from gongkai.publication.vocab import State

MODULE = "publication"
SHOWN = 8


@register
def clock(user: Any, today: date) -> Iterable[Task]:
    """Drafts past or near the twenty working days of article 26."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["add"]):
        return
    soon = calendar().add_working_days(today, 3)
    found = list(selectors.unpublished(scope.condition("organ__", MODULE, ["add"]), soon)[: SHOWN + 1])
    for page in found[:SHOWN]:
        late = page.due_on < today
        yield Task(
            Kind.OVERDUE if late else Kind.SOON, f"待公开：{page.title}", reverse("publication_item", args=[page.pk]),
            reason=f"{page.formed_on:%Y-%m-%d} 成文，应于 {page.due_on:%Y-%m-%d} 前公开（条例第二十六条）",
            organ=page.organ.label, due=page.due_on,
        )  # fmt: skip
    if len(found) > SHOWN:
        yield Task(Kind.OVERDUE, "另有更多稿件逾期或将到期未公开", reverse("publication_due"))


@register
def neglected(user: Any, today: date) -> Iterable[Task]:
    """Stale and empty columns, one line each kind."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["add"]):
        return
    found = selectors.troubled_columns(scope.condition("organ__", MODULE, ["add"]), today)
    for state, text in (("empty", "个空白栏目"), ("stale", "个栏目超过更新周期")):
        columns = [s for s in found if s.state == state]
        if columns:
            names = "、".join(f"{s.column.organ.label}{s.column.title}" for s in columns[:3])
            yield Task(
                Kind.FIX, f"{len(columns)} {text}", f"{reverse('publication_due')}#columns", reason=names,
                count=len(columns),
            )  # fmt: skip


@register
def unkept(user: Any, today: date) -> Iterable[Task]:
    """Columns nobody answers for, and topics past what they promise (A16); for who assigns and who keeps them."""
    scope = scope_of(user)
    if scope.allows(MODULE, ["assign"]):
        found = keeping.ownerless_columns(scope.condition("organ__", MODULE, ["assign"]))
        names = [f"{c.organ.label}{c.title}" for c in found[:3]]
        if names:
            count, first = found.count(), found[0]
            yield Task(
                Kind.FIX, f"{count} 个栏目没有责任人", f"{reverse('publication_columns')}?organ={first.organ_id}",
                reason="、".join(names), count=count,
            )  # fmt: skip
    if scope.allows(MODULE, ["add"]):
        stale = keeping.stale_topics(scope.condition("organ__", MODULE, ["add"]), today)
        for topic, days in stale[:SHOWN]:
            yield Task(
                Kind.FIX, f"专题“{topic.title}”{f'已 {days} 天没有更新' if days is not None else '还没有列入信息'}", reverse("publication_topic", args=[topic.pk]),
                reason=f"专题页承诺至少每 {topic.promise_days} 天更新一次", organ=topic.organ.label,
            )  # fmt: skip


@register
def tasks(user: Any, today: date) -> Iterable[Task]:
    """Published key tasks past their day whose page still does not say that they are done."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["add"]):
        return
    found = keeping.overdue_tasks(scope.condition("organ__", MODULE, ["add"]), today)
    for page in found[:SHOWN]:
        done = f"最近一次进展 {page.percent}%（{page.told:%Y-%m-%d}）" if page.told else "还没有公布过进展"
        yield Task(
            Kind.FIX, f"重点任务已过完成时限：{page.title}", reverse("publication_item", args=[page.pk]),
            reason=f"应于 {page.target_on:%Y-%m-%d} 前完成，{done}；请补充进展后送审", organ=page.organ.label,
        )  # fmt: skip


@register
def unsynced(user: Any, today: date) -> Iterable[Task]:
    """Documents that were published by the register and stand in no column yet."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["change"]):
        return
    count = unlinked_documents(scope.condition("organ__", MODULE, ["change"])).order_by()[:100].count()
    if count:
        text = "件" if count < 100 else "件以上"
        yield Task(
            Kind.FIX,
            f"{count} {text}已公布的文件还没有同步到栏目",
            reverse("publication_documents"),
            count=count,
        )


@register
def drafts(user: Any, today: date) -> Iterable[Task]:
    """My own drafts."""
    if not scope_of(user).allows(MODULE, ["add"]) or getattr(user, "pk", None) is None:
        return
    count = DisclosurePage.objects.filter(drafter=user.pk, state=State.DRAFT).count()
    if count:
        url = f"{reverse('publication_items')}?mine=1&state=draft"
        yield Task(Kind.DRAFT, f"我的 {count} 篇草稿", url, count=count)
