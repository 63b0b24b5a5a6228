"""Telling the people whose turn it is: by e-mail where a mail server is set; 今天 shows the same in any case."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from gongkai.applications.notices import channels, config, is_muted
from gongkai.applications.notices.texts import Message
from gongkai.organs.models import Membership, Organ
from gongkai.organs.roles import roles_allowing
from gongkai.reports.flow.standing import Standing
from gongkai.reports.models import AnnualReport, FlowStep
from gongkai.reports.services import MODULE

log = logging.getLogger(__name__)

#: act → (whom: the action they hold, at whose organ; what they are told).
_UNIT_TOLD = "{report}：{by}已{act}。{note}请登录平台，在“今天”查看。"
_WHOM = {
    "send": ("approve", "organ", "{report}已送签，请您签审。"),
    "aggregate": ("approve", "organ", "{report}已完成汇总，请您签发。"),
    "approve": ("publish", "above", "{report}已报送，请接收或者退回。"),
    "hand_in": ("publish", "above", "{report}已交来文件，请接收或者退回。"),
    "recall": ("approve", "organ", "{report}已由编制人撤回修改，暂不用签。"),
    "refuse": ("add", "organ", _UNIT_TOLD),
    "sign": ("add", "organ", _UNIT_TOLD),
    "receive": ("add", "organ", _UNIT_TOLD),
    "return": ("add", "organ", _UNIT_TOLD),
}
_WORDS = {"refuse": "退回修改", "sign": "签发", "receive": "接收", "return": "退回"}


def holders(organ: Organ, action: str) -> list[Any]:
    """The active people who hold ``action`` on reports at this very organ (not at one above)."""
    ids = (
        Membership.objects.active()
        .filter(organ=organ, role__in=roles_allowing(MODULE, {action}))
        .values("user_id")
    )
    return list(get_user_model().objects.filter(pk__in=ids, is_active=True).order_by("pk"))


def after(step: FlowStep, row: AnnualReport, standing: Standing) -> None:
    """Tell whose turn it is after ``step``; nobody is told of what they did themselves."""
    if step.act not in _WHOM:
        return
    action, where, text = _WHOM[step.act]
    organ = row.organ if where == "organ" else standing.above.organ if standing.above else None
    if organ is None or not config.email_on():
        return
    people = [user for user in holders(organ, action) if user.pk != step.by_id]
    note = f"意见：{step.note}。" if step.note else ""
    words = text.format(report=row.title, by=step.by_name, act=_WORDS.get(step.act, ""), note=note)
    mail(people, f"年度报告：{row.organ.label} {row.year} 年", words)


def mail(people: Iterable[Any], subject: str, text: str) -> int:
    """Send one message to each person with an address, after the transaction; the number of messages.

    Nothing is sent without a mail server, while notices are muted, or in the quiet hours.
    """
    now = timezone.now()
    if is_muted() or not config.email_on() or config.earliest(now) > now:
        return 0
    addresses = list(
        dict.fromkeys(p.email.strip() for p in people if channels.valid_address(p.email.strip()))
    )
    if addresses:
        message = Message(subject, text)
        transaction.on_commit(lambda: _start(addresses, message))
    return len(addresses)


def _start(addresses: list[str], message: Message) -> None:
    """In a thread of its own, so that a slow mail server does not hold up the desk."""
    if getattr(settings, "NOTICE_INLINE", False):
        _send(addresses, message)
    else:
        Thread(target=_send, args=(addresses, message), daemon=True).start()


def _send(addresses: list[str], message: Message) -> None:
    for address in addresses:
        try:
            channels.send_email(address, message)
        except channels.NotSent as problem:
            log.warning("a notice about an annual report was not sent: %s", problem)
