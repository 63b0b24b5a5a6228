"""Which row of table 3 a run is: by its label, else by its place between two rows that are known."""

from __future__ import annotations

from itertools import pairwise

from gongkai.annualreport.model import RemarkCode
from gongkai.annualreport.schema import APPLICANT_COLUMNS, Edition

from .runs import Run
from .tables import Tables

KEYS = tuple(column.key for column in APPLICANT_COLUMNS)
_WIDTH = len(KEYS)


def deal(runs: list[Run]) -> list[Run]:
    """Labels printed first and their numbers after the last of them: the numbers dealt out, seven to a label."""
    runs = _dealt_lines(runs)
    out: list[Run] = []
    for run in runs:
        extra = run.filled()
        if extra < 3 * _WIDTH or extra % _WIDTH or len(run.values) != extra:
            out.append(run)
            continue
        waiting = [other for other in out if other.kind == "r" and not other.filled()]
        takers = [*waiting, run] if run.kind == "r" else waiting
        if len(takers) != extra // _WIDTH:
            out.append(run)
            continue
        if run.kind == "r":
            out.append(run)
        values, grids = run.values, run.grids
        for i, taker in enumerate(takers):
            taker.values = values[i * _WIDTH : (i + 1) * _WIDTH]
            taker.grids = grids[i * _WIDTH : (i + 1) * _WIDTH]
    return out


def _dealt_lines(runs: list[Run]) -> list[Run]:
    """As above where every seven numbers stand on a line of their own: the first line went to the last label."""
    for start, run in enumerate(runs):
        if run.kind != "r" or run.filled():
            continue
        end = start
        while end < len(runs) and runs[end].kind == "r" and not runs[end].filled():
            end += 1
        labels = runs[start : end + 1]
        lines = runs[end : end + len(labels)]
        if len(labels) < 3 or len(lines) != len(labels) or labels[-1].kind != "r":
            return runs
        if any(line.filled() != _WIDTH for line in lines) or any(line.role for line in lines[1:]):
            return runs
        taken = [(line.values, line.grids) for line in lines]
        for label, (values, grids) in zip(labels, taken, strict=True):
            label.values, label.grids = values, grids
        return [*runs[: end + 1], *runs[end + len(labels) :]]
    return runs


def name_rows(
    runs: list[Run], template: list[str], edition: Edition, tables: Tables
) -> list[tuple[str, Run]]:
    """Each run with the key of its row; runs of no row are remarked upon and left out."""
    names: list[str | None] = []
    for i, run in enumerate(runs):
        if run.role == "g3:otherwise" and edition.id == "2019":
            names.append("other_other")
        elif run.kind == "r" and run.key in template and not _is_subtotal(runs, i):
            names.append(run.key)
        else:
            names.append(None)
    _fill_gaps(runs, names, template, tables)
    rows: list[tuple[str, Run]] = []
    for run, name in zip(runs, names, strict=True):
        if name is not None:
            rows.append((name, run))
            if run.match.misread:
                keys = [f"t3.{name}.{key}" for key in KEYS]
                tables.remark(
                    RemarkCode.LABEL_MISREAD,
                    f"表三的行标签“{run.text.strip()}”有误字，按“{label_of(edition, name)}”读取。",
                    keys,
                )
        elif run.filled():
            place = run.grids[0].place(run.values[0]) if run.values else None
            text = " ".join(run.text.split())[:40]
            what = f"“{text}”" if text else "没有标签的一行"
            tables.remark(RemarkCode.ROW_UNKNOWN, f"表三中{what}不是格式规定的行，未计入。", place=place)
    return rows


def _is_subtotal(runs: list[Run], i: int) -> bool:
    """合计 inside a group: named as the total, but rows of outcomes still follow."""
    run = runs[i]
    if run.key != "total" or "七" in run.text:
        return False
    return any(later.kind == "r" and later.key.startswith(("refused_", "unavailable_", "declined_", "other_"))
               for later in runs[i + 1 :])  # fmt: skip


def label_of(edition: Edition, key: str) -> str:
    return next(row.label for row in edition.table(3).blocks[0].rows if row.key == key)


def _fill_gaps(runs: list[Run], names: list[str | None], template: list[str], tables: Tables) -> None:
    """Rows whose label is lost or not understood, named by their place between two rows that are.

    Only where exactly as many full rows stand in the gap as the format has there and none of them was met elsewhere.
    """
    known = {name for name in names if name}
    if len(known) < 2:
        if not known:
            _name_all(runs, names, template, tables)
        return
    anchors = [(-1, -1), *((i, template.index(name)) for i, name in enumerate(names) if name),
               (len(names), len(template))]  # fmt: skip
    for (i, a), (j, b) in pairwise(anchors):
        gap = [k for k in range(i + 1, j) if runs[k].filled() == _WIDTH]
        missing = template[a + 1 : b]
        if gap and len(gap) == len(missing) and not known & set(missing):
            _assign(runs, names, gap, missing, tables)


def _name_all(runs: list[Run], names: list[str | None], template: list[str], tables: Tables) -> None:
    full = [k for k, run in enumerate(runs) if run.filled() == _WIDTH]
    if len(full) == len(template) == len(runs):
        _assign(runs, names, full, template, tables)


def _assign(
    runs: list[Run], names: list[str | None], gap: list[int], missing: list[str], tables: Tables
) -> None:
    keys = []
    for k, row in zip(gap, missing, strict=True):
        names[k] = row
        runs[k].match = runs[k].match._replace(misread=False)
        keys += [f"t3.{row}.{column}" for column in KEYS]
    labels = "、".join(f"“{label_of(tables.edition, row)}”" for row in missing[:3])
    more = "等" if len(missing) > 3 else ""
    tables.remark(
        RemarkCode.LABEL_MISREAD,
        f"表三有 {len(missing)} 行的标签缺失或读不出，按前后行的次序认作{labels}{more}。",
        keys,
    )


__all__ = ["KEYS", "deal", "label_of", "name_rows"]
