"""Rows against what the database knows: organ, column, what is there already, and the registered checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.publication.intake.rows import Check, Row
from gongkai.publication.models import ColumnPage, DisclosurePage, MigrationRun, OldAddress
from gongkai.publication.vocab import Attribute

MODULE = "publication"
_CHECKS: list[Check] = []
#: Title and day of formation: within one organ the same item.
Key = tuple[str, date]


def register_check(check: Check) -> Check:
    """Adds a judgement on each row (personal data and the like). Usable as a decorator."""
    if check not in _CHECKS:
        _CHECKS.append(check)
    return check


def right_of(run: MigrationRun) -> str:
    """What importing in this way needs: history is published as it comes."""
    return "publish" if run.mode == MigrationRun.Mode.HISTORY else "add"


@dataclass
class Judge:
    """What the rows are judged against; loaded once, kept up with what the run itself adds."""

    actor: Any
    run: MigrationRun
    organs: dict[str, Organ] = field(default_factory=dict)
    columns: dict[tuple[int, str], ColumnPage] = field(default_factory=dict)
    seen: dict[int, set[Key]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    default: ColumnPage | None = None

    def __post_init__(self) -> None:
        # Only below the organ of the run, and only where the person may do this.
        below = Organ.objects.filter(scope_of(self.actor).condition("", MODULE, [right_of(self.run)]))
        for organ in below.filter(path__startswith=self.run.organ.path, status="active"):
            for name in filter(None, (organ.name, organ.short_name)):
                self.organs.setdefault(name, organ)
        keys = {o.pk for o in self.organs.values()}
        for column in ColumnPage.objects.filter(organ__in=keys).exclude(fixed__in=["statutory", "annual"]):
            self.columns.setdefault((column.organ_id, column.title), column)
            self.columns[column.organ_id, column.code] = column
        self.default = ColumnPage.objects.filter(pk=self.run.mapping.get("column"), organ__in=keys).first()

    def keys_of(self, organ: int) -> set[Key]:
        if organ not in self.seen:
            rows = DisclosurePage.objects.filter(organ=organ).order_by().values_list("title", "formed_on")
            self.seen[organ] = set(rows.iterator(chunk_size=5000))
        return self.seen[organ]

    def batch(self, rows: list[Row]) -> None:
        """What the database says of the whole batch at once."""
        numbers = [r.values["index_number"] for r in rows if r.values.get("index_number")]
        paths = [r.values["old_url"] for r in rows if r.values.get("old_url")]
        self.numbers.update(
            DisclosurePage.objects.filter(index_number__in=numbers)
            .order_by()
            .values_list("index_number", flat=True)
        )
        self.addresses.update(OldAddress.objects.filter(path__in=paths).values_list("path", flat=True))
        for row in rows:
            self.row(row)

    def row(self, row: Row) -> None:
        """Organ, column, duplicates, what may be public, and the registered checks."""
        values = row.values
        organ = self._organ(row)
        column = self._column(row, organ) if organ else None
        if self.run.mode == MigrationRun.Mode.HISTORY:
            self._was_public(row)
            if values.get("attribute", Attribute.PROACTIVE) != Attribute.PROACTIVE:
                row.refuse("公开属性不是主动公开，不能公开", "核对公开属性；确实不公开的不用导入。")
        if not row.problems and organ is not None:
            self._duplicate(row, organ)
        if not row.problems:
            row.problems += [problem for check in _CHECKS for problem in check(row)]
        if row.problems or organ is None or column is None:
            return
        values["organ"], values["column"] = organ, column
        self.keys_of(organ.pk).add((values["title"], values["formed_on"]))
        self.numbers.update(filter(None, [values.get("index_number")]))
        self.addresses.update(filter(None, [values.get("old_url")]))

    @staticmethod
    def _was_public(row: Row) -> None:
        """Only what was public before becomes public without review, and only with the time at which it was."""
        at = row.values.get("published_at")
        if at is not None and timezone.make_aware(at) > timezone.now():
            row.refuse(
                "发布时间还没有到，不能不经审核公开", "核对发布时间；还没有公开的，请另外用“存为草稿”导入。"
            )
        elif at is None and not any("发布时间" in problem.reason for problem in row.problems):
            row.refuse(
                "没有原发布时间，不能不经审核公开", "补上原发布时间；从未公开过的，请另外用“存为草稿”导入。"
            )

    def _organ(self, row: Row) -> Organ | None:
        name = row.values.get("organ")
        organ = self.organs.get(name) if name else self.organs.get(self.run.organ.name)
        if organ is None:
            row.refuse(
                f"发布机构“{str(name or self.run.organ.name)[:40]}”不在可以导入的机构里",
                f"写“{self.run.organ.name}”或者它的下级机构的全称；别的机构由它自己导入。",
            )
        return organ

    def _column(self, row: Row, organ: Organ) -> ColumnPage | None:
        name = row.values.get("column")
        if name:
            column = self.columns.get((organ.pk, name))
            if column is None:
                row.refuse(
                    f"{organ.name}没有“{name[:40]}”栏目", "改成现有栏目的名称，或者先在“栏目维护”里开设。"
                )
            return column
        if self.default is None or self.default.organ_id != organ.pk:
            row.refuse("没有写栏目", "在“栏目”一列写上现有栏目的名称。")
            return None
        return self.default

    def _duplicate(self, row: Row, organ: Organ) -> None:
        values = row.values
        number = values.get("index_number")
        if number and number in self.numbers:
            row.refuse(f"索引号“{number}”已有", "同一条信息不用再导入；确是两条的，核对索引号。")
        elif (values["title"], values["formed_on"]) in self.keys_of(organ.pk):
            row.refuse("同一机构、标题和成文日期的信息已有", "不用再导入；确是两条的，在标题里区分。")
        elif values.get("old_url") in self.addresses:
            row.refuse("原网址已经指向另一条信息", "核对原网址；同一网址只能转到一条信息。")
