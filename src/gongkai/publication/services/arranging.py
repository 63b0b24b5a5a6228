"""Columns are closed and opened again, drafts put into the right one: the tree is kept in order without losing anything.

Only an empty column closes. A statutory duty without a column still counts as owed in 完整度: closing hides nothing.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.organs.audit import record, register_acts
from gongkai.organs.scope import require
from gongkai.publication.clock import due_of
from gongkai.publication.models import ColumnPage, DisclosurePage, ReviewForm
from gongkai.publication.services.items import MODULE

register_acts(
    {
        "publication.column.close": "停用栏目",
        "publication.column.reopen": "恢复栏目",
        "publication.item.move": "稿件换栏目",
    }
)


@transaction.atomic
def close_column(actor: Any, column: ColumnPage, *, reason: str) -> ColumnPage:
    """停用: off the public site and off every list of what is stale or empty. Needs ``assign``.

    Raises ValidationError for a fixed column, one that holds something, or without a reason; PermissionDenied.
    """
    require(actor, MODULE, "assign", column.organ)
    column = ColumnPage.objects.select_for_update(of=("self",)).select_related("organ").get(pk=column.pk)
    reasons = []
    if column.fixed:
        reasons.append("四个固定栏目是专栏的规范设置，不能停用。")
    if not reason.strip():
        reasons.append("停用要写明理由，例如：与“社会救助”栏目合并。")
    if DisclosurePage.objects.filter(column=column.pk, shown=True).exists():
        reasons.append("栏目里还有公开的信息，网址不能失效，不能停用。")
    if DisclosurePage.objects.filter(column=column.pk, state__in=("draft", "review", "approved")).exists():
        reasons.append("栏目里还有没办完的稿件。请先把它们换到别的栏目。")
    if ColumnPage.objects.child_of(column).filter(live=True).exists():
        reasons.append("下面还有栏目。请先停用下面的栏目。")
    if reasons:
        raise ValidationError(reasons)
    return _set_live(actor, column, False, "publication.column.close", reason.strip())


@transaction.atomic
def reopen_column(actor: Any, column: ColumnPage) -> ColumnPage:
    """恢复 a closed column as it was. Raises PermissionDenied."""
    require(actor, MODULE, "assign", column.organ)
    return _set_live(actor, column, True, "publication.column.reopen", "")


def _set_live(actor: Any, column: ColumnPage, live: bool, act: str, reason: str) -> ColumnPage:
    before, column.live = column.live, live
    column.save(update_fields=["live"])
    record(
        actor, act, column, organ=column.organ, before={"live": before}, after={"live": live}, reason=reason[:300]
    )  # fmt: skip
    return column


def columns_for(page: DisclosurePage) -> list[ColumnPage]:
    """Where a draft may be put instead: the open columns of its organ that hold items of its kind. One query."""
    found = ColumnPage.objects.filter(organ=page.organ_id, live=True).exclude(pk=page.column_id)
    found = found.exclude(fixed__in=("statutory", "annual")).select_related("organ").order_by("path")
    return [c for c in found if not page.FIXED_KIND or c.default_kind == page.FIXED_KIND]


@transaction.atomic
def move_draft(actor: Any, page: DisclosurePage, column: ColumnPage) -> DisclosurePage:
    """换栏目 of what was never public; class, domain and clock follow the new column. Needs ``add``.

    Raises ValidationError for what is public or under review, or a column that does not take it; PermissionDenied.
    """
    require(actor, MODULE, "add", page.organ)
    page = DisclosurePage.objects.get(pk=page.pk).specific
    if page.published_at is not None:
        raise ValidationError("公开过的信息网址不变，不能换栏目。其他地方要用，请从专题引用。")
    under_review = (ReviewForm.State.REVIEWING, ReviewForm.State.APPROVED)
    if page.review_forms.filter(state__in=under_review).exists():
        raise ValidationError("这一稿正在审核。请先撤回送审，再换栏目。")
    if column.pk not in {c.pk for c in columns_for(page)}:
        raise ValidationError("请选择本机构接收这类稿件的栏目。")
    old = page.column
    page.move(ColumnPage.objects.get(pk=column.pk), pos="last-child")
    page = type(page).objects.get(pk=page.pk)
    page.column = column
    values = {
        "column": column, "content_class": column.content_class, "due_on": due_of(page).due,
        "domain": column.domain if page.domain in ("", old.domain) else page.domain,
    }  # fmt: skip
    DisclosurePage.objects.filter(pk=page.pk).update(**values)
    record(
        actor, "publication.item.move", page, organ=page.organ, before={"column": old.title}, after={"column": column.title}
    )  # fmt: skip
    return type(page).objects.get(pk=page.pk)
