"""Doing an act of the table in ``machine``: one transaction, permission, the step, the audit trail, the people told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require, scope_of
from gongkai.reports import selectors, services
from gongkai.reports.flow import correcting, machine, rollup, telling, texts
from gongkai.reports.flow.machine import ACTS, Act, Where
from gongkai.reports.flow.standing import Standing, prepared_by, standing_of, steps_of
from gongkai.reports.models import AnnualReport, CollectionUnit, FlowStep, Scope, State

register_acts({f"report.flow.{act.name}": f"年度报告{act.label}" for act in ACTS.values()})

#: States in which the report of a superior stands on its units' reports: theirs do not go back any more.
_SUMMED = (State.AGGREGATED, State.SUBMITTED, State.RECEIVED, State.SIGNED, State.PUBLISHED)
SHOWN = 5  # findings or differences named in a refusal


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that may be done next; ``problem`` says what stands in its way, "" where nothing does."""

    act: Act
    problem: str = ""


def asked_at(act: Act, row: AnnualReport, standing: Standing) -> Organ | None:
    """The organ at which the permission for ``act`` is asked; None where there is no superior to ask."""
    if act.where is Where.ORGAN:
        return row.organ
    return standing.above.organ if standing.above else None


def offers(actor: Any, row: AnnualReport, standing: Standing | None = None) -> list[Offer]:
    """The acts ``actor`` may do on ``row`` now, in order. No findings are computed here."""
    standing = standing or standing_of(row)
    steps = steps_of(row)
    found = []
    for act in machine.from_state(row.state, standing.ways):
        organ = asked_at(act, row, standing)
        if organ is None or not scope_of(actor).allows(services.MODULE, [act.action], organ.path):
            continue
        own = act.other_hand and actor.pk in prepared_by(row, steps)
        problem = "本人编制或者送签的报告，应由他人签。" if own else ""
        if act.name == "publish" and timezone.localdate().year <= row.year:
            problem = f"{row.year} 年结束后才能公布。"
        found.append(Offer(act, problem))
    return found


def act(
    actor: Any, row: AnnualReport, name: str, note: str = "", *, digest: str = "", at: datetime | None = None
) -> AnnualReport:
    """Do act ``name`` on ``row``; the row as it stands then (the new version for 更正).

    ``digest`` is that of the text the person looked at: a signature on another text is refused. ``at`` is the time of
    publication elsewhere. Raises PermissionDenied; ValidationError saying what stands in the way and what to do.
    """
    rule = ACTS[name]
    with transaction.atomic():
        row = AnnualReport.objects.select_for_update(of=("self",)).select_related("organ").get(pk=row.pk)
        standing = standing_of(row)
        organ = asked_at(rule, row, standing)
        if organ is None:
            raise PermissionDenied("没有主管机关在平台上收这份报告。")
        require(actor, services.MODULE, rule.action, organ)
        note = note.strip()
        _refuse_out_of_turn(rule, row, standing)
        if rule.note and not note:
            raise ValidationError(f"请填写{rule.note_label}。")
        if rule.other_hand and actor.pk in prepared_by(row, steps_of(row)):
            raise ValidationError("编制、送签的人不能签自己的报告，请由其他负责人签。")
        if digest and digest != row.digest:
            raise ValidationError("这一稿在您打开页面以后有改动，请刷新后重新看过再办。")
        return _do(actor, rule, row, standing, note, at)


def _refuse_out_of_turn(rule: Act, row: AnnualReport, standing: Standing) -> None:
    if row.state not in rule.sources or not rule.ways <= standing.ways:
        raise ValidationError(
            f"报告现在是“{row.get_state_display()}”，不能{rule.label}。请刷新页面，看清现在的状态。"
        )
    if rule.name == "return":
        summed = AnnualReport.objects.filter(
            organ=standing.above.organ_id if standing.above else None, year=row.year, scope=Scope.REGION,
            state__in=_SUMMED,
        ).first()  # fmt: skip
        if summed is not None:
            raise ValidationError(
                f"{summed.organ.name}的汇总报告已经“{summed.get_state_display()}”，不能再退回单位的报告。"
                "请先把汇总报告退回修改；已经公布的，由单位发布更正版。"
            )


def _do(
    actor: Any, rule: Act, row: AnnualReport, standing: Standing, note: str, at: datetime | None
) -> AnnualReport:
    before = row.state
    if rule.name == "correct":
        fresh = correcting.begin(actor, row, note)
        write_step(actor, fresh, rule.name, State.PUBLISHED, note)
        return fresh
    if rule.name == "publish":
        row = services.publish_report(actor, row, at=at)
    else:
        if rule.name == "check" or rule.freezes:
            row = texts.freeze(actor, row)
        if rule.clean:
            _refuse_unclean(row)
        if rule.rolled:
            _refuse_unrolled(row, standing)
        row.state = rule.target
        row.save(update_fields=["state"])
    _keep_in_collection(rule, row)
    step = write_step(actor, row, rule.name, before, note)
    record(
        actor, f"report.flow.{rule.name}", row, organ=row.organ,
        before={"state": before}, after={"state": row.state, "digest": row.digest}, reason=note[:500],
    )  # fmt: skip
    telling.after(step, row, standing)
    return row


def _refuse_unclean(row: AnnualReport) -> None:
    wrong = texts.open_errors(row)
    if wrong:
        said = [f.message for f in wrong[:SHOWN]]
        more = f"另有 {len(wrong) - SHOWN} 处。" if len(wrong) > SHOWN else ""
        raise ValidationError(
            [
                f"还有 {len(wrong)} 处错误没有改正，也没有写明理由。请到工作台逐条改正，或者驳回、暂缓并说明。{more}",
                *said,
            ]
        )


def _refuse_unrolled(row: AnnualReport, standing: Standing) -> None:
    if standing.own is None:
        raise ValidationError("没有为这一年发起收报，不能汇总。请先在收报看板发起收报。")
    if missing := rollup.missing_units(standing.own):
        names = "、".join(unit.organ.label for unit in missing[:SHOWN])
        more = f"等 {len(missing)} 个单位" if len(missing) > SHOWN else ""
        raise ValidationError(
            f"{names}{more}的报告还没有接收。请催报、接收；确实不需报送的，在收报看板写明理由。"
        )
    if loose := [line for line in rollup.lines(row, standing.own) if line.unexplained]:
        said = [
            f"{line.label}：各部分合计 {line.total_text}，汇总报告 {line.value_text}"
            for line in loose[:SHOWN]
        ]
        raise ValidationError(
            [f"有 {len(loose)} 格与各单位之和不符，请在汇总核对页改正或者说明原因。", *said]
        )


def _keep_in_collection(rule: Act, row: AnnualReport) -> None:
    """A unit's place in the collection points at the version that counts."""
    if rule.target in (State.SUBMITTED, State.RECEIVED, State.PUBLISHED):
        CollectionUnit.objects.filter(organ=row.organ_id, collection__year=row.year).update(report=row)


def write_step(actor: Any, row: AnnualReport, name: str, before: str, note: str = "") -> FlowStep:
    """Append one step with the numbers of the text it was done on."""
    return FlowStep.objects.create(
        report=row,
        act=name,
        from_state=before,
        to_state=row.state,
        note=note,
        digest=row.digest,
        figures=texts.figures_of(selectors.as_report(row)),
        by=actor if getattr(actor, "pk", None) else None,
        by_name=str(actor)[:60],
    )
