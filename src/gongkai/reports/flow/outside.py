"""A unit that does not work on the platform hands in its report as a file: read, checked, and taken as 报送."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from gongkai.annualreport.model import Report
from gongkai.annualreport.organs import same_organ
from gongkai.annualreport.readers import Unreadable
from gongkai.organs.audit import record, register_acts
from gongkai.organs.scope import scope_of
from gongkai.reports import sandbox, services
from gongkai.reports.codec import report_from_text
from gongkai.reports.flow import acts, telling
from gongkai.reports.flow.collecting import COLLECT
from gongkai.reports.flow.standing import standing_of
from gongkai.reports.models import AnnualReport, CollectionUnit, Source, State

register_acts({"report.flow.hand_in": "交来年度报告文件"})


def read(name: str, data: bytes, unit: CollectionUnit) -> Report:
    """The unit's report in a file. Raises ValidationError in words for the screen when none can be had."""
    try:
        result = sandbox.check_files((name, data))
    except (Unreadable, sandbox.SandboxError) as error:
        raise ValidationError(str(error)) from None
    reports = [report_from_text(item["report"]) for item in result["items"]]
    fitting = [r for r in reports if r.organ and same_organ(r.organ, unit.organ.name)]
    if len(reports) > 1 and len(fitting) != 1:
        raise ValidationError(
            f"文件里有 {len(reports)} 份报告，分不清哪一份是{unit.organ.name}的。请只交一份。"
        )
    return (fitting or reports)[0]


def submit_file(actor: Any, unit: CollectionUnit, report: Report, *, confirmed: bool = False) -> AnnualReport:
    """Take ``report`` as what ``unit`` submits, in the place of one that is still with the unit.

    ``confirmed``: a person says that it is the unit's although the file names another organ. Raises PermissionDenied for
    whoever is neither of the unit nor of the superior; ValidationError for a unit that works on the platform, an excused
    one, a closed collection, another year's report, and a report that was received already.
    """
    collection = unit.collection
    scope = scope_of(actor)
    own = scope.allows(services.MODULE, ["add"], unit.organ.path)
    above = scope.allows(services.MODULE, [COLLECT], collection.organ.path)
    if not (own or above):
        raise PermissionDenied("您的职责不包括为这个单位交报告。如确需办理，请联系政务公开办。")
    if collection.closed_at is not None:
        raise ValidationError("这次收报已经结束，不能再交。")
    if not unit.outside:
        raise ValidationError(
            f"{unit.organ.name}在平台上编制报告，不用交文件。确需交文件的，请主管部门改为“交文件”。"
        )
    if unit.excused:
        raise ValidationError(f"{unit.organ.name}已说明不需报送：{unit.excused}。")
    if report.year is not None and report.year != collection.year:
        raise ValidationError(
            f"文件是 {report.year} 年度的报告，这次收的是 {collection.year} 年度。请核对后重新选择文件。"
        )
    if report.organ and not same_organ(report.organ, unit.organ.name) and not confirmed:
        raise ValidationError(
            f"文件写的机关是“{report.organ}”，不是{unit.organ.name}。确认无误的，请勾选后再交。"
        )
    with transaction.atomic():
        row = services.record_report(
            actor, report, unit.organ, collection.year, source=Source.IMPORTED, replace=True
        )
        row.state = State.SUBMITTED
        row.save(update_fields=["state"])
        CollectionUnit.objects.filter(pk=unit.pk).update(report=row)
        step = acts.write_step(actor, row, "hand_in", State.DRAFT)
        record(
            actor, "report.flow.hand_in", row, organ=row.organ, before={"state": State.DRAFT.value},
            after={"state": row.state, "digest": row.digest}, reason=row.source_name,
        )  # fmt: skip
        telling.after(step, row, standing_of(row))
    return row
