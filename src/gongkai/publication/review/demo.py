"""Reviews of the demonstration county: one in each state, one sent back with marks, one stopped by the scan, one
emergency that still owes its review."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from openpyxl import Workbook

from gongkai.demo.context import DemoContext
from gongkai.organs.models import Membership, Organ, User
from gongkai.organs.roles import Role
from gongkai.publication import services as items
from gongkai.publication.models import ColumnPage, DisclosurePage, ReviewAct, ReviewForm
from gongkai.publication.review import people, services

ORGAN = "ltq-qinghe"
#: Minutes that a version lies with a reviewer before it is signed, in turn.
PACE = (95, 210, 1380, 340, 55, 2880, 160)


def load(context: DemoContext) -> None:
    """Seven items of one township, on their way through the county's reviewers."""
    organ = Organ.objects.get(slug=ORGAN)
    column = ColumnPage.objects.filter(organ=organ, default_kind__in=["general", "news"], fixed="").first()
    if column is None:
        return
    clerk, head = _holder(organ, Role.EDITOR), _holder(organ, Role.REVIEWER)
    office, leader, secrecy = (context.user(f"ltq-{name}") for name in ("office", "leader", "secrecy"))
    draft = _drafter(column, clerk, context)
    services.submit(clerk, draft("关于开展冬季森林草原防火宣传的通知", "全镇开展为期一个月的防火宣传。"))
    _pass(head, services.submit(clerk, draft("清河镇农村道路养护情况通报", "通报本季度农村道路养护情况。")))
    secret = _pass(
        head, services.submit(clerk, draft("清河镇水利设施维修项目安排", "安排五处水利设施维修。"))
    )
    _pass(office, secret)
    final = _pass(head, services.submit(clerk, draft("清河镇便民服务中心办事时间调整公告", "调整办事时间。")))
    _pass(secrecy, _pass(office, final))
    done = _pass(head, services.submit(clerk, draft("清河镇政务公开工作要点落实情况", "工作要点落实情况。")))
    _pass(leader, _pass(secrecy, _pass(office, done)))
    back = _pass(head, services.submit(clerk, draft("清河镇高标准农田建设进展情况", "建设进展。")))
    services.send_back(
        office, back, opinion="数据与上月报送的不一致，请核对后重新送审",
        marks=[("各村已落实责任人", "请写明村数和责任人范围")], corrections=[("按期完成", "按时完成")],
    )  # fmt: skip
    file = items.add_attachment(clerk, organ, "临时救助发放表.xlsx", _table())
    services.submit(clerk, draft("清河镇临时救助资金发放情况公示", "公示本季度临时救助资金发放情况。", file))
    services.publish_emergency(
        office, draft("清河镇关于停水抢修的紧急通告", "主管道破裂，停水抢修。"),
        reason="供水主管道破裂，须立即告知群众", basis="不涉密；已电话征求保密审查员意见",
    )  # fmt: skip
    withheld = draft("清河镇年度工作经费内部测算", "内部测算。", attribute="withheld",
                     attribute_reason="条例第十六条：内部事务信息")  # fmt: skip
    form = _pass(head, services.submit(clerk, withheld))
    again = {
        "conclusion": "closed",
        "basis": "内部事务信息，不予公开",
        "next_review_on": context.today + timedelta(days=10),
    }
    _pass(leader, _pass(secrecy, form, **again))
    _spread()
    context.log(f"审签单 {ReviewForm.objects.count()} 张")


def _spread() -> None:
    """Everything above was signed at one moment; here it is told over the hours and days that an office takes, back from
    then. What was published keeps its moment: a publication time is never anything but the true one."""
    for number, form in enumerate(ReviewForm.objects.filter(emergency_at__isnull=True).order_by("pk")):
        acts = list(form.acts.order_by("pk"))
        at = acts[-1].at
        if form.state in (ReviewForm.State.REVIEWING, ReviewForm.State.RETURNED):
            at -= timedelta(hours=27 * number + 2)
            form.waiting_since = at
        for place, act in reversed(list(enumerate(acts))):
            act.at = at
            if act.waited is not None:
                act.waited = PACE[(number + place) % len(PACE)]
                at -= timedelta(minutes=act.waited)
        ReviewAct.objects.bulk_update(acts, ["at", "waited"])
        form.submitted_at = min(at, *(act.at for act in acts))
        form.save(update_fields=["submitted_at", "waiting_since"])


def _holder(organ: Organ, role: str) -> User:
    return Membership.objects.active().filter(organ=organ, role=role).order_by("pk")[0].user


def _drafter(column: ColumnPage, clerk: User, context: DemoContext) -> Any:
    def draft(title: str, summary: str, file: Any = None, **fields: Any) -> DisclosurePage:
        body: list[Any] = [
            (
                "text",
                f"<p>{summary}各村已落实责任人。</p><p>请按要求抓好落实，按期完成。联系电话：0953-2037000。</p>",
            )
        ]
        if file is not None:
            body.append(("download", {"file": file, "name": ""}))
        page = DisclosurePage(
            title=title, summary=summary, body=body, formed_on=context.today - timedelta(days=3), **fields
        )
        return items.create_item(clerk, column, page)

    return draft


def _pass(user: User, form: ReviewForm, **secrecy: Any) -> ReviewForm:
    gates = {gate.value: "符合" for gate in people.gates_of(form)}
    if form.step == "secrecy" and not secrecy:
        secrecy = {"conclusion": "open", "basis": "不涉及国家秘密、工作秘密和个人隐私"}
    return services.approve(user, form, gates=gates, proofread=True, opinion="同意", **secrecy)


def _table() -> bytes:
    """A table whose hidden sheet still holds an identity number (made up; its check digit is right)."""
    book = Workbook()
    sheet = book.active
    sheet.append(["村名", "户数", "金额（元）"])
    sheet.append(["清河村", 12, 24000])
    back = book.create_sheet("附表2")
    back["A12"] = "640302198001011233"
    back.sheet_state = "hidden"
    book.properties.creator = ""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
