"""What the screens of intake share: the organ and the column that content goes into."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ
from gongkai.publication.desk.base import MODULE, PublicationView
from gongkai.publication.models import ColumnPage, IntakeDraft, MigrationRun


class IntakeView(PublicationView):
    """A screen for those who draft."""

    actions: ClassVar[tuple[str, ...]] = ("add",)
    header_icon = "upload"

    def choosable(self) -> QuerySet[Organ]:
        """Organs at which the user drafts and that have a section."""
        return Organ.objects.filter(
            scope_of(self.request.user).condition("", MODULE, ["add"]), section__isnull=False, status="active"
        ).order_by("path")

    def chosen_organ(self) -> Organ | None:
        """The organ of the address, else the user's own, else the first."""
        organs, wanted = self.choosable(), self.request.GET.get("organ", "")
        found = organs.filter(pk=int(wanted[:15])).first() if wanted.isdecimal() else None
        home = home_organ(self.request.user)
        return found or (organs.filter(pk=home.pk).first() if home else None) or organs.first()

    def columns_of(self, organ: Organ | None) -> QuerySet[ColumnPage]:
        """Columns of ``organ`` that hold items."""
        return (
            ColumnPage.objects.filter(self.organs("add"), organ=organ)
            .exclude(fixed__in=["statutory", "annual"])
            .select_related("organ")
            .order_by("path")
        )

    def column_chosen(self) -> ColumnPage:
        """The column that the form names. Raises Http404 outside the user's organs."""
        wanted = self.request.POST.get("column", "")
        if not wanted.isdecimal():
            raise Http404("请选择栏目。")
        found = (
            ColumnPage.objects.filter(self.organs("add"), pk=int(wanted[:15])).select_related("organ").first()
        )
        if found is None:
            raise Http404("没有这个栏目，或不在您的机构范围内。")
        return found

    def draft(self, pk: int) -> IntakeDraft:
        """A reading of the user's organs. Raises Http404."""
        found = (
            IntakeDraft.objects.filter(self.organs("add"), pk=pk)
            .select_related("organ", "column", "attachment")
            .first()
        )
        if found is None:
            raise Http404("没有这份来稿，或不在您的机构范围内。")
        return found

    def run(self, pk: int) -> MigrationRun:
        """An import of the user's organs. Raises Http404."""
        found = MigrationRun.objects.filter(self.organs("add"), pk=pk).select_related("organ", "by").first()
        if found is None:
            raise Http404("没有这次导入，或不在您的机构范围内。")
        return found
