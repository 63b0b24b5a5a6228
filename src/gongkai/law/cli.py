"""`gongkai law …`: rules with their source, working days, fees, on the command line. Needs no database."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from . import rules
from .calendar import CalendarRangeError, default_calendar
from .cite import CERTAINTY_LABELS
from .fees import FeeError, fee_by_count, fee_by_pages, fee_for_nth, tariff, yuan
from .rules import Rule
from .schedules import ScheduleError

app = typer.Typer(no_args_is_help=True, help="政府信息公开条例：规则、工作日、信息处理费")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def _fail(message: str) -> NoReturn:
    err.print(message, markup=False)
    raise typer.Exit(2)


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="规则编号、编号开头，或者标题、条文、内容中的文字")],
) -> None:
    """解释一条规则：内容、依据、可靠程度、示例、代码。"""
    found = rules.find(rule)
    if not found:
        near = rules.suggest(rule)
        hint = "\n您要找的可能是：\n" + "\n".join(f"  {r.id}  {r.title}" for r in near) if near else ""
        _fail(f"没有找到“{rule}”。{hint}\n全部规则见 gongkai law rules。")
    for n, one in enumerate(found):
        if n:
            out.print()
        _print_rule(one)


def _print_rule(r: Rule) -> None:
    out.print(f"[bold]{r.title}[/bold]  {r.id}")
    rows = [("内容", r.text), ("依据", r.sources), ("可靠", CERTAINTY_LABELS[r.certainty])]
    rows += [("示例", example) for example in r.examples]
    if r.setting:
        rows.append(("设置", r.setting))
    if r.in_force_from or r.in_force_until:
        since = f"{r.in_force_from}起" if r.in_force_from else ""
        rows.append(("施行", since + (f"至{r.in_force_until}" if r.in_force_until else "")))
    rows += [("代码", name) for name in rules.functions(r.id)]
    for label, text in rows:
        out.print(f"  {label}：{text}", markup=False)


@app.command("rules")
def list_rules(
    text: Annotated[str | None, typer.Argument(help="只列出编号以此开头或者含此文字的规则")] = None,
) -> None:
    """列出全部规则。"""
    found = rules.find(text) if text else rules.all_rules()
    if not found:
        _fail(f"没有与“{text}”有关的规则。")
    width = max(len(r.id) for r in found) + 2
    for r in found:
        places = "、".join(c.short for c in r.source) or "无明文"
        out.print(f"{r.id:<{width}}{r.title}（{places}）", markup=False)
    out.print(f"共{len(found)}条")


@app.command(context_settings={"ignore_unknown_options": True})
def workday(
    date: Annotated[str, typer.Argument(help="日期，如 2026-02-09")],
    step: Annotated[
        str | None, typer.Argument(help="+20 或 -5：前后若干工作日；或另一日期：两日之间的工作日")
    ] = None,
) -> None:
    """计算工作日：某日是否工作日、若干工作日之后、两日之间。"""
    try:
        _workday(_date(date), step)
    except CalendarRangeError as error:
        _fail(str(error))
    except ScheduleError as error:
        _fail(str(error))


def _workday(day: dt.date, step: str | None) -> None:
    calendar = default_calendar()
    if step is None:
        what = "工作日" if calendar.is_working_day(day) else "非工作日"
        reasons = calendar.describe(day - dt.timedelta(days=1), day)
        out.print(
            f"{day}（周{'一二三四五六日'[day.weekday()]}）：{what}" + (f"，{reasons}" if reasons else "")
        )
        return
    if re.fullmatch(r"[+-]?\d{1,5}", step):
        n = int(step)
        due = calendar.add_working_days(day, n)
        because = calendar.describe(day, due)
        direction = "前" if n < 0 else "起"
        out.print(f"{day} {direction}{abs(n)}个工作日：{due}（周{'一二三四五六日'[due.weekday()]}）")
    else:
        other = _date(step)
        because = calendar.describe(day, other)
        count = calendar.working_days_between(day, other)
        out.print(f"{day} 次日至 {other}：{count}个工作日")
    for sentence in because.sentences:
        out.print(f"  {sentence}")


def _date(text: str) -> dt.date:
    normal = re.sub(r"[年月/.]", "-", text.strip()).rstrip("日-")
    try:
        return dt.date(*map(int, normal.split("-")))
    except (ValueError, TypeError):
        _fail(f"“{text}”不是日期，请写成 2026-02-09")


@app.command()
def fee(
    count: Annotated[int | None, typer.Option("--count", help="同一申请人当月件数")] = None,
    nth: Annotated[int | None, typer.Option("--nth", help="当月第几件（只算该件）")] = None,
    pages: Annotated[int | None, typer.Option("--pages", help="一件申请提供的页数")] = None,
) -> None:
    """计算信息处理费（两种标准只能选用一种，是否收费由人决定）。"""
    if count is None and nth is None and pages is None:
        _fail("请给出 --count 件数、--nth 第几件或者 --pages 页数")
    scales = tariff()
    try:
        if count is not None:
            _print_fee(f"按件计收，当月{count}件", fee_by_count(count), scales.by_count.lines(1, count))
        if nth is not None:
            _print_fee(f"按件计收，当月第{nth}件", fee_for_nth(nth), ())
        if pages is not None:
            _print_fee(f"按量计收，{pages}页", fee_by_pages(pages), scales.by_pages.lines(1, pages))
    except FeeError as error:
        _fail(str(error))
    sources = dict.fromkeys(str(s.source) for s in (scales.by_count, scales.by_pages))
    out.print(f"依据：{'、'.join(sources)}", markup=False)


def _print_fee(title: str, amount: int, lines: tuple[str, ...]) -> None:
    out.print(f"{title}：{yuan(amount)}")
    for line in lines:
        out.print(f"  {line}")


if __name__ == "__main__":
    app()
